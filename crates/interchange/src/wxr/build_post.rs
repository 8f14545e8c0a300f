//! From the fields of an item to a post with its metadata and comments.
//! It must not know how the fields are read, nor what becomes of the post.

use super::build::{Built, Fields, comment, item_name, item_terms, kind, status};
use super::entry::Entry;
use super::moment;
use super::names::Ns;
use super::post::{Post, PostStatus};
use super::post_reading::InstantSource;
use super::problem::ProblemKind;
use super::walk::Node;
use super::window::Lines;

/// Builds the item; no entry where there is nothing in it, or where too much of it was cut off.
pub(super) fn item(mut fields: Fields<'_>, mut lines: Lines<'_>) -> Built {
    let line = lines.at(fields.node.at);
    let complete = fields.node.complete;
    let typed = fields.wp("post_type");
    let has_type = typed.is_some();
    let id = fields.reference("post_id");
    let attachment_url = fields.wp("attachment_url");
    let children = std::mem::take(&mut fields.node.children);
    let categories = item_terms(&mut fields.node);
    let content = match fields.take(Ns::Content, "encoded") {
        Some(field) => field.text,
        // A feed that is no export keeps the text here.
        None if !has_type && id.is_none() => fields.raw(Ns::None, "description"),
        None => String::new(),
    };
    let mut post = Post {
        line,
        id,
        kind: kind(typed, attachment_url.is_some()),
        title: fields.text(Ns::None, "title").unwrap_or_default(),
        link: fields.text(Ns::None, "link"),
        guid: fields.text(Ns::None, "guid"),
        slug: fields.wp("post_name"),
        creator: fields.text(Ns::Dc, "creator"),
        pub_date: None,
        post_date: fields.date("post_date"),
        post_date_gmt: fields.date("post_date_gmt").map(|utc| utc.and_utc()),
        modified: fields.date("post_modified"),
        modified_gmt: fields.date("post_modified_gmt").map(|utc| utc.and_utc()),
        status: status(fields.wp("status")),
        has_password: fields.wp("post_password").is_some(),
        content,
        excerpt: fields.raw(Ns::Excerpt, "encoded"),
        parent: fields.reference("post_parent"),
        menu_order: fields.number("menu_order").unwrap_or_default(),
        is_sticky: fields.wp("is_sticky").is_some_and(|text| text == "1"),
        comments_open: fields.wp("comment_status").map(|text| text == "open"),
        categories,
        attachment_url,
        meta: Vec::new(),
        comments: Vec::new(),
    };
    let has_date = post.post_date.is_some() || post.post_date_gmt.is_some();
    post.pub_date = rss_date(&mut fields, has_date);
    let name = item_name(&post);
    if is_empty(&post) {
        let at = fields.node.at;
        let comments = children.iter().filter(|child| child.local == "comment").count();
        if comments > 0 {
            fields.troubles.note_many(ProblemKind::EmptyEntry, true, at, comments as u64, || {
                "a comment that belongs to no item; left out".to_owned()
            });
        } else if complete {
            fields
                .troubles
                .note(ProblemKind::EmptyEntry, true, at, || "an item with nothing in it".to_owned());
        } else {
            lost_at_the_end(&mut fields);
        }
        return Built { entry: None, name };
    }
    // WordPress writes the body before the type: with a type, what readers see is whole.
    let is_essential = has_type && post.id.is_some() && post.status.is_some();
    if !complete && !is_essential {
        lost_at_the_end(&mut fields);
        return Built { entry: None, name };
    }
    add_children(&mut fields, &mut post, children, lines);
    if !complete {
        let at = fields.node.at;
        fields.troubles.note(ProblemKind::Truncated, true, at, || {
            "the file ends inside this item: it comes in with what was there; metadata or comments are missing"
                .to_owned()
        });
    }
    tell_missing(&mut fields, &post, has_type);
    Built { entry: Some(Entry::Post(Box::new(post))), name }
}

fn lost_at_the_end(fields: &mut Fields<'_>) {
    let at = fields.node.at;
    fields.troubles.note(ProblemKind::Truncated, true, at, || {
        "the file ends inside this item, too early to keep it; left out".to_owned()
    });
}

/// RSS's own date; no loss where it is wrong and the item has another.
fn rss_date(fields: &mut Fields<'_>, has_date: bool) -> Option<chrono::DateTime<chrono::Utc>> {
    let field = fields.take(Ns::None, "pubDate")?;
    match moment::rss(&field.text) {
        moment::Read::Date(date) => Some(date),
        moment::Read::None => None,
        moment::Read::Wrong => {
            fields.bad_date("pubDate", &field, !has_date);
            None
        }
    }
}

fn is_empty(post: &Post) -> bool {
    post.id.is_none()
        && post.title.is_empty()
        && post.content.trim().is_empty()
        && post.excerpt.trim().is_empty()
        && post.attachment_url.is_none()
        && post.slug.is_none()
}

fn add_children(fields: &mut Fields<'_>, post: &mut Post, children: Vec<Node>, mut lines: Lines<'_>) {
    for child in children {
        match child.local.as_str() {
            "postmeta" => add_meta(fields, post, child),
            "comment" if child.complete => {
                let line = lines.at(child.at);
                post.comments.push(comment(child, line, fields.troubles));
            }
            // A comment that was cut off is left out, which the item tells: half a sentence under somebody's name
            // is worse than none.
            _ => {}
        }
    }
}

fn add_meta(fields: &mut Fields<'_>, post: &mut Post, mut child: Node) {
    let mut text_of = |local: &str| {
        child
            .fields
            .iter_mut()
            .find(|f| f.ns == Ns::Wp && f.local == local)
            .map(|f| std::mem::take(&mut f.text))
    };
    let (key, value) = (text_of("meta_key"), text_of("meta_value"));
    match key.filter(|key| !key.trim().is_empty()) {
        Some(key) => post.meta.push((key.trim().to_owned(), value.unwrap_or_default())),
        None if value.is_some_and(|value| !value.trim().is_empty()) => {
            fields.troubles.note(ProblemKind::MissingField, true, child.at, || {
                "metadata without a key; left out".to_owned()
            });
        }
        None => {}
    }
}

fn tell_missing(fields: &mut Fields<'_>, post: &Post, has_type: bool) {
    let mut missing = Vec::new();
    if post.id.is_none() {
        missing.push("number (wp:post_id)");
    }
    if !has_type {
        missing.push("type (wp:post_type)");
    }
    if post.status.is_none() {
        missing.push("status (wp:status)");
    }
    if !missing.is_empty() {
        fields.missing(false, &format!("an item without {}", missing.join(", ")));
    }
    if post.status != Some(PostStatus::Published) {
        return;
    }
    let at = fields.node.at;
    match post.published_at() {
        Some((_, InstantSource::LocalTakenAsUtc)) => {
            fields.troubles.note(ProblemKind::LocalTime, false, at, || {
                "published, but only the local date is told and not its offset; taken for UTC".to_owned()
            });
        }
        None => fields.missing(false, "published, but no date is told"),
        Some(_) => {}
    }
}
