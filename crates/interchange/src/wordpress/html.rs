//! HTML cut into tags, comments and text, as far as WordPress's own conversions need it.
//! It must not know what is dangerous: others sanitise, with a parser of HTML. Any text gives some tokens, in
//! linear time, and the tokens together are the text.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// A piece of HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
}

/// The sorts of pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// A start tag, its name in lower case.
    Start(String),
    /// An end tag, its name in lower case.
    End(String),
    Comment,
    /// An element whose contents are no HTML, with its tags: `script`, `style`, `textarea`.
    Raw(String),
}

/// Cuts `html` into tokens.
pub(super) fn tokens(html: &str) -> Vec<Token> {
    let mut cutter = Cutter { html, at: 0, quotes_fail: false, unclosed: HashSet::new() };
    let mut found: Vec<Token> = Vec::new();
    while let Some(token) = cutter.next() {
        match found.last_mut() {
            // A `<` that begins no tag makes a text of its own.
            Some(last) if last.kind == Kind::Text && token.kind == Kind::Text => {
                last.range.end = token.range.end
            }
            _ => found.push(token),
        }
    }
    found
}

struct Cutter<'a> {
    html: &'a str,
    at: usize,
    /// A quotation mark was never closed: from there on a tag ends at its first `>`.
    quotes_fail: bool,
    /// What has no end any more: `-->`, `</script` …; searched once.
    unclosed: HashSet<&'static str>,
}

const RAW: [(&str, &str); 3] = [("script", "</script"), ("style", "</style"), ("textarea", "</textarea")];

impl Cutter<'_> {
    fn next(&mut self) -> Option<Token> {
        let from = self.at;
        let rest = self.html.get(from..).filter(|rest| !rest.is_empty())?;
        let (kind, end) = match memchr::memchr(b'<', rest.as_bytes()) {
            Some(0) => self.markup(from).unwrap_or((Kind::Text, from + 1)),
            Some(length) => (Kind::Text, from + length),
            None => (Kind::Text, self.html.len()),
        };
        self.at = end;
        Some(Token { kind, range: from..end })
    }

    fn markup(&mut self, from: usize) -> Option<(Kind, usize)> {
        let bytes = self.html.as_bytes();
        if let Some(length) = empty_comment(&self.html[from..]) {
            return Some((Kind::Comment, from + length));
        }
        if self.html[from..].starts_with("<!--") {
            return Some((Kind::Comment, self.find("-->", from + 4)? + 3));
        }
        let closes = bytes.get(from + 1) == Some(&b'/');
        let name_from = from + 1 + usize::from(closes);
        let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b':' | b'_');
        if !bytes.get(name_from)?.is_ascii_alphabetic() {
            return None;
        }
        let length = bytes[name_from..].iter().position(|byte| !is_name(byte))?;
        let name = self.html[name_from..name_from + length].to_ascii_lowercase();
        let end = self.tag_end(name_from + length)?;
        if closes {
            return Some((Kind::End(name), end));
        }
        let raw = RAW.iter().find(|(raw, _)| *raw == name);
        if let Some((_, close)) = raw
            && !self.html[..end].ends_with("/>")
            && let Some(close_at) = self.find_ignoring_case(close, end)
        {
            let close_end =
                memchr::memchr(b'>', &bytes[close_at..]).map_or(self.html.len(), |at| close_at + at + 1);
            return Some((Kind::Raw(name), close_end));
        }
        Some((Kind::Start(name), end))
    }

    /// Behind the `>` of the tag whose name ends at `from`; None where there is none before the next tag.
    fn tag_end(&mut self, from: usize) -> Option<usize> {
        let bytes = self.html.as_bytes();
        if !self.quotes_fail {
            let mut quote = None;
            for (offset, byte) in bytes[from..].iter().enumerate() {
                match (byte, quote) {
                    (b'>', None) => return Some(from + offset + 1),
                    (b'<', None) => return None,
                    (b'"' | b'\'', None) => quote = Some(*byte),
                    (mark, Some(open)) if *mark == open => quote = None,
                    _ => {}
                }
            }
            self.quotes_fail = true;
        }
        let end = memchr::memchr2(b'>', b'<', &bytes[from..])? + from;
        (bytes[end] == b'>').then_some(end + 1)
    }

    fn find(&mut self, needle: &'static str, from: usize) -> Option<usize> {
        if self.unclosed.contains(needle) {
            return None;
        }
        let found = memchr::memmem::find(self.html.as_bytes().get(from..)?, needle.as_bytes());
        if found.is_none() {
            self.unclosed.insert(needle);
        }
        found.map(|at| from + at)
    }

    fn find_ignoring_case(&mut self, needle: &'static str, from: usize) -> Option<usize> {
        if self.unclosed.contains(needle) {
            return None;
        }
        let bytes = self.html.as_bytes();
        let mut at = from;
        while let Some(offset) = memchr::memchr(b'<', bytes.get(at..)?) {
            at += offset;
            if bytes
                .get(at..at + needle.len())
                .is_some_and(|here| here.eq_ignore_ascii_case(needle.as_bytes()))
            {
                return Some(at);
            }
            at += 1;
        }
        self.unclosed.insert(needle);
        None
    }
}

/// `<!-->` and `<!--->` close themselves; the length of the one that `text` begins with.
pub(super) fn empty_comment(text: &str) -> Option<usize> {
    ["<!-->", "<!--->"].iter().find(|mark| text.starts_with(**mark)).map(|mark| mark.len())
}

/// For each start tag of one of `names` the index of its end tag; start tags that are never closed are left out.
pub(super) fn partners(tokens: &[Token], names: &[&str]) -> HashMap<usize, usize> {
    let mut open: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut pairs = HashMap::new();
    for (index, token) in tokens.iter().enumerate() {
        match &token.kind {
            Kind::Start(name) if names.contains(&name.as_str()) => {
                open.entry(name).or_default().push(index);
            }
            Kind::End(name) => {
                if let Some(start) = open.get_mut(name.as_str()).and_then(Vec::pop) {
                    pairs.insert(start, index);
                }
            }
            _ => {}
        }
    }
    pairs
}

/// Escapes what a text needs to stand in HTML, also in a quoted attribute; references that are there stay.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '&' if !begins_reference(&text[at + 1..]) => out.push_str("&amp;"),
            _ => out.push(character),
        }
    }
    out
}

/// `amp;`, `#8217;`, `#x2019;`: whether an `&` before it is one of a reference.
fn begins_reference(after: &str) -> bool {
    let Some(end) = after.bytes().take(33).position(|byte| byte == b';') else { return false };
    let name = &after[..end];
    let digits = name.strip_prefix('#');
    match digits {
        Some(digits) => match digits.strip_prefix(['x', 'X']) {
            Some(hex) => !hex.is_empty() && hex.bytes().all(|b| b.is_ascii_hexdigit()),
            None => !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()),
        },
        None => !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric()),
    }
}

/// Whether the whole text is one address of the web.
pub(super) fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && !rest.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '[' | ']'))
    })
}

/// Whether the last thing of a line is `<br>`.
pub(super) fn ends_with_line_break(line: &str) -> bool {
    line.rfind('<').is_some_and(|at| is_line_break(&line[at..]))
}

/// Whether a text is one `<br>`, in any of its spellings.
pub(super) fn is_line_break(tag: &str) -> bool {
    let inner = tag.strip_prefix('<').and_then(|tag| tag.strip_suffix('>')).map(str::trim);
    inner.is_some_and(|inner| {
        let name = inner.trim_end_matches('/').trim_end();
        name.eq_ignore_ascii_case("br")
            || name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("br ")) && !name.contains('<')
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kinds(html: &str) -> Vec<(String, &str)> {
        tokens(html).into_iter().map(|t| (format!("{:?}", t.kind), &html[t.range])).collect()
    }

    #[test]
    fn tags_comments_and_text_are_told_apart() {
        let found = kinds("a < b <P title='x>y'>é</p><!-- <b> --><script>if (a<b) {}</SCRIPT>c<img src=\"");
        let pieces: Vec<&str> = found.iter().map(|(_, piece)| *piece).collect();
        let expected = [
            "a < b ",
            "<P title='x>y'>",
            "é",
            "</p>",
            "<!-- <b> -->",
            "<script>if (a<b) {}</SCRIPT>",
            "c<img src=\"",
        ];
        assert_eq!(pieces, expected);
        assert_eq!(found[1].0, "Start(\"p\")");
    }

    #[test]
    fn references_are_not_escaped_twice() {
        assert_eq!(
            escape("a&b &amp; &#8217; &x <\"é\">"),
            "a&amp;b &amp; &#8217; &amp;x &lt;&quot;é&quot;&gt;"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        #[test]
        fn tokens_are_the_text(html in "[<>/!a-cP\"'= é-]{0,60}|(<(p|script|/p|/script|!--|a \")|-->|>| x){0,30}") {
            let joined: String = tokens(&html).into_iter().map(|t| html[t.range].to_owned()).collect();
            prop_assert_eq!(joined, html);
        }
    }
}
