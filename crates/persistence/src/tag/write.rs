//! Making tags.

use masthead_domain::tag::TagId;
use masthead_domain::text::{Localized, Slug, SlugKey};

use crate::site::json;
use crate::store::StoreError;
use crate::tx::Tx;

impl Tx {
    /// The tag of this slug.
    pub async fn tag_by_slug(&self, key: &SlugKey) -> Result<Option<TagId>, StoreError> {
        self.by_slug("tags", key).await
    }

    /// Makes a tag; its slug is numbered where it is taken.
    pub async fn tag_create(&self, slug: &Slug, names: &Localized<String>) -> Result<TagId, StoreError> {
        let slug = self.free_slug("tags", slug).await?;
        self.insert(
            "INSERT INTO tags (slug, slug_key, names) VALUES ($1, $2, $3) RETURNING id",
            vec![slug.as_str().into(), slug.key().as_str().into(), json(names)?],
        )
        .await
    }
}
