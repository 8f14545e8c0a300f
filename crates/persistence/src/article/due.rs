//! What falls due: articles whose time to go live has come, and embargoes that end.

use chrono::{DateTime, Utc};
use masthead_domain::article::ArticleId;
use masthead_domain::article::desk::Manuscript;
use masthead_domain::event::Event;
use masthead_domain::viewer::Viewer;

use super::revise::content;
use super::revision::Measures;
use super::write::Shown;
use crate::columns::Columns;
use crate::dialect::Dialect;
use crate::reads::keys;
use crate::store::{Store, StoreError};
use crate::tx::Tx;

/// The two ways to fall due: condition, and the moment.
const SCHEDULED: &str = "a.status = 'SCHEDULED' AND a.scheduled_for";
const EMBARGOED: &str = "a.status = 'PUBLISHED' AND NOT a.live AND a.published_revision IS NOT NULL AND COALESCE(a.embargo_until, 0)";

impl Store {
    /// The next moment at which an article falls due; one that has passed is due now. `None`: none will.
    pub async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let sql = format!(
            "SELECT MIN(d.due) FROM (SELECT MIN(a.scheduled_for) AS due FROM articles a WHERE {SCHEDULED} IS NOT NULL \
             UNION ALL SELECT MIN(COALESCE(a.embargo_until, 0)) FROM articles a WHERE {EMBARGOED} IS NOT NULL) d"
        );
        let reads = self.reads_as(Viewer::Guest);
        let Some(row) = reads.row(&sql, vec![]).await? else { return Ok(None) };
        Columns::of(&row).time_or_none("articles.scheduled_for")
    }
}

impl Tx {
    /// The article whose time to go live has come that is due longest, behind those in `passed`; `None`: there is none.
    /// What another process is at work on is left out.
    pub async fn article_scheduled_until(
        &self,
        now: DateTime<Utc>,
        passed: &[ArticleId],
    ) -> Result<Option<ArticleId>, StoreError> {
        self.due(SCHEDULED, "a.scheduled_for", now, passed).await
    }

    /// The published article whose embargo has ended and that readers do not see yet, as above.
    pub async fn article_embargoed_until(
        &self,
        now: DateTime<Utc>,
        passed: &[ArticleId],
    ) -> Result<Option<ArticleId>, StoreError> {
        self.due(EMBARGOED, "COALESCE(a.embargo_until, 0)", now, passed).await
    }

    async fn due(
        &self,
        condition: &str,
        moment: &str,
        now: DateTime<Utc>,
        passed: &[ArticleId],
    ) -> Result<Option<ArticleId>, StoreError> {
        // Before any row is locked: what falls due is put into lists.
        self.lists_share().await?;
        let unclaimed = match self.dialect() {
            Dialect::Sqlite => "",
            Dialect::Postgres => " FOR UPDATE OF a SKIP LOCKED",
        };
        let sql = format!(
            "SELECT a.id FROM articles a WHERE {condition} <= $1 \
             AND a.id NOT IN (SELECT CAST(value AS INTEGER) FROM json_each($2)) ORDER BY {moment}, a.id LIMIT 1{unclaimed}"
        );
        let row = self.row(&sql, vec![now.timestamp_micros().into(), keys(passed)]).await?;
        row.map(|row| Columns::of(&row).id()).transpose()
    }

    /// Lets readers see the published revision of an article whose embargo has ended.
    pub async fn article_unembargo(
        &self,
        article: &Manuscript,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let id = article.id;
        let sql = format!(
            "SELECT r.number, r.word_count, r.reading_minutes, {} FROM articles a JOIN revisions r ON r.id = a.published_revision WHERE a.id = $1",
            super::revise::CONTENT
        );
        let row = self.row(&sql, vec![id.get().into()]).await?.ok_or_else(|| StoreError::Unreadable {
            column: "articles.published_revision",
            why: format!("article {} has none", id.get()),
        })?;
        let mut columns = Columns::of(&row);
        let revision: i32 = columns.next()?;
        let (words, minutes) = (columns.next()?, columns.next()?);
        let content = content(&mut columns)?;
        let measures = Measures { direction: content.direction(&article.locale), words, minutes };
        self.delist(id).await?;
        self.article_first_seen(id, now).await?;
        let shown = Shown { content: &content, measures, modified_at: now };
        self.show(Self::listed(article, article.published_at.unwrap_or(now), true), &shown).await?;
        self.append(Event::EmbargoEnded { article: id, revision }, now);
        Ok(())
    }
}
