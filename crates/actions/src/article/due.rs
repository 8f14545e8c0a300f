//! What falls due by itself: scheduled articles go live, embargoes end. Each once, on however many instances.

use chrono::{DateTime, Utc};
use masthead_persistence::{Store, StoreError};

use super::step::publish_when_due;

/// What was released.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Released {
    /// Scheduled articles that were published.
    pub published: u32,
    /// Published articles whose embargo ended.
    pub unembargoed: u32,
}

/// Articles in one transaction: few, so that nobody waits long for it.
const BATCH: u32 = 20;

/// Publishes what was scheduled until `now`, and shows what was under an embargo until `now`. In transactions of a few
/// articles; what another process is at work on is left to it.
pub async fn release_due(store: &Store, now: DateTime<Utc>) -> Result<Released, StoreError> {
    let mut released = Released::default();
    loop {
        let tx = store.begin().await?;
        let due = tx.articles_scheduled_until(now, BATCH).await?;
        if due.is_empty() {
            break;
        }
        for id in due {
            if let Some(article) = tx.manuscript(id).await? {
                publish_when_due(&tx, &article, now).await?;
                released.published += 1;
            }
        }
        tx.commit().await?;
    }
    loop {
        let tx = store.begin().await?;
        let due = tx.articles_embargoed_until(now, BATCH).await?;
        if due.is_empty() {
            break;
        }
        for id in due {
            if let Some(article) = tx.manuscript(id).await? {
                tx.article_unembargo(&article, now).await?;
                released.unembargoed += 1;
            }
        }
        tx.commit().await?;
    }
    Ok(released)
}
