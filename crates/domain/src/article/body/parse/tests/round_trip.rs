//! Any body, written as HTML, is read back as the same body; its HTML passes the sanitiser unchanged.

use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;

use super::super::anchors::name_headings;
use super::super::embed::embed;
use super::super::line::Line;
use super::holds_together;
use crate::article::body::{
    Block, Body, FigureImage, Inline, InlineImage, Link, List, ListItem, Marks, Rel, Style, inline_direction,
};
use crate::text::{Direction, LanguageTag};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn a_body_survives_its_own_html(blocks in vec(block(), 0..8)) {
        let body = named(blocks);
        holds_together(&body);
        let again = Body::from_html(&body.html(Direction::Rtl)).0;
        prop_assert_eq!(again.text(), body.text());
        prop_assert_eq!(again.word_count(), body.word_count());
    }
}

/// A body whose headings have names.
pub(in crate::article::body) fn named(mut blocks: Vec<Block>) -> Body {
    name_headings(&mut blocks);
    Body(blocks)
}

pub(in crate::article::body) fn block() -> impl Strategy<Value = Block> {
    leaf().prop_recursive(3, 12, 3, |inner| {
        let item = (option::weighted(0.9, line()), vec(inner.clone(), 0..3)).prop_map(list_item);
        prop_oneof![
            (any::<bool>(), any::<u32>(), any::<bool>(), direction(), vec(item, 1..4)).prop_map(
                |(ordered, start, reversed, direction, items)| {
                    let (start, reversed) = if ordered { (start, reversed) } else { (1, false) };
                    said(Block::List(List { ordered, start, reversed, direction, items }))
                }
            ),
            (direction(), vec(inner, 1..4), option::of(line())).prop_map(|(direction, blocks, citation)| {
                // A last paragraph that is nothing but a title would be read as the source.
                let citation = citation.unwrap_or_else(|| vec![text("Le Phare")]);
                said(Block::Quote { direction, blocks, citation })
            }),
        ]
    })
}

fn leaf() -> impl Strategy<Value = Block> {
    let markup = prop_oneof![
        Just("<hr>"),
        Just("<dl><dt>مرفأ</dt><dd>Port &amp; quai</dd></dl>"),
        Just("<details><summary>Détails</summary><p>1 &lt; 2</p></details>"),
    ];
    let table = prop_oneof![
        Just("<table><caption>الجدول</caption><tbody><tr><th>أ</th><td>1&nbsp;%</td></tr></tbody></table>"),
        Just(
            "<table><tbody><tr><td colspan=\"2\"><a href=\"/x\" rel=\"noopener\">x</a></td></tr></tbody></table>"
        ),
    ];
    prop_oneof![
        4 => (direction(), line()).prop_map(|(direction, content)| said(Block::Paragraph { direction, content })),
        2 => (2..=6_u8, direction(), line()).prop_map(|(level, direction, content)| {
            said(Block::Heading { level, anchor: String::new(), direction, content })
        }),
        1 => figure().prop_map(Block::Figure),
        1 => (vec(figure(), 1..4), caption()).prop_map(|(images, caption)| {
            let images = images.into_iter().map(|image| FigureImage { credit: None, ..image }).collect();
            Block::Gallery { images, caption }
        }),
        1 => (address(), option::of(Just("<p>Un <b>message</b></p>")), caption()).prop_map(|(url, html, caption)| {
            match embed(url, html.map(str::to_owned)) {
                Block::Embed { url, provider, html, .. } => Block::Embed { url, provider, html, caption },
                other => other,
            }
        }),
        1 => table.prop_map(|html| Block::Table { html: html.to_owned(), direction: None }),
        1 => markup.prop_map(|html| Block::RawHtml { html: html.to_owned(), direction: None }),
        1 => (option::of("[a-z][a-z0-9+#-]{0,8}"), "\n?[ -~\t\u{A0}é]{0,20}[a-zا-ي<&\"]\n{0,2}")
            .prop_map(|(language, text)| Block::Code { language, text }),
    ]
}

fn figure() -> impl Strategy<Value = FigureImage> {
    let size = || option::of(2..4000_u32);
    (address(), size(), size(), option::of(phrase()), caption(), option::of(phrase()), option::of(address()))
        .prop_map(|(src, width, height, alt, caption, credit, link)| {
            let alt = alt.unwrap_or_default();
            FigureImage { id: None, src, width, height, alt, caption, credit, link }
        })
}

/// A direction that was said is kept only where the text does not say the same.
fn said(mut block: Block) -> Block {
    let derived = block.text_direction();
    match &mut block {
        Block::Paragraph { direction, .. }
        | Block::Heading { direction, .. }
        | Block::List(List { direction, .. })
        | Block::Quote { direction, .. } => *direction = direction.filter(|_| derived.is_some()),
        _ => {}
    }
    if block.said_direction() == derived {
        match &mut block {
            Block::Paragraph { direction, .. }
            | Block::Heading { direction, .. }
            | Block::List(List { direction, .. })
            | Block::Quote { direction, .. } => *direction = None,
            _ => {}
        }
    }
    block
}

fn list_item((content, mut children): (Option<Vec<Inline>>, Vec<Block>)) -> ListItem {
    let mut content = content.unwrap_or_default();
    if content.is_empty() && matches!(children.first(), None | Some(Block::Paragraph { .. })) {
        children.clear();
        content.push(text("بند"));
    }
    ListItem { content, children }
}

fn direction() -> impl Strategy<Value = Option<Direction>> {
    option::weighted(0.2, prop_oneof![Just(Direction::Ltr), Just(Direction::Rtl)])
}

fn caption() -> impl Strategy<Value = Vec<Inline>> {
    prop_oneof![Just(Vec::new()), line()]
}

/// A line as reading HTML gives it: put together by what puts lines together.
fn line() -> impl Strategy<Value = Vec<Inline>> {
    let piece = prop_oneof![
        8 => (phrase(), marks(), any::<bool>()).prop_map(|(text, marks, space)| {
            let text = if space { text + " " } else { text };
            Some(Inline::Text { text, marks })
        }),
        1 => Just(None),
        1 => (address(), option::of(phrase()), 2..=64_u32, marks()).prop_map(|(src, alt, size, marks)| {
            let alt = alt.unwrap_or_default();
            Some(Inline::Image(InlineImage { src, alt, width: Some(size), height: None, marks }))
        }),
    ];
    (phrase(), vec(piece, 0..6)).prop_map(|(first, pieces)| {
        let mut line = Line::default();
        line.push_text(&first, &Marks::default());
        for piece in pieces {
            match piece {
                Some(Inline::Text { text, marks }) => line.push_text(&text, &marks),
                Some(Inline::Image(image)) => line.push_image(image),
                Some(Inline::Break) | None => line.push_break(),
            }
        }
        line.take_paragraphs().swap_remove(0)
    })
}

fn marks() -> impl Strategy<Value = Marks> {
    let styles = btree_set(
        prop_oneof![
            Just(Style::Strong),
            Just(Style::Em),
            Just(Style::Underline),
            Just(Style::Strike),
            Just(Style::Mark),
            Just(Style::Small),
            Just(Style::Code),
            Just(Style::Sub),
            Just(Style::Sup),
            Just(Style::Quotation),
            Just(Style::Isolate),
            Just(Style::Inserted),
            Just(Style::Cite),
            Just(Style::Keyboard),
        ],
        0..3,
    );
    let rel = btree_set(prop_oneof![Just(Rel::Nofollow), Just(Rel::Sponsored), Just(Rel::Ugc)], 0..3);
    let link =
        (address(), option::of(phrase()), rel).prop_map(|(href, title, rel)| Link { href, title, rel });
    let lang =
        prop_oneof![Just("ar"), Just("fr-CA"), Just("zh-Hant")].prop_map(|t| LanguageTag::parse(t).unwrap());
    (
        styles,
        option::weighted(0.2, link),
        option::weighted(0.1, lang),
        direction(),
        option::weighted(0.1, phrase()),
    )
        .prop_map(|(styles, link, lang, direction, abbreviation_of)| Marks {
            anchor: None,
            link,
            lang,
            direction,
            abbreviation_of,
            styles,
        })
}

fn address() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("https://example.org/a?b=1&c=\"2\""),
        Just("/وزيرة-شؤون-الشباب"),
        Just("https://www.youtube.com/watch?v=x"),
        Just("/media/port-dawn.jpg"),
    ]
    .prop_map(str::to_owned)
}

/// A few words without white space around them, some of which mean something to a careless parser.
fn phrase() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[a-z]{1,6}",
        "[ا-ي]{1,6}",
        "[A-Zéèçœ]{1,4}",
        "[0-9٠-٩]{1,3}",
        Just("<b>&amp;".to_owned()),
        Just("\"l’eau\"".to_owned()),
        Just("12\u{A0}%".to_owned()),
        Just("؟…»".to_owned()),
        Just("javascript:alert(1)".to_owned()),
        Just("\u{200F}x".to_owned()),
        Just("🌊".to_owned()),
        Just("]]>-->".to_owned()),
    ];
    vec(word, 1..4).prop_map(|words| words.join(" "))
}

fn text(text: &str) -> Inline {
    Inline::Text { text: text.to_owned(), marks: Marks::default() }
}

#[test]
fn a_name_within_the_text_stays_where_a_link_points_to_it() {
    let anchored = Marks { anchor: Some("note-1".to_owned()), ..Marks::default() };
    let link = Link { href: "#note-1".to_owned(), title: None, rel: [].into() };
    let marks = Marks { link: Some(link), styles: [Style::Sup].into(), ..Marks::default() };
    let body = Body(vec![
        Block::Paragraph {
            direction: None,
            content: vec![text("Le chiffre"), Inline::Text { text: "1".to_owned(), marks }],
        },
        Block::Paragraph {
            direction: None,
            content: vec![Inline::Text { text: "Selon le port.".to_owned(), marks: anchored }],
        },
    ]);
    holds_together(&body);
    assert_eq!(inline_direction(&[text("١ «المرفأ»")]), Some(Direction::Rtl));
}
