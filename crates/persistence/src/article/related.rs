//! Related articles: an editor's pins first, then what shares most tags, then the same section; newest first among
//! equals. Candidates are the newest [`NEAR`] of each tag and of the section, so that the cost does not grow with the
//! archive.
//!
//! One statement finds the candidates, another gives those of the page. They are ranked in between, here: in
//! one statement, joins and window functions for the ranking were half of what SQLite did for it.

use std::cmp::Reverse;
use std::collections::HashMap;

use masthead_domain::Id;
use masthead_domain::article::{ArticleId, Card};
use masthead_domain::page::{Page, PageRequest, Place};
use masthead_domain::tag::Tag;

use super::card::{CARD, CARD_JOINS, card};
use super::parts::tags;
use crate::columns::Columns;
use crate::reads::{Reads, keys};
use crate::store::StoreError;
use crate::tx::Tx;

/// How many of the newest articles of a tag or section are looked at.
const NEAR: u32 = 20;

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

/// What relates a candidate, as far as it ranks it.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    id: i64,
    pin: Option<i32>,
    tags: u32,
    beside: bool,
    /// When it was published, else made, in microseconds.
    at: i64,
}

impl Candidate {
    fn new(id: i64, at: i64) -> Self {
        Self { id, pin: None, tags: 0, beside: false, at }
    }

    /// Where it stands among those that are related to the same article, as one number: pins in their order, then how
    /// many tags are shared, then the section, then the date to the millisecond, which takes the lower 43 bits (the years
    /// 1831 to 2109). It says nothing of the others, so that a place stays right when they come and go.
    fn place(&self) -> Place {
        let merit = match self.pin {
            Some(pin) => 1_000_000 - i64::from(pin),
            None => 2 * i64::from(self.tags) + i64::from(self.beside),
        };
        Place { sort: (merit << 43) + (1 << 42) + self.at / 1000, id: self.id }
    }
}

/// A related article before its card is read: its key, and whether an editor chose it.
type Ranked = (ArticleId, bool);

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
    /// pins, and only to whoever sees it at the desk. Two statements for all.
    pub async fn article_related(
        &self,
        ids: &[ArticleId],
        request: &PageRequest,
    ) -> Result<HashMap<ArticleId, Page<Related>>, StoreError> {
        let mut candidates = self.related_candidates(ids).await?;
        let ranked: Vec<(ArticleId, Page<Ranked>)> =
            ids.iter().map(|own| (*own, page(candidates.remove(own).unwrap_or_default(), request))).collect();
        let mut related = self.related_of_pages(&ranked).await?;
        let filled = ranked.into_iter().map(|(own, page)| {
            let items = page.items.into_iter().filter_map(|(place, (id, pinned))| {
                let found = related.remove(&(own, id))?;
                Some((place, Related { pinned, ..found }))
            });
            let items = items.collect();
            let Page { has_next, has_previous, total, .. } = page;
            (own, Page { items, has_next, has_previous, total })
        });
        Ok(filled.collect())
    }

    /// The articles that could be shown with each. One statement.
    async fn related_candidates(
        &self,
        ids: &[ArticleId],
    ) -> Result<HashMap<ArticleId, Vec<Candidate>>, StoreError> {
        let near = |list: &str, condition: &str| {
            format!(
                "(SELECT CAST(json_group_array(json_array(n.article_id, n.published_at)) AS TEXT) FROM \
                     (SELECT x.article_id, x.published_at FROM {list} x WHERE {condition} AND x.locale = o.locale \
                      ORDER BY x.published_at DESC, x.article_id DESC LIMIT {NEAR}) n)"
            )
        };
        let tagged = near("article_tags", "x.tag_id = t.tag_id AND x.listed");
        let beside = near("section_articles", "x.section_id = o.section_id");
        let (own_seen, pin_seen) = (self.sight().sees("a"), self.sight().sees("b"));
        // The lists hold articles that readers see, and no pages; a pin may name any.
        let sql = format!(
            "WITH own AS (SELECT a.id, a.locale, a.section_id FROM articles a \
                 WHERE {own_seen} AND a.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))) \
             SELECT o.id, 0, (SELECT CAST(json_group_array(json_array(b.id, COALESCE(b.published_at, b.created_at), p.position)) AS TEXT) \
                 FROM related_pins p JOIN articles b ON b.id = p.related_id AND b.kind = 'ARTICLE' AND {pin_seen} WHERE p.article_id = o.id) FROM own o \
             UNION ALL SELECT o.id, 1, {tagged} FROM own o JOIN article_tags t ON t.article_id = o.id \
             UNION ALL SELECT o.id, 2, {beside} FROM own o WHERE o.section_id IS NOT NULL"
        );
        let mut found: HashMap<ArticleId, HashMap<i64, Candidate>> = HashMap::new();
        for row in &self.rows(&sql, vec![keys(ids)]).await? {
            let mut columns = Columns::of(row);
            let own: ArticleId = columns.id()?;
            let why = columns.small()?;
            let candidates = found.entry(own).or_default();
            // An empty list is NULL on PostgreSQL.
            if columns.is_null()? {
                continue;
            }
            if why == 0 {
                for (id, at, pin) in columns.json::<Vec<(i64, i64, i32)>>("related_pins")? {
                    candidates.entry(id).or_insert(Candidate::new(id, at)).pin = Some(pin);
                }
                continue;
            }
            for (id, at) in columns.json::<Vec<(i64, i64)>>("article_tags.published_at")? {
                let candidate = candidates.entry(id).or_insert(Candidate::new(id, at));
                if why == 1 {
                    candidate.tags += 1;
                } else {
                    candidate.beside = true;
                }
            }
        }
        let without_own = found.into_iter().map(|(own, mut candidates)| {
            candidates.remove(&own.get());
            (own, candidates.into_values().collect())
        });
        Ok(without_own.collect())
    }

    /// What the pages show, with the tags and the section that each shares with its own article. One statement.
    async fn related_of_pages(
        &self,
        pages: &[(ArticleId, Page<Ranked>)],
    ) -> Result<HashMap<(ArticleId, ArticleId), Related>, StoreError> {
        let pairs: Vec<(ArticleId, ArticleId)> =
            pages.iter().flat_map(|(own, page)| page.items.iter().map(|(_, (id, _))| (*own, *id))).collect();
        if pairs.is_empty() {
            return Ok(HashMap::new());
        }
        let sql = format!(
            "SELECT p.first, \
                 EXISTS (SELECT 1 FROM articles o JOIN section_articles e ON e.section_id = o.section_id WHERE o.id = p.first AND e.article_id = p.second), \
                 (SELECT CAST(json_group_array(json_array(t.id, t.slug, json(t.names)) ORDER BY z.position) AS TEXT) \
                     FROM article_tags z JOIN article_tags y ON y.tag_id = z.tag_id AND y.article_id = p.second JOIN tags t ON t.id = z.tag_id \
                     WHERE z.article_id = p.first), \
                 {CARD} FROM ({}) p JOIN articles a ON a.id = p.second AND {} {CARD_JOINS}",
            self.dialect().pairs("$1"),
            self.sight().sees("a")
        );
        let rows = self.rows(&sql, vec![pairs_value(&pairs)]).await?;
        let related = rows.iter().map(|row| {
            let mut columns = Columns::of(row);
            let own = columns.id()?;
            let same_section = columns.next()?;
            let shared_tags = tags(columns.next()?)?;
            let card = card(&mut columns)?;
            Ok(((own, card.id), Related { card, pinned: false, shared_tags, same_section }))
        });
        related.collect()
    }
}

/// The page of these candidates, the nearest first.
fn page(candidates: Vec<Candidate>, request: &PageRequest) -> Page<Ranked> {
    let total = candidates.len() as u64;
    let key = |place: Place| (place.sort, place.id);
    let mut places: Vec<(Place, Ranked)> = candidates
        .iter()
        .map(|candidate| (candidate.place(), (Id::from_stored(candidate.id), candidate.pin.is_some())))
        .filter(|(place, _)| request.after.is_none_or(|after| key(*place) < key(after)))
        .filter(|(place, _)| request.before.is_none_or(|before| key(*place) > key(before)))
        .collect();
    places.sort_unstable_by_key(|(place, _)| Reverse(key(*place)));
    if request.from_end {
        places.reverse();
    }
    places.truncate(request.limit as usize + 1);
    Page::of(request, places, Some(total))
}

/// Pairs of keys as the one JSON text that [`crate::dialect::Dialect::pairs`] takes.
fn pairs_value<A, B>(pairs: &[(Id<A>, Id<B>)]) -> sea_orm::Value {
    let pairs: Vec<String> = pairs.iter().map(|(a, b)| format!("\"{}:{}\"", a.get(), b.get())).collect();
    format!("[{}]", pairs.join(",")).into()
}
