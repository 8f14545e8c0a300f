//! The site's settings, and who changed them: the audit log.

use masthead_domain::user::Role;
use masthead_domain::viewer::Viewer;
use serde_json::{Value, json};

use crate::documents::operation;
use crate::newsroom::{Newsroom, global_id, now, on_each_database, refusal, refusals};

async fn site(newsroom: &Newsroom, locale: &str) -> Value {
    let document = "query($l: LanguageTag) { site(locale: $l) { name tagline copyrightNotice defaultLocale locales timeZone permalink commentPolicy } }";
    newsroom.field_as(&Viewer::Guest, document, json!({"l": locale})).await
}

#[tokio::test]
async fn the_site_is_set_up() {
    on_each_database(async |newsroom| {
        let admin = newsroom.person("Huda", Role::Admin, &[]).await;
        let input = json!({"locale": "fr", "name": "La Voix", "tagline": null, "taglines": [{"locale": "en", "text": "All the news"}],
            "copyrightNotice": "© La Voix", "timeZone": "Asia/Beirut", "commentPolicy": "MODERATED",
            "locales": ["fr", "ar", "en", "de"], "defaultLocale": "fr", "permalink": "/news/{locale}/{slug}"});
        let changed = newsroom.done_as(&admin, "UpdateSite", json!({"input": input})).await;
        assert_eq!((&changed["site"]["name"], &changed["site"]["locale"]), (&json!("La Voix"), &json!("fr")));
        let french = site(newsroom, "fr").await;
        assert_eq!(french["copyrightNotice"], "© La Voix");
        assert_eq!((&french["timeZone"], &french["commentPolicy"]), (&json!("Asia/Beirut"), &json!("MODERATED")));
        assert_eq!((&french["locales"], &french["defaultLocale"]), (&json!(["fr", "ar", "en", "de"]), &json!("fr")));
        assert_eq!(site(newsroom, "en").await["tagline"], "All the news");
        assert_eq!(site(newsroom, "ar").await["name"], "صوت المرفأ", "as it was");
        let slug = newsroom.slug_of("night-bus.en").await;
        let document = "query($s: String!) { article(slug: $s) { url } }";
        let article = newsroom.field_as(&Viewer::Guest, document, json!({"s": slug})).await;
        assert_eq!(article["url"], json!(format!("https://news.example/news/en/{slug}")));
        // The old shape of addresses is still read.
        let stored = newsroom.store.reads_as(Viewer::Guest).site().await.expect("the site");
        let addressed = stored.addressed(&format!("/en/{slug}"));
        assert_eq!(addressed.iter().map(|(locale, _)| locale.as_str()).collect::<Vec<_>>(), ["en"]);
        newsroom.done_as(&admin, "UpdateSite", json!({"input": {"locales": ["ar", "fr", "en"]}})).await;
        assert_eq!(site(newsroom, "fr").await["locales"], json!(["ar", "fr", "en"]));
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_setting_is_told_beside_it() {
    on_each_database(async |newsroom| {
        let admin = newsroom.person("Huda", Role::Admin, &[]).await;
        let before = site(newsroom, "ar").await;
        for (input, fields) in [
            (json!({"locales": ["ar", "fr"]}), vec!["input.locales"]),
            (json!({"locales": []}), vec!["input.locales"]),
            (json!({"locales": ["ar", "fr", "en"], "defaultLocale": "de"}), vec!["input.defaultLocale"]),
            (json!({"defaultLocale": "fr-CA"}), vec!["input.defaultLocale"]),
            (json!({"timeZone": "Mars/Olympus"}), vec!["input.timeZone"]),
            (json!({"timeZone": ""}), vec!["input.timeZone"]),
            (json!({"permalink": "/{slug}"}), vec!["input.permalink"]),
            (json!({"permalink": "{locale}/{slug}"}), vec!["input.permalink"]),
            (json!({"permalink": "/{locale}/tag/{slug}"}), vec!["input.permalink"]),
            (
                json!({"name": "x".repeat(101), "tagline": "a\nb", "copyrightNotice": "\u{7}"}),
                vec!["input.name", "input.tagline", "input.copyrightNotice"],
            ),
            (json!({"locale": "de", "name": "x"}), vec!["input.locale"]),
            (
                json!({"name": "New", "permalink": "/", "timeZone": "?"}),
                vec!["input.permalink", "input.timeZone"],
            ),
        ] {
            let payload = newsroom.field_as(&admin, "UpdateSite", json!({"input": input})).await;
            let expected: Vec<_> =
                fields.iter().map(|field| ("INVALID".to_owned(), Some((*field).to_owned()))).collect();
            assert_eq!(refusals(&payload), expected, "{input}");
            assert_eq!(payload["site"], Value::Null);
        }
        let payload = newsroom.field_as(&admin, "UpdateSite", json!({"input": {"locales": ["ar"]}})).await;
        let message = payload["errors"][0]["message"].as_str().expect("a message");
        assert!(message.contains("fr") && message.contains("en"), "{message}");
        assert_eq!(site(newsroom, "ar").await, before, "nothing of it was done");
        for (who, code) in [
            (newsroom.person("Salma", Role::Editor, &[]).await, "FORBIDDEN"),
            (newsroom.person("Omar", Role::Admin, &["sea"]).await, "FORBIDDEN"),
            (Viewer::Guest, "UNAUTHENTICATED"),
        ] {
            let payload = newsroom.field_as(&who, "UpdateSite", json!({"input": {"name": "x"}})).await;
            assert_eq!(refusals(&payload), refusal(code, None));
        }
    })
    .await;
}

#[tokio::test]
async fn administrators_read_who_did_what() {
    on_each_database(async |newsroom| {
        let admin = newsroom.person("Huda", Role::Admin, &[]).await;
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let author = newsroom.done_as(&editor, "CreateAuthor", json!({"input": {"name": "Lina"}})).await["author"].clone();
        let input = json!({"bio": "Secret words.", "slug": "lina-2"});
        newsroom.done_as(&editor, "UpdateAuthor", json!({"id": author["id"], "input": input})).await;
        // What changes nothing is written down nowhere.
        newsroom.done_as(&editor, "UpdateAuthor", json!({"id": author["id"], "input": {"name": "Lina"}})).await;
        let section = newsroom.done_as(&editor, "CreateSection", json!({"input": {"name": "Forest"}})).await["section"].clone();
        newsroom.done_as(&admin, "UpdateSite", json!({"input": {"name": "Port", "timeZone": "Asia/Beirut"}})).await;
        // What was refused too.
        newsroom.field_as(&editor, "CreateSection", json!({"input": {"name": "Woods", "slug": "forest"}})).await;

        let log = newsroom.field_as(&admin, "Audit", json!({})).await;
        let lines: Vec<Value> = log["nodes"].as_array().expect("lines").clone();
        let told: Vec<_> = lines.iter().map(|line| (&line["action"], &line["actor"]["name"], &line["subjectId"], &line["detail"])).collect();
        assert_eq!(
            told,
            [
                (&json!("SITE_UPDATED"), &json!("Huda"), &Value::Null, &json!("name, timeZone")),
                (&json!("SECTION_CREATED"), &json!("Salma"), &section["id"], &Value::Null),
                (&json!("AUTHOR_UPDATED"), &json!("Salma"), &author["id"], &json!("slug, bio")),
                (&json!("AUTHOR_CREATED"), &json!("Salma"), &author["id"], &Value::Null),
            ]
        );
        assert_eq!((&lines[0]["actor"]["role"], &lines[1]["actor"]["role"]), (&json!("ADMIN"), &json!("EDITOR")));
        assert!(!log.to_string().contains("Secret"));
        let mut paged = Vec::new();
        let mut after = Value::Null;
        loop {
            let page = newsroom.field_as(&admin, "Audit", json!({"first": 3, "after": after})).await;
            paged.extend(page["nodes"].as_array().expect("lines").clone());
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == json!(false) {
                break;
            }
        }
        assert_eq!(paged, lines);

        let filtered = "query($actor: ID, $action: AuditAction, $subject: ID) { auditLog(actor: $actor, action: $action, subject: $subject) { nodes { id } } }";
        let user = |who: &Viewer| global_id(&format!("User:{}", who.user().expect("signed in").get()));
        for (filter, count) in [
            (json!({"actor": user(&editor)}), 3),
            (json!({"actor": user(&admin)}), 1),
            (json!({"action": "AUTHOR_UPDATED"}), 1),
            (json!({"subject": author["id"]}), 2),
            (json!({"subject": author["id"], "action": "AUTHOR_CREATED", "actor": user(&admin)}), 0),
        ] {
            let found = newsroom.field_as(&admin, filtered, filter.clone()).await;
            assert_eq!(found["nodes"].as_array().map(Vec::len), Some(count), "{filter}");
        }
        for (who, code) in [
            (&Viewer::Guest, "UNAUTHENTICATED"),
            (&editor, "FORBIDDEN"),
            (&newsroom.person("Omar", Role::Admin, &["sea"]).await, "FORBIDDEN"),
        ] {
            let answer = newsroom.ask_as(who, now(), &operation("Audit"), json!({})).await;
            assert_eq!(answer["data"], json!({"auditLog": null}));
            assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{answer:#}");
        }
        for filter in [json!({"actor": "x"}), json!({"actor": author["id"]}), json!({"subject": global_id("ApiToken:1")})] {
            let answer = newsroom.ask_as(&admin, now(), filtered, filter.clone()).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{filter}");
        }
    })
    .await;
}
