//! Blocks as plain text, for search, excerpts and counting. It must not know how text is shown.

use super::block::{Block, FigureImage, ListItem};
use super::inline::inline_text;

impl Block {
    /// Its plain text: what a reader would read aloud of it, lines divided by a newline. Captions and
    /// citations are part of it, image descriptions and addresses are not. Empty where there is none.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Paragraph { content, .. } | Self::Heading { content, .. } => inline_text(content),
            Self::List(list) => lines(list.items.iter().map(ListItem::text)),
            Self::Quote { blocks, citation, .. } => lines([blocks_text(blocks, "\n"), inline_text(citation)]),
            Self::Figure(image) => image.text(),
            Self::Gallery { images, caption } => {
                lines(images.iter().map(FigureImage::text).chain([inline_text(caption)]))
            }
            Self::Embed { html, caption, .. } => {
                lines([html.as_deref().map(markup_text).unwrap_or_default(), inline_text(caption)])
            }
            Self::Table { html, .. } | Self::RawHtml { html, .. } => markup_text(html),
            Self::Code { text, .. } => text.trim_matches('\n').to_owned(),
        }
    }
}

impl ListItem {
    /// Its plain text without bullet or number, what is nested in it on lines of their own.
    #[must_use]
    pub fn text(&self) -> String {
        lines([inline_text(&self.content), blocks_text(&self.children, "\n")])
    }
}

impl FigureImage {
    fn text(&self) -> String {
        lines([inline_text(&self.caption), self.credit.clone().unwrap_or_default()])
    }
}

/// The texts of several blocks, those without any left out.
pub(super) fn blocks_text(blocks: &[Block], divider: &str) -> String {
    join(blocks.iter().map(Block::text), divider)
}

fn lines(parts: impl IntoIterator<Item = String>) -> String {
    join(parts, "\n")
}

fn join(parts: impl IntoIterator<Item = String>, divider: &str) -> String {
    let mut joined = String::new();
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        if !joined.is_empty() {
            joined.push_str(divider);
        }
        joined.push_str(&part);
    }
    joined
}

/// The text of sanitised markup, as the sanitiser writes it: `<` and `>` only around tags, five entities.
/// Cells are divided by a tab; rows, items and paragraphs by a newline.
pub(super) fn markup_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len() / 2);
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        push_collapsed(&mut text, &rest[..at]);
        let special = &rest[at..];
        let end = if special.starts_with('<') { '>' } else { ';' };
        let Some(length) = special.find(end) else {
            push_collapsed(&mut text, special);
            rest = "";
            break;
        };
        let inside = &special[1..length];
        rest = &special[length + 1..];
        if end == ';' {
            text.push(match inside {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                _ => '\u{A0}',
            });
        } else if let Some(divider) = divider_after(inside) {
            let end = text.trim_end_matches(' ').len();
            text.truncate(end);
            if !text.is_empty() && !text.ends_with(divider) {
                text.push(divider);
            }
        }
    }
    push_collapsed(&mut text, rest);
    text.split('\n').map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Adds text with each run of white space as one space, none at the start of a line or cell.
fn push_collapsed(text: &mut String, piece: &str) {
    for c in piece.chars() {
        if !c.is_ascii_whitespace() {
            text.push(c);
        } else if !text.is_empty() && !text.ends_with([' ', '\n', '\t']) {
            text.push(' ');
        }
    }
}

/// What divides the text before this tag (without its angle brackets) from the text after it.
fn divider_after(tag: &str) -> Option<char> {
    let name = tag.split_ascii_whitespace().next().unwrap_or(tag);
    match name.strip_prefix('/').unwrap_or(name) {
        "td" | "th" => name.starts_with('/').then_some('\t'),
        "blockquote" | "br" | "caption" | "dd" | "details" | "div" | "dl" | "dt" | "figcaption"
        | "figure" | "h2" | "h3" | "h4" | "h5" | "h6" | "hr" | "li" | "ol" | "p" | "pre" | "summary"
        | "table" | "tr" | "ul" => Some('\n'),
        _ => None,
    }
}
