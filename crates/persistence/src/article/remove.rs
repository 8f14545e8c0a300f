//! Deleting an article for good: its text, revisions and comments; its addresses answer "gone" from then on.

use chrono::{DateTime, Utc};
use masthead_domain::article::ArticleId;
use masthead_domain::article::desk::Manuscript;

use crate::store::StoreError;
use crate::tx::Tx;

impl Tx {
    /// Deletes an article with all that hangs on it. An address that readers never knew is simply free again.
    pub async fn article_remove(&self, article: &Manuscript, now: DateTime<Utc>) -> Result<(), StoreError> {
        let id = article.id;
        self.delist(id).await?;
        if article.published_at.is_some() {
            self.keep_addresses_gone(id, now).await?;
        }
        // Replies and reactions hang on their comments by cascade; counts stand on rows that go with them.
        self.run("DELETE FROM articles WHERE id = $1", vec![id.get().into()]).await?;
        self.run(
            "DELETE FROM translation_groups WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM articles WHERE translation_group = $1)",
            vec![article.translations.get().into()],
        )
        .await?;
        Ok(())
    }

    async fn keep_addresses_gone(&self, id: ArticleId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let values = || vec![id.get().into(), now.timestamp_micros().into()];
        self.run(
            "INSERT INTO gone_slugs (locale, slug_key, gone_at) \
             SELECT locale, slug_key, CAST($2 AS INTEGER) FROM articles WHERE id = $1 \
             UNION SELECT locale, slug_key, CAST($2 AS INTEGER) FROM former_slugs WHERE article_id = $1 \
             ON CONFLICT DO NOTHING",
            values(),
        )
        .await?;
        self.run(
            "INSERT INTO gone_paths (path, gone_at) SELECT path, CAST($2 AS INTEGER) FROM former_paths WHERE article_id = $1 \
             ON CONFLICT DO NOTHING",
            values(),
        )
        .await?;
        Ok(())
    }
}
