//! Things to be done now and then, by one of the processes that share a database.

use chrono::{DateTime, TimeDelta, Utc};

use crate::store::{Store, StoreError};

impl Store {
    /// Whether it is this caller's turn to begin a chore that is to be done once in `every`. Of several that ask at a
    /// time one is told yes, and it counts as begun.
    pub async fn chore_begin(
        &self,
        name: &str,
        every: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let tx = self.begin().await?;
        // Begun in the future: the clock was put back, and must not put the chore off.
        let begun = tx
            .run(
                "INSERT INTO chores (name, begun_at) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET begun_at = $2 \
                 WHERE chores.begun_at <= $3 OR chores.begun_at > $2",
                vec![name.into(), now.timestamp_micros().into(), (now - every).timestamp_micros().into()],
            )
            .await?;
        tx.commit().await?;
        Ok(begun > 0)
    }
}
