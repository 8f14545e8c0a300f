//! The threads under an article: a list in its file, a tree in the description. It must not know the article.

use std::collections::HashMap;

use chrono::TimeDelta;
use masthead_actions::newsroom::described::Comment;
use masthead_domain::comment::Status;
use serde::Deserialize;

use super::content::{ContentError, Fault, toml};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ThreadsFile {
    comment: Vec<CommentEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CommentEntry {
    /// Unique in the file.
    id: String,
    /// The id of the comment that it answers, which stands above it.
    parent: Option<String>,
    author: String,
    hours_ago: i64,
    body: String,
    #[serde(default = "published")]
    status: Status,
    #[serde(default)]
    staff: bool,
}

const fn published() -> Status {
    Status::Published
}

/// Reads a file of threads.
pub(super) fn read(file: &str, text: &str) -> Result<Vec<Comment>, ContentError> {
    let ThreadsFile { comment: entries } = toml(file, text, 1)?;
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut parents = Vec::with_capacity(entries.len());
    let mut comments = Vec::with_capacity(entries.len());
    for (place, entry) in entries.into_iter().enumerate() {
        let parent = match &entry.parent {
            None => None,
            Some(id) => match places.get(id) {
                Some(&parent) => Some(parent),
                None => return Err(Fault::value("parent", id, "is no comment further up").of(file)),
            },
        };
        if places.insert(entry.id.clone(), place).is_some() {
            return Err(Fault::value("id", &entry.id, "is there twice").of(file));
        }
        parents.push(parent);
        comments.push(Comment {
            author_name: Some(entry.author),
            ago: TimeDelta::hours(entry.hours_ago),
            text: entry.body.trim().to_owned(),
            status: entry.status,
            by_staff: entry.staff,
            replies: Vec::new(),
        });
    }
    Ok(tree(comments, &parents))
}

/// Hangs each comment below its parent, which has a smaller place. From the last one on, whatever is taken off has all
/// its replies by then.
fn tree(mut comments: Vec<Comment>, parents: &[Option<usize>]) -> Vec<Comment> {
    let mut tops = Vec::new();
    for parent in parents.iter().rev() {
        let Some(mut comment) = comments.pop() else { break };
        comment.replies.reverse();
        match parent.and_then(|parent| comments.get_mut(parent)) {
            Some(parent) => parent.replies.push(comment),
            None => tops.push(comment),
        }
    }
    tops.reverse();
    tops
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(comments: &[Comment]) -> String {
        let one = |c: &Comment| match c.replies.as_slice() {
            [] => c.text.clone(),
            replies => format!("{}({})", c.text, shape(replies)),
        };
        comments.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_list_with_parents_is_a_tree_in_the_same_order() {
        let entry = |id: &str, parent: &str| {
            let parent = if parent.is_empty() { String::new() } else { format!("parent = \"{parent}\"\n") };
            format!("[[comment]]\nid = \"{id}\"\n{parent}author = \"A\"\nhours_ago = 1\nbody = \"{id}\"\n")
        };
        let pairs = [("a", ""), ("b", "a"), ("c", "b"), ("d", ""), ("e", "a"), ("f", "d"), ("g", "c")];
        let text: String = pairs.iter().map(|(id, parent)| entry(id, parent)).collect();
        assert_eq!(shape(&read("t.toml", &text).expect("threads")), "a(b(c(g)) e) d(f)");

        for (pairs, why) in [
            ([("a", "b"), ("b", "")], "t.toml: parent \"b\" is no comment further up"),
            ([("a", "a"), ("b", "")], "t.toml: parent \"a\" is no comment further up"),
            ([("a", ""), ("a", "")], "t.toml: id \"a\" is there twice"),
        ] {
            let text: String = pairs.iter().map(|(id, parent)| entry(id, parent)).collect();
            let told = read("t.toml", &text).expect_err("wrong").to_string();
            assert!(told.ends_with(why), "{told}");
        }
    }
}
