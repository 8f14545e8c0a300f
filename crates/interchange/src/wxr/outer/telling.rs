//! What the reader says of the file as a whole: its channel, its problems, its end.
//! It must not know how any of it was found.

use super::{Outer, Step};
use crate::wxr::build::channel;
use crate::wxr::entry::Entry;
use crate::wxr::problem::{Ending, Problem, ProblemKind, Troubles, stray_text};
use crate::wxr::window::{Lines, Window};

impl Outer {
    /// Tells the channel, once: before the first entry, or at the end.
    pub(super) fn finish_head(&mut self) {
        let Some(head) = self.head.take() else { return };
        let mut troubles = Troubles::default();
        let channel = channel(head, &mut troubles);
        let missing = match (self.saw_rss, self.saw_channel) {
            (true, true) => None,
            (false, true) => Some("<rss> is missing"),
            (true, false) => Some("<channel> is missing"),
            (false, false) => Some("<rss> and <channel> are missing"),
        };
        if let Some(what) = missing {
            self.tell(
                ProblemKind::MissingWrapper,
                false,
                format!("{what}; what is here is read all the same"),
            );
        }
        match channel.wxr_version.as_deref() {
            Some("1.0" | "1.1" | "1.2") => {}
            Some(other) => {
                let what =
                    format!("the version of the format is “{other}”, which does not exist; read as 1.2");
                self.tell(ProblemKind::Version, false, what);
            }
            None => {
                self.tell(ProblemKind::Version, false, "no version of the format is told; read as 1.2".into())
            }
        }
        self.queue.push_back(Entry::Channel(channel));
    }

    pub(super) fn finish(&mut self) -> Step {
        self.tell_stray();
        let has_head = self.head.as_ref().is_some_and(|head| !head.fields.is_empty());
        if !(self.saw_entry || self.saw_rss || self.saw_channel || has_head) {
            self.refuse("this is no WordPress export: it has neither a channel nor items".to_owned());
            return Step::End;
        }
        self.finish_head();
        for (name, (line, count)) in self.names.take_foreign() {
            self.queue.push_back(Entry::Problem(Problem {
                line,
                kind: ProblemKind::ForeignElement,
                item: None,
                what: format!("<{name}> is not of the format; {count} of them were not read"),
                lost: true,
            }));
        }
        let is_open = !self.open.is_empty();
        let ending = match (self.truncated, self.mismatch.take()) {
            (Some(line), _) => Ending::Truncated { line },
            (None, _) if is_open => Ending::Truncated { line: self.line },
            (None, Some((line, what))) => Ending::Mismatched { line, what },
            (None, None) => Ending::Whole,
        };
        if is_open && self.truncated.is_none() {
            self.tell(
                ProblemKind::Truncated,
                true,
                "the file ends before its closing tags; more may be missing".into(),
            );
        }
        self.queue.push_back(Entry::End(ending));
        Step::End
    }

    pub(super) fn mismatched(&mut self, what: String) {
        if self.mismatch.is_none() {
            self.mismatch = Some((self.line, what.clone()));
        }
        self.tell(ProblemKind::MismatchedTag, false, what);
    }

    pub(super) fn tell_after_the_end(&mut self) {
        if !self.told_after_the_end {
            self.told_after_the_end = true;
            let what = "more follows after the end of the export; it is read as a part of it".to_owned();
            self.tell(ProblemKind::AfterTheEnd, false, what);
        }
    }

    pub(super) fn tell_undeclared(&mut self, prefix: Option<&'static str>, line: u64) {
        if let Some(prefix) = prefix
            && self.names.tell_undeclared(prefix)
        {
            let what = format!("the prefix {prefix}: is not declared; taken in its usual meaning");
            let kind = ProblemKind::UndeclaredPrefix;
            self.queue.push_back(Entry::Problem(Problem { line, kind, item: None, what, lost: false }));
        }
    }

    pub(super) fn note_troubles(&mut self, troubles: Troubles, item: Option<&str>, window: Window<'_>) {
        let problems = troubles.into_problems(item, Lines::new(window, self.line));
        self.queue.extend(problems.into_iter().map(Entry::Problem));
    }

    pub(super) fn tell(&mut self, kind: ProblemKind, lost: bool, what: String) {
        self.queue.push_back(Entry::Problem(Problem { line: self.line, kind, item: None, what, lost }));
    }

    /// Text or tags that do not belong here; told when something follows that does.
    pub(super) fn pass_over(&mut self, bytes: &[u8]) {
        const ENOUGH: usize = 1024;
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        if self.stray.is_none() && bytes.trim_ascii().is_empty() {
            return;
        }
        let leading = bytes.len() - bytes.trim_ascii_start().len();
        let skipped = memchr::memchr_iter(b'\n', &bytes[..leading]).count() as u64;
        let (_, kept) = self.stray.get_or_insert_with(|| (self.line + skipped, Vec::new()));
        let room = ENOUGH.saturating_sub(kept.len()).min(bytes.len());
        kept.extend_from_slice(&bytes[..room]);
    }

    pub(super) fn tell_stray(&mut self) {
        if let Some((line, bytes)) = self.stray.take() {
            let (lost, what) = stray_text(&bytes);
            let kind = ProblemKind::StrayText;
            self.queue.push_back(Entry::Problem(Problem { line, kind, item: None, what, lost }));
        }
    }
}
