//! Telling those who watch what happens, as soon as there is news. It must not know who watches, nor what.
//!
//! It keeps no place in the database: each process tells those who are connected to it, from its start on, and who was
//! connected before comes back with a place of their own.

use std::time::Duration;

use super::Work;

/// Without news for so long, the log is looked at nevertheless.
const QUIET: Duration = Duration::from_secs(30);
/// Waits after a fault of the database.
const AGAIN: Duration = Duration::from_millis(500);

/// Tells until asked to stop.
pub(super) async fn tell(mut work: Work) {
    let live = work.options.live.clone();
    while !work.is_stopped() {
        work.heard();
        let goes_on = match live.read_on().await {
            Ok(true) => true,
            Ok(false) => work.rest(QUIET).await,
            Err(error) => {
                tracing::warn!(%error, "those who watch cannot be told what happens; trying again");
                work.pause(AGAIN).await
            }
        };
        if !goes_on {
            return;
        }
    }
}
