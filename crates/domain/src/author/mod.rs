//! An author: a byline with a profile. Needs no login.

use serde::{Deserialize, Serialize};

use crate::media::Image;
use crate::text::{Localized, Slug};

/// The key of an author.
pub type AuthorId = crate::Id<Author>;

/// What a byline shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorLine {
    /// The author's key.
    pub id: AuthorId,
    /// One slug in all languages.
    pub slug: Slug,
    /// The name as written in each language.
    pub names: Localized<String>,
}

/// An author's box: what the byline shows, and the profile.
#[derive(Debug, Clone, PartialEq)]
pub struct Author {
    /// Key, slug and names.
    pub line: AuthorLine,
    /// What the author does at the paper ("Head of culture"), by language.
    pub roles: Localized<String>,
    /// A short biography, plain text, by language.
    pub biographies: Localized<String>,
    /// A portrait.
    pub avatar: Option<Image>,
    /// Addresses the author wants to be found at.
    pub links: Vec<Link>,
    /// Public articles by the author, by language, all languages together under the sum.
    pub article_count: u64,
}

/// A labelled web address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What the link says.
    pub label: String,
    /// Where it leads; http or https.
    pub url: String,
}
