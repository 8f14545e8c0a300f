//! What connections are opened with: that a commit is on disk, that keys hold, that nobody waits for ever.

use std::time::Duration;

use masthead_tests::TestStore;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::{Options, Store};

/// A store of this build of the crate on a test's database: the helper's own is of the one that it was built with.
async fn opened(options: &Options) -> Store {
    Store::open(options).await.expect("opens")
}

#[tokio::test]
async fn the_writer_of_a_file_keeps_what_it_acknowledges() {
    let file = TestStore::sqlite().await;
    let store = opened(&Options::new(file.url())).await;
    // Of `synchronous` 2 is FULL: a commit waits for the disk, a write-ahead log's too.
    for (pragma, value) in [
        ("journal_mode", "wal"),
        ("synchronous", "2"),
        ("foreign_keys", "1"),
        ("busy_timeout", "5000"),
        ("mmap_size", "268435456"),
        ("cache_size", "-8192"),
        ("temp_store", "2"),
    ] {
        let statement = Statement::from_string(DbBackend::Sqlite, format!("PRAGMA {pragma}"));
        let row = store.writer.query_one_raw(statement).await.expect("asks").expect("a row");
        let told = row
            .try_get_by_index::<String>(0)
            .or_else(|_| row.try_get_by_index::<i64>(0).map(|number| number.to_string()));
        assert_eq!(told.expect("a value"), value, "{pragma}");
    }
    let dangling = "INSERT INTO article_tags (article_id, tag_id, position, listed, locale, published_at) VALUES (404, 404, 0, FALSE, 'en', 0)";
    let refused = store.writer.execute_unprepared(dangling).await.expect_err("there is no such article");
    assert!(refused.to_string().contains("FOREIGN KEY"), "{refused}");
}

#[tokio::test]
async fn readers_of_a_file_change_nothing_and_share_the_log() {
    let file = TestStore::sqlite().await;
    let store = opened(&Options::new(file.url())).await;
    for (pragma, value) in [("mmap_size", 268_435_456_i64), ("cache_size", -8192), ("temp_store", 2)] {
        let row = store.row(&format!("PRAGMA {pragma}"), vec![]).await.expect("asks").expect("a row");
        assert_eq!(row.try_get_by_index::<i64>(0).expect("a number"), value, "{pragma}");
    }
    let row = store.row("PRAGMA journal_mode", vec![]).await.expect("asks").expect("a row");
    assert_eq!(row.try_get_by_index::<String>(0).expect("a word"), "wal");
    let refused = store.row("DELETE FROM site", vec![]).await.expect_err("it only reads");
    assert!(refused.to_string().contains("readonly"), "{refused}");
}

#[tokio::test]
async fn a_server_ends_what_takes_too_long() {
    let Some(server) = TestStore::postgres().await else { return };
    let options = Options { statement_timeout: Duration::from_millis(200), ..Options::new(server.url()) };
    let store = opened(&options).await;
    let sleep = "SELECT CAST(pg_sleep(30) AS TEXT)";
    let reading = store.row(sleep, vec![]).await.expect_err("it takes too long").to_string();
    let writing = store.writer.execute_unprepared(sleep).await.expect_err("it takes too long").to_string();
    for told in [reading, writing] {
        assert!(told.contains("canceling statement due to statement timeout"), "{told}");
    }
    // The connection goes on.
    store.ping().await.expect("answers");
    let refused = store.row("DELETE FROM site", vec![]).await.expect_err("it only reads").to_string();
    assert!(refused.contains("read-only"), "{refused}");
    store.close().await.expect("closes");
    server.discard().await;
}
