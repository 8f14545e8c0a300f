//! Posts and pages: what readers may see of them, and where they find it.

use masthead_actions::import::report::Noun;
use masthead_domain::text::SlugKey;
use masthead_domain::viewer::Viewer;
use masthead_persistence::{ArticleLookup, PagePlan};
use masthead_tests::each_store;

use crate::export::{Item, counts, export, import, notes, post, reasons};

#[tokio::test]
async fn only_what_was_public_is_public() {
    // Status, other fields; what it is here.
    let cases = [
        ("publish", "", "PUBLISHED"),
        ("publish", "<wp:post_password>سر</wp:post_password>", "DRAFT"),
        ("future", "<wp:post_password>secret</wp:post_password>", "DRAFT"),
        ("private", "", "DRAFT"),
        ("draft", "", "DRAFT"),
        ("auto-draft", "", "DRAFT"),
        ("pending", "", "IN_REVIEW"),
        ("trash", "", "ARCHIVED"),
        ("inherit", "", "DRAFT"),
        ("expired", "", "DRAFT"),
        ("", "", "DRAFT"),
    ];
    let items: Vec<Item> = (1..)
        .zip(&cases)
        .map(|(id, (status, fields, _))| Item {
            status: (*status).to_owned(),
            fields: (*fields).to_owned(),
            ..post(id, &format!("خبر {id}"))
        })
        .collect();
    each_store(async |store| {
        import(store, &export("", &items)).await;
        for (id, (status, fields, expected)) in (1..).zip(&cases) {
            let sql = format!("SELECT status FROM articles WHERE slug = 'story-{id}'");
            assert_eq!(store.texts(&sql).await, [*expected], "{status} {fields}");
        }
        assert_eq!(store.texts("SELECT slug FROM articles WHERE live").await, ["story-1"]);
        assert_eq!(
            store.number("SELECT COUNT(*) FROM articles WHERE published_revision IS NOT NULL").await,
            1
        );
        let reads = store.reads_as(Viewer::Guest);
        for id in 2..=cases.len() {
            let lookup = ArticleLookup::Slug {
                key: SlugKey::of(&format!("story-{id}")),
                locale: None,
                preferred: Vec::new(),
            };
            assert!(
                reads.article_page(&lookup, &PagePlan::default()).await.expect("reads").is_none(),
                "{id}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_held_back_is_told_with_its_line() {
    each_store(async |store| {
        let item = Item { status: "private".to_owned(), ..post(7, "Budget <em>de l’eau</em> &amp; port") };
        let mut outcome = import(store, &export("", &[item])).await;
        let notes = notes(&mut outcome);
        let private = notes.iter().find(|note| note["reason"] == "private").expect("a note");
        assert_eq!(private["line"], 12);
        assert_eq!(private["item"], "Budget de l’eau & port");
        assert_eq!(private["slug"], "story-7");
        assert_eq!(counts(&outcome.report, Noun::Articles), (1, 0));
        assert!(outcome.to_string().contains("“Budget de l’eau & port”: was private"), "{outcome}");
        assert!(outcome.is_whole());
    })
    .await;
}

#[tokio::test]
async fn dates_come_from_where_they_are_told() {
    let with = |id, gmt: &str, status: &str, fields: &str| Item {
        gmt: gmt.to_owned(),
        status: status.to_owned(),
        fields: fields.to_owned(),
        ..post(id, "تاريخ")
    };
    let xml = export(
        "",
        &[
            with(
                1,
                "2019-02-03 04:05:06",
                "publish",
                "<wp:post_modified_gmt>2020-01-01 00:00:00</wp:post_modified_gmt>",
            ),
            with(2, "0000-00-00 00:00:00", "publish", ""),
            with(3, "2031-01-01 00:00:00", "future", ""),
            with(4, "0000-00-00 00:00:00", "future", "<wp:post_date>0000-00-00 00:00:00</wp:post_date>"),
            with(5, "2020-01-01 00:00:00", "future", ""),
        ],
    );
    // The fourth tells no date at all, the second only RSS's.
    let (before, from) = xml.split_at(xml.rfind("<wp:post_id>4<").expect("the fourth"));
    let cut = before.rfind("<pubDate>").expect("a date");
    let xml =
        format!("{}{}{from}", &before[..cut], &before[cut..].replace("Wed, 01 May 2024 07:00:00 +0000", ""));
    each_store(async |store| {
        let mut outcome = import(store, &xml).await;
        let date = async |column: &str, id: i64| {
            store
                .number(&format!(
                    "SELECT COALESCE({column}, 0) / 1000000 FROM articles WHERE slug = 'story-{id}'"
                ))
                .await
        };
        assert_eq!(date("published_at", 1).await, 1_549_166_706);
        assert_eq!(date("modified_at", 1).await, 1_577_836_800);
        assert_eq!(date("published_at", 2).await, 1_714_546_800);
        assert_eq!(date("scheduled_for", 3).await, 1_924_992_000);
        assert_eq!(date("scheduled_for", 5).await, 1_577_836_800);
        let status = store.texts("SELECT status FROM articles ORDER BY slug").await;
        assert_eq!(status, ["PUBLISHED", "PUBLISHED", "SCHEDULED", "DRAFT", "SCHEDULED"]);
        let told = reasons(&mut outcome);
        assert!(
            told.contains(&"no-schedule".to_owned()) && told.contains(&"schedule-passed".to_owned()),
            "{told:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn slugs_are_kept_made_and_numbered() {
    // Slug in the file, title; slug here.
    let cases = [
        ("%d9%88%d8%b2%d9%8a%d8%b1%d8%a9-%d8%b4%d8%a4%d9%88%d9%86", "وزيرة", "وزيرة-شؤون"),
        ("%C3%A9t%C3%A9", "Été", "été"),
        ("", "Élection présidentielle : l’eau", "election-presidentielle-l-eau"),
        ("story", "A", "story"),
        ("story", "B", "story-2"),
        ("Story", "C", "Story-3"),
        ("", "!!!", "article-7"),
        ("%d9%85%d8%b1%d9%81%d8%a3-%d9%82%d8%af%d9", "مرفأ", "مرفأ-ق"),
    ];
    let items: Vec<Item> = (1..)
        .zip(&cases)
        .map(|(id, (slug, title, _))| Item { slug: (*slug).to_owned(), ..post(id, title) })
        .collect();
    each_store(async |store| {
        let mut outcome = import(store, &export("", &items)).await;
        let slugs = store.texts("SELECT slug FROM articles ORDER BY id").await;
        let expected: Vec<&str> = cases.iter().map(|(_, _, slug)| *slug).collect();
        assert_eq!(slugs[..7], expected[..7]);
        assert!(slugs[7].starts_with("مرفأ-ق"), "{}", slugs[7]);
        assert!(!slugs[7].contains('%'), "{}", slugs[7]);
        let told = reasons(&mut outcome);
        for (reason, count) in [("taken-slug", 2), ("no-slug", 2), ("cut-slug", 1)] {
            assert_eq!(told.iter().filter(|told| *told == reason).count(), count, "{reason}");
        }
    })
    .await;
}

#[tokio::test]
async fn old_addresses_lead_on() {
    let items = [
        Item {
            link: "https://old.example/2024/05/%d9%85%d8%b1%d9%81%d8%a3/".to_owned(),
            meta: vec![
                ("_wp_old_slug", "%d9%85%d9%8a%d9%86%d8%a7%d8%a1".to_owned()),
                ("_wp_old_slug", "story-2".to_owned()),
            ],
            ..post(1, "مرفأ")
        },
        post(2, "Deux"),
        Item {
            kind: "page".to_owned(),
            link: "https://old.example/?page_id=3".to_owned(),
            parent: 2,
            ..post(3, "About")
        },
    ];
    each_store(async |store| {
        let mut outcome = import(store, &export("", &items)).await;
        let mut paths = store.texts("SELECT path FROM former_paths").await;
        paths.sort();
        assert_eq!(
            paths,
            ["/2024/05/2", "/2024/05/مرفأ", "/?p=1", "/?p=2", "/?page_id=3"]
                .map(str::to_owned)
                .into_iter()
                .collect::<std::collections::BTreeSet<_>>()
                .into_iter()
                .collect::<Vec<_>>()
        );
        // A slug that was the first's and is the second's: the second keeps it where it came first.
        let former = store.texts("SELECT slug_key FROM former_slugs ORDER BY slug_key").await;
        assert!(former.contains(&"ميناء".to_owned()), "{former:?}");
        assert!(reasons(&mut outcome).contains(&"page-order".to_owned()));
        let lookup =
            ArticleLookup::Slug { key: SlugKey::of("ميناء"), locale: None, preferred: Vec::new() };
        let page =
            store.reads_as(Viewer::Guest).article_page(&lookup, &PagePlan::default()).await.expect("reads");
        assert_eq!(page.expect("found by its former slug").card.title, "مرفأ");
    })
    .await;
}

#[tokio::test]
async fn an_item_carries_the_rest_of_what_readers_see() {
    let item = Item {
        title: String::new(),
        body: "<p>أول ما في النص.</p><p>ثم يأتي الباقي.</p>".to_owned(),
        excerpt: "<p>Un &amp; <b>deux</b></p>".to_owned(),
        fields: "<wp:is_sticky>1</wp:is_sticky>".to_owned(),
        meta: vec![
            ("_yoast_wpseo_title", "Pour les moteurs".to_owned()),
            ("_yoast_wpseo_metadesc", "%%excerpt%%".to_owned()),
            ("_custom", "x".to_owned()),
            ("_oembed_0123456789abcdef0123456789abcdef", "x".to_owned()),
        ],
        terms: vec![("post_format", "post-format-video", "Video"), ("genre", "noir", "Noir")],
        ..post(1, "")
    };
    each_store(async |store| {
        let mut outcome = import(store, &export("", std::slice::from_ref(&item)).replace("<wp:comment_status>open", "<wp:comment_status>closed")).await;
        let row = "SELECT title || '|' || excerpt || '|' || comment_policy || '|' || direction FROM articles WHERE sticky";
        assert_eq!(store.texts(row).await, ["أول ما في النص.|Un & deux|CLOSED|RTL"]);
        let seo = store.texts("SELECT CAST(seo AS TEXT) FROM revisions").await;
        assert!(seo[0].contains("Pour les moteurs") && !seo[0].contains("%%"), "{seo:?}");
        let told = reasons(&mut outcome);
        assert!(told.contains(&"no-title".to_owned()) && told.contains(&"sticky".to_owned()), "{told:?}");
        let mut json = Vec::new();
        outcome.report.write_json(&serde_json::Map::new(), &mut json).expect("writes");
        let json: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
        assert_eq!(json["counted"]["custom_fields"]["_custom"]["count"], 1);
        assert_eq!(json["counted"]["custom_fields"]["_oembed_…"]["count"], 1);
        assert_eq!(json["counted"]["taxonomies"]["genre"]["first_line"], 12);
        assert_eq!(json["counted"]["post_formats"]["video"]["count"], 1);
    })
    .await;
}

#[tokio::test]
async fn two_items_of_one_number_both_come_in_and_doubles_once() {
    let other = Item { slug: "autre".to_owned(), ..post(5, "Autre") };
    let menu = Item { kind: "nav_menu_item".to_owned(), ..post(9, "Menu") };
    let items = [post(5, "Un"), other, post(5, "Un"), menu.clone(), menu];
    each_store(async |store| {
        let xml = export("", &items);
        let mut outcome = import(store, &xml).await;
        assert_eq!(store.texts("SELECT slug FROM articles ORDER BY slug").await, ["autre", "story-5"]);
        let told = reasons(&mut outcome);
        assert!(
            told.contains(&"repeated-number".to_owned()) && told.contains(&"double".to_owned()),
            "{told:?}"
        );
        let again = import(store, &xml).await;
        assert_eq!(counts(&again.report, Noun::Articles), (0, 2));
        assert_eq!(store.number("SELECT COUNT(*) FROM articles").await, 2);
    })
    .await;
}

#[tokio::test]
async fn translations_find_each_other() {
    let in_group = |id, language, group| Item {
        terms: vec![("language", language, "x"), ("post_translations", group, "x")],
        ..post(id, &format!("t{id}"))
    };
    let head = "<wp:term><wp:term_id>1</wp:term_id><wp:term_taxonomy>language</wp:term_taxonomy><wp:term_slug>fr</wp:term_slug>\
         <wp:term_name>Français</wp:term_name><wp:term_description><![CDATA[a:3:{s:6:\"locale\";s:5:\"fr_FR\";s:3:\"rtl\";i:0;s:9:\"flag_code\";s:2:\"fr\";}]]></wp:term_description></wp:term>";
    let items = [
        in_group(1, "ar", "pll_a"),
        in_group(2, "fr", "pll_a"),
        in_group(3, "fr", "pll_a"),
        in_group(4, "en", "pll_b"),
    ];
    each_store(async |store| {
        let mut outcome = import(store, &export(head, &items)).await;
        let groups =
            store.texts("SELECT locale || CAST(translation_group AS TEXT) FROM articles ORDER BY id").await;
        assert_eq!(groups[0][2..], groups[1][2..]);
        assert_ne!(groups[1][2..], groups[2][2..]);
        assert!(groups[1].starts_with("fr") && groups[3].starts_with("en"), "{groups:?}");
        assert_eq!(
            store.texts("SELECT CAST(locales AS TEXT) FROM site").await[0].replace(' ', ""),
            r#"["ar","fr","en"]"#
        );
        assert!(reasons(&mut outcome).contains(&"taken-translation".to_owned()));
    })
    .await;
}
