//! Who is published at once: the site's rule, a section's, an article's, and what is known of the writer.

use chrono::TimeDelta;
use masthead_domain::comment::Policy;
use masthead_domain::user::Role;
use masthead_domain::viewer::Viewer;
use serde_json::{Value, json};

use super::{Talk, key, minute, on_each, on_each_with};
use crate::newsroom::{now, refusal, refusals};

impl Talk<'_> {
    /// The global id of the article's section.
    async fn section_of_the_article(&self) -> String {
        let document = "query($s: String!) { article(slug: $s) { section { id } } }";
        let article = self.ask(&Viewer::Guest, document, json!({"s": self.slug})).await;
        article["section"]["id"].as_str().expect("a section").to_owned()
    }

    async fn section_says(&self, id: &str, input: Value) {
        let document = "mutation($id: ID!, $input: UpdateSectionInput!) { updateSection(id: $id, input: $input) { errors { code field message } } }";
        self.done(&self.admin, document, json!({"id": id, "input": input})).await;
    }

    /// Whether readers are shown a form.
    async fn is_open(&self) -> Value {
        let document = "query($s: String!) { article(slug: $s) { commentsOpen } }";
        self.ask(&Viewer::Guest, document, json!({"s": self.slug})).await["commentsOpen"].clone()
    }

    async fn outcome(&self, body: &str) -> Value {
        let said = self.says(json!({"body": body})).await;
        if said["errors"] == json!([]) { said["outcome"].clone() } else { said["errors"][0]["code"].clone() }
    }
}

#[tokio::test]
async fn a_first_comment_waits_and_a_typed_address_makes_nobody_known() {
    on_each_with(Some(Policy::FirstTime), false, async |talk| {
        let by = |body: &str, writer: Option<&str>| {
            json!({"body": body, "authorName": "Rima", "authorEmail": "rima@example.org", "writerKey": writer.map(key)})
        };
        let first = talk.says(by("My first words here.", Some("rima"))).await;
        assert_eq!(first["outcome"], "HELD", "{first:#}");
        assert_eq!(talk.says(by("And some more of them.", Some("rima"))).await["outcome"], "HELD", "none is approved yet");
        let id = first["comment"]["id"].as_str().expect("an id");
        let findings = talk.moderation(id).await["findings"].clone();
        assert_eq!((&findings[0]["phase"], &findings[0]["verdict"]), (&json!("POLICY"), &json!("HOLD")));
        talk.decides(&[id], "APPROVE").await;
        assert_eq!(talk.says(by("Now everyone knows me.", Some("rima"))).await["outcome"], "PUBLISHED");
        let other = talk.says(by("I say that I am Rima.", Some("mallory"))).await;
        assert_eq!(other["outcome"], "HELD", "the same address with another key");
        assert_eq!(talk.says(by("Without any key at all.", None)).await["outcome"], "HELD");
        // Who is known loses it again with the comment that made them so.
        let held = other["comment"]["id"].as_str().expect("an id");
        talk.decides(&[held], "REJECT").await;
        assert_eq!(talk.says(by("Mallory tries again here.", Some("mallory"))).await["outcome"], "HELD");
    })
    .await;
}

#[tokio::test]
async fn a_session_is_known_whatever_key_comes_with_it() {
    on_each_with(Some(Policy::FirstTime), false, async |talk| {
        let reader = talk.newsroom.person("Rita", Role::Reader, &[]).await;
        let say = async |body: &str, writer: &str| {
            let input = json!({"articleId": talk.article, "body": body, "writerKey": key(writer)});
            talk.done(&reader, "LeaveComment", json!({"input": input})).await
        };
        let first = say("A reader's first comment.", "one").await;
        assert_eq!((&first["outcome"], &first["comment"]["authorName"]), (&json!("HELD"), &json!("Rita")));
        talk.decides(&[first["comment"]["id"].as_str().expect("an id")], "APPROVE").await;
        assert_eq!(say("A reader's second comment.", "two").await["outcome"], "PUBLISHED");
        let guest = talk.says(json!({"body": "A guest with a reader's key.", "writerKey": key("one")})).await;
        assert_eq!(guest["outcome"], "HELD");
    })
    .await;
}

#[tokio::test]
async fn a_section_goes_before_the_site_and_an_article_before_its_section() {
    on_each(async |talk| {
        let section = talk.section_of_the_article().await;
        let article = talk.newsroom.key_of(&talk.article).get();
        talk.store.execute("UPDATE site SET comment_policy = 'CLOSED'").await;
        assert_eq!((talk.outcome("The site is closed.").await, talk.is_open().await), (json!("CLOSED"), json!(false)));
        talk.section_says(&section, json!({"commentPolicy": "MODERATED"})).await;
        assert_eq!((talk.outcome("The section is moderated.").await, talk.is_open().await), (json!("HELD"), json!(true)));
        talk.store.execute(&format!("UPDATE articles SET comment_policy = 'OPEN' WHERE id = {article}")).await;
        assert_eq!(talk.outcome("The article is open.").await, "PUBLISHED");
        talk.store.execute(&format!("UPDATE articles SET comment_policy = 'MEMBERS' WHERE id = {article}")).await;
        assert_eq!(talk.outcome("For members only now.").await, "UNAUTHENTICATED");
        let reader = talk.newsroom.person("Rita", Role::Reader, &[]).await;
        let input = json!({"articleId": talk.article, "body": "I am a member."});
        assert_eq!(talk.done(&reader, "LeaveComment", json!({"input": input})).await["outcome"], "PUBLISHED");
        talk.store.execute(&format!("UPDATE articles SET comment_policy = NULL WHERE id = {article}")).await;

        // A section without a rule has that of the nearest one above it, wherever it moves.
        talk.section_says(&section, json!({"commentPolicy": null})).await;
        assert_eq!(talk.outcome("Closed once more.").await, "CLOSED");
        let document = "mutation($input: CreateSectionInput!) { createSection(input: $input) { section { id } errors { code field message } } }";
        let above = talk.done(&talk.admin, document, json!({"input": {"name": "Above"}})).await["section"]["id"].clone();
        let above = above.as_str().expect("an id");
        talk.section_says(&section, json!({"parentId": above})).await;
        assert_eq!(talk.outcome("And still closed.").await, "CLOSED");
        talk.section_says(above, json!({"commentPolicy": "MODERATED"})).await;
        assert_eq!((talk.outcome("From the section above.").await, talk.is_open().await), (json!("HELD"), json!(true)));
        talk.section_says(&section, json!({"parentId": null})).await;
        assert_eq!((talk.outcome("Closed at the top.").await, talk.is_open().await), (json!("CLOSED"), json!(false)));
    })
    .await;
}

#[tokio::test]
async fn an_article_closes_with_age_where_the_site_says_so() {
    on_each(async |talk| {
        talk.rules(json!({"closeAfterDays": 3650})).await;
        assert_eq!(talk.outcome("Within ten years.").await, "PUBLISHED");
        talk.rules(json!({"closeAfterDays": 1})).await;
        let later = now() + TimeDelta::days(400);
        let said = talk.says_at(later, json!({"body": "A year too late."})).await;
        assert_eq!(refusals(&said), refusal("CLOSED", None));
        let open = "query($s: String!) { article(slug: $s) { commentsOpen } }";
        let is_open = async |at| {
            talk.at(&Viewer::Guest, at, open, json!({"s": talk.slug})).await["commentsOpen"].clone()
        };
        assert_eq!(is_open(later).await, false, "clients are told before anybody writes in vain");
        talk.rules(json!({"closeAfterDays": null})).await;
        assert_eq!(is_open(later).await, true);
        let said = talk.says_at(later, json!({"body": "Never too late."})).await;
        assert_eq!(said["outcome"], "PUBLISHED");
    })
    .await;
}

#[tokio::test]
async fn limits_of_the_site_are_told() {
    on_each(async |talk| {
        talk.rules(json!({"maxLength": 20, "maxDepth": 1, "editWindowMinutes": 0})).await;
        let long = talk.says(json!({"body": "This is longer than twenty."})).await;
        assert_eq!(refusals(&long), refusal("TOO_LONG", Some("input.body")));
        let (top, receipt) = talk.left(json!({"body": "Top of a thread."})).await;
        assert!(talk.own(minute(0), &receipt).await["editableUntil"].is_null(), "no edit window at all");
        let reply = talk.comment("An answer to it.", Some(&top)).await;
        let deep = talk.says(json!({"body": "An answer to that.", "parentId": reply})).await;
        assert_eq!(refusals(&deep), refusal("TOO_DEEP", Some("input.parentId")));
        let form = talk
            .ask(&Viewer::Guest, "{ site { commentForm { maxLength editWindowMinutes guidelines } } }", json!({}))
            .await;
        assert_eq!(form["commentForm"], json!({"maxLength": 20, "editWindowMinutes": 0, "guidelines": null}));
        let denied = talk
            .ask(&Viewer::Guest, "mutation { updateCommentRules(input: {maxLength: 5}) { errors { code } } }", json!({}))
            .await;
        assert_eq!(denied["errors"][0]["code"], "UNAUTHENTICATED");
        let wrong = talk
            .ask(&talk.admin, "mutation { updateCommentRules(input: {reportThreshold: 0}) { errors { code field message } } }", json!({}))
            .await;
        assert_eq!(refusals(&wrong), refusal("INVALID", Some("input.reportThreshold")));
    })
    .await;
}
