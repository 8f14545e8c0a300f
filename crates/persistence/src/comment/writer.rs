//! What is known of a comment's writer: earlier comments, and what was left lately. A writer is a hash; how it is made
//! is the actions' affair.

use chrono::{DateTime, TimeDelta, Utc};
use masthead_domain::article::ArticleId;
use masthead_domain::comment::pipeline::{History, Recent};

use crate::columns::Columns;
use crate::store::StoreError;
use crate::tx::Tx;

/// Rejections count as recent for so long.
const RECENTLY: TimeDelta = TimeDelta::days(30);
/// Most texts that a new one is compared with.
const MOST_RECENT: i64 = 40;

/// By whom a text was left.
#[derive(Debug, Clone, Copy)]
pub struct WriterMarks<'a> {
    /// The writer's hash. `None`: a guest without a key.
    pub writer: Option<&'a [u8]>,
    /// Hash of the network address. `None`: unknown.
    pub address: Option<&'a [u8]>,
}

/// The counts of a [`History`] over the comments `c`. `$1` is the time since which a rejection is recent. Taking back what a
/// moderator has refused makes nobody better known: the last decision counts then.
pub(super) const HISTORY: &str = "CAST(COUNT(CASE WHEN c.status = 'PUBLISHED' THEN 1 END) AS BIGINT), \
     CAST(COUNT(CASE WHEN c.status = 'REJECTED' OR (c.status = 'WITHDRAWN' AND (SELECT d.decision FROM comment_decisions d \
         WHERE d.comment_id = c.id AND d.undone_at IS NULL ORDER BY d.id DESC LIMIT 1) = 'REJECT') THEN 1 END) AS BIGINT), \
     CAST(COUNT(CASE WHEN c.status = 'SPAM' OR (c.status = 'WITHDRAWN' AND (SELECT d.decision FROM comment_decisions d \
         WHERE d.comment_id = c.id AND d.undone_at IS NULL ORDER BY d.id DESC LIMIT 1) = 'SPAM') THEN 1 END) AS BIGINT), \
     CAST(COUNT(CASE WHEN c.status = 'WITHDRAWN' THEN 1 END) AS BIGINT), \
     CAST(COUNT(CASE WHEN c.created_at >= $1 AND (c.status IN ('REJECTED', 'SPAM') OR (c.status = 'WITHDRAWN' AND \
         (SELECT d.decision FROM comment_decisions d WHERE d.comment_id = c.id AND d.undone_at IS NULL ORDER BY d.id DESC LIMIT 1) \
         IN ('REJECT', 'SPAM'))) THEN 1 END) AS BIGINT)";

pub(super) fn history(columns: &mut Columns<'_>) -> Result<History, StoreError> {
    Ok(History {
        published: columns.count()?,
        approved: None,
        rejected: columns.count()?,
        spam: columns.count()?,
        withdrawn: columns.count()?,
        recent_rejections: columns.count()?,
    })
}

impl Tx {
    /// What became of this writer's comments. One statement.
    pub async fn writer_history(&self, writer: &[u8], now: DateTime<Utc>) -> Result<History, StoreError> {
        let sql = format!("SELECT {HISTORY} FROM comments c WHERE c.writer_key = $2");
        let row =
            self.row(&sql, vec![(now - RECENTLY).timestamp_micros().into(), writer.to_vec().into()]).await?;
        row.map_or_else(|| Ok(History::default()), |row| history(&mut Columns::of(&row)))
    }

    /// How many of this writer's comments are public by a moderator's decision, counted up to `enough`. One statement.
    pub async fn writer_approved(&self, writer: &[u8], enough: u32) -> Result<u32, StoreError> {
        let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 FROM comments c WHERE c.writer_key = $1 AND c.status = 'PUBLISHED' \
             AND (SELECT d.decision FROM comment_decisions d WHERE d.comment_id = c.id AND d.undone_at IS NULL \
                 ORDER BY d.id DESC LIMIT 1) = 'APPROVE' LIMIT $2) approved";
        let row = self.row(sql, vec![writer.to_vec().into(), i64::from(enough).into()]).await?;
        row.map_or(Ok(0), |row| Columns::of(&row).count())
    }

    /// What was left since `since`, below the article or by these marks anywhere: the latest first, a bounded number. One
    /// statement.
    pub async fn comments_recent(
        &self,
        article: ArticleId,
        marks: WriterMarks<'_>,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Recent>, StoreError> {
        // Each part by its own index; a text may come twice, which does no harm.
        let part = |condition: &str, own: &str| {
            format!(
                "SELECT * FROM (SELECT body_text, created_at, {own} AS own FROM comments WHERE {condition} AND created_at >= $2 \
                 ORDER BY created_at DESC LIMIT {MOST_RECENT}) p"
            )
        };
        let mut values = vec![article.get().into(), since.timestamp_micros().into()];
        let mut parts = vec![part("article_id = $1", "0")];
        for (mark, column) in [(marks.writer, "writer_key"), (marks.address, "address_hash")] {
            if let Some(mark) = mark {
                values.push(mark.to_vec().into());
                parts.push(part(&format!("{column} = ${}", values.len()), "1"));
            }
        }
        let rows = self.rows(&parts.join(" UNION ALL "), values).await?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                let text = columns.next()?;
                let age = now - columns.time("comments.created_at")?;
                Ok(Recent { text, age, same_writer: columns.small()? == 1 })
            })
            .collect()
    }

    /// Drops the secrets of days before yesterday, after which no hash of theirs can be made again.
    pub async fn address_secrets_forget(&self, day: i64) -> Result<(), StoreError> {
        self.run("DELETE FROM address_keys WHERE day < $1", vec![(day - 1).into()]).await?;
        Ok(())
    }

    /// The secret under which network addresses are hashed on this day, `fresh` where it has none yet.
    pub async fn address_secret(&self, day: i64, fresh: &[u8; 32]) -> Result<Vec<u8>, StoreError> {
        self.address_secrets_forget(day).await?;
        self.run(
            "INSERT INTO address_keys (day, secret) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            vec![day.into(), fresh.to_vec().into()],
        )
        .await?;
        let row = self.row("SELECT secret FROM address_keys WHERE day = $1", vec![day.into()]).await?;
        row.ok_or_else(|| StoreError::Unreadable { column: "address_keys.secret", why: "it is gone".into() })?
            .try_get_by_index(0)
    }
}
