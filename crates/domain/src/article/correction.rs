//! Public notes on changes to a published article.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What kind of change a note tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CorrectionKind {
    /// Something was wrong and was put right.
    Correction,
    /// Something was right but could be misunderstood.
    Clarification,
    /// Something new was added.
    Update,
    /// The article is withdrawn; it stays reachable under this notice.
    Retraction,
}

/// A dated public note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// When the note was published.
    pub published_at: DateTime<Utc>,
    /// What kind of change.
    pub kind: CorrectionKind,
    /// The note, plain text.
    pub note: String,
}
