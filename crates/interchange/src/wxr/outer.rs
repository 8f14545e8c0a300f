//! The file outside of its entries: `<rss>`, `<channel>`, the channel's own fields, and whatever else is there.
//! It must not know what entries hold, nor where bytes come from.

use std::collections::VecDeque;

use super::build::{build, channel};
use super::entry::Entry;
use super::leaf;
use super::names::{EntryKind, Name, Names, Ns, Role};
use super::problem::{Ending, Problem, ProblemKind, Troubles, stray_text};
use super::tags;
use super::walk::{Field, Node, Walked, walk};
use super::window::{EndTag, Lines, Seen, StartTag, Window};

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// That many bytes are done with.
    Advance(usize),
    /// More of the file is needed to go on.
    More,
    /// The file is over.
    End,
}

/// Where the reader is in the file.
pub(super) struct Outer {
    names: Names,
    queue: VecDeque<Entry>,
    line: u64,
    /// Elements that are open, outermost first.
    open: Vec<Vec<u8>>,
    /// The channel's fields, until the first entry.
    head: Option<Node>,
    saw_rss: bool,
    saw_channel: bool,
    saw_entry: bool,
    saw_item: bool,
    /// The outermost element was closed.
    ended: bool,
    told_after_the_end: bool,
    mismatch: Option<(u64, String)>,
    truncated: Option<u64>,
    stray: Option<(u64, Vec<u8>)>,
    /// Something was too large: everything up to the next item is passed over.
    skipping: Option<Skip>,
    /// How many bytes are done with.
    consumed: u64,
    /// Up to there (from the file's beginning) the closing marks of [`SPECIAL`] do not come; looked at once.
    no_close: [u64; SPECIAL.len() + 1],
}

/// Up to where what is too large is passed over.
#[derive(Debug, Clone, Copy)]
enum Skip {
    /// Where an item ends and something else begins.
    PastItem,
    /// Where an item begins.
    ToItem,
}

/// Place of the document type in [`SPECIAL`], and the place behind for the end of its declarations.
const DOCUMENT_TYPE: usize = SPECIAL.len() - 1;
const SUBSET: usize = SPECIAL.len();

/// What is no element, outside of entries.
const SPECIAL: [(&[u8], &[u8]); 4] =
    [(b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"), (b"<!", b">")];

impl Default for Outer {
    fn default() -> Self {
        let head = Node {
            local: "channel".to_owned(),
            fields: Vec::new(),
            children: Vec::new(),
            at: 0,
            complete: true,
        };
        Self {
            names: Names::default(),
            queue: VecDeque::new(),
            line: 1,
            open: Vec::new(),
            head: Some(head),
            saw_rss: false,
            saw_channel: false,
            saw_entry: false,
            saw_item: false,
            ended: false,
            told_after_the_end: false,
            mismatch: None,
            truncated: None,
            stray: None,
            skipping: None,
            consumed: 0,
            no_close: [0; SPECIAL.len() + 1],
        }
    }
}

/// Longest comment, and longest instruction or document type, that are passed over as one.
const LONGEST_COMMENT: usize = 1024 * 1024;

impl Outer {
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    pub(super) fn pop(&mut self) -> Option<Entry> {
        self.queue.pop_front()
    }

    pub(super) fn tell_encoding(&mut self, what: String) {
        self.tell(ProblemKind::Encoding, false, what);
    }

    pub(super) fn refuse(&mut self, what: String) {
        self.tell(ProblemKind::NotAnExport, true, what);
        self.queue.push_back(Entry::End(Ending::NotAnExport));
    }

    /// Does one thing at the window's beginning. `at_limit`: the window may not grow, although the file goes on.
    pub(super) fn step(&mut self, window: Window<'_>, at_limit: bool) -> Step {
        let step = match self.skipping {
            Some(skip) => self.skip(window, skip),
            None => self.read(window, at_limit),
        };
        if let Step::Advance(length) = step {
            self.consumed += length as u64;
            self.line += memchr::memchr_iter(b'\n', &window.bytes[..length]).count() as u64;
        }
        step
    }

    fn read(&mut self, window: Window<'_>, at_limit: bool) -> Step {
        if window.bytes.is_empty() {
            return if window.last { self.finish() } else { Step::More };
        }
        match window.find_byte(b'<', 0) {
            Some(0) => {}
            other => {
                let end = other.unwrap_or(window.bytes.len());
                self.pass_over(&window.bytes[..end]);
                return Step::Advance(end);
            }
        }
        if let Some(step) = self.special(window) {
            return step;
        }
        match window.end_tag(0) {
            Seen::Yes(tag) => return self.end_tag(window, &tag),
            Seen::Cut => return Step::More,
            Seen::No => {}
        }
        match window.start_tag(0) {
            Seen::Yes(tag) => self.start_tag(window, &tag, at_limit),
            Seen::Cut => Step::More,
            Seen::No => {
                self.pass_over(b"<");
                Step::Advance(1)
            }
        }
    }

    /// Comments, instructions, document types and sections outside of entries.
    fn special(&mut self, window: Window<'_>) -> Option<Step> {
        for (index, (open, close)) in SPECIAL.into_iter().enumerate() {
            match window.has(0, open) {
                Seen::Cut => return Some(Step::More),
                Seen::No => continue,
                Seen::Yes(inside) => {
                    let here = &window.bytes[..window.bytes.len().min(LONGEST_COMMENT)];
                    let from = if index == DOCUMENT_TYPE { self.behind_subset(here, inside) } else { inside };
                    let end = match self.find_close(index, close, here, from) {
                        Some(at) => at + close.len(),
                        None if here.len() < LONGEST_COMMENT && !window.last => return Some(Step::More),
                        None => inside,
                    };
                    if open == b"<![CDATA[" {
                        self.pass_over(&window.bytes[..end]);
                    }
                    return Some(Step::Advance(end));
                }
            }
        }
        None
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
    fn behind_subset(&mut self, here: &[u8], inside: usize) -> usize {
        const LONGEST_NAME: usize = 1024;
        match memchr::memchr2(b'>', b'[', &here[..here.len().min(LONGEST_NAME)]) {
            Some(at) if here[at] == b'[' => self.find_close(SUBSET, b"]", here, at).unwrap_or(inside),
            _ => inside,
        }
    }

    fn end_tag(&mut self, window: Window<'_>, tag: &EndTag) -> Step {
        let raw = window.slice(tag.name.clone());
        if self.names.resolve(raw).is_html_noise() {
            self.pass_over(&window.bytes[..tag.end]);
            return Step::Advance(tag.end);
        }
        self.tell_stray();
        let shown = String::from_utf8_lossy(raw).into_owned();
        match self.open.iter().rposition(|open| open == raw) {
            Some(depth) => {
                if let Some(inner) = self.open.get(depth + 1) {
                    let inner = String::from_utf8_lossy(inner).into_owned();
                    self.mismatched(format!("</{shown}> comes while <{inner}> is open"));
                }
                self.open.truncate(depth);
                self.ended = self.open.is_empty();
            }
            None => self.mismatched(format!("</{shown}> closes nothing; passed over")),
        }
        Step::Advance(tag.end)
    }

    fn start_tag(&mut self, window: Window<'_>, tag: &StartTag, at_limit: bool) -> Step {
        tags::learn(window, &mut self.names, tag);
        let raw = window.slice(tag.name.clone());
        let name = tags::name_of(window, &self.names, tag);
        let role = name.role();
        if role == Role::Unknown && name.is_html_noise() {
            self.pass_over(&window.bytes[..tag.end]);
            return Step::Advance(tag.end);
        }
        self.tell_stray();
        match role {
            Role::Entry(kind) => self.entry(window, kind, Some(tag), at_limit),
            Role::Wrapper => {
                self.wrapper(raw, name, tag);
                Step::Advance(tag.end)
            }
            Role::Container => self.entry(window, EntryKind::Item, None, at_limit),
            Role::Field | Role::PlainField if self.begins_item(name) => {
                self.entry(window, EntryKind::Item, None, at_limit)
            }
            Role::Field | Role::PlainField => self.channel_field(window, name, tag, at_limit),
            Role::Unknown => self.unknown(window, name, tag, at_limit),
        }
    }

    /// Whether a field outside of an entry tells that an `<item>` is missing before it.
    fn begins_item(&self, name: Name<'_>) -> bool {
        let begins_one = name.ns == Ns::None && matches!(name.local, b"title" | b"link" | b"pubDate");
        name.belongs_to_item() || (begins_one && self.saw_item && self.is_in_channel())
    }

    /// `<image>` has a title and a link of its own.
    fn is_in_channel(&self) -> bool {
        self.open.last().is_none_or(|open| open != b"image")
    }

    fn wrapper(&mut self, raw: &[u8], name: Name<'_>, tag: &StartTag) {
        if self.ended {
            self.tell_after_the_end();
            self.saw_item = false;
        }
        match name.local {
            b"rss" => self.saw_rss = true,
            _ => self.saw_channel = true,
        }
        if !tag.empty {
            self.open.push(raw.to_vec());
            self.ended = false;
        }
    }

    fn channel_field(&mut self, window: Window<'_>, name: Name<'_>, tag: &StartTag, at_limit: bool) -> Step {
        let raw = window.slice(tag.name.clone());
        let mut troubles = Troubles::default();
        let (text, end) = if tag.empty {
            (String::new(), tag.end)
        } else {
            match leaf::read(window, &self.names, raw, tag.end, &mut troubles) {
                None => return Step::More,
                Some(leaf) if !leaf.complete && at_limit => return self.field_too_large(raw),
                Some(leaf) if !leaf.complete => {
                    self.truncated = Some(self.line);
                    return Step::Advance(leaf.end);
                }
                Some(leaf) => (leaf.text, leaf.end),
            }
        };
        self.note_troubles(troubles, None, window);
        self.tell_undeclared(self.names.undeclared(raw), self.line);
        if self.is_in_channel()
            && let Some(head) = &mut self.head
        {
            let local = String::from_utf8_lossy(name.local).into_owned();
            head.fields.push(Field { ns: name.ns, local, attributes: Vec::new(), text, at: 0 });
        }
        Step::Advance(end)
    }

    /// An element that is not of the format: one with text is passed over, one with elements is looked into.
    fn unknown(&mut self, window: Window<'_>, name: Name<'_>, tag: &StartTag, at_limit: bool) -> Step {
        let raw = window.slice(tag.name.clone());
        let is_extra = name.is_known_extra() || name.ns == Ns::Other || !self.is_in_channel();
        let Some(next) = window.find_byte(b'<', tag.end) else {
            return if window.last { Step::Advance(tag.end) } else { Step::More };
        };
        let holds_text = [&b"</"[..], b"<![CDATA["].map(|mark| window.has(next, mark));
        if tag.empty || holds_text.iter().any(|seen| matches!(seen, Seen::Yes(_))) {
            let end = if tag.empty {
                tag.end
            } else {
                match leaf::read(window, &self.names, raw, tag.end, &mut Troubles::default()) {
                    None => return Step::More,
                    Some(leaf) if !leaf.complete && at_limit => return self.field_too_large(raw),
                    Some(leaf) => leaf.end,
                }
            };
            if !is_extra {
                let line = self.line;
                self.names.count_foreign(raw, || line);
            }
            return Step::Advance(end);
        }
        if holds_text.contains(&Seen::Cut) {
            return Step::More;
        }
        // A hostile file gets no memory for names that never end.
        const DEEPEST: usize = 64;
        if self.open.len() < DEEPEST {
            self.open.push(raw.to_vec());
        }
        Step::Advance(tag.end)
    }

    fn entry(&mut self, window: Window<'_>, kind: EntryKind, tag: Option<&StartTag>, at_limit: bool) -> Step {
        let Some(mut walked) = walk(window, &mut self.names, kind, tag, 0) else { return Step::More };
        if at_limit && !walked.node.complete {
            self.too_large(kind, walked, window);
            return Step::Advance(0);
        }
        self.finish_head();
        self.saw_entry = true;
        self.saw_item |= kind == EntryKind::Item;
        if self.ended {
            self.tell_after_the_end();
        }
        if tag.is_none() {
            walked.troubles.note(ProblemKind::MissingStartTag, false, 0, || {
                "<item> is missing; taken to begin here".to_owned()
            });
        }
        let lines = Lines::new(window, self.line);
        for (prefix, at) in &walked.undeclared {
            self.tell_undeclared(Some(prefix), lines.clone().at(*at));
        }
        for (raw, at) in &walked.foreign {
            self.names.count_foreign(raw, || lines.clone().at(*at));
        }
        let Walked { node, end, mut troubles, .. } = walked;
        if let Some((at, what)) = troubles.first_mismatch() {
            self.mismatch.get_or_insert_with(|| (lines.clone().at(at), what.to_owned()));
        }
        let complete = node.complete;
        if !complete {
            self.truncated = Some(self.line);
        }
        let mut built = build(kind, node, &mut troubles, lines);
        if tag.is_none() && built.entry.as_ref().is_some_and(is_no_item) {
            built.entry = None;
            troubles.note(ProblemKind::MissingStartTag, true, 0, || {
                "fields that stand outside of every item, too few to make one; left out".to_owned()
            });
        }
        if !complete && kind != EntryKind::Item {
            built.entry = None;
            troubles.note(ProblemKind::Truncated, true, 0, || {
                format!("the file ends inside this <{}>; left out", kind.tag())
            });
        }
        self.note_troubles(troubles, built.name.as_deref(), window);
        self.queue.extend(built.entry);
        Step::Advance(end)
    }

    fn too_large(&mut self, kind: EntryKind, walked: Walked, window: Window<'_>) {
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

    fn field_too_large(&mut self, raw: &[u8]) -> Step {
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
    fn skip(&mut self, window: Window<'_>, skip: Skip) -> Step {
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

    /// Tells the channel, once: before the first entry, or at the end.
    fn finish_head(&mut self) {
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

    fn finish(&mut self) -> Step {
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

    fn mismatched(&mut self, what: String) {
        if self.mismatch.is_none() {
            self.mismatch = Some((self.line, what.clone()));
        }
        self.tell(ProblemKind::MismatchedTag, false, what);
    }

    fn tell_after_the_end(&mut self) {
        if !self.told_after_the_end {
            self.told_after_the_end = true;
            let what = "more follows after the end of the export; it is read as a part of it".to_owned();
            self.tell(ProblemKind::AfterTheEnd, false, what);
        }
    }

    fn tell_undeclared(&mut self, prefix: Option<&'static str>, line: u64) {
        if let Some(prefix) = prefix
            && self.names.tell_undeclared(prefix)
        {
            let what = format!("the prefix {prefix}: is not declared; taken in its usual meaning");
            let kind = ProblemKind::UndeclaredPrefix;
            self.queue.push_back(Entry::Problem(Problem { line, kind, item: None, what, lost: false }));
        }
    }

    fn note_troubles(&mut self, troubles: Troubles, item: Option<&str>, window: Window<'_>) {
        let problems = troubles.into_problems(item, Lines::new(window, self.line));
        self.queue.extend(problems.into_iter().map(Entry::Problem));
    }

    fn tell(&mut self, kind: ProblemKind, lost: bool, what: String) {
        self.queue.push_back(Entry::Problem(Problem { line: self.line, kind, item: None, what, lost }));
    }

    /// Text or tags that do not belong here; told when something follows that does.
    fn pass_over(&mut self, bytes: &[u8]) {
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

    fn tell_stray(&mut self) {
        if let Some((line, bytes)) = self.stray.take() {
            let (lost, what) = stray_text(&bytes);
            let kind = ProblemKind::StrayText;
            self.queue.push_back(Entry::Problem(Problem { line, kind, item: None, what, lost }));
        }
    }
}

/// Whether what was taken for an item has nothing that only an item has.
fn is_no_item(entry: &Entry) -> bool {
    matches!(entry, Entry::Post(post) if post.id.is_none() && post.content.is_empty() && post.comments.is_empty())
}
