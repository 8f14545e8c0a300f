//! A reader's comment as an export has it.
//! It must not know the item it stands under, nor the rules of moderation.

use chrono::{DateTime, NaiveDateTime, Utc};

/// A comment, a pingback or a trackback. Network addresses and browser names are not kept: only that they were there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Where it begins in the file.
    pub line: u64,
    /// WordPress's number. None where the file has none.
    pub id: Option<i64>,
    /// The commenter's name, empty where none was given; may hold HTML entities.
    pub author: String,
    /// Personal data, not to be shown.
    pub author_email: Option<String>,
    /// The address the commenter gave as their own; not checked.
    pub author_url: Option<String>,
    /// Whether the export held the commenter's network address, which is not kept.
    pub had_ip: bool,
    /// Whether the export held the commenter's browser, which is not kept.
    pub had_user_agent: bool,
    /// In the site's local time.
    pub date: Option<NaiveDateTime>,
    /// In UTC. None where the file has none or `0000-00-00`.
    pub date_gmt: Option<DateTime<Utc>>,
    /// HTML, as it was typed.
    pub content: String,
    /// What moderation said.
    pub approved: Approval,
    /// Comment, pingback or trackback.
    pub kind: CommentKind,
    /// Number of the comment it answers; that one may come later in the file, or never.
    pub parent: Option<i64>,
    /// Number of the signed-in user who wrote it.
    pub user_id: Option<i64>,
}

impl Comment {
    /// When it was left: the time in UTC, else the local time taken for UTC.
    pub fn left_at(&self) -> Option<DateTime<Utc>> {
        self.date_gmt.or_else(|| self.date.map(|local| local.and_utc()))
    }
}

/// What moderation said of a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Approval {
    /// `1`
    Approved,
    /// `0`; also where the file says nothing, since nobody approved it.
    Pending,
    /// `spam`
    Spam,
    /// `trash`
    Trash,
    /// `post-trashed`: its item is in the trash.
    PostTrashed,
    /// What a plugin set, as it stands.
    Other(String),
}

impl Approval {
    pub(super) fn from_text(text: &str) -> Self {
        match text {
            "1" | "approve" | "approved" => Self::Approved,
            "0" | "" | "hold" => Self::Pending,
            "spam" => Self::Spam,
            "trash" => Self::Trash,
            "post-trashed" => Self::PostTrashed,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// The sorts of comments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommentKind {
    /// Written by a person. Older exports have an empty type for it.
    Comment,
    /// Left by another site's program.
    Pingback,
    /// Left by another site's program, by the older protocol.
    Trackback,
    /// What a plugin set (`order_note`, `review` …), as it stands.
    Other(String),
}

impl CommentKind {
    pub(super) fn from_text(text: &str) -> Self {
        match text {
            "" | "comment" => Self::Comment,
            "pingback" => Self::Pingback,
            "trackback" => Self::Trackback,
            other => Self::Other(other.to_owned()),
        }
    }
}
