//! A line as Markdown. What Markdown has no sign for is written as inline HTML. Whether it is read back as the same line is
//! for the caller to try: two signs side by side may mean a third. It must not know of blocks.

use super::super::render_inline::{Layer, layers, marks_of, write_image};
use super::super::{Inline, InlineImage, Marks, Style};
use super::lines;

/// How a line is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Manner {
    /// Marks as Markdown's signs where it has some; else all of them as HTML.
    pub(super) signs: bool,
    /// References to footnotes as `[^1]`.
    pub(super) notes: bool,
}

/// A line, of several where it has line breaks.
pub(super) fn line(content: &[Inline], manner: Manner) -> String {
    let mut writer = Writer { out: String::new(), open: Vec::new(), manner };
    for (at, piece) in content.iter().enumerate() {
        writer.piece(piece, content[at + 1..].iter().find_map(marks_of));
    }
    writer.close_all_but(0);
    writer.out.split('\n').map(started).collect::<Vec<_>>().join("\n")
}

/// The number of the footnote that a piece refers to.
fn reference(piece: &Inline) -> Option<&str> {
    let Inline::Text { text, marks } = piece else { return None };
    let number = marks.link.as_ref()?.href.strip_prefix("#fn-")?;
    let anchor = marks.anchor.as_deref()?.strip_prefix("fnref-")?;
    let is_own = anchor.strip_prefix(number).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    let only_raised = marks.styles.len() == 1 && marks.styles.contains(&Style::Sup);
    (is_own && only_raised && text == number).then_some(number)
}

struct Writer<'a> {
    out: String,
    open: Vec<Layer<'a>>,
    manner: Manner,
}

impl<'a> Writer<'a> {
    fn piece(&mut self, piece: &'a Inline, next: Option<&Marks>) {
        match piece {
            _ if self.manner.notes && reference(piece).is_some() => {
                self.close_all_but(0);
                self.out.push_str("[^");
                self.out.push_str(reference(piece).unwrap_or_default());
                self.out.push(']');
            }
            Inline::Text { text, marks } => {
                self.open_exactly(marks);
                if self.manner.signs && self.open.last() == Some(&Layer::Style(Style::Code)) {
                    self.out.push_str(text);
                } else {
                    escape(&mut self.out, text);
                }
            }
            Inline::Break => {
                let shared = next.map_or(0, |marks| self.shared(marks));
                self.close_all_but(shared);
                self.out.push_str("\\\n");
            }
            Inline::Image(InlineImage { src, alt, width, height, marks }) => {
                self.open_exactly(marks);
                write_image(&mut self.out, src, alt, *width, *height);
            }
        }
    }

    fn open_exactly(&mut self, marks: &'a Marks) {
        let shared = self.shared(marks);
        self.close_all_but(shared);
        for layer in layers(marks).skip(shared) {
            match self.signs(layer) {
                Some((open, _)) => self.out.push_str(open),
                None => layer.open(&mut self.out),
            }
            self.open.push(layer);
        }
    }

    fn shared(&self, marks: &Marks) -> usize {
        self.open.iter().zip(layers(marks)).take_while(|(open, wanted)| **open == *wanted).count()
    }

    fn close_all_but(&mut self, kept: usize) {
        while self.open.len() > kept {
            let Some(layer) = self.open.pop() else { return };
            match self.signs(layer) {
                Some((_, close)) => self.out.push_str(&close),
                None => {
                    self.out.push_str("</");
                    self.out.push_str(layer.element());
                    self.out.push('>');
                }
            }
        }
    }

    /// What Markdown opens and closes a mark with.
    fn signs(&self, layer: Layer<'_>) -> Option<(&'static str, String)> {
        if !self.manner.signs {
            return None;
        }
        match layer {
            Layer::Link(link) if link.rel.is_empty() => {
                Some(("[", format!("]({}{})", destination(&link.href), title(link.title.as_deref()))))
            }
            Layer::Style(Style::Strong) => Some(("**", "**".to_owned())),
            Layer::Style(Style::Em) => Some(("*", "*".to_owned())),
            Layer::Style(Style::Deleted) => Some(("~~", "~~".to_owned())),
            Layer::Style(Style::Code) => Some(("`", "`".to_owned())),
            _ => None,
        }
    }
}

/// An address in a link, in angle brackets where it needs them.
pub(super) fn destination(address: &str) -> String {
    let is_plain = |c: char| !c.is_whitespace() && !"()<>\\&*_`[]\"".contains(c);
    if address.chars().all(is_plain) && !address.is_empty() {
        return address.to_owned();
    }
    format!(
        "<{}>",
        address.replace('\\', "\\\\").replace('&', "&amp;").replace('<', "\\<").replace('>', "\\>")
    )
}

/// A title behind an address, with the space before it; nothing where there is none.
pub(super) fn title(title: Option<&str>) -> String {
    title.map_or_else(String::new, |title| {
        format!(" \"{}\"", title.replace('\\', "\\\\").replace('&', "&amp;").replace('"', "\\\""))
    })
}

/// Adds text in which nothing is a sign.
pub(super) fn escape(out: &mut String, text: &str) {
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '~' => out.extend(['\\', c]),
            '&' if rest.peek().is_some_and(|next| next.is_ascii_alphanumeric() || *next == '#') => {
                out.push_str("&amp;")
            }
            // Before a link it would make an image of it.
            '!' if rest.peek().is_none() => out.push_str("\\!"),
            _ => out.push(c),
        }
    }
}

/// A line of text that starts nothing.
fn started(line: &str) -> String {
    match line.chars().next() {
        Some('-' | '+' | '#' | '>' | '=' | '|' | ':') => format!("\\{line}"),
        Some(first) if first.is_numeric() => match lines::item_sign(line) {
            Some(delimiter) => format!("{}\\{}", &line[..delimiter], &line[delimiter..]),
            None => line.to_owned(),
        },
        _ => line.to_owned(),
    }
}
