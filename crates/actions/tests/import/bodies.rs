//! Texts and pictures: what stands in a body, and what the library has.

use masthead_actions::import::report::Noun;
use masthead_tests::each_store;

use crate::export::{Item, attachment, counts, export, import, notes, post, reasons};

const UPLOADS: &str = "https://old.example/wp-content/uploads";

#[tokio::test]
async fn pictures_are_found_wherever_they_stand_in_the_file() {
    let photo = Item {
        meta: vec![
            ("_wp_attachment_image_alt", "صيادون &amp; قوارب".to_owned()),
            (
                "_wp_attachment_metadata",
                r#"a:3:{s:5:"width";i:1600;s:6:"height";i:900;s:10:"image_meta";a:1:{s:6:"credit";s:4:"Rami";}}"#.to_owned(),
            ),
        ],
        excerpt: "Le port".to_owned(),
        ..attachment(50, 2, "port.jpg")
    };
    let with_lead = |id| Item { meta: vec![("_thumbnail_id", "50".to_owned())], ..post(id, "Port") };
    let without = Item { meta: vec![("_thumbnail_id", "77".to_owned())], ..post(3, "Perdu") };
    let items = [with_lead(1), photo, with_lead(2), without, attachment(51, 0, "report.pdf")];
    each_store(async |store| {
        let mut outcome = import(store, &export("", &items)).await;
        let image = "SELECT location || '|' || width || 'x' || height || '|' || alt || '|' || credit || '|' || caption FROM images";
        assert_eq!(store.texts(image).await, [format!("{UPLOADS}/port.jpg|1600x900|صيادون & قوارب|Rami|Le port")]);
        let lead = "SELECT a.slug FROM articles a JOIN images i ON i.id = a.lead_image_id ORDER BY a.slug";
        assert_eq!(store.texts(lead).await, ["story-1", "story-2"]);
        assert_eq!(counts(&outcome.report, Noun::Images), (1, 0));
        let told = reasons(&mut outcome);
        assert!(told.contains(&"no-lead-image".to_owned()) && told.contains(&"no-picture".to_owned()), "{told:?}");
    })
    .await;
}

#[tokio::test]
async fn two_attachments_of_one_number_are_told_and_the_first_keeps_it() {
    let items = [
        Item { meta: vec![("_thumbnail_id", "50".to_owned())], ..post(1, "Port") },
        attachment(50, 0, "a.jpg"),
        attachment(50, 0, "b.jpg"),
    ];
    each_store(async |store| {
        for run in 0..2 {
            let mut outcome = import(store, &export("", &items)).await;
            assert_eq!(counts(&outcome.report, Noun::Images), (1 - run, run));
            assert!(reasons(&mut outcome).contains(&"repeated-number".to_owned()));
        }
        let lead =
            store.texts("SELECT i.location FROM articles a JOIN images i ON i.id = a.lead_image_id").await;
        assert!(lead[0].ends_with("/a.jpg"), "{lead:?}");
        assert_eq!(store.number("SELECT COUNT(*) FROM images").await, 2);
    })
    .await;
}

#[tokio::test]
async fn galleries_show_the_pictures_of_the_library() {
    let items = [
        Item { body: "مقدمة\n\n[gallery ids=\"61,60,99\"]".to_owned(), ..post(1, "معرض") },
        Item { body: "[gallery]".to_owned(), ..post(2, "Galerie") },
        attachment(60, 2, "a.jpg"),
        attachment(61, 2, "b.jpg"),
    ];
    each_store(async |store| {
        let mut outcome = import(store, &export("", &items)).await;
        let html = store
            .texts("SELECT r.html FROM articles a JOIN revisions r ON r.id = a.head_revision ORDER BY a.slug")
            .await;
        let place = |html: &str, name: &str| html.find(name).unwrap_or_else(|| panic!("{name} in {html}"));
        assert!(place(&html[0], "b.jpg") < place(&html[0], "a.jpg"), "{}", html[0]);
        assert!(place(&html[1], "a.jpg") < place(&html[1], "b.jpg"), "{}", html[1]);
        assert_eq!(store.number("SELECT COUNT(*) FROM images").await, 2);
        assert!(reasons(&mut outcome).contains(&"text-lost".to_owned()), "the picture that is not there");
    })
    .await;
}

#[tokio::test]
async fn pictures_in_texts_are_tied_to_the_library_and_their_addresses_made_whole() {
    let body = "<p>نص</p>\
        <figure><img src=\"/wp-content/uploads/quay-300x200.jpg\" alt=\"الرصيف\"><figcaption>Le quai</figcaption></figure>\
        <figure><img src=\"https://old.example/wp-content/uploads/port.jpg\" alt=\"\"></figure>";
    let measured = Item {
        meta: vec![("_wp_attachment_metadata", r#"a:2:{s:5:"width";i:1200;s:6:"height";i:800;}"#.to_owned())],
        ..attachment(60, 0, "port.jpg")
    };
    each_store(async |store| {
        let mut outcome = import(store, &export("", &[Item { body: body.to_owned(), ..post(1, "أرصفة") }, measured.clone()])).await;
        let images = store.texts("SELECT location || '|' || width || 'x' || height || '|' || alt FROM images ORDER BY location").await;
        assert_eq!(
            images,
            [format!("{UPLOADS}/port.jpg|1200x800|"), format!("{UPLOADS}/quay-300x200.jpg|300x200|الرصيف")]
        );
        let blocks = store.texts("SELECT CAST(blocks AS TEXT) FROM revisions").await;
        let blocks: serde_json::Value = serde_json::from_str(&blocks[0]).expect("JSON");
        let [quay, port] = [&blocks[1]["figure"], &blocks[2]["figure"]];
        assert_eq!(quay["src"], format!("{UPLOADS}/quay-300x200.jpg"));
        assert_eq!(port["width"], 1200);
        assert!(quay["id"].is_i64() && port["id"].is_i64(), "{blocks}");
        assert!(reasons(&mut outcome).contains(&"relative-address".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn what_is_not_understood_stays_visible_and_is_named() {
    let item = Item {
        body: "قبل [contact-form-7 id=\"4\"] بعد\n\n[caption id=\"a\" width=\"3\"]<img src=\"https://old.example/x.jpg\"> تعليق[/caption]\n\n<script>alert(1)</script>".to_owned(),
        ..post(1, "نموذج")
    };
    each_store(async |store| {
        let mut outcome = import(store, &export("", std::slice::from_ref(&item))).await;
        let html = store.texts("SELECT html FROM revisions").await;
        assert!(
            html[0].contains("[contact-form-7")
                && html[0].contains("<figcaption>تعليق")
                && !html[0].contains("alert"),
            "{html:?}"
        );
        let notes = notes(&mut outcome);
        let of = |reason: &str| {
            notes.iter().find(|note| note["reason"] == reason).expect("a note")["what"]
                .as_str()
                .expect("words")
                .to_owned()
        };
        assert!(of("left-as-text").contains("contact-form-7"));
        assert!(of("markup").contains("script"));
    })
    .await;
}

#[tokio::test]
async fn texts_that_bodies_share_are_put_into_them() {
    let shared = |status: &str, id| Item {
        kind: "wp_block".to_owned(),
        status: status.to_owned(),
        body: format!("<!-- wp:paragraph --><p>اشترك في النشرة {id}</p><!-- /wp:paragraph -->"),
        ..post(id, "نشرة")
    };
    let body = "<!-- wp:paragraph --><p>a</p><!-- /wp:paragraph -->\n<!-- wp:block {\"ref\":30} /-->\n<!-- wp:block {\"ref\":31} /-->";
    let items =
        [Item { body: body.to_owned(), ..post(1, "A") }, shared("publish", 30), shared("private", 31)];
    each_store(async |store| {
        let outcome = import(store, &export("", &items)).await;
        let html = store.texts("SELECT html FROM revisions").await;
        assert_eq!(html.len(), 1);
        assert!(html[0].contains("النشرة 30") && !html[0].contains("31"), "{html:?}");
        let others = &outcome.report.counts().counted[&masthead_actions::import::report::Group::OtherItems];
        assert_eq!(others["wp_block"].count, 2);
    })
    .await;
}
