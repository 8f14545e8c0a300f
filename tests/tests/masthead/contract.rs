//! Every operation of the contract that this version serves, run on the demo newsroom, its answer reviewed as a snapshot.

use masthead_domain::user::Role;
use serde_json::{Value, json};

use crate::documents::operation;
use crate::newsroom::{Newsroom, on_each_database, on_sqlite};

async fn answer(newsroom: &Newsroom, name: &str, variables: Value) -> Value {
    let answer = newsroom.ask(&operation(name), variables).await;
    assert!(answer.get("errors").is_none(), "{name}: {answer:#}");
    answer["data"].clone()
}

#[tokio::test]
async fn the_reader_s_pages() {
    on_each_database(async |newsroom| {
        let article = answer(
            newsroom,
            "ArticlePage",
            json!({"slug": newsroom.slug_of("old-cinema.ar").await, "comments": 2, "replies": 2}),
        )
        .await;
        insta::assert_json_snapshot!("article_page_ar", article);
        let article = answer(
            newsroom,
            "ArticlePage",
            json!({"slug": newsroom.slug_of("water-budget.fr").await, "locale": "fr", "comments": 1}),
        )
        .await;
        insta::assert_json_snapshot!("article_page_fr", article);
        insta::assert_json_snapshot!(
            "article_page_unknown",
            answer(newsroom, "ArticlePage", json!({"slug": "no-such"})).await
        );
        insta::assert_json_snapshot!(
            "front_page",
            answer(newsroom, "FrontPage", json!({"perSection": 1, "locale": "fr"})).await
        );
        insta::assert_json_snapshot!(
            "section_page",
            answer(newsroom, "SectionPage", json!({"slug": "sea", "locale": "en", "first": 2})).await
        );
        insta::assert_json_snapshot!(
            "tag_page",
            answer(newsroom, "TagPage", json!({"slug": "port", "locale": "ar", "first": 2})).await
        );
        insta::assert_json_snapshot!(
            "author_page",
            answer(newsroom, "AuthorPage", json!({"slug": "نادية-منصور", "locale": "ar", "first": 2})).await
        );
    })
    .await;
}

#[tokio::test]
async fn a_thread_is_fetched_further() {
    on_each_database(async |newsroom| {
        let id = newsroom.article_id(&newsroom.slug_of("derby.fr").await).await;
        let all = answer(newsroom, "MoreComments", json!({"article": id, "first": 100})).await;
        let all: Vec<Value> = all["node"]["comments"]["nodes"].as_array().expect("nodes").clone();
        assert!(all.len() > 2);
        let mut walked = Vec::new();
        let mut after = Value::Null;
        loop {
            let page =
                answer(newsroom, "MoreComments", json!({"article": id, "first": 2, "after": after})).await;
            let comments = &page["node"]["comments"];
            walked.extend(comments["nodes"].as_array().expect("nodes").iter().map(|node| node["id"].clone()));
            after = comments["pageInfo"]["endCursor"].clone();
            if comments["pageInfo"]["hasNextPage"] == json!(false) {
                break;
            }
        }
        assert_eq!(walked, all.iter().map(|node| node["id"].clone()).collect::<Vec<_>>());
        insta::assert_json_snapshot!(
            "more_comments",
            answer(newsroom, "MoreComments", json!({"article": id, "first": 2, "orderBy": "NEWEST"})).await
        );
        let parent = all
            .iter()
            .find(|node| node["replies"]["totalCount"].as_u64() > Some(0))
            .expect("a thread with replies");
        let replies = answer(newsroom, "MoreReplies", json!({"comment": parent["id"], "first": 1})).await;
        insta::assert_json_snapshot!("more_replies", replies);
        assert_eq!(replies["node"]["article"]["id"], id);
        assert_eq!(replies["node"]["replies"]["nodes"][0]["id"], parent["replies"]["nodes"][0]["id"]);
    })
    .await;
}

#[tokio::test]
async fn a_guest_leaves_a_comment() {
    on_each_database(async |newsroom| {
        let id = newsroom.article_id(&newsroom.slug_of("night-bus.en").await).await;
        let input = |body: &str, key: &str| {
            json!({"input": {"articleId": id, "authorName": "Rima", "authorEmail": "rima@example.org", "body": body, "idempotencyKey": key}})
        };
        let first = answer(newsroom, "LeaveComment", input("A good line.\n\nAt last <b>!</b>", "0123456789abcdef")).await;
        let left = &first["createComment"];
        assert_eq!((&left["outcome"], &left["errors"]), (&json!("PUBLISHED"), &json!([])));
        assert_eq!(left["comment"]["body"]["html"], "<p>A good line.</p><p>At last &lt;b&gt;!&lt;/b&gt;</p>");
        assert!(left["receipt"].as_str().is_some_and(|receipt| receipt.len() > 20));
        insta::assert_json_snapshot!("leave_comment", first, {".createComment.receipt" => "[receipt]"});
        let again = answer(newsroom, "LeaveComment", input("A good line.\n\nAt last <b>!</b>", "0123456789abcdef")).await;
        assert_eq!(again, first, "a retry gives the first answer");
        let reused = answer(newsroom, "LeaveComment", input("Something else.", "0123456789abcdef")).await;
        assert_eq!(reused["createComment"]["errors"][0]["code"], "KEY_REUSED");
        let empty = answer(newsroom, "LeaveComment", input("  ", "fedcba9876543210")).await;
        insta::assert_json_snapshot!("leave_comment_empty", empty);
        let refusal = &empty["createComment"];
        assert_eq!((&refusal["outcome"], &refusal["comment"], &refusal["receipt"]), (&Value::Null, &Value::Null, &Value::Null));
        assert_eq!((&refusal["errors"][0]["code"], &refusal["errors"][0]["field"]), (&json!("INVALID"), &json!("input.body")));
        let page = answer(newsroom, "MoreComments", json!({"article": id, "first": 100})).await;
        let shown = page["node"]["comments"]["nodes"].as_array().expect("nodes");
        assert_eq!(shown.iter().filter(|node| node["authorName"] == "Rima").count(), 1);
        assert!(!page.to_string().contains("rima@example.org"), "an address is shown to nobody");
        assert_eq!(newsroom.store.wrong_counts().await.expect("counts"), []);
    })
    .await;
}

#[tokio::test]
async fn a_slug_is_found_under_every_spelling() {
    on_each_database(async |newsroom| {
        let slug = newsroom.slug_of("old-cinema.ar").await;
        let encoded: String = slug.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let spellings = [
            slug.clone(),
            encoded.clone(),
            encoded.to_lowercase(),
            format!("{slug}/"),
            format!("/{slug}/"),
            slug.chars().map(|c| if c == 'ي' { "ي\u{640}".to_owned() } else { c.to_string() }).collect(),
            slug.replace('-', "\u{200d}-\u{200c}"),
            format!(" {slug}\u{200f}"),
        ];
        for spelling in spellings {
            let page = newsroom
                .ask("query($s: String!) { article(slug: $s) { slug locale } }", json!({"s": spelling}))
                .await;
            assert_eq!(page["data"]["article"], json!({"slug": slug, "locale": "ar"}), "{spelling:?}");
        }
        // As a Mac's files and some keyboards write it: letters and accents apart.
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let input = json!({"title": "Élection", "locale": "fr", "slug": "élection-présidentielle",
            "body": {"html": "<p>Le premier tour.</p>"}});
        let made = newsroom.done_as(&editor, "CreateArticle", json!({"input": input})).await;
        newsroom.done_as(&editor, "PublishArticle", json!({"id": made["article"]["id"]})).await;
        let composed = "\u{e9}lection-pr\u{e9}sidentielle";
        for spelling in [
            composed,
            "e\u{301}lection-pre\u{301}sidentielle",
            "E\u{301}lection-pr\u{e9}sidentielle/",
            "e%CC%81lection-pr%C3%A9sidentielle",
        ] {
            let page = newsroom
                .ask("query($s: String!) { article(slug: $s) { slug } }", json!({"s": spelling}))
                .await;
            assert_eq!(page["data"]["article"], json!({"slug": composed}), "{spelling:?}");
        }
        let (current, former) = newsroom.an_article_with_a_former_slug().await;
        let page =
            newsroom.ask("query($s: String!) { article(slug: $s) { slug } }", json!({"s": former})).await;
        assert_eq!(page["data"]["article"]["slug"], current);
    })
    .await;
}

#[tokio::test]
async fn mistakes_name_the_argument() {
    on_sqlite(async |newsroom| {
        let slug = newsroom.slug_of("derby.fr").await;
        for (document, names) in [
            ("{ articles(first: 0) { nodes { id } } }", vec!["first", "100"]),
            ("{ articles(first: -5) { nodes { id } } }", vec!["first", "100"]),
            ("{ articles(first: 101) { nodes { id } } }", vec!["first", "100"]),
            ("{ articles(last: 1000000) { nodes { id } } }", vec!["last", "100"]),
            ("{ articles(first: 1, last: 1) { nodes { id } } }", vec!["first", "last"]),
            ("{ articles(after: \"nonsense\") { nodes { id } } }", vec!["after"]),
            ("{ articles(before: \"\") { nodes { id } } }", vec!["before"]),
            ("{ node(id: \"nonsense\") { id } }", vec!["id"]),
            ("{ nodes(ids: [\"QXJ0aWNsZTox\", \"x\"]) { id } }", vec!["ids"]),
        ] {
            let answer = newsroom.ask(document, json!({})).await;
            let error = &answer["errors"][0];
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{document}: {answer:#}");
            let message = error["message"].as_str().expect("a message");
            for name in names {
                assert!(message.contains(name), "{document}: {message} does not name {name}");
            }
        }
        let nothing = newsroom.ask("{ node(id: \"QXJ0aWNsZTo5OTk5OTk5\") { id } }", json!({})).await;
        assert_eq!((&nothing["data"]["node"], nothing.get("errors")), (&Value::Null, None));
        // A part that fails leaves the rest of the page.
        let answer = newsroom
            .ask(
                "query($s: String!) { article(slug: $s) { title comments(first: 1000) { totalCount } } }",
                json!({"s": slug}),
            )
            .await;
        assert!(answer["data"]["article"]["title"].is_string(), "{answer:#}");
        assert_eq!(answer["data"]["article"]["comments"], Value::Null);
        assert_eq!(answer["errors"][0]["path"], json!(["article", "comments"]));
    })
    .await;
}
