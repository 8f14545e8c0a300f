//! The sections' tree: made, moved and deleted, with lists, counts and addresses right at once.

use masthead_domain::user::Role;
use masthead_domain::viewer::Viewer;
use serde_json::{Value, json};

use crate::newsroom::{Newsroom, global_id, on_each_database, on_each_database_raw, refusal, refusals};

const DELETE: &str =
    "mutation($id: ID!) { deleteSection(id: $id) { deletedId errors { code field message } } }";

async fn section(newsroom: &Newsroom, slug: &str) -> Value {
    let document = "query($s: String!) { section(slug: $s) { id slug name description parent { slug } ancestors { slug } children { slug } \
        articles(first: 100) { totalCount nodes { slug } } } }";
    newsroom.field_as(&Viewer::Guest, document, json!({"s": slug})).await
}

async fn id_of(newsroom: &Newsroom, slug: &str) -> Value {
    section(newsroom, slug).await["id"].clone()
}

async fn count(newsroom: &Newsroom, slug: &str) -> u64 {
    let found = section(newsroom, slug).await;
    let listed = found["articles"]["nodes"].as_array().expect("articles").len() as u64;
    assert_eq!(found["articles"]["totalCount"], json!(listed), "{slug}: a count counts what is listed");
    listed
}

async fn update(newsroom: &Newsroom, who: &Viewer, id: &Value, input: Value) -> Value {
    newsroom.field_as(who, "UpdateSection", json!({"id": id, "input": input})).await
}

#[tokio::test]
async fn a_section_is_made_and_changed() {
    on_each_database(async |newsroom| {
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let environment = id_of(newsroom, "environment").await;
        let input = json!({"name": "الغابة", "names": [{"locale": "fr", "text": "Forêt"}], "description": "أشجار.", "parentId": environment});
        let made = newsroom.done_as(&editor, "CreateSection", json!({"input": input})).await["section"].clone();
        assert_eq!((&made["slug"], &made["name"]), (&json!("الغابة"), &json!("الغابة")));
        let found = section(newsroom, "الغابة").await;
        assert_eq!((&found["parent"]["slug"], &found["articles"]["totalCount"]), (&json!("environment"), &json!(0)));
        let children = section(newsroom, "environment").await["children"].clone();
        assert_eq!(children[children.as_array().expect("a list").len() - 1]["slug"], "الغابة", "behind its siblings");

        let changes = json!({"slug": "forest", "locale": "en", "name": "Forest", "description": null, "position": 0});
        let changed = update(newsroom, &editor, &made["id"], changes).await;
        assert_eq!((&changed["section"]["slug"], &changed["section"]["name"]), (&json!("forest"), &json!("Forest")));
        assert_eq!(section(newsroom, "الغابة").await["slug"], "forest", "the old slug leads on");
        assert_eq!(section(newsroom, "environment").await["children"][0]["slug"], "forest");
        assert_eq!(section(newsroom, "forest").await["description"], "أشجار.", "of another language");
        for (input, field) in [
            (json!({"slug": "sea"}), "input.slug"),
            (json!({"position": -1}), "input.position"),
            (json!({"position": 10_000}), "input.position"),
            (json!({"parentId": made["id"]}), "input.parentId"),
            (json!({"parentId": global_id("Section:999999")}), "input.parentId"),
            (json!({"parentId": global_id("Tag:1")}), "input.parentId"),
            (json!({"parentId": "x"}), "input.parentId"),
            (json!({"name": null, "locale": "en", "names": [{"locale": "ar"}, {"locale": "fr"}]}), "input.name"),
        ] {
            let payload = update(newsroom, &editor, &made["id"], input.clone()).await;
            assert_eq!(refusals(&payload), refusal("INVALID", Some(field)), "{input}");
        }
        let unknown = json!(global_id("Section:999999"));
        assert_eq!(refusals(&update(newsroom, &editor, &unknown, json!({})).await), refusal("NOT_FOUND", None));
        newsroom.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_section_that_moves_takes_its_articles_along() {
    on_each_database(async |newsroom| {
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let [sea, environment, sport] = [
            id_of(newsroom, "sea").await,
            id_of(newsroom, "environment").await,
            id_of(newsroom, "sport").await,
        ];
        let in_sea = count(newsroom, "sea").await;
        let (before_environment, before_sport) =
            (count(newsroom, "environment").await, count(newsroom, "sport").await);
        assert!(in_sea > 1);
        let moved = update(newsroom, &editor, &sea, json!({"parentId": sport})).await;
        assert_eq!(moved["errors"], json!([]));
        newsroom.assert_sound().await;
        assert_eq!(count(newsroom, "sea").await, in_sea);
        assert!(count(newsroom, "environment").await < before_environment);
        let now_sport = count(newsroom, "sport").await;
        assert!(now_sport > before_sport && now_sport <= before_sport + in_sea);
        // No circle, however long.
        for (id, below) in [(&sport, &sea), (&sport, &sport)] {
            let payload = update(newsroom, &editor, id, json!({"parentId": below})).await;
            assert_eq!(refusals(&payload), refusal("INVALID", Some("input.parentId")));
        }
        // A chain down and up again.
        update(newsroom, &editor, &sport, json!({"parentId": environment})).await;
        newsroom.assert_sound().await;
        let ancestors = section(newsroom, "sea").await["ancestors"].clone();
        assert_eq!(ancestors, json!([{"slug": "environment"}, {"slug": "sport"}]));
        update(newsroom, &editor, &sea, json!({"parentId": environment})).await;
        update(newsroom, &editor, &sport, json!({"parentId": null})).await;
        newsroom.assert_sound().await;
        assert_eq!(count(newsroom, "environment").await, before_environment);
        assert_eq!(count(newsroom, "sport").await, before_sport);
    })
    .await;
}

#[tokio::test]
async fn sections_stand_at_most_eight_levels_deep() {
    on_each_database(async |newsroom| {
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let mut above = Value::Null;
        for level in 1..=9 {
            let input = json!({"name": format!("Level {level}"), "parentId": above});
            let payload = newsroom.field_as(&editor, "CreateSection", json!({"input": input})).await;
            if level == 9 {
                assert_eq!(refusals(&payload), refusal("INVALID", Some("input.parentId")));
            } else {
                above = payload["section"]["id"].clone();
                assert!(above.is_string(), "{payload:#}");
            }
        }
        newsroom.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_deleted_section_leaves_its_articles_and_its_address_to_the_one_above() {
    on_each_database(async |newsroom| {
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let [sea, environment] = [id_of(newsroom, "sea").await, id_of(newsroom, "environment").await];
        update(newsroom, &editor, &sea, json!({"slug": "the-sea"})).await;
        let articles = section(newsroom, "sea").await["articles"]["nodes"].clone();
        let before = count(newsroom, "environment").await;
        // Not with something below it, and not at the top with articles in it.
        for id in [&environment, &id_of(newsroom, "sport").await] {
            let payload = newsroom.field_as(&editor, DELETE, json!({"id": id})).await;
            assert_eq!(refusals(&payload), refusal("INVALID", Some("id")));
            assert_eq!(payload["deletedId"], Value::Null);
        }
        let gone = newsroom.done_as(&editor, DELETE, json!({"id": sea})).await;
        assert_eq!(gone["deletedId"], sea);
        newsroom.assert_sound().await;
        assert_eq!(count(newsroom, "environment").await, before);
        for slug in ["sea", "the-sea"] {
            assert_eq!(section(newsroom, slug).await["slug"], "environment", "{slug}");
        }
        for article in articles.as_array().expect("articles") {
            let document =
                "query($s: String!) { article(slug: $s) { section { slug } desk { section { slug } } } }";
            let article = newsroom.field_as(&editor, document, json!({"s": article["slug"]})).await;
            assert_ne!(article["section"], Value::Null);
            assert_eq!(article["section"], article["desk"]["section"]);
        }
        let again = newsroom.field_as(&editor, DELETE, json!({"id": sea})).await;
        assert_eq!(refusals(&again), refusal("NOT_FOUND", None));
        // An empty one at the top goes; its address leads nowhere.
        let made = newsroom.done_as(&editor, "CreateSection", json!({"input": {"name": "Empty"}})).await;
        newsroom.done_as(&editor, DELETE, json!({"id": made["section"]["id"]})).await;
        assert_eq!(section(newsroom, "empty").await, Value::Null);
    })
    .await;
}

#[tokio::test]
async fn nobodys_role_grows_by_a_section_that_goes() {
    on_each_database_raw(async |newsroom, store| {
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let sea = id_of(newsroom, "sea").await;
        let user = editor.user().expect("signed in").get();
        let insert = format!("INSERT INTO user_sections (user_id, section_id) SELECT {user}, id FROM sections WHERE slug = 'sea'");
        store.execute(&insert).await;
        let payload = newsroom.field_as(&editor, DELETE, json!({"id": sea})).await;
        assert_eq!(refusals(&payload), refusal("INVALID", Some("id")));
        store.execute("DELETE FROM user_sections").await;
        let id = store.number("SELECT id FROM sections WHERE slug = 'sea'").await;
        let invite = format!(
            "INSERT INTO invitations (email, email_key, name, role, sections, created_at, expires_at) \
             VALUES ('a@b.example', 'a@b.example', 'A', 'EDITOR', '[{id}]', 0, 9000000000000000)"
        );
        store.execute(&invite).await;
        let payload = newsroom.field_as(&editor, DELETE, json!({"id": sea})).await;
        assert_eq!(refusals(&payload), refusal("INVALID", Some("id")));
        store.execute("UPDATE invitations SET accepted_at = 1").await;
        newsroom.done_as(&editor, DELETE, json!({"id": sea})).await;
    })
    .await;
}

#[tokio::test]
async fn an_editor_of_a_section_changes_what_is_in_it() {
    on_each_database(async |newsroom| {
        let [sea, environment, sport] = [
            id_of(newsroom, "sea").await,
            id_of(newsroom, "environment").await,
            id_of(newsroom, "sport").await,
        ];
        let of_sea = newsroom.person("Salma", Role::Editor, &["sea"]).await;
        let of_both = newsroom.person("Noor", Role::Editor, &["sea", "environment"]).await;
        let create = async |who: &Viewer, parent: &Value| {
            let input = json!({"name": "Waves", "parentId": parent});
            refusals(&newsroom.field_as(who, "CreateSection", json!({"input": input})).await)
        };
        let forbidden = refusal("FORBIDDEN", None);
        assert_eq!(create(&of_sea, &sea).await, []);
        assert_eq!(create(&of_sea, &environment).await, forbidden);
        assert_eq!(create(&of_sea, &Value::Null).await, forbidden);
        assert_eq!(
            update(newsroom, &of_sea, &sea, json!({"locale": "en", "name": "The sea"})).await["errors"],
            json!([])
        );
        let strangers = [json!(global_id("Section:999999")), sport.clone()];
        for id in &strangers {
            assert_eq!(
                refusals(&update(newsroom, &of_sea, id, json!({"name": "x"})).await),
                forbidden,
                "{id}"
            );
            assert_eq!(refusals(&newsroom.field_as(&of_sea, DELETE, json!({"id": id})).await), forbidden);
        }
        // Neither out of a section nor into one that is not theirs.
        assert_eq!(refusals(&update(newsroom, &of_sea, &sea, json!({"parentId": null})).await), forbidden);
        assert_eq!(refusals(&update(newsroom, &of_both, &sea, json!({"parentId": sport})).await), forbidden);
        assert_eq!(refusals(&newsroom.field_as(&of_sea, DELETE, json!({"id": sea})).await), forbidden);
        for (who, code) in [
            (newsroom.person("Rania", Role::Author, &[]).await, "FORBIDDEN"),
            (Viewer::Guest, "UNAUTHENTICATED"),
        ] {
            assert_eq!(create(&who, &sea).await, refusal(code, None));
            assert_eq!(
                refusals(&update(newsroom, &who, &sea, json!({"name": "x"})).await),
                refusal(code, None)
            );
        }
        newsroom.assert_sound().await;
    })
    .await;
}
