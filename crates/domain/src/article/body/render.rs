//! Blocks as HTML: semantic elements, every text and attribute escaped as HTML's serialisation does, so that
//! the sanitiser finds nothing to change. It must not know of themes or classes beyond the few that tell one
//! kind of figure from another.

use std::fmt::Write;

use super::block::{Block, FigureImage, List, ListItem};
use super::inline::{Inline, InlineImage, Link, Marks, Rel, Style, inline_direction};
use crate::text::{Direction, LanguageTag};

/// Several blocks as HTML, one a line; `base` is the direction of what they stand in.
#[must_use]
pub fn blocks_html(blocks: &[Block], base: Direction) -> String {
    let mut html = String::new();
    write_blocks(&mut html, blocks, base);
    html
}

fn write_blocks(out: &mut String, blocks: &[Block], base: Direction) {
    for (i, block) in blocks.iter().enumerate() {
        if i > 0 {
            out.push('\n');
        }
        block.write(out, base);
    }
}

impl Block {
    /// The block as one HTML element, safe to insert; `base` is the direction of what it stands in, which
    /// decides whether it carries `dir`. An embed without markup of its own gives its link.
    #[must_use]
    pub fn html(&self, base: Direction) -> String {
        let mut html = String::new();
        self.write(&mut html, base);
        html
    }

    fn write(&self, out: &mut String, base: Direction) {
        match self {
            Self::Paragraph { content, .. } => {
                out.push_str("<p");
                self.write_dir(out, base);
                out.push('>');
                InlineWriter::write(out, content);
                out.push_str("</p>");
            }
            Self::Heading { level, anchor, content, .. } => {
                let level = (*level).clamp(2, 6);
                push(out, format_args!("<h{level}"));
                attribute(out, "id", anchor);
                self.write_dir(out, base);
                out.push('>');
                InlineWriter::write(out, content);
                push(out, format_args!("</h{level}>"));
            }
            Self::List(list) => self.write_list(out, list, base),
            Self::Quote { blocks, citation, .. } => {
                let own = self.direction(base);
                out.push_str("<blockquote");
                self.write_dir(out, base);
                out.push('>');
                write_blocks(out, blocks, own);
                write_line(out, "cite", citation, own);
                out.push_str("</blockquote>");
            }
            Self::Figure(image) => image.write(out, base),
            Self::Gallery { images, caption } => {
                out.push_str("<figure class=\"gallery\">");
                for image in images {
                    image.write(out, base);
                }
                write_line(out, "figcaption", caption, base);
                out.push_str("</figure>");
            }
            Self::Embed { url, html, caption, .. } => {
                out.push_str("<figure class=\"embed\"");
                match html {
                    Some(html) => {
                        attribute(out, "data-url", url);
                        out.push('>');
                        out.push_str(html);
                    }
                    None => {
                        out.push_str("><a");
                        attribute(out, "href", url);
                        out.push_str(" rel=\"noopener\">");
                        escape(out, url);
                        out.push_str("</a>");
                    }
                }
                write_line(out, "figcaption", caption, base);
                out.push_str("</figure>");
            }
            Self::Table { html, .. } | Self::RawHtml { html, .. } => {
                match (self.dir(base), end_of_tag_name(html)) {
                    (Some(dir), Some(at)) => {
                        out.push_str(&html[..at]);
                        attribute(out, "dir", dir.html());
                        out.push_str(&html[at..]);
                    }
                    _ => out.push_str(html),
                }
            }
            Self::Code { language, text } => {
                out.push_str("<pre");
                if base == Direction::Rtl {
                    attribute(out, "dir", Direction::Ltr.html());
                }
                out.push_str("><code");
                if let Some(language) = language {
                    attribute(out, "class", &format!("language-{language}"));
                }
                out.push('>');
                escape(out, text);
                out.push_str("</code></pre>");
            }
        }
    }

    fn write_list(&self, out: &mut String, list: &List, base: Direction) {
        let name = if list.ordered { "ol" } else { "ul" };
        push(out, format_args!("<{name}"));
        if list.ordered && list.start != 1 {
            attribute(out, "start", &list.start.to_string());
        }
        if list.ordered && list.reversed {
            attribute(out, "reversed", "");
        }
        self.write_dir(out, base);
        out.push('>');
        let own = self.direction(base);
        for item in &list.items {
            out.push_str("<li>");
            item.write(out, own);
            out.push_str("</li>");
        }
        push(out, format_args!("</{name}>"));
    }

    /// The direction to write: one that was said, or that differs from what the block stands in.
    fn dir(&self, base: Direction) -> Option<Direction> {
        self.said_direction().or_else(|| self.text_direction().filter(|&dir| dir != base))
    }

    fn write_dir(&self, out: &mut String, base: Direction) {
        if let Some(dir) = self.dir(base) {
            attribute(out, "dir", dir.html());
        }
    }
}

impl ListItem {
    /// What stands in the item's `li`: its text, then the blocks nested in it. `base` is the list's direction.
    #[must_use]
    pub fn html(&self, base: Direction) -> String {
        let mut html = String::new();
        self.write(&mut html, base);
        html
    }

    fn write(&self, out: &mut String, base: Direction) {
        InlineWriter::write(out, &self.content);
        write_blocks(out, &self.children, base);
    }
}

impl FigureImage {
    fn write(&self, out: &mut String, base: Direction) {
        out.push_str("<figure>");
        if let Some(link) = &self.link {
            out.push_str("<a");
            attribute(out, "href", link);
            out.push_str(" rel=\"noopener\">");
        }
        write_image(out, &self.src, &self.alt, self.width, self.height);
        if self.link.is_some() {
            out.push_str("</a>");
        }
        if !self.caption.is_empty() || self.credit.is_some() {
            out.push_str("<figcaption");
            if let Some(dir) = inline_direction(&self.caption).filter(|&dir| dir != base) {
                attribute(out, "dir", dir.html());
            }
            out.push('>');
            InlineWriter::write(out, &self.caption);
            if let Some(credit) = &self.credit {
                if !self.caption.is_empty() {
                    out.push(' ');
                }
                out.push_str("<small class=\"credit\">");
                escape(out, credit);
                out.push_str("</small>");
            }
            out.push_str("</figcaption>");
        }
        out.push_str("</figure>");
    }
}

/// A line in an element of its own, nothing where it is empty.
fn write_line(out: &mut String, element: &str, content: &[Inline], base: Direction) {
    if content.is_empty() {
        return;
    }
    push(out, format_args!("<{element}"));
    if let Some(dir) = inline_direction(content).filter(|&dir| dir != base) {
        attribute(out, "dir", dir.html());
    }
    out.push('>');
    InlineWriter::write(out, content);
    push(out, format_args!("</{element}>"));
}

/// Writes a line, keeping open what neighbouring runs share.
pub(super) struct InlineWriter<'a> {
    open: Vec<Layer<'a>>,
}

/// One element around a run, in the order they nest.
#[derive(Clone, Copy, PartialEq)]
enum Layer<'a> {
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

const fn marks_of(piece: &Inline) -> Option<&Marks> {
    match piece {
        Inline::Text { marks, .. } | Inline::Image(InlineImage { marks, .. }) => Some(marks),
        Inline::Break => None,
    }
}

fn layers(marks: &Marks) -> impl Iterator<Item = Layer<'_>> {
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
    const fn element(self) -> &'static str {
        match self {
            Self::Anchor(_) | Self::Span(..) => "span",
            Self::Link(_) => "a",
            Self::Abbreviation(_) => "abbr",
            Self::Style(style) => style.element(),
        }
    }

    fn open(self, out: &mut String) {
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

fn write_image(out: &mut String, src: &str, alt: &str, width: Option<u32>, height: Option<u32>) {
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

/// Where an attribute can be put into markup that begins with a tag.
fn end_of_tag_name(html: &str) -> Option<usize> {
    let name = html.strip_prefix('<').filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))?;
    name.find(|c: char| !c.is_ascii_alphanumeric()).map(|length| length + 1)
}

fn attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape_with(out, value, Some("&quot;"));
    out.push('"');
}

/// Escapes text as HTML's serialisation does, which leaves quotes alone.
fn escape(out: &mut String, text: &str) {
    escape_with(out, text, None);
}

fn escape_with(out: &mut String, text: &str, quote: Option<&str>) {
    let mut written = 0;
    for (at, c) in text.char_indices() {
        let escaped = match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '\u{A0}' => "&nbsp;",
            '"' => match quote {
                Some(escaped) => escaped,
                None => continue,
            },
            _ => continue,
        };
        out.push_str(&text[written..at]);
        out.push_str(escaped);
        written = at + c.len_utf8();
    }
    out.push_str(&text[written..]);
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    let written = out.write_fmt(text);
    debug_assert!(written.is_ok(), "writing to a String does not fail");
}
