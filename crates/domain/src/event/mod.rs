//! What can happen in a newsroom, as data. Written in the transaction of the change; everything that follows
//! a change (indexes, caches, mail) reads these.
//!
//! An event holds keys and enums only, never text or addresses, so that what is erased is gone here too.

use serde::{Deserialize, Serialize};

use crate::article::ArticleId;
use crate::author::AuthorId;
use crate::comment::CommentId;
use crate::section::SectionId;
use crate::tag::TagId;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Event {
    /// An article came to be, not public.
    ArticleCreated {
        /// Which.
        article: ArticleId,
    },
    /// Readers see an article, or a new revision of it.
    ArticlePublished {
        /// Which.
        article: ArticleId,
        /// Its published revision's number.
        revision: i32,
    },
    /// An article answers at a new slug; the old one stays a former slug.
    SlugChanged {
        /// Which.
        article: ArticleId,
    },
    /// Everyone sees a comment.
    CommentPublished {
        /// Which.
        comment: CommentId,
        /// Below which article.
        article: ArticleId,
    },
    /// A comment waits for a moderator.
    CommentHeld {
        /// Which.
        comment: CommentId,
        /// Below which article.
        article: ArticleId,
    },
    /// A section was made or changed.
    SectionChanged {
        /// Which.
        section: SectionId,
    },
    /// A tag was made or changed.
    TagChanged {
        /// Which.
        tag: TagId,
    },
    /// An author was made or changed.
    AuthorChanged {
        /// Which.
        author: AuthorId,
    },
    /// The site's settings changed.
    SiteChanged,
}

impl Event {
    /// The kind, as it is stored.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::ArticleCreated { .. } => "ARTICLE_CREATED",
            Self::ArticlePublished { .. } => "ARTICLE_PUBLISHED",
            Self::SlugChanged { .. } => "SLUG_CHANGED",
            Self::CommentPublished { .. } => "COMMENT_PUBLISHED",
            Self::CommentHeld { .. } => "COMMENT_HELD",
            Self::SectionChanged { .. } => "SECTION_CHANGED",
            Self::TagChanged { .. } => "TAG_CHANGED",
            Self::AuthorChanged { .. } => "AUTHOR_CHANGED",
            Self::SiteChanged => "SITE_CHANGED",
        }
    }

    /// The key of what it happened to; 0 for the site.
    pub const fn subject(&self) -> i64 {
        match self {
            Self::ArticleCreated { article }
            | Self::ArticlePublished { article, .. }
            | Self::SlugChanged { article } => article.get(),
            Self::CommentPublished { comment, .. } | Self::CommentHeld { comment, .. } => comment.get(),
            Self::SectionChanged { section } => section.get(),
            Self::TagChanged { tag } => tag.get(),
            Self::AuthorChanged { author } => author.get(),
            Self::SiteChanged => 0,
        }
    }
}
