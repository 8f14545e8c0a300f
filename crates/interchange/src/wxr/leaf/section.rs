//! CDATA sections of a field, as they ought to be and as they are.
//! It must not know entries, nor what a field means.
//!
//! A CDATA section ends where `]]>` is followed by the field's closing tag or by another section (WordPress
//! splits a `]]>` of the text so). Where something else follows, the text held a `]]>` that was not split; then
//! everything up to the `]]>` before the closing tag is the text. Where a tag of another field follows, the
//! section or the field was never closed, and the text ends at the first sign of that.

use std::ops::Range;

use super::{Ended, LeafReader, Mark, Piece};
use crate::wxr::window::Seen;

const CDATA_END: &[u8] = b"]]>";

/// What comes between a section and whatever is behind it.
enum Between {
    Closed { text: usize, end: usize },
    Section { text: usize, inside: usize },
    FileEnd,
    NotXml,
}

impl LeafReader<'_> {
    /// From behind `<![CDATA[` to the end of the field.
    pub(super) fn cdata(&mut self, inside: usize) -> Option<Ended> {
        let mut piece_from = inside;
        let mut at = inside;
        // Whether the text was found to hold an unsplit `]]>`: then it is taken as it stands.
        let mut literal = false;
        let mut unterminated_close = None;
        loop {
            let Some(bracket) = self.window.find(CDATA_END, at) else {
                if !self.window.last {
                    return None;
                }
                unterminated_close =
                    unterminated_close.or_else(|| self.own_close(at..self.window.bytes.len()));
                return Some(match unterminated_close {
                    Some(close) => self.end_before(inside, close),
                    None => {
                        self.mend(inside..self.window.bytes.len());
                        Ended::CutOff
                    }
                });
            };
            unterminated_close = unterminated_close.or_else(|| self.own_close(at..bracket));
            // No short text holds a tag of items: the section was never closed.
            if !self.holds_html
                && let Some(end) = self.boundary(at..bracket)
            {
                return Some(match unterminated_close.filter(|close| *close < end) {
                    Some(close) => self.end_before(inside, close),
                    None => {
                        self.mend(inside..end);
                        Ended::Unclosed { end, gap: true }
                    }
                });
            }
            let behind = bracket + CDATA_END.len();
            let next = match self.window.skip_space(behind) {
                Seen::Yes(next) => next,
                Seen::No | Seen::Cut => return None,
            };
            let mark = if next < self.window.bytes.len() && self.window.bytes[next] == b'<' {
                self.mark(next)?
            } else {
                Mark::Text
            };
            match mark {
                Mark::OwnEnd(end) => {
                    if let Some(end) = self.swallowed(piece_from..bracket) {
                        self.mend(inside..end);
                        return Some(Ended::Unclosed { end, gap: true });
                    }
                    self.section(literal, inside, piece_from, bracket);
                    return Some(Ended::Closed { end });
                }
                Mark::Cdata(again) => {
                    self.pieces.push(Piece::Cdata(piece_from..bracket));
                    self.pieces.push(Piece::Text(behind..next));
                    piece_from = again;
                    at = again;
                }
                Mark::OtherEnd { .. } | Mark::Structure if unterminated_close.is_some() => {
                    let close = unterminated_close.unwrap_or(next);
                    return Some(self.end_before(inside, close));
                }
                Mark::OtherEnd { name, end } => {
                    // Its opening tag in our text: the end of this section was lost before it.
                    if let Some(open) = self.opening(inside..bracket, name) {
                        let boundary = self.boundary(inside..open);
                        let end = boundary.unwrap_or(open);
                        self.mend(inside..end);
                        return Some(Ended::Unclosed { end, gap: boundary.is_some() });
                    }
                    self.section(literal, inside, piece_from, bracket);
                    return Some(Ended::Mismatched { end });
                }
                Mark::Structure => {
                    self.section(literal, inside, piece_from, bracket);
                    return Some(Ended::Unclosed { end: next, gap: false });
                }
                Mark::Text | Mark::Comment(_) if literal => at = behind,
                Mark::Text | Mark::Comment(_) => match self.between_sections(behind)? {
                    Between::Closed { text, end } => {
                        self.pieces.push(Piece::Cdata(piece_from..bracket));
                        self.pieces.push(Piece::Text(behind..text));
                        return Some(Ended::Closed { end });
                    }
                    Between::Section { text, inside: again } => {
                        self.pieces.push(Piece::Cdata(piece_from..bracket));
                        self.pieces.push(Piece::Text(behind..text));
                        piece_from = again;
                        at = again;
                    }
                    Between::FileEnd => {
                        self.mend(inside..self.window.bytes.len());
                        return Some(Ended::CutOff);
                    }
                    Between::NotXml => {
                        literal = true;
                        at = behind;
                    }
                },
            }
        }
    }

    fn section(&mut self, literal: bool, inside: usize, piece_from: usize, bracket: usize) {
        if literal {
            self.mend(inside..bracket);
        } else {
            self.pieces.push(Piece::Cdata(piece_from..bracket));
        }
    }

    /// Takes the whole range as it stands, instead of the pieces so far.
    fn mend(&mut self, range: Range<usize>) {
        self.pieces.retain(|piece| match piece {
            Piece::Text(known) | Piece::Cdata(known) | Piece::Mended(known) => known.start < range.start,
        });
        self.pieces.push(Piece::Mended(range));
    }

    /// Ends the field at its closing tag although the section before it was never closed.
    fn end_before(&mut self, inside: usize, close: usize) -> Ended {
        self.mend(inside..close);
        self.ended_inside_section = true;
        match self.window.end_tag(close) {
            Seen::Yes(tag) => Ended::Closed { end: tag.end },
            Seen::No | Seen::Cut => Ended::Unclosed { end: close, gap: false },
        }
    }

    /// The first closing tag of this field in `range`.
    fn own_close(&self, range: Range<usize>) -> Option<usize> {
        let end = range.end;
        let mut from = range.start;
        loop {
            let at = memchr::memmem::find(&self.window.bytes[from..end], b"</").map(|at| from + at)?;
            if self.window.bytes[at + 2..end].starts_with(self.raw)
                && matches!(self.window.end_tag(at), Seen::Yes(tag) if tag.name.len() == self.raw.len())
            {
                return Some(at);
            }
            from = at + 2;
        }
    }

    /// The first opening tag of that name in `range`.
    fn opening(&self, range: Range<usize>, name: Range<usize>) -> Option<usize> {
        let mut tag = b"<".to_vec();
        tag.extend_from_slice(self.window.slice(name));
        tag.push(b'>');
        memchr::memmem::find(self.window.slice(range.clone()), &tag).map(|at| range.start + at)
    }

    /// A section that runs into the same field of a later item: a part of the file is missing. Where the first
    /// tag of an item is in it. A text that quotes an export has its `]]>` split, so it is not mistaken.
    fn swallowed(&self, range: Range<usize>) -> Option<usize> {
        if !self.holds_html {
            return None;
        }
        let mut own = b"<".to_vec();
        own.extend_from_slice(self.raw);
        own.extend_from_slice(b"><![CDATA[");
        let again = memchr::memmem::find(self.window.slice(range.clone()), &own)?;
        self.boundary(range.start..range.start + again)
    }

    /// The first tag in `range` that ends or begins an item.
    fn boundary(&self, range: Range<usize>) -> Option<usize> {
        let text = self.window.slice(range.clone());
        let first_of = |tag: &[u8]| memchr::memmem::find(text, tag);
        let first = first_of(b"</item>").into_iter().chain(first_of(b"<item>")).min()?;
        Some(range.start + first)
    }

    /// Text behind a section that is followed neither by a tag of the format nor by a section. XML allows it,
    /// but an unsplit `]]>` is likelier: anything that is not legal there decides for that.
    fn between_sections(&mut self, from: usize) -> Option<Between> {
        let here = &self.window.bytes[from..];
        let tag = memchr::memchr(b'<', here);
        if memchr::memmem::find(&here[..tag.unwrap_or(here.len())], CDATA_END).is_some() {
            return Some(Between::NotXml);
        }
        let Some(tag) = tag.map(|at| from + at) else {
            return self.window.last.then_some(Between::FileEnd);
        };
        Some(match self.mark(tag)? {
            Mark::OwnEnd(end) => Between::Closed { text: tag, end },
            Mark::Cdata(inside) => Between::Section { text: tag, inside },
            _ => Between::NotXml,
        })
    }
}
