//! Letters to who follows a thread, up to their being queued: the follower that notes what there is to tell, and the step
//! that queues what is due. They must not know what letters say.

use chrono::{DateTime, Utc};
use masthead_domain::comment::CommentId;
use masthead_domain::comment::following::{UNCONFIRMED, next_morning};
use masthead_domain::event::{Event, Logged, Position};
use masthead_persistence::{Start, Store, StoreError, Tx};

use crate::follow::{Failed, Follower};

/// Letters about threads that are queued in one transaction.
const AT_ONCE: u32 = 50;
/// So many of them waiting to be sent, no more are queued: who forgot a password does not wait behind a crowd.
const CROWD: u32 = 50;
/// What there was to tell is kept for longer than any letter waits.
const TOLD_FOR: chrono::TimeDelta = chrono::TimeDelta::days(30);
/// Rows forgotten in one transaction.
const PRUNED: u32 = 1_000;

/// Notes which comments became public in threads that are followed, and when letters about them are due. A comment costs
/// its writer nothing by it, and the log two statements a batch, however many follow.
#[derive(Debug, Clone, Copy)]
pub struct NoteThreadNews;

impl Follower for NoteThreadNews {
    const NAME: &'static str = "thread-news";
    /// Letters about what is long past would be noise.
    const START: Start = Start::End;

    fn wants(&self, event: &Event) -> bool {
        matches!(event, Event::CommentPublished { .. })
    }

    async fn handle(
        &self,
        store: &Store,
        events: &[Logged],
        now: DateTime<Utc>,
    ) -> Result<Option<Tx>, Failed> {
        let published = events.iter().filter_map(|logged| match logged.event {
            Some(Event::CommentPublished { comment, .. }) => Some((comment, logged.seq)),
            _ => None,
        });
        let published: Vec<(CommentId, Position)> = published.collect();
        let tx = store.begin().await?;
        let morning = next_morning(now, tx.site().await?.time_zone);
        tx.thread_news_add(&published, now, morning).await?;
        Ok(Some(tx))
    }
}

/// Queues letters about threads that are due, some at a time. How many follows were dealt with; none where none is due, or
/// enough letters wait to be sent.
pub async fn queue_thread_letters(store: &Store, now: DateTime<Utc>) -> Result<usize, StoreError> {
    store.thread_letters_queue(now, AT_ONCE, CROWD).await
}

/// Forgets follows that were not confirmed in time, and what there was to tell long ago. To be called now and then; how
/// many rows went.
pub async fn forget_unconfirmed(store: &Store, now: DateTime<Utc>) -> Result<u64, StoreError> {
    store.follows_prune(now - UNCONFIRMED, now - TOLD_FOR, PRUNED).await
}
