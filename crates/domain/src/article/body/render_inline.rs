//! A line as HTML, and how text and attributes are escaped. It must not know of blocks.

use std::fmt::Write;

use super::inline::{Inline, InlineImage, Link, Marks, Rel, Style};
use crate::text::{Direction, LanguageTag, push_escaped};

/// Writes a line, keeping open what neighbouring runs share.
pub(super) struct InlineWriter<'a> {
    open: Vec<Layer<'a>>,
}

/// One element around a run, in the order they nest.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Layer<'a> {
    Anchor(&'a str),
    Link(&'a Link),
    Span(Option<&'a LanguageTag>, Option<Direction>),
    Abbreviation(&'a str),
    Style(Style),
}

impl<'a> InlineWriter<'a> {
    pub(super) fn write(out: &mut String, content: &'a [Inline]) {
        let mut writer = Self { open: Vec::new() };
        for (i, piece) in content.iter().enumerate() {
            match piece {
                Inline::Text { text, marks } => {
                    writer.open_exactly(out, marks);
                    escape(out, text);
                }
                Inline::Break => {
                    // Kept inside of what runs on over it.
                    let next = content[i + 1..].iter().find_map(marks_of);
                    writer.close_all_but(out, next.map_or(0, |marks| writer.shared(marks)));
                    out.push_str("<br>");
                }
                Inline::Image(InlineImage { src, alt, width, height, marks }) => {
                    writer.open_exactly(out, marks);
                    write_image(out, src, alt, *width, *height);
                }
            }
        }
        writer.close_all_but(out, 0);
    }

    fn open_exactly(&mut self, out: &mut String, marks: &'a Marks) {
        if self.open.is_empty() && marks.is_plain() {
            return;
        }
        let shared = self.shared(marks);
        self.close_all_but(out, shared);
        for layer in layers(marks).skip(shared) {
            layer.open(out);
            self.open.push(layer);
        }
    }

    fn shared(&self, marks: &Marks) -> usize {
        self.open.iter().zip(layers(marks)).take_while(|(open, wanted)| **open == *wanted).count()
    }

    fn close_all_but(&mut self, out: &mut String, kept: usize) {
        for layer in self.open.drain(kept..).rev() {
            push(out, format_args!("</{}>", layer.element()));
        }
    }
}

pub(super) const fn marks_of(piece: &Inline) -> Option<&Marks> {
    match piece {
        Inline::Text { marks, .. } | Inline::Image(InlineImage { marks, .. }) => Some(marks),
        Inline::Break => None,
    }
}

pub(super) fn layers(marks: &Marks) -> impl Iterator<Item = Layer<'_>> {
    let span = (marks.lang.is_some() || marks.direction.is_some())
        .then_some(Layer::Span(marks.lang.as_ref(), marks.direction));
    marks
        .anchor
        .as_deref()
        .map(Layer::Anchor)
        .into_iter()
        .chain(marks.link.as_ref().map(Layer::Link))
        .chain(span)
        .chain(marks.abbreviation_of.as_deref().map(Layer::Abbreviation))
        .chain(marks.styles.iter().copied().map(Layer::Style))
}

impl Layer<'_> {
    pub(super) const fn element(self) -> &'static str {
        match self {
            Self::Anchor(_) | Self::Span(..) => "span",
            Self::Link(_) => "a",
            Self::Abbreviation(_) => "abbr",
            Self::Style(style) => style.element(),
        }
    }

    pub(super) fn open(self, out: &mut String) {
        out.push('<');
        out.push_str(self.element());
        match self {
            Self::Anchor(name) => attribute(out, "id", name),
            Self::Link(link) => {
                attribute(out, "href", &link.href);
                if let Some(title) = &link.title {
                    attribute(out, "title", title);
                }
                attribute(out, "rel", &rel(link));
            }
            Self::Span(lang, direction) => {
                if let Some(lang) = lang {
                    attribute(out, "lang", lang.as_str());
                }
                if let Some(direction) = direction {
                    attribute(out, "dir", direction.html());
                }
            }
            Self::Abbreviation(title) => attribute(out, "title", title),
            Self::Style(_) => {}
        }
        out.push('>');
    }
}

/// The value of a link's `rel`: `noopener`, so that the page opened cannot reach back, and what was said.
fn rel(link: &Link) -> String {
    let mut rel = "noopener".to_owned();
    for word in &link.rel {
        rel.push(' ');
        rel.push_str(word.token());
    }
    rel
}

impl Rel {
    /// The word in HTML's `rel` attribute.
    #[must_use]
    pub const fn token(self) -> &'static str {
        match self {
            Self::Nofollow => "nofollow",
            Self::Sponsored => "sponsored",
            Self::Ugc => "ugc",
        }
    }
}

pub(super) fn write_image(out: &mut String, src: &str, alt: &str, width: Option<u32>, height: Option<u32>) {
    out.push_str("<img");
    attribute(out, "src", src);
    attribute(out, "alt", alt);
    for (name, pixels) in [("width", width), ("height", height)] {
        if let Some(pixels) = pixels {
            attribute(out, name, &pixels.to_string());
        }
    }
    out.push('>');
}

pub(super) fn attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape_with(out, value, true);
    out.push('"');
}

/// Escapes text as HTML's serialisation does, which leaves quotes alone.
pub(super) fn escape(out: &mut String, text: &str) {
    escape_with(out, text, false);
}

fn escape_with(out: &mut String, text: &str, quoted: bool) {
    // 0xC2 is the first of the two bytes of a no-break space, and of other letters. Without `||`, so that there are no
    // branches.
    let special =
        |byte: u8| (byte == b'&') | (byte == b'<') | (byte == b'>') | (byte == b'"') | (byte == 0xC2);
    push_escaped(out, text, special, |found| match found {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' if quoted => Some("&quot;"),
        '\u{a0}' => Some("&nbsp;"),
        _ => None,
    });
}

pub(super) fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    let written = out.write_fmt(text);
    debug_assert!(written.is_ok(), "writing to a String does not fail");
}
