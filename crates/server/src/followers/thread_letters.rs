//! Queueing letters about threads when they are due. It must not know whose, nor what they say.

use std::time::Duration;

use chrono::{DateTime, Utc};
use masthead_actions::mail::queue_thread_letters;
use masthead_persistence::StoreError;

use super::Work;

/// How often it is looked for letters that are due: a follower, perhaps of another process, says when without a word.
const LOOK: Duration = Duration::from_secs(1);
/// Wait after a fault of the database.
const AGAIN: Duration = Duration::from_secs(5);

/// Queues until asked to stop.
pub(super) async fn queue(mut work: Work) {
    while !work.is_stopped() {
        let wait = match round(&work, work.now()).await {
            // Others want to write too.
            Ok(true) => Duration::from_millis(100),
            Ok(false) => LOOK,
            Err(error) => {
                tracing::warn!(%error, "letters about threads cannot be queued; trying again");
                AGAIN
            }
        };
        if !work.pause(wait).await {
            return;
        }
    }
}

/// Queues some of what is due; whether there may be more.
async fn round(work: &Work, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let next = work.store.thread_letters_next().await?;
    if next.is_none_or(|next| next > now) {
        return Ok(false);
    }
    let follows = queue_thread_letters(&work.store, now).await?;
    tracing::debug!(follows, "letters about threads were queued");
    Ok(follows > 0)
}
