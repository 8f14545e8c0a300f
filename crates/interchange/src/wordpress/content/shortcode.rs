//! The grammar of shortcodes: `[name attributes]`, `[name]text[/name]`, `[[name]]`.
//! It must not know which of them mean something.

use std::collections::HashMap;
use std::ops::Range;

/// An opening shortcode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Opening<'a> {
    pub(super) name: &'a str,
    pub(super) attributes: Attributes<'a>,
    /// `[name /]`: nothing is inside.
    pub(super) closed: bool,
    /// From `[` to behind `]`.
    pub(super) range: Range<usize>,
}

/// Attributes of a shortcode, names in lower case. Values are HTML as they stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Attributes<'a> {
    named: Vec<(String, &'a str)>,
    /// Values without a name: `[youtube https://…]`.
    pub(super) plain: Vec<&'a str>,
}

impl<'a> Attributes<'a> {
    /// The last value under that name that is not empty.
    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        let found = self.named.iter().rev().find(|(known, value)| known == name && !value.trim().is_empty());
        found.map(|(_, value)| value.trim())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.named.is_empty() && self.plain.is_empty()
    }

    pub(super) fn has_named(&self) -> bool {
        !self.named.is_empty()
    }

    /// All values.
    pub(super) fn values(&self) -> impl Iterator<Item = &'a str> {
        self.named.iter().map(|(_, value)| *value).chain(self.plain.iter().copied())
    }
}

/// Where things are in a text, found once so that looking is cheap afterwards.
pub(super) struct Index<'a> {
    text: &'a str,
    /// Places of `]`.
    ends: Vec<usize>,
    /// By name, the places of `[/name]` and their ends.
    closings: HashMap<&'a str, Vec<Range<usize>>>,
}

impl<'a> Index<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let ends: Vec<usize> = memchr::memchr_iter(b']', text.as_bytes()).collect();
        let mut index = Self { text, ends, closings: HashMap::new() };
        for at in memchr::memmem::find_iter(text.as_bytes(), b"[/") {
            let name = name_at(&text[at + 2..]);
            let behind = at + 2 + name.len();
            let rest = &text.as_bytes()[behind..];
            let spaces = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            if !name.is_empty() && rest.get(spaces) == Some(&b']') {
                index.closings.entry(name).or_default().push(at..behind + spaces + 1);
            }
        }
        index
    }

    /// The opening shortcode whose `[` is at `at`.
    pub(super) fn opening(&self, at: usize) -> Option<Opening<'a>> {
        let name = name_at(&self.text[at + 1..]);
        let from = at + 1 + name.len();
        // As in WordPress, nothing in a shortcode can hold a `]`.
        let end = self.ends[self.ends.partition_point(|end| *end < from)..].first().copied()?;
        let inside = &self.text[from..end];
        let begins_well = inside.is_empty()
            || inside.starts_with(|c: char| c.is_whitespace() || matches!(c, '/' | '=' | '\u{a0}'));
        if name.is_empty() || !begins_well || inside.contains('[') {
            return None;
        }
        let (inside, closed) = match inside.strip_suffix('/') {
            // An address may end in a slash: `[youtube https://a.example/]`.
            Some(before)
                if before.is_empty()
                    || before.ends_with(|c: char| c.is_whitespace() || c == '"' || c == '\'') =>
            {
                (before, true)
            }
            _ => (inside, false),
        };
        Some(Opening { name, attributes: attributes(inside), closed, range: at..end + 1 })
    }

    /// The first `[/name]` from `from` on.
    pub(super) fn closing(&self, name: &str, from: usize) -> Option<Range<usize>> {
        let all = self.closings.get(name)?;
        all.get(all.partition_point(|range| range.start < from)).cloned()
    }
}

/// The name at the beginning of `text`, empty where there is none.
pub(super) fn name_at(text: &str) -> &str {
    const LONGEST: usize = 64;
    let bytes = &text.as_bytes()[..text.len().min(LONGEST + 1)];
    if !bytes.first().is_some_and(u8::is_ascii_alphabetic) {
        return "";
    }
    let in_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let length = bytes.iter().position(|byte| !in_name(byte)).unwrap_or(bytes.len());
    if length > LONGEST { "" } else { &text[..length] }
}

/// Quotation marks that editors make of `"`, each with the one that closes it.
const QUOTES: [(&str, &[&str]); 7] = [
    ("\"", &["\""]),
    ("'", &["'"]),
    ("“", &["”", "“", "\""]),
    ("”", &["”", "\""]),
    ("″", &["″", "\""]),
    ("&#8220;", &["&#8221;", "&#8220;"]),
    ("&quot;", &["&quot;"]),
];

fn attributes(text: &str) -> Attributes<'_> {
    let mut found = Attributes::default();
    // `[youtube=https://…&w=320]`, the shortcodes of WordPress.com.
    let mut rest = match text.strip_prefix('=') {
        Some(value) => {
            found.plain.push(value.trim());
            return found;
        }
        None => skip_space(text),
    };
    while !rest.is_empty() {
        let name = name_at(rest);
        let behind = skip_space(&rest[name.len()..]);
        match behind.strip_prefix('=') {
            Some(value) if !name.is_empty() => {
                let (value, after) = value_at(skip_space(value));
                found.named.push((name.to_ascii_lowercase(), value));
                rest = skip_space(after);
            }
            _ => {
                let (value, after) = value_at(rest);
                if !value.is_empty() {
                    found.plain.push(value);
                }
                rest = skip_space(after);
            }
        }
    }
    found
}

fn skip_space(text: &str) -> &str {
    // Visual editors put no-break spaces into shortcodes.
    let mut text = text.trim_start();
    while let Some(rest) = text.strip_prefix("&nbsp;") {
        text = rest.trim_start();
    }
    text
}

/// A value at the beginning of `text`, and what is behind it. Takes at least one character of what is not empty.
fn value_at(text: &str) -> (&str, &str) {
    for (open, closes) in QUOTES {
        let Some(inside) = text.strip_prefix(open) else { continue };
        let end = closes.iter().filter_map(|close| inside.find(close).map(|at| (at, close.len()))).min();
        if let Some((at, length)) = end {
            return (&inside[..at], &inside[at + length..]);
        }
        // A mark that is never closed: the value goes on to the next space, without the mark.
        let end = inside.find(char::is_whitespace).unwrap_or(inside.len());
        return inside.split_at(end);
    }
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_in_all_their_spellings() {
        let text = "[gallery ids=\"1, 2\" columns='3' link=file size=“large” title=&quot;Été à la mer&quot; قارب flag]";
        let opening = Index::new(text).opening(0).unwrap();
        assert_eq!(opening.name, "gallery");
        let expected = [
            ("ids", "1, 2"),
            ("columns", "3"),
            ("link", "file"),
            ("size", "large"),
            ("title", "Été à la mer"),
        ];
        for (name, value) in expected {
            assert_eq!(opening.attributes.get(name), Some(value), "{name}");
        }
        assert_eq!(opening.attributes.plain, ["قارب", "flag"]);
        assert_eq!(opening.range, 0..text.len());
    }

    #[test]
    fn openings_and_closings_are_told_from_brackets() {
        for text in ["[]", "[1]", "[…]", "[ gallery]", "[gallery", "[gallery[x]]", "[name:value]", "[مرحبا]"]
        {
            assert_eq!(Index::new(text).opening(0), None, "{text}");
        }
        let text = "[a /] [b]x[/b] [c=https://v.example/] [/b ]";
        let index = Index::new(text);
        assert!(index.opening(0).unwrap().closed);
        assert_eq!(index.closing("b", 6), Some(10..14));
        assert_eq!(index.closing("b", 11), Some(38..43));
        assert_eq!(index.closing("a", 0), None);
        let address = index.opening(15).unwrap();
        assert_eq!((address.closed, address.attributes.plain), (false, vec!["https://v.example/"]));
    }
}
