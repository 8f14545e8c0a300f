//! Making, changing and deleting sections.

use masthead_domain::section::tree::Parents;
use masthead_domain::section::{Section, SectionId};
use masthead_domain::text::{Localized, Slug, SlugKey};

use super::read::{SECTION, section};
use crate::columns::Columns;
use crate::site::json;
use crate::slugs::Named;
use crate::store::StoreError;
use crate::tx::Tx;

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
    /// The section to which this slug leads, now or formerly its own or that of one that was deleted.
    pub async fn section_by_slug(&self, key: &SlugKey) -> Result<Option<SectionId>, StoreError> {
        self.slug_leads_to(Named::Section, key).await
    }

    /// A section as it stands.
    pub async fn section(&self, id: SectionId) -> Result<Option<Section>, StoreError> {
        let sql = format!("SELECT {SECTION} FROM sections s WHERE s.id = $1");
        let row = self.row(&sql, vec![id.get().into()]).await?;
        row.as_ref().map(|row| section(&mut Columns::of(row))).transpose()
    }

    /// Which section stands above which.
    pub async fn section_parents(&self) -> Result<Parents, StoreError> {
        let rows = self.rows("SELECT id, parent_id FROM sections", vec![]).await?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                Ok((columns.id()?, columns.id_or_none()?))
            })
            .collect()
    }

    /// The position behind all siblings.
    pub async fn section_next_position(&self, parent: Option<SectionId>) -> Result<i32, StoreError> {
        let row = self
            .row(
                "SELECT COALESCE(MAX(position), 0) FROM sections WHERE parent_id IS NOT DISTINCT FROM CAST($1 AS INTEGER)",
                vec![parent.map(|id| id.get()).into()],
            )
            .await?;
        let last: i32 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
        Ok(last.saturating_add(1))
    }

    /// Makes a section.
    pub async fn section_create(&self, texts: &SectionTexts) -> Result<SectionId, StoreError> {
        let slug = self.free_slug(Named::Section, &texts.slug).await?;
        self.insert(
            "INSERT INTO sections (slug, slug_key, parent_id, position, names, descriptions, policy_in_force, comment_rules_in_force) \
             VALUES ($1, $2, $3, $4, $5, $6, (SELECT p.policy_in_force FROM sections p WHERE p.id = $3), \
             (SELECT p.comment_rules_in_force FROM sections p WHERE p.id = $3)) RETURNING id",
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

    /// Replaces a section's names, descriptions, position and comment policy.
    pub async fn section_update(&self, section: &Section) -> Result<(), StoreError> {
        self.run(
            "UPDATE sections SET names = $2, descriptions = $3, position = $4, comment_policy = $5 WHERE id = $1",
            vec![
                section.line.id.get().into(),
                json(&section.line.names)?,
                json(&section.descriptions)?,
                section.position.into(),
                section.comment_policy.map(|policy| policy.as_str()).into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// Works out anew which comment policy holds in each section: after one changed, or a section moved or went.
    pub async fn section_policies_settle(&self) -> Result<(), StoreError> {
        self.run(
            "UPDATE sections SET policy_in_force = ( \
                 WITH RECURSIVE up (parent_id, policy, n) AS ( \
                     SELECT s.parent_id, s.comment_policy, 0 FROM sections s WHERE s.id = sections.id \
                     UNION ALL SELECT s.parent_id, s.comment_policy, up.n + 1 FROM up JOIN sections s ON s.id = up.parent_id WHERE up.n < 100) \
                 SELECT policy FROM up WHERE policy IS NOT NULL ORDER BY n LIMIT 1)",
            vec![],
        )
        .await?;
        Ok(())
    }

    /// Whether an article's head or what readers see of one is in the section itself, not only below it.
    pub async fn section_has_articles(&self, id: SectionId) -> Result<bool, StoreError> {
        let row = self
            .row(
                "SELECT 1 WHERE EXISTS (SELECT 1 FROM desk_sections WHERE section_id = $1) \
                 OR EXISTS (SELECT 1 FROM section_articles WHERE section_id = $1) OR EXISTS (SELECT 1 FROM articles WHERE section_id = $1)",
                vec![id.get().into()],
            )
            .await?;
        Ok(row.is_some())
    }

    /// Whether the role of anybody, or of anybody who was asked to join, holds in this section by name.
    pub async fn section_has_people(
        &self,
        id: SectionId,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<bool, StoreError> {
        let invited = self.dialect().list_holds("i.sections", "$1");
        let sql = format!(
            "SELECT 1 WHERE EXISTS (SELECT 1 FROM user_sections WHERE section_id = $1) OR EXISTS \
             (SELECT 1 FROM invitations i WHERE i.accepted_at IS NULL AND i.expires_at > $2 AND {invited})"
        );
        Ok(self.row(&sql, vec![id.get().into(), now.timestamp_micros().into()]).await?.is_some())
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
}
