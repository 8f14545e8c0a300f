//! What the program does by itself, beside answering: it follows the event log, publishes what is due, sends letters and
//! tidies up.
//!
//! Each is a task of its own that ends in good order when asked to, and several processes on one database share the work.
//! It must not know what a follower does about an event: that is in `actions`.

mod chores;
mod durable;
mod live;
mod mail;
mod news;
mod schedule;
#[cfg(test)]
mod tests;
mod thread_letters;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt;
use masthead_actions::comment::Conversation;
use masthead_actions::follow::counts::RecountComments;
use masthead_actions::follow::{Follower, Following};
use masthead_actions::live::Live;
use masthead_actions::mail::{Letterhead, NoteThreadNews, QueueLetters};
use masthead_actions::user::Door;
use masthead_domain::event::Position;
use masthead_persistence::{Store, StoreError};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use crate::mail::Carrier;

/// How the followers work.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long events are kept, at least, once every follower has passed them.
    pub keep_events: TimeDelta,
    /// How often the log is looked at without having heard of news: other processes may write the file.
    pub look_every: Duration,
    /// The clock.
    pub clock: fn() -> DateTime<Utc>,
    /// A random name of this process.
    pub holder: String,
    /// What all who sign in share.
    pub door: Door,
    /// What all who comment share.
    pub conversation: Conversation,
    /// Those who watch what happens.
    pub live: Live,
    /// Who carries letters.
    pub carrier: Carrier,
    /// What stands on every letter.
    pub letterhead: Letterhead,
}

impl Options {
    /// How often the log is looked at by default.
    pub const LOOK_EVERY: Duration = Duration::from_secs(1);
}

/// The tasks, from their start until they are stopped. Dropping it ends them where they stand.
#[derive(Debug)]
pub struct Followers {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Followers {
    /// Makes every follower known to the database, and starts the tasks.
    pub async fn start(store: &Store, options: Options) -> Result<Self, StoreError> {
        let (stop, stopped) = watch::channel(false);
        let mut followers = Self { stop, tasks: JoinSet::new() };
        let (told, news) = watch::channel(store.newest_position().await?);
        let work = Work { store: store.clone(), news, stopped, options };
        followers.follow(RecountComments, &work).await?;
        followers.follow(QueueLetters, &work).await?;
        followers.follow(NoteThreadNews, &work).await?;
        let heard = Arc::new(Notify::new());
        let also_heard = Arc::clone(&heard);
        followers.run("the watch over the event log", &work, move |work| {
            news::watch(work, told.clone(), Arc::clone(&heard))
        });
        followers.run("the ear for the database's notices", &work, move |work| {
            news::hear(work, Arc::clone(&also_heard))
        });
        followers.run("subscriptions", &work, live::tell);
        followers.run("letters", &work, |work| {
            let (carrier, head) = (work.options.carrier.clone(), work.options.letterhead.clone());
            mail::send(work, carrier, head)
        });
        followers.run("letters about threads", &work, thread_letters::queue);
        followers.run("the schedule", &work, schedule::keep);
        followers.run("the chores", &work, chores::keep);
        Ok(followers)
    }

    /// Asks the tasks to end, and waits until they have.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }

    /// Starts to follow.
    async fn follow<F: Follower + Clone + 'static>(
        &mut self,
        follower: F,
        work: &Work,
    ) -> Result<(), StoreError> {
        let following = Following::begin(&work.store, follower, &work.options.holder).await?;
        self.run(F::NAME, work, move |work| durable::follow(work, following.clone()));
        Ok(())
    }

    /// Starts a task. A fault of the program in it is told, and begins it anew after a while.
    fn run<F>(&mut self, name: &'static str, work: &Work, task: impl Fn(Work) -> F + Send + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let mut work = work.clone();
        self.tasks.spawn(async move {
            while AssertUnwindSafe(task(work.clone())).catch_unwind().await.is_err() {
                tracing::error!(task = name, "a fault of the program; beginning anew");
                if !work.pause(Duration::from_secs(5)).await {
                    break;
                }
            }
        });
    }
}

/// What every task works with.
#[derive(Debug, Clone)]
struct Work {
    store: Store,
    /// The place behind the newest event.
    news: watch::Receiver<Position>,
    stopped: watch::Receiver<bool>,
    options: Options,
}

impl Work {
    fn now(&self) -> DateTime<Utc> {
        (self.options.clock)()
    }

    /// From here on, what is written to the log is news.
    fn heard(&mut self) {
        self.news.mark_unchanged();
    }

    /// Waits for news since [`Work::heard`], at most so long. `false`: it is time to stop.
    async fn rest(&mut self, longest: Duration) -> bool {
        tokio::select! {
            biased;
            _ = self.stopped.wait_for(|stopped| *stopped) => false,
            Ok(()) = self.news.changed() => true,
            () = tokio::time::sleep(longest) => true,
        }
    }

    /// Waits so long, whatever is written. `false`: it is time to stop.
    async fn pause(&mut self, length: Duration) -> bool {
        tokio::select! {
            biased;
            _ = self.stopped.wait_for(|stopped| *stopped) => false,
            () = tokio::time::sleep(length) => true,
        }
    }

    fn is_stopped(&self) -> bool {
        *self.stopped.borrow()
    }
}

/// A span until a time, none where it is over.
fn until(at: DateTime<Utc>, now: DateTime<Utc>) -> Duration {
    (at - now).to_std().unwrap_or(Duration::ZERO)
}
