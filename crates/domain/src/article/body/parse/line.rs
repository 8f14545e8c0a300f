//! Gathers what stands in one flow of text: white space collapsed as a browser would, runs of equal marks
//! joined, empty lines dividing it. It must not know of elements.

use crate::article::body::{Inline, InlineImage, Marks};

/// Text on its way to becoming paragraphs.
#[derive(Default)]
pub(super) struct Line {
    pieces: Vec<Inline>,
}

impl Line {
    /// Adds text, each run of HTML's white space as one space, without control characters.
    pub(super) fn push_text(&mut self, text: &str, marks: &Marks) {
        let mut after_space = self.ends_in_space();
        let mut kept = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                ' ' | '\t' | '\n' | '\r' | '\u{C}' => {
                    if !after_space {
                        kept.push(' ');
                    }
                    after_space = true;
                }
                c if c.is_control() => {}
                c => {
                    kept.push(c);
                    after_space = false;
                }
            }
        }
        if kept.is_empty() {
            return;
        }
        match self.pieces.last_mut() {
            Some(Inline::Text { text, marks: same }) if same == marks => text.push_str(&kept),
            _ => self.pieces.push(Inline::Text { text: kept, marks: marks.clone() }),
        }
    }

    /// Adds a line break.
    pub(super) fn push_break(&mut self) {
        self.pieces.push(Inline::Break);
    }

    /// Adds an image.
    pub(super) fn push_image(&mut self, image: InlineImage) {
        self.pieces.push(Inline::Image(image));
    }

    /// What was gathered, divided where a line was left empty. None of the parts is empty; each begins and
    /// ends with something to be seen.
    pub(super) fn take_paragraphs(&mut self) -> Vec<Vec<Inline>> {
        let mut paragraphs: Vec<Vec<Inline>> = Vec::new();
        let mut after_empty_line = true;
        for line in std::mem::take(&mut self.pieces).split(|piece| *piece == Inline::Break) {
            if !line.iter().any(is_visible) {
                after_empty_line = true;
                continue;
            }
            let line = trimmed(line.to_vec());
            match paragraphs.last_mut() {
                Some(paragraph) if !after_empty_line => {
                    paragraph.push(Inline::Break);
                    paragraph.extend(line);
                }
                _ => paragraphs.push(line),
            }
            after_empty_line = false;
        }
        paragraphs
    }

    /// At the start of a line white space is not shown either.
    fn ends_in_space(&self) -> bool {
        match self.pieces.last() {
            None | Some(Inline::Break) => true,
            Some(Inline::Text { text, .. }) => text.ends_with(' '),
            Some(Inline::Image(_)) => false,
        }
    }
}

/// Joins neighbouring runs of text that carry the same marks.
pub(super) fn join_equals(line: &mut Vec<Inline>) {
    line.dedup_by(|next, before| match (before, next) {
        (Inline::Text { text, marks }, Inline::Text { text: more, marks: same }) if marks == same => {
            text.push_str(more);
            true
        }
        _ => false,
    });
}

/// Whether a piece shows anything: no-break spaces alone, which editors leave in empty paragraphs, do not.
fn is_visible(piece: &Inline) -> bool {
    match piece {
        Inline::Text { text, .. } => text.contains(|c: char| !c.is_whitespace() && !is_zero_width(c)),
        Inline::Break => false,
        Inline::Image(_) => true,
    }
}

const fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{AD}')
}

/// A line without the space at its end; there is none at its start.
fn trimmed(mut line: Vec<Inline>) -> Vec<Inline> {
    while let Some(Inline::Text { text, .. }) = line.last_mut() {
        if text.ends_with(' ') {
            text.pop();
        }
        if !text.is_empty() {
            break;
        }
        line.pop();
    }
    line
}
