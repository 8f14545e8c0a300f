//! Reading authors, and their articles.

use std::collections::HashMap;
use std::sync::LazyLock;

use masthead_domain::Id;
use masthead_domain::article::Card;
use masthead_domain::author::{Author, AuthorId, AuthorLine, Link};
use masthead_domain::page::{Page, PageRequest};
use masthead_domain::text::{LanguageTag, Localized, Slug, SlugKey};
use sea_orm::Value;
use serde::Deserialize;

use crate::article::Listing;
use crate::columns::{Columns, in_order};
use crate::media::StoredImage;
use crate::reads::{Reads, keys};
use crate::store::StoreError;

const ARTICLES: Listing = Listing {
    table: "article_authors",
    owner: "author_id",
    condition: " AND x.listed",
    counts: "author_counts",
};

/// A whole author `u` as one JSON array; [`StoredAuthor`] reads it.
const AUTHOR: &str = "json_array(u.id, u.slug, json(u.names), json(u.roles), json(u.biographies), json(u.links), \
     (SELECT json_array(v.id, v.source, v.location, v.width, v.height, v.alt, v.credit, v.caption, v.focal_x, v.focal_y, v.own_work) FROM images v WHERE v.id = u.avatar_id), \
     (SELECT CAST(COALESCE(SUM(n.articles), 0) AS INTEGER) FROM author_counts n WHERE n.author_id = u.id))";

/// The authors of the article `a` in their order, whole.
pub(crate) static AUTHORS_OF_ARTICLE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "(SELECT CAST(json_group_array(json_array(w.position, {AUTHOR})) AS TEXT) \
         FROM article_authors w JOIN authors u ON u.id = w.author_id WHERE w.article_id = a.id)"
    )
});

impl Reads {
    /// The author of this slug. One statement; one more for a slug that nobody has now, which may be a former one.
    pub async fn author_by_slug(&self, key: &SlugKey) -> Result<Option<Author>, StoreError> {
        for condition in [
            "u.slug_key = $1",
            "u.id IN (SELECT f.author_id FROM former_author_slugs f WHERE f.slug_key = $1)",
        ] {
            if let Some(author) = self.authors_where(condition, key.as_str().into()).await?.into_iter().next()
            {
                return Ok(Some(author));
            }
        }
        Ok(None)
    }

    /// These authors. One statement.
    pub async fn authors_by_id(&self, ids: &[AuthorId]) -> Result<HashMap<AuthorId, Author>, StoreError> {
        let authors = self
            .authors_where("u.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))", keys(ids))
            .await?;
        Ok(authors.into_iter().map(|author| (author.line.id, author)).collect())
    }

    /// Each author's articles, newest first. One statement for all.
    pub async fn author_articles(
        &self,
        ids: &[AuthorId],
        locale: Option<&LanguageTag>,
        request: &PageRequest,
    ) -> Result<HashMap<AuthorId, Page<Card>>, StoreError> {
        self.listed_articles(&ARTICLES, ids, locale, request).await
    }

    async fn authors_where(&self, condition: &str, value: Value) -> Result<Vec<Author>, StoreError> {
        let sql = format!("SELECT CAST({AUTHOR} AS TEXT) FROM authors u WHERE {condition}");
        let rows = self.rows(&sql, vec![value]).await?;
        rows.iter().map(|row| Columns::of(row).json::<StoredAuthor>("authors").map(Author::from)).collect()
    }
}

pub(crate) fn authors_of_article(text: Option<String>) -> Result<Vec<Author>, StoreError> {
    let Some(text) = text else { return Ok(Vec::new()) };
    Ok(in_order::<i32, StoredAuthor>(&text, "authors")?.map(Author::from).collect())
}

#[derive(Deserialize)]
struct StoredAuthor(
    i64,
    String,
    Localized<String>,
    Localized<String>,
    Localized<String>,
    Vec<Link>,
    Option<StoredImage>,
    u64,
);

impl From<StoredAuthor> for Author {
    fn from(
        StoredAuthor(id, slug, names, roles, biographies, links, avatar, article_count): StoredAuthor,
    ) -> Self {
        Self {
            line: AuthorLine { id: Id::from_stored(id), slug: Slug::from_stored(slug), names },
            roles,
            biographies,
            avatar: avatar.map(Into::into),
            links,
            article_count,
        }
    }
}
