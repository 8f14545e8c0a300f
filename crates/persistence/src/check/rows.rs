//! Whether rows that belong together still do, beyond what keys and constraints hold; and which files they name.

use masthead_domain::viewer::Viewer;
use serde::Serialize;

use crate::store::{Store, StoreError};

/// A row that breaks a rule which this program keeps and the database does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Misplaced {
    /// What is wrong.
    pub what: &'static str,
    /// The key of the row.
    pub key: i64,
}

/// Each asks for the keys of the rows of which the words before it are true.
const RULES: [(&str, &str); 8] = [
    (
        "a group of translations without an article",
        "SELECT g.id FROM translation_groups g WHERE NOT EXISTS (SELECT 1 FROM articles a WHERE a.translation_group = g.id) ORDER BY g.id",
    ),
    ("an article without a head revision", "SELECT id FROM articles WHERE head_revision IS NULL ORDER BY id"),
    (
        "an article that shows a revision of another",
        "SELECT DISTINCT a.id FROM articles a JOIN revisions r ON r.id = a.head_revision OR r.id = a.published_revision \
         WHERE r.article_id <> a.id ORDER BY a.id",
    ),
    (
        "an article whose readers are shown another title than its published revision has",
        "SELECT a.id FROM articles a JOIN revisions r ON r.id = a.published_revision WHERE a.live AND a.title <> r.title ORDER BY a.id",
    ),
    (
        "a public article that its main section does not list",
        "SELECT a.id FROM articles a WHERE a.live AND a.kind = 'ARTICLE' AND a.section_id IS NOT NULL AND NOT EXISTS \
         (SELECT 1 FROM section_articles l WHERE l.article_id = a.id AND l.section_id = a.section_id) ORDER BY a.id",
    ),
    (
        "an article of whose slug another one, of the same language, is the former owner",
        "SELECT a.id FROM articles a JOIN former_slugs f ON f.locale = a.locale AND f.slug_key = a.slug_key \
         WHERE f.article_id <> a.id ORDER BY a.id",
    ),
    (
        "a comment that does not hang below its parent",
        "SELECT c.id FROM comments c JOIN comments p ON p.id = c.parent_id WHERE c.article_id <> p.article_id \
         OR c.depth <> p.depth + 1 OR c.root_id <> COALESCE(p.root_id, p.id) ORDER BY c.id",
    ),
    (
        "a section that stands above itself",
        "WITH RECURSIVE up (section_id, above_id) AS ( \
             SELECT id, parent_id FROM sections WHERE parent_id IS NOT NULL \
             UNION SELECT up.section_id, s.parent_id FROM up JOIN sections s ON s.id = up.above_id WHERE s.parent_id IS NOT NULL) \
         SELECT section_id FROM up WHERE section_id = above_id ORDER BY section_id",
    ),
];

impl Store {
    /// Every row that breaks a rule. Reads whole tables, beside whoever writes.
    pub async fn misplaced(&self) -> Result<Vec<Misplaced>, StoreError> {
        let reads = self.reads_as(Viewer::Guest);
        let mut misplaced = Vec::new();
        for (what, sql) in RULES {
            for row in reads.rows(sql, vec![]).await? {
                misplaced.push(Misplaced { what, key: row.try_get_by_index(0)? });
            }
        }
        Ok(misplaced)
    }

    /// The names of all pictures whose bytes are in our own store, below its folder.
    pub async fn stored_picture_names(&self) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT location FROM images WHERE source = 'STORED' ORDER BY id";
        let rows = self.reads_as(Viewer::Guest).rows(sql, vec![]).await?;
        Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
    }
}
