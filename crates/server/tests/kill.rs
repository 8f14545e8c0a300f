//! The program killed again and again while people work with it: what it acknowledged is there, nothing is done by halves,
//! and rows and event log agree. And what falls due, falls due once, on however many instances, also where none was up. And what those cost
//! it who only watch.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

#[path = "kill/books.rs"]
mod books;
#[cfg(target_os = "linux")]
#[path = "kill/idle.rs"]
mod idle;
#[path = "kill/program.rs"]
mod program;
#[path = "kill/storm.rs"]
mod storm;
#[path = "kill/writer.rs"]
mod writer;

use std::hash::{BuildHasher, RandomState};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use books::{balance, events_of};
use futures_util::FutureExt;
use masthead_tests::{TestStore, texts_at};
use program::{Place, ask};
use serde_json::{Value, json};
use writer::{Dice, Writer};

/// How often it is killed.
const ROUNDS: usize = 12;
const WRITERS: usize = 3;
const EMAIL: &str = "adam@example.org";
const PASSWORD: &str = "a passphrase of some length";

#[tokio::test]
async fn nothing_acknowledged_is_lost_by_kills_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("masthead.sqlite").display());
    killed_again_and_again(Place { database: &database, data: folder.path() }).await;
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_by_kills_on_postgres() {
    on_postgres(async |place| killed_again_and_again(place).await).await;
}

#[tokio::test]
async fn what_was_due_while_no_program_ran_is_published_once_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("masthead.sqlite").display());
    due_once(Place { database: &database, data: folder.path() }, 1).await;
}

#[tokio::test]
async fn two_programs_on_one_postgres_publish_what_is_due_once() {
    on_postgres(async |place| due_once(place, 2).await).await;
}

/// Runs a test on a PostgreSQL database of its own, where there is one.
async fn on_postgres(test: impl AsyncFn(Place<'_>)) {
    let Some(store) = TestStore::postgres().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let place = Place { database: store.url(), data: folder.path() };
    let outcome = AssertUnwindSafe(test(place)).catch_unwind().await;
    store.discard().await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

async fn killed_again_and_again(place: Place<'_>) {
    let seed = std::env::var("MASTHEAD_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| RandomState::new().hash_one(0));
    eprintln!("again with MASTHEAD_TEST_SEED={seed}");
    let mut dice = Dice(seed);
    place.login(EMAIL, PASSWORD);
    let program = place.serve();
    // It holds after every kill too.
    let token = sign_in(&program.address);
    program.kill();
    let mut writers: Vec<Writer> =
        (0..WRITERS).map(|name| Writer::new(name, &token, seed ^ name as u64)).collect();
    let acknowledged = AtomicUsize::new(0);
    for _ in 0..ROUNDS {
        if dice.below(3) == 0 {
            // Before it serves, or just then.
            let mut starting = place.starting();
            sleep(Duration::from_millis(dice.below(400) as u64));
            starting.kill().unwrap();
            starting.wait().unwrap();
        }
        let program = place.serve();
        let address = program.address.clone();
        for writer in &mut writers {
            writer.verify(&address);
        }
        // Some are at work by then, and a slow machine has done as much as a quick one.
        let enough = acknowledged.load(Ordering::SeqCst) + 1 + dice.below(12);
        let then = Duration::from_millis(dice.below(300) as u64);
        scope(|threads| {
            let work = |writer| {
                let (address, acknowledged) = (&address, &acknowledged);
                threads.spawn(move || Writer::work(writer, address, acknowledged))
            };
            let at_work: Vec<_> = writers.iter_mut().map(work).collect();
            while acknowledged.load(Ordering::SeqCst) < enough
                && !at_work.iter().any(|writer| writer.is_finished())
            {
                sleep(Duration::from_millis(1));
            }
            sleep(then);
            program.kill();
            at_work.into_iter().for_each(|writer| writer.join().expect("a writer"));
        });
    }
    let acknowledged = acknowledged.into_inner();
    assert!(acknowledged > ROUNDS, "too little was done to tell: {acknowledged}");
    let program = place.serve();
    for writer in &mut writers {
        writer.verify(&program.address);
    }
    program.stop();
    place.doctor().unwrap_or_else(|faults| panic!("{faults}"));
    balance(place.database).await;
    let kept = texts_at(place.database, "SELECT body_text FROM comments").await;
    for comment in writers.iter().flat_map(Writer::comments) {
        assert!(kept.contains(comment), "a comment is lost: {comment}");
    }
    eprintln!("{acknowledged} changes were acknowledged");
}

/// An article that is scheduled goes live once: while `instances` programs run, and where all were down at its time.
async fn due_once(place: Place<'_>, instances: usize) {
    place.login(EMAIL, PASSWORD);
    let start = || (0..instances).map(|_| place.serve()).collect::<Vec<_>>();
    let mut programs = start();
    let token = sign_in(&programs[0].address);
    for (n, down) in [false, true, false].into_iter().enumerate() {
        let slug = format!("due-{n}");
        let address = programs[n % instances].address.clone();
        let at = scheduled(&address, &token, &slug);
        if down {
            programs.into_iter().for_each(program::Program::kill);
            sleep(at.saturating_duration_since(Instant::now()) + Duration::from_millis(200));
            programs = start();
        }
        let patience = Instant::now() + Duration::from_secs(20);
        for program in &programs {
            while !is_public(&program.address, &slug) {
                assert!(Instant::now() < patience, "{slug} does not go live");
                sleep(Duration::from_millis(50));
            }
        }
        let events = events_of(place.database, n as i64 + 1).await;
        assert_eq!(
            events,
            ["ARTICLE_CREATED", "ARTICLE_SCHEDULED", "ARTICLE_PUBLISHED"],
            "once, and by nobody else"
        );
    }
    for program in programs {
        program.stop();
    }
    place.doctor().unwrap_or_else(|faults| panic!("{faults}"));
    balance(place.database).await;
}

/// Makes an article and schedules it for a moment from now; when that is.
fn scheduled(address: &str, token: &str, slug: &str) -> Instant {
    let create = "mutation($input: CreateArticleInput!) { it: createArticle(input: $input) { article { id } errors { code message } } }";
    let input = json!({"title": slug, "slug": slug, "body": {"html": "<p>In time.</p>"}});
    let made = ask(address, Some(token), create, json!({"input": input})).expect("an answer");
    assert_eq!(made["it"]["errors"], json!([]));
    let ahead = Duration::from_millis(1_500);
    #[expect(clippy::disallowed_methods, reason = "the program has the system's clock too")]
    let at = (std::time::SystemTime::now() + ahead).duration_since(std::time::UNIX_EPOCH).unwrap();
    let at = chrono::DateTime::from_timestamp(at.as_secs() as i64, at.subsec_nanos())
        .expect("a time")
        .to_rfc3339();
    let schedule = "mutation($id: ID!, $at: DateTime!) { it: scheduleArticle(id: $id, at: $at) { article { desk { status } } errors { code message } } }";
    let done = ask(address, Some(token), schedule, json!({"id": made["it"]["article"]["id"], "at": at}))
        .expect("an answer");
    assert_eq!(done["it"]["errors"], json!([]));
    Instant::now() + ahead
}

fn is_public(address: &str, slug: &str) -> bool {
    let found = ask(address, None, "query($s: String!) { article(slug: $s) { title } }", json!({"s": slug}));
    !found.expect("an answer")["article"].is_null()
}

fn sign_in(address: &str) -> String {
    let document = "mutation($email: EmailAddress!, $password: String!) { signIn(input: { email: $email, password: $password }) { token errors { code message } } }";
    let answer: Value =
        ask(address, None, document, json!({"email": EMAIL, "password": PASSWORD})).expect("an answer");
    answer["signIn"]["token"].as_str().unwrap_or_else(|| panic!("{answer:#}")).to_owned()
}
