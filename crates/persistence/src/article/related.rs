//! Related articles: an editor's pins first, then what shares most tags, then the same section; newest first among
//! equals. Candidates are the newest [`NEAR`] of each tag and of the section, so that the cost does not grow with the
//! archive.
//!
//! One statement finds the candidates, another gives those of the page. They are ranked in between, here: in
//! one statement, joins and window functions for the ranking were half of what SQLite did for it.

use std::collections::HashMap;

use masthead_domain::Id;
use masthead_domain::article::{ArticleId, Card};
use masthead_domain::page::{Page, PageRequest, Place};
use masthead_domain::tag::{Tag, TagId};

use super::card::{CARD, CARD_JOINS, card};
use super::parts::{TAGS, tags};
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

/// What an article has for others to be related to it by.
#[derive(Debug, Default)]
struct Own {
    candidates: Vec<Candidate>,
    tags: Vec<Tag>,
}

impl Own {
    /// Each candidate once, with all that relates it, and without the article itself.
    fn merge(&mut self, own: ArticleId) {
        self.candidates.retain(|candidate| candidate.id != own.get());
        self.candidates.sort_unstable_by_key(|candidate| candidate.id);
        self.candidates.dedup_by(|again, first| {
            let same = again.id == first.id;
            if same {
                first.pin = first.pin.or(again.pin);
                first.tags += again.tags;
                first.beside |= again.beside;
            }
            same
        });
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
        self.related(ids, request, None).await
    }

    /// As [`Reads::article_related`] for one article, whose tags are known.
    pub(super) async fn related_to_tagged(
        &self,
        id: ArticleId,
        tags: &[Tag],
        request: &PageRequest,
    ) -> Result<Option<Page<Related>>, StoreError> {
        Ok(self.related(&[id], request, Some(tags)).await?.remove(&id))
    }

    async fn related(
        &self,
        ids: &[ArticleId],
        request: &PageRequest,
        known_tags: Option<&[Tag]>,
    ) -> Result<HashMap<ArticleId, Page<Related>>, StoreError> {
        let mut found = self.related_candidates(ids, known_tags).await?;
        let mut tags: HashMap<ArticleId, Vec<Tag>> = HashMap::new();
        let ranked: Vec<(ArticleId, Page<Ranked>)> = ids
            .iter()
            .map(|own| {
                let Own { candidates, tags: of_own } = found.remove(own).unwrap_or_default();
                tags.insert(*own, of_own);
                (*own, page(&candidates, request))
            })
            .collect();
        let mut related = self.related_of_pages(&ranked, &tags).await?;
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

    /// The articles that could be shown with each, and its tags, which are not asked for where they are known. One statement.
    async fn related_candidates(
        &self,
        ids: &[ArticleId],
        known_tags: Option<&[Tag]>,
    ) -> Result<HashMap<ArticleId, Own>, StoreError> {
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
        let tags_of_own =
            known_tags.map_or_else(|| TAGS.replace("a.id", "o.id"), |_| "CAST(NULL AS TEXT)".to_owned());
        // Most often it is one article's page, which need not take a list apart.
        let (these, value) = match ids {
            [one] => ("= $1", one.get().into()),
            _ => ("IN (SELECT CAST(value AS INTEGER) FROM json_each($1))", keys(ids)),
        };
        // The lists hold articles that readers see, and no pages; a pin may name any.
        let sql = format!(
            "WITH own AS (SELECT a.id, a.locale, a.section_id FROM articles a \
                 WHERE {own_seen} AND a.id {these}) \
             SELECT o.id, 0, (SELECT CAST(json_group_array(json_array(b.id, COALESCE(b.published_at, b.created_at), p.position)) AS TEXT) \
                 FROM related_pins p JOIN articles b ON b.id = p.related_id AND b.kind = 'ARTICLE' AND {pin_seen} WHERE p.article_id = o.id), \
                 {tags_of_own} FROM own o \
             UNION ALL SELECT o.id, 1, {tagged}, CAST(NULL AS TEXT) FROM own o JOIN article_tags t ON t.article_id = o.id \
             UNION ALL SELECT o.id, 2, {beside}, CAST(NULL AS TEXT) FROM own o WHERE o.section_id IS NOT NULL"
        );
        let mut found: HashMap<ArticleId, Own> = HashMap::with_capacity(ids.len());
        for row in &self.rows(&sql, vec![value]).await? {
            let mut columns = Columns::of(row);
            let own = found.entry(columns.id()?).or_default();
            let why = columns.small()?;
            // An empty list is NULL on PostgreSQL.
            let is_empty = columns.is_null()?;
            match why {
                0 if !is_empty => {
                    let pins = columns.json::<Vec<(i64, i64, i32)>>("related_pins")?;
                    let pinned = |(id, at, pin)| Candidate { pin: Some(pin), ..Candidate::new(id, at) };
                    own.candidates.extend(pins.into_iter().map(pinned));
                    own.tags = tags(columns.next()?)?;
                }
                0 => {
                    columns.skip(1);
                    own.tags = tags(columns.next()?)?;
                }
                _ if is_empty => {}
                _ => {
                    let (tags, beside) = if why == 1 { (1, false) } else { (0, true) };
                    let listed = columns.json::<Vec<(i64, i64)>>("article_tags.published_at")?;
                    let candidate = |(id, at)| Candidate { tags, beside, ..Candidate::new(id, at) };
                    own.candidates.extend(listed.into_iter().map(candidate));
                }
            }
        }
        for (id, own) in &mut found {
            own.merge(*id);
            if let Some(known) = known_tags {
                own.tags = known.to_vec();
            }
        }
        Ok(found)
    }

    /// What the pages show, with those of its own `tags` and the section that each shares with an article. One statement.
    async fn related_of_pages(
        &self,
        pages: &[(ArticleId, Page<Ranked>)],
        tags: &HashMap<ArticleId, Vec<Tag>>,
    ) -> Result<HashMap<(ArticleId, ArticleId), Related>, StoreError> {
        let pairs: Vec<(ArticleId, ArticleId)> =
            pages.iter().flat_map(|(own, page)| page.items.iter().map(|(_, (id, _))| (*own, *id))).collect();
        if pairs.is_empty() {
            return Ok(HashMap::new());
        }
        let sql = format!(
            "SELECT p.first, \
                 EXISTS (SELECT 1 FROM articles o JOIN section_articles e ON e.section_id = o.section_id WHERE o.id = p.first AND e.article_id = p.second), \
                 (SELECT CAST(json_group_array(y.tag_id) AS TEXT) FROM article_tags y WHERE y.article_id = p.second), \
                 {CARD} FROM ({}) p JOIN articles a ON a.id = p.second AND {} {CARD_JOINS}",
            self.dialect().pairs("$1"),
            self.sight().sees("a")
        );
        let rows = self.rows(&sql, vec![pairs_value(&pairs)]).await?;
        let related = rows.iter().map(|row| {
            let mut columns = Columns::of(row);
            let own = columns.id()?;
            let same_section = columns.next()?;
            let carried: Vec<TagId> = match columns.is_null()? {
                true => {
                    columns.skip(1);
                    Vec::new()
                }
                false => columns.json("article_tags.tag_id")?,
            };
            let of_own = tags.get(&own).map_or(&[][..], Vec::as_slice);
            let shared_tags = of_own.iter().filter(|tag| carried.contains(&tag.id)).cloned().collect();
            let card = card(&mut columns)?;
            Ok(((own, card.id), Related { card, pinned: false, shared_tags, same_section }))
        });
        related.collect()
    }
}

/// The page of these candidates, the nearest first.
fn page(candidates: &[Candidate], request: &PageRequest) -> Page<Ranked> {
    let ranked = candidates
        .iter()
        .map(|candidate| (candidate.place(), (Id::from_stored(candidate.id), candidate.pin.is_some())));
    Page::cut(request, ranked.collect(), true, Some(candidates.len() as u64))
}

/// Pairs of keys as the one JSON text that [`crate::dialect::Dialect::pairs`] takes.
fn pairs_value<A, B>(pairs: &[(Id<A>, Id<B>)]) -> sea_orm::Value {
    let pairs: Vec<String> = pairs.iter().map(|(a, b)| format!("\"{}:{}\"", a.get(), b.get())).collect();
    format!("[{}]", pairs.join(",")).into()
}
