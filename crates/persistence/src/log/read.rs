//! Reading the log in its order.

use masthead_domain::event::{Logged, Position};

use crate::columns::Columns;
use crate::row::Row;
use crate::store::{Store, StoreError};

impl Store {
    /// The first events behind `position`, in order, at most `limit`. None of them is ever added later between two that
    /// were read: see [`super`].
    pub async fn events_after(&self, position: Position, limit: u32) -> Result<Vec<Logged>, StoreError> {
        let sql =
            "SELECT seq, at, kind, CAST(payload AS TEXT) FROM events WHERE seq > $1 ORDER BY seq LIMIT $2";
        self.ask(sql, vec![position.get().into(), i64::from(limit).into()])
            .await?
            .iter()
            .map(logged)
            .collect()
    }

    /// The place behind the newest event. Pruning keeps that one, so that the place never falls back.
    pub async fn newest_position(&self) -> Result<Position, StoreError> {
        let rows = self.ask("SELECT MAX(seq) FROM events", vec![]).await?;
        let seq = rows.first().map(|row| row.try_get_by_index::<Option<i64>>(0)).transpose()?.flatten();
        Ok(seq.map_or(Position::START, Position::from_stored))
    }
}

fn logged(row: &Row) -> Result<Logged, StoreError> {
    let mut columns = Columns::of(row);
    Ok(Logged {
        seq: Position::from_stored(columns.next()?),
        at: columns.time("events.at")?,
        kind: columns.next()?,
        // Of a later version, or damaged: whoever follows decides what becomes of it, and the log goes on.
        event: serde_json::from_str(&columns.next::<String>()?).ok(),
    })
}
