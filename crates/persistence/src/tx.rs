//! One change: rows and the events that tell of them, whole or not at all.
//!
//! Exists only inside a write. It sees everything, because deciding who may do what comes before it.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use masthead_domain::Id;
use masthead_domain::event::Event;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait, Value,
};

use crate::dialect::Dialect;
use crate::log::Bell;
use crate::row::Row;
use crate::store::StoreError;

/// Begins a transaction, to its end also where nobody waits for it any more.
///
/// The driver for PostgreSQL loses count of a BEGIN whose answer is not waited for: the connection would go back to the
/// pool within a transaction, and whoever is next would see the database as it was then. Clients break off at any time.
pub(crate) async fn begin(
    pool: &DatabaseConnection,
    options: TransactionOptions,
) -> Result<DatabaseTransaction, DbErr> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin_with_options(options).await });
    // Where this is not polled any more, the task takes the transaction back as it drops it.
    begun.await.map_err(|panicked| DbErr::Custom(panicked.to_string()))?
}

/// A change that is being made. Dropping it takes everything back.
#[derive(Debug)]
pub struct Tx {
    inner: DatabaseTransaction,
    dialect: Dialect,
    events: Mutex<Vec<(Event, DateTime<Utc>)>>,
    bell: Bell,
}

impl Tx {
    pub(crate) async fn begin(
        writer: &DatabaseConnection,
        dialect: Dialect,
        bell: Bell,
    ) -> Result<Self, StoreError> {
        // On SQLite a transaction that begins by reading and then writes may fail at once; this one waits its turn.
        let options = TransactionOptions {
            sqlite_transaction_mode: (dialect == Dialect::Sqlite).then_some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let inner = begin(writer, options).await?;
        Ok(Self { inner, dialect, events: Mutex::default(), bell })
    }

    /// Adds an event to the log, to be written when the change is made lasting: events come last, so that on PostgreSQL
    /// no writer holds the log while it waits for rows.
    pub fn append(&self, event: Event, at: DateTime<Utc>) {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).push((event, at));
    }

    /// Makes the change lasting, with its events. It is on disk when this returns.
    pub async fn commit(self) -> Result<(), StoreError> {
        let events = std::mem::take(&mut *self.events.lock().unwrap_or_else(PoisonError::into_inner));
        self.log_all(&events).await?;
        self.inner.commit().await?;
        if !events.is_empty() {
            self.bell.ring();
        }
        Ok(())
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// What locks the rows that a statement reads until the change is made: on PostgreSQL, where several write at a time.
    pub(crate) fn for_update(&self) -> &'static str {
        match self.dialect {
            Dialect::Sqlite => "",
            Dialect::Postgres => " FOR UPDATE OF a",
        }
    }

    pub(crate) async fn rows(&self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        Ok(self.inner.query_all_raw(self.statement(sql, values)).await?.into_iter().map(Row::Orm).collect())
    }

    pub(crate) async fn row(&self, sql: &str, values: Vec<Value>) -> Result<Option<Row>, StoreError> {
        Ok(self.inner.query_one_raw(self.statement(sql, values)).await?.map(Row::Orm))
    }

    /// Runs a statement that answers nothing; how many rows it changed.
    pub(crate) async fn run(&self, sql: &str, values: Vec<Value>) -> Result<u64, StoreError> {
        Ok(self.inner.execute_raw(self.statement(sql, values)).await?.rows_affected())
    }

    /// Inserts one row by a statement that ends in `RETURNING id`.
    pub(crate) async fn insert<T>(&self, sql: &str, values: Vec<Value>) -> Result<Id<T>, StoreError> {
        let row = self
            .row(sql, values)
            .await?
            .ok_or(StoreError::Unreadable { column: "id", why: "an insert returned no row".into() })?;
        Ok(Id::from_stored(row.try_get_by_index(0)?))
    }

    fn statement(&self, sql: &str, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(self.dialect.backend(), self.dialect.sql(sql), values)
    }
}

/// The rows of an INSERT of several: `($1, $2, $3), ($1, $4, $5)` for 2 rows that share the first of their columns and
/// have 2 of their own. Its length changes the statement, so that it is for few lengths.
pub(crate) fn rows_of(rows: usize, shared: usize, own: usize) -> String {
    let row = |n: usize| {
        let first = shared + n * own;
        let columns = (1..=shared).chain(first + 1..=first + own).map(|column| format!("${column}"));
        format!("({})", columns.collect::<Vec<_>>().join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

/// The least number from 2 on that is free, or one near it: few steps even where thousands are taken.
///
/// Tries 2 to 9 one by one, then doubles until one is free and halves the gap.
pub(crate) async fn free_number<F, Asked>(taken: F) -> Result<u32, StoreError>
where
    // Not `AsyncFn`: of its futures the compiler cannot say that they may move between threads.
    F: Fn(u32) -> Asked,
    Asked: Future<Output = Result<bool, StoreError>>,
{
    for n in 2..10 {
        if !taken(n).await? {
            return Ok(n);
        }
    }
    let (mut low, mut high) = (9, 18);
    while taken(high).await? {
        (low, high) = (high, high.saturating_mul(2));
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if taken(middle).await? {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(high)
}
