//! The text of one field, to the tag that ends it: the place where most damage of real exports is.
//! It must not know entries, nor what a field means.
//!
//! A CDATA section ends where `]]>` is followed by the field's closing tag or by another section (WordPress
//! splits a `]]>` of the text so). Where something else follows, the text held a `]]>` that was not split; then
//! everything up to the `]]>` before the closing tag is the text. Where a tag of another field follows, the
//! section or the field was never closed, and the text ends at the first sign of that.

use std::ops::Range;

use super::names::{Names, Role};
use super::problem::{ProblemKind, Troubles};
use super::text::{self, Mended};
use super::window::{Seen, Window};

/// A field that was read.
#[derive(Debug)]
pub(super) struct Leaf {
    pub(super) text: String,
    /// Where to go on.
    pub(super) end: usize,
    /// False when the file (or what may be kept of it) ends inside the field.
    pub(super) complete: bool,
}

/// Reads the field whose start tag ends at `from` and has the name `raw`; None asks for more of the file.
/// Places in `troubles` are places in the window.
pub(super) fn read(
    window: Window<'_>,
    names: &Names,
    raw: &[u8],
    from: usize,
    troubles: &mut Troubles,
) -> Option<Leaf> {
    let holds_html = names.resolve(raw).holds_html();
    let mut reader = LeafReader {
        window,
        names,
        raw,
        holds_html,
        pieces: Vec::new(),
        from,
        ended_inside_section: false,
        no_comment_end: 0,
    };
    let ended = reader.to_the_end()?;
    Some(reader.finish(ended, troubles))
}

const CDATA_OPEN: &[u8] = b"<![CDATA[";
const CDATA_END: &[u8] = b"]]>";

enum Piece {
    /// Text in which references are resolved.
    Text(Range<usize>),
    /// Text as it stands.
    Cdata(Range<usize>),
    /// Text as it stands, of a section that was mended.
    Mended(Range<usize>),
}

/// Why the field is over.
enum Ended {
    /// At its closing tag.
    Closed { end: usize },
    /// At something that cannot be in it; `end` is where that begins. With `gap`, the file lacks a part there.
    Unclosed { end: usize, gap: bool },
    /// At the closing tag of another field.
    Mismatched { end: usize },
    /// At the end of the file.
    CutOff,
}

struct LeafReader<'a> {
    window: Window<'a>,
    names: &'a Names,
    raw: &'a [u8],
    holds_html: bool,
    from: usize,
    pieces: Vec<Piece>,
    ended_inside_section: bool,
    /// Up to there no comment ends; looked at once.
    no_comment_end: usize,
}

/// What a `<` begins, as far as the field is concerned.
enum Mark {
    OwnEnd(usize),
    Cdata(usize),
    Comment(usize),
    /// The closing tag of another field.
    OtherEnd {
        name: Range<usize>,
        end: usize,
    },
    /// A tag that cannot be inside a field.
    Structure,
    /// Nothing of the format.
    Text,
}

impl LeafReader<'_> {
    fn to_the_end(&mut self) -> Option<Ended> {
        let mut text_from = self.from;
        let mut at = self.from;
        loop {
            let Some(mark_at) = self.window.find_byte(b'<', at) else {
                if !self.window.last {
                    return None;
                }
                self.pieces.push(Piece::Text(text_from..self.window.bytes.len()));
                return Some(Ended::CutOff);
            };
            let mark = self.mark(mark_at)?;
            if !matches!(mark, Mark::Text) {
                self.pieces.push(Piece::Text(text_from..mark_at));
            }
            match mark {
                Mark::OwnEnd(end) => return Some(Ended::Closed { end }),
                Mark::Cdata(inside) => return self.cdata(inside),
                Mark::OtherEnd { end, .. } => return Some(Ended::Mismatched { end }),
                Mark::Structure => return Some(Ended::Unclosed { end: mark_at, gap: false }),
                Mark::Comment(end) => {
                    text_from = end;
                    at = end;
                }
                Mark::Text => at = mark_at + 1,
            }
        }
    }

    fn mark(&mut self, at: usize) -> Option<Mark> {
        match self.window.has(at, CDATA_OPEN) {
            Seen::Yes(inside) => return Some(Mark::Cdata(inside)),
            Seen::Cut => return None,
            Seen::No => {}
        }
        if !self.holds_html {
            match self.window.has(at, b"<!--") {
                Seen::Cut => return None,
                Seen::Yes(inside) => return self.comment(inside),
                Seen::No => {}
            }
        }
        let (name, closes) = match self.window.tag_name(at) {
            Seen::Yes(found) => found,
            Seen::No => return Some(Mark::Text),
            Seen::Cut => return None,
        };
        let raw = self.window.slice(name);
        if !(closes && raw == self.raw) && !self.is_structure(raw) {
            return Some(Mark::Text);
        }
        if !closes {
            return Some(Mark::Structure);
        }
        match self.window.end_tag(at) {
            Seen::Yes(tag) if raw == self.raw => Some(Mark::OwnEnd(tag.end)),
            Seen::Yes(tag) => Some(match self.names.resolve(raw).role() {
                Role::Field | Role::PlainField => Mark::OtherEnd { name: tag.name, end: tag.end },
                Role::Entry(_) | Role::Wrapper | Role::Container | Role::Unknown => Mark::Structure,
            }),
            Seen::No => Some(Mark::Text),
            Seen::Cut => None,
        }
    }

    /// A comment of XML inside a short field; in a field of HTML it would be a comment of the HTML.
    fn comment(&mut self, inside: usize) -> Option<Mark> {
        const LONGEST: usize = 4096;
        let limit = self.window.bytes.len().min(inside + LONGEST);
        // Two bytes back: the mark may begin in what was looked at before.
        let from = inside.max(self.no_comment_end.saturating_sub(2)).min(limit);
        match memchr::memmem::find(&self.window.bytes[from..limit], b"-->") {
            Some(length) => Some(Mark::Comment(from + length + 3)),
            None if limit < inside + LONGEST && !self.window.last => None,
            None => {
                self.no_comment_end = limit;
                Some(Mark::Text)
            }
        }
    }

    fn is_structure(&self, raw: &[u8]) -> bool {
        match self.names.resolve(raw).role() {
            Role::Entry(_) | Role::Wrapper | Role::Container | Role::Field => true,
            Role::PlainField => !self.holds_html,
            Role::Unknown => false,
        }
    }

    /// From behind `<![CDATA[` to the end of the field.
    fn cdata(&mut self, inside: usize) -> Option<Ended> {
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

    fn finish(self, ended: Ended, troubles: &mut Troubles) -> Leaf {
        let name = String::from_utf8_lossy(self.raw).into_owned();
        let mut mended = Mended::default();
        let has_sections = self.pieces.iter().any(|piece| !matches!(piece, Piece::Text(_)));
        let mut text = String::new();
        let mut bare = 0;
        for piece in &self.pieces {
            match piece {
                // Indentation around a section is no text.
                Piece::Text(range)
                    if has_sections && self.window.slice(range.clone()).trim_ascii().is_empty() => {}
                Piece::Text(range) => {
                    let bytes = self.window.slice(range.clone());
                    bare += memchr::memchr_iter(b'<', bytes).count() as u64;
                    let decoded = text::decode(bytes, &mut mended);
                    text.push_str(&text::unescape(decoded, &mut mended));
                }
                Piece::Cdata(range) => {
                    text.push_str(&text::decode(self.window.slice(range.clone()), &mut mended));
                }
                Piece::Mended(range) => {
                    let decoded = text::decode(self.window.slice(range.clone()), &mut mended);
                    text.push_str(&decoded.replace("]]><![CDATA[", ""));
                }
            }
        }
        let was_mended = self.pieces.iter().any(|piece| matches!(piece, Piece::Mended(_)));
        let at = self.from;
        if bare > 0 {
            troubles.note_many(ProblemKind::LessThan, false, at, bare, || {
                format!("“<” that begins no tag of the format, in <{name}>; kept as text")
            });
        }
        note_mended(&name, mended, at, troubles);
        let (end, complete) = match ended {
            Ended::Closed { end } => {
                if self.ended_inside_section {
                    troubles.note(ProblemKind::UnclosedCdata, false, at, || {
                        format!("the CDATA of <{name}> is not closed; it was ended at the closing tag")
                    });
                } else if was_mended {
                    troubles.note(ProblemKind::CdataTerminator, false, at, || {
                        format!("“]]>” that is not split, in <{name}>; the text was kept to its closing tag")
                    });
                }
                (end, true)
            }
            Ended::Mismatched { end } => {
                troubles.note(ProblemKind::MismatchedTag, false, at, || {
                    format!("<{name}> is closed by the tag of another element")
                });
                (end, true)
            }
            Ended::Unclosed { end, gap: false } => {
                text = drop_mistyped_close(text);
                troubles.note(ProblemKind::MissingEndTag, false, at, || {
                    format!("<{name}> is not closed; it was ended where the next element begins")
                });
                (end, true)
            }
            Ended::Unclosed { end, gap: true } => {
                troubles.note(ProblemKind::MissingEndTag, true, at, || {
                    format!("<{name}> runs into the next item: a part of the file is missing here")
                });
                (end, true)
            }
            Ended::CutOff => (self.window.bytes.len(), false),
        };
        Leaf { text, end, complete }
    }
}

enum Between {
    Closed { text: usize, end: usize },
    Section { text: usize, inside: usize },
    FileEnd,
    NotXml,
}

/// Tells what was mended in the text called `name`.
pub(super) fn note_mended(name: &str, mended: Mended, at: usize, troubles: &mut Troubles) {
    troubles.note_many(ProblemKind::InvalidBytes, false, at, mended.invalid, || {
        format!("bytes that are no text in the file's encoding, in <{name}>; each became U+FFFD")
    });
    troubles.note_many(ProblemKind::ControlCharacters, false, at, mended.controls, || {
        format!("a control character that XML forbids, in <{name}>; dropped")
    });
    troubles.note_many(ProblemKind::Ampersand, false, at, mended.ampersands, || {
        format!("“&” that begins no known reference, in <{name}>; kept as text")
    });
}

/// `Council meets</titel>\n`: a closing tag that was mistyped is no text of a field that has no other closing tag.
fn drop_mistyped_close(text: String) -> String {
    let trimmed = text.trim_end();
    let Some(open) = trimmed.rfind("</").filter(|_| trimmed.ends_with('>')) else {
        return trimmed.to_owned();
    };
    let name = &trimmed[open + 2..trimmed.len() - 1];
    let is_name = !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b':' | b'-'));
    let is_html_pair = is_name && trimmed[..open].contains(&format!("<{name}"));
    if is_name && !is_html_pair { trimmed[..open].to_owned() } else { trimmed.to_owned() }
}
