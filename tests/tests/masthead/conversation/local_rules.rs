//! Rules for comments that a section or an article has of its own: what holds where, who may set it, and that it is told to
//! whoever is about to write.

use chrono::TimeDelta;
use masthead_domain::user::Role;
use masthead_domain::viewer::Viewer;
use serde_json::{Value, json};

use super::{Talk, key, minute, on_each};
use crate::newsroom::{global_id, now, refusal, refusals};

const UPDATE: &str = "mutation($input: UpdateLocalCommentRulesInput!) { updateLocalCommentRules(input: $input) {
    rules { id minLength maxLength maxDepth editWindowMinutes closeAfterDays firstTimeApprovals guidelines { locale text }
        inForce { minLength maxLength maxDepth editWindowMinutes closeAfterDays firstTimeApprovals guidelines { locale text } } }
    errors { code field message } } }";
const READ: &str =
    "query($id: ID!) { localCommentRules(id: $id) { id closeAfterDays inForce { closeAfterDays } } }";

impl Talk<'_> {
    /// What an administrator changes of one place's rules; the rules as they are then.
    async fn rules_of(&self, id: &str, mut input: Value) -> Value {
        input["id"] = json!(id);
        self.done(&self.admin, UPDATE, json!({"input": input})).await["rules"].clone()
    }

    async fn section(&self) -> String {
        let document = "query($s: String!) { article(slug: $s) { section { id } } }";
        let article = self.ask(&Viewer::Guest, document, json!({"s": self.slug})).await;
        article["section"]["id"].as_str().expect("a section").to_owned()
    }

    /// What a form below the article is told.
    async fn form(&self) -> Value {
        let document = "query($s: String!) { article(slug: $s, locale: \"en\") { commentForm { minLength maxLength maxDepth editWindowMinutes guidelines } } }";
        self.ask(&Viewer::Guest, document, json!({"s": self.slug})).await["commentForm"].clone()
    }

    async fn said(&self, input: Value) -> String {
        let said = self.says(input).await;
        let told = if said["errors"] == json!([]) { &said["outcome"] } else { &said["errors"][0]["code"] };
        told.as_str().expect("a word").to_owned()
    }
}

#[tokio::test]
async fn an_article_goes_before_its_section_and_a_section_before_the_site() {
    on_each(async |talk| {
        let section = talk.section().await;
        talk.rules(json!({"maxLength": 200, "guidelines": [{"locale": "en", "text": "Be kind."}]})).await;
        let of_section = json!({"maxLength": 60, "minLength": 8, "maxDepth": 1,
            "guidelines": [{"locale": "en", "text": "Buses only."}, {"locale": "fr", "text": "Bus seulement."}]});
        let rules = talk.rules_of(&section, of_section).await;
        assert_eq!((&rules["id"], &rules["maxLength"], &rules["editWindowMinutes"]), (&json!(section), &json!(60), &Value::Null));
        assert_eq!((&rules["inForce"]["maxLength"], &rules["inForce"]["editWindowMinutes"]), (&json!(60), &json!(15)));
        let rules = talk.rules_of(&talk.article, json!({"maxLength": 30, "editWindowMinutes": 0, "firstTimeApprovals": 2})).await;
        assert_eq!(rules["inForce"]["guidelines"], json!([{"locale": "en", "text": "Buses only."}, {"locale": "fr", "text": "Bus seulement."}]));
        let told = json!({"minLength": 8, "maxLength": 30, "maxDepth": 1, "editWindowMinutes": 0, "guidelines": "Buses only."});
        assert_eq!(talk.form().await, told);

        // They hold.
        let long = talk.says(json!({"body": "This has more than thirty characters."})).await;
        assert_eq!(refusals(&long), refusal("TOO_LONG", Some("input.body")));
        let short = talk.says(json!({"body": "S o\u{301} sho rt"})).await;
        assert_eq!(refusals(&short), refusal("REWORD", Some("input.body")));
        assert_eq!(short["errors"][0]["message"], "At least 8 characters, please: this has 7.");
        let (top, receipt) = talk.left(json!({"body": "The top of a thread."})).await;
        assert!(talk.own(now(), &receipt).await["editableUntil"].is_null(), "no edit window below this article");
        let edit = talk.ask(&Viewer::Guest, "EditMyComment", json!({"receipt": receipt, "body": "Another text."})).await;
        assert_eq!(refusals(&edit), refusal("CLOSED", None));
        let reply = talk.comment("An answer to it.", Some(&top)).await;
        let deep = talk.says(json!({"body": "An answer to that.", "parentId": reply})).await;
        assert_eq!(refusals(&deep), refusal("TOO_DEEP", Some("input.parentId")));

        // What is taken back is as above again.
        let rules = talk.rules_of(&talk.article, json!({"maxLength": null, "editWindowMinutes": null, "firstTimeApprovals": null})).await;
        assert_eq!((&rules["maxLength"], &rules["inForce"]["maxLength"]), (&Value::Null, &json!(60)));
        assert!(!talk.own(now(), &receipt).await["editableUntil"].is_null(), "the site's edit window");
        talk.rules_of(&section, json!({"maxLength": null, "minLength": null, "maxDepth": null, "guidelines": [{"locale": "en", "text": ""}]})).await;
        let told = json!({"minLength": 1, "maxLength": 200, "maxDepth": 100, "editWindowMinutes": 15, "guidelines": "Be kind."});
        assert_eq!(talk.form().await, told);
        let rules = talk.rules_of(&section, json!({"guidelines": null})).await;
        assert_eq!(rules["guidelines"], json!([]));
        let kept = talk.store.number("SELECT COUNT(*) FROM sections WHERE comment_rules IS NOT NULL OR comment_rules_in_force IS NOT NULL").await
            + talk.store.number("SELECT COUNT(*) FROM articles WHERE comment_rules IS NOT NULL").await;
        assert_eq!(kept, 0, "what says nothing is nothing");
    })
    .await;
}

#[tokio::test]
async fn comments_close_by_age_where_the_nearest_rule_says_so() {
    on_each(async |talk| {
        let section = talk.section().await;
        let later = now() + TimeDelta::days(400);
        let is_open = async || {
            let document = "query($s: String!) { article(slug: $s) { commentsOpen } }";
            let open = talk.at(&Viewer::Guest, later, document, json!({"s": talk.slug})).await["commentsOpen"]
                == true;
            let said = talk.says_at(later, json!({"body": "A year too late?"})).await;
            assert_eq!(said["errors"] == json!([]), open, "what is told holds: {said:#}");
            let follow = json!({"input": {"articleId": talk.article, "email": "rima@example.org"}});
            let asked = talk.at(&Viewer::Guest, later, super::letters::FOLLOW, follow).await;
            assert_eq!(asked["errors"] == json!([]), open, "nobody follows what is over: {asked:#}");
            open
        };
        assert!(is_open().await);
        talk.rules_of(&section, json!({"closeAfterDays": 30})).await;
        assert!(!is_open().await, "the section closes");
        let rules = talk.rules_of(&talk.article, json!({"closeAfterDays": 0})).await;
        assert_eq!(
            (&rules["closeAfterDays"], &rules["inForce"]["closeAfterDays"]),
            (&json!(0), &Value::Null)
        );
        assert!(is_open().await, "the article never does");
        talk.rules_of(&section, json!({"closeAfterDays": null})).await;
        talk.rules(json!({"closeAfterDays": 1})).await;
        assert!(is_open().await, "whatever the site says");
        talk.rules_of(&talk.article, json!({"closeAfterDays": null})).await;
        assert!(!is_open().await);
        talk.rules_of(&section, json!({"closeAfterDays": 0})).await;
        assert!(is_open().await, "the section never does");
    })
    .await;
}

#[tokio::test]
async fn a_section_has_the_rules_of_those_above_it_wherever_it_moves() {
    on_each(async |talk| {
        let section = talk.section().await;
        let create = "mutation($input: CreateSectionInput!) { createSection(input: $input) { section { id } errors { code field message } } }";
        let made = talk.done(&talk.admin, create, json!({"input": {"name": "Above"}})).await;
        let above = made["section"]["id"].as_str().expect("an id").to_owned();
        let moves = async |parent: Value| {
            let document = "mutation($id: ID!, $input: UpdateSectionInput!) { updateSection(id: $id, input: $input) { errors { code field message } } }";
            talk.done(&talk.admin, document, json!({"id": section, "input": {"parentId": parent}})).await;
        };
        talk.rules_of(&above, json!({"maxLength": 40, "maxDepth": 3})).await;
        assert_eq!(talk.form().await["maxLength"], 10_000);
        moves(json!(above)).await;
        assert_eq!((&talk.form().await["maxLength"], &talk.form().await["maxDepth"]), (&json!(40), &json!(3)));
        talk.rules_of(&section, json!({"maxLength": 50})).await;
        talk.rules_of(&above, json!({"maxDepth": 4})).await;
        assert_eq!((&talk.form().await["maxLength"], &talk.form().await["maxDepth"]), (&json!(50), &json!(4)));
        // One that is made below has them from the first moment.
        let below = json!({"input": {"name": "Below", "parentId": section}});
        let made = talk.done(&talk.admin, create, below).await["section"]["id"].clone();
        let read = "query($id: ID!) { localCommentRules(id: $id) { maxLength inForce { maxLength maxDepth } } }";
        let rules = talk.ask(&talk.admin, read, json!({"id": made})).await;
        assert_eq!(rules, json!({"maxLength": null, "inForce": {"maxLength": 50, "maxDepth": 4}}));
        // Nor does what stands below a section that goes keep its rules.
        let gone = talk.done(&talk.admin, create, json!({"input": {"name": "Between", "parentId": above}})).await["section"]["id"].clone();
        talk.rules_of(gone.as_str().expect("an id"), json!({"maxDepth": 9})).await;
        moves(gone.clone()).await;
        assert_eq!(talk.form().await["maxDepth"], 9);
        moves(json!(above)).await;
        let delete = "mutation($id: ID!) { deleteSection(id: $id) { deletedId errors { code field message } } }";
        talk.done(&talk.admin, delete, json!({"id": gone})).await;
        assert_eq!(talk.form().await["maxDepth"], 4);
        moves(Value::Null).await;
        assert_eq!((&talk.form().await["maxLength"], &talk.form().await["maxDepth"]), (&json!(50), &json!(100)));
    })
    .await;
}

#[tokio::test]
async fn an_article_asks_for_more_approved_comments_than_the_site() {
    on_each(async |talk| {
        talk.store.execute("UPDATE site SET comment_policy = 'FIRST_TIME'").await;
        talk.rules_of(&talk.article, json!({"firstTimeApprovals": 2})).await;
        let mut ids = Vec::new();
        for body in ["The first of Rima's.", "Her second one."] {
            let said = talk.says(json!({"body": body, "writerKey": key("rima")})).await;
            assert_eq!(said["outcome"], "HELD", "{said:#}");
            ids.push(said["comment"]["id"].as_str().expect("an id").to_owned());
        }
        talk.decides(&[&ids[0]], "APPROVE").await;
        assert_eq!(talk.said(json!({"body": "One is not enough.", "writerKey": key("rima")})).await, "HELD");
        talk.decides(&[&ids[1]], "APPROVE").await;
        assert_eq!(
            talk.said(json!({"body": "Two are enough.", "writerKey": key("rima")})).await,
            "PUBLISHED"
        );
    })
    .await;
}

#[tokio::test]
async fn what_was_public_without_a_moderator_makes_nobody_known() {
    on_each(async |talk| {
        for body in ["An open thread.", "Anybody may talk here."] {
            assert_eq!(talk.said(json!({"body": body, "writerKey": key("omar")})).await, "PUBLISHED");
        }
        talk.store.execute("UPDATE site SET comment_policy = 'FIRST_TIME'").await;
        let said = talk.says(json!({"body": "Now it counts.", "writerKey": key("omar")})).await;
        assert_eq!(said["outcome"], "HELD");
        let id = said["comment"]["id"].as_str().expect("an id");
        talk.decides(&[id], "APPROVE").await;
        assert_eq!(
            talk.said(json!({"body": "And he is known.", "writerKey": key("omar")})).await,
            "PUBLISHED"
        );
    })
    .await;
}

#[tokio::test]
async fn rules_are_set_by_who_moderates_there_and_nobody_else() {
    on_each(async |talk| {
        let section = talk.section().await;
        let slugs = "SELECT s.slug FROM articles a JOIN sections s ON s.id = a.section_id WHERE a.id = ";
        let own = talk.store.texts(&format!("{slugs}{}", talk.newsroom.key_of(&talk.article).get())).await;
        let other = talk
            .store
            .texts(&format!(
                "SELECT slug FROM sections WHERE slug <> '{}' AND parent_id IS NULL ORDER BY id",
                own[0]
            ))
            .await;
        let here = talk.newsroom.person("Hana", Role::Editor, &[&own[0]]).await;
        let elsewhere = talk.newsroom.person("Elias", Role::Editor, &[&other[0]]).await;
        let author = talk.newsroom.person("Aline", Role::Author, &[]).await;
        let reader = talk.newsroom.person("Reem", Role::Reader, &[]).await;
        let tries = async |who: &Viewer, id: &str| {
            let input = json!({"input": {"id": id, "maxDepth": 5}});
            let payload = talk.ask(who, UPDATE, input).await;
            payload["errors"][0]["code"].as_str().unwrap_or("DONE").to_owned()
        };
        let hidden = global_id(&format!("Article:{}", talk.newsroom.hidden_key().await));
        let nothing = [global_id("Article:999999"), global_id("Comment:1")];
        for (who, of_article, of_section) in [
            (&Viewer::Guest, "UNAUTHENTICATED", "UNAUTHENTICATED"),
            (&reader, "FORBIDDEN", "FORBIDDEN"),
            (&author, "FORBIDDEN", "FORBIDDEN"),
            (&elsewhere, "NOT_FOUND", "FORBIDDEN"),
            (&here, "DONE", "DONE"),
        ] {
            assert_eq!(tries(who, &talk.article).await, of_article, "{who:?}");
            assert_eq!(tries(who, &section).await, of_section, "{who:?}");
            if of_article != "DONE" {
                assert_eq!(
                    tries(who, &hidden).await,
                    of_article,
                    "a hidden one is told apart by nothing: {who:?}"
                );
            }
        }
        for id in &nothing {
            assert_eq!(tries(&talk.admin, id).await, "NOT_FOUND");
        }
        assert_eq!(tries(&talk.admin, "nonsense").await, "INVALID");

        // Reading is for the same people.
        let reads = async |who: &Viewer, id: &str| talk.answer(who, now(), READ, json!({"id": id})).await;
        assert_eq!(reads(&here, &talk.article).await["data"]["localCommentRules"]["id"], json!(talk.article));
        assert_eq!(reads(&here, &section).await["data"]["localCommentRules"]["id"], json!(section));
        for id in [&talk.article, &section, &nothing[0], &nothing[1]] {
            let answer = reads(&elsewhere, id).await;
            assert_eq!(
                (&answer["data"]["localCommentRules"], &answer["errors"]),
                (&Value::Null, &Value::Null),
                "{id}"
            );
            let answer = reads(&author, id).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer:#}");
        }
        let log = talk
            .store
            .texts("SELECT action || ' ' || detail FROM audit_log WHERE detail = 'commentRules' ORDER BY id")
            .await;
        assert_eq!(log, ["THREAD_RULES_UPDATED commentRules", "SECTION_UPDATED commentRules"]);
        let told = talk.store.number("SELECT COUNT(*) FROM events WHERE kind = 'THREAD_RULES_CHANGED'").await;
        assert_eq!(told, 1, "it is in the event log");
    })
    .await;
}

#[tokio::test]
async fn a_rule_out_of_bounds_is_refused_by_name() {
    on_each(async |talk| {
        for (input, field) in [
            (json!({"minLength": 0}), "input.minLength"),
            (json!({"minLength": 50, "maxLength": 40}), "input.minLength"),
            (json!({"maxLength": 10_001}), "input.maxLength"),
            (json!({"maxDepth": 101}), "input.maxDepth"),
            (json!({"editWindowMinutes": 1441}), "input.editWindowMinutes"),
            (json!({"closeAfterDays": 3651}), "input.closeAfterDays"),
            (json!({"firstTimeApprovals": 101}), "input.firstTimeApprovals"),
            (json!({"guidelines": [{"locale": "en", "text": "x".repeat(5001)}]}), "input.guidelines"),
        ] {
            let mut whole = input.clone();
            whole["id"] = json!(talk.article);
            let refused = talk.ask(&talk.admin, UPDATE, json!({"input": whole})).await;
            assert_eq!(refusals(&refused), refusal("INVALID", Some(field)), "{input}");
            assert!(refused["rules"].is_null());
        }
        // The site may ask for more than one place allows at all.
        talk.rules(json!({"minLength": 100})).await;
        talk.rules_of(&talk.article, json!({"maxLength": 20})).await;
        assert_eq!(talk.said(json!({"body": "x".repeat(20)})).await, "PUBLISHED");
        assert!(!talk.own(minute(1), "nonsense").await.is_object());
    })
    .await;
}
