//! A difference says all that differs, and nothing else.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::article::body::{Block, Body};
use crate::article::{Rights, Seo};
use crate::comment::Policy;
use crate::text::Slug;

fn content(markdown: &str) -> Content {
    Content {
        slug: Slug::make("ميناء").unwrap(),
        title: "ميناء".to_owned(),
        subtitle: None,
        excerpt: None,
        direction: None,
        body: Body::from_markdown(markdown).0,
        lead_image: None,
        section: None,
        other_sections: Vec::new(),
        tags: Vec::new(),
        authors: Vec::new(),
        breaking: false,
        comment_policy: None,
        rights: Rights::default(),
        seo: Seo::default(),
    }
}

/// The changes of a text, one a line: `+1 …`, `-0 …`, `0>1 … → …`.
fn show(before: &str, after: &str) -> String {
    let (before, after) = (content(before), content(after));
    let changes = block_changes(before.body.blocks(), after.body.blocks());
    let lines = changes.iter().map(|change| match change {
        BlockChange::Added { at, block } => format!("+{at} {}", block.text()),
        BlockChange::Removed { at, block } => format!("-{at} {}", block.text()),
        BlockChange::Changed { at, before, after } => {
            format!("{}>{} {} → {}", at.0, at.1, before.text(), after.text())
        }
        BlockChange::Moved { at, block } => format!("{}»{} {}", at.0, at.1, block.text()),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn blocks_come_go_change_and_move() {
    for (before, after, expected) in [
        ("a b c", "a b c", ""),
        ("", "a\n\nb", "+0 a\n+1 b"),
        ("a\n\nb", "", "-0 a\n-1 b"),
        ("one\n\ntwo\n\nthree", "one\n\nthree", "-1 two"),
        ("a b c d\n\nx", "a b c e\n\nx", "0>0 a b c d → a b c e"),
        // Too little in common, or another kind.
        ("a b c d\n\nx", "e f g h\n\nx", "-0 a b c d\n+0 e f g h"),
        ("a b c", "## a b c", "-0 a b c\n+0 a b c"),
        // The pair that shares most, wherever it stands.
        ("a b c d", "new\n\na b c e", "+0 new\n0>1 a b c d → a b c e"),
        ("a b c d\n\np q r s", "p q r t", "-0 a b c d\n1>0 p q r s → p q r t"),
        ("first\n\nsecond\n\nthird", "second\n\nthird\n\nfirst", "0»2 first"),
        ("a\n\na", "a\n\na\n\na", "+2 a"),
        // The same picture with another caption; another picture.
        ("![x](/a.jpg \"one two\")", "![x](/a.jpg \"three four\")", "0>0 one two → three four"),
        ("![x](/a.jpg)", "![x](/b.jpg)", "-0 \n+0 "),
        ("- a b\n- c d", "- a b\n- c d\n- e", "0>0 a b\nc d → a b\nc d\ne"),
        // What is not read aloud counts, too.
        ("[a b](/x)", "[a b](/y)", "0>0 a b → a b"),
    ] {
        assert_eq!(show(before, after), expected, "{before:?} to {after:?}");
    }
}

#[test]
fn an_edit_of_a_real_article_is_told() {
    let before = "## المقادير\n\n- كيلوغرام ونصف من سمك أبيض متماسك\n- خمس بصلات كبيرة\n\n\
        كان الطبق طعام الفقراء. ما يبقى في الشباك من سمك صغير لا يشتريه أحد يُسلق مع البصل.\n\n\
        > الصيادية بصل.\n> — أم نزار\n\nهنا تتوقف أم نزار لتشرب القهوة.\n\n![قدر](/media/demo/kitchen.jpg \"لون البصل هو الذي يحدّد لون الأرز\")";
    let after = "## المقادير (لستة أشخاص)\n\n- كيلوغرام ونصف من سمك أبيض متماسك\n- ست بصلات كبيرة\n\n\
        هنا تتوقف أم نزار لتشرب القهوة.\n\n\
        كان الطبق طعام الفقراء. ما يبقى في الشباك من سمك صغير لا يشتريه أحد يُسلق مع البصل، ويُطبخ في مائه الأرز.\n\n\
        > الصيادية بصل.\n> — أم نزار، ٨١ عامًا\n\n![قدر](/media/demo/kitchen.jpg \"لون البصل هو الذي يحدّد لون الأرز\")\n\nتصحيح: كان العدد خطأ.";
    assert_eq!(
        show(before, after),
        "0>0 المقادير → المقادير (لستة أشخاص)\n\
         1>1 كيلوغرام ونصف من سمك أبيض متماسك\nخمس بصلات كبيرة → كيلوغرام ونصف من سمك أبيض متماسك\nست بصلات كبيرة\n\
         2>3 كان الطبق طعام الفقراء. ما يبقى في الشباك من سمك صغير لا يشتريه أحد يُسلق مع البصل. → \
         كان الطبق طعام الفقراء. ما يبقى في الشباك من سمك صغير لا يشتريه أحد يُسلق مع البصل، ويُطبخ في مائه الأرز.\n\
         3>4 الصيادية بصل.\nأم نزار → الصيادية بصل.\nأم نزار، ٨١ عامًا\n\
         +6 تصحيح: كان العدد خطأ."
    );
}

#[test]
fn every_field_that_differs_is_told_and_no_other() {
    let before = content("a");
    assert_eq!(field_changes(&before, &before.clone(), &Names::default()), []);
    let id = crate::Id::from_stored;
    let after = Content {
        slug: Slug::make("المرفأ").unwrap(),
        title: String::new(),
        subtitle: Some("b".to_owned()),
        excerpt: Some("c".to_owned()),
        direction: Some(Direction::Ltr),
        body: Body::from_markdown("d").0,
        lead_image: Some(id(1)),
        section: Some(crate::Id::from_stored(2)),
        other_sections: vec![crate::Id::from_stored(2), crate::Id::from_stored(9)],
        tags: vec![crate::Id::from_stored(3)],
        authors: vec![crate::Id::from_stored(4), crate::Id::from_stored(5)],
        breaking: true,
        comment_policy: Some(Policy::FirstTime),
        rights: Rights {
            licence: Some("CC BY".to_owned()),
            notice: Some("n".to_owned()),
            syndicatable: true,
        },
        seo: Seo { title: Some("s".to_owned()), description: Some("t".to_owned()) },
    };
    let mut names = Names::default();
    names.images.insert(id(1), "سفن".to_owned());
    names.sections.insert(crate::Id::from_stored(2), "ثقافة".to_owned());
    names.tags.insert(crate::Id::from_stored(3), "صيد".to_owned());
    names.authors.insert(crate::Id::from_stored(4), "نادية".to_owned());
    names.authors.insert(crate::Id::from_stored(5), "رانيا".to_owned());
    let told: Vec<String> = field_changes(&before, &after, &names)
        .iter()
        .map(|change| {
            let side = |value: &Option<String>| value.clone().unwrap_or_else(|| "∅".to_owned());
            format!(
                "{:?}: {} → {} {}",
                change.field,
                side(&change.before),
                side(&change.after),
                change.blocks.len()
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "Title: ميناء → ∅ 0",
            "Subtitle: ∅ → b 0",
            "Excerpt: ∅ → c 0",
            "Slug: ميناء → المرفأ 0",
            "Direction: ∅ → LTR 0",
            "LeadImage: ∅ → سفن 0",
            "Section: ∅ → ثقافة 0",
            "OtherSections: ∅ → ثقافة\n(deleted) 0",
            "Tags: ∅ → صيد 0",
            "Authors: ∅ → نادية\nرانيا 0",
            "Breaking: false → true 0",
            "CommentPolicy: ∅ → FIRST_TIME 0",
            "Licence: ∅ → CC BY 0",
            "RightsNotice: ∅ → n 0",
            "Syndicatable: false → true 0",
            "SeoTitle: ∅ → s 0",
            "SeoDescription: ∅ → t 0",
            "Body: ∅ → ∅ 2",
        ]
    );
}

/// Two texts without a block in common, as long as they may be, end.
#[test]
fn long_texts_are_compared_in_pieces() {
    let text = |word: &str| -> Vec<Block> {
        let paragraphs: Vec<String> =
            (0..2000).map(|n| format!("{word} {n} مشترك دائمًا في كل فقرة {}", n % 7)).collect();
        Body::from_markdown(&paragraphs.join("\n\n")).0.0
    };
    let (before, after) = (text("قبل"), text("بعد"));
    let changes = block_changes(&before, &after);
    assert_eq!(changes.len(), 2000);
    assert!(changes.iter().all(|change| matches!(change, BlockChange::Changed { at: (i, j), .. } if i == j)));
    assert_eq!(block_changes(&before, &after), changes);
}

/// What the earlier text becomes by these changes: what is neither gone, changed nor moved fills the places between.
fn applied(before: &[Block], changes: &[BlockChange<'_>], length: usize) -> Vec<Block> {
    let mut after: Vec<Option<Block>> = vec![None; length];
    let mut kept = vec![true; before.len()];
    for change in changes {
        match *change {
            BlockChange::Added { at, block } => after[at] = Some(block.clone()),
            BlockChange::Removed { at, .. } => kept[at] = false,
            BlockChange::Changed { at, after: block, .. } | BlockChange::Moved { at, block } => {
                kept[at.0] = false;
                after[at.1] = Some(block.clone());
            }
        }
    }
    let mut kept = before.iter().zip(kept).filter(|(_, kept)| *kept).map(|(block, _)| block.clone());
    let after = after.into_iter().map(|block| block.or_else(|| kept.next()).unwrap()).collect();
    assert!(kept.next().is_none());
    after
}

fn text() -> impl Strategy<Value = Body> {
    let block = prop_oneof![
        4 => "[abc]( [abcd]){0,5}",
        1 => "# [ab]",
        1 => "- [ab]\n- [abc]",
        1 => "> [ab]",
        1 => Just("---".to_owned()),
        1 => Just("![x](/a.jpg \"a\")".to_owned()),
        1 => Just("https://youtu.be/x".to_owned()),
    ];
    vec(block, 0..12).prop_map(|blocks| Body::from_markdown(&blocks.join("\n\n")).0)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn the_changes_make_the_later_text_of_the_earlier(before in text(), after in text()) {
        let changes = block_changes(before.blocks(), after.blocks());
        prop_assert_eq!(changes.is_empty(), before == after);
        prop_assert_eq!(applied(before.blocks(), &changes, after.blocks().len()), after.0.clone());
        for change in &changes {
            match *change {
                BlockChange::Added { at, block } => prop_assert_eq!(&after.0[at], block),
                BlockChange::Removed { at, block } => prop_assert_eq!(&before.0[at], block),
                BlockChange::Changed { at, before: was, after: is } => {
                    prop_assert_eq!((&before.0[at.0], &after.0[at.1]), (was, is));
                    prop_assert_ne!(was, is);
                }
                BlockChange::Moved { at, block } => prop_assert_eq!((&before.0[at.0], &after.0[at.1]), (block, block)),
            }
        }
    }
}
