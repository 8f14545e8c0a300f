//! Files that are cut off or broken: what can be read comes in, the rest is named, and nothing hidden gets out.

use masthead_actions::import::report::Noun;
use masthead_interchange::wxr::Ending;
use masthead_tests::{TestStore, each_store};

use crate::again::paper;
use crate::export::{
    Item, comment, counts, everything, export, import, is_whole, notes, post, reasons, same,
};

#[tokio::test]
async fn a_file_cut_anywhere_is_completed_by_the_whole_one() {
    let whole = paper();
    let store = TestStore::sqlite().await;
    import(&store, &whole).await;
    let expected = everything(&store).await;
    store.discard().await;
    // Primes, so that cuts fall anywhere in tags and texts.
    let cuts = (211..whole.len()).step_by(whole.len() / 23);
    for cut in cuts.map(|at| whole.floor_char_boundary(at)) {
        let store = TestStore::sqlite().await;
        let first = import(&store, &whole[..cut]).await;
        assert!(!first.is_whole(), "cut at {cut}");
        assert!(
            matches!(first.ended, Ok(Ending::Truncated { .. } | Ending::NotAnExport)),
            "cut at {cut}: {:?}",
            first.ended
        );
        let second = import(&store, &whole).await;
        assert!(second.is_whole(), "cut at {cut}");
        // The site's name and the order of taken slugs do not depend on where the file was cut.
        same(&everything(&store).await, &expected, &format!("cut at {cut}"));
        store.discard().await;
    }
}

#[tokio::test]
async fn what_is_cut_off_before_its_password_is_not_public() {
    let item = Item { fields: "<wp:post_password>سر</wp:post_password>".to_owned(), ..post(1, "محمي") };
    let whole = export("", &[post(2, "Avant"), item]);
    let cut = &whole[..whole.find("<wp:post_password>").expect("a password")];
    each_store(async |store| {
        let mut outcome = import(store, cut).await;
        assert_eq!(store.texts("SELECT slug FROM articles WHERE live").await, ["story-2"]);
        assert_eq!(store.number("SELECT COUNT(*) FROM articles").await, 2);
        assert!(!is_whole(&outcome) && !outcome.is_whole());
        let told = notes(&mut outcome);
        let truncated = told.iter().find(|note| note["reason"] == "truncated").expect("a note");
        assert!(truncated["line"].as_u64().is_some_and(|line| line > 12), "{truncated}");
        assert!(
            told.iter().any(|note| note["reason"] == "incomplete" && note["slug"] == "story-1"),
            "{told:?}"
        );
        let mut completed = import(store, &whole).await;
        assert!(reasons(&mut completed).contains(&"completed".to_owned()));
        assert_eq!(store.texts("SELECT slug FROM articles WHERE live").await, ["story-2"]);
        assert_eq!(store.number("SELECT COUNT(*) FROM articles").await, 2);
    })
    .await;
}

#[tokio::test]
async fn an_item_cut_off_within_its_comments_is_public_and_gets_the_others_later() {
    let whole =
        export("", &[Item { comments: comment(1, 0, "un") + &comment(2, 1, "deux"), ..post(1, "Un") }]);
    let cut = &whole[..whole.find("<wp:comment_id>2").expect("the second")];
    each_store(async |store| {
        let mut outcome = import(store, cut).await;
        assert_eq!(store.number("SELECT COUNT(*) FROM articles WHERE live").await, 1);
        assert_eq!(counts(&outcome.report, Noun::Comments), (1, 0));
        assert!(reasons(&mut outcome).contains(&"truncated".to_owned()));
        import(store, &whole).await;
        assert_eq!(store.number("SELECT comment_count FROM articles").await, 2);
    })
    .await;
}

#[tokio::test]
async fn one_broken_item_does_not_take_the_others_with_it() {
    let xml = export("", &[post(1, "Un"), post(2, "Deux"), post(3, "Trois")]);
    let broken = xml
        .replace("<![CDATA[Deux]]>", "Deux & \u{8} deux")
        .replace("<wp:post_name><![CDATA[story-2]]></wp:post_name>", "<wp:post_name>story-2");
    each_store(async |store| {
        let mut outcome = import(store, &broken).await;
        assert_eq!(store.number("SELECT COUNT(*) FROM articles").await, 3);
        assert_eq!(store.texts("SELECT title FROM articles WHERE slug = 'story-2'").await, ["Deux & deux"]);
        let told = reasons(&mut outcome);
        assert!(
            told.contains(&"missing-end-tag".to_owned()) && told.contains(&"ampersand".to_owned()),
            "{told:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn characters_that_a_database_refuses_do_not_stop_an_import() {
    let nul = "a&#0;b\u{0}c&#x1;";
    let item = Item {
        title: nul.to_owned(),
        body: format!("<p>{nul}</p>"),
        excerpt: nul.to_owned(),
        slug: "a%00b".to_owned(),
        link: "https://old.example/a%00b/".to_owned(),
        creator: nul.to_owned(),
        terms: vec![("category", "a%00", "c&#0;"), ("post_tag", "a&#0;", "t&#0;")],
        comments: comment(1, 0, nul).replace("قارئ 1", nul),
        ..post(1, "x")
    };
    let long = Item {
        slug: "ﷺ".repeat(150),
        link: format!("https://old.example/{}/", "x".repeat(5000)),
        body: format!("<figure><img src=\"https://old.example/{}.jpg\"></figure>", "y".repeat(5000)),
        terms: vec![("post_tag", "", "x")],
        ..post(2, "Long")
    };
    let head = crate::export::category(1, &"c".repeat(5000), "", "Long")
        + &crate::export::tag(&"ﷺ".repeat(900), "Tag");
    each_store(async |store| {
        let xml = export(&head, &[item.clone(), long.clone()]);
        import(store, &xml).await;
        assert_eq!(store.number("SELECT COUNT(*) FROM articles WHERE live").await, 2);
        assert_eq!(store.number("SELECT COUNT(*) FROM comments").await, 1);
        let before = everything(store).await;
        import(store, &xml).await;
        same(&everything(store).await, &before, "afterwards");
    })
    .await;
}

#[tokio::test]
async fn what_is_no_export_changes_nothing() {
    each_store(async |store| {
        for text in ["", "PK\u{3}\u{4}zip", "<html><body>404</body></html>"] {
            let outcome = import(store, text).await;
            assert!(matches!(outcome.ended, Ok(Ending::NotAnExport)), "{text}: {:?}", outcome.ended);
            assert!(!outcome.is_whole());
            assert!(outcome.to_string().contains("no WordPress export"), "{outcome}");
        }
        assert_eq!(store.number("SELECT COUNT(*) FROM events").await, 0);
    })
    .await;
}
