//! Which way a text runs. It must not know of languages: see [`super::LanguageTag::direction`] for those.

use serde::{Deserialize, Serialize};

/// The base direction of a text, as in HTML's `dir`. Stored and sent as `LTR` or `RTL`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// From left to right, as French and English.
    #[serde(rename = "LTR")]
    Ltr,
    /// From right to left, as Arabic.
    #[serde(rename = "RTL")]
    Rtl,
}

impl Direction {
    /// The direction of the first character that has one: rules P2 and P3 of the Unicode Bidirectional
    /// Algorithm (UAX #9), read on over paragraph ends. What stands between an isolate initiator and its
    /// end is passed over. `None` where no character is strong: digits, punctuation, emoji, nothing at all.
    #[must_use]
    pub fn first_strong(text: &str) -> Option<Self> {
        match unicode_bidi::get_base_direction_full(text) {
            unicode_bidi::Direction::Ltr => Some(Self::Ltr),
            unicode_bidi::Direction::Rtl => Some(Self::Rtl),
            unicode_bidi::Direction::Mixed => None,
        }
    }

    /// The value of HTML's `dir` attribute: `ltr` or `rtl`.
    #[must_use]
    pub const fn html(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }

    /// Reads a `dir` attribute, in any case. `None` for `auto` and everything that is no direction.
    #[must_use]
    pub fn from_html(dir: &str) -> Option<Self> {
        match dir.trim() {
            d if d.eq_ignore_ascii_case("ltr") => Some(Self::Ltr),
            d if d.eq_ignore_ascii_case("rtl") => Some(Self::Rtl),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Direction::{self, Ltr, Rtl};

    #[test]
    fn the_first_strong_character_decides() {
        let cases: [(&str, Option<Direction>); 12] = [
            ("وزيرة شؤون الشباب", Some(Rtl)),
            ("Élection présidentielle", Some(Ltr)),
            ("2026: ماذا بعد؟", Some(Rtl)),
            ("«Le Port» يعود", Some(Ltr)),
            ("«المرفأ» revient", Some(Rtl)),
            ("… — 12 %", None),
            ("٢٠٢٦", None),
            ("", None),
            ("שלום world", Some(Rtl)),
            // An isolate is passed over: U+2067 … U+2069.
            ("\u{2067}صوت\u{2069} of the harbour", Some(Ltr)),
            ("\u{2068}Harbour \u{2067}صوت\u{2069} Voice\u{2069} المرفأ", Some(Rtl)),
            // A mark without a glyph still has a direction.
            ("\u{200F}2026", Some(Rtl)),
        ];
        for (text, expected) in cases {
            assert_eq!(Direction::first_strong(text), expected, "{text}");
        }
    }

    #[test]
    fn dir_attributes_are_read_and_written() {
        assert_eq!(Direction::from_html(" RTL "), Some(Rtl));
        assert_eq!(Direction::from_html("auto"), None);
        assert_eq!(Direction::from_html(Ltr.html()), Some(Ltr));
        assert_eq!(serde_json::to_string(&Rtl).unwrap(), "\"RTL\"");
    }
}
