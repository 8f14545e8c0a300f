//! Reading sections, and their articles.

use std::collections::HashMap;

use masthead_domain::article::Card;
use masthead_domain::page::{Page, PageRequest};
use masthead_domain::section::{Section, SectionId, SectionLine};
use masthead_domain::text::{LanguageTag, SlugKey};
use sea_orm::Value;

use crate::article::Listing;
use crate::columns::Columns;
use crate::reads::{Reads, keys};
use crate::store::StoreError;

const ARTICLES: Listing =
    Listing { table: "section_articles", owner: "section_id", condition: "", counts: "section_counts" };

pub(super) const SECTION: &str = "s.id, s.slug, CAST(s.names AS TEXT), CAST(s.descriptions AS TEXT), s.parent_id, s.position, s.comment_policy";

impl Reads {
    /// All sections, each before its children, siblings by position. One statement.
    pub async fn sections(&self) -> Result<Vec<Section>, StoreError> {
        let all = self.sections_where("TRUE", vec![]).await?;
        Ok(in_tree_order(all))
    }

    /// The section of this slug. One statement.
    pub async fn section_by_slug(&self, key: &SlugKey) -> Result<Option<Section>, StoreError> {
        Ok(self.sections_where("s.slug_key = $1", vec![key.as_str().into()]).await?.into_iter().next())
    }

    /// The section to which a slug leads that was once its own, or that of one that was deleted. One statement.
    pub async fn section_by_former_slug(&self, key: &SlugKey) -> Result<Option<SectionId>, StoreError> {
        let sql = "SELECT section_id FROM former_section_slugs WHERE slug_key = $1";
        let row = self.row(sql, vec![key.as_str().into()]).await?;
        row.as_ref().map(|row| Columns::of(row).id()).transpose()
    }

    /// These sections. One statement.
    pub async fn sections_by_id(&self, ids: &[SectionId]) -> Result<HashMap<SectionId, Section>, StoreError> {
        let found = self
            .sections_where("s.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))", vec![keys(ids)])
            .await?;
        Ok(found.into_iter().map(|section| (section.line.id, section)).collect())
    }

    /// Each section's articles and its descendants', newest first. One statement for all.
    pub async fn section_articles(
        &self,
        ids: &[SectionId],
        locale: Option<&LanguageTag>,
        request: &PageRequest,
    ) -> Result<HashMap<SectionId, Page<Card>>, StoreError> {
        self.listed_articles(&ARTICLES, ids, locale, request).await
    }

    async fn sections_where(&self, condition: &str, values: Vec<Value>) -> Result<Vec<Section>, StoreError> {
        let sql = format!("SELECT {SECTION} FROM sections s WHERE {condition} ORDER BY s.position, s.id");
        let rows = self.rows(&sql, values).await?;
        rows.iter().map(|row| section(&mut Columns::of(row))).collect()
    }
}

pub(super) fn section(columns: &mut Columns<'_>) -> Result<Section, StoreError> {
    Ok(Section {
        line: SectionLine {
            id: columns.id()?,
            slug: columns.slug()?,
            names: columns.names("sections.names")?,
        },
        descriptions: columns.names("sections.descriptions")?,
        parent: columns.id_or_none()?,
        position: columns.next()?,
        comment_policy: columns.word_or_none("sections.comment_policy")?,
    })
}

/// Depth first. A section whose parent cannot be reached (which the writers prevent) still comes, at the end.
fn in_tree_order(all: Vec<Section>) -> Vec<Section> {
    let mut below: HashMap<Option<SectionId>, Vec<Section>> = HashMap::new();
    for section in all {
        below.entry(section.parent).or_default().push(section);
    }
    let mut out = Vec::new();
    let mut open: Vec<Section> = below.remove(&None).into_iter().flatten().collect();
    open.reverse();
    while let Some(section) = open.pop() {
        open.extend(below.remove(&Some(section.line.id)).into_iter().flatten().rev());
        out.push(section);
    }
    let mut rest: Vec<Section> = below.into_values().flatten().collect();
    rest.sort_by_key(|section| (section.position, section.line.id));
    out.extend(rest);
    out
}
