//! Making and changing sections.

use masthead_domain::section::SectionId;
use masthead_domain::text::{Localized, Slug, SlugKey};

use crate::site::json;
use crate::store::StoreError;
use crate::tx::{Tx, free_number};

/// What a section is made of.
#[derive(Debug, Clone)]
pub struct SectionTexts {
    /// The slug wished for; numbered where it is taken.
    pub slug: Slug,
    /// Names by language.
    pub names: Localized<String>,
    /// Descriptions by language.
    pub descriptions: Localized<String>,
    /// The section above.
    pub parent: Option<SectionId>,
    /// Order among siblings.
    pub position: i32,
}

impl Tx {
    /// The section of this slug.
    pub async fn section_by_slug(&self, key: &SlugKey) -> Result<Option<SectionId>, StoreError> {
        self.by_slug("sections", key).await
    }

    /// Makes a section.
    pub async fn section_create(&self, texts: &SectionTexts) -> Result<SectionId, StoreError> {
        let slug = self.free_slug("sections", &texts.slug).await?;
        self.insert(
            "INSERT INTO sections (slug, slug_key, parent_id, position, names, descriptions) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
            vec![
                slug.as_str().into(),
                slug.key().as_str().into(),
                texts.parent.map(|id| id.get()).into(),
                texts.position.into(),
                json(&texts.names)?,
                json(&texts.descriptions)?,
            ],
        )
        .await
    }

    /// The slug, or the next free number of it, in a table where slugs are unique.
    pub(crate) async fn free_slug(&self, table: &str, wished: &Slug) -> Result<Slug, StoreError> {
        if !self.slug_is_taken(table, wished.clone()).await? {
            return Ok(wished.clone());
        }
        Ok(wished.numbered(free_number(|n| self.slug_is_taken(table, wished.numbered(n))).await?))
    }

    async fn slug_is_taken(&self, table: &str, slug: Slug) -> Result<bool, StoreError> {
        Ok(self.by_slug::<()>(table, &slug.key()).await?.is_some())
    }
}
