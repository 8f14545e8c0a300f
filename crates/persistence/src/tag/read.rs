//! Reading tags, and their articles.

use std::collections::HashMap;

use masthead_domain::article::Card;
use masthead_domain::page::{Page, PageRequest, Place};
use masthead_domain::tag::{Tag, TagId};
use masthead_domain::text::{LanguageTag, SlugKey, fold};
use sea_orm::Value;

use crate::article::Listing;
use crate::columns::Columns;
use crate::reads::{Reads, keys, keyset};
use crate::store::StoreError;

const ARTICLES: Listing =
    Listing { table: "article_tags", owner: "tag_id", condition: " AND x.listed", counts: "tag_counts" };

pub(super) const TAG: &str = "t.id, t.slug, CAST(t.names AS TEXT)";

/// How many tags are looked through for what someone typed: spellings are compared here, not in the database.
const LOOKED_AT: u32 = 10_000;

impl Reads {
    /// The tag of this slug; for readers, one that a public article carries. One statement; one more for a slug that no
    /// tag has now, which may be a former one, or that of a tag that became part of another.
    pub async fn tag_by_slug(&self, key: &SlugKey) -> Result<Option<Tag>, StoreError> {
        for condition in
            ["t.slug_key = $1", "t.id IN (SELECT f.tag_id FROM former_tag_slugs f WHERE f.slug_key = $1)"]
        {
            if let Some(tag) = self.tags_where(condition, key.as_str().into()).await?.into_iter().next() {
                return Ok(Some(tag));
            }
        }
        Ok(None)
    }

    /// These tags, as far as the viewer sees them. One statement.
    pub async fn tags_by_id(&self, ids: &[TagId]) -> Result<HashMap<TagId, Tag>, StoreError> {
        let found =
            self.tags_where("t.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))", keys(ids)).await?;
        Ok(found.into_iter().map(|tag| (tag.id, tag)).collect())
    }

    /// Each tag's articles, newest first. One statement for all.
    pub async fn tag_articles(
        &self,
        ids: &[TagId],
        locale: Option<&LanguageTag>,
        request: &PageRequest,
    ) -> Result<HashMap<TagId, Page<Card>>, StoreError> {
        self.listed_articles(&ARTICLES, ids, locale, request).await
    }

    /// Tags, the ones with most public articles first. A place's `sort` is that number. Two ways: all of them page by
    /// page, without a count, or the ones meant by what someone typed, out of the first [`LOOKED_AT`]. One statement.
    pub async fn tag_list(
        &self,
        typed: Option<&str>,
        request: &PageRequest,
    ) -> Result<Page<Tag>, StoreError> {
        let typed = typed.map(fold).map(|typed| typed.trim().to_owned()).filter(|typed| !typed.is_empty());
        let whole = PageRequest::first(LOOKED_AT);
        let mut values = Vec::new();
        let keyset =
            keyset(if typed.is_some() { &whole } else { request }, "t.used", "t.id", true, &mut values);
        let sql = format!(
            "SELECT t.used, {TAG} FROM (SELECT t.*, \
                 (SELECT CAST(COALESCE(SUM(n.articles), 0) AS INTEGER) FROM tag_counts n WHERE n.tag_id = t.id) AS used \
                 FROM tags t WHERE TRUE{}) t \
             WHERE TRUE{} ORDER BY {} LIMIT {}",
            self.seen(),
            keyset.condition,
            keyset.order,
            keyset.limit
        );
        let rows = self.rows(&sql, values).await?;
        let mut items = Vec::new();
        for row in &rows {
            let mut columns = Columns::of(row);
            let used = columns.next()?;
            let tag = tag(&mut columns)?;
            items.push((Place { sort: used, id: tag.id.get() }, tag));
        }
        if let Some(typed) = typed {
            items.retain(|(place, tag)| is_within(*place, request) && tag.is_meant_by(&typed));
            if request.from_end {
                items.reverse();
            }
        }
        Ok(Page::of(request, items, None))
    }

    async fn tags_where(&self, condition: &str, value: Value) -> Result<Vec<Tag>, StoreError> {
        let sql = format!("SELECT {TAG} FROM tags t WHERE {condition}{} ORDER BY t.id", self.seen());
        let rows = self.rows(&sql, vec![value]).await?;
        rows.iter().map(|row| tag(&mut Columns::of(row))).collect()
    }

    /// The condition behind ` AND ` by which the viewer sees a tag: one that only drafts carry would tell of them.
    fn seen(&self) -> &'static str {
        if self.sight().is_of_the_desk() {
            ""
        } else {
            " AND EXISTS (SELECT 1 FROM article_tags z JOIN articles a ON a.id = z.article_id AND a.live WHERE z.tag_id = t.id)"
        }
    }
}

/// Whether a place is between the bounds of a page, in a list that falls.
fn is_within(place: Place, request: &PageRequest) -> bool {
    let of = |place: Place| (place.sort, place.id);
    request.after.is_none_or(|after| of(place) < of(after))
        && request.before.is_none_or(|before| of(place) > of(before))
}

pub(super) fn tag(columns: &mut Columns<'_>) -> Result<Tag, StoreError> {
    Ok(Tag { id: columns.id()?, slug: columns.slug()?, names: columns.names("tags.names")? })
}
