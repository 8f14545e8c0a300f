//! Authors: declared ones, co-authors, names that nothing declares, and what the side file adds.

use masthead_actions::import::report::Noun;
use masthead_tests::each_store;

use crate::export::{Item, author, authors_file, counts, export, import, import_with, notes, post, reasons};

const PROFILES: &str = "SELECT slug || ' ' || CAST(names AS TEXT) || CAST(roles AS TEXT) || CAST(biographies AS TEXT) FROM authors ORDER BY slug";

fn by(id: i64, creator: &str, co_authors: &[(&'static str, &'static str)]) -> Item {
    let terms = co_authors.iter().map(|(nicename, name)| ("author", *nicename, *name)).collect();
    Item { creator: creator.to_owned(), terms, ..post(id, "خبر") }
}

#[tokio::test]
async fn bylines_are_those_of_the_old_site_in_their_order() {
    let head = author(1, "samira", "سميرة حداد")
        + &author(2, "john.doe", "John Doe")
        + &author(3, "johndoe", "Other John");
    let items = [
        by(1, "samira", &[]),
        by(
            2,
            "samira",
            &[("cap-john-doe", "John Doe"), ("cap-samira", "Samira"), ("cap-guest", "Guest &amp; Co")],
        ),
        by(3, "johndoe", &[]),
        by(4, "gone", &[]),
    ];
    each_store(async |store| {
        let mut outcome = import(store, &export(&head, &items)).await;
        let bylines = "SELECT a.slug || ' ' || u.slug FROM article_authors x JOIN articles a ON a.id = x.article_id \
             JOIN authors u ON u.id = x.author_id ORDER BY a.slug, x.position";
        assert_eq!(
            store.texts(bylines).await,
            ["story-1 samira", "story-2 john-doe", "story-2 samira", "story-2 guest", "story-3 johndoe", "story-4 gone"]
        );
        assert_eq!(counts(&outcome.report, Noun::Authors), (5, 0));
        let told = reasons(&mut outcome);
        assert_eq!(told.iter().filter(|told| *told == "undeclared").count(), 2, "{told:?}");
        let profiles = store.texts(PROFILES).await.join("\n");
        assert!(profiles.contains("Guest & Co") && profiles.contains("سميرة حداد"), "{profiles}");
        assert!(!profiles.contains('@'), "{profiles}");
    })
    .await;
}

#[tokio::test]
async fn an_address_is_no_name() {
    let head = author(1, "nadia@old.example", "");
    each_store(async |store| {
        let mut outcome = import(
            store,
            &export(&head, &[by(1, "nadia@old.example", &[("nadiaold-example", "nadia@old.example")])]),
        )
        .await;
        let profiles = store.texts(PROFILES).await;
        assert!(
            profiles.len() == 1 && profiles[0].starts_with("nadia ") && !profiles[0].contains('@'),
            "{profiles:?}"
        );
        assert!(reasons(&mut outcome).contains(&"address-as-name".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn the_side_file_fills_what_is_empty_and_leaves_what_is_ours() {
    let head = author(1, "samira", "سميرة");
    let xml = export(&head, &[by(1, "samira", &[])]);
    let rows = authors_file(
        "login,name,role,biography,locale\n\
         samira,Samira Haddad,Rédactrice en chef,Elle écrit.,fr\n\
         Samira,,رئيسة التحرير,,\n\
         nobody,Nobody,,,\n",
    );
    each_store(async |store| {
        // First without the file: the export has no role and no biography.
        import(store, &xml).await;
        store.execute("UPDATE authors SET roles = '{\"ar\":\"مديرة\"}'").await;
        let mut outcome = import_with(store, &xml, &rows).await;
        let profile = store.texts(PROFILES).await.concat().replace(' ', "");
        for part in [
            "\"ar\":\"مديرة\"",
            "\"fr\":\"Rédactriceenchef\"",
            "\"fr\":\"Elleécrit.\"",
            "\"fr\":\"SamiraHaddad\"",
            "\"ar\":\"سميرة\"",
        ] {
            assert!(profile.contains(part), "{part} in {profile}");
        }
        let told = notes(&mut outcome);
        assert!(
            told.iter().any(|note| note["reason"] == "unknown-author"
                && note["item"] == "nobody"
                && note["line"] == 4),
            "{told:?}"
        );
        let before = store.number("SELECT MAX(seq) FROM events").await;
        import_with(store, &xml, &rows).await;
        assert_eq!(store.number("SELECT MAX(seq) FROM events").await, before);
    })
    .await;
}

#[tokio::test]
async fn the_side_file_names_an_author_that_comes_in_now() {
    let rows = authors_file("login;name;role;biography;locale\nsamira;سميرة حداد;محررة;تكتب منذ 2009.;ar\n");
    each_store(async |store| {
        import_with(store, &export(&author(1, "samira", "samira_h"), &[by(1, "samira", &[])]), &rows).await;
        let profile = store.texts(PROFILES).await.concat();
        assert!(
            profile.contains("سميرة حداد") && profile.contains("محررة") && !profile.contains("samira_h"),
            "{profile}"
        );
    })
    .await;
}
