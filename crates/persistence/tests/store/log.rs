//! The event log and its followers: nothing skipped, nothing twice, one at a time, and old events dropped in time.

use chrono::{DateTime, TimeDelta, Utc};
use masthead_domain::Id;
use masthead_domain::event::{Event, Logged, Position};
use masthead_persistence::{Failing, Options, Start, Store};
use masthead_tests::{TestStore, each_store};

use crate::fixture::at;

fn changed(tag: i64) -> Event {
    Event::TagChanged { tag: Id::from_stored(tag) }
}

async fn write(store: &Store, tags: &[i64], now: DateTime<Utc>) {
    let tx = store.begin().await.expect("begin");
    for tag in tags {
        tx.append(changed(*tag), now);
    }
    tx.commit().await.expect("commit");
}

fn tags(events: &[Logged]) -> Vec<i64> {
    events.iter().map(|logged| logged.event.as_ref().expect("readable").subject()).collect()
}

async fn all(store: &Store) -> Vec<Logged> {
    store.events_after(Position::START, 10_000).await.expect("events")
}

async fn moved(store: &Store, name: &str, holder: &str, from: Position, to: Position) -> bool {
    let tx = store.begin().await.expect("begin");
    let moved = tx.follower_advance(name, holder, from, to, DateTime::UNIX_EPOCH).await.expect("advance");
    if moved {
        tx.commit().await.expect("commit");
    }
    moved
}

#[tokio::test]
async fn events_are_read_in_their_order_a_page_at_a_time() {
    each_store(async |store| {
        assert_eq!(store.newest_position().await.expect("newest"), Position::START);
        write(store, &(0..40).collect::<Vec<_>>(), at(0)).await;
        write(store, &[40, 41], at(1)).await;
        let mut read = Vec::new();
        let mut place = Position::START;
        loop {
            let page = store.events_after(place, 5).await.expect("page");
            let Some(last) = page.last() else { break };
            assert!(page.len() <= 5);
            place = last.seq;
            read.extend(page);
        }
        assert_eq!(tags(&read), (0..42).collect::<Vec<_>>());
        assert!(read.is_sorted_by(|a, b| a.seq < b.seq));
        assert_eq!(read[41].at, at(1));
        assert_eq!(read[41].kind, "TAG_CHANGED");
        assert_eq!(store.newest_position().await.expect("newest"), place);

        store.execute("UPDATE events SET payload = '{\"kind\": \"OF_LATER\"}', kind = 'OF_LATER' WHERE subject = 40").await;
        let strange = &all(store).await[40];
        assert_eq!((&strange.event, strange.kind.as_str()), (&None, "OF_LATER"));
    })
    .await;
}

#[tokio::test]
async fn a_follower_begins_where_it_wishes_and_is_known_from_then_on() {
    each_store(async |store| {
        write(store, &[1, 2], at(0)).await;
        let newest = store.newest_position().await.expect("newest");
        store.follower_register("early", Start::Beginning).await.expect("register");
        store.follower_register("late", Start::End).await.expect("register");
        write(store, &[3], at(5)).await;
        store.follower_register("late", Start::End).await.expect("again");
        store.follower_register("early", Start::End).await.expect("again");
        let standings = store.followers().await.expect("followers");
        let told: Vec<_> = standings
            .iter()
            .map(|it| (it.name.as_str(), it.position, it.behind, it.waiting_since, it.failures))
            .collect();
        assert_eq!(
            told,
            [("early", Position::START, 3, Some(at(0)), 0), ("late", newest, 1, Some(at(5)), 0)]
        );
    })
    .await;
}

#[tokio::test]
async fn one_holder_at_a_time_works_for_a_follower_and_another_takes_over_when_it_dies() {
    each_store(async |store| {
        write(store, &[1, 2, 3], at(0)).await;
        let seqs: Vec<Position> = all(store).await.iter().map(|logged| logged.seq).collect();
        store.follower_register("f", Start::Beginning).await.expect("register");
        let length = TimeDelta::seconds(15);
        let lease = async |holder: &str, seconds: i64| {
            store
                .follower_lease("f", holder, at(0) + TimeDelta::seconds(seconds), length)
                .await
                .expect("lease")
                .map(|lease| (lease.position, lease.failures))
        };
        assert_eq!(lease("a", 0).await, Some((Position::START, 0)));
        assert_eq!(lease("b", 14).await, None);
        assert_eq!(lease("a", 14).await, Some((Position::START, 0)), "its own holder renews it");
        assert!(!moved(store, "f", "b", Position::START, seqs[0]).await, "who has no lease moves nothing");
        assert!(!moved(store, "f", "a", seqs[0], seqs[1]).await, "from where it does not stand");
        assert_eq!(lease("b", 29).await, Some((Position::START, 0)), "a is dead");
        assert!(!moved(store, "f", "a", Position::START, seqs[0]).await, "a was only slow, and too late");
        assert!(moved(store, "f", "b", Position::START, seqs[0]).await);
        assert_eq!(lease("a", 30).await, Some((seqs[0], 0)), "b gave it back with the batch");

        let again_at = at(0) + TimeDelta::seconds(60);
        assert!(!store.follower_fail("f", "b", Failing { failures: 1, again_at }).await.expect("fail"));
        assert!(store.follower_fail("f", "a", Failing { failures: 1, again_at }).await.expect("fail"));
        assert_eq!(lease("b", 59).await, None, "nobody tries a failing event earlier");
        assert_eq!(lease("b", 60).await, Some((seqs[0], 1)));
        assert!(moved(store, "f", "b", seqs[0], seqs[1]).await);
        assert_eq!(lease("a", 61).await, Some((seqs[1], 0)), "moving on forgets the failures");
        store.follower_release("f", "b").await.expect("not b's");
        assert_eq!(lease("b", 62).await, None);
        store.follower_release("f", "a").await.expect("release");
        assert_eq!(lease("b", 62).await, Some((seqs[1], 0)));
        assert_eq!(lease("a", -3600).await, Some((seqs[1], 0)), "a clock that was put back holds nobody up");
        assert_eq!(store.follower_lease("unknown", "a", at(0), length).await.expect("lease"), None);
    })
    .await;
}

#[tokio::test]
async fn passing_over_events_moves_nobody_back_and_nobody_who_is_at_work() {
    each_store(async |store| {
        write(store, &[1, 2, 3, 4], at(0)).await;
        let seqs: Vec<Position> = all(store).await.iter().map(|logged| logged.seq).collect();
        store.follower_register("f", Start::Beginning).await.expect("register");
        let stands = async || store.followers().await.expect("followers")[0].position;
        store.follower_pass("f", Position::START, seqs[1], at(0)).await.expect("pass");
        assert_eq!(stands().await, seqs[1]);
        store.follower_pass("f", Position::START, seqs[0], at(0)).await.expect("pass");
        assert_eq!(stands().await, seqs[1], "not back");
        store.follower_pass("f", seqs[2], seqs[3], at(0)).await.expect("pass");
        assert_eq!(stands().await, seqs[1], "what lies between was not looked at");
        store.follower_lease("f", "a", at(0), TimeDelta::seconds(15)).await.expect("lease");
        store.follower_pass("f", seqs[1], seqs[2], at(0)).await.expect("pass");
        assert_eq!(stands().await, seqs[1], "someone is at work");
        store.follower_pass("f", Position::START, seqs[2], at(1)).await.expect("pass");
        assert_eq!(stands().await, seqs[2]);
    })
    .await;
}

#[tokio::test]
async fn old_events_are_dropped_from_the_beginning_and_never_before_all_have_passed() {
    each_store(async |store| {
        for minutes in [0, 1, 2, 9, 3, 10] {
            write(store, &[minutes], at(minutes)).await;
        }
        let seqs: Vec<Position> = all(store).await.iter().map(|logged| logged.seq).collect();
        store.follower_register("slow", Start::Beginning).await.expect("register");
        store.follower_register("fast", Start::End).await.expect("register");
        let prune = async |minutes: i64, limit: u32| {
            let dropped = store.events_prune(at(minutes), limit).await.expect("prune");
            (dropped, tags(&all(store).await))
        };
        assert_eq!(prune(60, 100).await, (0, vec![0, 1, 2, 9, 3, 10]), "slow has passed none");
        store.follower_pass("slow", Position::START, seqs[4], at(0)).await.expect("pass");
        assert_eq!(prune(1, 100).await, (1, vec![1, 2, 9, 3, 10]), "the others are too young");
        assert_eq!(prune(60, 1).await, (1, vec![2, 9, 3, 10]), "a batch");
        assert_eq!(prune(5, 100).await, (1, vec![9, 3, 10]), "no hole is made behind a young one");
        assert_eq!(prune(60, 100).await, (2, vec![10]));
        store.follower_pass("slow", seqs[4], seqs[5], at(0)).await.expect("pass");
        assert_eq!(prune(60, 100).await, (0, vec![10]), "the newest stays");
        assert_eq!(store.newest_position().await.expect("newest"), seqs[5]);
        write(store, &[11], at(11)).await;
        assert!(all(store).await[1].seq > seqs[5], "no number is given out twice");
    })
    .await;
}

#[tokio::test]
async fn a_chore_is_begun_by_one_and_again_when_it_is_time() {
    each_store(async |store| {
        let hour = TimeDelta::hours(1);
        let begun = async |minutes: i64| store.chore_begin("prune", hour, at(minutes)).await.expect("chore");
        assert!(begun(0).await);
        assert!(!begun(0).await && !begun(59).await);
        assert!(begun(60).await);
        assert!(!begun(61).await);
        assert!(store.chore_begin("other", hour, at(61)).await.expect("chore"));
        assert!(begun(30).await, "the clock was put back");
    })
    .await;
}

/// Two transactions that overlap: the first to insert is the last to commit. What a reader sees who reads on and on.
mod out_of_order {
    use std::time::Duration;

    use sea_orm::sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

    use super::*;

    const INSERT: &str = "INSERT INTO events (at, kind, subject, payload) VALUES (0, 'TAG_CHANGED', {tag}, '{\"kind\": \"TAG_CHANGED\", \"tag\": {tag}}')";

    async fn begin(url: &str) -> PgConnection {
        let mut connection = PgConnection::connect(url).await.expect("connects");
        connection.execute("BEGIN").await.expect("begins");
        connection
    }

    async fn insert(connection: &mut PgConnection, tag: i64) {
        let sql = INSERT.replace("{tag}", &tag.to_string());
        connection.execute(AssertSqlSafe(sql)).await.expect("inserts");
    }

    /// The tags in the order in which a follower has met them.
    async fn met_by_a_follower(store: &TestStore, url: &str) -> Vec<i64> {
        let mut place = store.newest_position().await.expect("newest");
        let mut met = Vec::new();
        let mut read = async || {
            let events = store.events_after(place, 100).await.expect("events");
            place = events.last().map_or(place, |last| last.seq);
            met.extend(tags(&events));
        };
        let mut first = begin(url).await;
        insert(&mut first, 1).await;
        let mut second = begin(url).await;
        let second = tokio::spawn(async move {
            insert(&mut second, 2).await;
            second.execute("COMMIT").await.expect("commits");
        });
        // Until the second has committed, or waits for the first.
        let waiting = "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        while !second.is_finished() && store.number(waiting).await == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        read().await;
        first.execute("COMMIT").await.expect("commits");
        second.await.expect("the second committed");
        read().await;
        met
    }

    #[tokio::test]
    async fn no_event_is_skipped_when_transactions_overlap() {
        let Some(store) = TestStore::postgres().await else { return };
        let url = store.url().to_owned();
        assert_eq!(met_by_a_follower(&store, &url).await, [1, 2], "the second waited for its number");
        // What this would look like without the trigger: the follower has passed the second before the first appears.
        store.execute("DROP TRIGGER events_in_order ON events").await;
        assert_eq!(
            met_by_a_follower(&store, &url).await,
            [2],
            "without the trigger the test must see a skip"
        );
        store.discard().await;
    }

    #[tokio::test]
    async fn a_crowd_of_writers_is_followed_without_a_gap_or_a_repeat() {
        each_store(async |store| {
            let mut writers = tokio::task::JoinSet::new();
            for writer in 0..6 {
                let store = Store::open(&Options::new(store.url())).await.expect("a connection of its own");
                writers.spawn(async move {
                    for n in 0..20 {
                        let tx = store.begin().await.expect("begin");
                        tx.append(changed(writer * 1_000 + n * 2), at(0));
                        tx.append(changed(writer * 1_000 + n * 2 + 1), at(0));
                        if n % 5 == 4 {
                            drop(tx); // taken back: numbers are missing, and nobody waits for them
                        } else {
                            tx.commit().await.expect("commit");
                        }
                    }
                    store.close().await.expect("close");
                });
            }
            let mut place = Position::START;
            let mut met = Vec::new();
            loop {
                let over = writers.is_empty();
                let events = store.events_after(place, 7).await.expect("events");
                if let Some(last) = events.last() {
                    place = last.seq;
                    met.extend(tags(&events));
                } else if over {
                    break;
                }
                while writers.try_join_next().is_some_and(|done| done.is_ok()) {}
            }
            for writer in 0..6 {
                let of_one: Vec<i64> =
                    met.iter().filter(|tag| *tag / 1_000 == writer).map(|tag| tag % 1_000).collect();
                let written: Vec<i64> = (0..40).filter(|n| n / 2 % 5 != 4).collect();
                assert_eq!(of_one, written);
            }
        })
        .await;
    }
}

#[tokio::test]
async fn another_process_is_heard_on_postgres_and_not_on_sqlite() {
    let sqlite = TestStore::sqlite().await;
    assert!(sqlite.event_notices().await.expect("listens").is_none());
    let Some(store) = TestStore::postgres().await else { return };
    let mut notices = store.event_notices().await.expect("listens").expect("PostgreSQL sends notices");
    let other = Store::open(&Options::new(store.url())).await.expect("another process");
    write(&other, &[1], at(0)).await;
    tokio::time::timeout(std::time::Duration::from_secs(20), notices.next())
        .await
        .expect("a notice")
        .expect("heard");
    // The connection is lost, and it hears all the same.
    store
        .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database() AND pid <> pg_backend_pid()")
        .await;
    tokio::time::timeout(std::time::Duration::from_secs(20), notices.next())
        .await
        .expect("a notice")
        .expect("it connects again");
    write(&other, &[2], at(0)).await;
    tokio::time::timeout(std::time::Duration::from_secs(20), notices.next())
        .await
        .expect("a notice")
        .expect("heard");
    other.close().await.expect("close");
    drop(notices);
    store.discard().await;
}
