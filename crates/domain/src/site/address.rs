//! What a path on this site may stand for, by its shape alone: an article's page, the list of a section, tag or author,
//! or something that stood there before the paper moved here. It must not know what there is.

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization;

use super::Site;
use crate::text::{LanguageTag, SlugKey};

/// Longest path that is looked at, in bytes as it is sent; nothing stands behind a longer one.
const LONGEST: usize = 8192;

/// What has a list of articles at an address of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// `/ar/section/…`
    Section,
    /// `/ar/tag/…`
    Tag,
    /// `/ar/author/…`
    Author,
}

/// An article that a path may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its language.
    pub locale: LanguageTag,
    /// Its slug, of today or formerly.
    pub slug: SlugKey,
    /// Whether addresses have this shape today.
    pub by_todays_shape: bool,
}

/// The things that a path may stand for, the likeliest first in each list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidates {
    /// Articles, by the shape that the site's addresses have or had.
    pub articles: Vec<Named>,
    /// A list.
    pub list: Option<(Listed, LanguageTag, SlugKey)>,
    /// Paths of the past, as [`kept_path`] writes them.
    pub former: Vec<String>,
}

impl Candidates {
    /// Reads a path as browsers send it: percent-encoded or not, in any normalization, with or without a slash at the
    /// end, with a query (of which only WordPress's `?p=1` and `?page_id=1` count) and a fragment perhaps. None for
    /// what is no path, and for paths of more than 8 KiB.
    pub fn of(path: &str, site: &Site) -> Option<Self> {
        let path = path.split('#').next().unwrap_or_default();
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        if path.len() > LONGEST || !path.starts_with('/') || path.contains(char::is_control) {
            return None;
        }
        let kept = kept_path(path);
        let folder = kept.strip_suffix("/index.php").unwrap_or(&kept);
        let mut former: Vec<String> = (!kept.is_empty()).then(|| kept.clone()).into_iter().collect();
        if let Some((name, number)) = number_of_wordpress(query) {
            // WordPress takes either name for a post as for a page.
            let other = if name == "p" { "page_id" } else { "p" };
            former.extend([name, other].map(|name| format!("{folder}/?{name}={number}")));
        }
        let today = site.permalink.read(path);
        let articles = site.addressed(path).into_iter().filter(|(_, slug)| is_storable(slug)).map(|named| {
            let by_todays_shape = today.as_ref() == Some(&named);
            let (locale, slug) = named;
            Named { locale, slug, by_todays_shape }
        });
        // The site has lists in its own languages only.
        let list = list(&kept).filter(|(_, locale, _)| site.locales.contains(locale));
        Some(Self { articles: articles.collect(), list, former })
    }
}

/// How a path of the past is kept and looked for: decoded, NFC, without slashes at the end. One whose bytes are no
/// UTF-8 or control characters stays encoded, in lower case.
pub fn kept_path(path: &str) -> String {
    let path = path.trim_end_matches('/');
    match percent_decode_str(path).decode_utf8() {
        Ok(text) if !text.contains(char::is_control) => text.trim_end_matches('/').nfc().collect::<String>(),
        _ => {
            let mut kept = String::with_capacity(path.len());
            let mut escape = 0;
            for c in path.chars() {
                escape = if c == '%' { 3 } else { escape };
                kept.push(if escape > 0 { c.to_ascii_lowercase() } else { c });
                escape -= i32::from(escape > 0);
            }
            kept
        }
    }
}

/// A list's address, of a path as it is kept.
fn list(kept: &str) -> Option<(Listed, LanguageTag, SlugKey)> {
    let mut parts = kept.strip_prefix('/')?.split('/');
    let locale = LanguageTag::parse(parts.next()?).ok()?;
    let listed = match parts.next()? {
        "section" => Listed::Section,
        "tag" => Listed::Tag,
        "author" => Listed::Author,
        _ => return None,
    };
    let slug = SlugKey::of(parts.next()?);
    let is_one = parts.next().is_none() && !slug.as_str().is_empty() && is_storable(&slug);
    is_one.then_some((listed, locale, slug))
}

/// No slug has a control character, nor what a key has in the place of the one that databases refuse.
fn is_storable(slug: &SlugKey) -> bool {
    !slug.as_str().contains(|c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER)
}

/// `?p=123`, among other parameters perhaps.
fn number_of_wordpress(query: &str) -> Option<(&str, u64)> {
    query.split('&').find_map(|pair| {
        let (name, number) = pair.split_once('=')?;
        let is_number = matches!(name, "p" | "page_id") && number.bytes().all(|byte| byte.is_ascii_digit());
        Some((name, if is_number { number.parse().ok()? } else { return None }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comment::Policy;
    use crate::site::{Permalink, TimeZone};
    use crate::text::Localized;

    fn site() -> Site {
        Site {
            names: Localized::new(),
            taglines: Localized::new(),
            copyright_notices: Localized::new(),
            default_locale: tag("ar"),
            locales: ["ar", "fr"].map(tag).to_vec(),
            comment_policy: Policy::Open,
            comments_close_after_days: None,
            permalink: Permalink::default(),
            former_permalinks: vec![Permalink::parse("/news/{locale}/{slug}").expect("a pattern")],
            time_zone: TimeZone::UTC,
        }
    }

    fn of(path: &str) -> Candidates {
        Candidates::of(path, &site()).expect("a path")
    }

    fn tag(tag: &str) -> LanguageTag {
        LanguageTag::parse(tag).expect("a tag")
    }

    #[test]
    fn every_spelling_of_a_path_stands_for_the_same() {
        let named = |by_todays_shape| {
            vec![Named { locale: tag("ar"), slug: SlugKey::of("مرفأ-بيروت"), by_todays_shape }]
        };
        for path in [
            "/ar/مرفأ-بيروت",
            "/ar/%D9%85%D8%B1%D9%81%D8%A3-%D8%A8%D9%8A%D8%B1%D9%88%D8%AA",
            "/ar/%d9%85%d8%b1%d9%81%d8%a3-%d8%a8%d9%8a%d8%b1%d9%88%d8%aa/",
            "/AR/مرفأ-بيروت/?utm_source=x#top",
        ] {
            assert_eq!(of(path).articles, named(true), "{path}");
        }
        assert_eq!(of("/news/ar/مرفأ-بيروت").articles, named(false));
        let kept = ["/2024/été".to_owned()];
        for path in
            ["/2024/été", "/2024/e\u{301}te\u{301}/", "/2024/%C3%A9t%c3%a9//", "/2024/e%cc%81te%CC%81"]
        {
            assert_eq!(of(path).former, kept, "{path}");
        }
        assert_eq!(of("/a%FFb%2fC").former, of("/a%ffb%2FC/").former);
        assert_ne!(of("/a%FFb%2fC").former, of("/a%ffb%2Fc").former);
    }

    #[test]
    fn numbers_of_wordpress_are_read_under_either_name() {
        for (path, former) in [
            ("/?p=12", vec!["/?p=12", "/?page_id=12"]),
            ("/index.php?x=1&page_id=7", vec!["/index.php", "/?page_id=7", "/?p=7"]),
            ("/blog/?p=3", vec!["/blog", "/blog/?p=3", "/blog/?page_id=3"]),
            ("/?p=x", vec![]),
            ("/?q=1", vec![]),
            ("/", vec![]),
        ] {
            assert_eq!(of(path).former, former, "{path}");
        }
    }

    #[test]
    fn lists_have_addresses_of_their_own() {
        let slug = SlugKey::of("économie");
        assert_eq!(of("/fr/section/%C3%A9conomie/").list, Some((Listed::Section, tag("fr"), slug.clone())));
        assert_eq!(of("/fr/tag/économie").list, Some((Listed::Tag, tag("fr"), slug.clone())));
        assert_eq!(of("/fr/author/ÉCONOMIE").list, Some((Listed::Author, tag("fr"), slug)));
        for path in [
            "/fr/section",
            "/fr/section/",
            "/fr/section/a/b",
            "/section/a",
            "/fr/user/a",
            "/de/tag/a",
            "/fr/tag/%00",
        ] {
            assert_eq!(of(path).list, None, "{path}");
        }
    }

    #[test]
    fn what_is_no_path_stands_for_nothing() {
        let long = format!("/{}", "a".repeat(9000));
        for text in ["", "ar/x", "?p=1", "#top", "/a\0b", "/a\nb", &long] {
            assert_eq!(Candidates::of(text, &site()), None, "{text}");
        }
        // No database takes the character that this encodes.
        assert_eq!(of("/ar/a%00b").former, ["/ar/a%00b"]);
        assert_eq!(of("/ar/a%00b").articles, []);
    }
}
