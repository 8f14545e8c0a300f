//! The event log: what happened, in order, written with the change itself and followed by whoever needs to know.
//!
//! An event with number n that a reader sees means that every event below n is there too: SQLite has one writer, and on
//! PostgreSQL a trigger makes transactions that append take turns, from before their events get numbers until they
//! end. So a position is one number, and whoever reads on from it misses nothing.

mod chore;
mod follow;
mod listen;
mod prune;
mod read;

use chrono::{DateTime, Utc};
use masthead_domain::event::Event;
use sea_orm::Value;
use tokio::sync::watch;

use crate::store::StoreError;
use crate::tx::{Tx, rows_of};

pub use follow::{Failing, Lease, SetAside, Standing, Start};
pub use listen::Notices;

/// Rings when this process has added events to the log.
#[derive(Debug, Clone)]
pub(crate) struct Bell(watch::Sender<()>);

impl Bell {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(()))
    }

    pub(crate) fn ring(&self) {
        self.0.send_replace(());
    }

    pub(crate) fn listen(&self) -> watch::Receiver<()> {
        self.0.subscribe()
    }
}

/// Events in one statement: few, so that statements of few lengths are kept prepared.
const EVENTS: usize = 16;

impl Tx {
    /// Writes events in their order.
    pub(crate) async fn log_all(&self, events: &[(Event, DateTime<Utc>)]) -> Result<(), StoreError> {
        for some in events.chunks(EVENTS) {
            let mut values: Vec<Value> = Vec::with_capacity(some.len() * 4);
            for (event, at) in some {
                let payload = serde_json::to_value(event).map_err(|error| StoreError::Unreadable {
                    column: "events.payload",
                    why: error.to_string(),
                })?;
                values.extend([
                    at.timestamp_micros().into(),
                    event.kind().into(),
                    event.subject().into(),
                    payload.into(),
                ]);
            }
            let rows = rows_of(some.len(), 0, 4);
            self.run(&format!("INSERT INTO events (at, kind, subject, payload) VALUES {rows}"), values)
                .await?;
        }
        Ok(())
    }
}
