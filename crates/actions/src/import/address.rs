//! What an item was found at: its slug, the slugs it had before, its paths on the old site.
//! It must not know which are taken.

use masthead_domain::site::address::kept_path;
use masthead_domain::text::{Slug, SlugKey};
use masthead_interchange::wxr::{Post, PostKind, PostStatus};
use url::Url;

use super::reason::Reason;

/// Longest path that is kept, in bytes, as it is decoded. Servers refuse longer ones; an index of PostgreSQL too.
const LONGEST_PATH: usize = 2000;
/// Longest key of a slug, in bytes, for the same index.
pub(super) const LONGEST_KEY: usize = 1000;

/// A slug to be wished for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wish {
    pub(super) slug: Slug,
    /// What it was on the old site, where that was cut within a letter.
    pub(super) former: Option<SlugKey>,
    /// What is to be told.
    pub(super) remark: Option<(Reason, String)>,
}

/// The slug of an item: its own, else one made of `title`, else its kind and number. `tells`: whether a made one is
/// worth telling; drafts have none on the old site either.
pub(super) fn slug(post: &Post, title: &str, tells: bool) -> Wish {
    let own = own_slug(post).map(str::trim).filter(|slug| !slug.is_empty());
    if let Some(slug) = own.and_then(Slug::import).filter(|slug| slug.key().as_str().len() <= LONGEST_KEY) {
        return whole_letters(slug);
    }
    let made = Slug::make(title);
    let how = if made.is_some() { "made of the title" } else { "made of its number" };
    let slug = made.unwrap_or_else(|| numbered(post));
    let remark = match own {
        Some(own) => {
            Some(format!("“{}” can be no slug: it was {how}", own.chars().take(80).collect::<String>()))
        }
        None if tells => Some(format!("the file tells no slug: it was {how}")),
        None => None,
    };
    Wish { slug, former: None, remark: remark.map(|what| (Reason::NoSlug, what)) }
}

/// What the file tells; in the trash an item has another, and keeps its own beside it.
fn own_slug(post: &Post) -> Option<&str> {
    let slug = post.slug.as_deref();
    if post.status != Some(PostStatus::Trash) {
        return slug;
    }
    post.meta_value("_wp_desired_post_slug")
        .or_else(|| slug.map(|slug| slug.strip_suffix("__trashed").unwrap_or(slug)))
}

/// `article-123`; without a number, by the line.
fn numbered(post: &Post) -> Slug {
    let kind = if post.kind == PostKind::Page { "page" } else { "article" };
    let number = post.id.unwrap_or_else(|| i64::try_from(post.line).unwrap_or_default());
    Slug::from_stored(format!("{kind}-{number}"))
}

/// WordPress cuts slugs at 200 bytes, within a letter where it comes so: what is left of the letter goes.
fn whole_letters(slug: Slug) -> Wish {
    let text = slug.as_str();
    let mut end = text.len();
    while let Some(at) = end.checked_sub(3)
        && let [b'%', high, low] = text.as_bytes()[at..end]
        && (high.is_ascii_digit() && high > b'7' || high.is_ascii_alphabetic())
        && low.is_ascii_hexdigit()
    {
        end = at;
    }
    let cut = text[..end].trim_end_matches('-');
    match Slug::import(cut) {
        Some(whole) if cut.len() < text.len() && end < text.len() => Wish {
            former: Some(slug.key()),
            remark: Some((
                Reason::CutSlug,
                format!("its slug was cut within a letter on the old site; “{whole}” here"),
            )),
            slug: whole,
        },
        _ => Wish { slug, former: None, remark: None },
    }
}

/// The paths an item answered at on the old site, decoded, without a slash at the end: its address, and the short one
/// by its number. Too long ones are told apart.
pub(super) fn old_paths(post: &Post, base: Option<&Url>) -> (Vec<String>, Vec<String>) {
    let mut paths = Vec::new();
    if let Some(url) = post.link.as_deref().and_then(|link| Url::parse(link.trim()).ok()) {
        let path = kept_path(url.path());
        if path.len() > 1
            && Some(url.path().trim_end_matches('/')) != base.map(|base| base.path().trim_end_matches('/'))
        {
            paths.push(path);
        }
    }
    if let Some(id) = post.id {
        let folder =
            base.map(|base| kept_path(base.path())).filter(|path| path.len() > 1).unwrap_or_default();
        let name = if post.kind == PostKind::Page { "page_id" } else { "p" };
        paths.push(format!("{folder}/?{name}={id}"));
    }
    paths.into_iter().partition(|path| path.len() <= LONGEST_PATH)
}
