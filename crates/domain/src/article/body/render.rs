//! Blocks as HTML: semantic elements, every text and attribute escaped as HTML's serialisation does, so that
//! the sanitiser finds nothing to change. It must not know of themes or classes beyond the few that tell one
//! kind of figure from another.

use super::block::{Block, FigureImage, List, ListItem};
use super::inline::{Inline, inline_direction};
use super::render_inline::{InlineWriter, attribute, escape, push, write_image};
use crate::text::Direction;

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

/// Where an attribute can be put into markup that begins with a tag.
fn end_of_tag_name(html: &str) -> Option<usize> {
    let name = html.strip_prefix('<').filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))?;
    name.find(|c: char| !c.is_ascii_alphanumeric()).map(|length| length + 1)
}
