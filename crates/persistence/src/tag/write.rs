//! Making and changing tags.

use masthead_domain::tag::{Tag, TagId};
use masthead_domain::text::{Localized, Slug, SlugKey};

use super::read::{TAG, tag};
use crate::columns::Columns;
use crate::site::json;
use crate::slugs::Named;
use crate::store::StoreError;
use crate::tx::Tx;

impl Tx {
    /// The tag to which this slug leads, now or formerly its own or that of one that became part of it.
    pub async fn tag_by_slug(&self, key: &SlugKey) -> Result<Option<TagId>, StoreError> {
        self.slug_leads_to(Named::Tag, key).await
    }

    /// A tag as it stands.
    pub async fn tag(&self, id: TagId) -> Result<Option<Tag>, StoreError> {
        let sql = format!("SELECT {TAG} FROM tags t WHERE t.id = $1");
        let row = self.row(&sql, vec![id.get().into()]).await?;
        row.as_ref().map(|row| tag(&mut Columns::of(row))).transpose()
    }

    /// Replaces a tag's names.
    pub async fn tag_update(&self, id: TagId, names: &Localized<String>) -> Result<(), StoreError> {
        self.run("UPDATE tags SET names = $2 WHERE id = $1", vec![id.get().into(), json(names)?]).await?;
        Ok(())
    }

    /// Makes a tag; its slug is numbered where it is taken.
    pub async fn tag_create(&self, slug: &Slug, names: &Localized<String>) -> Result<TagId, StoreError> {
        let slug = self.free_slug(Named::Tag, slug).await?;
        self.insert(
            "INSERT INTO tags (slug, slug_key, names) VALUES ($1, $2, $3) RETURNING id",
            vec![slug.as_str().into(), slug.key().as_str().into(), json(names)?],
        )
        .await
    }

    /// The tag to which this slug leads, else a new one of these names; and whether it was made. On PostgreSQL, where two
    /// may make the same one at once, the second waits and gets the first one's: make several in the order of their slugs.
    pub async fn tag_find_or_create(
        &self,
        slug: &Slug,
        names: &Localized<String>,
    ) -> Result<(TagId, bool), StoreError> {
        let key = slug.key();
        if let Some(tag) = self.tag_by_slug(&key).await? {
            return Ok((tag, false));
        }
        let made = self
            .row(
                "INSERT INTO tags (slug, slug_key, names) VALUES ($1, $2, $3) ON CONFLICT (slug_key) DO NOTHING RETURNING id",
                vec![slug.as_str().into(), key.as_str().into(), json(names)?],
            )
            .await?;
        if let Some(row) = made {
            return Ok((Columns::of(&row).id()?, true));
        }
        let tag = self.tag_by_slug(&key).await?.ok_or_else(|| StoreError::Unreadable {
            column: "tags.slug_key",
            why: "a slug is taken, and nobody has it".to_owned(),
        })?;
        Ok((tag, false))
    }

    /// Gives a tag names in languages that it has none in. Whether it took any.
    pub async fn tag_names_add(&self, tag: TagId, names: &Localized<String>) -> Result<bool, StoreError> {
        let row =
            self.row("SELECT CAST(names AS TEXT) FROM tags WHERE id = $1", vec![tag.get().into()]).await?;
        let Some(row) = row else { return Ok(false) };
        let mut all: Localized<String> = Columns::of(&row).names("tags.names")?;
        let mut took = false;
        for (locale, name) in names.iter() {
            if all.exact(locale).is_none() {
                took = true;
                all.insert(locale.clone(), name.clone());
            }
        }
        if took {
            self.run("UPDATE tags SET names = $1 WHERE id = $2", vec![json(&all)?, tag.get().into()]).await?;
        }
        Ok(took)
    }
}
