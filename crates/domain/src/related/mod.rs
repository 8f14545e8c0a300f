//! Related articles, and why each is related.

use serde::{Deserialize, Serialize};

use crate::article::ArticleId;

/// How many articles an editor can choose to be related to one.
pub const MAX_PINS: usize = 10;

/// Why an article is listed as related.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReasonKind {
    /// An editor chose it.
    Pinned,
    /// Both carry this tag.
    SharedTag,
    /// Both are in this section.
    SameSection,
}

/// How near a related article is, in 0..=1, from what it shares.
///
/// A pin counts 1. Otherwise three shared tags or more reach 0.9, and the section alone gives 0.1.
/// A newer article goes before an older one of the same score.
pub fn score(pinned: bool, shared_tags: u32, same_section: bool) -> f64 {
    if pinned {
        return 1.0;
    }
    let tags = f64::from(shared_tags.min(3)) * 0.8 / 3.0;
    tags + if same_section { 0.1 } else { 0.0 }
}

/// One related article, by its key, with what it shares with the one it is related to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The related article.
    pub article: ArticleId,
    /// Chosen by an editor.
    pub pinned: bool,
    /// Keys of the tags both carry.
    pub shared_tags: Vec<crate::tag::TagId>,
    /// Whether the main section is the same.
    pub same_section: bool,
}
