//! What was told of one topic lately, for all who watch it. It must not know who they are.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use masthead_domain::event::{Event, Position};
use tokio::sync::watch;

use super::news::NewsState;
use super::shared::Shared;
use super::thread::ThreadState;

/// How many events are remembered; whoever is further behind reads the log.
const REMEMBERED: usize = 64;

/// Before the log is read, everything stands in the log only.
const NOTHING: Position = Position::from_stored(i64::MAX);

/// One topic's events.
pub(super) struct Channel {
    recent: Mutex<Recent>,
    bell: watch::Sender<()>,
}

struct Recent {
    /// Everything behind this place that concerns the topic, and that the process has read, is in `events`.
    complete_from: Position,
    events: VecDeque<Arc<Told>>,
}

/// An event, and what is to be told of it: looked up by the first who needs it, for all.
pub(super) struct Told {
    pub(super) seq: Position,
    pub(super) event: Event,
    pub(super) thread: Shared<ThreadState>,
    pub(super) news: Shared<NewsState>,
}

impl Told {
    fn new(seq: Position, event: Event) -> Arc<Self> {
        Arc::new(Self { seq, event, thread: Shared::default(), news: Shared::default() })
    }
}

impl Channel {
    pub(super) fn new(head: Option<Position>) -> Self {
        let recent = Recent { complete_from: head.unwrap_or(NOTHING), events: VecDeque::new() };
        Self { recent: Mutex::new(recent), bell: watch::Sender::new(()) }
    }

    pub(super) fn begin_at(&self, head: Position) {
        self.recent().complete_from = head;
        self.ring();
    }

    /// Adds an event; ring when the last of several is added.
    pub(super) fn tell(&self, seq: Position, event: &Event) {
        let mut recent = self.recent();
        // What was looked up before may not be so any more, unless something was merely added.
        if !matches!(event, Event::CommentPublished { .. }) {
            for told in &mut recent.events {
                *told = Told::new(told.seq, told.event.clone());
            }
        }
        if recent.events.len() == REMEMBERED
            && let Some(oldest) = recent.events.pop_front()
        {
            recent.complete_from = oldest.seq;
        }
        recent.events.push_back(Told::new(seq, event.clone()));
    }

    pub(super) fn ring(&self) {
        self.bell.send_replace(());
    }

    pub(super) fn listen(&self) -> watch::Receiver<()> {
        self.bell.subscribe()
    }

    /// The events behind a place; `None`: some are remembered in the log only.
    pub(super) fn after(&self, place: Position) -> Option<Vec<Arc<Told>>> {
        let recent = self.recent();
        if place < recent.complete_from {
            return None;
        }
        let known = recent.events.partition_point(|told| told.seq <= place);
        Some(recent.events.range(known..).cloned().collect())
    }

    fn recent(&self) -> MutexGuard<'_, Recent> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use masthead_domain::article::ArticleId;
    use masthead_domain::comment::CommentId;

    use super::*;

    fn published(n: i64) -> Event {
        Event::CommentPublished { comment: CommentId::from_stored(n), article: ArticleId::from_stored(1) }
    }

    fn seqs(channel: &Channel, place: i64) -> Option<Vec<i64>> {
        let told = channel.after(Position::from_stored(place))?;
        Some(told.iter().map(|told| told.seq.get()).collect())
    }

    #[test]
    fn it_remembers_a_few_and_says_when_it_does_not() {
        let channel = Channel::new(Some(Position::from_stored(10)));
        assert_eq!(seqs(&channel, 9), None, "before it was there");
        assert_eq!(seqs(&channel, 10), Some(vec![]));
        for n in 0..REMEMBERED as i64 {
            channel.tell(Position::from_stored(11 + n * 2), &published(n));
        }
        assert_eq!(seqs(&channel, 10).unwrap().len(), REMEMBERED);
        assert_eq!(seqs(&channel, 13).unwrap()[..2], [15, 17]);
        channel.tell(Position::from_stored(900), &published(900));
        assert_eq!(seqs(&channel, 10), None, "the first was forgotten");
        assert_eq!(seqs(&channel, 11).unwrap().len(), REMEMBERED);
        assert_eq!(seqs(&channel, 900), Some(vec![]));
    }

    #[test]
    fn before_the_log_is_read_everything_is_in_the_log() {
        let channel = Channel::new(None);
        assert_eq!(seqs(&channel, 1_000_000), None);
        channel.begin_at(Position::from_stored(5));
        assert_eq!(seqs(&channel, 5), Some(vec![]));
    }
}
