//! Dropping what is old: events that every follower has passed, and what followers left behind about them.

use chrono::{DateTime, Utc};

use crate::columns::Columns;
use crate::store::{Store, StoreError};

impl Store {
    /// Drops the oldest events, at most `limit`: those that happened before `older_than` and that every follower has
    /// passed. The newest one stays. How many went; fewer than `limit` when there is no more to drop.
    ///
    /// What goes is always the log's beginning, so that what stays has no holes.
    pub async fn events_prune(&self, older_than: DateTime<Utc>, limit: u32) -> Result<u32, StoreError> {
        let sql = "SELECT seq, at FROM events WHERE seq < (SELECT MAX(seq) FROM events) \
             AND seq <= COALESCE((SELECT MIN(position) FROM followers), (SELECT MAX(seq) FROM events)) ORDER BY seq LIMIT $1";
        let tx = self.begin().await?;
        let (mut last, mut dropped) = (None, 0);
        for row in tx.rows(sql, vec![i64::from(limit).into()]).await? {
            let mut columns = Columns::of(&row);
            let (seq, at) = (columns.next::<i64>()?, columns.time("events.at")?);
            if at >= older_than {
                break;
            }
            (last, dropped) = (Some(seq), dropped + 1);
        }
        let Some(last) = last else { return Ok(0) };
        tx.run("DELETE FROM events WHERE seq <= $1", vec![last.into()]).await?;
        tx.commit().await?;
        Ok(dropped)
    }

    /// Drops what was written down before `older_than` of letters that came to an end and of events that were set
    /// aside, at most `limit` of each. How many went.
    pub async fn leavings_prune(&self, older_than: DateTime<Utc>, limit: u32) -> Result<u32, StoreError> {
        let tx = self.begin().await?;
        let mut dropped = 0;
        for sql in [
            "DELETE FROM letters WHERE id IN (SELECT id FROM letters WHERE ended_at < $1 ORDER BY ended_at LIMIT $2)",
            "DELETE FROM set_aside WHERE (follower, seq) IN (SELECT follower, seq FROM set_aside WHERE set_aside_at < $1 ORDER BY follower, seq LIMIT $2)",
        ] {
            dropped +=
                tx.run(sql, vec![older_than.timestamp_micros().into(), i64::from(limit).into()]).await?;
        }
        tx.commit().await?;
        Ok(u32::try_from(dropped).unwrap_or(u32::MAX))
    }
}
