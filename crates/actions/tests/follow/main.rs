//! Following the event log: in order, once, past what cannot be dealt with, and across being killed.

#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

mod killed;
mod steps;

use chrono::{DateTime, TimeDelta, Utc};
use masthead_domain::Id;
use masthead_domain::event::{Event, Logged, Position};
use masthead_persistence::Store;

/// A day in October 2025, plus seconds.
fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_760_000_000, 0).expect("an instant") + TimeDelta::seconds(seconds)
}

/// The event that the followers here want.
fn wanted(n: i64) -> Event {
    Event::TagChanged { tag: Id::from_stored(n) }
}

/// What they make of it: an event too, so that nothing in the database keeps it from being made twice.
fn effect(n: i64) -> Event {
    Event::SectionChanged { section: Id::from_stored(n) }
}

async fn write(store: &Store, events: impl IntoIterator<Item = Event>) {
    let tx = store.begin().await.expect("begin");
    for event in events {
        tx.append(event, at(0));
    }
    tx.commit().await.expect("commit");
}

/// The subjects of all events of a kind, in the log's order.
async fn subjects(store: &Store, kind: &str) -> Vec<i64> {
    let mut place = Position::START;
    let mut subjects = Vec::new();
    loop {
        let events: Vec<Logged> = store.events_after(place, 1_000).await.expect("events");
        let Some(last) = events.last() else { return subjects };
        place = last.seq;
        subjects.extend(
            events
                .iter()
                .filter(|logged| logged.kind == kind)
                .filter_map(|logged| Some(logged.event.as_ref()?.subject())),
        );
    }
}
