//! One watcher's way along the log: what stands behind its place, from the channel or from the log, and then what comes.
//! It must not know what the events mean.

use std::sync::Arc;

use masthead_domain::event::{Event, Position};
use masthead_domain::live::Topic;
use masthead_persistence::StoreError;
use tokio::sync::watch;

use super::channel::Told;
use super::{Live, PAGE, Seat};

/// How many events, whatever they concern, are read from the log for one who has fallen behind; who is further behind is
/// told to read everything anew, which costs less.
const FURTHEST: usize = 20_000;

/// See the module.
pub(super) struct Feed {
    seat: Seat,
    rung: watch::Receiver<()>,
    /// The last event that was dealt with.
    place: Position,
    /// How many events were read from the log since the channel was left.
    read: usize,
    resync: bool,
}

/// What has happened since the last time; never nothing.
pub(super) enum Happened {
    /// These events, which others may be told of at the same time.
    Now(Vec<Arc<Told>>),
    /// These events of the log.
    Before(Vec<(Position, Event)>),
    /// More than can be told, up to this place.
    Resync(Position),
}

impl Feed {
    /// From behind `since` on, or from now.
    pub(super) async fn begin(
        live: &Live,
        topic: Topic,
        since: Option<Position>,
    ) -> Result<Self, StoreError> {
        // The channel is opened first: what happens from here on is in it.
        let seat = Seat::take(live, topic);
        let rung = seat.channel.listen();
        let newest = live.0.store.newest_position().await?;
        // A place that is not there yet is of another log: the database was put back to an earlier state.
        let resync = since.is_some_and(|since| since > newest);
        let place = since.filter(|_| !resync).unwrap_or(newest);
        Ok(Self { seat, rung, place, read: 0, resync })
    }

    pub(super) fn live(&self) -> &Live {
        &self.seat.live
    }

    /// Waits until something has happened. Whoever stops waiting has missed nothing.
    pub(super) async fn next(&mut self) -> Result<Happened, StoreError> {
        loop {
            if self.resync {
                return self.start_anew().await;
            }
            // Before looking, so that what is told meanwhile rings again.
            self.rung.mark_unchanged();
            match self.seat.channel.after(self.place) {
                Some(told) => {
                    self.read = 0;
                    if let Some(last) = told.last() {
                        self.place = last.seq;
                        return Ok(Happened::Now(told));
                    }
                }
                None => {
                    let before = self.place;
                    let events = self.read_log().await?;
                    if self.resync {
                        continue;
                    }
                    if !events.is_empty() {
                        return Ok(Happened::Before(events));
                    }
                    if self.place > before {
                        continue;
                    }
                }
            }
            if self.rung.changed().await.is_err() {
                // The channel lives as long as the seat.
                std::future::pending::<()>().await;
            }
        }
    }

    /// A page of the log, of which what concerns the topic is given back.
    async fn read_log(&mut self) -> Result<Vec<(Position, Event)>, StoreError> {
        let live = &self.seat.live.0;
        let permit = live.readers.acquire().await;
        let page = live.store.events_after(self.place, PAGE).await?;
        // Asked afterwards: what was there to be read has not been dropped before.
        let oldest = live.store.oldest_position().await?;
        drop(permit);
        self.read += page.len();
        let is_dropped = oldest.is_some_and(|oldest| oldest.get() > self.place.get() + 1);
        if is_dropped || self.read > FURTHEST {
            self.resync = true;
            return Ok(Vec::new());
        }
        let Some(last) = page.last() else { return Ok(Vec::new()) };
        self.place = last.seq;
        let topic = self.seat.topic;
        let mine = page.into_iter().filter_map(|logged| Some((logged.seq, logged.event?)));
        Ok(mine.filter(|(_, event)| Topic::of(event).any(|of| of == topic)).collect())
    }

    async fn start_anew(&mut self) -> Result<Happened, StoreError> {
        self.place = self.seat.live.0.store.newest_position().await?;
        self.resync = false;
        self.read = 0;
        Ok(Happened::Resync(self.place))
    }
}
