//! The site: one a database. Its names, languages, rules and the shape of its addresses.

pub mod permalink;

use crate::comment::Policy;
use crate::text::{Direction, LanguageTag, Localized};

pub use permalink::Permalink;

/// The site's settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// The paper's name in each language.
    pub names: Localized<String>,
    /// A line below the name.
    pub taglines: Localized<String>,
    /// Printed below every page.
    pub copyright_notices: Localized<String>,
    /// The language used where a reader asks for none, and for texts that lack the wanted one.
    pub default_locale: LanguageTag,
    /// All languages that the site publishes in, the default one among them.
    pub locales: Vec<LanguageTag>,
    /// Who may comment and what happens to a comment, unless an article says otherwise.
    pub comment_policy: Policy,
    /// The shape of an article's address.
    pub permalink: Permalink,
}

impl Site {
    /// The direction of the site's own language.
    pub fn direction(&self) -> Direction {
        self.default_locale.direction()
    }

    /// The language to answer in: `asked` where given, else the best of an Accept-Language header, else
    /// the site's own.
    pub fn locale_for(&self, asked: Option<&LanguageTag>, accept_language: Option<&str>) -> LanguageTag {
        asked
            .cloned()
            .or_else(|| accept_language.and_then(|header| LanguageTag::negotiate(header, &self.locales)))
            .unwrap_or_else(|| self.default_locale.clone())
    }
}
