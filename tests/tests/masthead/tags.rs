//! Tags: renamed, merged with all that leads to them, found while one types.

use masthead_domain::user::Role;
use masthead_domain::viewer::Viewer;
use serde_json::{Value, json};

use crate::newsroom::{Newsroom, global_id, on_each_database, refusal, refusals};

const UPDATE: &str = "mutation($id: ID!, $input: UpdateTagInput!) { updateTag(id: $id, input: $input) { tag { id slug name } errors { code field message } } }";

async fn tag(newsroom: &Newsroom, who: &Viewer, slug: &str) -> Value {
    let document = "query($s: String!) { tag(slug: $s) { id slug name articles(first: 100) { totalCount nodes { slug } } } }";
    newsroom.field_as(who, document, json!({"s": slug})).await
}

async fn meant(newsroom: &Newsroom, who: &Viewer, query: &str) -> Vec<String> {
    let document = "query($q: String) { tags(query: $q, first: 100) { nodes { slug } } }";
    let found = newsroom.field_as(who, document, json!({"q": query})).await;
    let slug = |node: &Value| node["slug"].as_str().expect("a slug").to_owned();
    found["nodes"].as_array().expect("tags").iter().map(slug).collect()
}

/// An article with these tags, published or a draft.
async fn write(newsroom: &Newsroom, who: &Viewer, title: &str, tags: &[&str], published: bool) -> Value {
    let input = json!({"title": title, "locale": "fr", "tagNames": tags, "section": "city", "body": {"html": "<p>Un texte.</p>"}});
    let made = newsroom.done_as(who, "CreateArticle", json!({"input": input})).await;
    let id = made["article"]["id"].clone();
    if published {
        newsroom.done_as(who, "PublishArticle", json!({"id": id})).await;
    }
    id
}

async fn tags_of(newsroom: &Newsroom, who: &Viewer, id: &Value) -> Vec<String> {
    let document = "query($id: ID!) { node(id: $id) { ... on Article { tags { slug } } } }";
    let article = newsroom.field_as(who, document, json!({"id": id})).await;
    let slug = |tag: &Value| tag["slug"].as_str().expect("a slug").to_owned();
    article["tags"].as_array().expect("tags").iter().map(slug).collect()
}

#[tokio::test]
async fn two_tags_become_one() {
    on_each_database(async |newsroom| {
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let guest = Viewer::Guest;
        let only_from = write(newsroom, &editor, "Un", &["Harbour Bridge", "Traffic"], true).await;
        let only_into = write(newsroom, &editor, "Deux", &["Pont du port"], true).await;
        let both =
            write(newsroom, &editor, "Trois", &["Traffic", "Harbour Bridge", "Roads", "Pont du port"], true)
                .await;
        let draft = write(newsroom, &editor, "Quatre", &["Harbour Bridge"], false).await;
        let from = tag(newsroom, &editor, "harbour-bridge").await;
        let into = tag(newsroom, &editor, "pont-du-port").await;
        assert_eq!(
            (&from["articles"]["totalCount"], &into["articles"]["totalCount"]),
            (&json!(2), &json!(2))
        );
        // Names in two languages, a former slug, and an old revision that carries it alone.
        let renamed = json!({"slug": "the-bridge", "locale": "ar", "name": "جسر المرفأ"});
        newsroom.done_as(&editor, UPDATE, json!({"id": from["id"], "input": renamed})).await;
        let changed = json!({"id": only_from, "version": 2, "input": {"tagNames": ["Roads"]}});
        newsroom.done_as(&editor, "UpdateArticle", changed).await;

        let merged =
            newsroom.done_as(&editor, "MergeTags", json!({"from": from["id"], "into": into["id"]})).await;
        assert_eq!((&merged["tag"]["id"], &merged["tag"]["slug"]), (&into["id"], &json!("pont-du-port")));
        assert_eq!(merged["tag"]["name"], "جسر المرفأ", "a name of a language that it had none in");
        newsroom.assert_sound().await;
        for slug in ["pont-du-port", "harbour-bridge", "the-bridge"] {
            let found = tag(newsroom, &guest, slug).await;
            assert_eq!(
                (&found["slug"], &found["articles"]["totalCount"]),
                (&json!("pont-du-port"), &json!(3)),
                "{slug}"
            );
            assert_eq!(found["articles"]["nodes"].as_array().map(Vec::len), Some(3));
        }
        assert_eq!(tags_of(newsroom, &guest, &only_from).await, ["pont-du-port", "traffic"]);
        assert_eq!(tags_of(newsroom, &guest, &both).await, ["traffic", "pont-du-port", "roads"]);
        assert_eq!(tags_of(newsroom, &editor, &draft).await, ["pont-du-port"]);
        assert_eq!(tags_of(newsroom, &guest, &only_into).await, ["pont-du-port"]);
        // An old revision brings no tag back that is gone; nor does a name that is typed.
        newsroom.done_as(&editor, "RestoreRevision", json!({"id": only_from, "revision": 1})).await;
        newsroom.done_as(&editor, "PublishArticle", json!({"id": only_from})).await;
        assert_eq!(tags_of(newsroom, &guest, &only_from).await, ["pont-du-port", "traffic"]);
        let typed = write(newsroom, &editor, "Cinq", &["Harbour bridge", "The Bridge"], true).await;
        assert_eq!(tags_of(newsroom, &guest, &typed).await, ["pont-du-port"]);
        newsroom.assert_sound().await;

        for (from, into, refused) in [
            (&into["id"], &into["id"], refusal("INVALID", Some("into"))),
            (&from["id"], &into["id"], refusal("NOT_FOUND", None)),
            (&into["id"], &from["id"], refusal("NOT_FOUND", None)),
            (&into["id"], &json!(global_id("Section:1")), refusal("NOT_FOUND", None)),
            (&json!("x"), &into["id"], refusal("INVALID", Some("from"))),
        ] {
            let payload = newsroom.field_as(&editor, "MergeTags", json!({"from": from, "into": into})).await;
            assert_eq!(refusals(&payload), refused, "{from} {into}");
            assert_eq!(payload["tag"], Value::Null);
        }
        newsroom.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn tags_that_were_merged_can_be_merged_further() {
    on_each_database(async |newsroom| {
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        write(newsroom, &editor, "Un", &["Alpha", "Beta", "Gamma"], true).await;
        write(newsroom, &editor, "Deux", &["Beta"], true).await;
        let id = async |slug: &str| tag(newsroom, &editor, slug).await["id"].clone();
        let (alpha, beta, gamma) = (id("alpha").await, id("beta").await, id("gamma").await);
        newsroom.done_as(&editor, "MergeTags", json!({"from": alpha, "into": beta})).await;
        newsroom.done_as(&editor, "MergeTags", json!({"from": beta, "into": gamma})).await;
        for slug in ["alpha", "beta", "gamma"] {
            let found = tag(newsroom, &Viewer::Guest, slug).await;
            assert_eq!((&found["id"], &found["articles"]["totalCount"]), (&gamma, &json!(2)), "{slug}");
        }
        newsroom.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_tag_is_renamed() {
    on_each_database(async |newsroom| {
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let port = tag(newsroom, &editor, "port").await;
        let input = json!({"slug": "The Port", "locale": "en", "name": "The port"});
        let changed = newsroom.done_as(&editor, UPDATE, json!({"id": port["id"], "input": input})).await;
        assert_eq!(
            (&changed["tag"]["slug"], &changed["tag"]["name"]),
            (&json!("the-port"), &json!("The port"))
        );
        assert_eq!(tag(newsroom, &Viewer::Guest, "port").await["slug"], "the-port");
        for (input, field) in [
            (json!({"slug": "water"}), "input.slug"),
            (json!({"slug": "!"}), "input.slug"),
            (json!({"locale": "de", "name": "Hafen"}), "input.locale"),
            (json!({"names": [{"locale": "fr", "text": "x".repeat(101)}]}), "input.names"),
            (json!({"names": [{"locale": "ar"}, {"locale": "fr"}, {"locale": "en"}]}), "input.name"),
        ] {
            let payload = newsroom.field_as(&editor, UPDATE, json!({"id": port["id"], "input": input})).await;
            assert_eq!(refusals(&payload), refusal("INVALID", Some(field)), "{input}");
        }
        let of_sea = newsroom.person("Noor", Role::Editor, &["sea"]).await;
        for (who, code) in [(&of_sea, "FORBIDDEN"), (&Viewer::Guest, "UNAUTHENTICATED")] {
            for id in [&port["id"], &json!(global_id("Tag:999999"))] {
                let payload = newsroom.field_as(who, UPDATE, json!({"id": id, "input": {}})).await;
                assert_eq!(refusals(&payload), refusal(code, None));
                let payload =
                    newsroom.field_as(who, "MergeTags", json!({"from": id, "into": port["id"]})).await;
                assert_eq!(refusals(&payload), refusal(code, None));
            }
        }
        newsroom.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn tags_are_found_while_one_types() {
    on_each_database(async |newsroom| {
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let guest = Viewer::Guest;
        write(newsroom, &editor, "Un", &["Élections régionales"], false).await;
        let slug = "elections-regionales";
        assert_eq!(meant(newsroom, &editor, "regio").await, [slug]);
        assert!(meant(newsroom, &editor, "ÉLECTIONS").await.contains(&slug.to_owned()));
        assert_eq!(meant(newsroom, &guest, "regio").await, [""; 0], "a draft's tag tells of the draft");
        assert_eq!(tag(newsroom, &guest, slug).await, Value::Null);
        assert!(meant(newsroom, &guest, "المين").await.contains(&"port".to_owned()), "in any language");
        assert_eq!(meant(newsroom, &guest, "zzz").await, [""; 0]);

        // All of them, the most used first, page by page from both ends.
        let all = meant(newsroom, &guest, "").await;
        assert!(all.len() > 8);
        let document = "query($f: Int, $l: Int, $a: String, $b: String) { tags(first: $f, last: $l, after: $a, before: $b) \
            { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { slug articles(first: 1) { totalCount } } } }";
        let (mut walked, mut counts, mut after) = (Vec::new(), Vec::new(), Value::Null);
        loop {
            let page = newsroom.field_as(&guest, document, json!({"f": 3, "a": after})).await;
            for node in page["nodes"].as_array().expect("tags") {
                walked.push(node["slug"].as_str().expect("a slug").to_owned());
                counts.push(node["articles"]["totalCount"].as_i64().expect("a count"));
            }
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == json!(false) {
                break;
            }
        }
        assert_eq!(walked, all);
        assert!(counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
        let last = newsroom.field_as(&guest, document, json!({"l": 2})).await;
        let slugs: Vec<_> = last["nodes"].as_array().expect("tags").iter().map(|node| node["slug"].clone()).collect();
        assert_eq!(json!(slugs), json!(all[all.len() - 2..]));
        assert_eq!(last["pageInfo"]["hasPreviousPage"], true);
        let long = newsroom.ask(&document.replace("first: $f", "first: $f, query: $a"), json!({"a": "x".repeat(101)})).await;
        assert_eq!(long["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{long:#}");
    })
    .await;
}
