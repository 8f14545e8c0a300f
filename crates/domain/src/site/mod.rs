//! The site: one a database. Its names, languages, rules and the shape of its addresses.

pub mod permalink;

use crate::comment::Policy;
use crate::text::{Direction, LanguageTag, Localized, negotiate};

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

    /// The language to answer in: `asked` where given, resolved; else the best of an Accept-Language header; else
    /// the site's own.
    pub fn locale_for(&self, asked: Option<&LanguageTag>, accept_language: Option<&str>) -> LanguageTag {
        asked
            .map(|asked| self.resolve(asked))
            .or_else(|| accept_language.and_then(|header| negotiate(header, &self.locales)))
            .unwrap_or_else(|| self.default_locale.clone())
    }

    /// The site's language for one that was asked for by name: the same, else the nearest broader (`fr` for
    /// `fr-CA`), else a narrower (`en-US` for `en`). A language that the site does not publish in stays as it is:
    /// nothing is in it, and texts fall back.
    pub fn resolve(&self, asked: &LanguageTag) -> LanguageTag {
        negotiate(asked.as_str(), &self.locales).unwrap_or_else(|| asked.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(tag: &str) -> LanguageTag {
        LanguageTag::parse(tag).expect("a tag")
    }

    fn site(locales: &[&str]) -> Site {
        Site {
            names: Localized::default(),
            taglines: Localized::default(),
            copyright_notices: Localized::default(),
            default_locale: tag(locales[0]),
            locales: locales.iter().map(|locale| tag(locale)).collect(),
            comment_policy: Policy::Open,
            permalink: Permalink::default(),
        }
    }

    #[test]
    fn a_language_asked_for_becomes_one_of_the_sites_by_prefix_either_way() {
        let site = site(&["ar", "fr", "en-US", "en-GB"]);
        for (asked, resolved) in [
            ("ar", "ar"),
            ("ar-LB", "ar"),
            ("fr-CA", "fr"),
            ("en", "en-US"),
            ("en-GB", "en-GB"),
            ("en-AU", "en-US"),
            ("de", "de"),
            ("ara", "ara"),
        ] {
            assert_eq!(site.resolve(&tag(asked)), tag(resolved), "{asked}");
        }
    }

    #[test]
    fn a_language_asked_for_by_name_goes_before_the_browsers_and_that_before_the_sites() {
        let site = site(&["ar", "fr"]);
        for (asked, header, answered) in [
            (Some("fr-CA"), Some("ar"), "fr"),
            (None, Some("fr-FR,fr;q=0.9"), "fr"),
            (None, Some("de,en;q=0.5"), "ar"),
            (None, None, "ar"),
        ] {
            let asked = asked.map(tag);
            assert_eq!(site.locale_for(asked.as_ref(), header), tag(answered), "{asked:?} {header:?}");
        }
    }
}
