//! Texts at the desk: whichever way one is handed in, readers get the same, and what changed between two revisions is told.

use chrono::TimeDelta;
use masthead_domain::user::Role;
use masthead_domain::viewer::Viewer;
use serde_json::{Value, json};

use crate::documents::operation;
use crate::newsroom::{Newsroom, now, on_each_database};

const BODY: &str = "query($id: ID!) { node(id: $id) { ... on Article { desk { body { html text blocks { __typename direction } } } } } }";

/// What a person gets, without an error.
async fn asked(newsroom: &Newsroom, who: &Viewer, document: &str, variables: Value) -> Value {
    let answer = newsroom.ask_as(who, now() + TimeDelta::minutes(1), document, variables).await;
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer["data"].clone()
}

async fn created(newsroom: &Newsroom, who: &Viewer, slug: &str, body: Value) -> Value {
    let input = json!({"title": "الصيادية", "slug": slug, "locale": "ar", "body": body});
    let payload =
        &asked(newsroom, who, &operation("CreateArticle"), json!({"input": input})).await["createArticle"];
    assert_eq!(payload["errors"], json!([]), "{payload:#}");
    payload["article"]["id"].clone()
}

#[tokio::test]
async fn a_text_is_the_same_whichever_way_it_is_handed_in() {
    on_each_database(async |newsroom| {
        let writer = newsroom.person("Rania", Role::Author, &[]).await;
        let markdown = "## المقادير\n\n١. بصل\n٢. سمك\n\n> الصيادية بصل.\n> — أم نزار\n\nTotal: *1 kg*.";
        let html = "<h2>المقادير</h2><ol><li>بصل</li><li>سمك</li></ol>\
            <blockquote><p>الصيادية بصل.</p><cite>أم نزار</cite></blockquote><p>Total: <em>1 kg</em>.</p>";
        let blocks = json!([
            {"heading": {"level": 2, "text": "المقادير"}},
            {"list": {"ordered": true, "items": [{"text": "بصل"}, {"text": "سمك"}]}},
            {"quote": {"text": "الصيادية بصل.", "citation": "أم نزار"}},
            {"paragraph": {"html": "Total: <i>1 kg</i>."}},
        ]);
        let mut bodies = Vec::new();
        for (slug, body) in [
            ("a", json!({"markdown": markdown})),
            ("b", json!({"html": html})),
            ("c", json!({"blocks": blocks})),
        ] {
            let id = created(newsroom, &writer, slug, body).await;
            bodies.push(
                asked(newsroom, &writer, BODY, json!({"id": id})).await["node"]["desk"]["body"].clone(),
            );
        }
        assert_eq!(bodies[0]["blocks"][1], json!({"__typename": "ListBlock", "direction": "RTL"}));
        assert_eq!(bodies[0]["blocks"][3], json!({"__typename": "ParagraphBlock", "direction": "LTR"}));
        assert_eq!(bodies[1], bodies[0]);
        assert_eq!(bodies[2], bodies[0]);
        let id = created(newsroom, &writer, "d", json!({"html": html})).await;
        let document = "query($id: ID!) { node(id: $id) { ... on Article { desk { bodyMarkdown } } } }";
        let read = asked(newsroom, &writer, document, json!({"id": id})).await;
        let expected = "## المقادير\n\n1. بصل\n2. سمك\n\n> الصيادية بصل.\n>\n> — أم نزار\n\nTotal: *1 kg*.";
        assert_eq!(read["node"]["desk"]["bodyMarkdown"], expected);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_block_is_said_by_its_path() {
    on_each_database(async |newsroom| {
        let writer = newsroom.person("Rania", Role::Author, &[]).await;
        let blocks = json!([{"paragraph": {"text": "a"}}, {"heading": {"level": 1, "text": ""}}]);
        let input = json!({"title": "x", "locale": "ar", "body": {"blocks": blocks}});
        let data = asked(newsroom, &writer, &operation("CreateArticle"), json!({"input": input})).await;
        let errors = data["createArticle"]["errors"].as_array().expect("errors");
        let fields: Vec<&str> = errors.iter().filter_map(|error| error["field"].as_str()).collect();
        assert_eq!(fields, ["input.body.blocks[1].heading.level", "input.body.blocks[1].heading.text"]);
        assert!(errors.iter().all(|error| error["code"] == "INVALID"));
    })
    .await;
}

#[tokio::test]
async fn the_history_tells_what_changed() {
    on_each_database(async |newsroom| {
        let writer = newsroom.person("Rania", Role::Author, &[]).await;
        let stranger = newsroom.person("Karim", Role::Contributor, &[]).await;
        let id = created(newsroom, &writer, "d", json!({"markdown": "## المقادير\n\nكان الطبق طعام الفقراء في الميناء.\n\nهنا القهوة.\n\n> بصل."})).await;
        let input = json!({
            "title": "الصيادية كما تُطبخ",
            "section": "city",
            "tagNames": ["سمك", "تراث"],
            "breaking": true,
            "body": {"markdown": "## المقادير\n\nهنا القهوة.\n\nكان الطبق طعام الفقراء في ميناء مرسى نور.\n\nTip: use lemon."},
        });
        let update = json!({"id": id, "version": 1, "input": input});
        let updated = asked(newsroom, &writer, &operation("UpdateArticle"), update).await;
        assert_eq!(updated["updateArticle"]["errors"], json!([]));
        let history = |from: i32, to: i32| json!({"id": id, "from": from, "to": to});
        let told = asked(newsroom, &writer, &operation("History"), history(1, 2)).await;
        insta::assert_json_snapshot!("revision_diff", told["node"]["desk"]["revisionDiff"]);
        let back = asked(newsroom, &writer, &operation("History"), history(2, 1)).await;
        let back = back["node"]["desk"]["revisionDiff"].as_array().expect("a list");
        assert_eq!(back.len(), 5);
        assert_eq!((&back[0]["before"], &back[0]["after"]), (&json!("الصيادية كما تُطبخ"), &json!("الصيادية")));
        let same = asked(newsroom, &writer, &operation("History"), history(2, 2)).await;
        assert_eq!(same["node"]["desk"]["revisionDiff"], json!([]));
        let none = asked(newsroom, &writer, &operation("History"), history(1, 9)).await;
        assert_eq!(none["node"]["desk"]["revisionDiff"], Value::Null);
        for who in [&stranger, &Viewer::Guest] {
            assert_eq!(asked(newsroom, who, &operation("History"), history(1, 2)).await["node"], Value::Null);
        }
    })
    .await;
}
