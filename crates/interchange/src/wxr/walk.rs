//! One entry of an export as a tree of fields, however broken its tags are.
//! It must not know what the fields mean.

use std::ops::Range;

use super::leaf::{self, note_mended};
use super::names::{EntryKind, Name, Names, Ns, Role};
use super::problem::{ProblemKind, Troubles, stray_text};
use super::tags;
use super::text::Mended;
use super::window::{Seen, StartTag, Window};

/// An element with fields: an entry, a comment, a piece of metadata.
#[derive(Debug)]
pub(super) struct Node {
    /// The name after the prefix: `item`, `comment`, `postmeta` …
    pub(super) local: String,
    pub(super) fields: Vec<Field>,
    pub(super) children: Vec<Node>,
    /// Where it begins in the window.
    pub(super) at: usize,
    /// False when the file ends inside it.
    pub(super) complete: bool,
}

/// A field and its text.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) ns: Ns,
    pub(super) local: String,
    /// `domain` and `nicename` of a category, `isPermaLink` of a guid.
    pub(super) attributes: Vec<(String, String)>,
    pub(super) text: String,
    pub(super) at: usize,
}

/// An entry that was read.
#[derive(Debug)]
pub(super) struct Walked {
    pub(super) node: Node,
    /// Where to go on.
    pub(super) end: usize,
    pub(super) troubles: Troubles,
    /// Elements that nothing here reads, and where they are.
    pub(super) foreign: Vec<(Vec<u8>, usize)>,
    /// Usual prefixes that were used without being declared.
    pub(super) undeclared: Vec<(&'static str, usize)>,
}

/// Reads the entry whose start tag is `tag`, or with None the item whose `<item>` is missing and whose first
/// field is at `from`. Answers None when more of the file is needed.
pub(super) fn walk(
    window: Window<'_>,
    names: &mut Names,
    kind: EntryKind,
    tag: Option<&StartTag>,
    from: usize,
) -> Option<Walked> {
    let local = kind.tag().trim_start_matches("wp:").to_owned();
    let root = Node { local, fields: Vec::new(), children: Vec::new(), at: from, complete: true };
    let mut walker = Walker {
        window,
        names,
        kind,
        stack: vec![root],
        troubles: Troubles::default(),
        foreign: Vec::new(),
        undeclared: Vec::new(),
        has_title: false,
        has_more: false,
        stray: None,
        no_close: [0; 3],
    };
    let end = match tag {
        Some(tag) => {
            walker.note_prefix(&tag.name, from);
            tags::learn(window, walker.names, tag);
            if tag.empty { tag.end } else { walker.run(tag.end)? }
        }
        None => walker.run(from)?,
    };
    walker.tell_stray();
    walker.close_down_to(1);
    let node = walker.stack.pop()?;
    let Walker { troubles, foreign, undeclared, .. } = walker;
    Some(Walked { node, end, troubles, foreign, undeclared })
}

struct Walker<'a, 'n> {
    window: Window<'a>,
    names: &'n mut Names,
    kind: EntryKind,
    stack: Vec<Node>,
    troubles: Troubles,
    foreign: Vec<(Vec<u8>, usize)>,
    undeclared: Vec<(&'static str, usize)>,
    /// Whether the item has a title already, and whether it has more than that: then a title begins the next one.
    has_title: bool,
    has_more: bool,
    /// Text and tags that do not belong, up to where the walk is.
    stray: Option<Range<usize>>,
    /// Up to there no comment, no instruction and no section ends; looked at once.
    no_close: [usize; 3],
}

/// What to do after a piece of markup: go on from there, or end the entry there.
enum Next {
    At(usize),
    End(usize),
}

impl<'a> Walker<'a, '_> {
    fn run(&mut self, from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            let Some(mark) = self.window.find_byte(b'<', at) else {
                if !self.window.last {
                    return None;
                }
                self.stray(at, self.window.bytes.len());
                for node in &mut self.stack {
                    node.complete = false;
                }
                return Some(self.window.bytes.len());
            };
            self.stray(at, mark);
            match self.markup(mark)? {
                Next::At(next) => at = next,
                Next::End(end) => return Some(end),
            }
        }
    }

    fn markup(&mut self, at: usize) -> Option<Next> {
        const LONGEST_COMMENT: usize = 1024 * 1024;
        for (index, (open, close)) in
            [("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>")].into_iter().enumerate()
        {
            match self.window.has(at, open.as_bytes()) {
                Seen::Cut => return None,
                Seen::No => {}
                Seen::Yes(inside) => {
                    let limit = self.window.bytes.len().min(inside + LONGEST_COMMENT);
                    // Two bytes back: the closing mark may begin in what was looked at before.
                    let from = inside.max(self.no_close[index].saturating_sub(2)).min(limit);
                    let found = memchr::memmem::find(&self.window.bytes[from..limit], close.as_bytes());
                    let end = match found.map(|length| from + length) {
                        // An opening mark that is not one: it must not swallow the items that follow.
                        Some(end) if self.holds_boundary(inside..end) => inside,
                        Some(end) => end + close.len(),
                        None if limit < inside + LONGEST_COMMENT && !self.window.last => return None,
                        None => {
                            self.no_close[index] = limit;
                            inside
                        }
                    };
                    if open == "<![CDATA[" {
                        self.stray(inside, end.saturating_sub(close.len()).max(inside));
                    }
                    return Some(Next::At(end));
                }
            }
        }
        match self.window.end_tag(at) {
            Seen::Yes(tag) => return Some(self.end_tag(at, self.window.slice(tag.name), tag.end)),
            Seen::Cut => return None,
            Seen::No => {}
        }
        match self.window.start_tag(at) {
            Seen::Yes(tag) => self.start_tag(at, &tag),
            Seen::Cut => None,
            Seen::No => {
                self.stray(at, at + 1);
                Some(Next::At(at + 1))
            }
        }
    }

    /// Whether an item ends or begins in a text.
    fn holds_boundary(&self, range: Range<usize>) -> bool {
        let text = self.window.slice(range);
        [&b"</item>"[..], b"<item>"].iter().any(|tag| memchr::memmem::find(text, tag).is_some())
    }

    fn end_tag(&mut self, at: usize, raw: &[u8], end: usize) -> Next {
        let name = self.names.resolve(raw);
        if !name.is_html_noise() {
            self.tell_stray();
        }
        match name.role() {
            Role::Entry(kind) if kind == self.kind => {
                if self.stack.len() > 1 {
                    self.not_closed(at);
                }
                Next::End(end)
            }
            Role::Entry(_) | Role::Wrapper => {
                self.entry_not_closed(at);
                Next::End(at)
            }
            Role::Container => {
                match self.stack.iter().rposition(|node| node.local.as_bytes() == name.local) {
                    Some(depth) if depth > 0 => {
                        if depth + 1 < self.stack.len() {
                            self.not_closed(at);
                        }
                        self.close_down_to(depth);
                    }
                    _ => self.closes_nothing(at, raw),
                }
                Next::At(end)
            }
            Role::Unknown if name.is_html_noise() => {
                self.stray(at, end);
                Next::At(end)
            }
            Role::Unknown if name.is_known_extra() => Next::At(end),
            Role::Field | Role::PlainField | Role::Unknown => {
                self.closes_nothing(at, raw);
                Next::At(end)
            }
        }
    }

    fn start_tag(&mut self, at: usize, tag: &StartTag) -> Option<Next> {
        tags::learn(self.window, self.names, tag);
        let raw = self.window.slice(tag.name.clone());
        let name = tags::name_of(self.window, self.names, tag);
        if !name.is_html_noise() {
            self.tell_stray();
        }
        match name.role() {
            Role::Entry(_) | Role::Wrapper => {
                self.entry_not_closed(at);
                Some(Next::End(at))
            }
            Role::Container => {
                self.note_prefix(&tag.name, at);
                self.open(name.local, at);
                if tag.empty {
                    self.close_down_to(self.stack.len() - 1);
                }
                Some(Next::At(tag.end))
            }
            Role::Field | Role::PlainField => {
                if is_title(name) && self.has_title && self.has_more && self.kind == EntryKind::Item {
                    self.entry_not_closed(at);
                    return Some(Next::End(at));
                }
                self.note_prefix(&tag.name, at);
                self.field(name, raw, tag, at)
            }
            Role::Unknown if name.is_html_noise() => {
                self.stray(at, tag.end);
                Some(Next::At(tag.end))
            }
            Role::Unknown => {
                if !name.is_known_extra() {
                    self.foreign.push((raw.to_vec(), at));
                }
                if tag.empty {
                    return Some(Next::At(tag.end));
                }
                // Its contents are not ours; only its end matters, and damage in it is not told.
                leaf::read(self.window, self.names, raw, tag.end, &mut Troubles::default())
                    .map(|leaf| Next::At(leaf.end))
            }
        }
    }

    fn field(&mut self, name: Name<'_>, raw: &[u8], tag: &StartTag, at: usize) -> Option<Next> {
        let (text, end, complete) = if tag.empty {
            (String::new(), tag.end, true)
        } else {
            let leaf = leaf::read(self.window, self.names, raw, tag.end, &mut self.troubles)?;
            (leaf.text, leaf.end, leaf.complete)
        };
        if !complete {
            for node in &mut self.stack {
                node.complete = false;
            }
            return Some(Next::End(end));
        }
        self.imply_container(name, at);
        self.has_title |= is_title(name);
        self.has_more |= name.belongs_to_item();
        let attributes = self.attributes(tag, at);
        let local = String::from_utf8_lossy(name.local).into_owned();
        if let Some(node) = self.stack.last_mut() {
            node.fields.push(Field { ns: name.ns, local, attributes, text, at });
        }
        Some(Next::At(end))
    }

    /// `<wp:comment_id>` and `<wp:meta_key>` outside of what they belong in: the opening tag is missing.
    fn imply_container(&mut self, name: Name<'_>, at: usize) {
        if name.ns != Ns::Wp || self.stack.len() > 1 {
            return;
        }
        let container = match name.local {
            b"comment_id" => "comment",
            b"meta_key" if self.kind == EntryKind::Item => "postmeta",
            b"meta_key" => "termmeta",
            _ => return,
        };
        self.troubles.note(ProblemKind::MissingStartTag, false, at, || {
            format!("<wp:{container}> is missing; taken to begin here")
        });
        self.open(container.as_bytes(), at);
    }

    /// Opens a container; one that cannot hold it is closed first.
    fn open(&mut self, local: &[u8], at: usize) {
        let parent_depth = match local {
            b"commentmeta" => match self.stack.get(1) {
                Some(node) if node.local == "comment" => 2,
                _ => 1,
            },
            _ => 1,
        };
        if self.stack.len() > parent_depth {
            self.not_closed(at);
            self.close_down_to(parent_depth);
        }
        let local = String::from_utf8_lossy(local).into_owned();
        self.stack.push(Node { local, fields: Vec::new(), children: Vec::new(), at, complete: true });
    }

    /// Closes containers until `depth` nodes are open.
    fn close_down_to(&mut self, depth: usize) {
        while self.stack.len() > depth.max(1) {
            if let Some(node) = self.stack.pop()
                && let Some(parent) = self.stack.last_mut()
            {
                parent.children.push(node);
            }
        }
    }

    fn entry_not_closed(&mut self, at: usize) {
        let tag = self.kind.tag();
        self.troubles.note(ProblemKind::MissingEndTag, false, at, || {
            format!("<{tag}> is not closed; it was ended where the next element begins")
        });
    }

    fn not_closed(&mut self, at: usize) {
        let open = self.stack.last().map(|node| node.local.clone()).unwrap_or_default();
        self.troubles.note(ProblemKind::MissingEndTag, false, at, || {
            format!("<wp:{open}> is not closed; it was ended here")
        });
    }

    fn closes_nothing(&mut self, at: usize, raw: &[u8]) {
        self.troubles.note(ProblemKind::MismatchedTag, false, at, || {
            format!("</{}> closes nothing; passed over", String::from_utf8_lossy(raw))
        });
    }

    /// Text or HTML between fields: the messages of PHP, mostly.
    fn stray(&mut self, from: usize, to: usize) {
        match &mut self.stray {
            Some(known) => known.end = to,
            None if self.window.slice(from..to).trim_ascii().is_empty() => {}
            None => self.stray = Some(from..to),
        }
    }

    fn tell_stray(&mut self) {
        if let Some(range) = self.stray.take() {
            let at = range.start;
            let (lost, what) = stray_text(self.window.slice(range));
            self.troubles.note(ProblemKind::StrayText, lost, at, || what);
        }
    }

    fn note_prefix(&mut self, name: &Range<usize>, at: usize) {
        if let Some(prefix) = self.names.undeclared(self.window.slice(name.clone()))
            && !self.undeclared.iter().any(|(known, _)| *known == prefix)
        {
            self.undeclared.push((prefix, at));
        }
    }

    fn attributes(&mut self, tag: &StartTag, at: usize) -> Vec<(String, String)> {
        let mut mended = Mended::default();
        let attributes = tags::attributes(self.window.slice(tag.attributes.clone()), &mut mended);
        note_mended("an attribute", mended, at, &mut self.troubles);
        attributes
    }
}

fn is_title(name: Name<'_>) -> bool {
    (name.ns, name.local) == (Ns::None, b"title")
}
