//! The event log: what happened, in order, written with the change itself.

use chrono::{DateTime, Utc};
use masthead_domain::event::Event;

use crate::store::StoreError;
use crate::tx::{Tx, rows_of};

impl Tx {
    /// Adds an event to the log.
    pub async fn append(&self, event: &Event, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.append_all(std::slice::from_ref(event), at).await
    }

    /// Adds a few events of one moment, in their order.
    pub(crate) async fn append_all(&self, events: &[Event], at: DateTime<Utc>) -> Result<(), StoreError> {
        let mut values = vec![at.timestamp_micros().into()];
        for event in events {
            let payload = serde_json::to_value(event).map_err(|error| StoreError::Unreadable {
                column: "events.payload",
                why: error.to_string(),
            })?;
            values.extend([event.kind().into(), event.subject().into(), payload.into()]);
        }
        let rows = rows_of(events.len(), 1, 3);
        self.run(&format!("INSERT INTO events (at, kind, subject, payload) VALUES {rows}"), values).await?;
        Ok(())
    }
}
