//! An article's history: each change is a revision, numbered from 1, and the newest one's number is the article's version.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::lifecycle::Transition;

/// What made a revision. A step of the article's life makes one too: its text is the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Change {
    /// The article was begun, or came in by an import.
    Created,
    /// Its head was changed.
    Edited,
    /// It was handed to the editors.
    Submitted,
    /// It was handed back to its writer.
    Returned,
    /// It was given a time to go live.
    Scheduled,
    /// That time was taken back.
    Unscheduled,
    /// Its head was made public.
    Published,
    /// It was taken away from readers.
    Archived,
    /// It is worked on again.
    Reopened,
    /// It was changed in public, with a note.
    Corrected,
    /// An old revision was made the head.
    Restored,
}

impl From<Transition> for Change {
    fn from(transition: Transition) -> Self {
        match transition {
            Transition::Submit => Self::Submitted,
            Transition::Return => Self::Returned,
            Transition::Schedule => Self::Scheduled,
            Transition::Unschedule => Self::Unscheduled,
            Transition::Publish => Self::Published,
            Transition::Archive => Self::Archived,
            Transition::Reopen => Self::Reopened,
        }
    }
}

/// A revision as the history lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// From 1, without gaps.
    pub number: i32,
    /// When.
    pub created_at: DateTime<Utc>,
    /// The name of who made it; `None`: the program (a schedule's time came), an import, or someone whose login is gone.
    pub editor: Option<String>,
    /// What made it.
    pub change: Change,
    /// Why, in the editor's words.
    pub reason: Option<String>,
    /// The headline then.
    pub title: String,
    /// Whether it is the one that is public, or is kept for the end of an embargo.
    pub is_published: bool,
}
