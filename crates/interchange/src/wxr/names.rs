//! The vocabulary of WXR: which element names have a part in the format, whatever prefix a file gives them.
//! It must not know how tags are found, nor what their contents mean.

use std::collections::BTreeMap;

/// The namespaces that matter; everything else is `Other`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ns {
    /// No prefix: RSS itself.
    None,
    /// `http://wordpress.org/export/1.x/`
    Wp,
    /// `http://purl.org/rss/1.0/modules/content/`
    Content,
    /// `http://wordpress.org/export/1.x/excerpt/`
    Excerpt,
    /// `http://purl.org/dc/elements/1.1/`
    Dc,
    /// Any other prefix.
    Other,
}

/// An element's name, its prefix resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Name<'a> {
    pub(super) ns: Ns,
    pub(super) local: &'a [u8],
}

/// What stands on its own in an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EntryKind {
    Item,
    Author,
    Category,
    Tag,
    Term,
}

impl EntryKind {
    /// The usual spelling of its tag, for the words of problems.
    pub(super) const fn tag(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Author => "wp:author",
            Self::Category => "wp:category",
            Self::Tag => "wp:tag",
            Self::Term => "wp:term",
        }
    }
}

/// The part that an element has in the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// `item`, `wp:author`, `wp:category`, `wp:tag`, `wp:term`.
    Entry(EntryKind),
    /// `rss`, `channel`.
    Wrapper,
    /// `wp:comment`, `wp:postmeta`, `wp:commentmeta`, `wp:termmeta`.
    Container,
    /// A field with a prefix of the format: no HTML could be mistaken for it.
    Field,
    /// A field of RSS; in a body, `<title>` or `<link>` may as well be HTML.
    PlainField,
    /// Not of the format.
    Unknown,
}

impl Name<'_> {
    pub(super) fn role(self) -> Role {
        match (self.ns, self.local) {
            (Ns::None, b"item") => Role::Entry(EntryKind::Item),
            (Ns::Wp, b"author") => Role::Entry(EntryKind::Author),
            (Ns::Wp, b"category") => Role::Entry(EntryKind::Category),
            (Ns::Wp, b"tag") => Role::Entry(EntryKind::Tag),
            (Ns::Wp, b"term") => Role::Entry(EntryKind::Term),
            (Ns::None, b"rss" | b"channel") => Role::Wrapper,
            (Ns::Wp, b"comment" | b"postmeta" | b"commentmeta" | b"termmeta") => Role::Container,
            (Ns::Content | Ns::Excerpt, b"encoded") | (Ns::Wp | Ns::Dc, _) => Role::Field,
            (
                Ns::None,
                b"title" | b"link" | b"pubDate" | b"guid" | b"description" | b"category" | b"language"
                | b"generator" | b"copyright" | b"docs" | b"ttl" | b"lastBuildDate" | b"managingEditor"
                | b"webMaster",
            ) => Role::PlainField,
            _ => Role::Unknown,
        }
    }

    /// Fields whose text is long and free, so that HTML tags in it are text and not a sign of damage.
    pub(super) fn holds_html(self) -> bool {
        matches!(
            (self.ns, self.local),
            (Ns::Content | Ns::Excerpt, _)
                | (Ns::None, b"description")
                | (
                    Ns::Wp,
                    b"comment_content"
                        | b"meta_value"
                        | b"category_description"
                        | b"tag_description"
                        | b"term_description"
                )
        )
    }

    /// Fields that only an item has: outside of one they tell that its `<item>` is missing.
    pub(super) fn belongs_to_item(self) -> bool {
        match (self.ns, self.local) {
            (Ns::Content | Ns::Excerpt, b"encoded") | (Ns::Dc, b"creator") | (Ns::None, b"guid") => true,
            (Ns::Wp, local) => {
                local.starts_with(b"post_")
                    || matches!(local, b"status" | b"comment_status" | b"ping_status" | b"attachment_url")
            }
            _ => false,
        }
    }

    /// Elements that feeds carry beside an export's own, and that hold nothing an import could use.
    pub(super) fn is_known_extra(self) -> bool {
        matches!(
            self.local,
            b"comments" | b"commentRss" | b"enclosure" | b"source" | b"updatePeriod" | b"updateFrequency"
        ) || matches!((self.ns, self.local), (Ns::None, b"cloud" | b"image" | b"textInput"))
    }

    /// HTML that error messages are made of: `<br />\n<b>Warning</b>: …`.
    pub(super) fn is_html_noise(self) -> bool {
        self.ns == Ns::None
            && matches!(
                self.local.to_ascii_lowercase().as_slice(),
                b"a" | b"b"
                    | b"body"
                    | b"br"
                    | b"code"
                    | b"div"
                    | b"em"
                    | b"font"
                    | b"h1"
                    | b"h2"
                    | b"h3"
                    | b"head"
                    | b"hr"
                    | b"html"
                    | b"i"
                    | b"img"
                    | b"li"
                    | b"meta"
                    | b"p"
                    | b"pre"
                    | b"script"
                    | b"small"
                    | b"span"
                    | b"strong"
                    | b"style"
                    | b"table"
                    | b"tbody"
                    | b"td"
                    | b"th"
                    | b"tr"
                    | b"tt"
                    | b"ul"
            )
    }
}

/// What the file has declared so far, and what it used without declaring it.
#[derive(Debug, Default)]
pub(super) struct Names {
    declared: Vec<(Vec<u8>, Ns)>,
    undeclared: Vec<&'static str>,
    foreign: BTreeMap<String, (u64, u64)>,
}

/// More different prefixes than any export has; a hostile file gets no further memory.
const MOST_PREFIXES: usize = 64;

impl Names {
    /// Learns `xmlns:prefix="uri"`. The first meaning of a prefix that the format knows stays.
    pub(super) fn declare(&mut self, prefix: &[u8], uri: &str) {
        let ns = namespace(uri);
        let has_room = self.declared.len() < MOST_PREFIXES;
        match self.declared.iter_mut().find(|(known, _)| known == prefix) {
            Some((_, known)) if *known == Ns::Other => *known = ns,
            Some(_) => {}
            None if has_room => self.declared.push((prefix.to_vec(), ns)),
            None => {}
        }
    }

    /// By URI where the prefix is declared, by the usual prefix where it is not.
    pub(super) fn resolve<'a>(&self, raw: &'a [u8]) -> Name<'a> {
        let Some(colon) = memchr::memchr(b':', raw) else { return Name { ns: Ns::None, local: raw } };
        let (prefix, local) = (&raw[..colon], &raw[colon + 1..]);
        let usual = usual_prefix(prefix);
        let ns = match self.declared.iter().find(|(known, _)| known == prefix) {
            Some((_, ns)) if *ns != Ns::Other => *ns,
            // Declared with a mistyped URI: it still means what it always means, unless another prefix does.
            Some(_) if self.declared.iter().any(|(_, ns)| *ns == usual) => Ns::Other,
            _ => usual,
        };
        Name { ns, local }
    }

    /// The prefix of `raw`, where it is one of the usual ones and nothing declares it.
    pub(super) fn undeclared(&self, raw: &[u8]) -> Option<&'static str> {
        let prefix = &raw[..memchr::memchr(b':', raw)?];
        let name = match usual_prefix(prefix) {
            Ns::Wp => "wp",
            Ns::Content => "content",
            Ns::Excerpt => "excerpt",
            Ns::Dc => "dc",
            Ns::None | Ns::Other => return None,
        };
        (!self.declared.iter().any(|(known, _)| known == prefix)).then_some(name)
    }

    /// True the first time that `prefix` is told; each is told once a file.
    pub(super) fn tell_undeclared(&mut self, prefix: &'static str) -> bool {
        let first = !self.undeclared.contains(&prefix);
        if first {
            self.undeclared.push(prefix);
        }
        first
    }

    /// Counts an element that nothing here reads; they are told once, at the end.
    pub(super) fn count_foreign(&mut self, raw: &[u8], line: impl FnOnce() -> u64) {
        const MOST_NAMES: usize = 200;
        let name = String::from_utf8_lossy(raw);
        if let Some((_, count)) = self.foreign.get_mut(name.as_ref()) {
            *count += 1;
        } else if self.foreign.len() < MOST_NAMES {
            self.foreign.insert(name.into_owned(), (line(), 1));
        }
    }

    /// The elements nothing read: name, first line, how many.
    pub(super) fn take_foreign(&mut self) -> BTreeMap<String, (u64, u64)> {
        std::mem::take(&mut self.foreign)
    }
}

fn usual_prefix(prefix: &[u8]) -> Ns {
    match prefix {
        b"wp" => Ns::Wp,
        b"content" => Ns::Content,
        b"excerpt" => Ns::Excerpt,
        b"dc" => Ns::Dc,
        _ => Ns::Other,
    }
}

/// Versions 1.0, 1.1 and 1.2 differ in the URI; a mistyped scheme or a missing slash does no harm.
pub(super) fn namespace(uri: &str) -> Ns {
    let uri = uri.trim().trim_end_matches('/');
    if uri.contains("wordpress.org/export/") {
        if uri.ends_with("/excerpt") { Ns::Excerpt } else { Ns::Wp }
    } else if uri.contains("purl.org/rss/1.0/modules/content") {
        Ns::Content
    } else if uri.contains("purl.org/dc/elements") {
        Ns::Dc
    } else {
        Ns::Other
    }
}
