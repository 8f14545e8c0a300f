//! A section of the paper. Sections form a tree; a section's list holds its descendants' articles too.

use crate::text::{Localized, Slug};

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
}
