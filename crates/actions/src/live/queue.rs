//! How much waits for a moderator, told when it may have changed, and not more often than a person can look.

use std::time::Duration;

use masthead_domain::live::Topic;
use masthead_domain::viewer::Viewer;
use masthead_persistence::StoreError;
use masthead_persistence::comment::Waiting;
use tokio::time::Instant;

use super::Live;
use super::feed::{Feed, Happened};

/// From one telling to the next.
const PAUSE: Duration = Duration::from_secs(1);

/// The queue's counts, whenever they may have changed.
pub struct QueueFeed {
    feed: Feed,
    viewer: Viewer,
    /// Something has happened that was not counted.
    due: bool,
    told: Waiting,
    not_before: Option<Instant>,
}

impl QueueFeed {
    pub(super) async fn begin(live: &Live, viewer: Viewer) -> Result<Self, StoreError> {
        let feed = Feed::begin(live, Topic::Queue, None).await?;
        let told = count(live, &viewer).await?;
        Ok(Self { feed, viewer, due: false, told, not_before: None })
    }

    /// Waits until the counts are others than before: tells them at most once a second, and the last ones always.
    pub async fn next(&mut self) -> Result<Waiting, StoreError> {
        loop {
            if !self.due {
                match self.feed.next().await? {
                    Happened::Now(_) | Happened::Before(_) | Happened::Resync(_) => self.due = true,
                }
            }
            if let Some(not_before) = self.not_before {
                tokio::time::sleep_until(not_before).await;
            }
            let counts = count(self.feed.live(), &self.viewer).await?;
            self.due = false;
            self.not_before = Some(Instant::now() + PAUSE);
            if counts != self.told {
                self.told = counts;
                return Ok(counts);
            }
        }
    }
}

async fn count(live: &Live, viewer: &Viewer) -> Result<Waiting, StoreError> {
    live.0.store.reads_as(viewer.clone()).moderation_waiting().await
}
