//! Comments: threads with their true parents, and nothing of what WordPress keeps about who wrote them.

use masthead_actions::import::report::{Group, Noun};
use masthead_tests::each_store;

use crate::export::{Item, author, comment, comment_with, counts, export, import, notes, post, reasons};

const APPROVED: &str = "<wp:comment_approved>1</wp:comment_approved>";

fn below(comments: &[String]) -> String {
    export("", &[Item { comments: comments.concat(), ..post(1, "خبر") }])
}

#[tokio::test]
async fn threads_keep_their_shape_however_deep_and_in_whatever_order() {
    // The deepest first in the file.
    let comments: Vec<String> = (1..=120).rev().map(|id| comment(id, id - 1, &format!("رد {id}"))).collect();
    each_store(async |store| {
        let outcome = import(store, &below(&comments)).await;
        assert_eq!(counts(&outcome.report, Noun::Comments), (120, 0));
        let wrong = "SELECT COUNT(*) FROM comments c LEFT JOIN comments p ON p.id = c.parent_id \
             WHERE c.depth <> COALESCE(p.depth + 1, 0) OR (p.id IS NULL) <> (c.body_text = 'رد 1') \
             OR (p.id IS NOT NULL AND REPLACE(p.body_text, 'رد ', '') <> CAST(CAST(REPLACE(c.body_text, 'رد ', '') AS INTEGER) - 1 AS TEXT))";
        assert_eq!(store.number(wrong).await, 0);
        assert_eq!(store.number("SELECT MAX(depth) FROM comments").await, 119);
        assert_eq!(store.number("SELECT comment_count * 1000 + thread_count FROM articles").await, 120_001);
    })
    .await;
}

#[tokio::test]
async fn answers_to_what_is_not_there_begin_threads_of_their_own() {
    let pingback = comment_with(
        5,
        0,
        "[...]",
        "<wp:comment_type>pingback</wp:comment_type><wp:comment_approved>1</wp:comment_approved>",
    );
    let trackback = comment_with(
        6,
        0,
        "[...]",
        "<wp:comment_type>trackback</wp:comment_type><wp:comment_approved>1</wp:comment_approved>",
    );
    let note = comment_with(
        7,
        0,
        "card 1234",
        "<wp:comment_type>order_note</wp:comment_type><wp:comment_approved>1</wp:comment_approved>",
    );
    let comments = [
        comment(1, 99, "orphelin"),
        comment(2, 5, "à un pingback"),
        comment(3, 4, "a"),
        comment(4, 3, "b"),
        pingback,
        trackback,
        note,
    ];
    each_store(async |store| {
        let mut outcome = import(store, &below(&comments)).await;
        let tops =
            store.texts("SELECT body_text FROM comments WHERE parent_id IS NULL ORDER BY body_text").await;
        assert_eq!(tops, ["a", "orphelin", "à un pingback"]);
        assert_eq!(store.number("SELECT COUNT(*) FROM comments").await, 4);
        let told = reasons(&mut outcome);
        assert_eq!(told.iter().filter(|told| *told == "orphan-comment").count(), 2, "{told:?}");
        assert!(
            told.contains(&"comment-loop".to_owned()) && told.contains(&"other-comment".to_owned()),
            "{told:?}"
        );
        let link_backs = &outcome.report.counts().counted[&Group::LinkBacks];
        assert_eq!((link_backs["pingbacks"].count, link_backs["trackbacks"].count), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn what_moderation_said_holds_here() {
    let cases = [
        ("1", "PUBLISHED"),
        ("0", "PENDING"),
        ("spam", "SPAM"),
        ("trash", "REJECTED"),
        ("post-trashed", "REJECTED"),
        ("maybe", "PENDING"),
        ("", "PENDING"),
    ];
    let comments: Vec<String> = (1..)
        .zip(&cases)
        .map(|(id, (word, _))| {
            comment_with(
                id,
                0,
                &format!("{id}"),
                &format!("<wp:comment_approved>{word}</wp:comment_approved>"),
            )
        })
        .collect();
    each_store(async |store| {
        import(store, &below(&comments)).await;
        let statuses = store.texts("SELECT status FROM comments ORDER BY CAST(body_text AS INTEGER)").await;
        assert_eq!(statuses, cases.map(|(_, status)| status));
        assert_eq!(store.number("SELECT comment_count FROM articles").await, 1);
    })
    .await;
}

#[tokio::test]
async fn nothing_of_the_data_about_commenters_is_kept_but_the_address_for_the_newsroom() {
    let with_site = comment_with(
        1,
        0,
        "مرحبا <a href=\"https://example.org/x\">هنا</a>\n\nسطر <b>ثان</b> &amp; <script>x</script>",
        &format!("<wp:comment_author_url>https://reader.example</wp:comment_author_url>{APPROVED}"),
    );
    let broken = comment(2, 0, "x").replace("reader2@mail.example", "not an address");
    each_store(async |store| {
        let mut outcome = import(store, &below(&[with_site.clone(), broken.clone()])).await;
        let row = "SELECT author_name || '|' || COALESCE(author_email, '-') || '|' || body_text FROM comments ORDER BY id";
        assert_eq!(
            store.texts(row).await,
            [
                "قارئ 1|reader1@mail.example|مرحبا هنا (https://example.org/x)\n\nسطر ثان &",
                "قارئ 2|-|x"
            ]
        );
        let personal = &outcome.report.counts().counted[&Group::PersonalData];
        assert_eq!(personal["network addresses of commenters"].count, 2);
        assert_eq!(personal["browser names of commenters"].count, 2);
        assert_eq!(personal["web addresses of commenters"].count, 1);
        let told = reasons(&mut outcome);
        for reason in ["comment-address", "comment-markup", "markup"] {
            assert!(told.contains(&reason.to_owned()), "{reason}: {told:?}");
        }
        let mut report = Vec::new();
        outcome.report.write_json(&serde_json::Map::new(), &mut report).expect("writes");
        let report = String::from_utf8(report).expect("text") + &outcome.to_string();
        for secret in ["203.0.113.77", "Netscape", "reader1@mail.example", "reader.example"] {
            assert!(!report.contains(secret), "{secret}");
        }
    })
    .await;
}

#[tokio::test]
async fn markup_that_becomes_plain_text_has_a_line_each() {
    let comments = [
        comment(1, 0, "vingt <del>mille</del> <b>cent</b>, voir <a href=\"https://example.org/x\">ici</a>"),
        comment(2, 0, "<em>oui</em>"),
        comment(3, 0, "non<br>merci"),
    ];
    each_store(async |store| {
        let mut outcome = import(store, &below(&comments)).await;
        let texts = store.texts("SELECT body_text FROM comments ORDER BY id").await;
        assert_eq!(texts, ["vingt mille cent, voir ici (https://example.org/x)", "oui", "non\nmerci"]);
        let told: Vec<_> =
            notes(&mut outcome).into_iter().filter(|note| note["reason"] == "comment-markup").collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(told[0]["what"], "a comment is plain text here; of its markup is gone: del, strong");
        assert_eq!(told[0]["item"], "خبر");
        assert!(outcome.to_string().contains("comment-markup"));
    })
    .await;
}

#[tokio::test]
async fn only_who_was_signed_in_writes_for_the_paper() {
    let head =
        author(7, "samira", "سميرة حداد") + "<wp:author><wp:author_login>ali</wp:author_login></wp:author>";
    let by = |id, name: &str, user: u32| {
        comment_with(
            id,
            0,
            &id.to_string(),
            &format!("<wp:comment_user_id>{user}</wp:comment_user_id>{APPROVED}"),
        )
        .replace(&format!("قارئ {id}"), name)
    };
    let comments =
        [by(1, "سميرة حداد", 7), by(2, "سميرة حداد", 0), by(3, "قارئ", 9), by(4, "Ali", 12), by(5, "Ali", 0)];
    let xml = export(&head, &[Item { comments: comments.concat(), ..post(1, "خبر") }]);
    each_store(async |store| {
        import(store, &xml).await;
        let staff = store.texts("SELECT body_text FROM comments WHERE by_staff ORDER BY body_text").await;
        assert_eq!(staff, ["1", "4"]);
    })
    .await;
}

#[tokio::test]
async fn a_comment_that_is_there_twice_comes_in_once() {
    let other = comment(1, 0, "autre texte");
    let comments = [comment(1, 0, "un"), comment(1, 0, "un"), other, comment(2, 1, "réponse")];
    each_store(async |store| {
        let xml = below(&comments);
        let mut outcome = import(store, &xml).await;
        let texts = store.texts("SELECT body_text FROM comments ORDER BY body_text").await;
        assert_eq!(texts, ["autre texte", "réponse", "un"]);
        assert!(reasons(&mut outcome).contains(&"double-comment".to_owned()));
        let again = import(store, &xml).await;
        assert_eq!(counts(&again.report, Noun::Comments), (0, 3));
        assert_eq!(store.number("SELECT COUNT(*) FROM comments").await, 3);
    })
    .await;
}
