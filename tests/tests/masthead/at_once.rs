//! Several people at the same moment, on the database where they really are: what one does never fails because of another.

use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use masthead_domain::user::Role;
use masthead_domain::viewer::Viewer;
use serde_json::{Value, json};

use crate::documents::operation;
use crate::newsroom::{Newsroom, now, on_each_database};

/// How many.
const PEOPLE: usize = 6;

async fn does(newsroom: &Newsroom, who: &Viewer, at: DateTime<Utc>, name: &str, variables: Value) -> Value {
    let answer = newsroom.ask_as(who, at, &operation(name), variables).await;
    assert!(answer.get("errors").is_none(), "{name}: {answer:#}");
    let payload =
        answer["data"].as_object().and_then(|data| data.values().next()).expect("a payload").clone();
    assert_eq!(payload["errors"], json!([]), "{name}: {payload:#}");
    payload["article"].clone()
}

#[tokio::test]
async fn the_same_headline_slug_and_tags_are_given_by_several_at_once() {
    on_each_database(async |newsroom| {
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let one = |turn: usize| {
            // New ones for each, in another order for every other.
            let mut tags = vec!["Flood", "Harbour works", "Storm"];
            tags.rotate_left(turn % 3);
            let input = json!({"title": "The flood", "locale": "en", "section": "city", "tagNames": tags, "body": {"html": "<p>Water.</p>"}});
            does(newsroom, &editor, now(), "CreateArticle", json!({"input": input}))
        };
        let made = join_all((0..PEOPLE).map(one)).await;
        let mut slugs: Vec<&str> = made.iter().filter_map(|article| article["desk"]["slug"].as_str()).collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), PEOPLE, "{slugs:?}");

        let publish = |article: &Value| does(newsroom, &editor, now(), "PublishArticle", json!({"id": article["id"]}));
        join_all(made.iter().map(publish)).await;
        let wish = |article: &Value| {
            let change = json!({"id": article["id"], "version": 2, "input": {"slug": "high-water"}});
            does(newsroom, &editor, now(), "UpdateArticle", change)
        };
        join_all(made.iter().map(wish)).await;
        let published = join_all(made.iter().map(publish)).await;
        let mut slugs: Vec<&str> = published.iter().filter_map(|article| article["desk"]["slug"].as_str()).collect();
        slugs.sort_unstable();
        assert_eq!(slugs, ["high-water", "high-water-2", "high-water-3", "high-water-4", "high-water-5", "high-water-6"]);
        assert_eq!(newsroom.store.wrong_counts().await.expect("counts"), []);
        assert_eq!(newsroom.store.misplaced().await.expect("rows"), []);
    })
    .await;
}
