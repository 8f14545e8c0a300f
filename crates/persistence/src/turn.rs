//! Turns: on PostgreSQL, where several write at a time, what moves whole lists waits for whoever puts an article into
//! them, and the other way round.
//!
//! SQLite has one writer, so there everybody has the turn.

use crate::dialect::Dialect;
use crate::store::StoreError;
use crate::tx::Tx;

/// The number of the lock; migrations and the event log have those before it.
const LISTS: i64 = 4_720_190_828;

impl Tx {
    /// Until this change is made, no section moves or goes and no tag becomes part of another. Whoever writes an
    /// article's lists begins with this, before locking any row, or two changes may wait for each other.
    pub async fn lists_share(&self) -> Result<(), StoreError> {
        self.turn("pg_advisory_xact_lock_shared").await
    }

    /// Until this change is made, nobody else touches the lists of articles. Whoever moves or removes what articles are
    /// listed under begins with this, and reads afterwards.
    pub async fn lists_own(&self) -> Result<(), StoreError> {
        self.turn("pg_advisory_xact_lock").await
    }

    async fn turn(&self, lock: &str) -> Result<(), StoreError> {
        if self.dialect() == Dialect::Postgres {
            self.run(&format!("SELECT {lock}({LISTS})"), vec![]).await?;
        }
        Ok(())
    }
}
