//! Databases for tests: a fresh one each, on SQLite always and on PostgreSQL where there is one.
//!
//! `MASTHEAD_TEST_POSTGRES` names a PostgreSQL database from which others may be created
//! (`postgres://postgres@127.0.0.1:5432/postgres`). Without it tests say that they skipped PostgreSQL, and fail where
//! `MASTHEAD_TEST_REQUIRE_ALL` is 1. It must not know what is tested.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

use std::hash::{BuildHasher, RandomState};
use std::io::Write;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Once;

use futures_util::FutureExt;
use masthead_persistence::{Options, Store};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor, Row};
use tempfile::TempDir;

/// A migrated, empty database of its own. Dereferences to the [`Store`] on it.
#[derive(Debug)]
pub struct TestStore {
    store: Store,
    url: String,
    /// The SQLite file's folder, which goes with it.
    folder: Option<TempDir>,
}

/// Runs `test` on a fresh database of each kind, one after the other:
///
/// ```no_run
/// # use masthead_tests::each_store;
/// # async fn a_test() {
/// each_store(async |store| assert_eq!(store.pending().await.expect("pending"), 0)).await;
/// # }
/// ```
///
/// The PostgreSQL database is dropped also where the test panics.
pub async fn each_store(test: impl AsyncFn(&TestStore)) {
    test(&TestStore::sqlite().await).await;
    if let Some(store) = TestStore::postgres().await {
        let outcome = AssertUnwindSafe(test(&store)).catch_unwind().await;
        store.discard().await;
        if let Err(panic) = outcome {
            eprintln!("this was on PostgreSQL");
            resume_unwind(panic);
        }
    }
}

impl TestStore {
    /// A SQLite file in a temporary folder.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join("test.sqlite").display());
        Self { store: open(&url).await, url, folder: Some(folder) }
    }

    /// A PostgreSQL database, to be [discarded](Self::discard) in the end. `None`, said once on standard error: no
    /// server was named.
    pub async fn postgres() -> Option<Self> {
        let Ok(server) = std::env::var("MASTHEAD_TEST_POSTGRES") else {
            let required = std::env::var("MASTHEAD_TEST_REQUIRE_ALL").is_ok_and(|value| value == "1");
            assert!(!required, "MASTHEAD_TEST_POSTGRES is not set, and MASTHEAD_TEST_REQUIRE_ALL is 1");
            say_once_that_postgres_is_skipped();
            return None;
        };
        let (base, _) = server.rsplit_once('/').expect("an address that ends in a database's name");
        // Two tests of one process, and two processes of one machine, must not meet.
        let name = format!("masthead_test_{}_{:016x}", std::process::id(), RandomState::new().hash_one(0));
        execute(&server, &format!("CREATE DATABASE {name}")).await;
        let url = format!("{base}/{name}");
        Some(Self { store: open(&url).await, url, folder: None })
    }

    /// Closes the store and removes its database.
    pub async fn discard(self) {
        self.store.close().await.expect("closes");
        if self.folder.is_none() {
            let server =
                std::env::var("MASTHEAD_TEST_POSTGRES").expect("it was set when the database was made");
            let (_, name) = self.url.rsplit_once('/').expect("an address that ends in a database's name");
            execute(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }

    /// The database's address, to open it once more or to hand it to the program.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs statements behind the store's back, as someone with the database's own tools would.
    pub async fn execute(&self, sql: &str) {
        execute(&self.url, sql).await;
    }

    /// The whole number that a question of one row and one column answers with.
    pub async fn number(&self, sql: &str) -> i64 {
        let mut numbers = self.ask(sql, |row| row.try_get(0)).await;
        numbers.pop().unwrap_or_else(|| panic!("no row: {sql}"))
    }

    /// The texts in the first column of an answer. On PostgreSQL cast what is no text.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        self.ask(sql, |row| row.try_get(0)).await
    }

    /// How SQLite would go about a question: each step of its plan, with the number of the step that it is a part of; 0
    /// where it is none's.
    pub async fn query_plan(&self, sql: &str) -> Vec<(i64, String)> {
        let step = |row: &AnyRow| Ok((row.try_get(1)?, row.try_get(3)?));
        self.ask(&format!("EXPLAIN QUERY PLAN {sql}"), step).await
    }

    async fn ask<T>(&self, sql: &str, column: impl Fn(&AnyRow) -> Result<T, sqlx::Error>) -> Vec<T> {
        ask(&self.url, sql, column).await
    }
}

/// As [`TestStore::texts`], of a database that someone else keeps.
pub async fn texts_at(url: &str, sql: &str) -> Vec<String> {
    ask(url, sql, |row| row.try_get(0)).await
}

async fn ask<T>(url: &str, sql: &str, column: impl Fn(&AnyRow) -> Result<T, sqlx::Error>) -> Vec<T> {
    let mut connection = connect(url).await;
    let rows =
        connection.fetch_all(AssertSqlSafe(sql)).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    let answer = rows.iter().map(column).collect::<Result<_, _>>();
    connection.close().await.expect("closes");
    answer.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

impl Deref for TestStore {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

/// Past the test harness, which keeps to itself what passing tests print by macro.
fn say_once_that_postgres_is_skipped() {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        writeln!(std::io::stderr(), "SKIPPED on PostgreSQL: MASTHEAD_TEST_POSTGRES is not set")
            .expect("stderr");
    });
}

async fn open(url: &str) -> Store {
    let store = Store::open(&Options::new(url)).await.expect("opens");
    store.migrate().await.expect("migrates");
    store
}

async fn execute(url: &str, sql: &str) {
    let mut connection = connect(url).await;
    connection
        .execute(sqlx::raw_sql(AssertSqlSafe(sql)))
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    connection.close().await.expect("closes");
}

async fn connect(url: &str) -> AnyConnection {
    sqlx::any::install_default_drivers();
    AnyConnection::connect(url).await.unwrap_or_else(|error| panic!("{url}: {error}"))
}
