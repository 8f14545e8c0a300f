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
        assert_eq!(of_the_side_file(&told), ["3 Samira has role in ar already: ours is kept", NO_FRENCH]);
        let before = store.number("SELECT MAX(seq) FROM events").await;
        let mut again = import_with(store, &xml, &rows).await;
        assert_eq!(store.number("SELECT MAX(seq) FROM events").await, before);
        // What it says as ours does is nothing to be told.
        let told = notes(&mut again);
        assert_eq!(of_the_side_file(&told), ["3 Samira has role in ar already: ours is kept", NO_FRENCH]);
    })
    .await;
}

const NO_FRENCH: &str = "2 samira its language “fr” is none of the site's: kept, for when it is";

/// Line, login and sentence of each line of the side file that was not used as it stands.
fn of_the_side_file(notes: &[serde_json::Value]) -> Vec<String> {
    let text = |note: &serde_json::Value, name: &str| note[name].as_str().expect("a text").to_owned();
    let told = notes.iter().filter(|note| note["reason"] == "authors-file");
    told.map(|note| format!("{} {} {}", note["line"], text(note, "item"), text(note, "what"))).collect()
}

#[tokio::test]
async fn each_line_of_the_side_file_that_is_not_used_is_told_once() {
    let head = author(1, "samira", "سميرة") + &author(2, "karim", "كريم");
    let french = Item { terms: vec![("language", "fr", "x")], ..by(2, "samira", &[]) };
    // Samira stands in two items and is declared too; the site gains French by the second.
    let xml = export(&head, &[by(1, "samira", &[]), french, by(3, "karim", &[])]);
    let first = authors_file("login,name,role,biography,locale\nsamira,,محررة,تكتب.,\n");
    let second = authors_file(
        "login,name,role,biography,locale\n\
         samira,سميرة,كاتبة,تكتب منذ 2009.,ar\n\
         samira,,Rédactrice,,fr-FR\n\
         karim,كريم,,,\n\
         karim,Karim,Reporter,,en_GB\n",
    );
    each_store(async |store| {
        let mut outcome = import_with(store, &xml, &first).await;
        assert_eq!(of_the_side_file(&notes(&mut outcome)), Vec::<String>::new());
        let mut outcome = import_with(store, &xml, &second).await;
        let told = notes(&mut outcome);
        assert_eq!(
            of_the_side_file(&told),
            [
                "2 samira has role, biography in ar already: ours is kept",
                "5 karim its language “en_GB” is none of the site's: kept, for when it is",
            ]
        );
        let shown = outcome.to_string();
        assert!(shown.contains("line 2 of the authors' file: “samira”: has role, biography"), "{shown}");
        let profiles = store.texts(PROFILES).await.concat();
        assert!(profiles.contains("Rédactrice") && profiles.contains("Karim"), "{profiles}");
        assert!(!profiles.contains("كاتبة"), "{profiles}");
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
