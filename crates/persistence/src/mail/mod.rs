//! Letters to the people of the newsroom and to who follows a thread: who gets one because of an event, and what it has
//! to say when it is sent.
//!
//! A letter that waits is a row of keys. Addresses, names and titles are read when it is sent, and whether it still
//! should be: so nobody gets word of what is not theirs any more, and what was erased is sent to nobody.

mod facts;
mod mention;
mod queue;
mod thread;

use chrono::{DateTime, Utc};
use masthead_domain::article::ArticleId;
use masthead_domain::comment::CommentId;
use masthead_domain::comment::following::{FollowId, Frequency, Language};
use masthead_domain::event::Position;
use masthead_domain::text::{LanguageTag, Slug};
use masthead_domain::user::{EmailAddress, InvitationId, UserId};
use serde::{Deserialize, Serialize};

use crate::user::StoredInvitation;

pub use mention::Naming;
pub use thread::MOST_TOLD;

/// A letter that it is time to send; nobody else sends it for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueLetter {
    /// Its key.
    pub id: i64,
    /// The number of the event that it is about.
    pub seq: Position,
    /// When that happened.
    pub at: DateTime<Utc>,
    /// What it is about.
    pub kind: LetterKind,
    /// Whom it goes to.
    pub to: Recipient,
    /// Attempts to send it, this one included.
    pub attempts: u32,
}

/// What a letter is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LetterKind {
    /// An article waits for review.
    ReviewRequested,
    /// An article was handed back to its writers.
    ArticleReturned,
    /// Someone is asked to join.
    Invitation,
    /// Someone may set a new password.
    PasswordReset,
    /// An address is asked whether it wants to follow a thread.
    FollowAsked,
    /// There are new comments in a thread.
    ThreadNews,
    /// A comment names somebody.
    Mentioned,
    /// A moderator's note names somebody.
    NamedInNote,
}

/// Whom a letter goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipient {
    /// Someone with a login.
    User(UserId),
    /// Someone who was invited.
    Invited(InvitationId),
    /// Someone who follows a thread, or is asked to.
    Follower(FollowId),
}

/// What a letter says, as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterFacts {
    /// The name of the person it goes to; empty where it is not known.
    pub name: String,
    /// The address; `None` where what is stored is none.
    pub address: Option<EmailAddress>,
    /// Who did what it is about; `None`: their login is gone.
    pub by: Option<String>,
    /// The language that the person chose; `None`: none, it is the site's.
    pub language: Option<Language>,
    /// What else there is to say.
    pub about: About,
}

/// What a letter says, by its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// An article waits for review.
    ReviewRequested {
        /// The head's title.
        title: String,
    },
    /// An article was handed back.
    ArticleReturned {
        /// The head's title.
        title: String,
        /// What the editor wrote with it.
        note: Option<String>,
    },
    /// Someone is asked to join.
    Invitation(StoredInvitation),
    /// Someone may set a new password.
    PasswordReset(UserId),
    /// An address is asked whether it wants to follow a thread.
    FollowAsked {
        /// The follow to be confirmed.
        follow: FollowId,
        /// Below what.
        article: Headed,
        /// How often letters would come.
        frequency: Frequency,
    },
    /// There are new comments in a thread.
    ThreadNews {
        /// The follow.
        follow: FollowId,
        /// Below what.
        article: Headed,
        /// The first of the comments, at most [`MOST_TOLD`], at least one.
        told: Vec<Told>,
        /// How many there are.
        total: u32,
    },
    /// A comment names the person.
    Mentioned {
        /// Below what.
        article: Headed,
        /// The comment.
        comment: Told,
    },
    /// A moderator's note names the person.
    NamedInNote {
        /// Below what is the comment that the note is about.
        article: Headed,
        /// That comment.
        comment: Told,
        /// The note.
        note: String,
    },
}

/// An article as a letter names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headed {
    /// The key.
    pub id: ArticleId,
    /// The title.
    pub title: String,
    /// Its language, and its slug there.
    pub address: (LanguageTag, Slug),
    /// Whether readers see it.
    pub live: bool,
}

/// A comment as a letter tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The key.
    pub id: CommentId,
    /// The name its writer gave; `None`: anonymous.
    pub author_name: Option<String>,
    /// The whole text.
    pub text: String,
}

/// How a letter came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterEnd {
    /// It was handed over.
    Sent,
    /// There was nothing more to say.
    Obsolete,
    /// It could not be sent, and is not tried again.
    Failed,
}

impl LetterEnd {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "SENT",
            Self::Obsolete => "OBSOLETE",
            Self::Failed => "FAILED",
        }
    }
}

/// A letter that was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsentLetter {
    /// The number of the event that it is about.
    pub seq: Position,
    /// What it is about.
    pub kind: LetterKind,
    /// Attempts to send it.
    pub attempts: u32,
    /// Whether it is tried again.
    pub waits: bool,
    /// Why the last attempt failed; `None`: there was none.
    pub why: Option<String>,
}
