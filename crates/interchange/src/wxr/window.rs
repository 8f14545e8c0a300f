//! What of the file is in memory, and the tags in it. Every question has a third answer, "not seen yet":
//! then the reader fetches more and asks again.
//! It must not know the format, nor where the bytes come from.

use std::ops::Range;

use memchr::memmem;

/// A stretch of the file, as UTF-8 or something close to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window<'a> {
    pub(super) bytes: &'a [u8],
    /// No more will come: the file ends here, or the limit of an entry's size is reached.
    pub(super) last: bool,
}

/// An answer that may have to wait for more of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen<T> {
    /// This is what stands there.
    Yes(T),
    /// Something else stands there.
    No,
    /// The window ends before that can be told.
    Cut,
}

/// A start tag: ranges are places in the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StartTag {
    pub(super) name: Range<usize>,
    pub(super) attributes: Range<usize>,
    pub(super) empty: bool,
    pub(super) end: usize,
}

/// An end tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EndTag {
    pub(super) name: Range<usize>,
    pub(super) end: usize,
}

/// Longest name and longest tag that are taken for one; beyond, `<` is text.
const LONGEST_NAME: usize = 128;
const LONGEST_TAG: usize = 64 * 1024;

impl<'a> Window<'a> {
    pub(super) fn slice(&self, range: Range<usize>) -> &'a [u8] {
        &self.bytes[range]
    }

    pub(super) fn find_byte(&self, byte: u8, from: usize) -> Option<usize> {
        memchr::memchr(byte, self.bytes.get(from..)?).map(|at| from + at)
    }

    pub(super) fn find(&self, needle: &[u8], from: usize) -> Option<usize> {
        memmem::find(self.bytes.get(from..)?, needle).map(|at| from + at)
    }

    /// Whether `text` stands at `at`; on yes the place behind it.
    pub(super) fn has(&self, at: usize, text: &[u8]) -> Seen<usize> {
        let here = self.bytes.get(at..).unwrap_or_default();
        if here.starts_with(text) {
            Seen::Yes(at + text.len())
        } else if !self.last && text.starts_with(here) {
            Seen::Cut
        } else {
            Seen::No
        }
    }

    /// The first place from `at` on that is no white space; cut when the window ends before one.
    pub(super) fn skip_space(&self, at: usize) -> Seen<usize> {
        let here = self.bytes.get(at..).unwrap_or_default();
        match here.iter().position(|byte| !byte.is_ascii_whitespace()) {
            Some(offset) => Seen::Yes(at + offset),
            None if self.last => Seen::Yes(self.bytes.len()),
            None => Seen::Cut,
        }
    }

    /// The name that begins at `at`; its end is known to be its end.
    fn name(&self, at: usize) -> Seen<Range<usize>> {
        let here = self.bytes.get(at..).unwrap_or_default();
        match here.first() {
            None if self.last => return Seen::No,
            None => return Seen::Cut,
            Some(first) if !(first.is_ascii_alphabetic() || *first == b'_' || *first >= 0x80) => {
                return Seen::No;
            }
            Some(_) => {}
        }
        let in_name =
            |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':') || *b >= 0x80;
        match here.iter().take(LONGEST_NAME + 1).position(|byte| !in_name(byte)) {
            Some(length) => Seen::Yes(at..at + length),
            None if here.len() > LONGEST_NAME || self.last => Seen::No,
            None => Seen::Cut,
        }
    }

    /// The end tag whose `<` is at `at`. Anything between its name and `>` is passed over, up to a line's end.
    pub(super) fn end_tag(&self, at: usize) -> Seen<EndTag> {
        let from = match self.has(at, b"</") {
            Seen::Yes(from) => from,
            Seen::No => return Seen::No,
            Seen::Cut => return Seen::Cut,
        };
        let name = match self.name(from) {
            Seen::Yes(name) => name,
            Seen::No => return Seen::No,
            Seen::Cut => return Seen::Cut,
        };
        for (offset, byte) in self.bytes[name.end..].iter().enumerate() {
            match byte {
                b'>' => return Seen::Yes(EndTag { end: name.end + offset + 1, name }),
                b' ' | b'\t' | b'\r' | b'\n' => {}
                // `</title` and then something else: the tag has lost its `>`.
                _ => return Seen::Yes(EndTag { end: name.end, name }),
            }
        }
        if self.last { Seen::Yes(EndTag { end: self.bytes.len(), name }) } else { Seen::Cut }
    }

    /// The name of the tag whose `<` is at `at`, and whether it is an end tag, without looking for its `>`.
    pub(super) fn tag_name(&self, at: usize) -> Seen<(Range<usize>, bool)> {
        let closes = match self.has(at + 1, b"/") {
            Seen::Yes(_) => true,
            Seen::No => false,
            Seen::Cut => return Seen::Cut,
        };
        match self.name(at + 1 + usize::from(closes)) {
            Seen::Yes(name) => Seen::Yes((name, closes)),
            Seen::No => Seen::No,
            Seen::Cut => Seen::Cut,
        }
    }

    /// The start tag whose `<` is at `at`. A tag that has lost its `>` ends before the next `<`.
    pub(super) fn start_tag(&self, at: usize) -> Seen<StartTag> {
        let name = match self.name(at + 1) {
            Seen::Yes(name) => name,
            Seen::No => return Seen::No,
            Seen::Cut => return Seen::Cut,
        };
        let mut quote = None;
        let mut unquoted_end = None;
        for (offset, byte) in self.bytes[name.end..].iter().take(LONGEST_TAG).enumerate() {
            let place = name.end + offset;
            match (byte, quote) {
                // An odd quotation mark: the tag ends at its first `>`, whatever is quoted.
                (b'<', _) => return Seen::Yes(self.tag_ending(name, unquoted_end, place)),
                (b'>', None) => return Seen::Yes(self.tag_ending(name, Some(place), place)),
                (b'>', Some(_)) if unquoted_end.is_none() => unquoted_end = Some(place),
                (b'"' | b'\'', None) => quote = Some(*byte),
                (mark, Some(open)) if *mark == open => quote = None,
                _ => {}
            }
        }
        if self.bytes.len() - name.end < LONGEST_TAG && !self.last {
            Seen::Cut
        } else if unquoted_end.is_some() {
            let end = self.bytes.len();
            Seen::Yes(self.tag_ending(name, unquoted_end, end))
        } else {
            Seen::No
        }
    }

    fn tag_ending(&self, name: Range<usize>, bracket: Option<usize>, otherwise: usize) -> StartTag {
        let (mut attributes_end, end) = bracket.map_or((otherwise, otherwise), |at| (at, at + 1));
        let empty = attributes_end > name.end && self.bytes[attributes_end - 1] == b'/';
        if empty {
            attributes_end -= 1;
        }
        StartTag { attributes: name.end..attributes_end, name, empty, end }
    }
}

/// Lines of places in a window. Counts on from the last place asked for, so ask in the file's order.
#[derive(Debug, Clone)]
pub(super) struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    /// `line` is the line on which the window begins.
    pub(super) fn new(window: Window<'a>, line: u64) -> Self {
        Self { bytes: window.bytes, at: 0, line }
    }

    /// The line of `place`; of an earlier place than the last, that one's line.
    pub(super) fn at(&mut self, place: usize) -> u64 {
        let place = place.min(self.bytes.len());
        if place > self.at {
            self.line += memchr::memchr_iter(b'\n', &self.bytes[self.at..place]).count() as u64;
            self.at = place;
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Window<'_> {
        Window { bytes: text.as_bytes(), last: true }
    }

    #[test]
    fn a_tag_ends_where_a_reader_would_end_it() {
        let cases = [
            ("<item>", "item", "", false, 6),
            ("<a b='>' c=\">\">x", "a", " b='>' c=\">\"", false, 15),
            ("<excerpt:encoded />", "excerpt:encoded", " ", true, 19),
            ("<item <title>", "item", " ", false, 6),
            // A quotation mark too many: the tag must not run into the next one.
            ("<rss version=\"2.0 >\n<channel>", "rss", " version=\"2.0 ", false, 19),
        ];
        for (text, name, attributes, empty, end) in cases {
            let window = whole(text);
            let Seen::Yes(tag) = window.start_tag(0) else { panic!("{text} is a tag") };
            assert_eq!(window.slice(tag.name.clone()), name.as_bytes(), "{text}");
            assert_eq!(window.slice(tag.attributes.clone()), attributes.as_bytes(), "{text}");
            assert_eq!((tag.empty, tag.end), (empty, end), "{text}");
        }
        for text in ["< b", "<3", "<", "<-", "<="] {
            assert_eq!(whole(text).start_tag(0), Seen::No, "{text}");
        }
    }

    #[test]
    fn what_is_cut_is_not_decided() {
        for text in ["<", "<it", "<item", "<item a=\"x"] {
            assert_eq!(Window { bytes: text.as_bytes(), last: false }.start_tag(0), Seen::Cut, "{text}");
        }
        for text in ["<", "</", "</it", "</item", "</item  "] {
            assert_eq!(Window { bytes: text.as_bytes(), last: false }.end_tag(0), Seen::Cut, "{text}");
        }
    }
}
