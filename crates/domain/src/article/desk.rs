//! An article as the desk works on it: its head, where it stands, and what must hold before each step.
//!
//! It must not know who does it: that is the policy's.

use chrono::{DateTime, Utc};

use super::lifecycle::{Status, Transition};
use super::{ArticleId, Content, Kind, TranslationGroupId};
use crate::text::LanguageTag;
use crate::user::UserId;

/// An article with its head, as an action loads it.
#[derive(Debug, Clone, PartialEq)]
pub struct Manuscript {
    /// Its key.
    pub id: ArticleId,
    /// Article or page.
    pub kind: Kind,
    /// Its language.
    pub locale: LanguageTag,
    /// Where it stands.
    pub status: Status,
    /// The number of its newest revision.
    pub version: i32,
    /// The revision in which the head's text was first written: steps of its life keep it.
    pub content_number: i32,
    /// The same of the published revision.
    pub published_content: Option<i32>,
    /// The group of its translations.
    pub translations: TranslationGroupId,
    /// When it goes live.
    pub scheduled_for: Option<DateTime<Utc>>,
    /// Before this no reader sees it, whatever its status.
    pub embargo_until: Option<DateTime<Utc>>,
    /// When readers first saw it.
    pub published_at: Option<DateTime<Utc>>,
    /// Whether readers see it now.
    pub live: bool,
    /// What the desk works on.
    pub head: Content,
}

/// The head as lists of the desk show it: everything but the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// Where the article stands.
    pub status: Status,
    /// The number of its newest revision.
    pub version: i32,
    /// When it goes live.
    pub scheduled_for: Option<DateTime<Utc>>,
    /// Before this no reader sees it.
    pub embargo_until: Option<DateTime<Utc>>,
    /// Last changed, steps of its life included.
    pub modified_at: DateTime<Utc>,
    /// Whether readers ever saw it.
    pub was_public: bool,
    /// Whether the head's text differs from what is published.
    pub has_unpublished_changes: bool,
    /// Who began it.
    pub created_by: Option<UserId>,
    /// Words in the head's text.
    pub word_count: u32,
    /// The head without its text: `body` is empty.
    pub content: Content,
}

/// What is missing before a step, by field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// The headline.
    Title,
    /// The text, or at least a picture.
    Body,
}

impl Manuscript {
    /// Whether the head's text differs from what is published.
    pub fn has_unpublished_changes(&self) -> bool {
        self.published_content.is_some_and(|published| published != self.content_number)
    }

    /// Whether an embargo hides it from readers at this moment.
    pub fn is_embargoed(&self, now: DateTime<Utc>) -> bool {
        self.embargo_until.is_some_and(|until| until > now)
    }

    /// What must still be written before the step. Readers are never shown an article without a headline and something
    /// below it.
    pub fn missing_before(&self, transition: Transition) -> Vec<Missing> {
        missing(&self.head, transition)
    }
}

/// As [`Manuscript::missing_before`], of a text that is not stored yet.
pub fn missing(head: &Content, transition: Transition) -> Vec<Missing> {
    let mut missing = Vec::new();
    let needs_text = matches!(transition, Transition::Schedule | Transition::Publish);
    if (needs_text || transition == Transition::Submit) && head.title.trim().is_empty() {
        missing.push(Missing::Title);
    }
    if needs_text && head.body.blocks().is_empty() && head.lead_image.is_none() {
        missing.push(Missing::Body);
    }
    missing
}

/// Whether `events`, in the order of the log, leave the article visible to readers: what a follower that keeps a copy of
/// the published articles goes by.
pub fn is_visible_after<'a>(
    events: impl IntoIterator<Item = &'a crate::event::Event>,
    article: ArticleId,
) -> bool {
    use crate::event::Event as E;
    let mut visible = false;
    for event in events {
        match event {
            E::ArticlePublished { article: of, .. } | E::EmbargoEnded { article: of, .. }
                if *of == article =>
            {
                visible = true;
            }
            E::ArticleArchived { article: of }
            | E::ArticleDeleted { article: of, .. }
            | E::ArticleEmbargoed { article: of, .. }
                if *of == article =>
            {
                visible = false;
            }
            _ => {}
        }
    }
    visible
}
