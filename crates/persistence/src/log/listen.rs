//! Hearing that other processes have added events: on PostgreSQL the log's trigger sends a notice at each commit.

use sea_orm::sqlx::postgres::PgListener;

use crate::dialect::Dialect;
use crate::store::{Store, StoreError};

/// The channel of the trigger `events_in_order`.
const CHANNEL: &str = "masthead_events";

/// Notices of PostgreSQL, on a connection of their own.
pub struct Notices(PgListener);

impl Store {
    /// Begins to listen. `None` on SQLite, which sends no notices: who shares a file with other processes looks at
    /// [`Store::newest_position`] from time to time.
    pub async fn event_notices(&self) -> Result<Option<Notices>, StoreError> {
        if self.dialect() == Dialect::Sqlite {
            return Ok(None);
        }
        let mut listener = PgListener::connect(&self.url()).await.map_err(fault)?;
        listener.listen(CHANNEL).await.map_err(fault)?;
        Ok(Some(Notices(listener)))
    }
}

impl Notices {
    /// Waits until events may have been added. Connects again by itself where the connection was lost, which counts as
    /// a notice too, because some may have been missed; an error says that this failed.
    pub async fn next(&mut self) -> Result<(), StoreError> {
        self.0.try_recv().await.map_err(fault)?;
        // What else has come by now tells the same.
        while self.0.next_buffered().is_some() {}
        Ok(())
    }
}

impl std::fmt::Debug for Notices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Notices")
    }
}

fn fault(error: sea_orm::sqlx::Error) -> StoreError {
    StoreError::from(sea_orm::DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into())))
}
