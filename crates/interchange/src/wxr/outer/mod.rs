//! The file outside of its entries: `<rss>`, `<channel>`, the channel's own fields, and whatever else is there.
//! It must not know what entries hold, nor where bytes come from.

mod large;
mod special;
mod telling;

use std::collections::VecDeque;

use super::build::build;
use super::entry::Entry;
use super::leaf;
use super::names::{EntryKind, Name, Names, Ns, Role};
use super::problem::{Ending, ProblemKind, Troubles};
use super::tags;
use super::walk::{Field, Node, Walked, walk};
use super::window::{EndTag, Lines, Seen, StartTag, Window};
use large::Skip;
use special::Special;

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
    special: Special,
}

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
            special: Special::default(),
        }
    }
}

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
            self.special.consumed(length);
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
        match self.special.at_beginning(window) {
            Seen::Yes(special) => {
                if special.is_text {
                    self.pass_over(&window.bytes[..special.length]);
                }
                return Step::Advance(special.length);
            }
            Seen::Cut => return Step::More,
            Seen::No => {}
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
}

/// Whether what was taken for an item has nothing that only an item has.
fn is_no_item(entry: &Entry) -> bool {
    matches!(entry, Entry::Post(post) if post.id.is_none() && post.content.is_empty() && post.comments.is_empty())
}
