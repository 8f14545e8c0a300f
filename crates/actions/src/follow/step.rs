//! One step of a follower: lease, read, deal with, move on; and what becomes of events that fail.
//!
//! Between steps nothing is held, in the database or elsewhere, but a place in memory. Waiting for news, and when to step
//! again, is the caller's.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt;
use masthead_domain::event::{Logged, Position};
use masthead_persistence::{Failing, Lease, Store, StoreError};

use super::{Failed, Follower};

/// Events read at a time.
const BATCH: u32 = 100;
/// How often an event is tried before it is set aside: over about two minutes.
const ATTEMPTS: u32 = 8;
/// Longest wait between two attempts.
const LONGEST_WAIT: TimeDelta = TimeDelta::seconds(60);
/// A place that moved over unwanted events only is written down this often, or this many events on.
const KEEP_EVERY: TimeDelta = TimeDelta::seconds(60);
const KEEP_BEHIND: i64 = 1_000;
/// Most characters kept of a reason.
const WHY: usize = 500;

/// A follower at work in this process.
#[derive(Debug, Clone)]
pub struct Following<F> {
    store: Store,
    follower: F,
    holder: String,
    /// Up to here everything was dealt with or is not wanted.
    seen: Position,
    /// What of that is written down, and since when.
    kept: Position,
    kept_at: DateTime<Utc>,
    /// Up to here events are dealt with one by one, because a batch failed.
    careful: Position,
}

/// What a step has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It dealt with events. `more`: others wait for sure.
    Moved {
        /// Whether others wait for sure.
        more: bool,
    },
    /// It went past events that are not wanted; more may wait.
    Passed,
    /// There is nothing more in the log.
    Idle,
    /// Another process works for this follower: look again in a while.
    Held,
    /// An event failed: nobody tries again before this time.
    Failed(DateTime<Utc>),
}

impl<F: Follower> Following<F> {
    /// How long one process works for a follower before another may take over, where it does not answer any more.
    pub const LEASE: TimeDelta = TimeDelta::seconds(15);
    /// How long dealing with a batch may take; shorter than the lease, so that two never deal with the same.
    pub const LONGEST: Duration = Duration::from_secs(10);

    /// Makes the follower known to the database. `holder` is a random name of this process.
    pub async fn begin(store: &Store, follower: F, holder: &str) -> Result<Self, StoreError> {
        store.follower_register(F::NAME, F::START).await?;
        let place = store.followers().await?.into_iter().find(|standing| standing.name == F::NAME);
        let position = place.map_or(Position::START, |standing| standing.position);
        Ok(Self {
            store: store.clone(),
            follower,
            holder: holder.to_owned(),
            seen: position,
            kept: position,
            kept_at: DateTime::UNIX_EPOCH,
            careful: Position::START,
        })
    }

    /// Deals with what comes next. An error is the database's, and changes nothing: step again after a while.
    pub async fn step(&mut self, now: DateTime<Utc>) -> Result<Step, StoreError> {
        let events = self.store.events_after(self.seen, BATCH).await?;
        let Some(last) = events.last().map(|event| event.seq) else { return Ok(Step::Idle) };
        if !events.iter().any(|event| self.wants(event)) {
            self.seen = last;
            if self.seen.get() - self.kept.get() > KEEP_BEHIND || now - self.kept_at >= KEEP_EVERY {
                self.keep(now).await?;
            }
            return Ok(Step::Passed);
        }
        let Some(lease) = self.store.follower_lease(F::NAME, &self.holder, now, Self::LEASE).await? else {
            return Ok(Step::Held);
        };
        if lease.position > self.seen {
            // Another process has been here in the meantime.
            self.moved_to(lease.position, now);
            self.store.follower_release(F::NAME, &self.holder).await?;
            return Ok(Step::Passed);
        }
        let full = events.len() == BATCH as usize;
        let events = self.next_of(events, lease.failures == 0);
        let step = self.deal_with(lease, events, now).await?;
        Ok(if step == (Step::Moved { more: false }) && full { Step::Moved { more: true } } else { step })
    }

    /// Writes down the place where the last events were not wanted. To be called when there is nothing to do for long,
    /// and in the end.
    pub async fn keep(&mut self, now: DateTime<Utc>) -> Result<(), StoreError> {
        if self.seen > self.kept {
            self.store.follower_pass(F::NAME, self.kept, self.seen, now).await?;
            self.kept = self.seen;
            self.kept_at = now;
        }
        Ok(())
    }

    fn wants(&self, event: &Logged) -> bool {
        // What cannot be read may be wanted.
        event.event.as_ref().is_none_or(|event| self.follower.wants(event))
    }

    /// The events to be dealt with now: up to one that cannot be read, or up to the first one wanted where care is needed.
    fn next_of(&self, mut events: Vec<Logged>, clean: bool) -> Vec<Logged> {
        let first = events.iter().position(|event| self.wants(event)).unwrap_or(0);
        let unreadable = events.iter().position(|event| event.event.is_none());
        let end = match unreadable {
            _ if !clean || events.first().is_some_and(|event| event.seq <= self.careful) => first + 1,
            Some(n) if n == first => first + 1,
            Some(n) => n,
            None => events.len(),
        };
        events.truncate(end);
        events
    }

    async fn deal_with(
        &mut self,
        lease: Lease,
        events: Vec<Logged>,
        now: DateTime<Utc>,
    ) -> Result<Step, StoreError> {
        let last = events.last().map_or(self.seen, |event| event.seq);
        let mut wanted: Vec<Logged> = events;
        wanted.retain(|event| self.wants(event));
        let outcome = match wanted.as_slice() {
            [one] if one.event.is_none() => {
                Err(Failed("this version of the program cannot read it".to_owned()))
            }
            some => self.handled(some, now).await,
        };
        let tx = match outcome {
            Ok(Some(tx)) => tx,
            Ok(None) => self.store.begin().await?,
            Err(failed) => return self.failed(&lease, &wanted, last, failed, now).await,
        };
        // The lease ends with the batch: nothing is written while there is nothing to do.
        if !tx.follower_advance(F::NAME, &self.holder, lease.position, last, DateTime::UNIX_EPOCH).await? {
            return Ok(Step::Held);
        }
        tx.commit().await?;
        self.moved_to(last, now);
        Ok(Step::Moved { more: last < self.careful })
    }

    async fn handled(
        &self,
        events: &[Logged],
        now: DateTime<Utc>,
    ) -> Result<Option<masthead_persistence::Tx>, Failed> {
        // A fault in a follower's code is a failure of the event like any other.
        let handling = AssertUnwindSafe(self.follower.handle(&self.store, events, now)).catch_unwind();
        match tokio::time::timeout(Self::LONGEST, handling).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_panic)) => Err(Failed("a fault of the program; its log says more".to_owned())),
            Err(_elapsed) => Err(Failed(format!("it took longer than {} seconds", Self::LONGEST.as_secs()))),
        }
    }

    async fn failed(
        &mut self,
        lease: &Lease,
        wanted: &[Logged],
        last: Position,
        Failed(why): Failed,
        now: DateTime<Utc>,
    ) -> Result<Step, StoreError> {
        let why: String = why.chars().take(WHY).collect();
        let (follower, failures) = (F::NAME, lease.failures + 1);
        let [event] = wanted else {
            // Which of them it was shows when they come one by one.
            tracing::warn!(follower, events = wanted.len(), why, "events could not be dealt with together");
            self.careful = last;
            self.store.follower_release(follower, &self.holder).await?;
            return Ok(Step::Moved { more: true });
        };
        let (seq, kind) = (event.seq.get(), &event.kind);
        if failures < ATTEMPTS && event.event.is_some() {
            let again_at = now + wait_after(failures);
            tracing::warn!(
                follower,
                seq,
                kind,
                failures,
                why,
                "an event could not be dealt with; it is tried again"
            );
            let kept =
                self.store.follower_fail(follower, &self.holder, Failing { failures, again_at }).await?;
            return Ok(if kept { Step::Failed(again_at) } else { Step::Held });
        }
        let tx = self.store.begin().await?;
        tx.event_set_aside(follower, event, &why, now).await?;
        if !tx.follower_advance(follower, &self.holder, lease.position, last, DateTime::UNIX_EPOCH).await? {
            return Ok(Step::Held);
        }
        tx.commit().await?;
        tracing::error!(
            follower,
            seq,
            kind,
            failures,
            why,
            "an event was set aside: what it asks for was not done"
        );
        self.moved_to(last, now);
        Ok(Step::Moved { more: last < self.careful })
    }

    fn moved_to(&mut self, position: Position, now: DateTime<Utc>) {
        self.seen = position;
        self.kept = position;
        self.kept_at = now;
    }
}

/// 1, 2, 4 … seconds, at most a minute.
fn wait_after(failures: u32) -> TimeDelta {
    let seconds = 1_i64.checked_shl(failures.saturating_sub(1)).unwrap_or(i64::MAX);
    TimeDelta::try_seconds(seconds).map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_a_minute() {
        let waits: Vec<i64> = (1..=8).map(|failures| wait_after(failures).num_seconds()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(wait_after(u32::MAX), LONGEST_WAIT);
    }
}
