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

/// To which sections public articles belong, by what is published of them: `up (section_id, article_id)`.
macro_rules! belonging {
    () => {
        "WITH RECURSIVE own (section_id, article_id) AS ( \
             SELECT r.section_id, a.id FROM articles a JOIN revisions r ON r.id = a.published_revision \
                 WHERE a.live AND a.kind = 'ARTICLE' AND r.section_id IS NOT NULL \
             UNION SELECT CAST(j.value AS INTEGER), a.id FROM articles a JOIN revisions r ON r.id = a.published_revision, \
                 json_each(r.other_sections) j WHERE a.live AND a.kind = 'ARTICLE'), \
         up (section_id, article_id) AS ( \
             SELECT section_id, article_id FROM own \
             UNION SELECT s.parent_id, up.article_id FROM up JOIN sections s ON s.id = up.section_id WHERE s.parent_id IS NOT NULL)"
    };
}

/// Each asks for the keys of the rows of which the words before it are true.
const RULES: [(&str, &str); 13] = [
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
        "a public article that its section, or one above it, does not list",
        concat!(
            belonging!(),
            " SELECT DISTINCT up.article_id FROM up JOIN sections s ON s.id = up.section_id WHERE NOT EXISTS \
             (SELECT 1 FROM section_articles l WHERE l.section_id = up.section_id AND l.article_id = up.article_id) ORDER BY up.article_id"
        ),
    ),
    (
        "an article of whose slug another one, of the same language, is the former owner",
        "SELECT a.id FROM articles a JOIN former_slugs f ON f.locale = a.locale AND f.slug_key = a.slug_key \
         WHERE f.article_id <> a.id ORDER BY a.id",
    ),
    (
        "an article that is in a section's list, but neither in the section nor in one below it",
        concat!(
            belonging!(),
            " SELECT DISTINCT l.article_id FROM section_articles l WHERE NOT EXISTS \
             (SELECT 1 FROM up WHERE up.section_id = l.section_id AND up.article_id = l.article_id) ORDER BY l.article_id"
        ),
    ),
    (
        "a section of whose slug another one is the former owner",
        "SELECT f.section_id FROM former_section_slugs f JOIN sections s ON s.slug_key = f.slug_key ORDER BY f.section_id",
    ),
    (
        "a tag of whose slug another one is the former owner",
        "SELECT f.tag_id FROM former_tag_slugs f JOIN tags t ON t.slug_key = f.slug_key ORDER BY f.tag_id",
    ),
    (
        "an author of whose slug another one is the former owner",
        "SELECT f.author_id FROM former_author_slugs f JOIN authors u ON u.slug_key = f.slug_key ORDER BY f.author_id",
    ),
    (
        "a comment that does not hang below its parent",
        "SELECT c.id FROM comments c JOIN comments p ON p.id = c.parent_id WHERE c.article_id <> p.article_id \
         OR c.depth <> p.depth + 1 OR c.root_id <> COALESCE(p.root_id, p.id) ORDER BY c.id",
    ),
    (
        "a comment that readers are shown and should not be, or the other way round",
        "SELECT c.id FROM comments c WHERE c.shown <> (c.status = 'PUBLISHED' OR c.reply_count > 0) ORDER BY c.id",
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
        rows.iter().map(|row| row.try_get_by_index(0)).collect()
    }
}
