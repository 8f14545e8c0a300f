//! What is not public reaches no reader: not by its address, its id, a list, a count, a relation, or an error.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::newsroom::{Newsroom, on_each_database};

/// Everything of an article that could hold its words.
const EVERYTHING: &str = "id slug url title subtitle excerpt body { html text } tags { slug name } authors { name } \
    translations { slug title } related(first: 20) { nodes { slug title } } comments(first: 100) { nodes { body { text } replies(first: 100) { nodes { body { text } } } } } \
    seo { title description jsonLd } leadImage { alt caption }";

#[tokio::test]
async fn unpublished_words_are_nowhere() {
    on_each_database(async |newsroom: &Newsroom| {
        let hidden = newsroom.hidden().await;
        assert!(hidden.len() >= 8, "the demo has drafts and more");
        let mut seen = String::new();
        for id in 1..=120 {
            for noun in ["Article", "Comment", "Section", "Tag", "Author"] {
                let id = URL_SAFE_NO_PAD.encode(format!("{noun}:{id}"));
                let document = format!(
                    "query($id: ID!) {{ node(id: $id) {{ __typename id ... on Article {{ {EVERYTHING} }} ... on Comment {{ body {{ text }} article {{ title }} parent {{ body {{ text }} }} }} \
                     ... on Section {{ articles(first: 100) {{ totalCount nodes {{ title }} }} }} ... on Tag {{ articles(first: 100) {{ totalCount nodes {{ title }} }} }} \
                     ... on Author {{ articles(first: 100) {{ totalCount nodes {{ title }} }} }} }} }}"
                );
                let answer = newsroom.ask(&document, json!({"id": id})).await;
                assert!(answer.get("errors").is_none(), "{answer:#}");
                if let Some(articles) = answer["data"]["node"].get("articles") {
                    let listed = articles["nodes"].as_array().map_or(0, Vec::len) as u64;
                    assert_eq!(articles["totalCount"], json!(listed), "a count counts what is listed");
                }
                seen.push_str(&answer.to_string());
            }
        }
        let all = newsroom.ask(&format!("{{ articles(first: 100) {{ totalCount nodes {{ {EVERYTHING} }} }} }}"), json!({})).await;
        assert_eq!(all["data"]["articles"]["totalCount"], json!(all["data"]["articles"]["nodes"].as_array().map_or(0, Vec::len)));
        seen.push_str(&all.to_string());
        for (slug, title) in &hidden {
            assert!(!seen.contains(&json!(title).to_string()), "{title} is seen");
            let answer = newsroom.ask("query($s: String!) { article(slug: $s) { id } }", json!({"s": slug})).await;
            let unknown = newsroom.ask("query($s: String!) { article(slug: $s) { id } }", json!({"s": "no-such-thing"})).await;
            assert_eq!(answer, unknown, "a hidden article looks like none");
        }
        for word in newsroom.hidden_comments().await {
            assert!(!seen.contains(&json!(word).to_string()), "{word} is seen");
        }
    })
    .await;
}

#[tokio::test]
async fn a_comment_on_what_is_hidden_is_refused_as_on_nothing() {
    on_each_database(async |newsroom: &Newsroom| {
        let document = "mutation($id: ID!) { createComment(input: { articleId: $id, body: \"x\" }) { outcome comment { id } errors { code field message } } }";
        let hidden = URL_SAFE_NO_PAD.encode(format!("Article:{}", newsroom.hidden_key().await));
        let nothing = URL_SAFE_NO_PAD.encode("Article:999999");
        let to_hidden: Value = newsroom.ask(document, json!({"id": hidden})).await;
        let to_nothing: Value = newsroom.ask(document, json!({"id": nothing})).await;
        assert_eq!(to_hidden, to_nothing);
        assert_eq!(to_hidden["data"]["createComment"]["errors"][0]["code"], "NOT_FOUND");
    })
    .await;
}
