//! The program is killed at random moments while people are invited: in the end there is a letter for each, the same
//! however often it was sent, and no half one.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use masthead_domain::event::Event;
use masthead_domain::user::{EmailAddress, Role};
use masthead_persistence::Store;
use masthead_persistence::user::NewInvitation;
use masthead_tests::each_store;

const KILLS: u32 = 8;

fn start(url: &str, data: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_masthead"));
    // What the machine that runs the tests has set is none of theirs.
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MASTHEAD_")) {
        command.env_remove(name);
    }
    let sink = format!("file:{}", data.join("letters").display());
    command.args([
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--log",
        "off",
        "--database",
        url,
        "--mail-sink",
        &sink,
    ]);
    command.arg("--data").arg(data).stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap()
}

/// When everyone is invited: so far ahead that no invitation has ended, whenever this runs.
fn day() -> DateTime<Utc> {
    DateTime::from_timestamp(4_000_000_000, 0).unwrap()
}

async fn invite(store: &Store, n: u32) {
    let tx = store.begin().await.unwrap();
    let new = NewInvitation {
        to: Some((EmailAddress::parse(&format!("p{n}@news.example")).unwrap(), format!("Person {n}"))),
        role: Role::Editor,
        sections: vec![],
        invited_by: None,
        expires_at: day() + TimeDelta::days(7),
    };
    let invitation = tx.invitation_create(&new, day()).await.unwrap();
    tx.append(Event::UserInvited { invitation }, DateTime::UNIX_EPOCH);
    tx.commit().await.unwrap();
}

/// The message id of each letter, by its file.
fn letters(folder: &Path) -> BTreeMap<String, String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return BTreeMap::new() };
    let files = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "eml"));
    files
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            let id = text
                .lines()
                .find_map(|line| line.strip_prefix("Message-ID: "))
                .expect("a message id")
                .to_owned();
            // Its last line is the paper's address: it is whole.
            assert!(text.lines().last().is_some_and(|line| line.starts_with("http://127.0.0.1:")), "{text}");
            (path.file_name().unwrap().to_str().unwrap().to_owned(), id)
        })
        .collect()
}

#[tokio::test]
async fn every_letter_is_sent_across_kill_9_and_a_repeat_has_the_same_id() {
    each_store(async |store| {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join("letters");
        // The follower of letters begins at the end of the log: with the program's first start.
        let mut program = start(store.url(), data.path());
        while store.followers().await.unwrap().iter().all(|standing| standing.name != "mail") {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let mut invited = 0;
        let mut known = BTreeMap::new();
        for _ in 0..KILLS {
            for _ in 0..5 {
                invite(store, invited).await;
                invited += 1;
            }
            // Killed somewhere between its start and the last letter.
            let before = known.len();
            let some = Duration::from_millis(RandomState::new().hash_one(0) % 400);
            for _ in 0..200 {
                if letters(&folder).len() > before {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            tokio::time::sleep(some).await;
            program.kill().unwrap();
            program.wait().unwrap();
            for (file, id) in letters(&folder) {
                assert_eq!(known.entry(file).or_insert_with(|| id.clone()), &id);
            }
            // What was on its way would be tried again in two minutes; here at once. One that was sent is sent twice.
            store.execute("UPDATE letters SET next_at = 0 WHERE outcome IS NULL").await;
            store.execute("UPDATE letters SET next_at = 0, outcome = NULL, ended_at = NULL WHERE id = (SELECT MAX(id) FROM letters)").await;
            store.execute("UPDATE followers SET leased_until = 0").await;
            program = start(store.url(), data.path());
        }
        for _ in 0..1_000 {
            if store.number("SELECT COUNT(*) FROM letters WHERE outcome = 'SENT'").await == i64::from(invited) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let stopped = Command::new("kill").args(["-TERM", &program.id().to_string()]).status().unwrap();
        assert!(stopped.success() && program.wait().unwrap().success());
        let letters = letters(&folder);
        assert_eq!(letters.len(), invited as usize);
        for (file, id) in known {
            assert_eq!(letters.get(&file), Some(&id), "a repeat is the same letter");
        }
        let ids: std::collections::BTreeSet<_> = letters.values().collect();
        assert_eq!(ids.len(), letters.len(), "each letter has an id of its own");
        assert_eq!(store.number("SELECT COUNT(*) FROM letters").await, i64::from(invited), "each was queued once");
        assert!(store.events_set_aside(1).await.unwrap().is_empty());
    })
    .await;
}
