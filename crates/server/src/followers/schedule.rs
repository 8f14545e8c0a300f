//! The schedule: at its time, or at the start where that was missed, a scheduled article is published and an embargo
//! ends. What that means is the action's; here is only when.
//!
//! The next time is read from the database again whenever the log has news, so that nothing that was planned, by this
//! process or another, is missed.

use std::time::Duration;

use chrono::{DateTime, Utc};
use masthead_actions::article::due::{Released, release_due};
use masthead_persistence::StoreError;

use super::{Work, until};

/// Longest sleep: a clock that is set forward is noticed by then.
const LONGEST: Duration = Duration::from_secs(30);
/// Waits where something is due and was not released: another process may be at it, or there is a fault.
const AGAIN: Duration = Duration::from_millis(500);

/// Keeps the schedule until asked to stop.
pub(super) async fn keep(mut work: Work) {
    while !work.is_stopped() {
        work.heard();
        let now = work.now();
        let goes_on = match round(&work, now).await {
            Ok(Some(next)) if next <= now => work.pause(AGAIN).await,
            Ok(Some(next)) => work.rest(until(next, work.now()).min(LONGEST)).await,
            Ok(None) => work.rest(LONGEST).await,
            Err(error) => {
                tracing::warn!(%error, "the schedule cannot be kept; trying again");
                work.pause(AGAIN * 4).await
            }
        };
        if !goes_on {
            return;
        }
    }
}

/// Does what is due; when there is more to do.
async fn round(work: &Work, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StoreError> {
    loop {
        let next = work.store.next_due().await?;
        if next.is_none_or(|next| next > now) {
            return Ok(next);
        }
        let released = release_due(&work.store, now).await?;
        if released == Released::default() {
            // Looked at before another process had done it, or not to be done.
            return work.store.next_due().await;
        }
        let Released { published, unembargoed } = released;
        tracing::info!(published, unembargoed, "what was due was published");
    }
}
