//! Sending the letters that wait, one after the other. It must not know what they say.

use std::time::Duration;

use masthead_actions::mail::{Letterhead, send_next};

use super::Work;
use crate::api::random_bytes;
use crate::mail::Carrier;

/// How often it is looked for letters. They are queued by a follower, perhaps of another process, without a word.
const LOOK: Duration = Duration::from_secs(1);
/// Wait after a fault of the database.
const AGAIN: Duration = Duration::from_secs(5);

/// Sends until asked to stop; a letter that is on its way is waited for.
pub(super) async fn send(mut work: Work, carrier: Carrier, head: Letterhead) {
    while !work.is_stopped() {
        let now = work.now();
        let wait = match work.store.letters_next().await {
            Ok(Some(next)) if next <= now => {
                match send_next(&work.store, &carrier, &head, now, &random_bytes()).await {
                    Ok(Some(_)) => continue,
                    // Another process took it.
                    Ok(None) => LOOK,
                    Err(error) => {
                        tracing::warn!(%error, "letters cannot be sent; trying again");
                        AGAIN
                    }
                }
            }
            Ok(_) => LOOK,
            Err(error) => {
                tracing::warn!(%error, "letters cannot be looked for; trying again");
                AGAIN
            }
        };
        if !work.pause(wait).await {
            return;
        }
    }
}
