//! What falls due by itself: scheduled articles go live, embargoes end. Each once, on however many instances.

use chrono::{DateTime, Utc};
use masthead_domain::article::ArticleId;
use masthead_persistence::{Store, StoreError, Tx};

use super::step::publish_when_due;

/// What was released.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Released {
    /// Scheduled articles that were published.
    pub published: u32,
    /// Published articles whose embargo ended.
    pub unembargoed: u32,
}

/// Publishes what was scheduled until `now`, and shows what was under an embargo until `now`: each in a transaction of its
/// own, so that one that cannot be published holds up no other. What another process is at work on is left to it.
///
/// # Errors
/// The first fault that was met, after all the others were tried.
pub async fn release_due(store: &Store, now: DateTime<Utc>) -> Result<Released, StoreError> {
    let mut released = Released::default();
    let mut fault = None;
    for embargo in [false, true] {
        let mut passed = Vec::new();
        loop {
            let tx = store.begin().await?;
            let due = match embargo {
                false => tx.article_scheduled_until(now, &passed).await?,
                true => tx.article_embargoed_until(now, &passed).await?,
            };
            let Some(id) = due else { break };
            passed.push(id);
            match release(tx, id, embargo, now).await {
                Ok(shown) if embargo => released.unembargoed += u32::from(shown),
                Ok(shown) => released.published += u32::from(shown),
                Err(failed) => fault = fault.or(Some(failed)),
            }
        }
    }
    fault.map_or(Ok(released), Err)
}

/// Whether it was released.
async fn release(tx: Tx, id: ArticleId, embargo: bool, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let Some(article) = tx.manuscript(id).await? else { return Ok(false) };
    let released = if embargo {
        tx.article_unembargo(&article, now).await?;
        true
    } else {
        publish_when_due(&tx, &article, now).await?
    };
    tx.commit().await?;
    Ok(released)
}
