//! Language tags, and which of the languages on offer a reader's browser asks for. It must not know which
//! languages a site has: they are arguments.

use std::fmt;
use std::str::FromStr;

use icu_locale_core::Locale;
use serde::{Deserialize, Serialize};

use super::Direction;

/// A BCP 47 language tag in its canonical case: `ar`, `fr`, `ar-LB`, `zh-Hant`. Well-formed; whether its
/// parts are registered is not checked. The few tags registered before 2005 that follow no grammar
/// (`i-klingon`) and extended languages (`zh-cmn`) are not taken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LanguageTag(String);

/// A text that is no language tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a language tag such as ar, fr or zh-Hant: {0:?}")]
pub struct InvalidLanguageTag(
    /// What was given, cut to its first 40 characters.
    pub String,
);

/// The longest tag taken, in bytes: RFC 5646 asks for at least 35.
const MAX_TAG: usize = 63;

impl LanguageTag {
    /// Reads a tag in any case and writes it in the usual one: `FR-ca` becomes `fr-CA`.
    ///
    /// # Errors
    /// [`InvalidLanguageTag`] when it is not well-formed, is longer than 63 bytes, or names no language
    /// (`und`).
    pub fn parse(tag: &str) -> Result<Self, InvalidLanguageTag> {
        let refused = || InvalidLanguageTag(tag.chars().take(40).collect());
        if tag.len() > MAX_TAG {
            return Err(refused());
        }
        let locale = Locale::try_from_str(tag).map_err(|_| refused())?;
        if locale.id.language.is_unknown() {
            return Err(refused());
        }
        Ok(Self(locale.to_string()))
    }

    /// Takes a tag that was parsed before it was stored.
    #[must_use]
    pub const fn from_stored(tag: String) -> Self {
        Self(tag)
    }

    /// The whole tag, `ar-LB`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The primary language alone, `ar` of `ar-LB`.
    #[must_use]
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }

    /// The direction this language is written in: that of the tag's script where it names one, else that of
    /// the language's usual script.
    #[must_use]
    pub fn direction(&self) -> Direction {
        let script = self.0.split('-').nth(1).filter(|part| part.len() == 4 && !part.starts_with(is_digit));
        let right_to_left = match script {
            Some(script) => RTL_SCRIPTS.contains(&script),
            None => RTL_LANGUAGES.contains(&self.primary()),
        };
        if right_to_left { Direction::Rtl } else { Direction::Ltr }
    }

    /// Whether `self` is `range` or a narrower tag of it: `ar-LB` is within `ar`. Case does not matter.
    fn is_within(&self, range: &str) -> bool {
        let tag = self.0.as_bytes();
        let range = range.as_bytes();
        tag.len() >= range.len()
            && tag[..range.len()].eq_ignore_ascii_case(range)
            && matches!(tag.get(range.len()), None | Some(b'-'))
    }
}

const fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// Scripts in use that run from right to left (ISO 15924; `R` and `AL` letters in the Unicode database).
const RTL_SCRIPTS: &[&str] =
    &["Adlm", "Arab", "Aran", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi"];

/// Languages whose usual script, by CLDR's likely subtags, is one of [`RTL_SCRIPTS`].
const RTL_LANGUAGES: &[&str] = &[
    "acm", "aeb", "afb", "ajp", "apc", "apd", "ar", "arc", "arq", "ars", "ary", "arz", "azb", "bal", "bgn",
    "ckb", "dv", "fa", "glk", "he", "khw", "ks", "lrc", "mzn", "nqo", "pnb", "prs", "ps", "rhg", "sd", "sdh",
    "skr", "syr", "ug", "ur", "yi",
];

impl TryFrom<String> for LanguageTag {
    type Error = InvalidLanguageTag;

    fn try_from(tag: String) -> Result<Self, Self::Error> {
        Self::parse(&tag)
    }
}

impl From<LanguageTag> for String {
    fn from(tag: LanguageTag) -> Self {
        tag.0
    }
}

impl FromStr for LanguageTag {
    type Err = InvalidLanguageTag;

    fn from_str(tag: &str) -> Result<Self, Self::Err> {
        Self::parse(tag)
    }
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which of the `offered` languages an `Accept-Language` header asks for most.
///
/// Ranges are tried by falling quality, then as written; each by RFC 4647's lookup (`fr-CA-x-q` falls back
/// to `fr-CA`, then `fr`), where a broader range also finds a narrower offer (`ar` finds `ar-LB`). `*` means
/// the first offer that no `q=0` excludes. At most 32 ranges are read. `None` when the header names nothing
/// on offer: the caller's default holds.
#[must_use]
pub fn negotiate(accept_language: &str, offered: &[LanguageTag]) -> Option<LanguageTag> {
    let ranges = || accept_language.split(',').take(MAX_RANGES).filter_map(range_and_quality);
    let refused: Vec<&str> = ranges().filter(|&(_, quality)| quality == 0).map(|(range, _)| range).collect();
    let allowed = |tag: &&LanguageTag| !refused.iter().any(|range| tag.is_within(range));
    let mut wanted: Vec<(&str, u16)> = ranges().filter(|&(_, quality)| quality > 0).collect();
    wanted.sort_by_key(|&(_, quality)| std::cmp::Reverse(quality));
    wanted
        .into_iter()
        .find_map(|(range, _)| {
            if range == "*" {
                return offered.iter().find(allowed);
            }
            successive_fallbacks(range).find_map(|range| {
                let exact = offered.iter().filter(allowed).find(|tag| tag.0.eq_ignore_ascii_case(range));
                exact.or_else(|| offered.iter().filter(allowed).find(|tag| tag.is_within(range)))
            })
        })
        .cloned()
}

/// Browsers send a handful; the rest of a longer header is not read.
const MAX_RANGES: usize = 32;

/// `fr;q=0.8` as the range and its quality in thousandths. `None` for what is neither a range nor `*`.
fn range_and_quality(part: &str) -> Option<(&str, u16)> {
    let mut pieces = part.split(';').map(str::trim);
    let range = pieces.next()?;
    let is_range = range == "*"
        || (!range.is_empty()
            && range.len() <= MAX_TAG
            && range.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
    if !is_range {
        return None;
    }
    let quality = pieces.find_map(|piece| {
        let (name, value) = piece.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| value.trim().parse::<f32>().ok())
    });
    match quality {
        None => Some((range, 1000)),
        Some(Some(q)) if (0.0..=1.0).contains(&q) => Some((range, (q * 1000.0) as u16)),
        Some(_) => None,
    }
}

/// The range, then each shorter one, as RFC 4647 section 3.4 cuts them: a single letter goes with what it
/// introduced.
fn successive_fallbacks(range: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(range), |range| {
        let (shorter, _) = range.rsplit_once('-')?;
        match shorter.rsplit_once('-') {
            Some((before, single)) if single.len() == 1 => Some(before),
            _ => Some(shorter),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(list: &str) -> Vec<LanguageTag> {
        list.split_whitespace().map(|tag| LanguageTag::parse(tag).unwrap()).collect()
    }

    #[test]
    fn tags_are_read_in_any_case_and_written_in_one() {
        for (given, canonical, primary) in [
            ("ar", "ar", "ar"),
            ("AR-lb", "ar-LB", "ar"),
            ("fr", "fr", "fr"),
            ("zh-hant", "zh-Hant", "zh"),
            ("ZH-hant-tw", "zh-Hant-TW", "zh"),
            ("de-CH-1901", "de-CH-1901", "de"),
            ("ckb", "ckb", "ckb"),
            ("es-419", "es-419", "es"),
            ("ar-u-nu-latn", "ar-u-nu-latn", "ar"),
        ] {
            let tag = LanguageTag::parse(given).unwrap();
            assert_eq!((tag.as_str(), tag.primary()), (canonical, primary), "{given}");
            assert_eq!(LanguageTag::from_stored(canonical.to_owned()), tag);
        }
        let long = format!("en-{}", "a".repeat(100));
        for refused in ["", "-", "und", "f", "fr_", "français", "ar lb", "en--US", "عربي", "*", &long] {
            assert!(LanguageTag::parse(refused).is_err(), "{refused}");
        }
        assert!(serde_json::from_str::<LanguageTag>("\"not a tag\"").is_err());
        assert_eq!(serde_json::from_str::<LanguageTag>("\"AR\"").unwrap().as_str(), "ar");
    }

    #[test]
    fn a_language_has_a_direction() {
        for (tag, direction) in [
            ("ar", Direction::Rtl),
            ("ar-LB", Direction::Rtl),
            ("fa", Direction::Rtl),
            ("ur", Direction::Rtl),
            ("he", Direction::Rtl),
            ("fr", Direction::Ltr),
            ("en-GB", Direction::Ltr),
            ("uz", Direction::Ltr),
            ("uz-Arab", Direction::Rtl),
            ("ar-Latn", Direction::Ltr),
            ("de-1901", Direction::Ltr),
        ] {
            assert_eq!(LanguageTag::parse(tag).unwrap().direction(), direction, "{tag}");
        }
    }

    #[test]
    fn the_browser_gets_the_language_it_asks_for_most() {
        let cases = [
            ("fr-FR,fr;q=0.9,en;q=0.8", "ar fr en", Some("fr")),
            ("en;q=0.5, ar;q=0.9", "ar fr en", Some("ar")),
            ("ar-EG,ar;q=0.9", "ar-LB fr", Some("ar-LB")),
            ("fr-CA", "ar fr-FR", Some("fr-FR")),
            ("fr-CA", "fr fr-CA", Some("fr-CA")),
            ("zh-Hant-TW", "zh-Hans zh-Hant", Some("zh-Hant")),
            ("FR", "ar fr", Some("fr")),
            ("de, *;q=0.1", "ar fr", Some("ar")),
            ("*, ar;q=0", "ar fr", Some("fr")),
            ("ar;q=0, ar-LB", "ar-LB fr", None),
            ("de", "ar fr", None),
            ("", "ar fr", None),
            ("fr;q=2, ;;,=,ar;q=x, en;q=0.001", "ar fr en", Some("en")),
            ("en-x-private", "en", Some("en")),
            ("fra", "fr", None),
            ("fr", "", None),
        ];
        for (header, offered, expected) in cases {
            let got = negotiate(header, &tags(offered));
            assert_eq!(got.as_ref().map(LanguageTag::as_str), expected, "{header} of {offered}");
        }
    }
}
