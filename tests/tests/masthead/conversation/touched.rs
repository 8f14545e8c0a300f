//! What readers do with others' comments: reactions and reports, one of each a writer.

use async_graphql::{Request, Variables};
use masthead_domain::comment::Policy;
use masthead_domain::user::Role;
use masthead_domain::viewer::Viewer;
use masthead_graphql::{Visit, execute};
use serde_json::{Value, json};

use super::{Talk, key, on_each, on_each_with};
use crate::documents::operation;
use crate::newsroom::{global_id, now, refusal, refusals};

impl Talk<'_> {
    /// Likes, insights and disagreements after a guest's touch.
    async fn reacts(&self, id: &str, kind: &str, on: bool, writer: &str) -> [u64; 3] {
        let touch = json!({"commentId": id, "kind": kind, "on": on, "writerKey": key(writer)});
        counts(&self.done(&Viewer::Guest, "React", touch).await["comment"])
    }

    async fn reports(&self, id: &str, reason: &str, note: Option<&str>, writer: &str) -> Value {
        let report = json!({"commentId": id, "reason": reason, "note": note, "writerKey": key(writer)});
        self.ask(&Viewer::Guest, "ReportComment", report).await
    }
}

/// The counts of the three reactions, in their order.
pub(super) fn counts(comment: &Value) -> [u64; 3] {
    ["LIKE", "INSIGHTFUL", "DISAGREE"].map(|kind| {
        let all = comment["reactions"].as_array().expect("reactions");
        let one = all.iter().find(|reaction| reaction["kind"] == kind).expect("every kind");
        one["count"].as_u64().expect("a count")
    })
}

#[tokio::test]
async fn a_writer_has_one_reaction_and_may_change_and_take_it_back() {
    on_each(async |talk| {
        let id = talk.comment("Something to react to.", None).await;
        assert_eq!(talk.reacts(&id, "LIKE", true, "rima").await, [1, 0, 0]);
        assert_eq!(talk.reacts(&id, "LIKE", true, "rima").await, [1, 0, 0], "twice is once");
        assert_eq!(talk.reacts(&id, "DISAGREE", true, "rima").await, [0, 0, 1], "another takes its place");
        assert_eq!(
            talk.reacts(&id, "LIKE", false, "rima").await,
            [0, 0, 1],
            "only what was chosen is taken back"
        );
        assert_eq!(talk.reacts(&id, "DISAGREE", false, "sami").await, [0, 0, 1], "and only one's own");
        assert_eq!(talk.reacts(&id, "INSIGHTFUL", true, "sami").await, [0, 1, 1]);
        assert_eq!(talk.reacts(&id, "DISAGREE", false, "rima").await, [0, 1, 0]);
        assert_eq!(talk.reacts(&id, "DISAGREE", false, "rima").await, [0, 1, 0]);
        // A session is one writer, whatever key comes with it.
        let reader = talk.newsroom.person("Rita", Role::Reader, &[]).await;
        for writer in ["one", "two"] {
            let touch = json!({"commentId": id, "kind": "LIKE", "writerKey": key(writer)});
            assert_eq!(counts(&talk.done(&reader, "React", touch).await["comment"]), [1, 1, 0]);
        }
    })
    .await;
}

#[tokio::test]
async fn nobody_reacts_unknown_or_to_what_is_not_there() {
    on_each_with(None, false, async |talk| {
        let id = talk.comment("Something to react to.", None).await;
        let nobody = talk.ask(&Viewer::Guest, "React", json!({"commentId": id, "kind": "LIKE"})).await;
        assert_eq!((refusals(&nobody)[0].0.as_str(), &nobody["comment"]), ("UNAUTHENTICATED", &Value::Null));
        let short = talk
            .ask(&Viewer::Guest, "React", json!({"commentId": id, "kind": "LIKE", "writerKey": "short"}))
            .await;
        assert_eq!(refusals(&short)[0].0, "INVALID");
        talk.decides(&[&id], "REJECT").await;
        let reply_below = talk.comment("Another one.", None).await;
        assert_ne!(reply_below, id);
        for id in [id, global_id("Comment:999999"), talk.article.clone()] {
            for operation in ["React", "ReportComment"] {
                let kind =
                    if operation == "React" { json!({"kind": "LIKE"}) } else { json!({"reason": "SPAM"}) };
                let mut touch = json!({"commentId": id, "writerKey": key("rima")});
                touch
                    .as_object_mut()
                    .expect("an object")
                    .extend(kind.as_object().expect("an object").clone());
                let payload = talk.ask(&Viewer::Guest, operation, touch).await;
                assert_eq!(refusals(&payload)[0].0, "NOT_FOUND", "{operation} {id}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn enough_reports_hold_a_comment_until_a_moderator_has_decided() {
    on_each(async |talk| {
        let (id, receipt) = talk.left(json!({"body": "Something that offends."})).await;
        for _ in 0..4 {
            assert_eq!(
                talk.reports(&id, "OFFENSIVE", Some("It insults my town."), "rima").await["accepted"],
                true
            );
        }
        assert_eq!(
            talk.reports(&id, "SPAM", None, "rima").await["accepted"],
            true,
            "a writer has one report"
        );
        let ground = talk.reports(&id, "ILLEGAL", Some("  "), "sami").await;
        assert_eq!(
            (&ground["accepted"], ground["errors"][0]["code"].as_str()),
            (&json!(false), Some("INVALID"))
        );
        assert_eq!(
            talk.reports(&id, "ILLEGAL", Some("Article 5 of the press law."), "sami").await["accepted"],
            true
        );
        let reports = talk.moderation(&id).await["reports"].clone();
        let expected = json!([
            {"reason": "ILLEGAL", "count": 1, "notes": ["Article 5 of the press law."]},
            {"reason": "OFFENSIVE", "count": 1, "notes": ["It insults my town."]},
        ]);
        assert_eq!(reports, expected);
        assert!(talk.top(&id).await.is_some(), "two of three");
        talk.reports(&id, "OFFENSIVE", None, "lina").await;
        assert!(talk.top(&id).await.is_none(), "three of three");
        let held = talk.moderation(&id).await;
        assert_eq!((&held["status"], &held["findings"][0]["phase"]), (&json!("PENDING"), &json!("REPORTS")));
        assert_eq!(talk.own(super::now(), &receipt).await["status"], "PENDING");

        talk.decides(&[&id], "APPROVE").await;
        assert!(talk.top(&id).await.is_some());
        assert_eq!(talk.moderation(&id).await["reports"], json!([]));
        // Those who have reported it have had their answer; it takes as many others.
        for writer in ["rima", "sami", "lina", "four", "five"] {
            talk.reports(&id, "SPAM", None, writer).await;
        }
        assert!(talk.top(&id).await.is_some());
        talk.reports(&id, "SPAM", None, "six").await;
        assert!(talk.top(&id).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_report_is_taken_back_while_nobody_has_dealt_with_it() {
    on_each_with(Some(Policy::Open), false, async |talk| {
        let (id, receipt) = talk.left(json!({"body": "Something to report."})).await;
        let back = async |writer: &str| {
            let document = "mutation($c: ID!, $w: String) { withdrawReport(input: {commentId: $c, writerKey: $w}) { withdrawn errors { code field message } } }";
            talk.ask(&Viewer::Guest, document, json!({"c": id, "w": key(writer)})).await
        };
        talk.reports(&id, "OFF_TOPIC", None, "rima").await;
        assert_eq!(back("sami").await["withdrawn"], true, "nothing of his is there");
        assert_eq!(talk.moderation(&id).await["reports"][0]["count"], 1);
        assert_eq!(back("rima").await["withdrawn"], true);
        assert_eq!(talk.moderation(&id).await["reports"], json!([]));
        for writer in ["sami", "lina"] {
            talk.reports(&id, "OFF_TOPIC", None, writer).await;
        }
        assert!(talk.top(&id).await.is_some(), "what was taken back does not count");
        talk.reports(&id, "OFF_TOPIC", None, "rima").await;
        assert!(talk.top(&id).await.is_none());
        assert_eq!(back("rima").await["withdrawn"], true, "whoever has reported it may still say so");
        assert_eq!(refusals(&back("omar").await), refusal("NOT_FOUND", None), "and nobody else");
        let held = talk.moderation(&id).await;
        assert_eq!((&held["status"], &held["reports"][0]["count"]), (&json!("PENDING"), &json!(2)));
        // Another text does not hide from moderators why it waits.
        talk.done(&Viewer::Guest, "EditMyComment", json!({"receipt": receipt, "body": "Something harmless."})).await;
        let held = talk.moderation(&id).await;
        assert_eq!((&held["status"], &held["findings"][0]["phase"]), (&json!("PENDING"), &json!("REPORTS")));
    })
    .await;
}

#[tokio::test]
async fn keys_that_one_address_makes_up_hide_no_comment() {
    on_each(async |talk| {
        let id = talk.comment("Something that somebody dislikes.", None).await;
        let reports_from = async |address: &str, writer: &str| {
            let address = address.parse().expect("an address");
            let visit = Visit::new(&talk.settings, Viewer::Guest, now(), None, "test".to_owned())
                .from_address(Some(address));
            let report = json!({"commentId": id, "reason": "SPAM", "writerKey": key(writer)});
            let request = Request::new(operation("ReportComment")).variables(Variables::from_json(report));
            let answer =
                serde_json::to_value(execute(talk.newsroom.schema(), request, visit).await).expect("JSON");
            assert_eq!(answer["data"]["reportComment"]["accepted"], true, "{answer:#}");
        };
        for writer in ["one", "two", "three", "four"] {
            reports_from("192.0.2.1", writer).await;
        }
        // Of IPv6 a customer has 2⁶⁴ addresses.
        for (address, writer) in
            [("2001:db8:0:1::1", "five"), ("2001:db8:0:1:ffff::2", "six"), ("::ffff:192.0.2.1", "seven")]
        {
            reports_from(address, writer).await;
        }
        assert!(talk.top(&id).await.is_some(), "from two networks");
        assert_eq!(talk.moderation(&id).await["reports"][0]["count"], 7, "moderators see them all");
        reports_from("2001:db8:0:2::1", "eight").await;
        assert!(talk.top(&id).await.is_none(), "from three");
    })
    .await;
}
