//! The parts of an article's page, each for many articles at once: body, tags, translations, corrections.
//!
//! Each part is one column of JSON beside an article's key, so that the page's plan can take several of them in one
//! statement and the loaders one of them for many articles; both read it with the same function.

use std::collections::HashMap;

use masthead_domain::Id;
use masthead_domain::article::{ArticleId, Body, Correction, Details, SavedBody, Translation};
use masthead_domain::tag::{Tag, TagId};
use masthead_domain::text::{LanguageTag, Localized, Slug};

use crate::columns::{Columns, in_order, time};
use crate::reads::{Reads, keys};
use crate::sight::Sight;
use crate::store::StoreError;

/// The published revision's columns; [`details`] reads them. Needs `revisions r` joined.
pub(super) const DETAILS: &str =
    "CAST(r.blocks AS TEXT), r.html, r.body_text, CAST(r.rights AS TEXT), CAST(r.seo AS TEXT)";

/// How many columns [`DETAILS`] has.
pub(super) const DETAILS_WIDTH: usize = 5;

/// An article's tags in their order.
pub(super) const TAGS: &str = "(SELECT CAST(json_group_array(json_array(z.position, json_array(t.id, t.slug, json(t.names)))) AS TEXT) \
     FROM article_tags z JOIN tags t ON t.id = z.tag_id WHERE z.article_id = a.id)";

/// The other languages of the story, by language, as far as they are seen.
pub(super) fn translations_seen(sight: &Sight) -> String {
    format!(
        "(SELECT CAST(json_group_array(json_array(o.locale, json_array(o.id, o.slug, o.locale, o.title))) AS TEXT) \
         FROM articles o WHERE o.translation_group = a.translation_group AND {} AND o.id <> a.id)",
        sight.sees("o")
    )
}

/// The public notes, oldest first.
pub(super) const CORRECTIONS: &str = "(SELECT CAST(json_group_array(json_array(json_array(c.published_at, c.id), json_array(c.published_at, c.kind, c.note))) AS TEXT) \
     FROM corrections c WHERE c.article_id = a.id)";

impl Reads {
    /// Body, rights and search-engine texts. One statement.
    pub async fn article_details(
        &self,
        ids: &[ArticleId],
    ) -> Result<HashMap<ArticleId, Details>, StoreError> {
        let sql = format!(
            "SELECT a.id, {DETAILS} FROM articles a JOIN revisions r ON r.id = COALESCE(a.published_revision, a.head_revision) \
             WHERE {} AND a.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))",
            self.sight().sees("a")
        );
        let rows = self.rows(&sql, vec![keys(ids)]).await?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                Ok((columns.id()?, details(&mut columns)?))
            })
            .collect()
    }

    /// Tags in the articles' order. One statement.
    pub async fn article_tags(&self, ids: &[ArticleId]) -> Result<HashMap<ArticleId, Vec<Tag>>, StoreError> {
        self.part(ids, TAGS, tags).await
    }

    /// The same story in other languages, as far as the viewer sees it. One statement.
    pub async fn article_translations(
        &self,
        ids: &[ArticleId],
    ) -> Result<HashMap<ArticleId, Vec<Translation>>, StoreError> {
        self.part(ids, &translations_seen(self.sight()), translations).await
    }

    /// Public notes, oldest first. One statement.
    pub async fn article_corrections(
        &self,
        ids: &[ArticleId],
    ) -> Result<HashMap<ArticleId, Vec<Correction>>, StoreError> {
        self.part(ids, CORRECTIONS, corrections).await
    }

    async fn part<T>(
        &self,
        ids: &[ArticleId],
        column: &str,
        read: fn(Option<String>) -> Result<Vec<T>, StoreError>,
    ) -> Result<HashMap<ArticleId, Vec<T>>, StoreError> {
        let sql = format!(
            "SELECT a.id, {column} FROM articles a WHERE {} AND a.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))",
            self.sight().sees("a")
        );
        let rows = self.rows(&sql, vec![keys(ids)]).await?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                Ok((columns.id()?, read(columns.next()?)?))
            })
            .collect()
    }
}

pub(super) fn details(columns: &mut Columns<'_>) -> Result<Details, StoreError> {
    Ok(Details {
        body: SavedBody {
            blocks: columns.json::<Body>("revisions.blocks")?,
            html: columns.next()?,
            text: columns.next()?,
        },
        rights: columns.json("revisions.rights")?,
        seo: columns.json("revisions.seo")?,
    })
}

pub(crate) fn tags(text: Option<String>) -> Result<Vec<Tag>, StoreError> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let rows = in_order::<i32, (TagId, String, Localized<String>)>(&text, "tags.names")?;
    Ok(rows.map(|(id, slug, names)| Tag { id, slug: Slug::from_stored(slug), names }).collect())
}

pub(super) fn translations(text: Option<String>) -> Result<Vec<Translation>, StoreError> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let rows = in_order::<String, (i64, String, LanguageTag, String)>(&text, "articles.title")?;
    Ok(rows
        .map(|(id, slug, locale, title)| Translation {
            id: Id::from_stored(id),
            slug: Slug::from_stored(slug),
            locale,
            title,
        })
        .collect())
}

pub(super) fn corrections(text: Option<String>) -> Result<Vec<Correction>, StoreError> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let rows = in_order::<(i64, i64), (i64, _, String)>(&text, "corrections.kind")?;
    rows.map(|(at, kind, note)| {
        Ok(Correction { published_at: time(at, "corrections.published_at")?, kind, note })
    })
    .collect()
}
