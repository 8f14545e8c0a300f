//! Sections with their tree, and tags.

use masthead_actions::import::report::Noun;
use masthead_domain::text::{LanguageTag, Localized, Slug};
use masthead_persistence::section::SectionTexts;
use masthead_tests::each_store;

use crate::export::{Item, category, counts, export, import, post, reasons, tag};

#[tokio::test]
async fn the_tree_is_built_whatever_its_order() {
    let head = [
        category(3, "sea", "environment", "البحر &amp; الموج"),
        category(2, "environment", "news", "بيئة"),
        category(1, "news", "", "أخبار"),
        category(4, "ghost-child", "ghost", "Perdu"),
        category(5, "left", "right", "Gauche"),
        category(6, "right", "left", "Droite"),
    ]
    .concat();
    // Recent exports declare a category once more as a term.
    let term = "<wp:term><wp:term_id>1</wp:term_id><wp:term_taxonomy>category</wp:term_taxonomy><wp:term_slug>news</wp:term_slug><wp:term_name>أخبار</wp:term_name></wp:term>";
    let item = Item { terms: vec![("category", "sea", "البحر")], ..post(1, "موج") };
    each_store(async |store| {
        let mut outcome = import(store, &export(&format!("{head}{term}"), std::slice::from_ref(&item))).await;
        let tree = "SELECT s.slug || '<' || COALESCE(p.slug, '') FROM sections s LEFT JOIN sections p ON p.id = s.parent_id ORDER BY s.slug";
        assert_eq!(
            store.texts(tree).await,
            ["environment<news", "ghost-child<", "left<", "news<", "right<left", "sea<environment"]
        );
        assert_eq!(counts(&outcome.report, Noun::Sections), (6, 0));
        let names = store.texts("SELECT CAST(names AS TEXT) FROM sections WHERE slug = 'sea'").await;
        assert!(names[0].contains("البحر & الموج"), "{names:?}");
        let told = reasons(&mut outcome);
        assert_eq!(told.iter().filter(|told| *told == "lost-parent").count(), 2, "{told:?}");
        // The article is in the lists of all sections above.
        assert_eq!(store.number("SELECT COUNT(*) FROM section_articles").await, 3);
    })
    .await;
}

#[tokio::test]
async fn the_main_section_is_the_chosen_one_else_the_deepest() {
    let head = [
        category(1, "news", "", "News"),
        category(2, "sea", "news", "Sea"),
        category(3, "sport", "", "Sport"),
    ]
    .concat();
    let in_all =
        vec![("category", "news", "News"), ("category", "sport", "Sport"), ("category", "sea", "Sea")];
    let items = [
        Item { terms: in_all.clone(), ..post(1, "a") },
        Item { terms: in_all, meta: vec![("_yoast_wpseo_primary_category", "3".to_owned())], ..post(2, "b") },
        Item { terms: vec![("category", "sport", "Sport"), ("category", "news", "News")], ..post(3, "c") },
        Item { terms: vec![], ..post(4, "d") },
    ];
    each_store(async |store| {
        import(store, &export(&head, &items)).await;
        let main = "SELECT a.slug || ' ' || COALESCE(s.slug, '-') FROM articles a LEFT JOIN sections s ON s.id = a.section_id ORDER BY a.slug";
        assert_eq!(store.texts(main).await, ["story-1 sea", "story-2 sport", "story-3 sport", "story-4 -"]);
        let lists = "SELECT s.slug FROM section_articles l JOIN sections s ON s.id = l.section_id JOIN articles a ON a.id = l.article_id WHERE a.slug = 'story-2' ORDER BY s.slug";
        assert_eq!(store.texts(lists).await, ["news", "sea", "sport"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_used_and_declared_nowhere_comes_in_and_is_told_once() {
    let terms = vec![
        ("category", "%d8%ab%d9%82%d8%a7%d9%81%d8%a9", "ثقافة"),
        ("post_tag", "budget", "Budget &amp; impôts"),
        ("post_tag", "BUDGET", "Budget"),
    ];
    let items = [Item { terms: terms.clone(), ..post(1, "a") }, Item { terms, ..post(2, "b") }];
    each_store(async |store| {
        let mut outcome = import(store, &export(&tag("port", "Port"), &items)).await;
        assert_eq!(store.texts("SELECT slug FROM sections").await, ["ثقافة"]);
        assert_eq!(store.texts("SELECT slug FROM tags ORDER BY slug").await, ["budget", "port"]);
        let names = store.texts("SELECT CAST(names AS TEXT) FROM tags WHERE slug = 'budget'").await;
        assert!(names[0].contains("Budget & impôts"), "{names:?}");
        // The author, the category, the tag.
        let told = reasons(&mut outcome);
        assert_eq!(told.iter().filter(|told| *told == "undeclared").count(), 3, "{told:?}");
        assert_eq!(store.number("SELECT COUNT(*) FROM article_tags").await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_section_of_ours_with_the_same_slug_is_used_as_it_is() {
    let names: Localized<String> =
        [(LanguageTag::parse("en").expect("a tag"), "Culture desk".to_owned())].into_iter().collect();
    each_store(async |store| {
        let tx = store.begin().await.expect("begins");
        let ours = SectionTexts {
            slug: Slug::make("culture").expect("letters"),
            names: names.clone(),
            descriptions: Localized::new(),
            parent: None,
            position: 0,
        };
        tx.section_create(&ours).await.expect("a section");
        tx.commit().await.expect("commits");
        let item = Item { terms: vec![("category", "culture", "ثقافة")], ..post(1, "a") };
        let mut outcome = import(store, &export(&category(1, "culture", "", "ثقافة"), &[item])).await;
        let all = store.texts("SELECT CAST(names AS TEXT) FROM sections").await;
        assert!(all.len() == 1 && all[0].contains("Culture desk") && !all[0].contains("ثقافة"), "{all:?}");
        assert!(reasons(&mut outcome).contains(&"merged".to_owned()));
        assert_eq!(store.number("SELECT COUNT(*) FROM section_articles").await, 1);
    })
    .await;
}
