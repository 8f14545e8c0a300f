//! The contract's operations on one's own comment and on others', and the moderators': as clients send them, word for
//! word, their answers reviewed as snapshots.

use masthead_domain::viewer::Viewer;
use serde_json::json;

use super::{key, minute, on_each};

#[tokio::test]
async fn a_writer_s_and_a_reader_s_operations() {
    on_each(async |talk| {
        let guest = Viewer::Guest;
        let said = talk
            .says(json!({"body": "A first thought.", "authorName": "Rima", "writerKey": key("rima")}))
            .await;
        let (id, receipt) = (&said["comment"]["id"], &said["receipt"]);
        insta::assert_json_snapshot!(
            "my_comment",
            talk.at(&guest, minute(1), "MyComment", json!({"receipt": receipt})).await
        );
        let edit = json!({"receipt": receipt, "body": "A second thought: https://news.example/bus"});
        insta::assert_json_snapshot!(
            "edit_my_comment",
            talk.at(&guest, minute(2), "EditMyComment", edit.clone()).await
        );
        insta::assert_json_snapshot!(
            "edit_my_comment_closed",
            talk.at(&guest, minute(15), "EditMyComment", edit).await
        );
        let like = json!({"commentId": id, "kind": "INSIGHTFUL", "writerKey": key("sami")});
        insta::assert_json_snapshot!("react", talk.ask(&guest, "React", like).await);
        let report =
            json!({"commentId": id, "reason": "ILLEGAL", "note": "Article 5.", "writerKey": key("sami")});
        insta::assert_json_snapshot!("report_comment", talk.ask(&guest, "ReportComment", report).await);
        let bare = json!({"commentId": id, "reason": "ILLEGAL", "writerKey": key("lina")});
        insta::assert_json_snapshot!(
            "report_comment_without_ground",
            talk.ask(&guest, "ReportComment", bare).await
        );
        let withdrawn = talk.ask(&guest, "WithdrawMyComment", json!({"receipt": receipt})).await;
        insta::assert_json_snapshot!("withdraw_my_comment", withdrawn);
        let unknown = talk.ask(&guest, "WithdrawMyComment", json!({"receipt": "nonsense"})).await;
        insta::assert_json_snapshot!("withdraw_my_comment_unknown", unknown);
        assert!(talk.ask(&guest, "MyComment", json!({"receipt": "nonsense"})).await.is_null());
    })
    .await;
}

#[tokio::test]
async fn a_moderator_s_operations() {
    on_each(async |talk| {
        talk.store.execute("UPDATE comments SET status = 'WITHDRAWN', shown = FALSE WHERE status = 'PENDING'").await;
        talk.rules(json!({"suspectWords": ["casino"], "reportThreshold": 2})).await;
        let input = json!({"body": "At the casino, as ever.", "authorName": "Rima", "authorEmail": "rima@example.org", "writerKey": key("rima")});
        let held = talk.says(input).await["comment"]["id"].clone();
        let reported = talk.comment("To be reported.", None).await;
        for (writer, note) in [("sami", Some("It lies.")), ("lina", None)] {
            let report = json!({"commentId": reported, "reason": "OFFENSIVE", "note": note, "writerKey": key(writer)});
            talk.done(&Viewer::Guest, "ReportComment", report).await;
        }
        let queue = talk.ask(&talk.admin, "ModerationQueue", json!({})).await;
        insta::assert_json_snapshot!("moderation_queue", queue);
        let first = talk.ask(&talk.admin, "ModerationQueue", json!({"first": 1})).await;
        let next = json!({"first": 1, "after": first["pageInfo"]["endCursor"]});
        let second = talk.ask(&talk.admin, "ModerationQueue", next).await;
        assert_eq!(json!([first["nodes"][0], second["nodes"][0]]), queue["nodes"]);
        let decision = json!({"ids": [held, reported], "decision": "APPROVE", "note": "Harmless."});
        insta::assert_json_snapshot!("moderate", talk.ask(&talk.admin, "Moderate", decision).await);
        let foreign = json!({"ids": [held, talk.article], "decision": "SPAM"});
        insta::assert_json_snapshot!("moderate_foreign", talk.ask(&talk.admin, "Moderate", foreign).await);
        let email = json!({"email": "rima@example.org"});
        insta::assert_json_snapshot!("commenter_data", talk.ask(&talk.admin, "CommenterData", email.clone()).await);
        insta::assert_json_snapshot!("ban", talk.ask(&talk.admin, "Ban", email.clone()).await);
        insta::assert_json_snapshot!("ban_as_a_guest", talk.ask(&Viewer::Guest, "Ban", email.clone()).await);
        insta::assert_json_snapshot!("erase_commenter", talk.ask(&talk.admin, "EraseCommenter", email.clone()).await);
        let nothing = talk.ask(&talk.admin, "CommenterData", email).await;
        assert_eq!(nothing, json!({"comments": []}));
    })
    .await;
}
