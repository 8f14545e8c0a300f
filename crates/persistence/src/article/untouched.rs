//! Articles that nobody but their import has touched: what a later import may still do with them.

use chrono::{DateTime, Utc};
use masthead_domain::article::ArticleId;
use masthead_domain::event::Event;
use masthead_domain::media::ImageId;

use crate::store::StoreError;
use crate::tx::Tx;

impl Tx {
    /// Gives an article that nobody but its import has touched a lead image, where it has none. `false`: it has one, or
    /// was touched.
    pub async fn article_lead_image_fill(
        &self,
        id: ArticleId,
        image: ImageId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let keys = vec![id.get().into(), image.get().into()];
        let filled = self
            .run(
                "UPDATE revisions SET lead_image_id = $2 WHERE article_id = $1 AND number = 1 AND lead_image_id IS NULL \
                 AND EXISTS (SELECT 1 FROM articles WHERE id = $1 AND version = 1)",
                keys.clone(),
            )
            .await?;
        if filled == 0 {
            return Ok(false);
        }
        if self.run("UPDATE articles SET lead_image_id = $2 WHERE id = $1 AND live", keys).await? > 0 {
            self.append(Event::ArticlePublished { article: id, revision: 1, appeared: false }, now);
        }
        Ok(true)
    }

    /// Removes an article that nobody but its import has touched and that was never public. `false`: it is another, and
    /// stays.
    pub async fn article_discard(&self, id: ArticleId) -> Result<bool, StoreError> {
        let removed = self
            .row(
                "DELETE FROM articles WHERE id = $1 AND version = 1 AND NOT live AND published_revision IS NULL RETURNING translation_group",
                vec![id.get().into()],
            )
            .await?;
        let Some(removed) = removed else { return Ok(false) };
        let group: i64 = removed.try_get_by_index(0)?;
        self.run(
            "DELETE FROM translation_groups WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM articles WHERE translation_group = $1)",
            vec![group.into()],
        )
        .await?;
        Ok(true)
    }
}
