//! What a text goes through before readers have it: words, links, traps, haste, repetition; and what moderators then see.

use masthead_domain::comment::Policy;
use masthead_domain::viewer::Viewer;
use serde_json::{Value, json};

use super::{Talk, key, minute, on_each, on_each_with};
use crate::newsroom::{now, refusal, refusals};

impl Talk<'_> {
    /// A comment that must be held, with the finding of a phase.
    async fn held_by(&self, phase: &str, said: &Value) -> Value {
        assert_eq!((&said["outcome"], &said["errors"]), (&json!("HELD"), &json!([])), "{said:#}");
        let id = said["comment"]["id"].as_str().expect("an id");
        let moderation = self.moderation(id).await;
        let findings = moderation["findings"].as_array().expect("findings");
        let found = findings.iter().find(|finding| finding["phase"] == phase);
        found.unwrap_or_else(|| panic!("no {phase} in {moderation:#}")).clone()
    }
}

#[tokio::test]
async fn a_banned_word_is_to_be_changed_and_a_suspect_one_is_pointed_at() {
    on_each(async |talk| {
        talk.rules(json!({"bannedWords": ["crétin"], "suspectWords": ["casino"]})).await;
        for body in ["Quel crétin, ce chauffeur.", "Quel c.r.e.t.i.n, ce chauffeur.", "Quel CRE\u{200b}TIN !"]
        {
            let said = talk.says(json!({"body": body})).await;
            assert_eq!(refusals(&said), refusal("REWORD", Some("input.body")), "{body}");
            assert!(
                said["errors"][0]["message"].as_str().is_some_and(|why| why.contains("crétin")),
                "{said:#}"
            );
            assert_eq!((&said["comment"], &said["receipt"]), (&Value::Null, &Value::Null));
        }
        let body = "À côté du c-a-s-i-n-o, comme toujours.";
        let said = talk.says(json!({"body": body})).await;
        let finding = talk.held_by("WORDS", &said).await;
        assert_eq!(finding["verdict"], "HOLD");
        let place =
            |end: &str| usize::try_from(finding["excerpt"][end].as_u64().expect("a place")).expect("small");
        assert_eq!(&body[place("start")..place("end")], "c-a-s-i-n-o");
        assert!(said["comment"].get("moderation").is_none());

        // An edit goes through the same phases, and nothing of it is kept where it is refused.
        let (id, receipt) = talk.left(json!({"body": "Un chauffeur très poli."})).await;
        let edit = talk
            .ask(&Viewer::Guest, "EditMyComment", json!({"receipt": receipt, "body": "Un crétin."}))
            .await;
        assert_eq!(refusals(&edit), refusal("REWORD", Some("input.body")));
        assert_eq!(talk.top(&id).await.expect("shown")["body"]["text"], "Un chauffeur très poli.");
        let edit = talk
            .done(&Viewer::Guest, "EditMyComment", json!({"receipt": receipt, "body": "Au casino, donc."}))
            .await;
        assert_eq!(edit["outcome"], "HELD");
        assert!(talk.top(&id).await.is_none());
        assert_eq!(talk.status(&id).await, "PENDING");
    })
    .await;
}

#[tokio::test]
async fn links_and_a_filled_trap_hold() {
    on_each(async |talk| {
        let links = "https://one.example https://two.example https://three.example";
        let said = talk.says(json!({"body": format!("See {links} for more.")})).await;
        talk.held_by("LINKS", &said).await;
        let said = talk.says(json!({"body": "Read this: https://bit.ly/abc"})).await;
        talk.held_by("LINKS", &said).await;
        let said = talk.says(json!({"body": "One link: https://one.example/a", "authorName": "A"})).await;
        assert_eq!(said["outcome"], "PUBLISHED", "{said:#}");
        let html = said["comment"]["body"]["html"].as_str().expect("html");
        assert!(html.contains("rel=\"nofollow ugc noopener\""), "{html}");
        let said =
            talk.says(json!({"body": "I fill in every field.", "website": "https://me.example"})).await;
        talk.held_by("TRAP", &said).await;
    })
    .await;
}

#[tokio::test]
async fn a_form_that_was_sent_faster_than_people_write_holds() {
    on_each_with(None, true, async |talk| {
        let form = talk.ask(&Viewer::Guest, "{ site { commentForm { token } } }", json!({})).await;
        let token = form["commentForm"]["token"].as_str().expect("a token");
        let said = talk.says(json!({"body": "Sent at once, by a robot.", "formToken": token})).await;
        let finding = talk.held_by("TRAP", &said).await;
        assert_eq!(finding["verdict"], "HOLD");
        let said = talk
            .says_at(minute(2), json!({"body": "Sent after two minutes of thought.", "formToken": token}))
            .await;
        assert_eq!(said["outcome"], "PUBLISHED", "{said:#}");
        talk.rules(json!({"needsFormToken": true})).await;
        let said = talk.says_at(minute(4), json!({"body": "Sent without any form."})).await;
        talk.held_by("TRAP", &said).await;
        let said =
            talk.says_at(minute(5), json!({"body": "Sent with a form of mine.", "formToken": "AAAA"})).await;
        talk.held_by("TRAP", &said).await;
    })
    .await;
}

#[tokio::test]
async fn too_fast_says_how_long_to_wait() {
    on_each_with(None, true, async |talk| {
        let writes = async |n: i64, at| {
            let body = [
                "one apple",
                "two pears",
                "three figs",
                "four dates",
                "five plums",
                "six limes",
                "seven nuts",
            ][usize::try_from(n).expect("small")];
            talk.says_at(at, json!({"body": format!("I bought {body}."), "writerKey": key("rima")})).await
        };
        for n in 0..5 {
            assert_eq!(writes(n, now()).await["outcome"], "PUBLISHED");
        }
        let sixth = writes(5, now()).await;
        assert_eq!(refusals(&sixth), refusal("TOO_FAST", None));
        let wait = sixth["errors"][0]["retryAfter"].as_i64().expect("seconds");
        assert!((1..=15).contains(&wait), "{sixth:#}");
        // As long as it said, and there is room for one.
        let later = now() + chrono::TimeDelta::seconds(wait);
        assert_eq!(writes(5, later).await["outcome"], "PUBLISHED");
        assert_eq!(refusals(&writes(6, later).await), refusal("TOO_FAST", None));
        let other =
            talk.says_at(later, json!({"body": "Somebody else entirely.", "writerKey": key("other")})).await;
        assert_eq!(other["outcome"], "PUBLISHED");
    })
    .await;
}

#[tokio::test]
async fn the_same_text_twice_is_refused_and_nearly_the_same_is_held() {
    on_each_with(None, true, async |talk| {
        let text = "The new night bus line serves the old port, the hospital and the station.";
        let by = |body: &str, writer: &str| json!({"body": body, "writerKey": key(writer)});
        assert_eq!(talk.says(by(text, "rima")).await["outcome"], "PUBLISHED");
        let again = talk.says(by(&text.to_uppercase().replace(',', " ,"), "rima")).await;
        assert_eq!(refusals(&again), refusal("DUPLICATE", Some("input.body")), "{again:#}");
        let nearly = talk.says(by(&text.replace("station", "harbour"), "rima")).await;
        talk.held_by("DUPLICATE", &nearly).await;
        let other = talk.says(by(text, "sami")).await;
        talk.held_by("DUPLICATE", &other).await;
        let day = talk.says_at(minute(25 * 60), by(text, "rima")).await;
        assert_eq!(day["errors"], json!([]), "after a day it may be said again: {day:#}");
    })
    .await;
}

#[tokio::test]
async fn a_writer_who_was_turned_down_is_held_and_spam_is_learnt_and_unlearnt() {
    on_each(async |talk| {
        let (id, receipt) =
            talk.left(json!({"body": "Something that was turned down.", "writerKey": key("rima")})).await;
        talk.decides(&[&id], "REJECT").await;
        // Taking it back makes nobody better known.
        talk.ask(&Viewer::Guest, "WithdrawMyComment", json!({"receipt": receipt})).await;
        let said =
            talk.says(json!({"body": "Something else by the same one.", "writerKey": key("rima")})).await;
        talk.held_by("HISTORY", &said).await;
        let id = said["comment"]["id"].as_str().expect("an id");
        let history = talk.moderation(id).await["writerHistory"].clone();
        assert_eq!(history, json!({"published": 0, "rejected": 1, "spam": 0, "withdrawn": 1}));

        let spam = talk.store.number("SELECT COUNT(*) FROM spam_tokens WHERE spam > 0").await;
        let (advert, _) = talk.left(json!({"body": "Cheap zirconium watches for everyone."})).await;
        talk.decides(&[&advert], "SPAM").await;
        let learnt = "SELECT spam FROM spam_tokens WHERE token = 'zirconium'";
        assert_eq!(talk.store.number(learnt).await, 1);
        talk.decides(&[&advert], "SPAM").await;
        assert_eq!(talk.store.number(learnt).await, 1, "the same lesson twice is one");
        talk.decides(&[&advert], "APPROVE").await;
        assert_eq!(talk.store.number(learnt).await, 0);
        let undo =
            "mutation($id: ID!) { undoModeration(id: $id) { comment { id } errors { code field message } } }";
        for _ in 0..3 {
            talk.done(&talk.admin, undo, json!({"id": advert})).await;
        }
        assert_eq!(talk.status(&advert).await, "PUBLISHED");
        assert_eq!(talk.store.number("SELECT COUNT(*) FROM spam_tokens WHERE spam > 0").await, spam);
        let none = talk.ask(&talk.admin, undo, json!({"id": advert})).await;
        assert_eq!(refusals(&none)[0].0, "INVALID", "{none:#}");
    })
    .await;
}

#[tokio::test]
async fn a_comment_takes_no_text_after_the_other() {
    on_each_with(Some(Policy::Open), true, async |talk| {
        let (_, receipt) = talk.left(json!({"body": "The first of many texts."})).await;
        let mut answers = Vec::new();
        for n in 0..6 {
            let change = json!({"receipt": receipt, "body": format!("Another text, number {n}.")});
            answers.push(talk.ask(&Viewer::Guest, "EditMyComment", change).await);
        }
        assert!(answers[..5].iter().all(|answer| answer["errors"] == json!([])), "{answers:#?}");
        assert_eq!(refusals(&answers[5]), refusal("TOO_FAST", None));
    })
    .await;
}
