//! Authors' profiles: made, changed by their own and by editors, found by every slug that they had.

use masthead_domain::user::Role;
use masthead_domain::viewer::Viewer;
use serde_json::{Value, json};

use crate::newsroom::{Newsroom, global_id, on_each_database, on_sqlite, refusal, refusals};

const WHOLE: &str = "slug name role bio links { label url } avatar { alt }";

async fn author(newsroom: &Newsroom, slug: &str, locale: &str) -> Value {
    let document =
        format!("query($s: String!, $l: LanguageTag) {{ author(slug: $s, locale: $l) {{ id {WHOLE} }} }}");
    newsroom.field_as(&Viewer::Guest, &document, json!({"s": slug, "l": locale})).await
}

async fn slug_found(newsroom: &Newsroom, slug: &str) -> Value {
    author(newsroom, slug, "en").await["slug"].clone()
}

#[tokio::test]
async fn an_author_in_several_languages() {
    on_each_database(async |newsroom| {
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let input = json!({"locale": "fr", "name": " Lina Haddad ", "role": "Reporter", "bio": "Née au port.\r\n\r\nVit en ville.",
            "names": [{"locale": "ar", "text": "لينا حدّاد"}], "roles": [{"locale": "ar", "text": "مراسلة"}],
            "links": [{"label": "Site", "url": "HTTPS://lina.example"}], "avatarId": global_id("Image:1")});
        let made = newsroom.done_as(&editor, "CreateAuthor", json!({"input": input})).await["author"].clone();
        assert_eq!((&made["name"], &made["role"]), (&json!("Lina Haddad"), &json!("Reporter")), "in the form's language");
        assert_eq!(made["slug"], "لينا-حداد", "made of the name in the site's language");
        let arabic = author(newsroom, "لينا-حداد", "ar").await;
        assert_eq!((&arabic["name"], &arabic["role"]), (&json!("لينا حدّاد"), &json!("مراسلة")));
        assert_eq!(arabic["bio"], "Née au port.\n\nVit en ville.", "the only one there is");
        assert_eq!(arabic["links"], json!([{"label": "Site", "url": "https://lina.example/"}]));
        assert!(arabic["avatar"]["alt"].is_string(), "{arabic:#}");

        let again = newsroom.done_as(&editor, "CreateAuthor", json!({"input": input})).await;
        assert_eq!(again["author"]["slug"], "لينا-حداد-2", "a slug that was made is numbered");
        let input = json!({"name": "Lina H.", "slug": "لينا-حداد"});
        let taken = newsroom.field_as(&editor, "CreateAuthor", json!({"input": input})).await;
        assert_eq!(refusals(&taken), refusal("INVALID", Some("input.slug")));
        assert_eq!(taken["author"], Value::Null);
        let chosen = newsroom.done_as(&editor, "CreateAuthor", json!({"input": {"name": "Lina H.", "slug": "Lina H"}})).await;
        assert_eq!(chosen["author"]["slug"], "lina-h");

        // Absent: as it is. Null: none.
        let changes = json!({"role": null, "locale": "ar", "bio": "ولدت قرب المرفأ.", "bios": [{"locale": "fr", "text": null}], "links": null});
        newsroom.done_as(&editor, "UpdateAuthor", json!({"id": made["id"], "input": changes})).await;
        let french = author(newsroom, "لينا-حداد", "fr").await;
        assert_eq!(french["name"], "Lina Haddad");
        assert_eq!((&french["role"], &french["bio"]), (&json!("Reporter"), &json!("ولدت قرب المرفأ.")));
        assert_eq!(french["links"], json!([]));
        assert!(french["avatar"].is_object());
        let changes = json!({"avatarId": null, "names": [{"locale": "ar", "text": ""}, {"locale": "fr", "text": null}]});
        let nameless = newsroom.field_as(&editor, "UpdateAuthor", json!({"id": made["id"], "input": changes})).await;
        assert_eq!(refusals(&nameless), refusal("INVALID", Some("input.name")));
        assert!(author(newsroom, "لينا-حداد", "fr").await["avatar"].is_object(), "nothing of it was done");
        newsroom.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn every_slug_that_an_author_had_leads_to_them() {
    on_each_database(async |newsroom| {
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let mut ids = Vec::new();
        for slug in ["one", "two"] {
            let input = json!({"name": "Somebody", "slug": slug});
            ids.push(
                newsroom.done_as(&editor, "CreateAuthor", json!({"input": input})).await["author"]["id"]
                    .clone(),
            );
        }
        let change = async |author: usize, slug: &str| {
            newsroom
                .field_as(&editor, "UpdateAuthor", json!({"id": ids[author], "input": {"slug": slug}}))
                .await
        };
        change(0, "three").await;
        change(0, "four").await;
        for slug in ["one", "three", "four", "ONE", "th\u{200d}ree"] {
            assert_eq!(slug_found(newsroom, slug).await, "four", "{slug}");
        }
        assert_eq!(refusals(&change(1, "four").await), refusal("INVALID", Some("input.slug")));
        // A new author is not given a slug that leads to somebody.
        let made = newsroom.done_as(&editor, "CreateAuthor", json!({"input": {"name": "Three"}})).await;
        assert_eq!(made["author"]["slug"], "three-2");
        // Two change places: each slug leads to whoever has it now, and what nobody has to whoever had it.
        change(1, "one").await;
        change(0, "two").await;
        for (slug, leads_to) in [("one", "one"), ("two", "two"), ("three", "two"), ("four", "two")] {
            assert_eq!(slug_found(newsroom, slug).await, leads_to, "{slug}");
        }
        // Back again.
        change(0, "three").await;
        assert_eq!(
            (slug_found(newsroom, "three").await, slug_found(newsroom, "two").await),
            (json!("three"), json!("three"))
        );
        newsroom.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn faults_are_told_field_by_field() {
    on_sqlite(async |newsroom| {
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let long = |n: usize| "x".repeat(n);
        let link = json!({"label": "x", "url": "https://x.example"});
        for (input, fields) in [
            (json!({}), vec!["input.name"]),
            (json!({"name": "  "}), vec!["input.name"]),
            (json!({"name": "…"}), vec!["input.slug"]),
            (json!({"name": "Ann", "slug": "…"}), vec!["input.slug"]),
            (json!({"name": long(101)}), vec!["input.name", "input.name"]),
            (json!({"name": "Ann", "role": "a\nb", "bio": long(2001)}), vec!["input.role", "input.bio"]),
            (json!({"name": "Ann", "bio": "a\u{0}"}), vec!["input.bio"]),
            (json!({"name": "Ann", "locale": "de"}), vec!["input.locale", "input.name"]),
            (json!({"name": "Ann", "roles": [{"locale": "de", "text": "x"}]}), vec!["input.roles"]),
            (json!({"name": "Ann", "links": vec![link.clone(); 11]}), vec!["input.links"]),
            (
                json!({"name": "Ann", "links": [{"label": "x", "url": "javascript:alert(1)"}]}),
                vec!["input.links"],
            ),
            (
                json!({"name": "Ann", "links": [{"label": "", "url": "https://x.example"}]}),
                vec!["input.links"],
            ),
            (json!({"name": "Ann", "avatarId": "nonsense"}), vec!["input.avatarId"]),
            (json!({"name": "Ann", "avatarId": global_id("Tag:1")}), vec!["input.avatarId"]),
            (json!({"name": "Ann", "avatarId": global_id("Image:999999")}), vec!["input.avatarId"]),
        ] {
            let payload = newsroom.field_as(&editor, "CreateAuthor", json!({"input": input})).await;
            let told = refusals(&payload);
            let expected: Vec<_> =
                fields.iter().map(|field| ("INVALID".to_owned(), Some((*field).to_owned()))).collect();
            assert_eq!(told, expected, "{input}: {payload:#}");
            assert_eq!(payload["author"], Value::Null);
        }
    })
    .await;
}

#[tokio::test]
async fn a_profile_is_its_owners_and_the_editors() {
    on_each_database(async |newsroom| {
        let writer = newsroom.person("Rania", Role::Contributor, &[]).await;
        let other = newsroom.person("Karim", Role::Author, &[]).await;
        let reader = newsroom.person("Wael", Role::Reader, &[]).await;
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let own = global_id(&format!(
            "Author:{}",
            writer.member().expect("signed in").author.expect("a byline").get()
        ));
        let change = json!({"id": own, "input": {"bio": "Writes about the port."}});
        newsroom.done_as(&writer, "UpdateAuthor", change.clone()).await;
        newsroom.done_as(&editor, "UpdateAuthor", json!({"id": own, "input": {"role": "Reporter"}})).await;
        let shown = author(newsroom, "rania", "en").await;
        assert_eq!((&shown["bio"], &shown["role"]), (&json!("Writes about the port."), &json!("Reporter")));
        for (who, code) in
            [(&other, "FORBIDDEN"), (&reader, "FORBIDDEN"), (&Viewer::Guest, "UNAUTHENTICATED")]
        {
            for id in [own.as_str(), &global_id("Author:999999")] {
                let answer =
                    newsroom.field_as(who, "UpdateAuthor", json!({"id": id, "input": {"bio": "x"}})).await;
                assert_eq!(refusals(&answer), refusal(code, None), "{id}");
            }
            let answer = newsroom.field_as(who, "CreateAuthor", json!({"input": {"name": "x"}})).await;
            assert_eq!(refusals(&answer), refusal(code, None));
        }
        let unknown = json!({"id": global_id("Author:999999"), "input": {}});
        assert_eq!(
            refusals(&newsroom.field_as(&editor, "UpdateAuthor", unknown).await),
            refusal("NOT_FOUND", None)
        );
        let malformed = json!({"id": "nonsense", "input": {}});
        assert_eq!(
            refusals(&newsroom.field_as(&editor, "UpdateAuthor", malformed).await),
            refusal("INVALID", Some("id"))
        );
    })
    .await;
}
