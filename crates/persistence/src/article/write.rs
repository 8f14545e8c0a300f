//! Writing articles: a new one with its first revision, and the columns and lists that readers see.

use chrono::{DateTime, Utc};
use masthead_domain::article::revision::Change;
use masthead_domain::article::{ArticleId, Content, Correction, Kind, Status, TranslationGroupId};
use masthead_domain::event::Event;
use masthead_domain::text::{Direction, LanguageTag, Slug};
use masthead_domain::user::UserId;
use sea_orm::Value;
use serde::Serialize;

use super::enlist::Listed;
use super::revision::{Measures, NewRevision};
use crate::columns::Columns;
use crate::store::StoreError;
use crate::tx::Tx;

/// An article to be stored, with the one revision it has.
#[derive(Debug, Clone)]
pub struct NewArticle {
    /// Article or page.
    pub kind: Kind,
    /// Its language.
    pub locale: LanguageTag,
    /// What its revision holds.
    pub content: Content,
    /// Where it stands in its life. Published: the revision is the published one.
    pub status: Status,
    /// The group of its translations; `None` begins one of its own.
    pub translations: Option<TranslationGroupId>,
    /// First published; must be there where `status` is published.
    pub published_at: Option<DateTime<Utc>>,
    /// Last changed.
    pub modified_at: DateTime<Utc>,
    /// When it goes live; must be there where `status` is scheduled.
    pub scheduled_for: Option<DateTime<Utc>>,
    /// Before this no reader sees it, whatever its status.
    pub embargo_until: Option<DateTime<Utc>>,
    /// Kept at the top of its lists by whoever draws them.
    pub sticky: bool,
    /// Who began it, and wrote the revision.
    pub editor: Option<UserId>,
    /// Why: what the revision's history shows.
    pub reason: Option<String>,
}

/// An article that was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredArticle {
    /// Its key.
    pub id: ArticleId,
    /// The slug that it got: the one wished for, or a numbered one where that was taken.
    pub slug: Slug,
    /// The group of its translations.
    pub translations: TranslationGroupId,
}

/// What is shown of an article: a revision's content.
pub(super) struct Shown<'a> {
    pub(super) content: &'a Content,
    pub(super) measures: Measures,
    pub(super) modified_at: DateTime<Utc>,
}

impl Tx {
    /// Stores an article, puts it into its lists where readers may see it, and logs that it was made and published.
    pub async fn article_create(
        &self,
        new: &NewArticle,
        now: DateTime<Utc>,
    ) -> Result<StoredArticle, StoreError> {
        self.lists_share().await?;
        let group = match new.translations {
            Some(group) if self.group_lacks(group, &new.locale).await? => group,
            _ => self.translation_group_create().await?,
        };
        let slug = self.free_article_slug(&new.locale, &new.content.slug, None).await?;
        let id: ArticleId = self
            .insert(
                "INSERT INTO articles (kind, locale, slug, slug_key, status, version, translation_group, scheduled_for, sticky, created_at, changed_at, embargo_until, created_by) \
                 VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9, $10, $11, $12) RETURNING id",
                vec![
                    word(&new.kind)?,
                    new.locale.as_str().into(),
                    slug.as_str().into(),
                    slug.key().as_str().into(),
                    word(&new.status)?,
                    group.get().into(),
                    new.scheduled_for.map(|at| at.timestamp_micros()).into(),
                    new.sticky.into(),
                    now.timestamp_micros().into(),
                    new.modified_at.timestamp_micros().into(),
                    new.embargo_until.map(|at| at.timestamp_micros()).into(),
                    new.editor.map(|user| user.get()).into(),
                ],
            )
            .await?;
        let revision = NewRevision {
            article: id,
            number: 1,
            content_number: 1,
            change: Change::Created,
            slug: &slug,
            editor: new.editor,
            reason: new.reason.as_deref(),
        };
        let (revision, measures) = self.revision_add(&revision, &new.content, &new.locale, now).await?;
        self.run(
            "UPDATE articles SET head_revision = $2 WHERE id = $1",
            vec![id.get().into(), revision.into()],
        )
        .await?;
        self.desk_relations(id, &new.content).await?;
        self.append(Event::ArticleCreated { article: id }, now);
        let published = new.published_at.filter(|_| new.status == Status::Published);
        let shown = Shown { content: &new.content, measures, modified_at: new.modified_at };
        let listed = Listed {
            id,
            kind: new.kind,
            locale: &new.locale,
            at: published.unwrap_or(now),
            live: published.is_some() && new.embargo_until.is_none_or(|until| until <= now),
        };
        if let Some(published_at) = published {
            let seen_at = listed.live.then(|| published_at.timestamp_micros());
            self.run(
                "UPDATE articles SET published_revision = $2, published_at = $3 WHERE id = $1",
                vec![id.get().into(), revision.into(), seen_at.into()],
            )
            .await?;
            self.append(
                if listed.live {
                    Event::ArticlePublished { article: id, revision: 1, appeared: true }
                } else {
                    Event::ArticleEmbargoed { article: id, revision: 1 }
                },
                now,
            );
        }
        self.show(listed, &shown).await?;
        Ok(StoredArticle { id, slug, translations: group })
    }

    /// Whether there is any article, public or not.
    pub async fn has_articles(&self) -> Result<bool, StoreError> {
        Ok(self.row("SELECT 1 FROM articles LIMIT 1", vec![]).await?.is_some())
    }

    /// Adds a public note to an article. `revision` is the number of the one that it tells of, `editor` who wrote it.
    pub async fn correction_add(
        &self,
        article: ArticleId,
        correction: &Correction,
        revision: Option<i32>,
        editor: Option<UserId>,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO corrections (article_id, published_at, kind, note, revision, editor_id) VALUES ($1, $2, $3, $4, $5, $6)",
            vec![
                article.get().into(),
                correction.published_at.timestamp_micros().into(),
                word(&correction.kind)?,
                correction.note.as_str().into(),
                revision.into(),
                editor.map(|user| user.get()).into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// Replaces an article's pins, in this order. An article cannot be pinned to itself, nor twice.
    pub async fn related_pin(&self, article: ArticleId, related: &[ArticleId]) -> Result<(), StoreError> {
        self.run("DELETE FROM related_pins WHERE article_id = $1", vec![article.get().into()]).await?;
        for (position, other) in related.iter().enumerate().filter(|(_, other)| **other != article) {
            self.run(
                "INSERT INTO related_pins (article_id, position, related_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                vec![article.get().into(), ordinal(position).into(), other.get().into()],
            )
            .await?;
        }
        Ok(())
    }

    /// The language and the reading direction of an article, whoever may see it; `None`: no such article.
    pub async fn article_language(
        &self,
        id: ArticleId,
    ) -> Result<Option<(LanguageTag, Option<Direction>)>, StoreError> {
        let row =
            self.row("SELECT locale, direction FROM articles WHERE id = $1", vec![id.get().into()]).await?;
        let Some(row) = row else { return Ok(None) };
        let mut columns = Columns::of(&row);
        Ok(Some((columns.locale()?, columns.word_or_none("articles.direction")?)))
    }

    /// Copies the texts of the revision to be shown to the article's row, and puts it into its lists where readers see it.
    pub(super) async fn show(&self, listed: Listed<'_>, shown: &Shown<'_>) -> Result<(), StoreError> {
        let Shown { content, measures, modified_at } = shown;
        self.run(
            "UPDATE articles SET live = $2, title = $3, subtitle = $4, excerpt = $5, direction = $6, \
             modified_at = $7, word_count = $8, reading_minutes = $9, breaking = $10, comment_policy = $11, \
             section_id = $12, lead_image_id = $13 WHERE id = $1",
            vec![
                listed.id.get().into(),
                listed.live.into(),
                content.title.as_str().into(),
                content.subtitle.clone().into(),
                content.excerpt.clone().into(),
                word(&measures.direction)?,
                listed.live.then(|| (*modified_at).max(listed.at).timestamp_micros()).into(),
                measures.words.into(),
                measures.minutes.into(),
                content.breaking.into(),
                content.comment_policy.map(|policy| policy.as_str()).into(),
                content.section.map(|id| id.get()).into(),
                content.lead_image.map(|id| id.get()).into(),
            ],
        )
        .await?;
        self.enlist(listed, content).await
    }

    /// Says whose the head is, and of which sections: by this the desk finds it, and the policy decides.
    pub(super) async fn desk_relations(&self, id: ArticleId, content: &Content) -> Result<(), StoreError> {
        let sections: Vec<_> =
            content.section.into_iter().chain(content.other_sections.iter().copied()).collect();
        for (table, owner, owners, keys) in [
            ("desk_authors", "author_id", "authors", crate::reads::keys(&content.authors)),
            ("desk_sections", "section_id", "sections", crate::reads::keys(&sections)),
        ] {
            self.run(&format!("DELETE FROM {table} WHERE article_id = $1"), vec![id.get().into()]).await?;
            self.run(
                &format!(
                    "INSERT INTO {table} (article_id, {owner}) SELECT $1, o.id FROM {owners} o \
                     WHERE o.id IN (SELECT CAST(value AS INTEGER) FROM json_each($2))"
                ),
                vec![id.get().into(), keys],
            )
            .await?;
        }
        Ok(())
    }

    /// A new group of translations, for an article that leaves its own.
    pub async fn translation_group_create(&self) -> Result<TranslationGroupId, StoreError> {
        self.insert("INSERT INTO translation_groups DEFAULT VALUES RETURNING id", vec![]).await
    }

    /// Whether a group has no article in this language yet.
    pub async fn group_lacks(
        &self,
        group: TranslationGroupId,
        locale: &LanguageTag,
    ) -> Result<bool, StoreError> {
        let row = self
            .row(
                "SELECT 1 FROM articles WHERE translation_group = $1 AND locale = $2",
                vec![group.get().into(), locale.as_str().into()],
            )
            .await?;
        Ok(row.is_none())
    }
}

/// The name that serde gives one of the domain's words.
pub(crate) fn word<T: Serialize>(value: &T) -> Result<Value, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word.into()),
        _ => Err(StoreError::Unreadable { column: "word", why: "not a plain enum".into() }),
    }
}

pub(super) fn optional_word<T: Serialize>(value: Option<&T>) -> Result<Value, StoreError> {
    match value {
        Some(value) => word(value),
        None => Ok(None::<String>.into()),
    }
}

pub(super) fn ordinal(position: usize) -> i32 {
    i32::try_from(position).unwrap_or(i32::MAX)
}
