//! What readers report, what moderators decide, and what they see of a comment that readers do not. It must not know who
//! may moderate: that is the [policy](crate::viewer::policy)'s.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::pipeline::{Finding, History};
use super::{CommentId, Status};
use crate::text::plain::{Unfit, lines};
use crate::user::{EmailAddress, UserId};

/// Most comments decided on at a time.
pub const MOST_DECIDED: usize = 100;
/// Longest note of a moderator or a reporter, in characters.
pub const MAX_NOTE: usize = 2_000;

/// What a moderator decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Decision {
    /// Everyone may see it.
    Approve,
    /// Nobody may.
    Reject,
    /// Nobody may: it is advertising or worse, and others like it are held from now on.
    Spam,
}

impl Decision {
    /// Where a comment stands after it.
    #[must_use]
    pub const fn status(self) -> Status {
        match self {
            Self::Approve => Status::Published,
            Self::Reject => Status::Rejected,
            Self::Spam => Status::Spam,
        }
    }
}

/// Why a reader reports a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReportReason {
    /// It insults or threatens.
    Offensive,
    /// It advertises.
    Spam,
    /// It has nothing to do with the article.
    OffTopic,
    /// It is against the law; the report says why, as the Digital Services Act of the European Union asks in article 16.
    Illegal,
}

impl ReportReason {
    /// Whether the report must say in words why.
    #[must_use]
    pub const fn needs_a_note(self) -> bool {
        matches!(self, Self::Illegal)
    }
}

/// A note as it is stored: without outer blanks. `None`: empty.
pub fn note(typed: Option<&str>) -> Result<Option<String>, Unfit> {
    typed.map_or(Ok(None), |typed| lines(typed, MAX_NOTE))
}

/// Reports of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reports {
    /// Of which kind.
    pub reason: ReportReason,
    /// How many readers.
    pub count: u32,
    /// What they wrote, the oldest first, at most 20.
    pub notes: Vec<String>,
}

/// A reader's report of what is against the law, with what was decided on it: what the Digital Services Act of the European
/// Union asks a newsroom to be able to show (articles 16 and 17).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IllegalReport {
    /// Why it is against the law, in the reader's words.
    pub ground: String,
    /// When it was reported.
    pub at: DateTime<Utc>,
    /// What was decided on it; `None`: nobody has dealt with it.
    pub decided: Option<Decided>,
}

/// A decision that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// What.
    pub decision: Decision,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom; `None` where the login is gone.
    pub by: Option<UserId>,
    /// Their name; `None` where the login is gone.
    pub by_name: Option<String>,
    /// What they noted.
    pub note: Option<String>,
    /// Whether it was taken back.
    pub undone: bool,
}

/// The key of a note.
pub type NoteId = crate::Id<Note>;

/// What a moderator wrote down about a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The text.
    pub text: String,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom; `None` where the login is gone.
    pub by_name: Option<String>,
}

/// What only moderators see of a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moderation {
    /// Which.
    pub comment: CommentId,
    /// Where it stands.
    pub status: Status,
    /// What its writer gave as an address.
    pub author_email: Option<EmailAddress>,
    /// What phases found, in their order.
    pub findings: Vec<Finding>,
    /// Reports that nobody has dealt with, by kind.
    pub reports: Vec<Reports>,
    /// Decisions, the latest first, at most 20.
    pub decisions: Vec<Decided>,
    /// Notes, the oldest first, at most 50.
    pub notes: Vec<Note>,
    /// What became of the writer's comments, this one among them.
    pub history: History,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_trimmed_and_bounded() {
        assert_eq!(note(None), Ok(None));
        assert_eq!(note(Some("  ")), Ok(None));
        assert_eq!(note(Some(" وعيد \n")), Ok(Some("وعيد".into())));
        assert!(note(Some(&"x".repeat(MAX_NOTE + 1))).is_err());
    }

    #[test]
    fn a_decision_says_where_a_comment_stands() {
        assert_eq!(Decision::Approve.status(), Status::Published);
        assert_eq!(Decision::Reject.status(), Status::Rejected);
        assert_eq!(Decision::Spam.status(), Status::Spam);
    }
}
