//! What is no element outside of entries: comments, instructions, document types, sections.
//! It must not know the format.

use crate::wxr::window::{Seen, Window};

/// Place of the document type in [`KINDS`], and the place behind for the end of its declarations.
const DOCUMENT_TYPE: usize = KINDS.len() - 1;
const SUBSET: usize = KINDS.len();

/// What is no element, outside of entries.
const KINDS: [(&[u8], &[u8]); 4] = [(b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"), (b"<!", b">")];

/// Longest comment, and longest instruction or document type, that are passed over as one.
const LONGEST_COMMENT: usize = 1024 * 1024;

/// How far the file was searched in vain for closing marks, so that no part is searched twice.
#[derive(Debug, Default)]
pub(super) struct Special {
    /// How many bytes of the file are done with.
    consumed: u64,
    /// From the file's beginning, for each of [`KINDS`].
    no_close: [u64; KINDS.len() + 1],
}

/// What stands at the beginning of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) length: usize,
    /// A section: it holds text where none belongs.
    pub(super) is_text: bool,
}

impl Special {
    /// To be told of every byte that is done with.
    pub(super) fn consumed(&mut self, length: usize) {
        self.consumed += length as u64;
    }

    /// What stands at the beginning of the window. One that is never closed is its opening mark alone.
    pub(super) fn at_beginning(&mut self, window: Window<'_>) -> Seen<Found> {
        for (index, (open, close)) in KINDS.into_iter().enumerate() {
            match window.has(0, open) {
                Seen::Cut => return Seen::Cut,
                Seen::No => {}
                Seen::Yes(inside) => {
                    let here = &window.bytes[..window.bytes.len().min(LONGEST_COMMENT)];
                    let from = match index {
                        DOCUMENT_TYPE => match self.behind_subset(window, inside) {
                            Some(from) => from,
                            None => return Seen::Cut,
                        },
                        _ => inside,
                    };
                    let length = match self.find_close(index, close, here, from) {
                        Some(at) => at + close.len(),
                        None if here.len() < LONGEST_COMMENT && !window.last => return Seen::Cut,
                        None => inside,
                    };
                    return Seen::Yes(Found { length, is_text: open == b"<![CDATA[" });
                }
            }
        }
        Seen::No
    }

    /// The first closing mark from `from` on; what was looked at in vain is not looked at again.
    fn find_close(&mut self, index: usize, close: &[u8], here: &[u8], from: usize) -> Option<usize> {
        // As many bytes back as a mark may begin before.
        let known = self.no_close[index].saturating_sub(self.consumed + 2);
        let from = from.max(usize::try_from(known).unwrap_or(here.len())).min(here.len());
        let found = memchr::memmem::find(&here[from..], close).map(|at| from + at);
        if found.is_none() {
            self.no_close[index] = self.consumed + here.len() as u64;
        }
        found
    }

    /// Behind the declarations of a document type. They are not taken: a hostile file could nest entities.
    /// None when more of the file is needed.
    fn behind_subset(&mut self, window: Window<'_>, inside: usize) -> Option<usize> {
        const LONGEST_NAME: usize = 256;
        const LONGEST_SUBSET: usize = 64 * 1024;
        let name = &window.bytes[..window.bytes.len().min(LONGEST_NAME)];
        let opens = match memchr::memchr3(b'>', b'[', b'<', &name[inside..]).map(|at| inside + at) {
            Some(at) if name[at] == b'[' => at,
            Some(_) => return Some(inside),
            None if name.len() < LONGEST_NAME && !window.last => return None,
            None => return Some(inside),
        };
        let here = &window.bytes[..window.bytes.len().min(LONGEST_SUBSET)];
        match self.find_close(SUBSET, b"]", here, opens) {
            // The `]` of a section in the export itself.
            Some(at) if memchr::memmem::find(&here[..at], b"<rss").is_some() => Some(inside),
            Some(at) => Some(at),
            None if here.len() < LONGEST_SUBSET && !window.last => None,
            None => Some(inside),
        }
    }
}
