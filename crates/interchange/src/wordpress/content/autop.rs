//! Paragraphs of the classic editor, which stores lines: a blank line ends a paragraph, a line end breaks it.
//! The behaviour is that of WordPress's `wpautop`, the way is another: HTML is cut into tags first.
//! It must not know shortcodes or blocks.

use super::change::Changes;
use super::embed;
use crate::wordpress::html::{self, Kind, ends_with_line_break, is_address, is_line_break, partners};

/// Elements that end a paragraph.
const BLOCKS: [&str; 51] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "col",
    "colgroup",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "optgroup",
    "option",
    "p",
    "section",
    "select",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
    "noscript",
];

/// Elements whose inside is nobody's lines.
const OPAQUE: [&str; 9] = ["pre", "figure", "object", "audio", "video", "svg", "math", "canvas", "iframe"];

/// Opaque elements that stand inside a paragraph.
const OPAQUE_INLINE: [&str; 4] = ["iframe", "svg", "math", "canvas"];

/// Inline elements that are something to see without any text.
const VISIBLE: [&str; 7] = ["img", "iframe", "embed", "input", "button", "svg", "canvas"];

/// Elements without an end.
const VOID: [&str; 9] = ["br", "img", "input", "wbr", "embed", "source", "track", "hr", "col"];

/// Deeper nesting than any page has is not followed.
const DEEPEST: usize = 256;

/// What the text inside an element is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// Paragraphs.
    Flow,
    /// Text without a paragraph, unless a blank line makes some.
    Tight,
    /// One paragraph, which a blank line ends.
    Paragraph,
    /// One line.
    Heading,
    /// Only other elements: white space between them is nothing.
    Structure,
}

fn inside(name: &str) -> Inside {
    match name {
        "blockquote" | "body" | "center" | "form" | "main" => Inside::Flow,
        "p" => Inside::Paragraph,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Inside::Heading,
        "ul" | "ol" | "dl" | "dir" | "menu" | "table" | "tbody" | "thead" | "tfoot" | "tr" | "colgroup"
        | "select" | "optgroup" | "html" => Inside::Structure,
        _ => Inside::Tight,
    }
}

/// Makes paragraphs of lines.
pub(super) fn paragraphs(text: &str, changes: &mut Changes) -> String {
    let tokens = html::tokens(text);
    let closes = partners(&tokens, &OPAQUE);
    let out = String::with_capacity(text.len() + text.len() / 8);
    let mut writer = Writer {
        out,
        lines: vec![Line::default()],
        inline_depth: 0,
        open: Vec::new(),
        paragraph: None,
        changes,
    };
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        let piece = &text[token.range.clone()];
        index += 1;
        match &token.kind {
            Kind::Start(name) if OPAQUE.contains(&name.as_str()) => {
                let end = closes.get(&(index - 1)).copied();
                let whole = end.map_or(piece, |end| &text[token.range.start..tokens[end].range.end]);
                index = end.map_or(index, |end| end + 1);
                if OPAQUE_INLINE.contains(&name.as_str()) {
                    writer.tag(name, whole, 0);
                } else {
                    writer.block(whole);
                }
            }
            Kind::Start(name) if BLOCKS.contains(&name.as_str()) => writer.open(name, piece),
            Kind::End(name) if BLOCKS.contains(&name.as_str()) => writer.close(name, piece),
            Kind::Raw(_) => writer.block(piece),
            Kind::Text => writer.text(piece),
            Kind::Start(name) => writer.tag(name, piece, i32::from(!VOID.contains(&name.as_str()))),
            Kind::End(name) => writer.tag(name, piece, -1),
            Kind::Comment => {}
        }
    }
    writer.flush();
    writer.out
}

#[derive(Default)]
struct Line {
    /// With whole tags: a line end inside a tag is no end of a line.
    text: String,
    /// Whether there is anything to see on it.
    visible: bool,
    /// Whether an inline element from an earlier line is open at its beginning.
    nested: bool,
}

impl Line {
    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    fn is_address(&self) -> bool {
        !self.nested && is_address(self.text.trim())
    }
}

struct Writer<'a> {
    out: String,
    /// The lines since the last block.
    lines: Vec<Line>,
    inline_depth: i32,
    /// Elements that are open, outermost first.
    open: Vec<String>,
    /// The start tag of the `<p>` that is open.
    paragraph: Option<String>,
    changes: &'a mut Changes,
}

impl Writer<'_> {
    fn text(&mut self, text: &str) {
        for (index, piece) in text.split('\n').enumerate() {
            if index > 0 {
                self.lines.push(Line { nested: self.inline_depth > 0, ..Line::default() });
            }
            if let Some(line) = self.lines.last_mut() {
                line.visible |= !piece.trim().is_empty();
                line.text.push_str(piece);
            }
        }
    }

    fn tag(&mut self, name: &str, tag: &str, depth: i32) {
        if name == "br" && self.drop_line_break() {
            // Two line breaks in a row are a blank line.
            self.lines.extend([Line::default(), Line::default()]);
            return;
        }
        self.inline_depth = (self.inline_depth + depth).max(0);
        if let Some(line) = self.lines.last_mut() {
            line.visible |= VISIBLE.contains(&name);
            line.text.push_str(&tag.replace('\n', " "));
        }
    }

    /// Takes away the line break that the lines end with, if they do.
    fn drop_line_break(&mut self) -> bool {
        let Some(line) = self.lines.iter_mut().rev().take(2).find(|line| !line.is_blank()) else {
            return false;
        };
        let text = line.text.trim_end();
        if !ends_with_line_break(text) {
            return false;
        }
        let length = text.rfind('<').unwrap_or_default();
        line.text.truncate(length);
        true
    }

    /// An element as it stands, between paragraphs.
    fn block(&mut self, whole: &str) {
        self.flush();
        self.end_paragraph();
        self.out.push_str(whole);
        self.out.push('\n');
    }

    fn open(&mut self, name: &str, tag: &str) {
        self.flush();
        self.end_paragraph();
        let is_void = VOID.contains(&name);
        if name == "p" {
            self.paragraph = Some(tag.to_owned());
        } else {
            self.out.push_str(tag);
        }
        if is_void {
            self.out.push('\n');
        } else if self.open.len() < DEEPEST {
            self.open.push(name.to_owned());
        }
    }

    fn close(&mut self, name: &str, tag: &str) {
        self.flush();
        self.end_paragraph();
        if name == "p" {
            return;
        }
        if let Some(depth) = self.open.iter().rposition(|open| open == name) {
            self.open.truncate(depth);
        }
        self.out.push_str(tag);
        self.out.push('\n');
    }

    fn end_paragraph(&mut self) {
        self.paragraph = None;
        if self.open.last().is_some_and(|open| open == "p") {
            self.open.pop();
        }
    }

    /// Writes the lines since the last block.
    fn flush(&mut self) {
        let lines = std::mem::replace(&mut self.lines, vec![Line::default()]);
        self.inline_depth = 0;
        let inside = self.open.last().map_or(Inside::Flow, |name| inside(name));
        let groups: Vec<&[Line]> = lines.split(Line::is_blank).filter(|group| !group.is_empty()).collect();
        // The rest of the line on which the element begins or ends is no blank line.
        let edge = |blank: usize| blank > 1;
        let leading = lines.iter().take_while(|line| line.is_blank()).count();
        let trailing = lines.iter().rev().take_while(|line| line.is_blank()).count();
        let wraps = match inside {
            Inside::Flow | Inside::Paragraph => true,
            Inside::Tight => groups.len() > 1 || edge(leading) || edge(trailing),
            Inside::Heading | Inside::Structure => false,
        };
        for (index, group) in groups.iter().enumerate() {
            if wraps {
                self.wrapped(group);
            } else {
                let separator = if inside == Inside::Structure { "\n" } else { "<br>\n" };
                if index > 0 {
                    self.out.push_str(separator);
                }
                self.joined(group, separator);
            }
        }
    }

    /// The lines of a paragraph; an address on a line of its own parts it.
    fn wrapped(&mut self, group: &[Line]) {
        let mut rest = group;
        while !rest.is_empty() {
            let plain = rest.iter().take_while(|line| !line.is_address()).count();
            let (before, from_address) = rest.split_at(plain);
            self.one_paragraph(before);
            if let Some((address, after)) = from_address.split_first() {
                self.changes.changed(embed::ADDRESS_ALONE);
                self.out.push_str(&embed::figure(address.text.trim()));
                self.out.push('\n');
                rest = after;
            } else {
                rest = from_address;
            }
        }
    }

    fn one_paragraph(&mut self, lines: &[Line]) {
        if !lines.iter().any(|line| line.visible) {
            // Tags that open or close around blocks; line breaks alone are nothing.
            for line in lines.iter().filter(|line| !is_line_break(line.text.trim())) {
                self.out.push_str(line.text.trim());
            }
            return;
        }
        self.out.push_str(self.paragraph.as_deref().unwrap_or("<p>"));
        self.joined(lines, "<br>\n");
        self.out.push_str("</p>\n");
    }

    fn joined(&mut self, lines: &[Line], separator: &str) {
        for (index, line) in lines.iter().enumerate() {
            let text = line.text.trim_matches([' ', '\t']);
            self.out.push_str(text);
            if index + 1 < lines.len() {
                self.out.push_str(if ends_with_line_break(text) { "\n" } else { separator });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_paragraphs_as_wordpress_makes_them() {
        let cases = [
            ("One\n\nTwo", "<p>One</p>\n<p>Two</p>\n"),
            ("سطر أول\nسطر ثان", "<p>سطر أول<br>\nسطر ثان</p>\n"),
            ("One<br />\nTwo<br>", "<p>One<br />\nTwo<br></p>\n"),
            ("<h2>Title</h2>\nText", "<h2>Title</h2>\n<p>Text</p>\n"),
            (
                "Text\n<ul>\n<li>a\nb</li>\n<li>c</li>\n</ul>\nMore",
                "<p>Text</p>\n<ul><li>a<br>\nb</li>\n<li>c</li>\n</ul>\n<p>More</p>\n",
            ),
            ("<li>a\n\nb</li>", "<li><p>a</p>\n<p>b</p>\n</li>\n"),
            (
                "<blockquote>Dit\n\nRedit</blockquote>",
                "<blockquote><p>Dit</p>\n<p>Redit</p>\n</blockquote>\n",
            ),
            ("<div>text</div>", "<div>text</div>\n"),
            ("<div>\n\ntext\n\n</div>", "<div><p>text</p>\n</div>\n"),
            ("<pre>a\n\n  b</pre>\nc", "<pre>a\n\n  b</pre>\n<p>c</p>\n"),
            ("<p class=\"lead\">a\n\nb</p>", "<p class=\"lead\">a</p>\n<p class=\"lead\">b</p>\n"),
            ("<p>a</p>\n\n<p>b</p>", "<p>a</p>\n<p>b</p>\n"),
            ("a <img\nsrc=x> b", "<p>a <img src=x> b</p>\n"),
            ("<table>\n<tr>\n<td>1</td>\n</tr>\n</table>", "<table><tr><td>1</td>\n</tr>\n</table>\n"),
            ("<script>\nif (a\n\n< b) {}\n</script>", "<script>\nif (a\n\n< b) {}\n</script>\n"),
            ("<a href=x>\n<h2>t</h2>\n</a>", "<a href=x><h2>t</h2>\n</a>"),
            ("a\n<hr />\nb", "<p>a</p>\n<hr />\n<p>b</p>\n"),
            ("", ""),
            ("\n \n", ""),
            ("<br />\n<br />", ""),
            ("a<br /><br />b", "<p>a</p>\n<p>b</p>\n"),
            ("a<br>\n<br/>\nb<br>c", "<p>a</p>\n<p>b<br>c</p>\n"),
            ("3 < 4\n5 > 4", "<p>3 < 4<br>\n5 > 4</p>\n"),
        ];
        for (text, expected) in cases {
            assert_eq!(paragraphs(text, &mut Changes::default()), expected, "{text:?}");
        }
    }

    #[test]
    fn an_address_alone_parts_its_paragraph() {
        let mut changes = Changes::default();
        let html = paragraphs("Voir\nhttps://video.example/v?a=1&b=2\nsuite", &mut changes);
        let figure = embed::figure("https://video.example/v?a=1&b=2");
        assert_eq!(html, format!("<p>Voir</p>\n{figure}\n<p>suite</p>\n"));
        assert!(figure.contains("a=1&amp;b=2"));
        for text in [
            "see https://video.example/v",
            "<a href=x>\nhttps://video.example/v\n</a>",
            "<li>https://x.example</li>",
        ] {
            assert!(!paragraphs(text, &mut Changes::default()).contains("<figure"), "{text}");
        }
    }
}
