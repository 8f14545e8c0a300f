//! An article: one language, one main section or none, typed body, and a life with two revisions.
//!
//! The *head* is what the desk works on, the *published* revision is what readers see. The types for
//! reading ([`Card`], [`Details`]) hold the *shown* one: the published revision, or the head before there is one, which only
//! the desk sees; [`Content`] is what a revision holds.

pub mod body;
pub mod correction;
pub mod desk;
pub mod diff;
pub mod lifecycle;
pub mod revision;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use body::Body;
pub use correction::{Correction, CorrectionKind};
pub use lifecycle::Status;

use crate::author::{AuthorId, AuthorLine};
use crate::comment::Policy;
use crate::comment::pipeline::Closing;
use crate::media::{Image, ImageId};
use crate::section::{SectionId, SectionLine};
use crate::tag::TagId;
use crate::text::{Direction, LanguageTag, Slug};

/// The key of an article.
pub type ArticleId = crate::Id<Card>;
/// The key of a group of articles that are translations of each other.
pub type TranslationGroupId = crate::Id<Translation>;

/// An article of the news, or a page (about, contact) that is in no list and no feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// In lists and feeds by its date.
    Article,
    /// Found by its address only.
    Page,
}

/// What a list, a teaser or the head of an article page shows: everything of an article but its body.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// Its key.
    pub id: ArticleId,
    /// Article or page.
    pub kind: Kind,
    /// The language it is written in.
    pub locale: LanguageTag,
    /// Its slug, unique in its language.
    pub slug: Slug,
    /// The reading direction of its text.
    pub direction: Direction,
    /// The headline, plain text.
    pub title: String,
    /// A second line below the headline.
    pub subtitle: Option<String>,
    /// A teaser, plain text.
    pub excerpt: Option<String>,
    /// First published; `None` before that.
    pub published_at: Option<DateTime<Utc>>,
    /// Last published change; before the first publication, the last change.
    pub modified_at: DateTime<Utc>,
    /// Words in the body.
    pub word_count: u32,
    /// Minutes to read the body.
    pub reading_minutes: u32,
    /// Breaking news.
    pub breaking: bool,
    /// Public comments, replies included.
    pub comment_count: u32,
    /// Public comments that answer no other.
    pub thread_count: u32,
    /// The article's own rule for comments; `None` follows the site's.
    pub comment_policy: Option<Policy>,
    /// When comments close by its age, as it or its section says; `None`: as the site does.
    pub comments_close: Option<Closing>,
    /// Its main section; `None` for a page, or for an article in no section.
    pub section: Option<SectionLine>,
    /// Its authors in their order.
    pub authors: Vec<AuthorLine>,
    /// The picture shown with it.
    pub lead_image: Option<Image>,
    /// The group of its translations.
    pub translations: TranslationGroupId,
}

/// What only the article's own page shows. Never read for lists.
#[derive(Debug, Clone, PartialEq)]
pub struct Details {
    /// The body as typed blocks, with what was derived from them when it was saved.
    pub body: SavedBody,
    /// Rights of use.
    pub rights: Rights,
    /// What search engines and previews are told.
    pub seo: Seo,
}

/// A body as it is stored: the blocks, and HTML and plain text derived from them at save.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedBody {
    /// The source of the other two.
    pub blocks: Body,
    /// Sanitised HTML.
    pub html: String,
    /// Plain text, blocks divided by blank lines.
    pub text: String,
}

/// Rights of use of an article.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rights {
    /// A licence's name or address; `None`: all rights reserved.
    pub licence: Option<String>,
    /// A notice to print with the text; `None` falls back to the site's copyright notice.
    pub notice: Option<String>,
    /// Whether others may take the article over by feed or interface.
    pub syndicatable: bool,
}

/// What search engines and link previews are told, where it differs from title and excerpt.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Seo {
    /// Instead of the title.
    pub title: Option<String>,
    /// Instead of the excerpt.
    pub description: Option<String>,
}

/// The same story in another language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translation {
    /// The other article's key.
    pub id: ArticleId,
    /// Its slug.
    pub slug: Slug,
    /// Its language.
    pub locale: LanguageTag,
    /// Its headline.
    pub title: String,
}

/// What one revision of an article holds: all that an editor can write.
#[derive(Debug, Clone, PartialEq)]
pub struct Content {
    /// The slug wished for; the store makes it unique in its language.
    pub slug: Slug,
    /// The headline; may be empty only in a draft.
    pub title: String,
    /// A second line below the headline.
    pub subtitle: Option<String>,
    /// A teaser.
    pub excerpt: Option<String>,
    /// Set by the author; `None` derives it from the text.
    pub direction: Option<Direction>,
    /// The text.
    pub body: Body,
    /// The picture shown with it.
    pub lead_image: Option<ImageId>,
    /// The main section.
    pub section: Option<SectionId>,
    /// Further sections.
    pub other_sections: Vec<SectionId>,
    /// Tags in their order.
    pub tags: Vec<TagId>,
    /// Authors in their order.
    pub authors: Vec<AuthorId>,
    /// Breaking news.
    pub breaking: bool,
    /// The article's own rule for comments.
    pub comment_policy: Option<Policy>,
    /// Rights of use.
    pub rights: Rights,
    /// For search engines.
    pub seo: Seo,
}

impl Content {
    /// The direction of the whole article: as set, else by the first strong character of headline, excerpt
    /// or text, else by its language.
    pub fn direction(&self, locale: &LanguageTag) -> Direction {
        self.direction
            .or_else(|| Direction::first_strong(&self.title))
            .or_else(|| self.excerpt.as_deref().and_then(Direction::first_strong))
            .unwrap_or_else(|| locale.direction())
    }
}
