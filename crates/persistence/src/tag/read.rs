//! Reading tags, and their articles.

use std::collections::HashMap;

use masthead_domain::article::Card;
use masthead_domain::page::{Page, PageRequest};
use masthead_domain::tag::{Tag, TagId};
use masthead_domain::text::{LanguageTag, SlugKey};
use sea_orm::Value;

use crate::article::Listing;
use crate::columns::Columns;
use crate::reads::{Reads, keys};
use crate::store::StoreError;

const ARTICLES: Listing =
    Listing { table: "article_tags", owner: "tag_id", condition: " AND x.listed", counts: "tag_counts" };

impl Reads {
    /// The tag of this slug; for readers, one that a public article carries. One statement.
    pub async fn tag_by_slug(&self, key: &SlugKey) -> Result<Option<Tag>, StoreError> {
        Ok(self.tags_where("t.slug_key = $1", key.as_str().into()).await?.into_iter().next())
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

    async fn tags_where(&self, condition: &str, value: Value) -> Result<Vec<Tag>, StoreError> {
        // A tag that only drafts carry would tell of them.
        let seen = if self.sight().is_of_the_desk() {
            ""
        } else {
            " AND EXISTS (SELECT 1 FROM article_tags z JOIN articles a ON a.id = z.article_id AND a.live WHERE z.tag_id = t.id)"
        };
        let sql = format!(
            "SELECT t.id, t.slug, CAST(t.names AS TEXT) FROM tags t WHERE {condition}{seen} ORDER BY t.id"
        );
        let rows = self.rows(&sql, vec![value]).await?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                Ok(Tag { id: columns.id()?, slug: columns.slug()?, names: columns.names("tags.names")? })
            })
            .collect()
    }
}
