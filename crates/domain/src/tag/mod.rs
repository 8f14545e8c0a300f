//! A tag: a subject that articles of any section share.

use crate::text::{Localized, Slug};

/// The key of a tag.
pub type TagId = crate::Id<Tag>;

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Its key.
    pub id: TagId,
    /// One slug in all languages.
    pub slug: Slug,
    /// The name in each language.
    pub names: Localized<String>,
}
