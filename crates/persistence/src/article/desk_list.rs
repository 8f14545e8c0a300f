//! All articles that a viewer sees, filtered and in the desk's orders.
//!
//! A filter goes by what the viewer may know: by the head of an article that they work on, by what is public of every
//! other. So no filter or order tells of a change that is not theirs to see.

use masthead_domain::article::{Card, Kind, Status};
use masthead_domain::author::AuthorId;
use masthead_domain::page::{Page, PageRequest, Place};
use masthead_domain::section::SectionId;
use masthead_domain::tag::TagId;
use masthead_domain::text::LanguageTag;

use super::card::{CARD, CARD_JOINS, card};
use super::write::word;
use crate::columns::Columns;
use crate::reads::{Reads, bind, keys, keyset};
use crate::store::StoreError;

/// Which articles. Everything that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeskFilter {
    /// In one of these states.
    pub status: Option<Vec<Status>>,
    /// In one of these sections.
    pub sections: Option<Vec<SectionId>>,
    /// By this author.
    pub author: Option<AuthorId>,
    /// With this tag.
    pub tag: Option<TagId>,
    /// In this language.
    pub locale: Option<LanguageTag>,
    /// Articles, or pages, which no other list has.
    pub kind: Option<Kind>,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeskOrder {
    /// First published, newest first; what never was stands by when it was begun.
    PublishedNewest,
    /// Last changed first: by the head where the viewer works on it, else by the public text.
    ModifiedNewest,
}

impl Reads {
    /// The articles that the viewer sees and that pass the filter. The total is counted where `counted`, up to 10,000.
    /// Two statements at most.
    pub async fn articles_filtered(
        &self,
        filter: &DeskFilter,
        order: DeskOrder,
        request: &PageRequest,
        counted: bool,
    ) -> Result<Page<Card>, StoreError> {
        let mut values = Vec::new();
        let condition = self.condition(filter, &mut values)?;
        let total = if counted {
            self.count(&format!("articles a WHERE {condition}"), values.clone()).await?
        } else {
            None
        };
        let works_on = self.sight().works_on("a");
        let sort = match order {
            // What readers see was published, so the index of their lists serves them.
            DeskOrder::PublishedNewest if works_on == "FALSE" => "a.published_at".to_owned(),
            DeskOrder::PublishedNewest => "COALESCE(a.published_at, a.created_at)".to_owned(),
            DeskOrder::ModifiedNewest if works_on == "TRUE" => "a.changed_at".to_owned(),
            DeskOrder::ModifiedNewest if works_on == "FALSE" => "a.modified_at".to_owned(),
            DeskOrder::ModifiedNewest => {
                format!("(CASE WHEN {works_on} THEN a.changed_at ELSE COALESCE(a.modified_at, 0) END)")
            }
        };
        let keyset = keyset(request, &sort, "a.id", true, &mut values);
        let sql = format!(
            "SELECT {sort}, {CARD} FROM articles a {CARD_JOINS} WHERE {condition}{} ORDER BY {} LIMIT {}",
            keyset.condition, keyset.order, keyset.limit
        );
        let rows = self.rows(&sql, values).await?;
        let items = rows
            .iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                let sort = columns.next()?;
                let card = card(&mut columns)?;
                Ok((Place { sort, id: card.id.get() }, card))
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        Ok(Page::of(request, items, total))
    }

    fn condition(&self, filter: &DeskFilter, values: &mut Vec<sea_orm::Value>) -> Result<String, StoreError> {
        let sight = self.sight();
        let mut conditions = vec![sight.sees("a")];
        if let Some(statuses) = &filter.status {
            let mut words = Vec::with_capacity(statuses.len());
            for status in statuses {
                values.push(word(status)?);
                words.push(format!("${}", values.len()));
            }
            // What is published and under an embargo is seen by whoever works on it only, as `sees` says.
            conditions.push(match words.is_empty() {
                true => "FALSE".to_owned(),
                false => format!("a.status IN ({})", words.join(", ")),
            });
        }
        let either = |of_head: String, public: String| {
            if sight.is_of_the_desk() {
                let works_on = sight.works_on("a");
                format!("(({works_on} AND {of_head}) OR (NOT {works_on} AND {public}))")
            } else {
                public
            }
        };
        if let Some(sections) = &filter.sections {
            values.push(keys(sections));
            let list = format!("(SELECT CAST(value AS INTEGER) FROM json_each(${}))", values.len());
            conditions.push(either(
                format!("EXISTS (SELECT 1 FROM desk_sections x WHERE x.article_id = a.id AND x.section_id IN {list})"),
                format!("EXISTS (SELECT 1 FROM section_articles x WHERE x.article_id = a.id AND x.section_id IN {list})"),
            ));
        }
        if let Some(author) = filter.author {
            let author = author.get();
            conditions.push(either(
                format!("EXISTS (SELECT 1 FROM desk_authors x WHERE x.article_id = a.id AND x.author_id = {author})"),
                format!("EXISTS (SELECT 1 FROM article_authors x WHERE x.article_id = a.id AND x.author_id = {author})"),
            ));
        }
        if let Some(tag) = filter.tag {
            conditions.push(format!(
                "EXISTS (SELECT 1 FROM article_tags x WHERE x.article_id = a.id AND x.tag_id = {})",
                tag.get()
            ));
        }
        if let Some(locale) = &filter.locale {
            conditions.push(format!("a.locale = {}", bind(values, locale.as_str())));
        }
        match filter.kind {
            Some(kind) => {
                values.push(word(&kind)?);
                conditions.push(format!("a.kind = ${}", values.len()));
            }
            // Pages are in no list of the public.
            None if !sight.is_of_the_desk() => conditions.push("a.kind = 'ARTICLE'".to_owned()),
            None => {}
        }
        Ok(conditions.join(" AND "))
    }
}
