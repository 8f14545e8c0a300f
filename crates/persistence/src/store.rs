//! Opening a database: its address, its pools, and whether its shape is ours.
//!
//! SQLite gets a pool of readers and exactly one writer, because it has exactly one; PostgreSQL gets the same two
//! pools, so that a crowd of readers cannot starve a write.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use masthead_domain::viewer::Viewer;
use masthead_migrations::Migrator;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement,
    TransactionTrait, Value,
};
use sea_orm_migration::MigratorTrait;
use thiserror::Error;
use tokio::sync::watch;

use crate::dialect::Dialect;
use crate::door;
use crate::log::Bell;
use crate::media::FilesError;
use crate::reads::{Pool, Reads, without_nul};
use crate::row::Row;
use crate::site::LastSite;
use crate::sqlite::Readers;
use crate::tx::Tx;

/// A fault of the database or of what is in it; never the caller's mistake.
#[derive(Debug, Clone, Error)]
pub enum StoreError {
    /// The database did not answer, or answered with an error.
    #[error("the database failed: {0}")]
    Database(Arc<DbErr>),
    /// A row holds what this program never writes.
    #[error("the database holds something that cannot be read, in {column}: {why}")]
    Unreadable {
        /// Where it was found.
        column: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// The PostgreSQL server lets nobody in there.
    #[error("cannot open the database “{database}” on {place} as {user}: {why}")]
    Unreachable {
        /// Its name.
        database: String,
        /// Host and port, or the folder of the server's socket.
        place: String,
        /// Who was to sign in.
        user: String,
        /// What is in the way, in plain words. Never holds the password.
        why: String,
    },
    /// The pictures' files could not be read or written.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The address is of no kind that is known.
    #[error("a database's address is sqlite:PATH or postgres://…")]
    UnknownKind,
    /// There is no file at the SQLite path, and making one was not asked for.
    #[error("there is no database at {0}")]
    NotThere(PathBuf),
    /// A later version of the program has changed the database.
    #[error(
        "the database is newer than this program: it has the change {0}, which this version does not know. Use the newer program, or restore a backup"
    )]
    Newer(String),
    /// Changes are missing and were not to be made now.
    #[error("the database lacks {0} change(s): run `masthead migrate`")]
    Older(usize),
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        Self::Database(Arc::new(error))
    }
}

/// How to open a database. Not printable, because an address may hold a password.
#[derive(Clone)]
pub struct Options {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    /// Make the SQLite file where there is none.
    pub create: bool,
    /// Connections for reading; more than the cores buys nothing on SQLite.
    pub readers: u32,
    /// On PostgreSQL, a server that takes longer to let us in counts as not there.
    pub connect_timeout: Duration,
    /// On PostgreSQL, a statement that takes longer is ended.
    pub statement_timeout: Duration,
    /// Tell every statement to the log (target `sqlx::query`, level debug).
    pub log_statements: bool,
}

impl Options {
    /// The defaults for an address: a file is made, as many readers as cores (at least 2), 5 seconds to connect to
    /// PostgreSQL, 10 seconds a statement.
    pub fn new(url: impl Into<String>) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, |n| n.get() as u32);
        Self {
            url: url.into(),
            create: true,
            readers: cores.max(2),
            connect_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(10),
            log_statements: false,
        }
    }
}

/// An open database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    readers: Pool,
    writer: DatabaseConnection,
    dialect: Dialect,
    options: Arc<Options>,
    bell: Bell,
    last_site: Arc<LastSite>,
}

impl Store {
    /// Opens a database and looks whether it is newer than the program. Changes nothing in it.
    pub async fn open(options: &Options) -> Result<Self, StoreError> {
        let (readers, writer, dialect) = if options.url.starts_with("sqlite:") {
            let writer = sqlite(options).await?;
            let readers =
                Readers::open(&sqlite_path(&options.url)?, options.readers, options.log_statements)?;
            (Pool::Sqlite(readers), writer, Dialect::Sqlite)
        } else if options.url.starts_with("postgres://") || options.url.starts_with("postgresql://") {
            door::knock(&options.url, options.connect_timeout).await?;
            let readers = Pool::Postgres(postgres(options, true).await?);
            (readers, postgres(options, false).await?, Dialect::Postgres)
        } else {
            return Err(StoreError::UnknownKind);
        };
        let store = Self {
            readers,
            writer,
            dialect,
            options: Arc::new(options.clone()),
            bell: Bell::new(),
            last_site: Arc::default(),
        };
        store.refuse_newer().await?;
        Ok(store)
    }

    /// Brings the database to the shape this program needs; how many changes that took. On PostgreSQL a lock makes
    /// several instances that start at once take turns, and no change is ended for taking long.
    pub async fn migrate(&self) -> Result<usize, StoreError> {
        let pending = self.pending().await?;
        if pending == 0 {
            return Ok(0);
        }
        if self.dialect == Dialect::Sqlite {
            Migrator::up(&self.writer, None).await?;
            return Ok(pending);
        }
        let patient =
            postgres(&Options { statement_timeout: Duration::ZERO, ..(*self.options).clone() }, false)
                .await?;
        let turn = patient.begin().await?;
        turn.execute_unprepared("SELECT pg_advisory_xact_lock(4720190826)").await?;
        Migrator::up(&patient, None).await?;
        turn.commit().await?;
        patient.close().await?;
        Ok(pending)
    }

    /// How many changes the database lacks.
    pub async fn pending(&self) -> Result<usize, StoreError> {
        let applied = self.applied().await?;
        Ok(Migrator::migrations().len().saturating_sub(applied.len()))
    }

    /// Refuses a database whose shape is not this program's, for commands that must not change it.
    pub async fn require_current(&self) -> Result<(), StoreError> {
        match self.pending().await? {
            0 => Ok(()),
            missing => Err(StoreError::Older(missing)),
        }
    }

    /// What `viewer` may see, from now on until it is dropped. Opens nothing before the first question.
    pub fn reads_as(&self, viewer: Viewer) -> Reads {
        Reads::new(self.readers.clone(), viewer, Arc::clone(&self.last_site))
    }

    /// Begins a change. Nothing of it is there for others before [`Tx::commit`], and dropping it takes it all back.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        Tx::begin(&self.writer, self.dialect, self.bell.clone()).await
    }

    /// Changes when this process has added events to the log. On PostgreSQL other processes add some too, unheard here.
    pub fn events_written(&self) -> watch::Receiver<()> {
        self.bell.listen()
    }

    /// Asks one question of at most one row, written in SQLite's words, outside any snapshot: what must be known before
    /// there is a viewer.
    pub(crate) async fn row(&self, sql: &str, values: Vec<Value>) -> Result<Option<Row>, StoreError> {
        Ok(self.ask(sql, values).await?.into_iter().next())
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.ask("SELECT 1", vec![]).await?;
        Ok(())
    }

    /// Ends all connections, after what runs on them. SQLite then folds its write-ahead log into the file.
    pub async fn close(self) -> Result<(), StoreError> {
        match self.readers {
            Pool::Sqlite(readers) => readers.close().await,
            Pool::Postgres(pool) => pool.close().await?,
        }
        self.writer.close().await?;
        Ok(())
    }

    /// Asks one question about no viewer's articles, written in SQLite's words, beside whoever writes.
    pub(crate) async fn ask(&self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        match &self.readers {
            Pool::Sqlite(_) => self.reads_as(Viewer::Guest).rows(sql, values).await,
            Pool::Postgres(pool) => {
                let sql = self.dialect.sql(sql);
                let values = without_nul(values);
                let statement = Statement::from_sql_and_values(self.dialect.backend(), sql, values);
                Ok(pool.query_all_raw(statement).await?.into_iter().map(Row::Orm).collect())
            }
        }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The address that it was opened with, in the words of the driver.
    pub(crate) fn url(&self) -> String {
        self.options.url.replacen("postgresql://", "postgres://", 1)
    }

    async fn refuse_newer(&self) -> Result<(), StoreError> {
        let known: Vec<String> = Migrator::migrations().iter().map(|m| m.name().to_owned()).collect();
        match self.applied().await?.into_iter().find(|name| !known.contains(name)) {
            Some(unknown) => Err(StoreError::Newer(unknown)),
            None => Ok(()),
        }
    }

    async fn applied(&self) -> Result<Vec<String>, StoreError> {
        let there = match self.dialect {
            Dialect::Sqlite => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations'"
            }
            Dialect::Postgres => {
                "SELECT tablename AS name FROM pg_tables WHERE schemaname = ANY (current_schemas(false)) AND tablename = 'seaql_migrations'"
            }
        };
        let backend = self.dialect.backend();
        if self.writer.query_one_raw(Statement::from_string(backend, there)).await?.is_none() {
            return Ok(Vec::new());
        }
        let rows = self
            .writer
            .query_all_raw(Statement::from_string(
                backend,
                "SELECT version FROM seaql_migrations ORDER BY version",
            ))
            .await?;
        Ok(rows.iter().map(|row| row.try_get_by_index::<String>(0)).collect::<Result<_, _>>()?)
    }
}

/// The path in `sqlite:PATH`, `sqlite://PATH`. Refuses an address without one, or that names no file (`:memory:`).
fn sqlite_path(url: &str) -> Result<PathBuf, StoreError> {
    let path = url.strip_prefix("sqlite:").unwrap_or(url);
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = path.split_once("?mode=").map_or(path, |(path, _)| path);
    if path.is_empty() || path.starts_with(":memory:") {
        Err(StoreError::UnknownKind)
    } else {
        Ok(path.into())
    }
}

/// The one connection that writes to a SQLite file: write-ahead log, so that readers never wait; commits that are on
/// disk when they are acknowledged.
async fn sqlite(options: &Options) -> Result<DatabaseConnection, StoreError> {
    let path = sqlite_path(&options.url)?;
    if !options.create && !path.exists() {
        return Err(StoreError::NotThere(path));
    }
    let create = options.create;
    let mut connect = ConnectOptions::new("sqlite::memory:");
    connect
        .max_connections(1)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        .test_before_acquire(false)
        .sqlx_logging(options.log_statements)
        .map_sqlx_sqlite_opts(move |sqlx| {
            sqlx.in_memory(false)
                .shared_cache(false)
                .filename(&path)
                .create_if_missing(create)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(5))
                .foreign_keys(true)
                .statement_cache_capacity(512)
                .pragma("mmap_size", "268435456")
                .pragma("cache_size", "-8192")
                .pragma("temp_store", "MEMORY")
                .optimize_on_close(true, None)
        });
    Ok(Database::connect(connect).await?)
}

async fn postgres(options: &Options, read_only: bool) -> Result<DatabaseConnection, StoreError> {
    let timeout = format!("{}ms", options.statement_timeout.as_millis());
    let mut connect = ConnectOptions::new(options.url.replacen("postgresql://", "postgres://", 1));
    connect
        .max_connections(if read_only { (options.readers * 4).clamp(4, 32) } else { 4 })
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        // A server that was restarted has closed what the pool still holds: one ping finds out.
        .test_before_acquire(true)
        .sqlx_logging(options.log_statements)
        .map_sqlx_postgres_opts(move |sqlx| {
            let sqlx = sqlx.application_name("masthead").statement_cache_capacity(512);
            let sqlx = sqlx.options([("statement_timeout", timeout.as_str()), ("jit", "off")]);
            if read_only {
                // A request's questions all see one snapshot, without a statement to say so each time.
                sqlx.options([
                    ("default_transaction_isolation", "repeatable read"),
                    ("default_transaction_read_only", "on"),
                ])
            } else {
                sqlx
            }
        });
    Ok(Database::connect(connect).await?)
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Store({:?})", self.dialect)
    }
}

#[cfg(test)]
mod tests;

impl Dialect {
    pub(crate) fn backend(self) -> DbBackend {
        match self {
            Self::Sqlite => DbBackend::Sqlite,
            Self::Postgres => DbBackend::Postgres,
        }
    }
}
