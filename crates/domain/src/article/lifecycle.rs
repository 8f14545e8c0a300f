//! An article's life: the states that it can be in, and the table of its transitions.
//!
//! ```text
//!              submit        schedule        (its time)       archive
//!      DRAFT ─────────▶ IN_REVIEW ─────▶ SCHEDULED ─────▶ PUBLISHED ─────▶ ARCHIVED
//!        ▲  ◀── return ──┘                   │                                │
//!        ├────────────── unschedule ─────────┘                                │
//!        └─────────────────────────── reopen ─────────────────────────────────┘
//! ```
//! An editor may leave steps out: publish or schedule a draft, archive what was never published.

use serde::{Deserialize, Serialize};

/// Where an article stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Being written.
    Draft,
    /// Waiting for an editor.
    InReview,
    /// Goes live at a set time.
    Scheduled,
    /// Readers see its published revision, once no embargo hides it.
    Published,
    /// Was public, or was put aside; no reader sees it.
    Archived,
}

/// A step from one state to another, or to the same again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transition {
    /// Hand a draft to the editors.
    Submit,
    /// Hand it back to its writer.
    Return,
    /// Set the time at which it goes live; again, to set another.
    Schedule,
    /// Take that time back.
    Unschedule,
    /// Make the head what readers see; again, to show what was changed since.
    Publish,
    /// Take it away from readers.
    Archive,
    /// Work on it again.
    Reopen,
}

impl Status {
    /// Every status, in the order of an article's life.
    pub const ALL: [Self; 5] =
        [Self::Draft, Self::InReview, Self::Scheduled, Self::Published, Self::Archived];

    /// Whether readers may see the article's published revision.
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Published)
    }

    /// Where a step leads; `None`: it cannot be taken from here.
    pub const fn after(self, transition: Transition) -> Option<Self> {
        use Transition as T;
        Some(match (self, transition) {
            (Self::Draft, T::Submit) => Self::InReview,
            (Self::InReview, T::Return) => Self::Draft,
            (Self::Draft | Self::InReview | Self::Scheduled, T::Schedule) => Self::Scheduled,
            (Self::Scheduled, T::Unschedule) => Self::Draft,
            (Self::Draft | Self::InReview | Self::Scheduled | Self::Published, T::Publish) => Self::Published,
            (Self::Draft | Self::InReview | Self::Published, T::Archive) => Self::Archived,
            (Self::Archived, T::Reopen) => Self::Draft,
            _ => return None,
        })
    }
}

impl Transition {
    /// Every step.
    pub const ALL: [Self; 7] = [
        Self::Submit,
        Self::Return,
        Self::Schedule,
        Self::Unschedule,
        Self::Publish,
        Self::Archive,
        Self::Reopen,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_transitions() {
        let mut table = String::new();
        for status in Status::ALL {
            for transition in Transition::ALL {
                if let Some(after) = status.after(transition) {
                    table.push_str(&format!("{status:?} {transition:?} {after:?}\n"));
                }
            }
        }
        assert_eq!(
            table,
            "Draft Submit InReview\nDraft Schedule Scheduled\nDraft Publish Published\nDraft Archive Archived\n\
             InReview Return Draft\nInReview Schedule Scheduled\nInReview Publish Published\nInReview Archive Archived\n\
             Scheduled Schedule Scheduled\nScheduled Unschedule Draft\nScheduled Publish Published\n\
             Published Publish Published\nPublished Archive Archived\n\
             Archived Reopen Draft\n"
        );
    }
}
