//! Categories and tags that Polylang says are translations of each other.

use masthead_actions::import::report::Noun;
use masthead_tests::{TestStore, each_store};

use crate::export::{Item, category, counts, everything, export, import, marks, notes, post, reasons};

/// A language of Polylang.
fn language(code: &str, locale: &str) -> String {
    let length = locale.len();
    format!(
        "<wp:term><wp:term_taxonomy>language</wp:term_taxonomy><wp:term_slug>{code}</wp:term_slug><wp:term_name>{code}</wp:term_name>\
         <wp:term_description><![CDATA[a:1:{{s:6:\"locale\";s:{length}:\"{locale}\";}}]]></wp:term_description></wp:term>"
    )
}

/// Terms that say the same: code and number of each.
fn group(name: &str, ids: &[(&str, u32)]) -> String {
    let entries: String =
        ids.iter().map(|(code, id)| format!("s:{}:\"{code}\";i:{id};", code.len())).collect();
    format!(
        "<wp:term><wp:term_taxonomy>term_translations</wp:term_taxonomy><wp:term_slug>{name}</wp:term_slug><wp:term_name>{name}</wp:term_name>\
         <wp:term_description><![CDATA[a:{}:{{{entries}}}]]></wp:term_description></wp:term>",
        ids.len()
    )
}

fn tag(id: u32, slug: &str, name: &str) -> String {
    format!(
        "<wp:tag><wp:term_id>{id}</wp:term_id><wp:tag_slug>{slug}</wp:tag_slug><wp:tag_name>{name}</wp:tag_name></wp:tag>"
    )
}

fn languages() -> String {
    language("ar", "ar") + &language("fr", "fr_FR") + &language("en", "en_US")
}

async fn names(store: &TestStore, table: &str, slug: &str) -> String {
    let names = store.texts(&format!("SELECT CAST(names AS TEXT) FROM {table} WHERE slug = '{slug}'")).await;
    names.join("|").replace("\": ", "\":").replace(", \"", ",\"")
}

#[tokio::test]
async fn translated_categories_and_tags_become_one_with_a_name_in_each_language() {
    let head = [
        category(1, "economie", "", "Économie"),
        category(2, "iqtisad", "", "اقتصاد"),
        category(3, "ports-fr", "economie", "Ports"),
        category(4, "ports", "iqtisad", "موانئ"),
        category(5, "alone", "", "Seul"),
        tag(6, "mer", "Mer"),
        tag(7, "bahr", "بحر"),
        tag(8, "sea", "Sea"),
        languages(),
        group("a", &[("fr", 1), ("ar", 2)]),
        group("b", &[("fr", 3), ("ar", 4)]),
        group("c", &[("fr", 6), ("ar", 7), ("en", 8)]),
    ]
    .concat();
    let items = [
        Item {
            terms: vec![
                ("language", "fr", "x"),
                ("category", "ports-fr", "Ports"),
                ("post_tag", "mer", "Mer"),
                ("post_tag", "sea", "Sea"),
            ],
            ..post(1, "un")
        },
        Item {
            terms: vec![("language", "ar", "x"), ("category", "ports", "موانئ")], ..post(2, "اثنان")
        },
    ];
    let xml = export(&head, &items);
    each_store(async |store| {
        let mut outcome = import(store, &xml).await;
        let tree = "SELECT s.slug || '<' || COALESCE(p.slug, '') FROM sections s LEFT JOIN sections p ON p.id = s.parent_id ORDER BY s.slug";
        assert_eq!(store.texts(tree).await, ["alone<", "iqtisad<", "ports<iqtisad"]);
        assert_eq!(names(store, "sections", "iqtisad").await, r#"{"ar":"اقتصاد","fr":"Économie"}"#);
        assert_eq!(names(store, "tags", "bahr").await, r#"{"ar":"بحر","en":"Sea","fr":"Mer"}"#);
        assert_eq!(store.texts("SELECT slug FROM tags").await, ["bahr"]);
        let lists = "SELECT DISTINCT s.slug || ' ' || l.locale FROM section_articles l JOIN sections s ON s.id = l.section_id ORDER BY 1";
        assert_eq!(store.texts(lists).await, ["iqtisad ar", "iqtisad fr", "ports ar", "ports fr"]);
        let former = "SELECT f.slug_key || '>' || s.slug FROM former_section_slugs f JOIN sections s ON s.id = f.section_id ORDER BY 1";
        assert_eq!(store.texts(former).await, ["economie>iqtisad", "ports-fr>ports"]);
        assert_eq!(store.texts("SELECT slug_key FROM former_tag_slugs ORDER BY 1").await, ["mer", "sea"]);
        assert_eq!((counts(&outcome.report, Noun::Sections), counts(&outcome.report, Noun::Tags)), ((3, 0), (1, 0)));
        // Nothing tells the language of the one that is translated by none.
        let told = notes(&mut outcome);
        let untold: Vec<_> = told.iter().filter(|note| note["reason"] == "untold-language").collect();
        assert!(untold.len() == 1 && untold[0]["item"] == "Seul", "{told:?}");
        let (before, marked) = (everything(store).await, marks(store).await);
        let mut again = import(store, &xml).await;
        assert_eq!((everything(store).await, marks(store).await), (before, marked));
        assert_eq!(counts(&again.report, Noun::Sections), (0, 3));
        assert_eq!(reasons(&mut again), Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_translation_that_comes_later_joins_what_is_here() {
    let first = category(1, "iqtisad", "", "اقتصاد") + &tag(2, "bahr", "بحر");
    let second = [
        first.clone(),
        category(3, "economie", "", "Économie"),
        tag(4, "mer", "Mer"),
        languages(),
        group("a", &[("ar", 1), ("fr", 3)]),
        group("b", &[("fr", 4), ("ar", 2)]),
    ]
    .concat();
    each_store(async |store| {
        import(store, &export(&first, &[post(1, "خبر")])).await;
        let outcome = import(store, &export(&second, &[post(1, "خبر")])).await;
        assert_eq!(counts(&outcome.report, Noun::Sections), (0, 1));
        assert_eq!(names(store, "sections", "iqtisad").await, r#"{"ar":"اقتصاد","fr":"Économie"}"#);
        assert_eq!(names(store, "tags", "bahr").await, r#"{"ar":"بحر","fr":"Mer"}"#);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_one_is_told() {
    let head = [
        category(1, "a", "", "ا"),
        category(2, "b", "", "ب"),
        category(3, "c", "", "C"),
        category(4, "a", "", "Un autre"),
        languages(),
        // Two in one language; one in no language.
        group("a", &[("ar", 1), ("ar_LB", 2), ("{lang}", 3)]),
    ]
    .concat();
    each_store(async |store| {
        let mut outcome = import(store, &export(&head, &[post(1, "خبر")])).await;
        assert_eq!(store.texts("SELECT slug FROM sections ORDER BY slug").await, ["a", "b", "c"]);
        let told = reasons(&mut outcome);
        for reason in ["term-translation", "unknown-language", "merged"] {
            assert!(told.contains(&reason.to_owned()), "{reason}: {told:?}");
        }
    })
    .await;
}
