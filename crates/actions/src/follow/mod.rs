//! Following the event log: what has to happen because something happened.
//!
//! A [`Follower`] deals with the events that it wants, in their order; [`Following`] keeps its place in the database,
//! one batch in flight among all processes. An effect in the database happens exactly once. An effect elsewhere happens
//! at least once: it carries the event's number, by which whoever receives it knows a repeat.

pub mod counts;
mod step;

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use masthead_domain::event::{Event, Logged};
use masthead_persistence::{Start, Store, StoreError, Tx};

pub use step::{Following, Step};

/// Someone who deals with events.
pub trait Follower: Send + Sync {
    /// Under which its place is kept: never changed, never given to another.
    const NAME: &'static str;

    /// Where it begins in a database that does not know it yet.
    const START: Start;

    /// How long to wait after a batch, so that a next one holds more. Costs freshness, saves writes.
    const PAUSE: TimeDelta = TimeDelta::zero();

    /// Whether it has to do with such events; the others are passed over.
    fn wants(&self, event: &Event) -> bool;

    /// Deals with events, in order: at least one, all of them wanted.
    ///
    /// An effect in the database is made in a transaction that is handed back without being committed: it is committed
    /// together with the new place. `None`: there is no such effect; what there was is done.
    ///
    /// A batch that fails is tried again event by event, and an event that fails again and again is set aside. It is
    /// ended, and counts as failed, where it takes longer than [`Following::LONGEST`].
    fn handle(
        &self,
        store: &Store,
        events: &[Logged],
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Option<Tx>, Failed>> + Send;
}

/// Why events could not be dealt with. Written down and shown to operators: never a secret, an address or someone's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed(
    /// In words.
    pub String,
);

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
