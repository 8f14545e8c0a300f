//! From a tree of fields to a typed entry: numbers and dates are parsed here, once.
//! It must not know how the tree was read.

use std::collections::BTreeMap;

use super::comment::{Approval, Comment, CommentKind};
use super::entry::{Author, Category, Channel, Entry, Polylang, Tag, Term};
use super::moment;
use super::names::{EntryKind, Ns};
use super::post::{ItemTerm, Post, PostKind, PostStatus};
use super::problem::{ProblemKind, Troubles};
use super::walk::{Field, Node};
use super::window::Lines;
use crate::wordpress::php;

/// The entry that `node` is, and what to call it in problems. No entry where nothing can be made of it.
pub(super) struct Built {
    pub(super) entry: Option<Entry>,
    pub(super) name: Option<String>,
}

/// Builds the entry.
pub(super) fn build(kind: EntryKind, node: Node, troubles: &mut Troubles, mut lines: Lines<'_>) -> Built {
    let mut fields = Fields { node, troubles };
    let line = lines.at(fields.node.at);
    match kind {
        EntryKind::Item => super::build_post::item(fields, lines),
        EntryKind::Author => author(&mut fields, line),
        EntryKind::Category | EntryKind::Tag | EntryKind::Term => term(kind, &mut fields, line),
    }
}

/// The channel's data from the fields before the first entry.
pub(super) fn channel(node: Node, troubles: &mut Troubles) -> Channel {
    let mut fields = Fields { node, troubles };
    Channel {
        title: fields.text(Ns::None, "title"),
        link: fields.text(Ns::None, "link"),
        description: fields.text(Ns::None, "description"),
        language: fields.text(Ns::None, "language"),
        wxr_version: fields.wp("wxr_version"),
        base_site_url: fields.wp("base_site_url"),
        base_blog_url: fields.wp("base_blog_url"),
    }
}

/// A node whose fields are taken out one by one, and where troubles with them go.
pub(super) struct Fields<'t> {
    pub(super) node: Node,
    pub(super) troubles: &'t mut Troubles,
}

impl Fields<'_> {
    /// Takes the first field of that name.
    pub(super) fn take(&mut self, ns: Ns, local: &str) -> Option<Field> {
        let found = self.node.fields.iter_mut().find(|field| field.ns == ns && field.local == local)?;
        let (attributes, text) = (std::mem::take(&mut found.attributes), std::mem::take(&mut found.text));
        // Taken, not removed: removing from a list of thousands of categories would be slow.
        let local = std::mem::take(&mut found.local);
        Some(Field { ns, local, attributes, text, at: found.at })
    }

    /// The text of a field as it stands, empty where there is none.
    pub(super) fn raw(&mut self, ns: Ns, local: &str) -> String {
        self.take(ns, local).map(|field| field.text).unwrap_or_default()
    }

    /// The trimmed text of a field, None where there is none or it is empty.
    pub(super) fn text(&mut self, ns: Ns, local: &str) -> Option<String> {
        self.take(ns, local).and_then(|field| trimmed(field.text))
    }

    pub(super) fn wp(&mut self, local: &str) -> Option<String> {
        self.text(Ns::Wp, local)
    }

    /// A whole number. Something after it (a message of PHP) is passed over; where there is none, it is told.
    pub(super) fn number(&mut self, local: &str) -> Option<i64> {
        let field = self.take(Ns::Wp, local)?;
        let text = field.text.trim();
        if text.is_empty() {
            return None;
        }
        if let Ok(number) = text.parse() {
            return Some(number);
        }
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let number = text[..digits].parse().ok();
        self.troubles.note(ProblemKind::BadNumber, false, field.at, || {
            let shown = super::problem::snippet(text);
            match number {
                Some(number) => format!("<wp:{local}> is “{shown}”; taken for {number}"),
                None => format!("<wp:{local}> is “{shown}”, which is no number"),
            }
        });
        number
    }

    /// The number of another entry: 0 stands for none.
    pub(super) fn reference(&mut self, local: &str) -> Option<i64> {
        self.number(local).filter(|id| *id > 0)
    }

    /// A date of the form `2024-05-01 12:00:00`; the zero dates of WordPress are none.
    pub(super) fn date(&mut self, local: &str) -> Option<chrono::NaiveDateTime> {
        let field = self.take(Ns::Wp, local)?;
        match moment::local(&field.text) {
            moment::Read::Date(date) => Some(date),
            moment::Read::None => None,
            moment::Read::Wrong => {
                self.bad_date(&format!("wp:{local}"), &field, true);
                None
            }
        }
    }

    pub(super) fn bad_date(&mut self, name: &str, field: &Field, lost: bool) {
        self.troubles.note(ProblemKind::BadDate, lost, field.at, || {
            format!("<{name}> is “{}”, which is no date; left out", super::problem::snippet(&field.text))
        });
    }

    pub(super) fn missing(&mut self, lost: bool, what: &str) {
        let at = self.node.at;
        self.troubles.note(ProblemKind::MissingField, lost, at, || what.to_owned());
    }
}

/// Trimmed; None where nothing is left.
pub(super) fn trimmed(text: String) -> Option<String> {
    let inner = text.trim();
    if inner.is_empty() {
        None
    } else if inner.len() == text.len() {
        Some(text)
    } else {
        Some(inner.to_owned())
    }
}

fn author(fields: &mut Fields<'_>, line: u64) -> Built {
    let id = fields.reference("author_id");
    let display_name = fields.wp("author_display_name");
    let Some(login) = fields.wp("author_login") else {
        fields.missing(true, "an author without a login, which nothing can refer to; left out");
        return Built { entry: None, name: display_name };
    };
    let name = Some(login.clone());
    let author = Author {
        line,
        id,
        login,
        email: fields.wp("author_email"),
        display_name,
        first_name: fields.wp("author_first_name"),
        last_name: fields.wp("author_last_name"),
    };
    Built { entry: Some(Entry::Author(author)), name }
}

fn term(kind: EntryKind, fields: &mut Fields<'_>, line: u64) -> Built {
    let (slug, name, parent, description) = match kind {
        EntryKind::Category => ("category_nicename", "cat_name", "category_parent", "category_description"),
        EntryKind::Tag => ("tag_slug", "tag_name", "tag_parent", "tag_description"),
        _ => ("term_slug", "term_name", "term_parent", "term_description"),
    };
    let (slug, name, parent) = (fields.wp(slug), fields.wp(name), fields.wp(parent));
    let description_field = fields.take(Ns::Wp, description);
    let description_at = description_field.as_ref().map_or(0, |field| field.at);
    let description = description_field.map(|field| field.text).unwrap_or_default();
    // Importers' own test data has words here instead of numbers; nothing refers to terms by number.
    let id = fields.wp("term_id").and_then(|text| text.parse().ok()).filter(|id| *id > 0);
    let (slug, name) = match (slug, name) {
        (Some(slug), Some(name)) => (slug, name),
        (Some(slug), None) => {
            fields.missing(false, "a term without a name; its slug was taken for it");
            (slug.clone(), slug)
        }
        (None, Some(name)) => {
            fields.missing(false, "a term without a slug; its name was taken for it");
            (name.clone(), name)
        }
        (None, None) => {
            let at = fields.node.at;
            fields.troubles.note(ProblemKind::EmptyEntry, true, at, || {
                "a term with neither slug nor name; left out".to_owned()
            });
            return Built { entry: None, name: None };
        }
    };
    let shown = Some(name.clone());
    let entry = match kind {
        EntryKind::Category => Entry::Category(Category { line, id, slug, parent, name, description }),
        EntryKind::Tag => Entry::Tag(Tag { line, id, slug, name, description }),
        _ => {
            let taxonomy = fields.wp("term_taxonomy");
            if taxonomy.is_none() {
                fields.missing(false, "a term without a taxonomy");
            }
            let taxonomy = taxonomy.unwrap_or_default();
            let polylang = polylang(&taxonomy, &description, description_at, fields.troubles);
            Entry::Term(Term { line, id, taxonomy, slug, parent, name, description, polylang })
        }
    };
    Built { entry: Some(entry), name: shown }
}

fn polylang(taxonomy: &str, description: &str, at: usize, troubles: &mut Troubles) -> Option<Polylang> {
    if !matches!(taxonomy, "language" | "post_translations" | "term_translations")
        || description.trim().is_empty()
    {
        return None;
    }
    let Ok(value) = php::parse(description) else {
        troubles.note(ProblemKind::BadSerialized, true, at, || {
            format!("the description of a term of “{taxonomy}” is no serialized PHP; its data is left out")
        });
        return None;
    };
    Some(if taxonomy == "language" {
        Polylang::Language {
            locale: value.get("locale").and_then(php::Value::as_str).map(str::to_owned),
            right_to_left: value.get("rtl").and_then(php::Value::as_int) == Some(1),
        }
    } else {
        // Beside the languages there is `sync`, an array: not a language.
        let ids: BTreeMap<String, i64> = value
            .entries()
            .iter()
            .filter_map(|(language, id)| Some((language.to_string(), id.as_int().filter(|id| *id > 0)?)))
            .collect();
        Polylang::Translations(ids)
    })
}

/// A comment; `line` is where it begins.
pub(super) fn comment(node: Node, line: u64, troubles: &mut Troubles) -> Comment {
    let mut fields = Fields { node, troubles };
    let id = fields.reference("comment_id");
    if id.is_none() {
        fields.missing(false, "a comment without a number; answers to it cannot be found");
    }
    let date = fields.date("comment_date");
    let date_gmt = fields.date("comment_date_gmt").map(|utc| utc.and_utc());
    if date_gmt.is_none() && date.is_none() {
        fields.missing(false, "a comment without a date");
    }
    Comment {
        line,
        id,
        author: fields.wp("comment_author").unwrap_or_default(),
        author_email: fields.wp("comment_author_email"),
        author_url: fields.wp("comment_author_url"),
        had_ip: fields.wp("comment_author_IP").is_some(),
        had_user_agent: fields.wp("comment_agent").is_some(),
        date,
        date_gmt,
        content: fields.raw(Ns::Wp, "comment_content"),
        approved: Approval::from_text(&fields.wp("comment_approved").unwrap_or_default()),
        kind: CommentKind::from_text(&fields.wp("comment_type").unwrap_or_default()),
        parent: fields.reference("comment_parent"),
        user_id: fields.reference("comment_user_id"),
    }
}

/// The name to give an item in problems: its title, else its slug, else its number.
pub(super) fn item_name(post: &Post) -> Option<String> {
    let title = super::problem::snippet(&post.title);
    match (title.is_empty(), &post.slug, post.id) {
        (false, _, _) => Some(title),
        (true, Some(slug), _) => Some(slug.clone()),
        (true, None, Some(id)) => Some(format!("#{id}")),
        (true, None, None) => None,
    }
}

/// Reads a status; kept here beside the other vocabulary of the format.
pub(super) fn status(text: Option<String>) -> Option<PostStatus> {
    text.map(|text| PostStatus::from_text(&text))
}

/// Reads a type; a post where there is none, an attachment where it has a file.
pub(super) fn kind(text: Option<String>, has_file: bool) -> PostKind {
    match text {
        Some(text) => PostKind::from_text(&text),
        None if has_file => PostKind::Attachment,
        None => PostKind::Post,
    }
}

/// Terms of an item, each once. Exports before WordPress 2.5 write each category twice, once without a domain.
pub(super) fn item_terms(node: &mut Node) -> Vec<ItemTerm> {
    let mut terms: Vec<ItemTerm> = Vec::new();
    let mut known = std::collections::HashSet::new();
    let mut plain = Vec::new();
    for field in node.fields.iter_mut().filter(|field| field.ns == Ns::None && field.local == "category") {
        let mut attributes = std::mem::take(&mut field.attributes);
        let mut attribute = |name: &str| {
            let found = attributes.iter_mut().find(|(key, _)| key == name)?;
            trimmed(std::mem::take(&mut found.1))
        };
        let (domain, nicename) = (attribute("domain"), attribute("nicename"));
        let name = trimmed(std::mem::take(&mut field.text));
        let Some(name) = name.or_else(|| nicename.clone()) else { continue };
        match domain {
            Some(domain) => {
                let domain = if domain == "tag" { "post_tag".to_owned() } else { domain };
                if known.insert((domain.clone(), nicename.clone().unwrap_or_else(|| name.clone()))) {
                    terms.push(ItemTerm { domain, nicename, name });
                }
            }
            None => plain.push((nicename, name)),
        }
    }
    let names: std::collections::HashSet<String> = terms.iter().map(|term| term.name.clone()).collect();
    for (nicename, name) in plain {
        let key = ("category".to_owned(), nicename.clone().unwrap_or_else(|| name.clone()));
        if !names.contains(&name) && known.insert(key) {
            terms.push(ItemTerm { domain: "category".to_owned(), nicename, name });
        }
    }
    terms
}
