//! An item of an export: a post, a page, an attachment, or what else WordPress keeps as one.
//! It must not know how it is read, nor what becomes an article.

use chrono::{DateTime, NaiveDateTime, Utc};

use super::comment::Comment;

/// An item. Texts are as the file has them: titles and names may hold HTML entities
/// (see [`crate::wordpress::plain_text`]), bodies are for [`crate::wordpress::content`].
#[derive(Debug, Clone, PartialEq)]
pub struct Post {
    /// Where the item begins in the file.
    pub line: u64,
    /// WordPress's number. None where the file has none. Not unique in every file.
    pub id: Option<i64>,
    /// What it is; a post where the file does not say.
    pub kind: PostKind,
    /// The title, empty where there is none.
    pub title: String,
    /// Its address on the old site.
    pub link: Option<String>,
    /// Its first address; never changed since.
    pub guid: Option<String>,
    /// `post_name` as it stands: percent-encoded perhaps, cut at 200 bytes perhaps in the middle of a character.
    /// None for most drafts.
    pub slug: Option<String>,
    /// Login of the author. Need not be declared.
    pub creator: Option<String>,
    /// RSS's own date.
    pub pub_date: Option<DateTime<Utc>>,
    /// In the site's local time, without its offset. None where the file has none or `0000-00-00`.
    pub post_date: Option<NaiveDateTime>,
    /// In UTC. None where the file has none or `0000-00-00`, as drafts have.
    pub post_date_gmt: Option<DateTime<Utc>>,
    /// Last change, local; only since WordPress 5.7.
    pub modified: Option<NaiveDateTime>,
    /// Last change, UTC; only since WordPress 5.7.
    pub modified_gmt: Option<DateTime<Utc>>,
    /// None where the file does not say: then nothing says that readers may see it.
    pub status: Option<PostStatus>,
    /// Whether it needs a password. The password itself is not kept.
    pub has_password: bool,
    /// The body: HTML with block comments, or what the classic editor left.
    pub content: String,
    /// The hand-made excerpt, HTML; empty where there is none.
    pub excerpt: String,
    /// Number of the item above: of a page its parent page, of an attachment what it was uploaded to.
    pub parent: Option<i64>,
    /// Place among its siblings; 0 for most.
    pub menu_order: i64,
    /// Whether it stays on top of the front page.
    pub is_sticky: bool,
    /// Whether comments may be left. None where the file does not say.
    pub comments_open: Option<bool>,
    /// Terms of all taxonomies, in the file's order, each once.
    pub categories: Vec<ItemTerm>,
    /// Of an attachment: the address of the file.
    pub attachment_url: Option<String>,
    /// Everything plugins and WordPress keep beside the item, in the file's order; keys may repeat.
    pub meta: Vec<(String, String)>,
    /// In the file's order, which need not be the order of time; answers may come before what they answer.
    pub comments: Vec<Comment>,
}

/// What an item is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostKind {
    /// `post`
    Post,
    /// `page`
    Page,
    /// `attachment`: a picture or another file.
    Attachment,
    /// Custom types, menus, templates, revisions, reusable blocks: the type as it stands.
    Other(String),
}

impl PostKind {
    /// The type as WordPress writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Post => "post",
            Self::Page => "page",
            Self::Attachment => "attachment",
            Self::Other(name) => name,
        }
    }

    pub(super) fn from_text(text: &str) -> Self {
        match text {
            "post" => Self::Post,
            "page" => Self::Page,
            "attachment" => Self::Attachment,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// Where an item is in its life. Only [`PostStatus::Published`] is for everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostStatus {
    /// `publish`
    Published,
    /// `future`: to be published at its date.
    Scheduled,
    /// `draft`
    Draft,
    /// `pending`: waits for an editor.
    Pending,
    /// `private`: for signed-in editors only.
    Private,
    /// `trash`
    Trash,
    /// `auto-draft`: opened in the editor and never saved.
    AutoDraft,
    /// `inherit`: of attachments and revisions; as visible as what they belong to.
    Inherit,
    /// What a plugin set, as it stands.
    Other(String),
}

impl PostStatus {
    pub(super) fn from_text(text: &str) -> Self {
        match text {
            "publish" => Self::Published,
            "future" => Self::Scheduled,
            "draft" => Self::Draft,
            "pending" => Self::Pending,
            "private" => Self::Private,
            "trash" => Self::Trash,
            "auto-draft" => Self::AutoDraft,
            "inherit" => Self::Inherit,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// A term that an item carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemTerm {
    /// The taxonomy: `category`, `post_tag`, `post_format`, `author`, `language`, `post_translations` …
    pub domain: String,
    /// The term's slug as it stands. None in exports before WordPress 2.5.
    pub nicename: Option<String>,
    /// The term's name; may hold HTML entities.
    pub name: String,
}
