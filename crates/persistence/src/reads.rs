//! What one viewer may see. Built once a request; nothing can be read without it.
//!
//! All questions of a request go to one connection in one read transaction: they see one moment, and the pool is
//! asked once. They follow each other; one request gains nothing from asking the database twice at a time.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use masthead_domain::Id;
use masthead_domain::page::{Page, PageRequest, Place};
use masthead_domain::site::Site;
use masthead_domain::viewer::Viewer;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, Statement, TransactionOptions, Value,
};
use tokio::sync::{Mutex, OnceCell};

use crate::dialect::Dialect;
use crate::row::Row;
use crate::sight::Sight;
use crate::site::LastSite;
use crate::sqlite::{Asked, Readers, Snapshot};
use crate::store::StoreError;
use crate::tx::begin;

/// The door for reading. Cheap to clone; the clones share the snapshot, which ends with the last of them.
#[derive(Clone)]
pub struct Reads(Arc<Inner>);

struct Inner {
    source: Source,
    dialect: Dialect,
    viewer: Viewer,
    sight: Sight,
    site: OnceCell<Arc<Site>>,
    last_site: Arc<LastSite>,
}

impl std::fmt::Debug for Reads {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reads({:?}, {:?})", self.0.dialect, self.0.viewer)
    }
}

/// Where the snapshot is taken, with its first question.
enum Source {
    /// Asked directly; see [`crate::sqlite`].
    Sqlite { readers: Readers, snapshot: Arc<Mutex<Option<Snapshot>>> },
    /// Asked through the ORM.
    Orm { pool: DatabaseConnection, snapshot: OnceCell<DatabaseTransaction> },
}

/// The connections that snapshots are taken on.
#[derive(Clone)]
pub(crate) enum Pool {
    Sqlite(Readers),
    Postgres(DatabaseConnection),
}

impl Reads {
    pub(crate) fn new(pool: Pool, viewer: Viewer, last_site: Arc<LastSite>) -> Self {
        let sight = Sight::of(&viewer);
        let (dialect, source) = match pool {
            Pool::Sqlite(readers) => (Dialect::Sqlite, Source::Sqlite { readers, snapshot: Arc::default() }),
            Pool::Postgres(pool) => (Dialect::Postgres, Source::Orm { pool, snapshot: OnceCell::new() }),
        };
        Self(Arc::new(Inner { source, dialect, viewer, sight, site: OnceCell::new(), last_site }))
    }

    /// Whose eyes these are.
    pub fn viewer(&self) -> &Viewer {
        &self.0.viewer
    }

    /// The site's settings; read once.
    pub async fn site(&self) -> Result<Arc<Site>, StoreError> {
        self.0.site.get_or_try_init(|| self.read_site()).await.cloned()
    }

    /// See [`LastSite`].
    pub(crate) fn last_site(&self) -> &LastSite {
        &self.0.last_site
    }

    /// Spares the question for the site's settings to who has them already; they are the same for every viewer.
    pub fn know_site(&self, site: Arc<Site>) {
        // Where they were read before, those stay.
        let _ = self.0.site.set(site);
    }

    /// Which articles the viewer sees.
    pub(crate) fn sight(&self) -> &Sight {
        &self.0.sight
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.0.dialect
    }

    /// Asks one question, written in SQLite's words.
    pub(crate) async fn rows(&self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        match &self.0.source {
            Source::Sqlite { readers, snapshot } => ask_sqlite(readers, snapshot, sql, values).await,
            Source::Orm { pool, snapshot } => {
                let snapshot =
                    snapshot.get_or_try_init(|| begin(pool, TransactionOptions::default())).await?;
                let dialect = self.0.dialect;
                let values = without_nul(values);
                let statement = Statement::from_sql_and_values(dialect.backend(), dialect.sql(sql), values);
                Ok(snapshot.query_all_raw(statement).await?.into_iter().map(Row::Orm).collect())
            }
        }
    }

    /// As [`Reads::rows`], for a question with at most one row for an answer.
    pub(crate) async fn row(&self, sql: &str, values: Vec<Value>) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    /// How many rows there are of `from`, what follows FROM. Nobody needs the exact number of very many, and counting them
    /// takes as long as reading them: `None` beyond [`MOST_COUNTED`].
    pub(crate) async fn count(&self, from: &str, values: Vec<Value>) -> Result<Option<u64>, StoreError> {
        let sql = format!("SELECT COUNT(*) FROM (SELECT 1 FROM {from} LIMIT {}) n", MOST_COUNTED + 1);
        let Some(row) = self.row(&sql, values).await? else { return Ok(None) };
        let count: i64 = row.try_get_by_index(0)?;
        Ok(u64::try_from(count).ok().filter(|count| *count <= MOST_COUNTED))
    }
}

/// How far lists are counted whose length stands in no column.
const MOST_COUNTED: u64 = 10_000;

/// Asks where it stands; where that takes long, on a thread that may block. Only one question runs at a time.
async fn ask_sqlite(
    readers: &Readers,
    snapshot: &Arc<Mutex<Option<Snapshot>>>,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<Row>, StoreError> {
    {
        let mut opened = snapshot.lock().await;
        let opened = match &mut *opened {
            Some(opened) => opened,
            none => none.insert(readers.begin().await?),
        };
        if let Asked::Answered(rows) = opened.ask(sql, &values)? {
            return Ok(rows);
        }
    }
    // The question takes the snapshot along, and brings it back though nobody may wait for the answer any more.
    let opened = Arc::clone(snapshot).lock_owned().await;
    let stop = opened.as_ref().map(Snapshot::stop).transpose()?;
    let sql = sql.to_owned();
    let rows = tokio::task::spawn_blocking(move || match &*opened {
        Some(opened) => opened.ask_patiently(&sql, &values),
        None => Err(DbErr::Custom("the snapshot has ended".to_owned()).into()),
    })
    .await
    .map_err(|panicked| DbErr::Custom(panicked.to_string()))?;
    if let Some(stop) = stop {
        stop.disarm();
    }
    rows
}

/// What PostgreSQL is asked. It keeps no text with a NUL and refuses to compare with one; what stands for it here equals
/// nothing that was written with one either, because writers refuse it.
pub(crate) fn without_nul(mut values: Vec<Value>) -> Vec<Value> {
    for value in &mut values {
        if let Value::String(Some(text)) = value
            && text.contains('\0')
        {
            *text = text.replace('\0', "\u{FFFD}");
        }
    }
    values
}

/// A list of keys as the one JSON text that `json_each($n)` takes.
pub(crate) fn keys<T>(ids: &[Id<T>]) -> Value {
    let mut text = String::with_capacity(2 + ids.len() * 6);
    text.push('[');
    for (n, id) in ids.iter().enumerate() {
        if n > 0 {
            text.push(',');
        }
        text.push_str(&id.get().to_string());
    }
    text.push(']');
    text.into()
}

/// The part of a keyset query that depends on the page asked for.
pub(crate) struct Keyset {
    /// Conditions on the place, each behind ` AND `.
    pub(crate) condition: String,
    /// The order to read in: the list's own, or turned round for a page from the end.
    pub(crate) order: String,
    /// The placeholder of the limit: one more than asked for, to know whether more follows.
    pub(crate) limit: String,
}

/// The keyset of a list ordered by `sort` (a column, or an expression that an index is of) and then `id`, newest first where
/// `descending`. Binds its values behind those that are in `values` already.
pub(crate) fn keyset(
    request: &PageRequest,
    sort: &str,
    id: &str,
    descending: bool,
    values: &mut Vec<Value>,
) -> Keyset {
    let (behind, ahead) = if descending { ("<", ">") } else { (">", "<") };
    // In an index of an expression SQLite seeks for the expression alone, not for a pair that it is a part of: without a
    // word of its own a page would be counted up to.
    let is_column = sort.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_'));
    let mut condition = String::new();
    for (place, sign) in [(request.after, behind), (request.before, ahead)] {
        if let Some(place) = place {
            let a = bind(values, place.sort);
            let b = bind(values, place.id);
            if !is_column {
                condition.push_str(&format!(" AND {sort} {sign}= {a}"));
            }
            condition.push_str(&format!(" AND ({sort}, {id}) {sign} ({a}, {b})"));
        }
    }
    let way = if descending != request.from_end { "DESC" } else { "ASC" };
    let limit = bind(values, i64::from(request.limit) + 1);
    Keyset { condition, order: format!("{sort} {way}, {id} {way}"), limit }
}

/// Adds a value; its placeholder.
pub(crate) fn bind(values: &mut Vec<Value>, value: impl Into<Value>) -> String {
    values.push(value.into());
    format!("${}", values.len())
}

/// The list's count, and what of it was read.
type Gathered<T> = (Option<u64>, Vec<(Place, T)>);

/// Gathers rows that name their owner into a page for each; owners without rows get an empty page.
pub(crate) fn pages<O, T>(
    owners: &[O],
    request: &PageRequest,
    rows: impl IntoIterator<Item = (O, Option<u64>, Option<(Place, T)>)>,
) -> HashMap<O, Page<T>>
where
    O: Eq + Hash + Copy,
{
    let mut gathered: HashMap<O, Gathered<T>> = owners.iter().map(|&o| (o, (Some(0), Vec::new()))).collect();
    for (owner, total, item) in rows {
        let entry = gathered.entry(owner).or_insert((None, Vec::new()));
        entry.0 = total;
        entry.1.extend(item);
    }
    gathered.into_iter().map(|(owner, (total, items))| (owner, Page::of(request, items, total))).collect()
}
