//! Knowing that something was added to the event log, by whichever process: from this one's own bell, from PostgreSQL's
//! notices, and by looking from time to time.

use std::sync::Arc;
use std::time::Duration;

use masthead_domain::event::Position;
use masthead_persistence::{Notices, StoreError};
use tokio::sync::{Notify, watch};

use super::Work;

/// Waits between attempts to hear the database's notices again.
const AGAIN: Duration = Duration::from_secs(5);

/// Tells the place behind the newest event, whenever it changes.
pub(super) async fn watch(mut work: Work, told: watch::Sender<Position>, heard: Arc<Notify>) {
    let mut bell = work.store.events_written();
    loop {
        bell.mark_unchanged();
        match work.store.newest_position().await {
            Ok(newest) => {
                told.send_if_modified(|known| std::mem::replace(known, newest) != newest);
            }
            Err(error) => tracing::warn!(%error, "the event log cannot be looked at"),
        }
        tokio::select! {
            biased;
            _ = work.stopped.wait_for(|stopped| *stopped) => return,
            Ok(()) = bell.changed() => {}
            () = heard.notified() => {}
            () = tokio::time::sleep(work.options.look_every) => {}
        }
    }
}

/// Passes on the notices of a database that sends some.
pub(super) async fn hear(mut work: Work, heard: Arc<Notify>) {
    loop {
        let connected = tokio::select! {
            biased;
            _ = work.stopped.wait_for(|stopped| *stopped) => return,
            connected = work.store.event_notices() => connected,
        };
        let lost = match connected {
            Ok(None) => return,
            Ok(Some(notices)) => tokio::select! {
                biased;
                _ = work.stopped.wait_for(|stopped| *stopped) => return,
                error = pass_on(notices, &heard) => error,
            },
            Err(error) => error,
        };
        tracing::warn!(error = %lost, "the database's notices are not heard; the event log is looked at instead");
        if !work.pause(AGAIN).await {
            return;
        }
    }
}

async fn pass_on(mut notices: Notices, heard: &Notify) -> StoreError {
    loop {
        // What came before the listening began is news too.
        heard.notify_one();
        if let Err(error) = notices.next().await {
            return error;
        }
    }
}
