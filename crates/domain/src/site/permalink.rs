//! The shape of an article's address: one pattern for the whole site.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use thiserror::Error;

use crate::text::{LanguageTag, Slug, SlugKey};

const LOCALE: &str = "{locale}";
const SLUG: &str = "{slug}";

/// What stands between language and slug in the addresses of other pages; see [`listing`].
const LISTINGS: [&str; 3] = ["section", "tag", "author"];

/// What stays as it is in one segment of a path: RFC 3986's unreserved characters.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A pattern such as `/{locale}/{slug}`. Always names the language and the slug, because a slug is unique
/// only within its language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permalink(String);

/// Longest pattern in characters.
pub const MAX_PATTERN: usize = 200;

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvalidPermalink {
    /// It must start with a slash, so that it can be put behind any host.
    #[error("A permalink pattern starts with /.")]
    NotAPath,
    /// A placeholder that must be there once is missing, or there twice.
    #[error("A permalink pattern contains {0} once.")]
    NotOnce(&'static str),
    /// A part that is neither a placeholder nor made of plain characters.
    #[error(
        "A permalink pattern has {{locale}} and {{slug}} between slashes, and else letters a to z, digits and - . _ ~ only."
    )]
    Segment,
    /// Sections, tags and authors are found there.
    #[error("Sections, tags and authors are found at such addresses.")]
    Taken,
    /// It has more characters than an address should.
    #[error("A permalink pattern has at most {MAX_PATTERN} characters.")]
    TooLong,
}

impl Default for Permalink {
    fn default() -> Self {
        Self("/{locale}/{slug}".to_owned())
    }
}

impl Permalink {
    /// Reads a pattern: `{locale}` and `{slug}`, each once and alone between slashes, and plain parts.
    ///
    /// # Errors
    /// [`InvalidPermalink`].
    pub fn parse(pattern: &str) -> Result<Self, InvalidPermalink> {
        let path = pattern.strip_prefix('/').ok_or(InvalidPermalink::NotAPath)?;
        if pattern.len() > MAX_PATTERN {
            return Err(InvalidPermalink::TooLong);
        }
        let segments: Vec<&str> = path.strip_suffix('/').unwrap_or(path).split('/').collect();
        for needed in [LOCALE, SLUG] {
            if segments.iter().filter(|segment| **segment == needed).count() != 1 {
                return Err(InvalidPermalink::NotOnce(needed));
            }
        }
        if !segments.iter().all(|segment| [LOCALE, SLUG].contains(segment) || is_plain(segment)) {
            return Err(InvalidPermalink::Segment);
        }
        if matches!(segments.as_slice(), [first, noun, last] if *first == LOCALE && *last == SLUG && LISTINGS.contains(noun))
        {
            return Err(InvalidPermalink::Taken);
        }
        Ok(Self(pattern.to_owned()))
    }

    /// The language and the slug that a path names, where it has this shape; percent-encoded or not, with a slash at its
    /// end or without. Whether there is such an article is not known here.
    pub fn read(&self, path: &str) -> Option<(LanguageTag, SlugKey)> {
        let mut given = path.trim_end_matches('/').split('/');
        let (mut locale, mut slug) = (None, None);
        for wanted in self.0.trim_end_matches('/').split('/') {
            let given = given.next()?;
            match wanted {
                LOCALE => locale = Some(LanguageTag::parse(given).ok()?),
                SLUG => slug = Some(SlugKey::of(given)),
                plain if plain == given => {}
                _ => return None,
            }
        }
        let slug = slug.filter(|slug| !slug.as_str().is_empty())?;
        given.next().is_none().then_some((locale?, slug))
    }

    /// Trusts a pattern that was stored.
    pub fn from_stored(pattern: String) -> Self {
        Self(pattern)
    }

    /// The pattern, for storing.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path of an article, percent-encoded.
    pub fn article(&self, locale: &LanguageTag, slug: &Slug) -> String {
        self.0
            .replace("{locale}", locale.as_str())
            .replace("{slug}", &utf8_percent_encode(slug.as_str(), SEGMENT).to_string())
    }
}

/// The path of a section's, tag's or author's page in a language, percent-encoded.
pub fn listing(noun: &str, locale: &LanguageTag, slug: &Slug) -> String {
    format!("/{}/{noun}/{}", locale.as_str(), utf8_percent_encode(slug.as_str(), SEGMENT))
}

fn is_plain(segment: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~');
    !matches!(segment, "" | "." | "..") && segment.chars().all(plain)
}

impl fmt::Display for Permalink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_needs_language_and_slug() {
        assert!(Permalink::parse("/{locale}/{slug}").is_ok());
        assert!(Permalink::parse("/news/{locale}/{slug}/").is_ok());
        assert_eq!(Permalink::parse("{locale}/{slug}"), Err(InvalidPermalink::NotAPath));
        for (pattern, refused) in [
            ("/{slug}", InvalidPermalink::NotOnce("{locale}")),
            ("/{locale}/{slug}/{slug}", InvalidPermalink::NotOnce("{slug}")),
            ("/{locale}-{slug}", InvalidPermalink::NotOnce("{locale}")),
            ("/{locale}/{year}/{slug}", InvalidPermalink::Segment),
            ("/{locale}//{slug}", InvalidPermalink::Segment),
            ("/../{locale}/{slug}", InvalidPermalink::Segment),
            ("/{locale}/{slug}?x", InvalidPermalink::NotOnce("{slug}")),
            ("/{locale}/a b/{slug}", InvalidPermalink::Segment),
            ("/{locale}/section/{slug}", InvalidPermalink::Taken),
        ] {
            assert_eq!(Permalink::parse(pattern), Err(refused), "{pattern}");
        }
        let long = format!("/{}/{{locale}}/{{slug}}", "a".repeat(MAX_PATTERN));
        assert_eq!(Permalink::parse(&long), Err(InvalidPermalink::TooLong));
    }

    #[test]
    fn what_it_writes_it_reads() {
        let locale = LanguageTag::from_stored("ar-LB".into());
        let slug = Slug::make("مرفأ بيروت").expect("letters");
        for pattern in ["/{locale}/{slug}", "/news/{locale}/{slug}/", "/{slug}/a.b/{locale}"] {
            let permalink = Permalink::parse(pattern).expect("a pattern");
            let path = permalink.article(&locale, &slug);
            assert_eq!(permalink.read(&path), Some((locale.clone(), slug.key())), "{path}");
            for other in ["/", "", "/ar-LB", "/ar-LB/x/y/z", "/!!/x", "/news/ar-LB/"] {
                assert_eq!(permalink.read(other), None, "{other}");
            }
        }
    }

    #[test]
    fn an_arabic_slug_is_percent_encoded() {
        let locale = LanguageTag::from_stored("ar".into());
        let slug = Slug::make("مرفأ").expect("letters");
        assert_eq!(Permalink::default().article(&locale, &slug), "/ar/%D9%85%D8%B1%D9%81%D8%A3");
    }
}
