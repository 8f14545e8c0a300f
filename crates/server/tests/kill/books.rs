//! What must hold of a database's rows and its event log together, whatever happened to the program.

use std::collections::{BTreeMap, BTreeSet};

use masthead_domain::article::ArticleId;
use masthead_domain::article::desk::is_visible_after;
use masthead_domain::event::{Event, Logged, Position};
use masthead_persistence::{Options, Store};
use masthead_tests::texts_at;

/// Fails where a row has no event, an event no row, a revision no line in the audit log, or where following the log gives
/// another public paper than the rows.
pub async fn balance(database: &str) {
    let store = Store::open(&Options { create: false, ..Options::new(database) }).await.unwrap();
    assert_eq!(store.wrong_counts().await.unwrap(), []);
    assert_eq!(store.misplaced().await.unwrap(), []);
    let log = log(&store).await;
    store.close().await.unwrap();
    assert!(log.is_sorted_by(|a, b| a.seq < b.seq), "the log goes up");
    let events: Vec<Event> = log.into_iter().map(|logged| logged.event.expect("readable")).collect();

    let versions = numbers(
        database,
        "SELECT CAST(id AS TEXT) || ' ' || CAST(version AS TEXT) FROM articles ORDER BY id",
    )
    .await;
    let revisions = numbers(database, "SELECT CAST(article_id AS TEXT) || ' ' || CAST(COUNT(*) AS TEXT) FROM revisions GROUP BY article_id ORDER BY article_id").await;
    let audited = numbers(database, "SELECT CAST(subject_id AS TEXT) || ' ' || CAST(COUNT(*) AS TEXT) FROM audit_log WHERE subject_noun = 'Article' OR subject_noun = 'ARTICLE' GROUP BY subject_id ORDER BY subject_id").await;
    assert_eq!(versions, revisions, "one revision for each version");
    // What the schedule does is on nobody's behalf, and tells itself by the log only.
    for (article, count) in &audited {
        assert!(
            versions.get(article).is_some_and(|version| count <= version),
            "the audit log tells of more than was done to {article}"
        );
    }
    let made: Vec<i64> = subjects(&events, |event| matches!(event, Event::ArticleCreated { .. }));
    assert_eq!(made, versions.keys().copied().collect::<Vec<_>>(), "one beginning for each article");
    let mut changes: BTreeMap<i64, i64> = made.iter().map(|article| (*article, 1)).collect();
    for event in events.iter().filter(|event| makes_a_revision(event)) {
        *changes.get_mut(&event.subject()).expect("an event of an article that is there") += 1;
    }
    assert_eq!(changes, versions, "one event for each revision");
    for event in &events {
        if let Event::ArticlePublished { article, revision, .. } = event {
            let found = texts_at(
                database,
                &format!(
                    "SELECT change FROM revisions WHERE article_id = {} AND number = {revision}",
                    article.get()
                ),
            )
            .await;
            assert!(
                matches!(found[..], [ref change] if change == "PUBLISHED" || change == "CORRECTED"),
                "{event:?}: {found:?}"
            );
        }
    }

    let live: BTreeSet<i64> =
        numbers(database, "SELECT CAST(id AS TEXT) || ' 1' FROM articles WHERE live ORDER BY id")
            .await
            .into_keys()
            .collect();
    let followed: BTreeSet<i64> =
        made.iter().copied().filter(|id| is_visible_after(&events, ArticleId::from_stored(*id))).collect();
    assert_eq!(followed, live, "the log leads to the same public articles");

    let comments = numbers(database, "SELECT CAST(id AS TEXT) || ' 1' FROM comments ORDER BY id").await;
    let left = subjects(&events, |event| {
        matches!(event, Event::CommentPublished { .. } | Event::CommentHeld { .. })
    });
    assert_eq!(left, comments.into_keys().collect::<Vec<_>>(), "one event for each comment");
    let tags = numbers(database, "SELECT CAST(id AS TEXT) || ' 1' FROM tags ORDER BY id").await;
    let told = subjects(&events, |event| matches!(event, Event::TagChanged { .. }));
    assert_eq!(told, tags.into_keys().collect::<Vec<_>>(), "one event for each tag");
}

/// The kinds of the events of one article, in order.
pub async fn events_of(database: &str, article: i64) -> Vec<String> {
    let store = Store::open(&Options { create: false, ..Options::new(database) }).await.unwrap();
    let log = log(&store).await;
    store.close().await.unwrap();
    let own = log.iter().filter(|logged| {
        logged.kind.starts_with("ARTICLE")
            && logged.event.as_ref().is_some_and(|event| event.subject() == article)
    });
    own.map(|logged| logged.kind.clone()).collect()
}

async fn log(store: &Store) -> Vec<Logged> {
    let mut log: Vec<Logged> = Vec::new();
    loop {
        let behind = log.last().map_or(Position::START, |logged| logged.seq);
        let more = store.events_after(behind, 500).await.unwrap();
        if more.is_empty() {
            return log;
        }
        log.extend(more);
    }
}

/// A correction is published by an event of its own beside the one that tells readers.
fn makes_a_revision(event: &Event) -> bool {
    matches!(
        event,
        Event::ArticleChanged { .. }
            | Event::ArticleSubmitted { .. }
            | Event::ArticleReturned { .. }
            | Event::ArticleScheduled { .. }
            | Event::ArticleUnscheduled { .. }
            | Event::ArticlePublished { .. }
            | Event::ArticleEmbargoed { .. }
            | Event::ArticleArchived { .. }
            | Event::ArticleReopened { .. }
    )
}

fn subjects(events: &[Event], picked: impl Fn(&Event) -> bool) -> Vec<i64> {
    let mut subjects: Vec<i64> = events.iter().filter(|event| picked(event)).map(Event::subject).collect();
    subjects.sort_unstable();
    subjects
}

async fn numbers(database: &str, sql: &str) -> BTreeMap<i64, i64> {
    let pair = |text: String| {
        let (key, count) = text.split_once(' ').expect("two numbers");
        (key.parse().expect("a number"), count.parse().expect("a number"))
    };
    texts_at(database, sql).await.into_iter().map(pair).collect()
}
