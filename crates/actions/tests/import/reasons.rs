//! What is told of single parts that did not come in as they stood: one small file a reason, and what is here afterwards.

use masthead_tests::{TestStore, each_store};

use crate::export::{Item, attachment, author, category, comment, comment_with, export, import, notes, post};

/// A file, the one reason that it gives, and what the database then answers to a question.
struct Case {
    reason: &'static str,
    xml: String,
    asked: &'static str,
    answer: &'static [&'static str],
}

const STATUSES: &str = "SELECT status || CASE WHEN live THEN ' live' ELSE '' END FROM articles ORDER BY slug";
const IMAGES: &str = "SELECT location FROM images";

/// A file whose items have an author who is declared, of whom there is nothing to tell.
fn file(items: &[Item]) -> String {
    export(&author(1, "samira", "سميرة"), items)
}

/// A file of one post.
fn of_one(change: impl FnOnce(&mut Item)) -> String {
    let mut item = post(1, "خبر");
    change(&mut item);
    file(&[item])
}

/// A file of one picture.
fn of_picture(change: impl FnOnce(&mut Item)) -> String {
    let mut item = attachment(1, 0, "a.jpg");
    change(&mut item);
    file(&[item])
}

fn with_comment(comment: String) -> String {
    of_one(|item| item.comments = comment)
}

fn of_articles() -> Vec<Case> {
    let case = |reason, xml, answer| Case { reason, xml, asked: STATUSES, answer };
    vec![
        case(
            "password",
            of_one(|item| item.fields = "<wp:post_password>سر</wp:post_password>".to_owned()),
            &["DRAFT"],
        ),
        case("trashed", of_one(|item| item.status = "trash".to_owned()), &["ARCHIVED"]),
        case("unknown-status", of_one(|item| item.status = "expired".to_owned()), &["DRAFT"]),
        case(
            "no-date",
            of_one(|item| item.gmt = "0000-00-00 00:00:00".to_owned())
                .replace("<pubDate>Wed, 01 May 2024 07:00:00 +0000</pubDate>", ""),
            &["PUBLISHED live"],
        ),
        case("future-date", of_one(|item| item.gmt = "2031-01-01 07:00:00".to_owned()), &["PUBLISHED live"]),
        case(
            "sticky",
            of_one(|item| item.fields = "<wp:is_sticky>1</wp:is_sticky>".to_owned()),
            &["PUBLISHED live"],
        ),
    ]
}

fn of_addresses() -> Vec<Case> {
    let old = |id| Item { meta: vec![("_wp_old_slug", "ancien".to_owned())], ..post(id, "خبر") };
    vec![
        Case {
            reason: "taken-address",
            xml: file(&[old(1), old(2)]),
            asked: "SELECT a.slug FROM former_slugs f JOIN articles a ON a.id = f.article_id",
            answer: &["story-1"],
        },
        Case {
            reason: "long-address",
            xml: of_one(|item| item.link = format!("https://old.example/{}/", "a".repeat(2_100))),
            asked: "SELECT path FROM former_paths",
            answer: &["/?p=1"],
        },
    ]
}

fn of_terms() -> Vec<Case> {
    let described = "<wp:tag><wp:tag_slug>port</wp:tag_slug><wp:tag_name>Port</wp:tag_name>\
         <wp:tag_description>Tout du port</wp:tag_description></wp:tag>\n";
    let below = category(2, "city", "region", "City");
    let whole = export(&below, &[]);
    let cut = whole.find(&below).map_or(0, |at| at + below.len());
    vec![
        Case {
            reason: "tag-description",
            xml: export(described, &[]),
            asked: "SELECT slug FROM tags",
            answer: &["port"],
        },
        // The category above it may stand behind, where the file is cut off: an import of the whole one puts it there.
        Case {
            reason: "cut-off",
            xml: whole[..cut].to_owned(),
            asked: "SELECT slug FROM sections",
            answer: &[],
        },
    ]
}

fn of_pictures() -> Vec<Case> {
    let case = |reason, xml, answer| Case { reason, xml, asked: IMAGES, answer };
    vec![
        case("no-image-address", of_picture(|item| item.fields = String::new()), &[]),
        case("hidden-file", of_picture(|item| item.status = "private".to_owned()), &[]),
        case(
            "attachment-text",
            of_picture(|item| item.body = "Une longue description".to_owned()),
            &["https://old.example/wp-content/uploads/a.jpg"],
        ),
    ]
}

fn of_comments() -> Vec<Case> {
    let case = |reason, xml, asked, answer| Case { reason, xml, asked, answer };
    let texts = "SELECT status || ' ' || body_text FROM comments";
    vec![
        case(
            "unknown-approval",
            with_comment(comment_with(1, 0, "نعم", "<wp:comment_approved>maybe</wp:comment_approved>")),
            texts,
            &["PENDING نعم"],
        ),
        case(
            "undated-comment",
            with_comment(comment(1, 0, "نعم").replace("2024-05-02 10:01:00", "0000-00-00 00:00:00")),
            "SELECT body_text FROM comments c JOIN articles a ON a.id = c.article_id AND a.published_at = c.created_at",
            &["نعم"],
        ),
        case("empty-comment", with_comment(comment(1, 0, "")), texts, &["PUBLISHED "]),
    ]
}

async fn told(store: &TestStore, case: &Case) {
    let mut outcome = import(store, &case.xml).await;
    let told = notes(&mut outcome);
    // What the reader of the file says of the same.
    let of_the_reader =
        |note: &serde_json::Value| ["truncated", "missing-field"].map(|it| note["reason"] == it);
    let told: Vec<_> = told.iter().filter(|note| of_the_reader(note) == [false, false]).collect();
    assert_eq!(told.len(), 1, "{}: {told:#?}", case.reason);
    let note = told[0];
    assert_eq!(note["reason"], case.reason);
    assert!(note["line"].as_u64().is_some_and(|line| line > 1), "{note}");
    assert!(note["item"].is_string() && note["what"].is_string(), "{note}");
    assert_eq!(store.texts(case.asked).await, case.answer, "{}", case.reason);
    assert!(outcome.to_string().contains(case.reason), "{outcome}");
}

#[tokio::test]
async fn each_reason_is_told_with_its_line() {
    // What is told does not depend on the database: one of each kind is tried on both.
    for cases in [of_articles(), of_addresses(), of_terms(), of_pictures(), of_comments()] {
        for (n, case) in cases.iter().enumerate() {
            if n == 0 {
                each_store(async |store| told(store, case).await).await;
            } else {
                let store = TestStore::sqlite().await;
                told(&store, case).await;
                store.discard().await;
            }
        }
    }
}
