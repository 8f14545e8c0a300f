//! Those who watch, and the one who reads the event log for all of them.
//!
//! The log is read once for the process ([`Live::read_on`]); each event goes to the channels of what it concerns, which
//! exist as long as somebody watches. A watcher keeps nothing but its place in the log, and is never sent anything: it is
//! woken, and takes what stands behind its place, from its channel, or, where it has fallen behind, from the log itself. So
//! a slow one costs no memory, nothing is missed or taken twice, and resuming is the same as going on.
//!
//! It must not know how watchers are reached.

mod channel;
mod feed;
mod news;
mod queue;
mod shared;
mod thread;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use masthead_domain::event::{Logged, Position};
use masthead_domain::live::Topic;
use masthead_domain::site::Site;
use masthead_domain::viewer::Viewer;
use masthead_persistence::{Store, StoreError};
use tokio::sync::{Semaphore, watch};

use self::channel::Channel;
pub use self::news::{NewsFeed, NewsItem};
pub use self::queue::QueueFeed;
use self::shared::Shared;
pub use self::thread::{ShownComment, ThreadFeed, ThreadItem};

/// Events that are read at a time.
const PAGE: u32 = 500;

/// How many watchers read the log for themselves at a time; the others wait.
const READERS: usize = 4;

/// The watchers of this process. Cheap to clone; clones are the same.
#[derive(Clone)]
pub struct Live(Arc<Inner>);

struct Inner {
    store: Store,
    hall: Mutex<Hall>,
    readers: Semaphore,
    site: Shared<Arc<Site>>,
}

#[derive(Default)]
struct Hall {
    /// The last event that was passed on; `None` before the log is read.
    head: Option<Position>,
    channels: HashMap<Topic, Open>,
}

struct Open {
    channel: Arc<Channel>,
    watchers: usize,
}

impl std::fmt::Debug for Live {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Live").field("channels", &self.hall().channels.len()).finish_non_exhaustive()
    }
}

impl Live {
    /// Nobody watches yet, and nothing is read before [`Live::read_on`].
    pub fn new(store: Store) -> Self {
        Self(Arc::new(Inner {
            store,
            hall: Mutex::default(),
            readers: Semaphore::new(READERS),
            site: Shared::default(),
        }))
    }

    /// Reads what the log has got since the last time, and passes it on; at the first time, only where the log ends.
    /// `true`: there may be more.
    pub async fn read_on(&self) -> Result<bool, StoreError> {
        let head = self.hall().head;
        let Some(head) = head else {
            let newest = self.0.store.newest_position().await?;
            self.open_at(newest);
            return Ok(true);
        };
        let page = self.0.store.events_after(head, PAGE).await?;
        let more = page.len() == PAGE as usize;
        self.pass_on(page);
        Ok(more)
    }

    /// The thread below an article, as everyone sees it: from `since` on, or from now.
    pub async fn thread(
        &self,
        article: masthead_domain::article::ArticleId,
        since: Option<Position>,
    ) -> Result<ThreadFeed, StoreError> {
        ThreadFeed::begin(self, article, since).await
    }

    /// The articles that everyone sees, of one section and those below it or of all: from `since` on, or from now.
    pub async fn news(
        &self,
        section: Option<masthead_domain::section::SectionId>,
        since: Option<Position>,
    ) -> Result<NewsFeed, StoreError> {
        NewsFeed::begin(self, section, since).await
    }

    /// What waits for a moderator, from now on, as `viewer` sees it.
    pub async fn queue(&self, viewer: Viewer) -> Result<QueueFeed, StoreError> {
        QueueFeed::begin(self, viewer).await
    }

    /// Rings when something has happened to a topic since.
    pub fn bell(&self, topic: Topic) -> Bell {
        let seat = Seat::take(self, topic);
        let rung = seat.channel.listen();
        Bell { _seat: seat, rung }
    }

    /// The site's settings, a moment old at most: they stand with everything that is told.
    pub async fn site(&self) -> Result<Arc<Site>, StoreError> {
        let reads = self.0.store.reads_as(Viewer::Guest);
        self.0.site.get(|| async { reads.site().await }).await
    }

    fn open_at(&self, newest: Position) {
        let mut hall = self.hall();
        if hall.head.is_none() {
            hall.head = Some(newest);
            for open in hall.channels.values() {
                open.channel.begin_at(newest);
            }
        }
    }

    /// The channels are told in the order of the log, each once, whoever else reads on at the same time.
    fn pass_on(&self, page: Vec<Logged>) {
        let mut hall = self.hall();
        let mut told: Vec<Arc<Channel>> = Vec::new();
        for logged in page {
            if hall.head.is_some_and(|head| logged.seq <= head) {
                continue;
            }
            hall.head = Some(logged.seq);
            // What a later version of the program wrote concerns nobody here.
            let Some(event) = logged.event else { continue };
            for topic in Topic::of(&event) {
                if let Some(open) = hall.channels.get(&topic) {
                    open.channel.tell(logged.seq, &event);
                    told.push(Arc::clone(&open.channel));
                }
            }
        }
        drop(hall);
        for channel in told {
            channel.ring();
        }
    }

    /// Nothing panics while it is held, so a poisoned lock holds what is right.
    fn hall(&self) -> MutexGuard<'_, Hall> {
        self.0.hall.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One watcher's place at a channel, which goes with the last of them.
struct Seat {
    live: Live,
    topic: Topic,
    channel: Arc<Channel>,
}

impl Seat {
    fn take(live: &Live, topic: Topic) -> Self {
        let mut hall = live.hall();
        let head = hall.head;
        let open = hall
            .channels
            .entry(topic)
            .or_insert_with(|| Open { channel: Arc::new(Channel::new(head)), watchers: 0 });
        open.watchers += 1;
        let channel = Arc::clone(&open.channel);
        drop(hall);
        Self { live: live.clone(), topic, channel }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut hall = self.live.hall();
        if let Some(open) = hall.channels.get_mut(&self.topic) {
            open.watchers -= 1;
            if open.watchers == 0 {
                hall.channels.remove(&self.topic);
            }
        }
    }
}

/// Tells that something has happened to a topic, and not what.
pub struct Bell {
    _seat: Seat,
    rung: watch::Receiver<()>,
}

impl Bell {
    /// Waits until it has rung since the last time.
    pub async fn rung(&mut self) {
        if self.rung.changed().await.is_err() {
            // The channel lives as long as the seat.
            std::future::pending::<()>().await;
        }
    }
}
