//! Random sequences of what writers, readers and moderators do: whatever happens, counts and places are right, and a walk
//! through the thread finds what a simple model of it says.

use std::collections::{BTreeMap, BTreeSet};

use masthead_domain::viewer::Viewer;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::touched::counts;
use super::{Talk, key, on_each};

/// How many sequences each database sees, and how often a failing one is made smaller.
const SEQUENCES: usize = 20;
const SMALLER: usize = 60;

const KINDS: [&str; 3] = ["LIKE", "INSIGHTFUL", "DISAGREE"];
const DECISIONS: [(&str, &str); 3] = [("APPROVE", "PUBLISHED"), ("REJECT", "REJECTED"), ("SPAM", "SPAM")];

/// Comments are named by their number so far, counted round; writers are three.
#[derive(Debug, Clone)]
enum Deed {
    Leave { writer: usize, parent: Option<usize>, held: bool },
    Edit(usize),
    Decide { first: usize, second: Option<usize>, decision: usize },
    Undo(usize),
    Withdraw(usize),
    React { comment: usize, writer: usize, kind: usize, on: bool },
    Erase(usize),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let n = 0..12_usize;
    let leave = (0..3_usize, proptest::option::weighted(0.8, n.clone()), proptest::bool::weighted(0.2));
    let decide = (n.clone(), proptest::option::of(n.clone()), 0..3_usize);
    let react = (n.clone(), 0..3_usize, 0..3_usize, proptest::bool::weighted(0.7));
    let deed = prop_oneof![
        8 => leave.prop_map(|(writer, parent, held)| Deed::Leave { writer, parent, held }),
        2 => n.clone().prop_map(Deed::Edit),
        6 => decide.prop_map(|(first, second, decision)| Deed::Decide { first, second, decision }),
        3 => n.clone().prop_map(Deed::Undo),
        3 => n.prop_map(Deed::Withdraw),
        4 => react.prop_map(|(comment, writer, kind, on)| Deed::React { comment, writer, kind, on }),
        1 => (0..3_usize).prop_map(Deed::Erase),
    ];
    proptest::collection::vec(deed, 1..40)
}

/// One comment as it should be.
struct Modelled {
    id: String,
    receipt: String,
    writer: Option<usize>,
    parent: Option<usize>,
    text: String,
    status: String,
    /// Where it stood before each decision that was not taken back.
    before: Vec<String>,
    reactions: BTreeMap<usize, usize>,
}

struct Model<'a> {
    talk: &'a Talk<'a>,
    comments: Vec<Modelled>,
    said: usize,
}

#[tokio::test]
async fn whatever_is_done_a_thread_is_what_it_should_be() {
    on_each(async |talk| {
        let mut runner = TestRunner::default();
        let mut kinds = BTreeSet::new();
        for _ in 0..SEQUENCES {
            let mut tree = deeds().new_tree(&mut runner).expect("a sequence");
            kinds.extend(tree.current().iter().map(std::mem::discriminant).map(|kind| format!("{kind:?}")));
            let Err(mut wrong) = Model::live_through(talk, &tree.current()).await else { continue };
            let mut smallest = tree.current();
            let mut goes_on = tree.simplify();
            for _ in 0..SMALLER {
                if !goes_on {
                    break;
                }
                match Model::live_through(talk, &tree.current()).await {
                    Ok(()) => goes_on = tree.complicate(),
                    Err(still) => {
                        (smallest, wrong) = (tree.current(), still);
                        goes_on = tree.simplify();
                    }
                }
            }
            panic!("{wrong}\nafter {smallest:#?}");
        }
        assert_eq!(kinds.len(), 7, "every kind of deed was done");
    })
    .await;
}

fn check(holds: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(why()) }
}

impl<'a> Model<'a> {
    async fn live_through(talk: &'a Talk<'a>, deeds: &[Deed]) -> Result<(), String> {
        talk.store
            .execute("DELETE FROM comments; UPDATE articles SET comment_count = 0, thread_count = 0; DELETE FROM spam_tokens")
            .await;
        let mut model = Self { talk, comments: Vec::new(), said: 0 };
        for deed in deeds {
            model.one(deed).await.map_err(|wrong| format!("{deed:?}: {wrong}"))?;
        }
        let wrong = talk.store.wrong_counts().await.expect("counts");
        check(wrong.is_empty(), || format!("{wrong:?}"))?;
        let misplaced = talk.store.misplaced().await.expect("rows");
        check(misplaced.is_empty(), || format!("{misplaced:?}"))?;
        model.compare().await
    }

    fn nth(&self, n: usize) -> Option<usize> {
        (!self.comments.is_empty()).then(|| n % self.comments.len())
    }

    async fn one(&mut self, deed: &Deed) -> Result<(), String> {
        let talk = self.talk;
        match *deed {
            Deed::Leave { writer, parent, held } => {
                let parent = parent.and_then(|n| self.nth(n));
                self.said += 1;
                let text = format!("Saying number {} of all.", self.said);
                let mut input = json!({"body": text, "writerKey": key(&format!("writer {writer}")),
                    "authorName": format!("Writer {writer}"), "authorEmail": format!("writer{writer}@example.org"),
                    "parentId": parent.map(|n| self.comments[n].id.clone())});
                if held {
                    input["website"] = json!("x");
                }
                let payload = talk.says(input).await;
                if parent.is_some_and(|n| self.comments[n].status != "PUBLISHED") {
                    return check(payload["errors"][0]["code"] == "NOT_FOUND", || format!("{payload:#}"));
                }
                check(payload["errors"] == json!([]), || format!("{payload:#}"))?;
                let published = payload["outcome"] == "PUBLISHED";
                check(!(held && published), || "published, with the trap filled in".to_owned())?;
                let text_of = |value: &Value| value.as_str().expect("text").to_owned();
                self.comments.push(Modelled {
                    id: text_of(&payload["comment"]["id"]),
                    receipt: text_of(&payload["receipt"]),
                    writer: Some(writer),
                    parent,
                    text,
                    status: if published { "PUBLISHED" } else { "PENDING" }.to_owned(),
                    before: Vec::new(),
                    reactions: BTreeMap::new(),
                });
            }
            Deed::Edit(n) => {
                let Some(n) = self.nth(n) else { return Ok(()) };
                self.said += 1;
                let text = format!("Saying number {} instead.", self.said);
                let change = json!({"receipt": self.comments[n].receipt, "body": text});
                let payload = talk.ask(&Viewer::Guest, "EditMyComment", change).await;
                let comment = &mut self.comments[n];
                let code = payload["errors"][0]["code"].as_str();
                let expected = match (comment.writer, comment.status.as_str()) {
                    (None, _) => Some("NOT_FOUND"),
                    (_, "PUBLISHED" | "PENDING") => None,
                    _ => Some("CLOSED"),
                };
                check(code == expected, || format!("{payload:#}"))?;
                if expected.is_none() {
                    comment.text = text;
                    let published = payload["outcome"] == "PUBLISHED";
                    check(!published || comment.status == "PUBLISHED", || {
                        "published by being changed".to_owned()
                    })?;
                    comment.status = if published { "PUBLISHED" } else { "PENDING" }.to_owned();
                }
            }
            Deed::Decide { first, second, decision } => {
                let Some(first) = self.nth(first) else { return Ok(()) };
                let all: BTreeSet<usize> =
                    std::iter::once(first).chain(second.and_then(|n| self.nth(n))).collect();
                let ids: Vec<&str> = all.iter().map(|n| self.comments[*n].id.as_str()).collect();
                let (decision, status) = DECISIONS[decision];
                talk.decides(&ids, decision).await;
                for n in all {
                    let comment = &mut self.comments[n];
                    if comment.status != "WITHDRAWN" {
                        let before = std::mem::replace(&mut comment.status, status.to_owned());
                        comment.before.push(before);
                    }
                }
            }
            Deed::Undo(n) => {
                let Some(n) = self.nth(n) else { return Ok(()) };
                let undo =
                    "mutation($id: ID!) { undoModeration(id: $id) { comment { id } errors { code } } }";
                let payload = talk.ask(&talk.admin, undo, json!({"id": self.comments[n].id})).await;
                let comment = &mut self.comments[n];
                let back = if comment.status == "WITHDRAWN" { None } else { comment.before.pop() };
                check((payload["errors"] == json!([])) == back.is_some(), || format!("{payload:#}"))?;
                comment.status = back.unwrap_or_else(|| comment.status.clone());
            }
            Deed::Withdraw(n) => {
                let Some(n) = self.nth(n) else { return Ok(()) };
                let payload = talk
                    .ask(&Viewer::Guest, "WithdrawMyComment", json!({"receipt": self.comments[n].receipt}))
                    .await;
                let comment = &mut self.comments[n];
                check((payload["errors"] == json!([])) == comment.writer.is_some(), || {
                    format!("{payload:#}")
                })?;
                comment.status = "WITHDRAWN".to_owned();
            }
            Deed::React { comment, writer, kind, on } => {
                let Some(n) = self.nth(comment) else { return Ok(()) };
                let touch = json!({"commentId": self.comments[n].id, "kind": KINDS[kind], "on": on, "writerKey": key(&format!("writer {writer}"))});
                let payload = talk.ask(&Viewer::Guest, "React", touch).await;
                let comment = &mut self.comments[n];
                let public = comment.status == "PUBLISHED";
                check((payload["errors"] == json!([])) == public, || format!("{payload:#}"))?;
                if public && on {
                    comment.reactions.insert(writer, kind);
                } else if public && comment.reactions.get(&writer) == Some(&kind) {
                    comment.reactions.remove(&writer);
                }
            }
            Deed::Erase(writer) => {
                let theirs = self.comments.iter().filter(|comment| comment.writer == Some(writer)).count();
                let email = format!("writer{writer}@example.org");
                let payload = talk.done(&talk.admin, "EraseCommenter", json!({"email": email})).await;
                check(payload["erasedComments"] == theirs, || {
                    format!("{payload:#}, and there were {theirs}")
                })?;
                for comment in &mut self.comments {
                    // Reactions go with a key that is known from a comment.
                    if theirs > 0 {
                        comment.reactions.remove(&writer);
                    }
                    if comment.writer == Some(writer) {
                        comment.writer = None;
                        comment.status = "WITHDRAWN".to_owned();
                        comment.reactions.clear();
                    }
                }
            }
        }
        Ok(())
    }

    /// The thread below a comment, or at the top, as the model has it: a line each, indented.
    fn expected(&self, parent: Option<usize>, depth: usize, lines: &mut Vec<String>) {
        for (n, comment) in self.comments.iter().enumerate().filter(|(_, comment)| comment.parent == parent) {
            let public = comment.status == "PUBLISHED";
            let mut below = Vec::new();
            self.expected(Some(n), depth + 1, &mut below);
            if !public && below.is_empty() {
                continue;
            }
            let line = if public {
                let kinds = [0, 1, 2]
                    .map(|kind| comment.reactions.values().filter(|chosen| **chosen == kind).count() as u64);
                format!("{} by Writer {} {kinds:?}", comment.text, comment.writer.expect("a writer"))
            } else {
                "removed".to_owned()
            };
            lines.push(format!("{:depth$}{} {line}", "", comment.id));
            lines.append(&mut below);
        }
    }

    async fn compare(&self) -> Result<(), String> {
        let mut expected = Vec::new();
        self.expected(None, 0, &mut expected);
        let public = self.comments.iter().filter(|comment| comment.status == "PUBLISHED").count();
        let thread = self.talk.thread().await;
        check(thread["commentCount"] == public, || {
            format!("{} comments are told, and {public} are", thread["commentCount"])
        })?;
        let mut walked = Vec::new();
        // The last to be looked at comes first off the pile.
        let mut open: Vec<(String, usize)> = Vec::new();
        let tops = thread["comments"]["nodes"].as_array().expect("nodes");
        open.extend(tops.iter().rev().map(|node| (node["id"].as_str().expect("an id").to_owned(), 0)));
        let document = "query($id: ID!) { node(id: $id) { ... on Comment { removed authorName body { text html } reactions { kind count }
            replies(first: 100) { totalCount nodes { id } } } } }";
        while let Some((id, depth)) = open.pop() {
            let node = self.talk.ask(&Viewer::Guest, document, json!({"id": id})).await;
            let line = if node["removed"] == true {
                check(
                    node["body"] == json!({"text": "", "html": ""}) && node["authorName"].is_null(),
                    || format!("{node:#}"),
                )?;
                "removed".to_owned()
            } else {
                let text = |value: &Value| value.as_str().unwrap_or("nothing").to_owned();
                format!(
                    "{} by {} {:?}",
                    text(&node["body"]["text"]),
                    text(&node["authorName"]),
                    counts(&node)
                )
            };
            walked.push(format!("{:depth$}{id} {line}", ""));
            let replies = node["replies"]["nodes"].as_array().expect("nodes");
            check(node["replies"]["totalCount"] == replies.len(), || format!("{node:#}"))?;
            open.extend(
                replies
                    .iter()
                    .rev()
                    .map(|reply| (reply["id"].as_str().expect("an id").to_owned(), depth + 1)),
            );
        }
        check(walked == expected, || format!("readers walk {walked:#?}\nand should {expected:#?}"))
    }
}
