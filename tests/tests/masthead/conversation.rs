//! The conversation below an article as its people have it: guests, readers and moderators, through the schema. Here is
//! what its tests share, and what a guest does with the receipt of a comment.

mod as_written;
mod at_once;
mod erased;
mod examined;
mod following;
mod illegal;
mod letters;
mod local_rules;
mod mentions;
mod moderated;
mod policies;
mod property;
mod threads;
mod touched;

use chrono::{DateTime, TimeDelta, Utc};
use masthead_actions::comment::Conversation;
use masthead_domain::comment::Policy;
use masthead_domain::user::Role;
use masthead_domain::viewer::Viewer;
use masthead_graphql::{Settings, Visit, execute};
use masthead_tests::TestStore;
use serde_json::{Value, json};

use crate::documents::operation;
use crate::newsroom::{Newsroom, global_id, now, on_each_database_raw, refusal, refusals};

/// The demo newsroom with people who talk below one of its articles.
pub struct Talk<'a> {
    newsroom: &'a Newsroom,
    store: &'a TestStore,
    settings: Settings,
    /// The article's slug and global id.
    slug: String,
    article: String,
    admin: Viewer,
}

/// Runs `test` on each database, without throttles; afterwards every count and row is looked at.
async fn on_each(test: impl AsyncFn(&Talk)) {
    on_each_with(None, false, test).await;
}

/// The same with a policy that goes before all others, and with the throttles that the program has.
async fn on_each_with(policy: Option<Policy>, throttled: bool, test: impl AsyncFn(&Talk)) {
    on_each_database_raw(async |newsroom, store| {
        let conversation = Conversation::new(policy, throttled, None);
        let settings = Settings { conversation, ..newsroom.settings().clone() };
        let slug = newsroom.slug_of("night-bus.en").await;
        let article = newsroom.article_id(&slug).await;
        let admin = newsroom.person("Amal", Role::Admin, &[]).await;
        test(&Talk { newsroom, store, settings, slug, article, admin }).await;
        newsroom.assert_sound().await;
    })
    .await;
}

/// The moment so many minutes after that of every test.
fn minute(n: i64) -> DateTime<Utc> {
    now() + TimeDelta::minutes(n)
}

impl Talk<'_> {
    /// The whole answer to a document, or to an operation of the contract, at a time.
    async fn answer(&self, viewer: &Viewer, at: DateTime<Utc>, document: &str, variables: Value) -> Value {
        let document = if document.contains('{') { document.to_owned() } else { operation(document) };
        let visit = Visit::new(&self.settings, viewer.clone(), at, None, "test".to_owned());
        let request =
            async_graphql::Request::new(document).variables(async_graphql::Variables::from_json(variables));
        serde_json::to_value(execute(self.newsroom.schema(), request, visit).await).expect("JSON")
    }

    /// What its one field holds; fails on errors of the answer.
    async fn at(&self, viewer: &Viewer, at: DateTime<Utc>, document: &str, variables: Value) -> Value {
        let answer = self.answer(viewer, at, document, variables).await;
        assert!(answer.get("errors").is_none(), "{document}: {answer:#}");
        answer["data"].as_object().and_then(|data| data.values().next()).expect("a field").clone()
    }

    /// The same, now.
    async fn ask(&self, viewer: &Viewer, document: &str, variables: Value) -> Value {
        self.at(viewer, now(), document, variables).await
    }

    /// The same, where nothing must be refused.
    async fn done(&self, viewer: &Viewer, document: &str, variables: Value) -> Value {
        let payload = self.ask(viewer, document, variables).await;
        assert_eq!(payload["errors"], json!([]), "{document}: {payload:#}");
        payload
    }

    /// A guest's `createComment` at a time: `input` over a body of its own.
    async fn says_at(&self, at: DateTime<Utc>, input: Value) -> Value {
        let mut whole = json!({"articleId": self.article, "body": "The night bus is late again."});
        let given = input.as_object().expect("an object").clone();
        whole.as_object_mut().expect("an object").extend(given);
        self.at(&Viewer::Guest, at, "LeaveComment", json!({"input": whole})).await
    }

    async fn says(&self, input: Value) -> Value {
        self.says_at(now(), input).await
    }

    /// A guest's comment that is taken, published or held: its id and receipt.
    async fn left(&self, input: Value) -> (String, String) {
        let payload = self.says(input).await;
        assert_eq!(payload["errors"], json!([]), "{payload:#}");
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        (text(&payload["comment"]["id"]), text(&payload["receipt"]))
    }

    /// A comment of this text, or an answer to another, by a guest whom nobody knows.
    async fn comment(&self, body: &str, parent: Option<&str>) -> String {
        self.left(json!({"body": body, "parentId": parent})).await.0
    }

    /// The comment of a receipt, for its writer.
    async fn own(&self, at: DateTime<Utc>, receipt: &str) -> Value {
        self.at(&Viewer::Guest, at, "MyComment", json!({"receipt": receipt})).await
    }

    /// What an administrator decides.
    async fn decides(&self, ids: &[&str], decision: &str) -> Value {
        self.done(&self.admin, "Moderate", json!({"ids": ids, "decision": decision})).await
    }

    /// Changes the site's rules.
    async fn rules(&self, input: Value) {
        let document = "mutation($input: UpdateCommentRulesInput!) { updateCommentRules(input: $input) { errors { code field message } } }";
        self.done(&self.admin, document, json!({"input": input})).await;
    }

    /// What only moderators see of a comment.
    async fn moderation(&self, id: &str) -> Value {
        let document = "query($id: ID!) { moderationQueue(status: null, last: 100) { nodes { id ...M } } node(id: $id) { ... on Comment { id ...M } } }
            fragment M on Comment { moderation { status authorEmail reports { reason count notes } notes { text notedBy }
                decisions { decision note undone decidedBy } writerHistory { published rejected spam withdrawn }
                findings { phase verdict detail excerpt { start end } } } }";
        let answer = self.answer(&self.admin, now(), document, json!({"id": id})).await;
        assert!(answer.get("errors").is_none(), "{answer:#}");
        let queue = answer["data"]["moderationQueue"]["nodes"].as_array().expect("nodes").clone();
        let found = queue.iter().find(|node| node["id"] == id).unwrap_or(&answer["data"]["node"]);
        found["moderation"].clone()
    }

    /// Where a comment stands.
    async fn status(&self, id: &str) -> String {
        self.moderation(id).await["status"].as_str().expect("a status").to_owned()
    }

    /// The article's threads as readers have them, three levels of them.
    async fn thread(&self) -> Value {
        let document = "query($s: String!) { article(slug: $s) { commentCount comments(first: 100, orderBy: OLDEST) { totalCount
            nodes { ...C replies(first: 100) { totalCount nodes { ...C replies(first: 100) { totalCount nodes { ...C } } } } } } } }
            fragment C on Comment { id authorName removed byStaff body { html text } }";
        self.ask(&Viewer::Guest, document, json!({"s": self.slug})).await
    }

    /// The comment of this id at the top of the thread.
    async fn top(&self, id: &str) -> Option<Value> {
        let thread = self.thread().await;
        thread["comments"]["nodes"].as_array().expect("nodes").iter().find(|node| node["id"] == id).cloned()
    }

    /// The number behind a comment's id.
    async fn key_of(&self, id: &str) -> i64 {
        let last = self.store.number("SELECT COALESCE(MAX(id), 0) FROM comments").await;
        (1..=last).rev().find(|key| global_id(&format!("Comment:{key}")) == id).expect("a comment's id")
    }
}

/// A key as a browser makes one.
fn key(name: &str) -> String {
    format!("{name:-<32}")
}

#[tokio::test]
async fn a_guest_comes_back_with_the_receipt() {
    on_each(async |talk| {
        let (id, receipt) = talk.left(json!({"body": "It was late.", "authorName": "Rima"})).await;
        let own = talk.own(minute(1), &receipt).await;
        assert_eq!((&own["status"], &own["comment"]["id"]), (&json!("PUBLISHED"), &json!(id)));
        assert_eq!(own["editableUntil"], "2026-05-28T20:41:40Z", "a quarter of an hour");

        let change = json!({"receipt": receipt, "body": "It was late,\nand full."});
        let edited = talk.at(&Viewer::Guest, minute(14), "EditMyComment", change.clone()).await;
        assert_eq!((&edited["outcome"], &edited["errors"]), (&json!("PUBLISHED"), &json!([])), "{edited:#}");
        assert_eq!(edited["comment"]["body"]["html"], "<p>It was late,<br>and full.</p>");
        assert_eq!(edited["comment"]["editedAt"], "2026-05-28T20:40:40Z");
        assert_eq!(talk.top(&id).await.expect("shown")["body"]["text"], "It was late,\nand full.");

        let late = talk
            .at(&Viewer::Guest, minute(15), "EditMyComment", json!({"receipt": receipt, "body": "No."}))
            .await;
        assert_eq!((refusals(&late), &late["comment"]), (refusal("CLOSED", None), &Value::Null));
        assert!(talk.own(minute(15), &receipt).await["editableUntil"].is_null());
        assert_eq!(talk.top(&id).await.expect("shown")["body"]["text"], "It was late,\nand full.");

        let before = talk.thread().await["commentCount"].as_i64().expect("a count");
        let withdrawn =
            talk.at(&Viewer::Guest, minute(600), "WithdrawMyComment", json!({"receipt": receipt})).await;
        assert_eq!((&withdrawn["withdrawnId"], &withdrawn["errors"]), (&json!(id), &json!([])));
        assert!(talk.top(&id).await.is_none());
        assert_eq!(talk.thread().await["commentCount"], before - 1);
        let own = talk.own(minute(601), &receipt).await;
        assert_eq!(
            (&own["status"], &own["comment"]["body"]["text"]),
            (&json!("WITHDRAWN"), &json!("It was late,\nand full."))
        );
        // A second click.
        let again =
            talk.at(&Viewer::Guest, minute(602), "WithdrawMyComment", json!({"receipt": receipt})).await;
        assert_eq!(again, withdrawn);
        let edited = talk.at(&Viewer::Guest, minute(5), "EditMyComment", change).await;
        assert_eq!(refusals(&edited), refusal("CLOSED", None), "what was taken back is not changed");
    })
    .await;
}

#[tokio::test]
async fn a_receipt_opens_its_own_comment_and_for_a_month() {
    on_each(async |talk| {
        let (first, receipt) =
            talk.left(json!({"body": "The first of two.", "authorEmail": "one@example.org"})).await;
        let (second, other) = talk.left(json!({"body": "The second of two."})).await;
        assert_ne!(receipt, other);
        talk.at(&Viewer::Guest, now(), "WithdrawMyComment", json!({"receipt": other})).await;
        assert_eq!(talk.own(now(), &receipt).await["status"], "PUBLISHED");
        assert_eq!(talk.own(now(), &other).await["comment"]["id"], json!(second));
        assert_eq!(talk.own(now(), &receipt).await["comment"]["id"], json!(first));
        let month = minute(30 * 24 * 60);
        for (at, receipt) in
            [(month, receipt.as_str()), (now(), "nonsense"), (now(), ""), (now(), &receipt[1..])]
        {
            assert!(talk.own(at, receipt).await.is_null(), "{receipt}");
            let edit = talk
                .at(&Viewer::Guest, at, "EditMyComment", json!({"receipt": receipt, "body": "Mine now."}))
                .await;
            assert_eq!(refusals(&edit), refusal("NOT_FOUND", Some("input.receipt")));
            let withdrawn =
                talk.at(&Viewer::Guest, at, "WithdrawMyComment", json!({"receipt": receipt})).await;
            assert_eq!(
                (&withdrawn["errors"][0]["code"], &withdrawn["withdrawnId"]),
                (&json!("NOT_FOUND"), &Value::Null)
            );
        }
        let erased = talk.done(&talk.admin, "EraseCommenter", json!({"email": "ONE@example.org"})).await;
        assert_eq!(erased["erasedComments"], 1);
        assert!(talk.own(now(), &receipt).await.is_null(), "what was erased is opened by nothing");
        let edit = talk
            .ask(&Viewer::Guest, "EditMyComment", json!({"receipt": receipt, "body": "Still here?"}))
            .await;
        assert_eq!(refusals(&edit), refusal("NOT_FOUND", Some("input.receipt")));
    })
    .await;
}

#[tokio::test]
async fn a_receipt_is_read_while_others_write() {
    on_each(async |talk| {
        let (id, receipt) = talk.left(json!({"body": "Read me meanwhile."})).await;
        let writing = talk.store.begin().await.expect("begins");
        let own = tokio::time::timeout(std::time::Duration::from_secs(20), talk.own(now(), &receipt)).await;
        assert_eq!(own.expect("waits for nobody")["comment"]["id"], json!(id));
        drop(writing);
    })
    .await;
}

#[tokio::test]
async fn a_guest_is_told_all_that_is_kept_of_them() {
    on_each(async |talk| {
        let kept = async |receipt: &str| {
            let document = "query($r: String!) { commentByReceipt(receipt: $r) { kept { authorName authorEmail login writerKey networkAddress } } }";
            talk.ask(&Viewer::Guest, document, json!({"r": receipt})).await["kept"].clone()
        };
        let typed = json!({"body": "Tell me.", "authorName": "Rima", "authorEmail": "Rima@example.org", "writerKey": key("rima")});
        let (_, receipt) = talk.left(typed).await;
        let all = json!({"authorName": "Rima", "authorEmail": "Rima@example.org", "login": false, "writerKey": true, "networkAddress": false});
        assert_eq!(kept(&receipt).await, all);
        let (_, receipt) = talk.left(json!({"body": "And me, who typed nothing."})).await;
        let nothing = json!({"authorName": null, "authorEmail": null, "login": false, "writerKey": false, "networkAddress": false});
        assert_eq!(kept(&receipt).await, nothing);
    })
    .await;
}

#[tokio::test]
async fn what_is_held_stays_held_when_it_is_changed_and_its_writer_sees_it() {
    on_each_with(Some(Policy::Moderated), false, async |talk| {
        let said = talk.says(json!({"body": "Wait for me."})).await;
        assert_eq!(
            (&said["outcome"], &said["comment"]["body"]["text"]),
            (&json!("HELD"), &json!("Wait for me."))
        );
        let receipt = said["receipt"].as_str().expect("a receipt");
        assert_eq!(talk.own(now(), receipt).await["status"], "PENDING");
        let id = said["comment"]["id"].as_str().expect("an id");
        assert!(talk.top(id).await.is_none());
        let edited = talk
            .done(&Viewer::Guest, "EditMyComment", json!({"receipt": receipt, "body": "Wait for us."}))
            .await;
        assert_eq!(
            (&edited["outcome"], &edited["comment"]["body"]["text"]),
            (&json!("HELD"), &json!("Wait for us."))
        );
        talk.decides(&[id], "REJECT").await;
        let own = talk.own(now(), receipt).await;
        assert_eq!((&own["status"], &own["editableUntil"]), (&json!("REJECTED"), &Value::Null));
        let edited =
            talk.ask(&Viewer::Guest, "EditMyComment", json!({"receipt": receipt, "body": "Wait!"})).await;
        assert_eq!(refusals(&edited), refusal("CLOSED", None));
    })
    .await;
}
