//! Many at the same moment, on the database where they really are: nothing is stored twice, no count is off, and nobody
//! fails because of another.

use futures_util::future::join_all;
use masthead_domain::viewer::Viewer;
use serde_json::{Value, json};

use super::touched::counts;
use super::{Talk, key, on_each, on_each_with};
use crate::newsroom::{refusal, refusals};

impl Talk<'_> {
    async fn alike(&self, text: &str) -> i64 {
        self.store.number(&format!("SELECT COUNT(*) FROM comments WHERE body_text = '{text}'")).await
    }
}

#[tokio::test]
async fn ten_requests_with_one_key_leave_one_comment() {
    // With the throttles and the search for repetitions that the program has.
    on_each_with(None, true, async |talk| {
        for writer in [Some(key("rima")), None] {
            let text =
                format!("Sent ten times over, {}.", if writer.is_some() { "known" } else { "unknown" });
            let input = json!({"body": text, "idempotencyKey": key(&text), "writerKey": writer});
            let answers = join_all((0..10).map(|_| talk.says(input.clone()))).await;
            for answer in &answers {
                assert_eq!(answer, &answers[0]);
                assert_eq!(
                    (&answer["outcome"], &answer["errors"]),
                    (&json!("PUBLISHED"), &json!([])),
                    "{answer:#}"
                );
            }
            assert_eq!(talk.alike(&text).await, 1);
            // Whoever has the key, and not the writer's, gets neither the comment nor its receipt.
            let mut stolen = input.clone();
            stolen["writerKey"] = json!(key("mallory"));
            let refused = talk.says(stolen).await;
            assert_eq!(refusals(&refused), refusal("KEY_REUSED", Some("input.idempotencyKey")));
            assert_eq!((&refused["receipt"], &refused["comment"]), (&Value::Null, &Value::Null));
        }
    })
    .await;
}

#[tokio::test]
async fn twenty_readers_react_at_once_and_every_one_counts() {
    on_each(async |talk| {
        let id = talk.comment("Loved by many.", None).await;
        let touch = async |n: usize, kind: &str, on: bool| {
            let touch =
                json!({"commentId": id, "kind": kind, "on": on, "writerKey": key(&format!("reader {n}"))});
            talk.done(&Viewer::Guest, "React", touch).await;
        };
        join_all((0..20).map(|n| touch(n, "LIKE", true))).await;
        // Each twice, a third of them otherwise, a third not at all.
        join_all((0..40).map(|n| match n % 20 % 3 {
            0 => touch(n % 20, "LIKE", true),
            1 => touch(n % 20, "DISAGREE", true),
            _ => touch(n % 20, "LIKE", false),
        }))
        .await;
        let document = "query($id: ID!) { node(id: $id) { ... on Comment { reactions { kind count } } } }";
        assert_eq!(counts(&talk.ask(&Viewer::Guest, document, json!({"id": id})).await), [7, 0, 7]);
        let rows = "SELECT COUNT(*) FROM comment_reactions";
        assert_eq!(talk.store.number(rows).await, 14);
    })
    .await;
}

#[tokio::test]
async fn readers_writers_and_moderators_meet_in_one_thread() {
    on_each(async |talk| {
        talk.rules(json!({"reportThreshold": 3})).await;
        let top = talk.comment("The top of a busy thread.", None).await;
        let mut chain = vec![top.clone()];
        for n in 0..6 {
            let above = chain.last().expect("one").clone();
            chain.push(talk.comment(&format!("Level {n} of a busy thread."), Some(&above)).await);
        }
        let mut work: Vec<std::pin::Pin<Box<dyn Future<Output = ()> + '_>>> = Vec::new();
        for (n, id) in chain.iter().enumerate() {
            // Decisions of overlapping lists, in either direction.
            let some: Vec<&str> = chain.iter().skip(n / 2).step_by(1 + n % 2).map(String::as_str).collect();
            let decision = ["REJECT", "APPROVE", "SPAM"][n % 3];
            work.push(Box::pin(async move {
                talk.decides(&some, decision).await;
            }));
            work.push(Box::pin(async move {
                // Taken, or answered that the parent is away: never a fault.
                let said = talk.says(json!({"body": format!("Answer {n}, amid decisions."), "parentId": id})).await;
                assert!(said["errors"] == json!([]) || refusals(&said)[0].0 == "NOT_FOUND", "{said:#}");
            }));
            for reader in 0..3 {
                work.push(Box::pin(async move {
                    let report = json!({"commentId": id, "reason": "SPAM", "writerKey": key(&format!("reader {reader}"))});
                    talk.ask(&Viewer::Guest, "ReportComment", report).await;
                }));
            }
        }
        join_all(work).await;
        talk.newsroom.assert_sound().await;
        let chain: Vec<&str> = chain.iter().map(String::as_str).collect();
        talk.decides(&chain, "APPROVE").await;
        assert!(talk.top(&top).await.is_some());
    })
    .await;
}
