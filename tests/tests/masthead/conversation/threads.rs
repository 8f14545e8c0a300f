//! The shape of a thread when parts of it go and come back: answers stay readable, and every count is right.

use masthead_domain::viewer::Viewer;
use serde_json::{Value, json};

use super::{Talk, key, on_each};
use crate::newsroom::{refusal, refusals};

const UNDO: &str =
    "mutation($id: ID!) { undoModeration(id: $id) { comment { id } errors { code field message } } }";

impl Talk<'_> {
    /// Comments and threads that readers are told of.
    async fn counts(&self) -> (i64, i64) {
        let thread = self.thread().await;
        let count = |value: &Value| value.as_i64().expect("a count");
        let (all, tops) = (count(&thread["commentCount"]), count(&thread["comments"]["totalCount"]));
        assert_eq!(
            tops,
            thread["comments"]["nodes"].as_array().map_or(0, Vec::len) as i64,
            "all are on one page"
        );
        (all, tops)
    }

    async fn undoes(&self, id: &str) {
        self.done(&self.admin, UNDO, json!({"id": id})).await;
    }
}

#[tokio::test]
async fn a_rejected_comment_leaves_its_place_to_those_who_answered() {
    on_each(async |talk| {
        let (comments, threads) = talk.counts().await;
        let (parent, _) = talk.left(json!({"body": "Hateful words.", "authorName": "Rude"})).await;
        let (reply, reply_receipt) =
            talk.left(json!({"body": "A calm answer.", "authorName": "Calm", "parentId": parent})).await;
        assert_eq!(talk.counts().await, (comments + 2, threads + 1));

        talk.decides(&[&parent], "REJECT").await;
        let place = talk.top(&parent).await.expect("its place");
        assert_eq!(place["removed"], true);
        assert_eq!((&place["authorName"], &place["body"]), (&Value::Null, &json!({"html": "", "text": ""})));
        let answers = &place["replies"];
        assert_eq!((&answers["totalCount"], &answers["nodes"][0]["id"]), (&json!(1), &json!(reply)));
        assert_eq!(
            (&answers["nodes"][0]["body"]["text"], &answers["nodes"][0]["removed"]),
            (&json!("A calm answer."), &json!(false))
        );
        assert_eq!(talk.counts().await, (comments + 1, threads + 1), "the place is a thread, and no comment");
        let all = talk.thread().await.to_string();
        assert!(!all.contains("Hateful") && !all.contains("Rude"));
        let node = talk.ask(&Viewer::Guest, "MoreReplies", json!({"comment": parent})).await;
        assert_eq!(node["replies"]["nodes"][0]["id"], json!(reply));
        let more = talk.says(json!({"body": "An answer to nobody.", "parentId": parent})).await;
        assert_eq!(refusals(&more), refusal("NOT_FOUND", Some("input.parentId")));

        talk.undoes(&parent).await;
        let back = talk.top(&parent).await.expect("back");
        assert_eq!(
            (&back["removed"], &back["authorName"], &back["body"]["text"]),
            (&json!(false), &json!("Rude"), &json!("Hateful words."))
        );
        assert_eq!(talk.counts().await, (comments + 2, threads + 1));

        talk.decides(&[&parent], "SPAM").await;
        let withdrawn =
            talk.ask(&Viewer::Guest, "WithdrawMyComment", json!({"receipt": reply_receipt})).await;
        assert_eq!(withdrawn["errors"], json!([]));
        assert!(talk.top(&parent).await.is_none(), "with the last answer the place goes");
        assert_eq!(talk.counts().await, (comments, threads));
        let gone = talk.ask(&Viewer::Guest, "MoreReplies", json!({"comment": parent})).await;
        assert!(gone.is_null());
    })
    .await;
}

#[tokio::test]
async fn places_stand_and_fall_through_all_levels() {
    on_each(async |talk| {
        let (comments, threads) = talk.counts().await;
        let top = talk.comment("The top of it.", None).await;
        let middle = talk.comment("The middle of it.", Some(&top)).await;
        let last = talk.comment("The bottom of it.", Some(&middle)).await;
        talk.decides(&[&top, &middle], "REJECT").await;
        assert_eq!(talk.counts().await, (comments + 1, threads + 1));
        let shown = talk.top(&top).await.expect("a place");
        let below = &shown["replies"]["nodes"][0];
        assert_eq!((&below["id"], &below["removed"]), (&json!(middle), &json!(true)));
        assert_eq!(below["replies"]["nodes"][0]["body"]["text"], "The bottom of it.");
        // The bottom goes, and all places with it; it comes back, and they do.
        talk.decides(&[&last], "REJECT").await;
        assert!(talk.top(&top).await.is_none());
        assert_eq!(talk.counts().await, (comments, threads));
        talk.undoes(&last).await;
        assert_eq!(talk.top(&top).await.expect("a place")["replies"]["nodes"][0]["replies"]["totalCount"], 1);
        talk.undoes(&middle).await;
        talk.decides(&[&last], "SPAM").await;
        assert_eq!(talk.top(&top).await.expect("a place")["replies"]["nodes"][0]["replies"]["totalCount"], 0);
        assert_eq!(talk.counts().await, (comments + 1, threads + 1));
        talk.decides(&[&top, &middle, &last], "APPROVE").await;
        assert_eq!(talk.counts().await, (comments + 3, threads + 1));
        talk.decides(&[&last, &top, &middle], "REJECT").await;
        assert_eq!(talk.counts().await, (comments, threads));
    })
    .await;
}

#[tokio::test]
async fn an_answer_to_what_is_rejected_meanwhile_waits_and_comes() {
    on_each(async |talk| {
        let (comments, threads) = talk.counts().await;
        talk.rules(json!({"suspectWords": ["casino"]})).await;
        let top = talk.comment("A question.", None).await;
        let held = talk.comment("An answer about a casino.", Some(&top)).await;
        talk.decides(&[&top], "REJECT").await;
        assert!(talk.top(&top).await.is_none(), "an answer that is held keeps no place");
        talk.decides(&[&held], "APPROVE").await;
        let place = talk.top(&top).await.expect("a place");
        assert_eq!((&place["removed"], &place["replies"]["totalCount"]), (&json!(true), &json!(1)));
        assert_eq!(talk.counts().await, (comments + 1, threads + 1));
    })
    .await;
}

#[tokio::test]
async fn the_most_liked_come_first_page_by_page() {
    on_each(async |talk| {
        let mut ids = Vec::new();
        for n in 0..7_usize {
            let id = talk.comment(&format!("Comment number {n} of seven, by somebody."), None).await;
            // 0, 2, 1, 0, 2, 1, 0 likes.
            for reader in 0..[0, 2, 1][n % 3] {
                let like =
                    json!({"commentId": id, "kind": "LIKE", "writerKey": key(&format!("reader {reader}"))});
                talk.done(&Viewer::Guest, "React", like).await;
            }
            ids.push(id);
        }
        let expected: Vec<&String> = [1, 4, 2, 5, 0, 3, 6].into_iter().map(|n: usize| &ids[n]).collect();
        let mut walked: Vec<String> = Vec::new();
        let mut after = Value::Null;
        loop {
            let page = json!({"article": talk.article, "first": 2, "after": after, "orderBy": "MOST_LIKED"});
            let page = talk.ask(&Viewer::Guest, "MoreComments", page).await["comments"].clone();
            let nodes = page["nodes"].as_array().expect("nodes");
            walked.extend(nodes.iter().map(|node| node["id"].as_str().expect("an id").to_owned()));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == json!(false) {
                break;
            }
        }
        let all: Vec<&String> = walked.iter().filter(|id| ids.contains(id)).collect();
        assert_eq!(all, expected);
        let mut once = walked.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), walked.len(), "each comes once");
    })
    .await;
}
