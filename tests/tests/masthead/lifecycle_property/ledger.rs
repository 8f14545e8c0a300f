//! The tables behind the store's back: whether anything changed, and what must always hold of an article's row.

use masthead_tests::TestStore;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor, Row};

/// A connection of its own beside the store's.
pub struct Ledger {
    connection: AnyConnection,
    everything: String,
}

/// Each asks for the keys of the articles of which the words before it are true. `{now}` is the clock.
const BROKEN: [(&str, &str); 10] = [
    (
        "readers see it, and it is not published",
        "a.live AND (a.status <> 'PUBLISHED' OR a.published_revision IS NULL OR a.published_at IS NULL)",
    ),
    ("readers see what an embargo hides", "a.live AND a.embargo_until > {now}"),
    ("it is published, and nothing of it", "a.status = 'PUBLISHED' AND a.published_revision IS NULL"),
    (
        "it is scheduled for no time, or has one and is not",
        "(a.status = 'SCHEDULED') <> (a.scheduled_for IS NOT NULL)",
    ),
    (
        "its version is not its newest revision's number",
        "a.version <> (SELECT MAX(r.number) FROM revisions r WHERE r.article_id = a.id)",
    ),
    ("its revisions have gaps", "a.version <> (SELECT COUNT(*) FROM revisions r WHERE r.article_id = a.id)"),
    (
        "its head is not its newest revision",
        "a.version <> (SELECT r.number FROM revisions r WHERE r.id = a.head_revision)",
    ),
    (
        "what is published was never published",
        "EXISTS (SELECT 1 FROM revisions r WHERE r.id = a.published_revision AND (r.article_id <> a.id OR r.change NOT IN ('PUBLISHED', 'CORRECTED')))",
    ),
    (
        "it is in a list and hidden",
        "NOT a.live AND (EXISTS (SELECT 1 FROM section_articles s WHERE s.article_id = a.id) OR EXISTS (SELECT 1 FROM article_tags t WHERE t.article_id = a.id AND t.listed))",
    ),
    (
        "what leads to it leads elsewhere too",
        "EXISTS (SELECT 1 FROM former_slugs f WHERE f.locale = a.locale AND f.slug_key = a.slug_key AND f.article_id <> a.id)",
    ),
];

/// As [`BROKEN`], once what is due was released.
const OVERDUE: [(&str, &str); 2] = [
    ("its time has come, and it is not published", "a.status = 'SCHEDULED' AND a.scheduled_for <= {now}"),
    (
        "its embargo is over, and nobody sees it",
        "a.status = 'PUBLISHED' AND NOT a.live AND COALESCE(a.embargo_until, 0) <= {now}",
    ),
];

impl Ledger {
    pub async fn open(store: &TestStore) -> Self {
        let is_sqlite = store.url().starts_with("sqlite");
        let tables = if is_sqlite {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
        } else {
            "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        };
        let mut selects = Vec::new();
        for table in store.texts(tables).await {
            let row = if is_sqlite {
                let columns = store.texts(&format!("SELECT name FROM pragma_table_info('{table}')")).await;
                columns
                    .iter()
                    .map(|column| format!("quote({column})"))
                    .collect::<Vec<_>>()
                    .join(" || ',' || ")
            } else {
                "CAST(x AS TEXT)".to_owned()
            };
            selects.push(format!("SELECT '{table} ' || {row} AS line FROM {table} x"));
        }
        let everything = format!("SELECT line FROM ({}) every ORDER BY line", selects.join(" UNION ALL "));
        let connection = AnyConnection::connect(store.url()).await.expect("connects");
        Self { connection, everything }
    }

    /// Every row of every table.
    pub async fn rows(&mut self) -> Vec<String> {
        let sql = self.everything.clone();
        self.texts(sql).await
    }

    /// What is broken of any article at a moment, in words.
    pub async fn broken(&mut self, now: i64, released: bool) -> Vec<String> {
        let rules = BROKEN.iter().chain(OVERDUE.iter().filter(|_| released));
        let selects = rules.map(|(what, condition)| {
            let condition = condition.replace("{now}", &now.to_string());
            format!(
                "SELECT CAST(a.id AS TEXT) || ': ' || '{}' AS line FROM articles a WHERE {condition}",
                what.replace('\'', "''")
            )
        });
        let sql = selects.collect::<Vec<_>>().join(" UNION ALL ");
        self.texts(sql).await
    }

    /// The current version of an article, and where it stands; nothing where it is gone.
    pub async fn standing(&mut self, article: i64) -> Option<(i32, String)> {
        let sql = format!("SELECT CAST(version AS TEXT) || ' ' || status FROM articles WHERE id = {article}");
        let line = self.texts(sql).await.pop()?;
        let (version, status) = line.split_once(' ').expect("two words");
        Some((version.parse().expect("a number"), status.to_owned()))
    }

    /// The keys of the articles that readers see.
    pub async fn live(&mut self) -> Vec<i64> {
        let keys = self.texts("SELECT CAST(id AS TEXT) FROM articles WHERE live".to_owned()).await;
        let mut keys: Vec<i64> = keys.iter().map(|key| key.parse().expect("a number")).collect();
        keys.sort_unstable();
        keys
    }

    pub async fn close(self) {
        self.connection.close().await.expect("closes");
    }

    async fn texts(&mut self, sql: String) -> Vec<String> {
        let rows = self
            .connection
            .fetch_all(AssertSqlSafe(sql.clone()))
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        rows.iter().map(|row| row.try_get(0).expect("a text")).collect()
    }
}
