//! Whether the counts that are kept still say what counting would say.

mod rows;

use masthead_domain::article::ArticleId;
use masthead_domain::viewer::Viewer;
use serde::Serialize;

use crate::columns::Columns;
use crate::reads::keys;
use crate::store::{Store, StoreError};

pub use rows::Misplaced;

/// A kept count that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WrongCount {
    /// Which count: table and column.
    pub count: String,
    /// The key of the row it stands on.
    pub key: i64,
    /// In which language, where it is kept by language.
    pub locale: Option<String>,
    /// What is kept.
    pub kept: i64,
    /// What counting gives.
    pub counted: i64,
}

/// Each asks for key, locale, kept, counted, of the rows where the last two differ.
const COUNTS: [(&str, &str); 11] = [
    (
        "articles.comment_count",
        "SELECT a.id, NULL, a.comment_count, CAST(COUNT(c.id) AS INTEGER) FROM articles a \
         LEFT JOIN comments c ON c.article_id = a.id AND c.status = 'PUBLISHED' GROUP BY a.id, a.comment_count HAVING a.comment_count <> COUNT(c.id)",
    ),
    (
        "articles.thread_count",
        "SELECT a.id, NULL, a.thread_count, CAST(COUNT(c.id) AS INTEGER) FROM articles a \
         LEFT JOIN comments c ON c.article_id = a.id AND c.shown AND c.parent_id IS NULL GROUP BY a.id, a.thread_count HAVING a.thread_count <> COUNT(c.id)",
    ),
    (
        "comments.reply_count",
        "SELECT p.id, NULL, p.reply_count, CAST(COUNT(c.id) AS INTEGER) FROM comments p \
         LEFT JOIN comments c ON c.parent_id = p.id AND c.shown GROUP BY p.id, p.reply_count HAVING p.reply_count <> COUNT(c.id)",
    ),
    (
        "comments.likes",
        "SELECT c.id, NULL, c.likes, CAST(COUNT(r.writer) AS INTEGER) FROM comments c \
         LEFT JOIN comment_reactions r ON r.comment_id = c.id AND r.kind = 'LIKE' GROUP BY c.id, c.likes HAVING c.likes <> COUNT(r.writer)",
    ),
    (
        "comments.insightfuls",
        "SELECT c.id, NULL, c.insightfuls, CAST(COUNT(r.writer) AS INTEGER) FROM comments c \
         LEFT JOIN comment_reactions r ON r.comment_id = c.id AND r.kind = 'INSIGHTFUL' GROUP BY c.id, c.insightfuls HAVING c.insightfuls <> COUNT(r.writer)",
    ),
    (
        "comments.disagrees",
        "SELECT c.id, NULL, c.disagrees, CAST(COUNT(r.writer) AS INTEGER) FROM comments c \
         LEFT JOIN comment_reactions r ON r.comment_id = c.id AND r.kind = 'DISAGREE' GROUP BY c.id, c.disagrees HAVING c.disagrees <> COUNT(r.writer)",
    ),
    (
        "comments.report_count",
        "SELECT c.id, NULL, c.report_count, CAST(COUNT(r.id) AS INTEGER) FROM comments c \
         LEFT JOIN comment_reports r ON r.comment_id = c.id AND r.decision IS NULL GROUP BY c.id, c.report_count HAVING c.report_count <> COUNT(r.id)",
    ),
    (
        "article_counts.articles",
        "SELECT CAST(0 AS INTEGER), k.locale, CAST(SUM(k.kept) AS INTEGER), CAST(SUM(k.counted) AS INTEGER) FROM ( \
             SELECT locale, articles AS kept, 0 AS counted FROM article_counts \
             UNION ALL SELECT locale, 0, COUNT(*) FROM articles WHERE live AND kind = 'ARTICLE' GROUP BY locale) k \
         GROUP BY k.locale HAVING SUM(k.kept) <> SUM(k.counted)",
    ),
    (
        "section_counts.articles",
        "SELECT k.owner, k.locale, CAST(SUM(k.kept) AS INTEGER), CAST(SUM(k.counted) AS INTEGER) FROM ( \
             SELECT section_id AS owner, locale, articles AS kept, 0 AS counted FROM section_counts \
             UNION ALL SELECT l.section_id, l.locale, 0, COUNT(*) FROM section_articles l JOIN articles a ON a.id = l.article_id AND a.live GROUP BY l.section_id, l.locale) k \
         GROUP BY k.owner, k.locale HAVING SUM(k.kept) <> SUM(k.counted)",
    ),
    (
        "tag_counts.articles",
        "SELECT k.owner, k.locale, CAST(SUM(k.kept) AS INTEGER), CAST(SUM(k.counted) AS INTEGER) FROM ( \
             SELECT tag_id AS owner, locale, articles AS kept, 0 AS counted FROM tag_counts \
             UNION ALL SELECT l.tag_id, l.locale, 0, COUNT(*) FROM article_tags l JOIN articles a ON a.id = l.article_id AND a.live WHERE l.listed GROUP BY l.tag_id, l.locale) k \
         GROUP BY k.owner, k.locale HAVING SUM(k.kept) <> SUM(k.counted)",
    ),
    (
        "author_counts.articles",
        "SELECT k.owner, k.locale, CAST(SUM(k.kept) AS INTEGER), CAST(SUM(k.counted) AS INTEGER) FROM ( \
             SELECT author_id AS owner, locale, articles AS kept, 0 AS counted FROM author_counts \
             UNION ALL SELECT l.author_id, l.locale, 0, COUNT(*) FROM article_authors l JOIN articles a ON a.id = l.article_id AND a.live WHERE l.listed GROUP BY l.author_id, l.locale) k \
         GROUP BY k.owner, k.locale HAVING SUM(k.kept) <> SUM(k.counted)",
    ),
];

impl Store {
    /// Counts everything that is kept as a count; the ones that are wrong. Reads whole tables, beside whoever writes.
    pub async fn wrong_counts(&self) -> Result<Vec<WrongCount>, StoreError> {
        let mut wrong = Vec::new();
        for (count, sql) in COUNTS {
            // One statement sees one moment; none is kept longer, so that cleaning up behind writers goes on.
            for row in self.ask(sql, vec![]).await? {
                let mut columns = Columns::of(&row);
                wrong.push(WrongCount {
                    count: count.to_owned(),
                    key: columns.next()?,
                    locale: columns.next()?,
                    kept: columns.next()?,
                    counted: columns.next()?,
                });
            }
        }
        Ok(wrong)
    }

    /// As [`Store::wrong_counts`], for the comments of some articles.
    pub async fn wrong_comment_counts(&self, articles: &[ArticleId]) -> Result<Vec<WrongCount>, StoreError> {
        let sql = "SELECT a.id, a.comment_count, CAST(COUNT(CASE WHEN c.status = 'PUBLISHED' THEN c.id END) AS INTEGER), a.thread_count, \
             CAST(COUNT(CASE WHEN c.parent_id IS NULL THEN c.id END) AS INTEGER) FROM articles a \
             LEFT JOIN comments c ON c.article_id = a.id AND c.shown \
             WHERE a.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1)) \
             GROUP BY a.id, a.comment_count, a.thread_count ORDER BY a.id";
        let mut wrong = Vec::new();
        for row in self.ask(sql, vec![keys(articles)]).await? {
            let mut columns = Columns::of(&row);
            let key = columns.next()?;
            for count in ["articles.comment_count", "articles.thread_count"] {
                let (kept, counted) = (columns.next()?, columns.next()?);
                if kept != counted {
                    wrong.push(WrongCount { count: count.to_owned(), key, locale: None, kept, counted });
                }
            }
        }
        Ok(wrong)
    }

    /// What SQLite's own check of the file says; empty when it is sound, and always on PostgreSQL.
    pub async fn integrity_faults(&self) -> Result<Vec<String>, StoreError> {
        let reads = self.reads_as(Viewer::Guest);
        if reads.dialect() == crate::dialect::Dialect::Postgres {
            return Ok(Vec::new());
        }
        let mut faults = Vec::new();
        for row in reads.rows("PRAGMA integrity_check(100)", vec![]).await? {
            let text: String = row.try_get_by_index(0)?;
            if text != "ok" {
                faults.push(text);
            }
        }
        for row in reads.rows("PRAGMA foreign_key_check", vec![]).await? {
            faults.push(format!("a row of {} points at nothing", row.try_get_by_index::<String>(0)?));
        }
        Ok(faults)
    }
}
