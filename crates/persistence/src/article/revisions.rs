//! An article's history, for whoever works on it.

use std::collections::HashMap;

use masthead_domain::Id;
use masthead_domain::article::revision::Revision;
use masthead_domain::article::{ArticleId, Content};
use masthead_domain::page::{Page, PageRequest, Place};
use masthead_domain::section::SectionId;
use masthead_domain::text::LanguageTag;

use super::revise::{CONTENT, content};
use crate::columns::Columns;
use crate::reads::{Reads, keys, keyset};
use crate::store::StoreError;
use crate::tx::Tx;

impl Tx {
    /// An old content without the sections, tags, authors and pictures that are gone since.
    pub async fn content_still_there(&self, mut content: Content) -> Result<Content, StoreError> {
        let sections: Vec<SectionId> =
            content.section.into_iter().chain(content.other_sections.iter().copied()).collect();
        let there: Vec<SectionId> = self.still_there("sections", &sections).await?;
        content.section = content.section.filter(|section| there.contains(section));
        content.other_sections.retain(|section| there.contains(section));
        let there = self.still_there("tags", &content.tags).await?;
        content.tags.retain(|tag| there.contains(tag));
        let there = self.still_there("authors", &content.authors).await?;
        content.authors.retain(|author| there.contains(author));
        if let Some(image) = content.lead_image
            && self.still_there("images", &[image]).await?.is_empty()
        {
            content.lead_image = None;
        }
        Ok(content)
    }

    async fn still_there<T>(&self, table: &str, ids: &[Id<T>]) -> Result<Vec<Id<T>>, StoreError> {
        let sql = format!(
            "SELECT x.id FROM {table} x WHERE x.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))"
        );
        let rows = self.rows(&sql, vec![keys(ids)]).await?;
        rows.iter().map(|row| Columns::of(row).id()).collect()
    }
}

/// What a preview shows: the head, whoever looks.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// The article's language.
    pub locale: LanguageTag,
    /// The head.
    pub content: Content,
    /// Its text as sanitised HTML.
    pub html: String,
    /// Its text as plain text.
    pub text: String,
}

impl Reads {
    /// An article's head for whoever has its signed link; nobody is asked what they may see. `None`: it is gone. One
    /// statement.
    pub async fn article_preview(&self, id: ArticleId) -> Result<Option<Preview>, StoreError> {
        let sql = format!(
            "SELECT a.locale, r.html, r.body_text, {CONTENT} FROM articles a JOIN revisions r ON r.id = a.head_revision WHERE a.id = $1"
        );
        let Some(row) = self.row(&sql, vec![id.get().into()]).await? else { return Ok(None) };
        let mut columns = Columns::of(&row);
        let locale = columns.locale()?;
        let (html, text) = (columns.next()?, columns.next()?);
        Ok(Some(Preview { locale, html, text, content: content(&mut columns)? }))
    }

    /// An article's revisions, newest first. Empty for whoever does not work on it. One statement.
    pub async fn article_revisions(
        &self,
        id: ArticleId,
        request: &PageRequest,
    ) -> Result<Page<Revision>, StoreError> {
        let mut values = vec![id.get().into()];
        let keyset = keyset(request, "r.number", "r.id", true, &mut values);
        let sql = format!(
            "SELECT a.version, r.id, r.number, r.created_at, u.name, r.change, r.reason, r.title, \
             COALESCE(a.published_revision = r.id, FALSE) \
             FROM articles a JOIN revisions r ON r.article_id = a.id LEFT JOIN users u ON u.id = r.editor_id \
             WHERE a.id = $1 AND {}{} ORDER BY {} LIMIT {}",
            self.sight().works_on("a"),
            keyset.condition,
            keyset.order,
            keyset.limit
        );
        let rows = self.rows(&sql, values).await?;
        let mut total = None;
        let mut items = Vec::with_capacity(rows.len());
        for row in &rows {
            let mut columns = Columns::of(row);
            total = u64::try_from(columns.next::<i32>()?).ok();
            let key: i64 = columns.next()?;
            let revision = Revision {
                number: columns.next()?,
                created_at: columns.time("revisions.created_at")?,
                editor: columns.next()?,
                change: columns.word("revisions.change")?,
                reason: columns.next()?,
                title: columns.next()?,
                is_published: columns.next()?,
            };
            items.push((Place { sort: revision.number.into(), id: key }, revision));
        }
        Ok(Page::of(request, items, total))
    }

    /// What some revisions of an article held, by number; the ones that are not there are left out, all of them for
    /// whoever does not work on it. One statement.
    pub async fn article_revision_contents(
        &self,
        id: ArticleId,
        numbers: [i32; 2],
    ) -> Result<HashMap<i32, Content>, StoreError> {
        let sql = format!(
            "SELECT r.number, {CONTENT} FROM articles a JOIN revisions r ON r.article_id = a.id \
             WHERE a.id = $1 AND r.number IN ($2, $3) AND {}",
            self.sight().works_on("a")
        );
        let rows = self.rows(&sql, vec![id.get().into(), numbers[0].into(), numbers[1].into()]).await?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                Ok((columns.next()?, content(&mut columns)?))
            })
            .collect()
    }
}
