//! What those who watch are told, as it stands now: which threads are public, and in which sections an article is or was.
//!
//! Asked once for an event, however many watch. It must not know who they are.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use masthead_domain::article::{ArticleId, Kind};
use masthead_domain::event::Position;
use masthead_domain::section::SectionId;

use crate::columns::Columns;
use crate::reads::{Reads, keys};
use crate::store::{Store, StoreError};

/// Where an article stands in public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicStanding {
    /// Article or page.
    pub kind: Kind,
    /// Whether readers see it.
    pub live: bool,
    /// Whether readers see it or once did.
    pub was_public: bool,
    /// The sections in whose lists it is, those above its own among them; where it is in none, those of the desk.
    pub sections: BTreeSet<SectionId>,
}

impl Store {
    /// The number of the oldest event that the log still has; `None` where it is empty.
    pub async fn oldest_position(&self) -> Result<Option<Position>, StoreError> {
        let rows = self.ask("SELECT MIN(seq) FROM events", vec![]).await?;
        let seq = rows.first().map(|row| row.try_get_by_index::<Option<i64>>(0)).transpose()?.flatten();
        Ok(seq.map(Position::from_stored))
    }
}

impl Reads {
    /// Which of these articles readers see. One statement.
    pub async fn articles_live(&self, ids: &[ArticleId]) -> Result<BTreeSet<ArticleId>, StoreError> {
        let sql = "SELECT a.id FROM articles a WHERE a.live AND a.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))";
        let rows = self.rows(sql, vec![keys(ids)]).await?;
        rows.iter().map(|row| Columns::of(row).id()).collect()
    }

    /// Where these articles stand; those that are gone are absent. Two statements.
    pub async fn public_standing(
        &self,
        ids: &[ArticleId],
    ) -> Result<HashMap<ArticleId, PublicStanding>, StoreError> {
        let sql = "SELECT a.id, a.kind, a.live, a.published_at IS NOT NULL FROM articles a \
             WHERE a.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))";
        let mut standing = HashMap::new();
        for row in self.rows(sql, vec![keys(ids)]).await? {
            let mut columns = Columns::of(&row);
            let id: ArticleId = columns.id()?;
            let one = PublicStanding {
                kind: columns.word("articles.kind")?,
                live: columns.next()?,
                was_public: columns.next()?,
                sections: BTreeSet::new(),
            };
            standing.insert(id, one);
        }
        let sql = "WITH RECURSIVE up (article_id, id) AS ( \
                 SELECT d.article_id, d.section_id FROM desk_sections d JOIN articles a ON a.id = d.article_id AND NOT a.live \
                 WHERE d.article_id IN (SELECT CAST(value AS INTEGER) FROM json_each($1)) \
                 UNION SELECT u.article_id, s.parent_id FROM up u JOIN sections s ON s.id = u.id WHERE s.parent_id IS NOT NULL) \
             SELECT article_id, id FROM up UNION SELECT article_id, section_id FROM section_articles \
             WHERE article_id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))";
        for row in self.rows(sql, vec![keys(ids)]).await? {
            let mut columns = Columns::of(&row);
            let (article, section) = (columns.id()?, columns.id()?);
            if let Some(one) = standing.get_mut(&article) {
                one.sections.insert(section);
            }
        }
        Ok(standing)
    }

    /// The sections, those above among them, in which an article was by what was published of it last before its revision
    /// of this number. Empty where nothing was. Two statements.
    pub async fn sections_before(
        &self,
        article: ArticleId,
        revision: i32,
    ) -> Result<BTreeSet<SectionId>, StoreError> {
        let sql = "SELECT r.section_id, CAST(r.other_sections AS TEXT) FROM revisions r WHERE r.article_id = $1 AND r.number < $2 \
             AND (r.change IN ('PUBLISHED', 'CORRECTED') OR r.number = 1) ORDER BY r.number DESC LIMIT 1";
        let Some(row) = self.row(sql, vec![article.get().into(), revision.into()]).await? else {
            return Ok(BTreeSet::new());
        };
        let mut columns = Columns::of(&row);
        let main: Option<SectionId> = columns.id_or_none()?;
        let mut within: BTreeSet<SectionId> =
            columns.json::<Vec<SectionId>>("revisions.other_sections")?.into_iter().chain(main).collect();
        let rows = self
            .rows("SELECT s.id, s.parent_id FROM sections s WHERE s.parent_id IS NOT NULL", vec![])
            .await?;
        let mut parents: BTreeMap<SectionId, SectionId> = BTreeMap::new();
        for row in &rows {
            let mut columns = Columns::of(row);
            parents.insert(columns.id()?, columns.id()?);
        }
        let mut open: Vec<SectionId> = within.iter().copied().collect();
        while let Some(section) = open.pop() {
            if let Some(parent) = parents.get(&section)
                && within.insert(*parent)
            {
                open.push(*parent);
            }
        }
        Ok(within)
    }
}
