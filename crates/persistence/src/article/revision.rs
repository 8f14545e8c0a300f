//! Storing a revision: with a text that is new, from which HTML, plain text and counts are derived, or with the head's
//! once more, which the database copies.
//!
//! It must not know what the revision does to its article.

use chrono::{DateTime, Utc};
use masthead_domain::article::revision::Change;
use masthead_domain::article::{ArticleId, Content, body};
use masthead_domain::text::{Direction, LanguageTag, Slug};
use masthead_domain::user::UserId;

use super::write::{optional_word, word};
use crate::columns::Columns;
use crate::row::Row;
use crate::site::json;
use crate::store::StoreError;
use crate::tx::Tx;

/// A revision to be stored, apart from what it holds.
pub(super) struct NewRevision<'a> {
    pub(super) article: ArticleId,
    pub(super) number: i32,
    pub(super) content_number: i32,
    pub(super) change: Change,
    pub(super) slug: &'a Slug,
    pub(super) editor: Option<UserId>,
    pub(super) reason: Option<&'a str>,
}

/// What an article's row says of the revision that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Measures {
    pub(super) direction: Direction,
    pub(super) words: i32,
    pub(super) minutes: i32,
}

impl Tx {
    /// Stores a revision that holds `content`, and derives from it what is read later. Its key.
    pub(super) async fn revision_add(
        &self,
        revision: &NewRevision<'_>,
        content: &Content,
        locale: &LanguageTag,
        now: DateTime<Utc>,
    ) -> Result<(i64, Measures), StoreError> {
        let direction = content.direction(locale);
        let text = content.body.text();
        let words = body::word_count(&text);
        let row = self
            .row(
                "INSERT INTO revisions (article_id, number, created_at, editor_id, reason, slug, title, subtitle, excerpt, direction, \
                 blocks, html, body_text, word_count, reading_minutes, lead_image_id, section_id, other_sections, tags, authors, \
                 breaking, comment_policy, rights, seo, change, content_number) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
                 $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26) RETURNING id, word_count, reading_minutes",
                vec![
                    revision.article.get().into(),
                    revision.number.into(),
                    now.timestamp_micros().into(),
                    revision.editor.map(|id| id.get()).into(),
                    revision.reason.map(str::to_owned).into(),
                    revision.slug.as_str().into(),
                    content.title.as_str().into(),
                    content.subtitle.clone().into(),
                    content.excerpt.clone().into(),
                    optional_word(content.direction.as_ref())?,
                    json(&content.body)?,
                    content.body.html(direction).into(),
                    text.into(),
                    small(words).into(),
                    small(body::reading_minutes(words)).into(),
                    content.lead_image.map(|id| id.get()).into(),
                    content.section.map(|id| id.get()).into(),
                    json(&content.other_sections)?,
                    json(&content.tags)?,
                    json(&content.authors)?,
                    content.breaking.into(),
                    content.comment_policy.map(|policy| policy.as_str()).into(),
                    json(&content.rights)?,
                    json(&content.seo)?,
                    word(&revision.change)?,
                    revision.content_number.into(),
                ],
            )
            .await?;
        stored(row, direction)
    }

    /// Stores a revision that holds what the head holds: a step of an article's life. The text does not leave the
    /// database, so that it stays as it is to the byte and a long one costs no more than a short one. `direction` is the
    /// head's.
    pub(super) async fn revision_repeat(
        &self,
        revision: &NewRevision<'_>,
        direction: Direction,
        now: DateTime<Utc>,
    ) -> Result<(i64, Measures), StoreError> {
        const HELD: &str = "title, subtitle, excerpt, direction, blocks, html, body_text, word_count, reading_minutes, lead_image_id, \
             section_id, other_sections, tags, authors, breaking, comment_policy, rights, seo";
        let sql = format!(
            "INSERT INTO revisions (article_id, number, created_at, editor_id, reason, slug, change, content_number, {HELD}) \
             SELECT $1, $2, $3, $4, $5, $6, $7, $8, {HELD} FROM revisions \
             WHERE id = (SELECT head_revision FROM articles WHERE articles.id = $1) RETURNING id, word_count, reading_minutes"
        );
        let row = self
            .row(
                &sql,
                vec![
                    revision.article.get().into(),
                    revision.number.into(),
                    now.timestamp_micros().into(),
                    revision.editor.map(|id| id.get()).into(),
                    revision.reason.map(str::to_owned).into(),
                    revision.slug.as_str().into(),
                    word(&revision.change)?,
                    revision.content_number.into(),
                ],
            )
            .await?;
        stored(row, direction)
    }
}

/// The key and the measures of a revision that was inserted.
fn stored(row: Option<Row>, direction: Direction) -> Result<(i64, Measures), StoreError> {
    let row = row.ok_or_else(|| StoreError::Unreadable {
        column: "articles.head_revision",
        why: "an article has no revision to follow".into(),
    })?;
    let mut columns = Columns::of(&row);
    let key = columns.next()?;
    Ok((key, Measures { direction, words: columns.next()?, minutes: columns.next()? }))
}

fn small(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
