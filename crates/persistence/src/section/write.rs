//! Making and changing sections.

use masthead_domain::section::SectionId;
use masthead_domain::text::{Localized, Slug, SlugKey};

use crate::columns::Columns;
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

    /// The section above a section.
    pub async fn section_parent(&self, section: SectionId) -> Result<Option<SectionId>, StoreError> {
        let row =
            self.row("SELECT parent_id FROM sections WHERE id = $1", vec![section.get().into()]).await?;
        Ok(match row {
            Some(row) => row.try_get_by_index::<Option<i64>>(0)?.map(SectionId::from_stored),
            None => None,
        })
    }

    /// Gives a section names and descriptions in languages that it has no name in. Whether it took any.
    pub async fn section_texts_add(
        &self,
        section: SectionId,
        names: &Localized<String>,
        descriptions: &Localized<String>,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT CAST(names AS TEXT), CAST(descriptions AS TEXT) FROM sections WHERE id = $1";
        let Some(row) = self.row(sql, vec![section.get().into()]).await? else { return Ok(false) };
        let mut columns = Columns::of(&row);
        let mut all_names: Localized<String> = columns.names("sections.names")?;
        let mut all_descriptions: Localized<String> = columns.names("sections.descriptions")?;
        let mut took = false;
        for (locale, name) in
            names.iter().filter(|(locale, _)| all_names.exact(locale).is_none()).collect::<Vec<_>>()
        {
            took = true;
            all_names.insert(locale.clone(), name.clone());
            if let Some(description) = descriptions.exact(locale) {
                all_descriptions.insert(locale.clone(), description.clone());
            }
        }
        if took {
            let sql = "UPDATE sections SET names = $1, descriptions = $2 WHERE id = $3";
            self.run(sql, vec![json(&all_names)?, json(&all_descriptions)?, section.get().into()]).await?;
        }
        Ok(took)
    }

    /// Makes a section findable by another slug. Does nothing where a section has that slug, or had it.
    pub async fn section_former_slug_add(
        &self,
        section: SectionId,
        slug: &SlugKey,
    ) -> Result<bool, StoreError> {
        let sql = "INSERT INTO former_section_slugs (slug_key, section_id) SELECT $1, $2 \
             WHERE NOT EXISTS (SELECT 1 FROM sections WHERE slug_key = $1) ON CONFLICT DO NOTHING";
        Ok(self.run(sql, vec![slug.as_str().into(), section.get().into()]).await? > 0)
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
