//! Related articles: an editor's pins first, then what shares most tags, then the same section; newest first among
//! equals. Candidates are the newest [`NEAR`] of each tag and of the section, so that the cost does not grow with the
//! archive.

use std::collections::HashMap;

use masthead_domain::article::{ArticleId, Card};
use masthead_domain::page::{Page, PageRequest, Place};
use masthead_domain::tag::Tag;

use super::card::{CARD, CARD_JOINS, card};
use super::parts::tags;
use crate::columns::Columns;
use crate::reads::{Keyset, Reads, keys, keyset, pages};
use crate::store::StoreError;
use crate::tx::Tx;

/// How many of the newest articles of a tag or section are looked at.
const NEAR: u32 = 20;

/// Where an article stands among those that are related to another, as one number: pins in their order, then how many
/// tags are shared, then the section, then the date to the millisecond, which takes the lower 43 bits (the years 1831 to
/// 2109). It says nothing of the others, so that a place stays right when they come and go.
const NEARNESS: &str = "(CASE WHEN c.pin IS NOT NULL THEN 1000000 - c.pin ELSE 2 * c.tags + c.beside END) * 8796093022208 \
     + 4398046511104 + COALESCE(b.published_at, 0) / 1000";

/// A related article and what relates it.
#[derive(Debug, Clone)]
pub struct Related {
    /// The article.
    pub card: Card,
    /// Chosen by an editor.
    pub pinned: bool,
    /// The tags that both carry.
    pub shared_tags: Vec<Tag>,
    /// Listed in the other's main section.
    pub same_section: bool,
}

impl Tx {
    /// What an editor chose to be related to an article, in order.
    pub async fn related_pins(&self, article: ArticleId) -> Result<Vec<ArticleId>, StoreError> {
        let sql = "SELECT related_id FROM related_pins WHERE article_id = $1 ORDER BY position";
        let rows = self.rows(sql, vec![article.get().into()]).await?;
        rows.iter().map(|row| Columns::of(row).id()).collect()
    }
}

impl Reads {
    /// The related articles of each, in the same language but for pins, the nearest first. Of what is not public, only
    /// pins, and only for whoever sees it at the desk. One statement for all.
    pub async fn article_related(
        &self,
        ids: &[ArticleId],
        request: &PageRequest,
    ) -> Result<HashMap<ArticleId, Page<Related>>, StoreError> {
        let dialect = self.dialect();
        let mut values = vec![keys(ids)];
        let newest = "x.published_at DESC, x.article_id DESC";
        let near = NEAR.to_string();
        let tagged = dialect.first_of_each(
            "article_tags",
            "l",
            "x.tag_id = t.tag_id AND x.locale = o.locale AND x.listed",
            newest,
            &near,
        );
        let beside = dialect.first_of_each(
            "section_articles",
            "l",
            "x.section_id = o.section_id AND x.locale = o.locale",
            newest,
            &near,
        );
        let Keyset { condition, order, limit } = keyset(request, "q.nearness", "q.id", true, &mut values);
        let (own_seen, pin_seen) = (self.sight().sees("a"), self.sight().sees("b"));
        let sql = format!(
            "WITH own AS (SELECT a.id, a.locale, a.section_id FROM articles a \
                 WHERE {own_seen} AND a.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))), \
             found AS ( \
                 SELECT p.article_id AS own, p.related_id AS id, p.position AS pin, 0 AS tag, 0 AS beside \
                     FROM own o JOIN related_pins p ON p.article_id = o.id \
                 UNION ALL SELECT o.id, l.article_id, NULL, 1, 0 FROM own o JOIN article_tags t ON t.article_id = o.id {tagged} \
                 UNION ALL SELECT o.id, l.article_id, NULL, 0, 1 FROM own o {beside}), \
             scored AS (SELECT f.own, f.id, MIN(f.pin) AS pin, SUM(f.tag) AS tags, MAX(f.beside) AS beside FROM found f \
                 WHERE f.id IS NOT NULL AND f.id <> f.own GROUP BY f.own, f.id), \
             placed AS (SELECT c.own, c.id, c.pin, {NEARNESS} AS nearness, COUNT(*) OVER (PARTITION BY c.own) AS total \
                 FROM scored c JOIN articles b ON b.id = c.id AND b.kind = 'ARTICLE' AND (b.live OR (c.pin IS NOT NULL AND {pin_seen}))), \
             page AS (SELECT q.*, ROW_NUMBER() OVER (PARTITION BY q.own ORDER BY {order}) AS nth FROM placed q WHERE TRUE{condition}) \
             SELECT p.own, p.nearness, p.total, p.pin IS NOT NULL, \
                 EXISTS (SELECT 1 FROM own o JOIN section_articles e ON e.section_id = o.section_id WHERE o.id = p.own AND e.article_id = p.id), \
                 (SELECT CAST(json_group_array(json_array(t.id, t.slug, json(t.names)) ORDER BY z.position) AS TEXT) \
                     FROM article_tags z JOIN article_tags y ON y.tag_id = z.tag_id AND y.article_id = p.id JOIN tags t ON t.id = z.tag_id \
                     WHERE z.article_id = p.own), \
                 {CARD} FROM page p JOIN articles a ON a.id = p.id {CARD_JOINS} WHERE p.nth <= {limit} ORDER BY p.own, p.nth"
        );
        let rows = self.rows(&sql, values).await?;
        let rows = rows.iter().map(|row| {
            let mut columns = Columns::of(row);
            let own = columns.id()?;
            let nearness = columns.next()?;
            let total = u64::try_from(columns.next::<i64>()?).ok();
            let related = Related {
                pinned: columns.next()?,
                same_section: columns.next()?,
                shared_tags: tags(columns.next()?)?,
                card: card(&mut columns)?,
            };
            let place = Place { sort: nearness, id: related.card.id.get() };
            Ok((own, total, Some((place, related))))
        });
        Ok(pages(ids, request, rows.collect::<Result<Vec<_>, StoreError>>()?))
    }
}
