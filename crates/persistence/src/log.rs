//! The event log: what happened, in order, written with the change itself.

use chrono::{DateTime, Utc};
use masthead_domain::event::Event;

use crate::store::StoreError;
use crate::tx::Tx;

impl Tx {
    /// Adds an event to the log.
    pub async fn append(&self, event: &Event, at: DateTime<Utc>) -> Result<(), StoreError> {
        let payload = serde_json::to_value(event)
            .map_err(|error| StoreError::Unreadable { column: "events.payload", why: error.to_string() })?;
        self.run(
            "INSERT INTO events (at, kind, subject, payload) VALUES ($1, $2, $3, $4)",
            vec![at.timestamp_micros().into(), event.kind().into(), event.subject().into(), payload.into()],
        )
        .await?;
        Ok(())
    }
}
