//! Reading SQLite without detours: connections that only read, asked on the thread that wants the answer.
//!
//! The ORM's driver keeps each connection on a thread of its own: two hops a question, and more for the pool, which cost
//! several times the question itself. Most of ours take some hundred microseconds, so they run where they are asked. One
//! that takes longer than [`SLICE`] is stopped and asked again on a thread for work that blocks, so that no reader's
//! scan holds up the others' requests. See docs/adr/0014.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, Statement, ToSql};
use sea_orm::error::{ConnAcquireErr, RuntimeErr};
use sea_orm::{DbErr, Value};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::row::{Answer, Kept, Row};
use crate::store::StoreError;

/// How long a question may keep a thread that serves others too.
const SLICE: Duration = Duration::from_millis(5);

/// How long a question waits for a lock on the file, which readers of a write-ahead log meet rarely.
const BUSY: Duration = Duration::from_secs(5);

/// How long to wait for a connection.
const ACQUIRE: Duration = Duration::from_secs(10);

/// Steps of SQLite's machine between two looks at the clock: some tens of microseconds.
const STEPS: i32 = 2_000;

/// The connections for reading one file. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Readers(Arc<Shared>);

struct Shared {
    path: PathBuf,
    /// Those that nobody uses; the last one used is the first to be used again, its cache being warm.
    free: Mutex<Vec<Local>>,
    permits: Arc<Semaphore>,
    most: u32,
    log: bool,
}

/// A connection, and the clock that stops its questions.
struct Local {
    connection: Connection,
    clock: Arc<Clock>,
}

/// When the question that runs is to be stopped, in nanoseconds from `start`; `u64::MAX`: never.
struct Clock {
    start: Instant,
    until: AtomicU64,
}

/// A read transaction: every question sees the same moment. Ends, and gives its connection back, when dropped.
pub(crate) struct Snapshot {
    local: Option<Local>,
    readers: Arc<Shared>,
    _permit: OwnedSemaphorePermit,
}

/// What became of a question that was asked in passing.
pub(crate) enum Asked {
    Answered(Vec<Row>),
    /// It takes longer, or the file is locked: to be asked by [`Snapshot::ask_patiently`].
    TakesLonger,
}

impl Readers {
    /// Opens the first connection, to see that it can be done. There will be at most `most`, each opened when needed.
    pub(crate) fn open(path: &Path, most: u32, log: bool) -> Result<Self, StoreError> {
        let first = Local::open(path).map_err(failed)?;
        Ok(Self(Arc::new(Shared {
            path: path.to_owned(),
            free: Mutex::new(vec![first]),
            permits: Arc::new(Semaphore::new(most as usize)),
            most,
            log,
        })))
    }

    /// Begins a snapshot, on a connection of its own.
    pub(crate) async fn begin(&self) -> Result<Snapshot, StoreError> {
        let permit = match Arc::clone(&self.0.permits).try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => {
                let waited = tokio::time::timeout(ACQUIRE, Arc::clone(&self.0.permits).acquire_owned()).await;
                waited
                    .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?
                    .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))?
            }
        };
        let free = self.0.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let local = match free {
            Some(local) => local,
            None => {
                let shared = Arc::clone(&self.0);
                let opened = tokio::task::spawn_blocking(move || Local::open(&shared.path)).await;
                opened.map_err(|why| DbErr::Custom(why.to_string()))?.map_err(failed)?
            }
        };
        let snapshot = Snapshot { local: Some(local), readers: Arc::clone(&self.0), _permit: permit };
        snapshot.local()?.run("BEGIN").map_err(failed)?;
        Ok(snapshot)
    }

    /// Closes all connections, when their snapshots have ended.
    pub(crate) async fn close(&self) {
        let all = Arc::clone(&self.0.permits).acquire_many_owned(self.0.most).await;
        self.0.permits.close();
        self.0.free.lock().unwrap_or_else(PoisonError::into_inner).clear();
        drop(all);
    }
}

impl Snapshot {
    /// Asks a question where it stands, for as long as others can wait.
    pub(crate) fn ask(&self, sql: &str, values: &[Value]) -> Result<Asked, StoreError> {
        let local = self.local()?;
        local.clock.stop_in(SLICE);
        match self.answer(local, sql, values) {
            Ok(rows) => Ok(Asked::Answered(rows)),
            Err(error) if is(&error, &[ErrorCode::OperationInterrupted, ErrorCode::DatabaseBusy]) => {
                Ok(Asked::TakesLonger)
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// Asks a question for as long as it takes. Only on a thread that may block.
    pub(crate) fn ask_patiently(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        let local = self.local()?;
        local.clock.never();
        local.connection.busy_timeout(BUSY).map_err(failed)?;
        let answer = self.answer(local, sql, values);
        local.connection.busy_timeout(Duration::ZERO).map_err(failed)?;
        answer.map_err(failed)
    }

    /// What stops the question that is being asked, if dropped before it is [disarmed](Stop::disarm).
    pub(crate) fn stop(&self) -> Result<Stop, StoreError> {
        Ok(Stop(Some(Arc::clone(&self.local()?.clock))))
    }

    fn answer(&self, local: &Local, sql: &str, values: &[Value]) -> rusqlite::Result<Vec<Row>> {
        let started = self.readers.log.then(Instant::now);
        let rows = local.answer(sql, values)?;
        if let Some(started) = started {
            tracing::debug!(target: "sqlx::query", summary = sql, rows_returned = rows.len(), elapsed = ?started.elapsed());
        }
        Ok(rows)
    }

    fn local(&self) -> Result<&Local, StoreError> {
        // It is only ever taken out by `drop`.
        self.local.as_ref().ok_or_else(|| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed).into())
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        let Some(local) = self.local.take() else { return };
        // A connection whose transaction does not end is not used again.
        local.clock.never();
        if local.run("COMMIT").is_ok() && !self.readers.permits.is_closed() {
            self.readers.free.lock().unwrap_or_else(PoisonError::into_inner).push(local);
        }
    }
}

/// Stops the question of a request that nobody waits for any more.
pub(crate) struct Stop(Option<Arc<Clock>>);

impl Stop {
    /// The question was answered.
    pub(crate) fn disarm(mut self) {
        self.0 = None;
    }
}

impl Drop for Stop {
    fn drop(&mut self) {
        if let Some(clock) = &self.0 {
            clock.stop_in(Duration::ZERO);
        }
    }
}

impl Local {
    fn open(path: &Path) -> rusqlite::Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "mmap_size", 268_435_456)?;
        connection.pragma_update(None, "cache_size", -8_192)?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        // Else SQLite looks at each value anew whether another plan would suit it, by preparing the statement again.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.set_prepared_statement_cache_capacity(512);
        let clock = Arc::new(Clock { start: Instant::now(), until: AtomicU64::new(u64::MAX) });
        let watched = Arc::clone(&clock);
        connection.progress_handler(STEPS, Some(move || watched.has_rung()))?;
        // From here on a lock is waited for on another thread.
        connection.busy_timeout(Duration::ZERO)?;
        Ok(Self { connection, clock })
    }

    fn run(&self, sql: &str) -> rusqlite::Result<()> {
        self.connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    fn answer(&self, sql: &str, values: &[Value]) -> rusqlite::Result<Vec<Row>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        bind(&mut statement, values)?;
        let width = statement.column_count();
        let mut answer = Answer::of(width);
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            for at in 0..width {
                let kept = match row.get_ref(at)? {
                    ValueRef::Null => Kept::Null,
                    ValueRef::Integer(value) => Kept::Integer(value),
                    ValueRef::Real(value) => Kept::Real(value),
                    ValueRef::Text(bytes) => {
                        let from = answer.texts.len();
                        answer.texts.push_str(text(bytes)?);
                        Kept::Text(from, answer.texts.len())
                    }
                    ValueRef::Blob(bytes) => {
                        let from = answer.bytes.len();
                        answer.bytes.extend_from_slice(bytes);
                        Kept::Bytes(from, answer.bytes.len())
                    }
                };
                answer.cells.push(kept);
            }
        }
        Ok(answer.into_rows())
    }
}

/// Whole articles are read as text, so how fast it is checked tells.
fn text(bytes: &[u8]) -> rusqlite::Result<&str> {
    // Only the slower way says where it is wrong.
    simdutf8::basic::from_utf8(bytes).or_else(|_| Ok(std::str::from_utf8(bytes)?))
}

impl Clock {
    fn stop_in(&self, time: Duration) {
        self.until.store(nanoseconds(self.start.elapsed() + time), Ordering::Relaxed);
    }

    fn never(&self) {
        self.until.store(u64::MAX, Ordering::Relaxed);
    }

    fn has_rung(&self) -> bool {
        nanoseconds(self.start.elapsed()) >= self.until.load(Ordering::Relaxed)
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX - 1)
}

/// Binds `$1` to the first value, wherever in the statement it stands first.
fn bind(statement: &mut Statement<'_>, values: &[Value]) -> rusqlite::Result<()> {
    for at in 1..=statement.parameter_count() {
        let number = statement.parameter_name(at).and_then(|name| name.get(1..)?.parse::<usize>().ok());
        let value = values.get(number.unwrap_or(at).wrapping_sub(1));
        let value = value.ok_or(rusqlite::Error::InvalidParameterCount(values.len(), at))?;
        statement.raw_bind_parameter(at, Bound(value))?;
    }
    Ok(())
}

/// A value of the ORM's kind as SQLite takes it.
struct Bound<'a>(&'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self.0 {
            Value::Bool(value) => value.map(|value| ValueRef::Integer(value.into())),
            Value::Int(value) => value.map(|value| ValueRef::Integer(value.into())),
            Value::BigInt(value) => value.map(ValueRef::Integer),
            Value::Unsigned(value) => value.map(|value| ValueRef::Integer(value.into())),
            Value::Double(value) => value.map(ValueRef::Real),
            Value::String(value) => value.as_ref().map(|text| ValueRef::Text(text.as_bytes())),
            Value::Bytes(value) => value.as_ref().map(|bytes| ValueRef::Blob(bytes)),
            other => {
                let why = format!("a question binds {other:?}, which no statement of ours does");
                return Err(rusqlite::Error::ToSqlConversionFailure(why.into()));
            }
        };
        Ok(ToSqlOutput::Borrowed(value.unwrap_or(ValueRef::Null)))
    }
}

fn is(error: &rusqlite::Error, codes: &[ErrorCode]) -> bool {
    error.sqlite_error_code().is_some_and(|code| codes.contains(&code))
}

fn failed(error: rusqlite::Error) -> StoreError {
    DbErr::Query(RuntimeErr::Internal(error.to_string())).into()
}
