//! A site's word lists. It must not know who sets them.

use std::ops::Range;

use super::{Case, Finding, Rules};

/// One list, compiled.
#[derive(Debug, Clone, Default)]
pub struct WordList {}

/// A listed word or phrase that a text holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match<'a> {
    /// The entry as it stands in the list.
    pub entry: &'a str,
    /// The bytes of the text that are taken for it, on character borders.
    pub span: Range<usize>,
}

impl WordList {
    /// Compiles a list of words and phrases. To be done once for as long as the list stays the same.
    #[must_use]
    pub fn compile(_entries: &[String]) -> Self {
        Self {}
    }

    /// What a text holds of the list, in the order of the text.
    #[must_use]
    pub fn find(&self, _text: &str) -> Vec<Match<'_>> {
        Vec::new()
    }
}

/// A site's two lists, compiled.
#[derive(Debug, Clone, Default)]
pub struct WordLists {
    /// What holds a comment.
    pub suspect: WordList,
    /// What is not taken.
    pub banned: WordList,
}

impl WordLists {
    /// Compiles both lists of `rules`. To be done once for as long as the rules stay the same.
    #[must_use]
    pub fn compile(rules: &Rules) -> Self {
        Self {
            suspect: WordList::compile(&rules.suspect_words),
            banned: WordList::compile(&rules.banned_words),
        }
    }
}

/// Whether an entry says anything once it is folded.
#[must_use]
pub fn is_usable(entry: &str) -> bool {
    entry.chars().filter(|c| c.is_alphanumeric()).count() >= 2
}

pub(super) fn phase(_: &Case<'_>) -> Vec<Finding> {
    Vec::new()
}
