//! The shape of an article's address: one pattern for the whole site.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use thiserror::Error;

use crate::text::{LanguageTag, Slug};

/// What stays as it is in one segment of a path: RFC 3986's unreserved characters.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A pattern such as `/{locale}/{slug}`. Always names the language and the slug, because a slug is unique
/// only within its language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permalink(String);

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvalidPermalink {
    /// It must start with a slash, so that it can be put behind any host.
    #[error("a permalink pattern starts with /")]
    NotAPath,
    /// A placeholder that must be there is missing.
    #[error("a permalink pattern must contain {0}")]
    Missing(&'static str),
    /// A placeholder that is not known.
    #[error("a permalink pattern knows only {{locale}} and {{slug}}")]
    Unknown,
}

impl Default for Permalink {
    fn default() -> Self {
        Self("/{locale}/{slug}".to_owned())
    }
}

impl Permalink {
    /// Reads a pattern.
    pub fn parse(pattern: &str) -> Result<Self, InvalidPermalink> {
        if !pattern.starts_with('/') {
            return Err(InvalidPermalink::NotAPath);
        }
        for needed in ["{locale}", "{slug}"] {
            if !pattern.contains(needed) {
                return Err(InvalidPermalink::Missing(needed));
            }
        }
        if pattern.replace("{locale}", "").replace("{slug}", "").contains(['{', '}', '?', '#', ' ']) {
            return Err(InvalidPermalink::Unknown);
        }
        Ok(Self(pattern.to_owned()))
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
        assert_eq!(Permalink::parse("/{slug}"), Err(InvalidPermalink::Missing("{locale}")));
        assert_eq!(Permalink::parse("/{locale}/{year}/{slug}"), Err(InvalidPermalink::Unknown));
    }

    #[test]
    fn an_arabic_slug_is_percent_encoded() {
        let locale = LanguageTag::from_stored("ar".into());
        let slug = Slug::make("مرفأ").expect("letters");
        assert_eq!(Permalink::default().article(&locale, &slug), "/ar/%D9%85%D8%B1%D9%81%D8%A3");
    }
}
