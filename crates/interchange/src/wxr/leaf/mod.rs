//! The text of one field, to the tag that ends it: the place where most damage of real exports is.
//! It must not know entries, nor what a field means.

mod section;

use std::ops::Range;

use crate::wxr::names::{Names, Role};
use crate::wxr::problem::{ProblemKind, Troubles};
use crate::wxr::text::{self, Mended};
use crate::wxr::window::{Seen, Window};

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
    let ended = reader.run()?;
    Some(reader.finish(ended, troubles))
}

const CDATA_OPEN: &[u8] = b"<![CDATA[";

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
    fn run(&mut self) -> Option<Ended> {
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
        let is_own_end = closes && raw == self.raw;
        if !is_own_end && !self.is_structure(raw) {
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
                    let tags = memchr::memchr_iter(b'<', bytes).count() as u64;
                    bare += tags;
                    let decoded = text::decode(bytes, &mut mended);
                    // HTML that was written as it is, as old exports do with comments: its references are its own.
                    let is_raw_html = self.holds_html && tags > 0;
                    text.push_str(&if is_raw_html { decoded } else { text::unescape(decoded, &mut mended) });
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
