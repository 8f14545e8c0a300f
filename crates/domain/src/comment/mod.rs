//! A comment below an article, in a thread that keeps its true shape.

pub mod following;
pub mod leave;
pub mod mention;
pub mod moderation;
pub mod pipeline;
pub mod text;
pub mod tidy;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::article::ArticleId;
use crate::text::Direction;

/// The key of a comment.
pub type CommentId = crate::Id<Comment>;

/// Who may comment, and what happens to a comment at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Policy {
    /// Published at once.
    Open,
    /// Held until a writer, known by session or writer key, has one approved.
    FirstTime,
    /// Held for a moderator, always.
    Moderated,
    /// Only people with a login.
    Members,
    /// No new comments.
    Closed,
}

impl Policy {
    /// Every policy.
    pub const ALL: [Self; 5] = [Self::Open, Self::FirstTime, Self::Moderated, Self::Members, Self::Closed];

    /// The name used in settings, in the database and in GraphQL.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "OPEN",
            Self::FirstTime => "FIRST_TIME",
            Self::Moderated => "MODERATED",
            Self::Members => "MEMBERS",
            Self::Closed => "CLOSED",
        }
    }

    /// The policy of that name, in any case.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.as_str().eq_ignore_ascii_case(name.trim()))
    }

    /// Whether a new comment can be left at all.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Closed)
    }
}

/// Where a comment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Everyone sees it.
    Published,
    /// Waits for a moderator.
    Pending,
    /// A moderator refused it.
    Rejected,
    /// Advertising or worse.
    Spam,
    /// Its writer took it back.
    Withdrawn,
}

impl Status {
    /// Whether readers see it.
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Published)
    }

    /// The name used in the database and in GraphQL.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Published => "PUBLISHED",
            Self::Pending => "PENDING",
            Self::Rejected => "REJECTED",
            Self::Spam => "SPAM",
            Self::Withdrawn => "WITHDRAWN",
        }
    }
}

/// The order of a list of comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// As the conversation went.
    Oldest,
    /// The latest first.
    Newest,
    /// Most likes first, then the oldest.
    MostLiked,
}

/// What a reader can say of a comment with one touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReactionKind {
    /// Likes it.
    Like,
    /// Learnt from it.
    Insightful,
    /// Sees it otherwise.
    Disagree,
}

/// A comment as a reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Its key.
    pub id: CommentId,
    /// The article it is about.
    pub article: ArticleId,
    /// The comment it answers; `None` at the top of a thread.
    pub parent: Option<CommentId>,
    /// Where it stands.
    pub status: Status,
    /// How many comments stand above it in its thread.
    pub depth: u32,
    /// The name its writer gave; `None`: anonymous.
    pub author_name: Option<String>,
    /// Written by the newsroom.
    pub by_staff: bool,
    /// The reading direction of its text.
    pub direction: Direction,
    /// The text as sanitised HTML.
    pub html: String,
    /// The text as it was written.
    pub text: String,
    /// When it was left.
    pub created_at: DateTime<Utc>,
    /// When its writer last changed it.
    pub edited_at: Option<DateTime<Utc>>,
    /// Answers to it that readers see, places of removed ones among them.
    pub reply_count: u32,
    /// How many readers chose each reaction.
    pub reactions: [(ReactionKind, u32); 3],
}

impl Comment {
    /// What readers see of it. Of a comment that is not public any more, and is there for the sake of the answers to it,
    /// that is its place only: no name, no text, and not when it was edited.
    #[must_use]
    pub fn for_readers(self) -> Self {
        if self.status.is_public() {
            return self;
        }
        Self {
            author_name: None,
            by_staff: false,
            html: String::new(),
            text: String::new(),
            edited_at: None,
            ..self
        }
    }
}
