//! What readers reported as against the law, as a newsroom shows it to who may ask.

use masthead_domain::user::Role;
use masthead_domain::viewer::Viewer;
use serde_json::{Value, json};

use super::{Talk, key, minute, on_each};
use crate::newsroom::now;

const REPORTS: &str = "query($first: Int, $after: String, $last: Int, $since: DateTime, $until: DateTime) {
    illegalReports(first: $first, after: $after, last: $last, since: $since, until: $until) {
        totalCount pageInfo { hasNextPage endCursor }
        nodes { ground reportedAt comment { id body { text } } decision { decision note decidedBy decidedAt } } } }";

impl Talk<'_> {
    /// A reader's report at a minute.
    async fn reported(&self, at: i64, id: &str, reason: &str, note: &str, writer: &str) {
        let report = json!({"commentId": id, "reason": reason, "note": note, "writerKey": key(writer)});
        let payload = self.at(&Viewer::Guest, minute(at), "ReportComment", report).await;
        assert_eq!(payload["accepted"], true, "{payload:#}");
    }

    /// The grounds that a moderator is shown.
    async fn grounds(&self, viewer: &Viewer, which: Value) -> Vec<String> {
        let found = self.ask(viewer, REPORTS, which).await;
        let nodes = found["nodes"].as_array().expect("nodes").iter();
        nodes.map(|node| node["ground"].as_str().expect("a ground").to_owned()).collect()
    }
}

#[tokio::test]
async fn what_was_reported_as_illegal_is_shown_with_what_was_decided() {
    on_each(async |talk| {
        let first = talk.comment("A libel.", None).await;
        let second = talk.comment("A threat.", None).await;
        talk.reported(1, &first, "ILLEGAL", "Libel, article 9.", "rima").await;
        talk.reported(2, &second, "ILLEGAL", "A threat, article 3.", "sami").await;
        talk.reported(3, &first, "ILLEGAL", "It names my mother.", "lina").await;
        talk.reported(4, &first, "OFFENSIVE", "Rude.", "omar").await;
        let all = ["Libel, article 9.", "A threat, article 3.", "It names my mother."];
        assert_eq!(talk.grounds(&talk.admin, json!({})).await, all, "the oldest first, and of this reason only");

        let decision = json!({"ids": [first], "decision": "REJECT", "note": "The court has spoken."});
        let document = "mutation($ids: [ID!]!, $decision: ModerationDecision!, $note: String) {
            moderateComments(input: { ids: $ids, decision: $decision, note: $note }) { errors { code } } }";
        talk.at(&talk.admin, minute(5), document, decision).await;
        let found = talk.ask(&talk.admin, REPORTS, json!({})).await;
        assert_eq!(found["totalCount"], Value::Null);
        let decided = json!({"decision": "REJECT", "note": "The court has spoken.", "decidedBy": "Amal", "decidedAt": "2026-05-28T20:31:40Z"});
        assert_eq!(
            found["nodes"][0],
            json!({"ground": all[0], "reportedAt": "2026-05-28T20:27:40Z", "comment": {"id": first, "body": {"text": "A libel."}}, "decision": decided})
        );
        assert_eq!((&found["nodes"][1]["decision"], &found["nodes"][2]["decision"]), (&Value::Null, &decided));

        let page = talk.ask(&talk.admin, REPORTS, json!({"first": 2})).await;
        assert_eq!(page["pageInfo"]["hasNextPage"], true);
        let rest = json!({"first": 2, "after": page["pageInfo"]["endCursor"]});
        assert_eq!(talk.grounds(&talk.admin, rest).await, all[2..]);
        assert_eq!(talk.grounds(&talk.admin, json!({"last": 1})).await, all[2..]);
        let within = json!({"since": "2026-05-28T20:28:40Z", "until": "2026-05-28T20:29:40Z"});
        assert_eq!(talk.grounds(&talk.admin, within).await, all[1..2], "from the one on, short of the other");

        let undo = "mutation($id: ID!) { undoModeration(id: $id) { errors { code } } }";
        talk.done(&talk.admin, undo, json!({"id": first})).await;
        let found = talk.ask(&talk.admin, REPORTS, json!({})).await;
        assert_eq!(found["nodes"][0]["decision"], Value::Null, "it was taken back");
    })
    .await;
}

#[tokio::test]
async fn who_decides_nothing_is_shown_no_report() {
    on_each(async |talk| {
        let id = talk.comment("A libel.", None).await;
        talk.reported(1, &id, "ILLEGAL", "Libel, article 9.", "rima").await;
        for (role, code) in
            [(None, "UNAUTHENTICATED"), (Some(Role::Reader), "FORBIDDEN"), (Some(Role::Author), "FORBIDDEN")]
        {
            let viewer = match role {
                Some(role) => talk.newsroom.person(&format!("{role:?}"), role, &[]).await,
                None => Viewer::Guest,
            };
            let answer = talk.answer(&viewer, now(), REPORTS, json!({})).await;
            assert_eq!(
                (&answer["data"]["illegalReports"], &answer["errors"][0]["extensions"]["code"]),
                (&Value::Null, &json!(code))
            );
            assert!(!answer.to_string().contains("Libel"));
        }
        let elsewhere = talk.newsroom.person("Far", Role::Editor, &["sport"]).await;
        assert!(talk.grounds(&elsewhere, json!({})).await.is_empty(), "another section's editor");
        assert_eq!(talk.grounds(&talk.admin, json!({})).await.len(), 1);
    })
    .await;
}
