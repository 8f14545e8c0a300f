//! A sound newsroom, and each kind of damage.

use std::path::Path;

use masthead_actions::newsroom::fill::fill;
use masthead_actions::user::password::Password;
use masthead_domain::event::Event;
use masthead_persistence::Start;
use masthead_tests::{TestStore, each_store};
use tempfile::TempDir;

use super::*;
use crate::demo::Demo;

/// The demo newsroom with its pictures.
async fn demo(store: &TestStore) -> TempDir {
    let media = tempfile::tempdir().unwrap();
    let demo = Demo::load(&Password::parse("only for the tests", &[]).unwrap()).unwrap();
    demo.write_pictures(&Files::in_folder(media.path()).unwrap()).await.unwrap();
    let now = chrono::DateTime::from_timestamp(1_780_000_000, 0).unwrap();
    fill(store, now, [7; 32], &demo.newsroom).await.unwrap().unwrap();
    media
}

async fn findings(store: &TestStore, media: &Path) -> Findings {
    let files = Files::in_folder(media).unwrap();
    examine(&Options { create: false, ..Options::new(store.url()) }, Some(&files), api::now(), false).await
}

fn faults<'a>(findings: &'a Findings, check: &str) -> &'a [String] {
    &findings.checks.iter().find(|found| found.check == check).unwrap().faults
}

#[tokio::test]
async fn a_sound_newsroom_has_no_faults_and_each_damage_is_named() {
    each_store(async |store| {
        let media = demo(store).await;
        let sound = findings(store, media.path()).await;
        assert!(sound.ok && sound.checks.len() == 9, "{}", sound.lines());
        assert!(sound.lines().lines().all(|line| line.starts_with("ok ")), "{}", sound.lines());

        store.execute("UPDATE articles SET comment_count = comment_count + 1 WHERE id = 1").await;
        store.execute("UPDATE section_counts SET articles = articles + 2 WHERE section_id = 1 AND locale = 'fr'").await;
        store.execute("INSERT INTO translation_groups DEFAULT VALUES").await;
        store.execute("UPDATE sections SET parent_id = (SELECT id FROM sections WHERE slug = 'sea') WHERE slug = 'environment'").await;
        store.execute("UPDATE comments SET depth = depth + 1 WHERE depth = 3").await;
        store.execute("UPDATE articles SET title = 'Another' WHERE id = (SELECT MIN(id) FROM articles WHERE live)").await;
        std::fs::remove_file(media.path().join("demo/old-cinema.ar.jpg")).unwrap();
        // Two files of uploads whose rows were not written: one just now, one long ago.
        let [lately, long_ago] = [1, 2].map(|n| UploadName::new(&[n; 32], masthead_domain::media::PictureKind::Png).file());
        for name in [&lately, &long_ago] {
            Files::in_folder(media.path()).unwrap().put(name, vec![1].into()).await.unwrap();
        }
        let written = std::fs::File::options().write(true).open(media.path().join(&long_ago)).unwrap();
        written.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
        let damaged = findings(store, media.path()).await;
        assert!(!damaged.ok);
        let counts = faults(&damaged, COUNTS);
        assert_eq!(counts.len(), 2, "{counts:?}");
        assert!(counts[0].starts_with("articles.comment_count of 1 is "), "{counts:?}");
        assert!(counts[1].starts_with("section_counts.articles of 1 in fr is "), "{counts:?}");
        let rows = faults(&damaged, ROWS).join("\n");
        for what in ["without an article", "another title", "a section that stands above itself", "does not hang below"] {
            assert!(rows.contains(what), "{what}: {rows}");
        }
        let pictures = faults(&damaged, PICTURES);
        assert!(pictures.len() == 1 && pictures[0].contains("old-cinema.ar.jpg"), "{pictures:?}");
        let uploads = damaged.checks.iter().find(|check| check.check == UPLOADS).unwrap();
        assert_eq!((uploads.outcome, &uploads.notes), (Outcome::Ok, &vec![long_ago]), "an orphan does no harm");
        assert!(damaged.lines().contains("FAULT   every kept count is what counting gives\n"), "{}", damaged.lines());
    })
    .await;
}

#[tokio::test]
async fn a_database_that_is_not_there_not_current_or_too_new_is_not_looked_into() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = Options {
        create: false,
        ..Options::new(format!("sqlite:{}", folder.path().join("no.sqlite").display()))
    };
    let found = examine(&nowhere, None, api::now(), false).await;
    assert!(faults(&found, REACHABLE)[0].contains("there is no database at"), "{}", found.lines());
    assert!(!folder.path().join("no.sqlite").exists());

    let empty = folder.path().join("empty.sqlite");
    std::fs::write(&empty, b"").unwrap();
    let found = examine(
        &Options { create: false, ..Options::new(format!("sqlite:{}", empty.display())) },
        None,
        api::now(),
        false,
    )
    .await;
    assert!(faults(&found, CURRENT)[0].contains("run `masthead migrate`"), "{}", found.lines());

    let store = TestStore::sqlite().await;
    store.execute("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 0)").await;
    let found = findings(&store, folder.path()).await;
    assert!(faults(&found, CURRENT)[0].contains("m9999_later"), "{}", found.lines());
    for found in found.checks.iter().filter(|found| INSIDE.contains(&found.check)) {
        assert_eq!(found.outcome, Outcome::Skipped, "{}", found.check);
    }
}

#[tokio::test]
async fn where_followers_stand_is_told_and_those_that_are_stuck_are_faults() {
    each_store(async |store| {
        let media = demo(store).await;
        let now = api::now();
        store.follower_register("searching", Start::End).await.unwrap();
        store.follower_register("mailing", Start::End).await.unwrap();
        let told = findings(store, media.path()).await;
        assert!(told.ok, "{}", told.lines());
        let notes = &told.checks.iter().find(|found| found.check == FOLLOWERS).unwrap().notes;
        assert!(notes.len() == 2 && notes[0].starts_with("mailing has passed every event, the last of them "), "{notes:?}");
        assert!(told.lines().contains("ok      the event log is followed\n        mailing has"), "{}", told.lines());

        let tx = store.begin().await.unwrap();
        tx.append(Event::SiteChanged, now);
        tx.append(Event::SiteChanged, now);
        tx.commit().await.unwrap();
        let told = findings(store, media.path()).await;
        assert!(told.ok && told.lines().contains("; 2 wait, since "), "a while behind is no fault: {}", told.lines());

        store.execute("UPDATE followers SET failures = 3 WHERE name = 'mailing'").await;
        store.execute("INSERT INTO set_aside (follower, seq, kind, set_aside_at, why) VALUES ('searching', 7, 'TAG_CHANGED', 0, 'it broke')").await;
        store.execute("INSERT INTO letters (seq, happened_at, kind, user_id, attempts, ended_at, outcome, why) SELECT 8, 0, 'INVITATION', MIN(id), 9, 0, 'FAILED', 'refused' FROM users").await;
        store.execute("INSERT INTO letters (seq, happened_at, kind, user_id, attempts, next_at, why) SELECT 9, 0, 'INVITATION', MIN(id), 1, 0, 'later' FROM users").await;
        let told = findings(store, media.path()).await;
        let stuck = faults(&told, FOLLOWERS).join("\n");
        assert!(stuck.contains("mailing is stuck: its next event has failed 3 times"), "{stuck}");
        assert!(stuck.contains("searching set event 7 (TAG_CHANGED) aside at 1970-01-01T00:00:00Z") && stuck.contains("it broke"), "{stuck}");
        assert_eq!(faults(&told, LETTERS), ["a letter about event 8 (Invitation) failed 9 times and is not tried again: refused"]);
        assert!(told.lines().contains("about event 9 (Invitation) failed 1 times and is tried again: later"), "{}", told.lines());

        store.execute("UPDATE followers SET failures = 0").await;
        let files = Files::in_folder(media.path()).unwrap();
        let options = Options { create: false, ..Options::new(store.url()) };
        let cleared = examine(&options, Some(&files), now, true).await;
        assert!(faults(&cleared, FOLLOWERS).is_empty(), "{}", cleared.lines());
        assert!(cleared.lines().contains("forgotten from now on: searching set event 7"), "{}", cleared.lines());
        assert!(!findings(store, media.path()).await.lines().contains("event 7"), "it is not named again");
        store.execute("UPDATE events SET at = 0").await;
        let abandoned = findings(store, media.path()).await;
        assert!(faults(&abandoned, FOLLOWERS)[0].starts_with("mailing has not moved for more than a day"), "{}", abandoned.lines());
    })
    .await;
}

#[tokio::test]
async fn a_damaged_file_is_a_finding() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.sqlite");
    std::fs::write(&path, [b"SQLite format 3\0".to_vec(), vec![0x5a; 8192]].concat()).unwrap();
    let options = Options { create: false, ..Options::new(format!("sqlite:{}", path.display())) };
    let found = examine(&options, None, api::now(), false).await;
    assert!(!found.ok && !faults(&found, REACHABLE).is_empty(), "{}", found.lines());
}

#[test]
fn machines_get_every_fault_and_people_the_first_ones() {
    let mut findings = Findings { ok: true, checks: vec![] };
    findings.add(COUNTS, (0..25).map(|n| format!("fault {n}")).collect());
    findings.skip(&[ROWS]);
    let lines = findings.lines();
    assert_eq!(lines.lines().count(), 1 + 20 + 1 + 1, "{lines}");
    assert!(
        lines.contains("and 5 more") && lines.ends_with("skipped rows that belong together do\n"),
        "{lines}"
    );
    let json = serde_json::to_value(&findings).unwrap();
    assert_eq!(json["ok"], false);
    assert_eq!(json["checks"][0]["outcome"], "fault");
    assert_eq!(json["checks"][0]["faults"].as_array().map(Vec::len), Some(25));
}
