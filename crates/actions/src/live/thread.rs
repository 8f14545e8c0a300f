//! What is told of a thread: each event as it stands when it is told, and only what everyone sees.
//!
//! A comment that was published and taken away again before it is told is not told as added. Of a thread whose article
//! readers do not see nothing is told at all; when the article is back, whoever watches is told to read anew.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use masthead_domain::article::ArticleId;
use masthead_domain::comment::{Comment, CommentId};
use masthead_domain::event::{Event, Position};
use masthead_domain::live::{Change, ThreadEvent, Topic};
use masthead_domain::viewer::Viewer;
use masthead_persistence::{Reads, StoreError};

use super::Live;
use super::channel::Told;
use super::feed::{Feed, Happened};

/// Comments that are read at a time for one who has fallen behind.
const AT_A_TIME: usize = 32;

/// One thread's news, in order.
pub struct ThreadFeed {
    article: ArticleId,
    feed: Feed,
    /// Of the log, not looked up yet.
    waiting: VecDeque<(Position, Event)>,
    /// Told by the channel, not looked up yet.
    fresh: VecDeque<Arc<Told>>,
    ready: VecDeque<ThreadItem>,
}

/// One thing that happened to a thread.
#[derive(Debug, Clone)]
pub struct ThreadItem {
    /// The place behind it.
    pub place: Position,
    /// What happened.
    pub change: Change,
    /// To which comment; `None` where everything is to be read anew.
    pub id: Option<CommentId>,
    /// The comment as it is now; `None` where it was removed or everything is to be read anew.
    pub comment: Option<ShownComment>,
}

/// A public comment, with what it answers.
#[derive(Debug, Clone)]
pub struct ShownComment {
    /// The comment.
    pub comment: Arc<Comment>,
    /// The comment that it answers; `None` at the top, and where that one is not public.
    pub parent: Option<Arc<Comment>>,
}

/// How it stands when an event is told.
#[derive(Clone)]
pub(super) struct ThreadState {
    is_live: bool,
    comment: Option<ShownComment>,
}

impl ThreadFeed {
    pub(super) async fn begin(
        live: &Live,
        article: ArticleId,
        since: Option<Position>,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            article,
            feed: Feed::begin(live, Topic::Thread(article), since).await?,
            waiting: VecDeque::new(),
            fresh: VecDeque::new(),
            ready: VecDeque::new(),
        })
    }

    /// Waits for the next thing. Whoever stops waiting has missed nothing.
    pub async fn next(&mut self) -> Result<ThreadItem, StoreError> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Ok(item);
            }
            if let Some(told) = self.fresh.front() {
                let (live, article) = (self.feed.live(), self.article);
                let state = told.thread.get(|| one(live, article, &told.event)).await?;
                let item = item(told.seq, &told.event, state);
                self.fresh.pop_front();
                self.ready.extend(item);
                continue;
            }
            if !self.waiting.is_empty() {
                let some: Vec<_> = self.waiting.iter().take(AT_A_TIME).cloned().collect();
                let states = many(self.feed.live(), self.article, &some).await?;
                self.waiting.drain(..some.len());
                let items =
                    some.iter().zip(states).filter_map(|((seq, event), state)| item(*seq, event, state));
                self.ready.extend(items);
                continue;
            }
            match self.feed.next().await? {
                Happened::Now(told) => self.fresh.extend(told),
                Happened::Before(events) => self.waiting.extend(events),
                Happened::Resync(place) => return Ok(ThreadItem::resync(place)),
            }
        }
    }
}

impl ThreadItem {
    const fn resync(place: Position) -> Self {
        Self { place, change: Change::Resync, id: None, comment: None }
    }
}

/// What is told of an event; `None`: nothing.
fn item(place: Position, event: &Event, state: ThreadState) -> Option<ThreadItem> {
    if !state.is_live {
        return None;
    }
    match ThreadEvent::of(event)? {
        ThreadEvent::Appeared => Some(ThreadItem::resync(place)),
        ThreadEvent::Comment(Change::Removed, id) => {
            Some(ThreadItem { place, change: Change::Removed, id: Some(id), comment: None })
        }
        ThreadEvent::Comment(change, id) => {
            let comment = Some(state.comment?);
            Some(ThreadItem { place, change, id: Some(id), comment })
        }
    }
}

/// The comment to be shown with an event, where one is.
fn shown(event: &Event) -> Option<CommentId> {
    match ThreadEvent::of(event)? {
        ThreadEvent::Comment(Change::Added | Change::Edited, id) => Some(id),
        ThreadEvent::Comment(..) | ThreadEvent::Appeared => None,
    }
}

async fn one(live: &Live, article: ArticleId, event: &Event) -> Result<ThreadState, StoreError> {
    let reads = live.0.store.reads_as(Viewer::Guest);
    let is_live = reads.articles_live(&[article]).await?.contains(&article);
    let comments = comments(&reads, shown(event).as_slice()).await?;
    let comment = comments.into_values().next().filter(|shown| shown.comment.article == article);
    Ok(ThreadState { is_live, comment })
}

async fn many(
    live: &Live,
    article: ArticleId,
    events: &[(Position, Event)],
) -> Result<Vec<ThreadState>, StoreError> {
    let reads = live.0.store.reads_as(Viewer::Guest);
    let is_live = reads.articles_live(&[article]).await?.contains(&article);
    let ids: Vec<CommentId> = events.iter().filter_map(|(_, event)| shown(event)).collect();
    let comments = comments(&reads, &ids).await?;
    let state = |event| ThreadState {
        is_live,
        comment: shown(event)
            .and_then(|id| comments.get(&id).cloned())
            .filter(|shown| shown.comment.article == article),
    };
    Ok(events.iter().map(|(_, event)| state(event)).collect())
}

/// The public ones among these, with what they answer. Two statements at most.
async fn comments(reads: &Reads, ids: &[CommentId]) -> Result<HashMap<CommentId, ShownComment>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut found = reads.comments_by_id(ids).await?;
    // Of some that are gone the place is left; it is nothing to tell of.
    found.retain(|_, comment| comment.status.is_public());
    let above: Vec<CommentId> = found.values().filter_map(|comment| comment.parent).collect();
    let above = if above.is_empty() { HashMap::new() } else { reads.comments_by_id(&above).await? };
    let above: HashMap<CommentId, Arc<Comment>> =
        above.into_iter().map(|(id, comment)| (id, Arc::new(comment))).collect();
    let shown = |comment: Comment| ShownComment {
        parent: comment.parent.and_then(|parent| above.get(&parent).cloned()),
        comment: Arc::new(comment),
    };
    Ok(found.into_iter().map(|(id, comment)| (id, shown(comment))).collect())
}
