//! Turns: on PostgreSQL, where several write at a time, what moves whole lists waits for whoever puts an article into
//! them, and the other way round; and what changes threads of comments waits for who changes the same threads.
//!
//! SQLite has one writer, so there everybody has the turn.

use crate::dialect::Dialect;
use crate::store::StoreError;
use crate::tx::Tx;

/// The number of the lock; migrations and the event log have those before it.
const LISTS: i64 = 4_720_190_828;
/// The number of the moderators' lock.
const MODERATORS: i64 = 4_720_190_829;

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

    /// Until this change is made, nobody else decides on comments: decisions of many change the same counts of words and
    /// the same threads, each in its own order, and two would wait for each other. They are as seldom as people are slow.
    pub async fn moderators_own(&self) -> Result<(), StoreError> {
        self.lock("pg_advisory_xact_lock", MODERATORS).await
    }

    /// Until this change is made, no other request with the same idempotency key is looked at: the later one then finds
    /// what the first has made, and is neither counted against its writer nor taken for a repetition.
    pub async fn idempotent_own(&self, key_hash: &[u8]) -> Result<(), StoreError> {
        // Another key that begins alike waits in vain, and for a moment.
        let number = key_hash.first_chunk().map_or(0, |bytes| i64::from_be_bytes(*bytes));
        self.lock("pg_advisory_xact_lock", number).await
    }

    async fn turn(&self, lock: &str) -> Result<(), StoreError> {
        self.lock(lock, LISTS).await
    }

    async fn lock(&self, lock: &str, number: i64) -> Result<(), StoreError> {
        if self.dialect() == Dialect::Postgres {
            self.run(&format!("SELECT {lock}({number})"), vec![]).await?;
        }
        Ok(())
    }
}
