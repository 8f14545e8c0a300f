//! Bytes to text, forgivingly: invalid bytes, forbidden characters and references that are none.
//! It must not know where in a file the text stands.

use quick_xml::escape::resolve_html5_entity;

/// How much of a text had to be mended.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mended {
    /// Sequences of bytes that are no UTF-8, each replaced by U+FFFD.
    pub(super) invalid: u64,
    /// Characters that XML 1.0 forbids, dropped.
    pub(super) controls: u64,
    /// `&` that begin no known reference, kept as they are.
    pub(super) ampersands: u64,
}

/// UTF-8 bytes to text: line ends become `\n` as XML asks for, what is no text is replaced or dropped.
pub(super) fn decode(bytes: &[u8], mended: &mut Mended) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        push_clean(chunk.valid(), &mut text, mended);
        if !chunk.invalid().is_empty() {
            mended.invalid += 1;
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}

fn push_clean(valid: &str, text: &mut String, mended: &mut Mended) {
    let suspicious = |byte: u8| (byte < 0x20 && byte != b'\n' && byte != b'\t') || byte == 0xEF;
    if !valid.bytes().any(suspicious) {
        text.push_str(valid);
        return;
    }
    let mut characters = valid.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' => {
                if characters.peek() != Some(&'\n') {
                    text.push('\n');
                }
            }
            _ if is_allowed(character) => text.push(character),
            _ => mended.controls += 1,
        }
    }
}

/// The production `Char` of XML 1.0.
fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

/// Resolves the references of XML and the named entities of HTML; what is no known reference stays as it is.
pub(super) fn unescape(text: String, mended: &mut Mended) -> String {
    let Some(first) = memchr::memchr(b'&', text.as_bytes()) else { return text };
    let mut out = String::with_capacity(text.len());
    let (before, mut rest) = text.split_at(first);
    out.push_str(before);
    while let Some(reference) = rest.strip_prefix('&') {
        match resolve(reference) {
            Some((Resolved::Text(value), used)) => {
                out.push_str(value);
                rest = &reference[used..];
            }
            Some((Resolved::Character(value), used)) if is_allowed(value) => {
                out.push(value);
                rest = &reference[used..];
            }
            Some((Resolved::Character(_) | Resolved::Forbidden, used)) => {
                mended.controls += 1;
                rest = &reference[used..];
            }
            None => {
                mended.ampersands += 1;
                out.push('&');
                rest = reference;
            }
        }
        let next = memchr::memchr(b'&', rest.as_bytes()).unwrap_or(rest.len());
        out.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    out
}

/// Resolves references without counting what is none.
pub(crate) fn resolve_references(text: String) -> String {
    unescape(text, &mut Mended::default())
}

enum Resolved {
    Text(&'static str),
    Character(char),
    Forbidden,
}

/// What the text after an `&` stands for, and how many bytes of it the reference takes, its `;` with them.
fn resolve(after: &str) -> Option<(Resolved, usize)> {
    // The longest name of HTML has 31 letters.
    const LONGEST: usize = 33;
    let window = &after.as_bytes()[..after.len().min(LONGEST)];
    let end = memchr::memchr(b';', window)?;
    let name = &after[..end];
    let Some(number) = name.strip_prefix('#') else {
        return resolve_html5_entity(name).map(|value| (Resolved::Text(value), end + 1));
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) if digits.bytes().all(|b| b.is_ascii_hexdigit()) => u32::from_str_radix(digits, 16),
        None if number.bytes().all(|b| b.is_ascii_digit()) => number.parse(),
        _ => return None,
    };
    let resolved = char::from_u32(code.ok()?).map_or(Resolved::Forbidden, Resolved::Character);
    Some((resolved, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_and_what_is_none_stays() {
        let cases = [
            ("Bread &amp; roses", "Bread & roses", 0),
            ("caf&eacute;&nbsp;noir", "café\u{a0}noir", 0),
            ("&#1605;&#x631;&#x62D;&#1576;&#1575;", "مرحبا", 0),
            ("http://a.example/?x=1&y=2&z=3", "http://a.example/?x=1&y=2&z=3", 2),
            ("R&D; &unknown; &", "R&D; &unknown; &", 3),
            ("&#; &#x; &#xZZ; &#99999999999;", "&#; &#x; &#xZZ; &#99999999999;", 4),
            ("&amp;lt;", "&lt;", 0),
            ("&éé;", "&éé;", 1),
        ];
        for (raw, expected, ampersands) in cases {
            let mut mended = Mended::default();
            assert_eq!(unescape(raw.to_owned(), &mut mended), expected, "{raw}");
            assert_eq!(mended.ampersands, ampersands, "{raw}");
        }
    }

    #[test]
    fn forbidden_characters_go_and_are_counted() {
        let mut mended = Mended::default();
        assert_eq!(decode(b"a\x00b\x0bc\x1bd\te\r\nf\rg", &mut mended), "abcd\te\nf\ng");
        assert_eq!(mended.controls, 3);
        assert_eq!(unescape("x&#0;&#xD800;&#11;y".to_owned(), &mut mended), "xy");
        assert_eq!(mended.controls, 6);
    }

    #[test]
    fn bytes_that_are_no_text_become_the_replacement_character() {
        let mut mended = Mended::default();
        assert_eq!(decode(b"\xd8\xb3\xd9 caf\xe9!", &mut mended), "س\u{fffd} caf\u{fffd}!");
        assert_eq!(mended.invalid, 2);
    }

    #[test]
    fn the_byte_order_mark_and_arabic_survive() {
        let mut mended = Mended::default();
        let text = "\u{feff}وزيرة الشباب ﷲ";
        assert_eq!(decode(text.as_bytes(), &mut mended), text);
        assert_eq!(mended, Mended::default());
    }
}
