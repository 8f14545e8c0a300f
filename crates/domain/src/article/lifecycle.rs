//! An article's life: the states that it can be in.

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
    /// Readers see its published revision.
    Published,
    /// Was public, or was put aside; no reader sees it.
    Archived,
}

impl Status {
    /// Whether readers may see the article's published revision.
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Published)
    }
}
