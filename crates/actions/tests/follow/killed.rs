//! A process that follows the log is killed at random moments, again and again, while events are written. In the end
//! every event had its effect, once, in order.

use std::hash::{BuildHasher, RandomState};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use chrono::{DateTime, Utc};
use masthead_actions::follow::{Failed, Follower, Following, Step};
use masthead_domain::event::{Event, Logged};
use masthead_persistence::{Options, Start, Store, Tx};
use masthead_tests::each_store;

use super::{at, effect, subjects, wanted, write};

/// Where the child finds the database.
const URL: &str = "MASTHEAD_TEST_FOLLOWED";
const KILLS: u32 = 25;

struct Copying;

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
        let tx = store.begin().await?;
        for event in events.iter().filter_map(|logged| logged.event.as_ref()) {
            tx.append(effect(event.subject()), now);
        }
        Ok(Some(tx))
    }
}

/// Not a test: the child, which follows until it is killed. Run by itself it has nothing to follow.
#[tokio::test]
#[ignore = "the process that the test below starts and kills"]
async fn child() {
    let Ok(url) = std::env::var(URL) else { return };
    let store = Store::open(&Options::new(url)).await.expect("opens");
    // The same holder for each: as if the lease of the one before were over.
    let mut following = Following::begin(&store, Copying, "child").await.expect("begins");
    loop {
        if following.step(at(0)).await.is_ok_and(|step| step != Step::Idle) {
            continue;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

fn start(url: &str) -> Child {
    Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "killed::child", "--ignored", "--nocapture"])
        .env(URL, url)
        .stdout(Stdio::null())
        .spawn()
        .expect("starts")
}

/// Up to `most` milliseconds.
fn some(most: u64) -> Duration {
    Duration::from_millis(RandomState::new().hash_one(0) % most)
}

#[tokio::test]
async fn every_event_has_its_effect_once_across_kill_9() {
    each_store(async |store| {
        let mut written = 0;
        for kill in 0..KILLS {
            let mut child = start(store.url());
            // From where it has begun to work: killed at its start it would prove nothing.
            let before = subjects(store, "SECTION_CHANGED").await.len();
            write(store, (written..written + 5).map(wanted)).await;
            written += 5;
            while subjects(store, "SECTION_CHANGED").await.len() == before {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            // It works while more is written, and dies in the middle.
            let end = tokio::time::Instant::now() + some(60);
            while tokio::time::Instant::now() < end {
                write(store, (written..written + 1 + i64::from(kill % 3)).map(wanted)).await;
                written += 1 + i64::from(kill % 3);
            }
            child.kill().expect("SIGKILL");
            child.wait().expect("dead");
        }
        let mut last = start(store.url());
        for _ in 0..2_000 {
            if subjects(store, "SECTION_CHANGED").await.len() as i64 >= written {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        last.kill().expect("SIGKILL");
        last.wait().expect("dead");
        assert_eq!(subjects(store, "SECTION_CHANGED").await, (0..written).collect::<Vec<_>>());
        assert!(store.events_set_aside(1).await.expect("set aside").is_empty());
    })
    .await;
}
