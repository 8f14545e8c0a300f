//! A section of the paper. Sections form a tree; a section's list holds its descendants' articles too.

pub mod tree;

use crate::comment::Policy;
use crate::text::{Localized, Slug};

/// Longest name in characters.
pub const MAX_NAME: usize = 100;
/// Longest description in characters.
pub const MAX_DESCRIPTION: usize = 1_000;
/// The largest number that orders a section among its siblings.
pub const MAX_POSITION: i32 = 9_999;

/// The key of a section.
pub type SectionId = crate::Id<Section>;

/// What an article's card shows of its section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionLine {
    /// The section's key.
    pub id: SectionId,
    /// One slug in all languages.
    pub slug: Slug,
    /// The name in each language.
    pub names: Localized<String>,
}

/// A section as its own page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Key, slug and names.
    pub line: SectionLine,
    /// What the section is about, plain text, by language.
    pub descriptions: Localized<String>,
    /// The section above; `None` at the top of the tree.
    pub parent: Option<SectionId>,
    /// Order among its siblings, small numbers first.
    pub position: i32,
    /// Who may comment on its articles, those below it among them. `None`: as the section above says, or the site.
    pub comment_policy: Option<Policy>,
}
