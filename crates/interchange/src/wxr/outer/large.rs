//! What is too large for memory: told, and passed over to where an item begins or ends.
//! It must not know what is in it.

use super::{Outer, Step};
use crate::wxr::build::build;
use crate::wxr::entry::Entry;
use crate::wxr::names::EntryKind;
use crate::wxr::problem::{Problem, ProblemKind, Troubles};
use crate::wxr::walk::Walked;
use crate::wxr::window::{Lines, Seen, Window};

/// Up to where what is too large is passed over.
#[derive(Debug, Clone, Copy)]
pub(super) enum Skip {
    /// Where an item ends and something else begins.
    PastItem,
    /// Where an item begins.
    ToItem,
}

impl Outer {
    pub(super) fn too_large(&mut self, kind: EntryKind, walked: Walked, window: Window<'_>) {
        self.finish_head();
        self.saw_entry = true;
        let size = window.bytes.len() / (1024 * 1024);
        let lines = Lines::new(window, self.line);
        let item = build(kind, walked.node, &mut Troubles::default(), lines).name;
        self.queue.push_back(Entry::Problem(Problem {
            line: self.line,
            kind: ProblemKind::TooLarge,
            item,
            what: format!("<{}> is larger than {size} MiB, or is never closed; left out", kind.tag()),
            lost: true,
        }));
        self.skipping = Some(Skip::PastItem);
    }

    pub(super) fn field_too_large(&mut self, raw: &[u8]) -> Step {
        let name = String::from_utf8_lossy(raw);
        self.tell(
            ProblemKind::TooLarge,
            true,
            format!("<{name}> is never closed; passed over to the first item"),
        );
        self.skipping = Some(Skip::ToItem);
        Step::Advance(0)
    }

    /// Passes over the rest of what is too large.
    pub(super) fn skip(&mut self, window: Window<'_>, skip: Skip) -> Step {
        let tag: &[u8] = match skip {
            Skip::PastItem => b"</item>",
            Skip::ToItem => b"<item>",
        };
        let mut from = 0;
        while let Some(at) = window.find(tag, from) {
            if matches!(skip, Skip::ToItem) {
                self.skipping = None;
                return Step::Advance(at);
            }
            from = at + tag.len();
            match window.skip_space(from) {
                Seen::Yes(next) => {
                    let rest = &window.bytes[next..];
                    let goes_on = [&b"<item"[..], b"</channel", b"</rss", b"<wp:", b"<!--"];
                    if rest.is_empty() || goes_on.iter().any(|tag| rest.starts_with(tag)) {
                        self.skipping = None;
                        return Step::Advance(next);
                    }
                }
                Seen::No | Seen::Cut if at == 0 => return Step::More,
                Seen::No | Seen::Cut => return Step::Advance(at),
            }
        }
        match (window.bytes.len(), window.last) {
            (0, true) => {
                self.skipping = None;
                self.truncated.get_or_insert(self.line);
                self.finish()
            }
            (length, true) => Step::Advance(length),
            (length, false) if length < tag.len() * 2 => Step::More,
            (length, false) => Step::Advance(length - tag.len()),
        }
    }
}
