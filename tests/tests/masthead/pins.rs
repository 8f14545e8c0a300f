//! What an editor chooses to be related to an article.

use masthead_domain::user::Role;
use masthead_domain::viewer::Viewer;
use serde_json::{Value, json};

use crate::newsroom::{Newsroom, global_id, on_each_database, refusal, refusals};

async fn related(newsroom: &Newsroom, who: &Viewer, id: &Value) -> Vec<Value> {
    let document = "query($id: ID!) { node(id: $id) { ... on Article { related(first: 20) { edges { reasons { kind } node { id } } } } } }";
    let article = newsroom.field_as(who, document, json!({"id": id})).await;
    let edges = article["related"]["edges"].as_array().expect("edges").iter();
    let pinned = edges.filter(|edge| edge["reasons"][0]["kind"] == "PINNED");
    pinned.map(|edge| edge["node"]["id"].clone()).collect()
}

async fn article(newsroom: &Newsroom, key: &str) -> Value {
    json!(newsroom.article_id(&newsroom.slug_of(key).await).await)
}

async fn draft(newsroom: &Newsroom, who: &Viewer, section: &str) -> Value {
    let input =
        json!({"title": "Not yet", "locale": "en", "section": section, "body": {"html": "<p>Later.</p>"}});
    newsroom.done_as(who, "CreateArticle", json!({"input": input})).await["article"]["id"].clone()
}

#[tokio::test]
async fn pins_come_first_and_in_order() {
    on_each_database(async |newsroom| {
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let of = article(newsroom, "night-bus.en").await;
        let chosen = [
            article(newsroom, "derby.ar").await,
            article(newsroom, "old-cinema.fr").await,
            article(newsroom, "harbour-solar.en").await,
        ];
        let pinned =
            newsroom.done_as(&editor, "PinRelated", json!({"articleId": of, "relatedIds": chosen})).await;
        let shown = &pinned["article"]["related"]["edges"];
        for (at, id) in chosen.iter().enumerate() {
            assert_eq!((&shown[at]["node"]["id"], &shown[at]["reasons"][0]["kind"]), (id, &json!("PINNED")));
        }
        assert_eq!(related(newsroom, &Viewer::Guest, &of).await, chosen);
        let turned = [chosen[2].clone(), chosen[0].clone()];
        newsroom.done_as(&editor, "PinRelated", json!({"articleId": of, "relatedIds": turned})).await;
        assert_eq!(related(newsroom, &Viewer::Guest, &of).await, turned);
        newsroom.done_as(&editor, "PinRelated", json!({"articleId": of, "relatedIds": []})).await;
        assert_eq!(related(newsroom, &Viewer::Guest, &of).await, [Value::Null; 0]);
    })
    .await;
}

#[tokio::test]
async fn what_readers_do_not_see_they_do_not_see_among_the_pins() {
    on_each_database(async |newsroom| {
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let of = article(newsroom, "night-bus.en").await;
        let hidden = draft(newsroom, &editor, "city").await;
        let public = article(newsroom, "derby.ar").await;
        let chosen = [hidden.clone(), public.clone()];
        newsroom.done_as(&editor, "PinRelated", json!({"articleId": of, "relatedIds": chosen})).await;
        assert_eq!(related(newsroom, &Viewer::Guest, &of).await, std::slice::from_ref(&public));
        assert_eq!(related(newsroom, &editor, &of).await, chosen, "the desk sees what it chose");
        newsroom.done_as(&editor, "PublishArticle", json!({"id": hidden})).await;
        assert_eq!(related(newsroom, &Viewer::Guest, &of).await, chosen);
        // A draft has pins of its own, for the day it is public.
        let other = draft(newsroom, &editor, "city").await;
        newsroom.done_as(&editor, "PinRelated", json!({"articleId": other, "relatedIds": [public]})).await;
        assert_eq!(related(newsroom, &editor, &other).await, std::slice::from_ref(&public));
    })
    .await;
}

#[tokio::test]
async fn a_choice_that_cannot_be_taken_is_refused() {
    on_each_database(async |newsroom| {
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let of_sea = newsroom.person("Noor", Role::Editor, &["sea"]).await;
        let author = newsroom.person("Rania", Role::Author, &[]).await;
        let of = article(newsroom, "night-bus.en").await;
        let other = article(newsroom, "derby.ar").await;
        let page = article(newsroom, "about.en").await;
        let hidden = draft(newsroom, &editor, "city").await;
        let unknown = json!(global_id("Article:999999"));
        let send = async |who: &Viewer, of: &Value, ids: Value| {
            let payload =
                newsroom.field_as(who, "PinRelated", json!({"articleId": of, "relatedIds": ids})).await;
            refusals(&payload)
        };
        let list = refusal("INVALID", Some("relatedIds"));
        for ids in [
            json!([of]),
            json!([other, other]),
            json!([unknown]),
            json!([page]),
            json!([global_id("Tag:1")]),
            json!(["nonsense"]),
            json!(vec![other.clone(); 11]),
        ] {
            assert_eq!(send(&editor, &of, ids.clone()).await, list, "{ids}");
        }
        assert_eq!(send(&editor, &unknown, json!([])).await, refusal("NOT_FOUND", None));
        assert_eq!(send(&editor, &json!("x"), json!([])).await, refusal("INVALID", Some("articleId")));
        // An editor of another section: the article is public, its pins are not theirs; of a draft nothing is told.
        assert_eq!(send(&of_sea, &of, json!([])).await, refusal("FORBIDDEN", None));
        assert_eq!(send(&of_sea, &hidden, json!([])).await, send(&of_sea, &unknown, json!([])).await);
        for id in [&of, &hidden, &unknown] {
            assert_eq!(send(&author, id, json!([])).await, refusal("FORBIDDEN", None));
            assert_eq!(send(&Viewer::Guest, id, json!([])).await, refusal("UNAUTHENTICATED", None));
        }
        // A draft that one does not see is as one that is not there.
        let own = draft(newsroom, &of_sea, "sea").await;
        assert_eq!(send(&of_sea, &own, json!([hidden])).await, list);
        assert_eq!(send(&of_sea, &own, json!([other])).await, []);
    })
    .await;
}
