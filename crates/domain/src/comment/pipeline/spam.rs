//! What a site's moderators took for spam before. It must not know where the counts are kept.

use std::collections::HashMap;

use super::{Case, Finding};

/// Most tokens of a text.
pub const MAX_TOKENS: usize = 300;

/// What a site learnt from its moderators, as far as it concerns one text: how many texts they decided on, and in how
/// many of those each of the text's [`tokens`] stood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SpamModel {
    /// All texts of the site that were decided on.
    pub texts: Seen,
    /// The texts in which a token stood. A token that is missing was never seen.
    pub tokens: HashMap<String, Seen>,
}

/// Numbers of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seen {
    /// That a moderator published.
    pub good: u32,
    /// That a moderator took for spam.
    pub spam: u32,
}

/// How much a text looks like what was taken for spam before.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// 0: like what was published; 1: like spam; 0.5: could be either.
    pub probability: f64,
    /// The tokens that said most, at most five, the strongest first, each with its own probability of spam.
    pub because: Vec<(String, f64)>,
}

/// What is counted of a text: each once, at most [`MAX_TOKENS`].
#[must_use]
pub fn tokens(_text: &str) -> Vec<String> {
    Vec::new()
}

impl SpamModel {
    /// How much `text` looks like spam. `None` until enough of both kinds were decided on.
    #[must_use]
    pub fn score(&self, _text: &str) -> Option<Score> {
        None
    }
}

pub(super) fn phase(_: &Case<'_>) -> Option<Finding> {
    None
}
