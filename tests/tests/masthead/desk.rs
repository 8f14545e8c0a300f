//! The desk as editors use it: the contract's own operations, from a draft to the archive.

use chrono::{DateTime, TimeDelta, Utc};
use masthead_actions::article::due::{Released, release_due};
use masthead_domain::user::Role;
use masthead_domain::viewer::Viewer;
use serde_json::{Value, json};

use crate::documents::operation;
use crate::newsroom::{Newsroom, now, on_each_database};

/// One person at a desk, whose clock each request moves on by a minute.
struct Desk<'a> {
    newsroom: &'a Newsroom,
    at: DateTime<Utc>,
}

impl<'a> Desk<'a> {
    fn new(newsroom: &'a Newsroom) -> Self {
        Self { newsroom, at: now() }
    }

    /// The payload of a mutation of the contract, or the data of a query of it.
    async fn send(&mut self, who: &Viewer, name: &str, variables: Value) -> Value {
        self.at += TimeDelta::minutes(1);
        let answer = self.newsroom.ask_as(who, self.at, &operation(name), variables).await;
        assert!(answer.get("errors").is_none(), "{name}: {answer:#}");
        answer["data"].clone()
    }

    async fn does(&mut self, who: &Viewer, name: &str, variables: Value) -> Value {
        let data = self.send(who, name, variables).await;
        let payload = data.as_object().expect("an object").values().next().expect("a payload").clone();
        assert_eq!(payload["errors"], json!([]), "{name}: {payload:#}");
        payload
    }

    async fn fails(&mut self, who: &Viewer, name: &str, variables: Value) -> Value {
        let data = self.send(who, name, variables).await;
        data.as_object().expect("an object").values().next().expect("a payload").clone()
    }

    async fn reads(&self, who: &Viewer, slug: &str) -> Value {
        let document = "query($s: String!) { article(slug: $s) { id slug title publishedAt body { text } desk { status version } \
            tags { name } authors { name } corrections { kind note } } }";
        let answer = self.newsroom.ask_as(who, self.at, document, json!({"s": slug})).await;
        assert!(answer.get("errors").is_none(), "{answer:#}");
        answer["data"]["article"].clone()
    }

    async fn sound(&self) {
        assert_eq!(self.newsroom.store.wrong_counts().await.expect("counts"), []);
        assert_eq!(self.newsroom.store.misplaced().await.expect("rows"), []);
    }
}

fn code(payload: &Value) -> &str {
    payload["errors"][0]["code"].as_str().unwrap_or("")
}

#[tokio::test]
async fn an_article_from_a_draft_to_the_archive() {
    on_each_database(async |newsroom| {
        let mut desk = Desk::new(newsroom);
        let writer = newsroom.person("Rania", Role::Contributor, &[]).await;
        let other = newsroom.person("Karim", Role::Contributor, &[]).await;
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let guest = Viewer::Guest;

        let input = json!({"title": "جسر جديد فوق النهر", "locale": "ar", "section": "city", "tagNames": ["جسور", "مواصلات"],
            "body": {"html": "<p>يبدأ العمل في الربيع.</p><ol start=\"3\"><li>بند</li></ol>"}});
        let made = desk.does(&writer, "CreateArticle", json!({"input": input})).await;
        let id = made["article"]["id"].clone();
        let head = &made["article"]["desk"];
        assert_eq!((&head["status"], &head["version"]), (&json!("DRAFT"), &json!(1)));
        assert_eq!(head["slug"], "جسر-جديد-فوق-النهر");
        assert_eq!(head["authors"][0]["name"], "Rania");
        assert_eq!(made["article"]["publishedAt"], Value::Null);

        // Nobody but the writer and the editors sees it; a plain field shows the head before the first publication.
        assert!(desk.reads(&guest, "جسر-جديد-فوق-النهر").await.is_null());
        assert!(desk.reads(&other, "جسر-جديد-فوق-النهر").await.is_null());
        let own = desk.reads(&writer, "جسر-جديد-فوق-النهر").await;
        assert_eq!(own["title"], "جسر جديد فوق النهر");
        assert_eq!(own["tags"][0]["name"], "جسور");
        assert_eq!(own["body"]["text"], "يبدأ العمل في الربيع.\n\nبند");

        assert_eq!(code(&desk.fails(&writer, "PublishArticle", json!({"id": id})).await), "FORBIDDEN");
        assert_eq!(code(&desk.fails(&guest, "PublishArticle", json!({"id": id})).await), "UNAUTHENTICATED");
        assert_eq!(code(&desk.fails(&other, "SubmitArticle", json!({"id": id})).await), "NOT_FOUND");
        let submitted = desk.does(&writer, "SubmitArticle", json!({"id": id, "version": 1})).await;
        assert_eq!(submitted["article"]["desk"]["status"], "IN_REVIEW");
        let returned = desk.does(&editor, "ReturnArticle", json!({"id": id, "note": "أين المصدر؟"})).await;
        assert_eq!(returned["article"]["desk"]["version"], 3);

        let stale = desk.fails(&writer, "UpdateArticle", json!({"id": id, "version": 1, "input": {"title": "x"}})).await;
        assert_eq!(code(&stale), "STALE");
        assert_eq!(stale["article"]["desk"]["version"], 3);
        let update = json!({"id": id, "version": 3, "input": {"excerpt": "بحسب البلدية", "title": "جسر ثانٍ فوق النهر"}});
        assert_eq!(desk.does(&writer, "UpdateArticle", update).await["article"]["desk"]["version"], 4);
        let same = json!({"id": id, "version": 4, "input": {"title": "جسر ثانٍ فوق النهر"}});
        assert_eq!(desk.does(&writer, "UpdateArticle", same).await["article"]["desk"]["version"], 4, "no change, no version");
        let published = desk.does(&editor, "PublishArticle", json!({"id": id, "version": 4})).await;
        assert_eq!(published["article"]["desk"]["status"], "PUBLISHED");
        assert_eq!(published["article"]["desk"]["hasUnpublishedChanges"], false);
        assert_eq!(desk.reads(&guest, "جسر-جديد-فوق-النهر").await["title"], "جسر ثانٍ فوق النهر");
        desk.sound().await;

        // The head changes, and readers see nothing of it; its slug changes when it is published.
        let update = json!({"id": id, "version": 5, "input": {"title": "جسر ثالث", "slug": "جسر-ثالث", "tagNames": ["مواصلات", "بلدية"]}});
        let changed = desk.does(&editor, "UpdateArticle", update).await;
        assert_eq!(changed["article"]["desk"]["hasUnpublishedChanges"], true);
        let read = desk.reads(&guest, "جسر-جديد-فوق-النهر").await;
        assert_eq!((&read["title"], &read["slug"]), (&json!("جسر ثانٍ فوق النهر"), &json!("جسر-جديد-فوق-النهر")));
        assert!(desk.reads(&guest, "جسر-ثالث").await.is_null());
        assert_eq!(code(&desk.fails(&writer, "UpdateArticle", json!({"id": id, "version": 6, "input": {}})).await), "FORBIDDEN");
        desk.does(&editor, "CorrectArticle", json!({"id": id, "version": 6, "kind": "CORRECTION", "note": "الجسر ثالث لا ثانٍ.", "input": {}})).await;
        let read = desk.reads(&guest, "جسر-جديد-فوق-النهر").await;
        assert_eq!((&read["title"], &read["slug"]), (&json!("جسر ثالث"), &json!("جسر-ثالث")));
        assert_eq!(read["corrections"][0]["note"], "الجسر ثالث لا ثانٍ.");
        assert_eq!(read["tags"][1]["name"], "بلدية");
        desk.sound().await;

        let history = newsroom
            .ask_as(&editor, desk.at, "query($id: ID!) { node(id: $id) { ... on Article { desk { revisions(first: 50) { totalCount nodes { number editor { name } change reason title isPublished } } } } } }", json!({"id": id}))
            .await;
        insta::assert_json_snapshot!("desk_history", history["data"]["node"]["desk"]["revisions"]);

        let restored = desk.does(&editor, "RestoreRevision", json!({"id": id, "revision": 1})).await;
        assert_eq!(restored["article"]["desk"]["title"], "جسر جديد فوق النهر");
        desk.does(&editor, "ArchiveArticle", json!({"id": id, "reason": "سُحب"})).await;
        assert!(desk.reads(&guest, "جسر-ثالث").await.is_null());
        assert_eq!(desk.reads(&editor, "جسر-ثالث").await["title"], "جسر ثالث", "the desk sees what was published");
        assert_eq!(code(&desk.fails(&editor, "PublishArticle", json!({"id": id})).await), "WRONG_STATUS");
        desk.does(&editor, "ReopenArticle", json!({"id": id})).await;
        desk.does(&editor, "PublishArticle", json!({"id": id})).await;
        let read = desk.reads(&guest, "جسر-ثالث").await;
        assert_eq!(read["title"], "جسر جديد فوق النهر");
        assert_eq!(read["slug"], "جسر-جديد-فوق-النهر", "the restored wish for a slug is the article's own former one");
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn schedules_and_embargoes_end_at_their_time_once() {
    on_each_database(async |newsroom| {
        let mut desk = Desk::new(newsroom);
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let guest = Viewer::Guest;
        let make = json!({"input": {"title": "Bridge opens", "locale": "en", "section": "city", "body": {"html": "<p>Now.</p>"}}});
        let id = desk.does(&editor, "CreateArticle", make).await["article"]["id"].clone();
        let at = now() + TimeDelta::hours(5);
        let past = desk.fails(&editor, "ScheduleArticle", json!({"id": id, "at": (now() - TimeDelta::hours(1)).to_rfc3339()})).await;
        assert_eq!((code(&past), &past["errors"][0]["field"]), ("INVALID", &json!("at")));
        let scheduled = desk.does(&editor, "ScheduleArticle", json!({"id": id, "at": at.to_rfc3339()})).await;
        assert_eq!(scheduled["article"]["desk"]["status"], "SCHEDULED");
        assert_eq!(newsroom.store.next_due().await.expect("reads"), Some(at));
        assert_eq!(release_due(&newsroom.store, at - TimeDelta::seconds(1)).await.expect("releases"), Released::default());
        assert!(desk.reads(&guest, "bridge-opens").await.is_null());
        let released = release_due(&newsroom.store, at).await.expect("releases");
        assert_eq!(released, Released { published: 1, unembargoed: 0 });
        assert_eq!(release_due(&newsroom.store, at).await.expect("releases"), Released::default());
        assert_eq!(desk.reads(&guest, "bridge-opens").await["title"], "Bridge opens");
        assert_ne!(newsroom.store.next_due().await.expect("reads"), Some(at));

        // An embargo hides what is published, also by mistake, and what was public before: at once.
        let until = now() + TimeDelta::hours(9);
        let update = json!({"id": id, "version": 3, "input": {"title": "Bridge closes", "embargoUntil": until.to_rfc3339()}});
        desk.does(&editor, "UpdateArticle", update).await;
        assert!(desk.reads(&guest, "bridge-opens").await.is_null());
        desk.sound().await;
        let lift = json!({"id": id, "version": 4, "input": {"embargoUntil": null}});
        desk.does(&editor, "UpdateArticle", lift).await;
        assert_eq!(release_due(&newsroom.store, desk.at).await.expect("releases"), Released { published: 0, unembargoed: 1 });
        assert_eq!(desk.reads(&guest, "bridge-opens").await["title"], "Bridge opens", "the head was not published");
        let again = json!({"id": id, "version": 5, "input": {"embargoUntil": until.to_rfc3339()}});
        desk.does(&editor, "UpdateArticle", again).await;
        desk.does(&editor, "PublishArticle", json!({"id": id})).await;
        assert!(desk.reads(&guest, "bridge-opens").await.is_null());
        desk.sound().await;
        assert_eq!(newsroom.store.next_due().await.expect("reads"), Some(until));
        assert_eq!(release_due(&newsroom.store, until - TimeDelta::seconds(1)).await.expect("releases"), Released::default());
        assert_eq!(release_due(&newsroom.store, until).await.expect("releases"), Released { published: 0, unembargoed: 1 });
        assert_eq!(desk.reads(&guest, "bridge-opens").await["title"], "Bridge closes");
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_writer_neither_sets_nor_lifts_the_embargo_of_what_an_editor_published() {
    on_each_database(async |newsroom| {
        let mut desk = Desk::new(newsroom);
        let writer = newsroom.person("Rania", Role::Author, &[]).await;
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let until = (now() + TimeDelta::hours(9)).to_rfc3339();
        let seo = json!({"title": "For search", "description": null});
        let make = json!({"input": {"title": "Bridge opens", "locale": "en", "section": "city", "body": {"html": "<p>Now.</p>"},
            "embargoUntil": until, "direction": "RTL", "seo": seo}});
        let id = desk.does(&writer, "CreateArticle", make).await["article"]["id"].clone();
        desk.does(&editor, "PublishArticle", json!({"id": id})).await;
        for wish in [json!(null), json!((now() + TimeDelta::hours(1)).to_rfc3339())] {
            let lift = json!({"id": id, "version": 2, "input": {"embargoUntil": wish}});
            assert_eq!(code(&desk.fails(&writer, "UpdateArticle", lift).await), "FORBIDDEN");
        }
        let same = json!({"id": id, "version": 2, "input": {"title": "Bridge closes", "embargoUntil": until}});
        desk.does(&writer, "UpdateArticle", same).await;
        let head = "query($id: ID!) { node(id: $id) { ... on Article { desk { seo { title description } ownDirection rights { notice ownNotice } } } } }";
        let answer = newsroom.ask_as(&writer, desk.at, head, json!({"id": id})).await;
        let head = &answer["data"]["node"]["desk"];
        assert_eq!((&head["seo"], &head["ownDirection"]), (&seo, &json!("RTL")), "what was written can be read: {answer}");
        assert!(head["rights"]["ownNotice"].is_null() && head["rights"]["notice"].is_string(), "{head}");
    })
    .await;
}

#[tokio::test]
async fn slugs_go_through_chains_and_swaps_and_deleted_ones_are_gone() {
    on_each_database(async |newsroom| {
        let mut desk = Desk::new(newsroom);
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let admin = newsroom.person("Admin", Role::Admin, &[]).await;
        let guest = Viewer::Guest;
        let mut ids = Vec::new();
        for title in ["Alpha", "Beta"] {
            let make = json!({"input": {"title": title, "locale": "en", "body": {"html": "<p>x</p>"}}});
            let id = desk.does(&editor, "CreateArticle", make).await["article"]["id"].clone();
            desk.does(&editor, "PublishArticle", json!({"id": id})).await;
            ids.push(id);
        }
        let mut versions = [2, 2];
        // alpha -> gamma, beta -> alpha, gamma -> beta: a swap by way of a third.
        for (which, slug) in [(0, "gamma"), (1, "alpha"), (0, "beta")] {
            let update = json!({"id": ids[which], "version": versions[which], "input": {"slug": slug}});
            desk.does(&editor, "UpdateArticle", update).await;
            let published = desk.does(&editor, "PublishArticle", json!({"id": ids[which]})).await;
            assert_eq!(published["article"]["desk"]["slug"], slug);
            versions[which] += 2;
        }
        for (slug, title) in [("alpha", "Beta"), ("beta", "Alpha"), ("gamma", "Alpha")] {
            assert_eq!(desk.reads(&guest, slug).await["title"], title, "{slug}");
        }
        // A slug that is in use is numbered; one that is made of a headline also keeps clear of former ones.
        let update = json!({"id": ids[0], "version": versions[0], "input": {"slug": "alpha"}});
        assert_eq!(desk.does(&editor, "UpdateArticle", update).await["article"]["desk"]["slug"], "alpha");
        let published = desk.does(&editor, "PublishArticle", json!({"id": ids[0]})).await;
        assert_eq!(published["article"]["desk"]["slug"], "alpha-2");
        desk.sound().await;

        assert_eq!(
            code(&desk.fails(&editor, "DeleteArticle", json!({"id": ids[0], "reason": "court"})).await),
            "FORBIDDEN"
        );
        let empty = desk.fails(&admin, "DeleteArticle", json!({"id": ids[0], "reason": " "})).await;
        assert_eq!(code(&empty), "INVALID");
        let deleted =
            desk.does(&admin, "DeleteArticle", json!({"id": ids[0], "reason": "A court's order"})).await;
        assert_eq!(deleted["deletedId"], ids[0]);
        for slug in ["beta", "gamma", "alpha-2"] {
            assert!(desk.reads(&guest, slug).await.is_null(), "{slug}");
        }
        assert_eq!(desk.reads(&guest, "alpha").await["title"], "Beta");
        desk.sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_preview_shows_its_article_to_anyone_and_nothing_else() {
    on_each_database(async |newsroom| {
        let mut desk = Desk::new(newsroom);
        let writer = newsroom.person("Rania", Role::Author, &[]).await;
        let make =
            json!({"input": {"title": "Secret bridge", "locale": "en", "body": {"html": "<p>Hush.</p>"}}});
        let made = desk.does(&writer, "CreateArticle", make).await;
        let url = made["article"]["desk"]["previewUrl"].as_str().expect("a link").to_owned();
        let token = url.strip_prefix("https://news.example/preview/").expect("beneath the site's address");
        let seen = desk.send(&Viewer::Guest, "Preview", json!({"token": token})).await;
        assert_eq!(seen["articlePreview"]["title"], "Secret bridge");
        assert_eq!(seen["articlePreview"]["body"]["html"], "<p>Hush.</p>");
        assert_eq!(seen["articlePreview"]["authors"][0]["name"], "Rania");
        desk.at += TimeDelta::days(9);
        assert!(
            desk.send(&Viewer::Guest, "Preview", json!({"token": token})).await["articlePreview"].is_null()
        );
        assert!(
            desk.send(&Viewer::Guest, "Preview", json!({"token": "x"})).await["articlePreview"].is_null()
        );
    })
    .await;
}

#[tokio::test]
async fn the_desk_s_list_holds_what_each_may_see() {
    on_each_database(async |newsroom| {
        let mut desk = Desk::new(newsroom);
        let writer = newsroom.person("Rania", Role::Contributor, &[]).await;
        let editor = newsroom.person("Salma", Role::Editor, &[]).await;
        let sports = newsroom.person("Omar", Role::Editor, &["sport"]).await;
        let make = json!({"input": {"title": "Mine", "locale": "en", "section": "economy", "body": {"html": "<p>x</p>"}}});
        desk.does(&writer, "CreateArticle", make).await;
        let drafts = json!({"status": ["DRAFT"]});
        let titles = |data: &Value| -> Vec<String> {
            let nodes = data["articles"]["nodes"].as_array().expect("nodes").iter();
            nodes.map(|node| node["desk"]["title"].as_str().expect("a head").to_owned()).collect()
        };
        let own = desk.send(&writer, "Desk", drafts.clone()).await;
        assert_eq!(titles(&own), ["Mine"]);
        assert_eq!(own["articles"]["totalCount"], 1);
        let all = desk.send(&editor, "Desk", drafts.clone()).await;
        assert_eq!(titles(&all)[0], "Mine", "the last changed first");
        assert!(titles(&all).len() > 1);
        assert!(!titles(&desk.send(&sports, "Desk", drafts.clone()).await).contains(&"Mine".to_owned()));
        for who in [Viewer::Guest, newsroom.person("Reader", Role::Reader, &[]).await] {
            let answer = newsroom.ask_as(&who, desk.at, &operation("Desk"), drafts.clone()).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer:#}");
            assert_eq!(answer["data"]["articles"], Value::Null);
        }
        let public = desk.send(&Viewer::Guest, "Desk", json!({})).await;
        assert!(public["articles"]["nodes"].as_array().expect("nodes").iter().all(|node| node["desk"].is_null()));

        // Page by page the same as at once.
        let whole = desk.send(&editor, "Desk", json!({"first": 100})).await;
        let mut paged = Vec::new();
        let mut after = Value::Null;
        loop {
            let page = desk.send(&editor, "Desk", json!({"first": 7, "after": after})).await;
            paged.extend(page["articles"]["nodes"].as_array().expect("nodes").iter().map(|node| node["id"].clone()));
            if page["articles"]["pageInfo"]["hasNextPage"] == json!(false) {
                break;
            }
            after = page["articles"]["pageInfo"]["endCursor"].clone();
        }
        let whole: Vec<Value> = whole["articles"]["nodes"].as_array().expect("nodes").iter().map(|node| node["id"].clone()).collect();
        assert_eq!(paged, whole);
    })
    .await;
}
