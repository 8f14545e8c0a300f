//! Importing once more: nothing is done twice, what is ours stays, and what is new on the old site comes in.

use masthead_actions::import::report::Noun;
use masthead_tests::each_store;

use crate::export::{
    Item, attachment, author, category, comment, counts, everything, export, import, marks, post, reasons,
    same, tag,
};

const GROUPS: [&str; 7] = ["pll_0", "pll_1", "pll_2", "pll_3", "pll_4", "pll_5", "pll_6"];

/// A little of everything.
pub fn paper() -> String {
    let head = author(1, "samira", "سميرة")
        + &category(1, "sea", "news", "Sea")
        + &category(2, "news", "", "News")
        + &tag("port", "Port");
    let threads = comment(2, 1, "réponse") + &comment(1, 0, "un");
    let items: Vec<Item> = (1..=12)
        .map(|id| Item {
            terms: vec![
                ("category", "sea", "Sea"),
                ("post_tag", "port", "Port"),
                ("post_tag", "new", "New"),
                ("language", if id % 2 == 0 { "ar" } else { "fr" }, "x"),
                ("post_translations", GROUPS[usize::try_from(id / 2).expect("small")], "x"),
            ],
            meta: vec![("_thumbnail_id", "100".to_owned()), ("_wp_old_slug", format!("old-{id}"))],
            comments: if id % 3 == 0 {
                threads
                    .replace("<wp:comment_id>", &format!("<wp:comment_id>{id}"))
                    .replace("<wp:comment_parent>1<", &format!("<wp:comment_parent>{id}1<"))
            } else {
                String::new()
            },
            body: format!(
                "<p>نص {id}</p><figure><img src=\"https://old.example/wp-content/uploads/{id}.jpg\"></figure>"
            ),
            slug: if id % 4 == 0 { "same".to_owned() } else { format!("story-{id}") },
            ..post(id, &format!("Titre {id}"))
        })
        .chain([attachment(100, 1, "lead.jpg")])
        .collect();
    export(&head, &items)
}

#[tokio::test]
async fn a_second_run_changes_nothing() {
    each_store(async |store| {
        let xml = paper();
        let first = import(store, &xml).await;
        assert_eq!(counts(&first.report, Noun::Articles), (12, 0));
        assert_eq!(counts(&first.report, Noun::Comments), (8, 0));
        let (before, marks_before) = (everything(store).await, marks(store).await);
        let second = import(store, &xml).await;
        same(&everything(store).await, &before, "afterwards");
        assert_eq!(marks(store).await, marks_before);
        assert!(second.report.counts().came_in.is_empty(), "{:?}", second.report.counts());
        for (noun, count) in [
            (Noun::Articles, 12),
            (Noun::Comments, 8),
            (Noun::Sections, 2),
            (Noun::Tags, 1),
            (Noun::Authors, 1),
            (Noun::Images, 1),
        ] {
            assert_eq!(counts(&second.report, noun), (0, count), "{noun:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_later_export_adds_what_is_new_and_leaves_what_is_ours() {
    let old = [Item { comments: comment(1, 0, "un"), ..post(1, "Un") }, post(2, "Deux")];
    let new = [
        Item {
            comments: comment(1, 0, "un") + &comment(2, 1, "réponse") + &comment(3, 2, "à la réponse"),
            ..post(1, "Un")
        },
        Item { body: "<p>corrigé là-bas</p>".to_owned(), ..post(2, "Deux") },
        post(3, "Trois"),
    ];
    each_store(async |store| {
        import(store, &export("", &old)).await;
        // The same site, after it moved to https and lost its slash.
        let mut outcome = import(store, &export("", &new).replace("https://old.example</", "http://OLD.example/</")).await;
        assert_eq!(counts(&outcome.report, Noun::Articles), (1, 2));
        assert_eq!(counts(&outcome.report, Noun::Comments), (2, 1));
        let threads = "SELECT c.body_text || ' < ' || COALESCE(p.body_text, '') FROM comments c LEFT JOIN comments p ON p.id = c.parent_id ORDER BY c.id";
        assert_eq!(store.texts(threads).await, ["un < ", "réponse < un", "à la réponse < réponse"]);
        assert!(store.texts("SELECT html FROM revisions ORDER BY id").await.iter().all(|html| !html.contains("corrigé")));
        assert_eq!(reasons(&mut outcome).iter().filter(|told| *told == "changed-since").count(), 1);
        let events = store.number("SELECT COUNT(*) FROM events WHERE kind = 'COMMENT_PUBLISHED'").await;
        assert_eq!(events, 2);
    })
    .await;
}

#[tokio::test]
async fn what_was_deleted_here_does_not_come_back() {
    each_store(async |store| {
        let xml = paper();
        import(store, &xml).await;
        store.execute("DELETE FROM articles WHERE slug = 'story-3'").await;
        store.execute("DELETE FROM tags WHERE slug = 'port'").await;
        store.execute("DELETE FROM sections WHERE slug = 'sea'").await;
        store.execute("DELETE FROM section_counts").await;
        store.execute("INSERT INTO section_counts (section_id, locale, articles) SELECT section_id, locale, COUNT(*) FROM section_articles GROUP BY section_id, locale").await;
        store.execute("DELETE FROM tag_counts").await;
        store.execute("INSERT INTO tag_counts (tag_id, locale, articles) SELECT tag_id, locale, COUNT(*) FROM article_tags GROUP BY tag_id, locale").await;
        store.execute("DELETE FROM author_counts").await;
        store.execute("INSERT INTO author_counts (author_id, locale, articles) SELECT author_id, locale, COUNT(*) FROM article_authors GROUP BY author_id, locale").await;
        store.execute("UPDATE article_counts SET articles = (SELECT COUNT(*) FROM articles a WHERE a.live AND a.locale = article_counts.locale)").await;
        let before = everything(store).await;
        let mut outcome = import(store, &xml).await;
        same(&everything(store).await, &before, "afterwards");
        let told = reasons(&mut outcome);
        assert_eq!(told.iter().filter(|told| *told == "deleted-here").count(), 3, "{told:?}");
    })
    .await;
}

#[tokio::test]
async fn a_featured_image_that_comes_in_another_file_finds_its_articles() {
    let with_lead = |id| Item { meta: vec![("_thumbnail_id", "100".to_owned())], ..post(id, "خبر") };
    let draft = Item { status: "draft".to_owned(), ..with_lead(2) };
    each_store(async |store| {
        import(store, &export("", &[with_lead(1), draft.clone(), with_lead(3)])).await;
        store.execute("UPDATE articles SET version = 2 WHERE slug = 'story-3'").await;
        let mut outcome = import(store, &export("", &[attachment(100, 0, "lead.jpg")])).await;
        assert!(reasons(&mut outcome).contains(&"completed".to_owned()));
        let lead = "SELECT a.slug FROM articles a JOIN revisions r ON r.id = a.head_revision JOIN images i ON i.id = r.lead_image_id ORDER BY a.slug";
        assert_eq!(store.texts(lead).await, ["story-1", "story-2"]);
        assert_eq!(store.texts("SELECT slug FROM articles WHERE lead_image_id IS NOT NULL").await, ["story-1"]);
    })
    .await;
}

#[tokio::test]
async fn two_sites_do_not_mix() {
    let one = export("", &[post(1, "Un")]);
    let other = export("", &[post(1, "Autre")]).replace("old.example", "other.example");
    let without_a_name = other.replace("https://other.example", "").replace("صوت المرفأ &amp;amp; البحر", "");
    each_store(async |store| {
        for (xml, articles) in [(&one, 1), (&other, 2), (&without_a_name, 3), (&one, 3), (&without_a_name, 3)]
        {
            import(store, xml).await;
            assert_eq!(store.number("SELECT COUNT(*) FROM articles").await, articles);
        }
        assert_eq!(
            store.texts("SELECT slug FROM articles ORDER BY id").await,
            ["story-1", "story-1-2", "story-1-3"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_site_that_was_set_up_keeps_its_name_and_gains_a_language() {
    each_store(async |store| {
        import(store, &paper()).await;
        let names = "SELECT CAST(names AS TEXT) || CAST(taglines AS TEXT) || default_locale FROM site";
        let set_up = store.texts(names).await;
        assert!(set_up[0].contains("صوت المرفأ & البحر") && set_up[0].ends_with("ar"), "{set_up:?}");
        let french = export("", &[Item { terms: vec![("language", "fr", "fr")], ..post(1, "Un") }])
            .replace("old.example", "other.example")
            .replace("<language>ar", "<language>de-DE");
        import(store, &french).await;
        assert_eq!(store.texts(names).await, set_up);
        assert_eq!(
            store.texts("SELECT CAST(locales AS TEXT) FROM site").await[0].replace(' ', ""),
            r#"["ar","fr"]"#
        );
    })
    .await;
}
