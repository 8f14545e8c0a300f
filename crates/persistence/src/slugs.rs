//! The slugs of what has one slug in all languages: sections, tags and authors. Which are taken, and where one leads that
//! was changed.
//!
//! A slug is never the current one of two, nor a former one of what another has now: whoever takes it over has it from
//! then on.

use masthead_domain::Id;
use masthead_domain::text::{Slug, SlugKey};

use crate::store::StoreError;
use crate::tx::{Tx, free_number};

/// A noun whose things have one slug in all languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// Sections.
    Section,
    /// Tags.
    Tag,
    /// Authors.
    Author,
}

impl Named {
    pub(crate) const fn table(self) -> &'static str {
        match self {
            Self::Section => "sections",
            Self::Tag => "tags",
            Self::Author => "authors",
        }
    }

    /// The table of former slugs.
    pub(crate) const fn former(self) -> &'static str {
        match self {
            Self::Section => "former_section_slugs",
            Self::Tag => "former_tag_slugs",
            Self::Author => "former_author_slugs",
        }
    }

    /// The column that names which of them something belongs to.
    pub(crate) const fn owner(self) -> &'static str {
        match self {
            Self::Section => "section_id",
            Self::Tag => "tag_id",
            Self::Author => "author_id",
        }
    }
}

impl Tx {
    /// Which has this slug now.
    pub async fn slug_owner<T>(&self, of: Named, key: &SlugKey) -> Result<Option<Id<T>>, StoreError> {
        let sql = format!("SELECT id FROM {} WHERE slug_key = $1", of.table());
        self.slug_found(&sql, key).await
    }

    /// Which has this slug, now or formerly.
    pub(crate) async fn slug_leads_to<T>(
        &self,
        of: Named,
        key: &SlugKey,
    ) -> Result<Option<Id<T>>, StoreError> {
        let (table, former, owner) = (of.table(), of.former(), of.owner());
        let sql = format!(
            "SELECT id FROM {table} WHERE slug_key = $1 UNION ALL SELECT {owner} FROM {former} WHERE slug_key = $1"
        );
        self.slug_found(&sql, key).await
    }

    /// Makes a former slug free, for whoever is to have it now.
    pub async fn slug_release(&self, of: Named, key: &SlugKey) -> Result<(), StoreError> {
        let sql = format!("DELETE FROM {} WHERE slug_key = $1", of.former());
        self.run(&sql, vec![key.as_str().into()]).await?;
        Ok(())
    }

    /// Gives it another slug, which must not be another's now. The one that it had, and those before, lead to it still.
    pub async fn slug_change<T>(&self, of: Named, id: Id<T>, slug: &Slug) -> Result<(), StoreError> {
        let (table, former, owner) = (of.table(), of.former(), of.owner());
        let key = slug.key();
        self.slug_release(of, &key).await?;
        let keep = format!(
            "INSERT INTO {former} (slug_key, {owner}) SELECT slug_key, id FROM {table} WHERE id = $1 AND slug_key <> $2"
        );
        self.run(&keep, vec![id.get().into(), key.as_str().into()]).await?;
        let change = format!("UPDATE {table} SET slug = $2, slug_key = $3 WHERE id = $1");
        self.run(&change, vec![id.get().into(), slug.as_str().into(), key.as_str().into()]).await?;
        Ok(())
    }

    /// Makes every slug of one, the current and the former ones, lead to another.
    pub(crate) async fn slugs_hand_over<T>(
        &self,
        of: Named,
        from: Id<T>,
        into: Id<T>,
    ) -> Result<(), StoreError> {
        let (table, former, owner) = (of.table(), of.former(), of.owner());
        let keys = || vec![from.get().into(), into.get().into()];
        self.run(&format!("UPDATE {former} SET {owner} = $2 WHERE {owner} = $1"), keys()).await?;
        let sql = format!(
            "INSERT INTO {former} (slug_key, {owner}) SELECT slug_key, $2 FROM {table} WHERE id = $1"
        );
        self.run(&sql, keys()).await?;
        Ok(())
    }

    /// The slug, or the next free number of it. One that another once had is taken too, because it still leads there.
    pub(crate) async fn free_slug(&self, of: Named, wished: &Slug) -> Result<Slug, StoreError> {
        if !self.slug_is_taken(of, wished.clone()).await? {
            return Ok(wished.clone());
        }
        Ok(wished.numbered(free_number(|n| self.slug_is_taken(of, wished.numbered(n))).await?))
    }

    async fn slug_is_taken(&self, of: Named, slug: Slug) -> Result<bool, StoreError> {
        Ok(self.slug_leads_to::<()>(of, &slug.key()).await?.is_some())
    }

    async fn slug_found<T>(&self, sql: &str, key: &SlugKey) -> Result<Option<Id<T>>, StoreError> {
        Ok(match self.row(sql, vec![key.as_str().into()]).await? {
            Some(row) => Some(Id::from_stored(row.try_get_by_index(0)?)),
            None => None,
        })
    }
}
