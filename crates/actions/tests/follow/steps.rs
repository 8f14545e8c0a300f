//! Steps of one follower, of two processes that share one, and of one that meets an event it cannot deal with.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use masthead_actions::follow::{Failed, Follower, Following, Step};
use masthead_domain::event::{Event, Logged};
use masthead_persistence::{Start, Store, Tx};
use masthead_tests::each_store;

use super::{at, effect, subjects, wanted, write};

/// Makes an effect of every wanted event, in the database; fails at some.
#[derive(Debug, Clone, Default)]
struct Copying {
    batches: Arc<Mutex<Vec<usize>>>,
    /// Fails at the event with this subject, and panics at the one with that.
    poison: Option<i64>,
    explosive: Option<i64>,
    /// Fails at all, for as long as this is set.
    out_of_order: Arc<AtomicBool>,
}

impl Follower for Copying {
    const NAME: &'static str = "copying";
    const START: Start = Start::Beginning;

    fn wants(&self, event: &Event) -> bool {
        matches!(event, Event::TagChanged { .. })
    }

    async fn handle(
        &self,
        store: &Store,
        events: &[Logged],
        now: DateTime<Utc>,
    ) -> Result<Option<Tx>, Failed> {
        self.batches.lock().expect("no panic").push(events.len());
        if self.out_of_order.load(Ordering::Relaxed) {
            return Err(Failed("out of order".into()));
        }
        let tx = store.begin().await?;
        for logged in events {
            let n = logged.event.as_ref().expect("what cannot be read is not handed over").subject();
            if self.poison == Some(n) {
                return Err(Failed(format!("{n} is poison")));
            }
            assert_ne!(self.explosive, Some(n), "explosive");
            tx.append(effect(n), now);
        }
        Ok(Some(tx))
    }
}

/// Effects elsewhere: what was sent, by number.
#[derive(Debug, Clone, Default)]
struct Sending(Arc<Mutex<Vec<i64>>>);

impl Follower for Sending {
    const NAME: &'static str = "sending";
    const START: Start = Start::End;

    fn wants(&self, event: &Event) -> bool {
        matches!(event, Event::TagChanged { .. })
    }

    async fn handle(&self, _: &Store, events: &[Logged], _: DateTime<Utc>) -> Result<Option<Tx>, Failed> {
        self.0.lock().expect("no panic").extend(events.iter().map(|logged| logged.seq.get()));
        Ok(None)
    }
}

/// Steps until there is nothing to do now, each step a second after the one before; all that was answered.
async fn until_idle<F: Follower>(following: &mut Following<F>, from: i64) -> Vec<Step> {
    let mut steps = Vec::new();
    for second in 0..200 {
        let step = following.step(at(from + second)).await.expect("step");
        steps.push(step);
        if matches!(step, Step::Idle | Step::Held) {
            return steps;
        }
    }
    panic!("no end: {steps:?}");
}

#[tokio::test]
async fn what_is_wanted_is_dealt_with_once_in_order_in_batches() {
    each_store(async |store| {
        write(store, (0..250).map(|n| if n % 2 == 0 { wanted(n) } else { Event::SiteChanged })).await;
        let copying = Copying::default();
        let mut following = Following::begin(store, copying.clone(), "a").await.expect("begins");
        until_idle(&mut following, 0).await;
        let expected: Vec<i64> = (0..250).filter(|n| n % 2 == 0).collect();
        assert_eq!(subjects(store, "SECTION_CHANGED").await, expected);
        assert_eq!(*copying.batches.lock().expect("no panic"), [50, 50, 25]);

        // What it has made is in the log too, is not wanted, and is passed without a write for each.
        write(store, [wanted(1_000)]).await;
        until_idle(&mut following, 0).await;
        let place = store.followers().await.expect("followers")[0].position;
        write(store, (0..30).map(effect)).await;
        until_idle(&mut following, 0).await;
        assert_eq!(store.followers().await.expect("followers")[0].position, place);
        following.keep(at(1)).await.expect("keep");
        assert_eq!(store.followers().await.expect("followers")[0].behind, 0);

        // A new process goes on where it was.
        let mut again = Following::begin(store, copying, "b").await.expect("begins");
        assert_eq!(until_idle(&mut again, 0).await, [Step::Idle]);
        write(store, [wanted(1_001)]).await;
        until_idle(&mut again, 0).await;
        assert_eq!(subjects(store, "SECTION_CHANGED").await.iter().filter(|n| **n == 1_001).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn two_processes_share_a_follower_without_doing_anything_twice() {
    each_store(async |store| {
        write(store, (0..20).map(wanted)).await;
        let mut a = Following::begin(store, Copying::default(), "a").await.expect("begins");
        let mut b = Following::begin(store, Copying::default(), "b").await.expect("begins");
        // b has the lease, as if it were in the middle of a batch.
        let length = Following::<Copying>::LEASE;
        store.follower_lease("copying", "b", at(0), length).await.expect("lease").expect("free");
        assert_eq!(a.step(at(1)).await.expect("step"), Step::Held);
        // b is dead; a takes over, and b finds out when it comes back.
        assert_eq!(a.step(at(15)).await.expect("step"), Step::Moved { more: false });
        write(store, (20..30).map(wanted)).await;
        assert_eq!(b.step(at(16)).await.expect("step"), Step::Passed);
        assert_eq!(b.step(at(16)).await.expect("step"), Step::Moved { more: false });
        until_idle(&mut a, 17).await;
        until_idle(&mut b, 17).await;
        assert_eq!(subjects(store, "SECTION_CHANGED").await, (0..30).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn two_processes_at_the_same_time_do_nothing_twice_either() {
    each_store(async |store| {
        let mut workers = tokio::task::JoinSet::new();
        for holder in ["a", "b", "c"] {
            let following = Following::begin(store, Copying::default(), holder).await.expect("begins");
            let store = (*store).clone();
            workers.spawn(async move {
                let mut following = following;
                while subjects(&store, "SECTION_CHANGED").await.len() < 60 {
                    // A lease that is over at once: all of them are in the middle of a batch at the same time.
                    following.step(at(0)).await.expect("step");
                    store.follower_release("copying", holder).await.expect("release");
                }
            });
        }
        for n in 0..20 {
            write(store, (n * 3..n * 3 + 3).map(wanted)).await;
        }
        while let Some(done) = workers.join_next().await {
            done.expect("no panic");
        }
        assert_eq!(subjects(store, "SECTION_CHANGED").await, (0..60).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn an_event_that_fails_is_tried_again_and_then_set_aside_and_the_log_goes_on() {
    each_store(async |store| {
        write(store, (0..10).map(wanted)).await;
        store
            .execute(
                "UPDATE events SET payload = '{\"kind\": \"OF_LATER\"}', kind = 'OF_LATER' WHERE subject = 7",
            )
            .await;
        let copying = Copying { poison: Some(3), explosive: Some(5), ..Copying::default() };
        let mut following = Following::begin(store, copying, "a").await.expect("begins");
        let mut waits = Vec::new();
        let mut now = at(0);
        loop {
            match following.step(now).await.expect("step") {
                Step::Idle => break,
                Step::Failed(again_at) => {
                    waits.push((again_at - now).num_seconds());
                    let standing = &store.followers().await.expect("followers")[0];
                    assert!(standing.failures > 0 && standing.behind > 0);
                    now = again_at;
                }
                Step::Moved { .. } | Step::Passed => {}
                Step::Held => panic!("nobody else is here"),
            }
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 1, 2, 4, 8, 16, 32, 60]);
        assert_eq!(subjects(store, "SECTION_CHANGED").await, [0, 1, 2, 4, 6, 8, 9]);
        let aside = store.events_set_aside(10).await.expect("set aside");
        let mut told: Vec<_> = aside.iter().map(|it| (it.kind.as_str(), it.why.as_str())).collect();
        told.sort_unstable();
        assert_eq!(told[0], ("OF_LATER", "this version of the program cannot read it"));
        assert_eq!(
            told[1..],
            [("TAG_CHANGED", "3 is poison"), ("TAG_CHANGED", "a fault of the program; its log says more")]
        );
        let standing = &store.followers().await.expect("followers")[0];
        assert_eq!(standing.failures, 0);

        // What followers left behind goes in time.
        assert_eq!(store.leavings_prune(at(0), 10).await.expect("prune"), 0);
        assert_eq!(store.leavings_prune(now + chrono::TimeDelta::days(1), 10).await.expect("prune"), 3);
        assert!(store.events_set_aside(10).await.expect("set aside").is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_event_that_failed_for_a_while_is_not_lost() {
    each_store(async |store| {
        write(store, [wanted(1)]).await;
        let copying = Copying::default();
        copying.out_of_order.store(true, Ordering::Relaxed);
        let mut following = Following::begin(store, copying.clone(), "a").await.expect("begins");
        let Step::Failed(again_at) = following.step(at(0)).await.expect("step") else { panic!("it fails") };
        // Another process neither tries before, nor forgets how often it was tried.
        let mut other = Following::begin(store, copying.clone(), "b").await.expect("begins");
        assert_eq!(other.step(at(0)).await.expect("step"), Step::Held);
        let Step::Failed(later) = other.step(again_at).await.expect("step") else { panic!("it fails") };
        assert_eq!((later - again_at).num_seconds(), 2);
        copying.out_of_order.store(false, Ordering::Relaxed);
        assert_eq!(other.step(later).await.expect("step"), Step::Moved { more: false });
        assert_eq!(subjects(store, "SECTION_CHANGED").await, [1]);
    })
    .await;
}

#[tokio::test]
async fn an_effect_elsewhere_carries_the_number_of_its_event() {
    each_store(async |store| {
        write(store, [wanted(1)]).await;
        let sending = Sending::default();
        let mut following = Following::begin(store, sending.clone(), "a").await.expect("begins");
        write(store, [wanted(2), effect(9), wanted(3)]).await;
        until_idle(&mut following, 0).await;
        let newest = store.newest_position().await.expect("newest").get();
        assert_eq!(*sending.0.lock().expect("no panic"), [newest - 2, newest], "from the end on");
    })
    .await;
}
