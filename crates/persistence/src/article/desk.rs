//! Articles as the desk works on them: the whole head within a change, and heads without their text for lists.

use std::collections::HashMap;

use masthead_domain::article::desk::{Head, Manuscript};
use masthead_domain::article::{ArticleId, Body, SavedBody, TranslationGroupId};
use masthead_domain::text::LanguageTag;

use super::revise::{CONTENT, CONTENT_WITHOUT_BODY, content};
use crate::columns::Columns;
use crate::reads::{Reads, keys};
use crate::store::StoreError;
use crate::tx::Tx;

/// Where an article stands and its head's number, before [`CONTENT`]. Needs `r` and, for the published one, `p`.
const STANDING: &str = "a.status, a.version, a.scheduled_for, a.embargo_until, a.changed_at, a.published_at, \
     r.content_number, p.content_number, a.created_by, r.word_count";

const FROM: &str = "articles a JOIN revisions r ON r.id = a.head_revision LEFT JOIN revisions p ON p.id = a.published_revision";

impl Tx {
    /// An article with its head, whoever may see it. On PostgreSQL its row is locked until the change is made.
    pub async fn manuscript(&self, id: ArticleId) -> Result<Option<Manuscript>, StoreError> {
        let sql = format!(
            "SELECT a.kind, a.locale, a.translation_group, a.live, {STANDING}, {CONTENT} FROM {FROM} WHERE a.id = $1{}",
            self.for_update()
        );
        let Some(row) = self.row(&sql, vec![id.get().into()]).await? else { return Ok(None) };
        let mut columns = Columns::of(&row);
        let (kind, locale) = (columns.word("articles.kind")?, columns.locale()?);
        let (translations, live) = (columns.id()?, columns.next()?);
        let status = columns.word("articles.status")?;
        let version = columns.next()?;
        let scheduled_for = columns.time_or_none("articles.scheduled_for")?;
        let embargo_until = columns.time_or_none("articles.embargo_until")?;
        columns.skip(1);
        let published_at = columns.time_or_none("articles.published_at")?;
        let (content_number, published_content) = (columns.next()?, columns.next()?);
        columns.skip(2);
        Ok(Some(Manuscript {
            id,
            kind,
            locale,
            status,
            version,
            content_number,
            published_content,
            translations,
            scheduled_for,
            embargo_until,
            published_at,
            live,
            head: content(&mut columns)?,
        }))
    }

    /// What an old revision of an article held.
    pub async fn article_revision(
        &self,
        id: ArticleId,
        number: i32,
    ) -> Result<Option<masthead_domain::article::Content>, StoreError> {
        let sql = format!("SELECT {CONTENT} FROM revisions r WHERE r.article_id = $1 AND r.number = $2");
        let row = self.row(&sql, vec![id.get().into(), number.into()]).await?;
        row.map(|row| content(&mut Columns::of(&row))).transpose()
    }

    /// Puts an article into a group of translations. `false`: the group has an article of that language already.
    pub async fn article_join_group(
        &self,
        id: ArticleId,
        locale: &LanguageTag,
        group: TranslationGroupId,
    ) -> Result<bool, StoreError> {
        if !self.group_lacks(group, locale).await? {
            return Ok(false);
        }
        let row =
            self.row("SELECT translation_group FROM articles WHERE id = $1", vec![id.get().into()]).await?;
        let Some(row) = row else { return Ok(false) };
        let left: i64 = row.try_get_by_index(0)?;
        self.run(
            "UPDATE articles SET translation_group = $2 WHERE id = $1",
            vec![id.get().into(), group.get().into()],
        )
        .await?;
        self.run(
            "DELETE FROM translation_groups WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM articles WHERE translation_group = $1)",
            vec![left.into()],
        )
        .await?;
        Ok(true)
    }

    /// Gives an article that was never public another language. `false`: its slug or its group has an article there.
    pub async fn article_change_locale(
        &self,
        article: &Manuscript,
        locale: &LanguageTag,
    ) -> Result<bool, StoreError> {
        if !self.group_lacks(article.translations, locale).await? {
            return Ok(false);
        }
        let slug = self.free_article_slug(locale, &article.head.slug, Some(article.id)).await?;
        self.run(
            "UPDATE articles SET locale = $2, slug = $3, slug_key = $4 WHERE id = $1",
            vec![
                article.id.get().into(),
                locale.as_str().into(),
                slug.as_str().into(),
                slug.key().as_str().into(),
            ],
        )
        .await?;
        for table in ["article_tags", "article_authors"] {
            self.run(
                &format!("UPDATE {table} SET locale = $2 WHERE article_id = $1"),
                vec![article.id.get().into(), locale.as_str().into()],
            )
            .await?;
        }
        Ok(true)
    }
}

impl Reads {
    /// The heads of these articles, as far as the viewer works on them. One statement.
    pub async fn article_heads(&self, ids: &[ArticleId]) -> Result<HashMap<ArticleId, Head>, StoreError> {
        let sql = format!(
            "SELECT a.id, {STANDING}, {CONTENT_WITHOUT_BODY} FROM {FROM} \
             WHERE {} AND a.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))",
            self.sight().works_on("a")
        );
        let rows = self.rows(&sql, vec![keys(ids)]).await?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                Ok((columns.id()?, head(&mut columns)?))
            })
            .collect()
    }

    /// The heads' texts. One statement.
    pub async fn article_head_bodies(
        &self,
        ids: &[ArticleId],
    ) -> Result<HashMap<ArticleId, SavedBody>, StoreError> {
        let sql = format!(
            "SELECT a.id, CAST(r.blocks AS TEXT), r.html, r.body_text FROM articles a JOIN revisions r ON r.id = a.head_revision \
             WHERE {} AND a.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))",
            self.sight().works_on("a")
        );
        let rows = self.rows(&sql, vec![keys(ids)]).await?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                let id = columns.id()?;
                let blocks = columns.json::<Body>("revisions.blocks")?;
                Ok((id, SavedBody { blocks, html: columns.next()?, text: columns.next()? }))
            })
            .collect()
    }
}

fn head(columns: &mut Columns<'_>) -> Result<Head, StoreError> {
    let status = columns.word("articles.status")?;
    let version = columns.next()?;
    let scheduled_for = columns.time_or_none("articles.scheduled_for")?;
    let embargo_until = columns.time_or_none("articles.embargo_until")?;
    let modified_at = columns.time("articles.changed_at")?;
    let was_public = columns.time_or_none("articles.published_at")?.is_some();
    let head_content: i32 = columns.next()?;
    let published_content: Option<i32> = columns.next()?;
    Ok(Head {
        status,
        version,
        scheduled_for,
        embargo_until,
        modified_at,
        was_public,
        has_unpublished_changes: published_content.is_some_and(|published| published != head_content),
        created_by: columns.id_or_none()?,
        word_count: columns.small()?,
        content: content(columns)?,
    })
}
