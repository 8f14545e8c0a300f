//! Letters to the people of the newsroom: who gets one because of an event, and what it has to say when it is sent.
//!
//! A letter that waits is a row of keys. Addresses, names and titles are read when it is sent, and whether it still
//! should be: so nobody gets word of what is not theirs any more, and what was erased is sent to nobody.

mod facts;
mod queue;

use chrono::{DateTime, Utc};
use masthead_domain::event::Position;
use masthead_domain::user::{EmailAddress, InvitationId, UserId};
use serde::{Deserialize, Serialize};

use crate::user::StoredInvitation;

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
}

/// Whom a letter goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipient {
    /// Someone with a login.
    User(UserId),
    /// Someone who was invited.
    Invited(InvitationId),
}

/// What a letter says, as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterFacts {
    /// The name of the person it goes to.
    pub name: String,
    /// The address; `None` where what is stored is none.
    pub address: Option<EmailAddress>,
    /// Who did what it is about; `None`: their login is gone.
    pub by: Option<String>,
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
