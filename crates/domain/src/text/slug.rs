//! Slugs: the words of an address, kept in the script they were written in.
//!
//! [`Slug`] is what is stored and shown, [`SlugKey`] what spellings of it are compared by. It must not know
//! what a slug stands for, nor which are taken.

use std::fmt;

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::characters::{
    TATWEEL, is_apostrophe, is_invisible, is_tashkeel, latin_base, without_latin_accents,
};

/// A slug as it is stored and shown: NFC, not percent-encoded, never empty, without slash, whitespace or
/// control characters. At most 80 characters where we made it, 200 where it was imported.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

impl Slug {
    /// The most characters (Unicode scalar values) of a slug that [`make`](Self::make) gives.
    pub const MAX_MADE: usize = 80;
    /// The most characters of a slug that [`import`](Self::import) takes.
    pub const MAX_IMPORTED: usize = 200;

    /// Makes a slug of a title: letters and digits of every script, in lower case, other characters becoming
    /// a hyphen between words. Latin letters lose their accents (`é` to `e`, `œ` to `oe`); Arabic words lose
    /// vowel marks and tatweel and keep every letter; nothing is romanised. An English `'s` or `'t` stays
    /// with its word (`mayors-budget`), a French elision is a word (`l-election`). Cut between words to 80
    /// characters, within a word only where the first is longer. `None` when the title has no letter or digit.
    #[must_use]
    pub fn make(title: &str) -> Option<Self> {
        let letters = title
            .nfkd()
            .filter(|&c| !is_tashkeel(c) && !is_invisible(c) && c != TATWEEL)
            .flat_map(char::to_lowercase);
        let mut words = String::new();
        let mut between_words = false;
        let mut letters = without_latin_accents(letters).peekable();
        while let Some(c) = letters.next() {
            if is_apostrophe(c) {
                // A lone s or t behind it belongs to the word before.
                match letters.next_if(|&c| !between_words && !words.is_empty() && matches!(c, 's' | 't')) {
                    Some(c) if !letters.peek().is_some_and(|&c| is_word_character(c)) => words.push(c),
                    Some(c) => words.extend(['-', c]),
                    None => between_words = true,
                }
            } else if c.is_alphanumeric() || (is_combining_mark(c) && !between_words && !words.is_empty()) {
                if between_words && !words.is_empty() {
                    words.push('-');
                }
                between_words = false;
                match latin_base(c) {
                    Some(base) => words.push_str(base),
                    None => words.push(c),
                }
            } else {
                between_words = true;
            }
        }
        let words: String = words.nfc().collect();
        let cut = cut_at_word(&words, Self::MAX_MADE);
        (!cut.is_empty()).then(|| Self(cut.to_owned()))
    }

    /// Takes a slug that another system made, as it is but for percent-encoding (undone wholly, in either
    /// case), normalization (NFC) and slashes or spaces around it. Bytes that are no UTF-8 stay
    /// percent-encoded. `None` when nothing is left to tell it by, it is `.` or `..`, holds a slash,
    /// whitespace or a control character, or has more than 200 characters: make one of the title then.
    #[must_use]
    pub fn import(slug: &str) -> Option<Self> {
        let decoded = percent_decoded(slug);
        let slug: String = decoded.trim_matches(is_outer).nfc().collect();
        let sound = !matches!(slug.as_str(), "" | "." | "..")
            && !slug.contains(|c: char| c == '/' || c == '\\' || c.is_whitespace() || c.is_control())
            && slug.chars().count() <= Self::MAX_IMPORTED
            && !SlugKey::of(&slug).0.is_empty();
        sound.then_some(Self(slug))
    }

    /// Takes a slug that was made or imported before it was stored.
    #[must_use]
    pub const fn from_stored(slug: String) -> Self {
        Self(slug)
    }

    /// This slug with `-n` after it, for when it is taken; cut before it, between words where it can be, so
    /// that the limit it had still holds.
    #[must_use]
    pub fn numbered(&self, n: u32) -> Self {
        let suffix = format!("-{n}");
        let length = self.0.chars().count();
        let limit = if length <= Self::MAX_MADE { Self::MAX_MADE } else { Self::MAX_IMPORTED };
        let base = cut_at_word(&self.0, limit.saturating_sub(suffix.len()));
        Self(base.to_owned() + &suffix)
    }

    /// What this slug is found and told from others by.
    #[must_use]
    pub fn key(&self) -> SlugKey {
        SlugKey::of(&self.0)
    }

    /// The slug as it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

/// What two spellings of a slug are compared by. Never shown.
///
/// Equal for every way of percent-encoding it (in either case, also doubly), for NFC, NFD and compatibility
/// forms, with or without Arabic vowel marks, tatweel, joiners, bidi marks and other invisible characters,
/// in any letter case, with slashes or spaces around it. Letters stay apart: neither hamza forms nor Latin
/// accents are folded, since `سأل` and `سال`, `péché` and `pêche` are two words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlugKey(String);

impl SlugKey {
    /// The key of any text. Takes linear time; the key of a key is itself; empty where a text has nothing to
    /// be told by. A percent sign that encodes nothing becomes `٪`, so that no key can be decoded further; a NUL becomes
    /// U+FFFD.
    #[must_use]
    pub fn of(slug: &str) -> Self {
        // An accent may hide the last digit of an escape: `%0ç` is `%0c` with a cedilla in another spelling. Each
        // round shortens the text; more than a few only a hostile one needs.
        let mut decoded = percent_decoded(slug);
        for _ in 0..8 {
            let next = percent_decoded(&decoded.nfd().collect::<String>());
            if next == decoded {
                break;
            }
            decoded = next;
        }
        let key: String = decoded
            .nfkd()
            .filter(|&c| !is_tashkeel(c) && !is_invisible(c) && c != TATWEEL)
            .default_case_fold()
            .map(|c| match c {
                '%' => ARABIC_PERCENT,
                // No database keeps one in a text; no slug that is made holds what stands for it here.
                '\0' => char::REPLACEMENT_CHARACTER,
                c => c,
            })
            .nfkc()
            .collect();
        Self(key.trim_matches(is_outer).to_owned())
    }

    /// Takes a key that was computed before it was stored.
    #[must_use]
    pub const fn from_stored(key: String) -> Self {
        Self(key)
    }

    /// The key, for a database's column.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

const ARABIC_PERCENT: char = '\u{066A}';

fn is_word_character(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// What surrounds a slug where a path was copied with it.
fn is_outer(c: char) -> bool {
    c == '/' || c.is_whitespace()
}

/// The longest beginning of at most `max` characters that ends where a word ends, or just `max` characters
/// where the first word alone is longer.
fn cut_at_word(slug: &str, max: usize) -> &str {
    let Some((end, _)) = slug.char_indices().nth(max) else { return slug };
    let head = &slug[..end];
    if slug[end..].starts_with('-') {
        return head.trim_end_matches('-');
    }
    match head.rsplit_once('-') {
        Some((words, _)) if !words.trim_end_matches('-').is_empty() => words.trim_end_matches('-'),
        _ => head,
    }
}

/// Undoes percent-encoding until nothing encoded is left, in one pass: an escape is undone the moment its
/// last digit is there, and what it yields may complete another. Bytes that are no UTF-8 are escaped again,
/// in lower case.
fn percent_decoded(text: &str) -> String {
    let mut bytes: Vec<u8> = Vec::with_capacity(text.len());
    for byte in text.bytes() {
        bytes.push(byte);
        while let [.., b'%', high, low] = bytes[..]
            && let (Some(high), Some(low)) = (hex_digit(high), hex_digit(low))
        {
            bytes.truncate(bytes.len() - 3);
            bytes.push(high << 4 | low);
        }
    }
    let mut decoded = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        decoded.push_str(chunk.valid());
        for byte in chunk.invalid() {
            decoded.push_str(&format!("%{byte:02x}"));
        }
    }
    decoded
}

const fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
#[path = "slug_tests.rs"]
mod tests;
