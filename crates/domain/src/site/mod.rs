//! The site: one a database. Its names, languages, rules and the shape of its addresses.

pub mod address;
pub mod permalink;
mod time_zone;

use crate::comment::Policy;
use crate::text::{Direction, LanguageTag, Localized, SlugKey, negotiate};

pub use permalink::Permalink;
pub use time_zone::{TimeZone, UnknownTimeZone};

/// Longest name in characters.
pub const MAX_NAME: usize = 100;
/// Longest tagline in characters.
pub const MAX_TAGLINE: usize = 200;
/// Longest copyright notice in characters.
pub const MAX_COPYRIGHT_NOTICE: usize = 500;
/// The most languages that a site publishes in.
pub const MAX_LOCALES: usize = 50;
/// The most shapes of addresses that a site keeps working besides the current one.
pub const MAX_FORMER_PERMALINKS: usize = 20;

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
    /// After how many days an article takes no more comments. `None`: it always does.
    pub comments_close_after_days: Option<u32>,
    /// The shape of an article's address.
    pub permalink: Permalink,
    /// The shapes that addresses once had, the latest first: an article is still found under them.
    pub former_permalinks: Vec<Permalink>,
    /// In which the newsroom reckons: what times are shown in.
    pub time_zone: TimeZone,
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

    /// What articles a path may lead to, by language and slug: as addresses have it now, then as they once had it, the
    /// latest first. Whether there is such an article, or once was, is for the store.
    pub fn addressed(&self, path: &str) -> Vec<(LanguageTag, SlugKey)> {
        let mut found = Vec::new();
        for permalink in std::iter::once(&self.permalink).chain(&self.former_permalinks) {
            if let Some(address) = permalink.read(path)
                && !found.contains(&address)
            {
                found.push(address);
            }
        }
        found
    }

    /// Gives addresses another shape. The one that they had keeps working; the oldest beyond
    /// [`MAX_FORMER_PERMALINKS`] does not.
    pub fn change_permalink(&mut self, permalink: Permalink) {
        if permalink == self.permalink {
            return;
        }
        let former = std::mem::replace(&mut self.permalink, permalink);
        self.former_permalinks.insert(0, former);
        self.former_permalinks.retain(|former| *former != self.permalink);
        self.former_permalinks.truncate(MAX_FORMER_PERMALINKS);
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
            comments_close_after_days: None,
            permalink: Permalink::default(),
            former_permalinks: Vec::new(),
            time_zone: TimeZone::UTC,
        }
    }

    #[test]
    fn an_address_of_a_former_shape_still_leads_to_its_article() {
        let mut site = site(&["ar", "fr"]);
        for pattern in ["/news/{locale}/{slug}", "/{slug}/{locale}", "/news/{locale}/{slug}"] {
            site.change_permalink(Permalink::parse(pattern).expect("a pattern"));
        }
        assert_eq!(
            site.former_permalinks.iter().map(Permalink::as_str).collect::<Vec<_>>(),
            ["/{slug}/{locale}", "/{locale}/{slug}"]
        );
        for (path, addressed) in [
            ("/news/ar/port", vec![("ar", "port")]),
            ("/port/ar", vec![("ar", "port")]),
            ("/ar/port/", vec![("ar", "port")]),
            ("/ar/fr", vec![("fr", "ar"), ("ar", "fr")]),
            ("/ar", vec![]),
        ] {
            let expected: Vec<_> =
                addressed.iter().map(|(locale, slug)| (tag(locale), SlugKey::of(slug))).collect();
            assert_eq!(site.addressed(path), expected, "{path}");
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
