//! Addresses that articles once had, and still lead to them.

use masthead_domain::article::ArticleId;
use masthead_domain::text::{LanguageTag, SlugKey};
use sea_orm::Value;

use crate::store::StoreError;
use crate::tx::{Tx, rows_of};

impl Tx {
    /// Makes an article findable by a slug it once had. Does nothing where an article of that language has the slug
    /// now, or had it too.
    pub async fn former_slug_add(
        &self,
        article: ArticleId,
        locale: &LanguageTag,
        slug: &SlugKey,
    ) -> Result<bool, StoreError> {
        let added = self
            .run(
                "INSERT INTO former_slugs (locale, slug_key, article_id) SELECT $1, $2, $3 \
                 WHERE NOT EXISTS (SELECT 1 FROM articles WHERE locale = $1 AND slug_key = $2) ON CONFLICT DO NOTHING",
                vec![locale.as_str().into(), slug.as_str().into(), article.get().into()],
            )
            .await?;
        Ok(added > 0)
    }

    /// Remembers a few paths at which an article once stood: decoded, beginning with a slash, without one at the end,
    /// with WordPress's `?p=1` perhaps. The ones at which another article stood, which keeps them.
    pub async fn former_paths_add(
        &self,
        article: ArticleId,
        paths: &[String],
    ) -> Result<Vec<String>, StoreError> {
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "INSERT INTO former_paths (article_id, path) VALUES {} ON CONFLICT DO NOTHING RETURNING path",
            rows_of(paths.len(), 1, 1)
        );
        let mut values: Vec<Value> = vec![article.get().into()];
        values.extend(paths.iter().map(|path| path.as_str().into()));
        let mut added = Vec::with_capacity(paths.len());
        for row in self.rows(&sql, values).await? {
            added.push(row.try_get_by_index::<String>(0)?);
        }
        Ok(paths.iter().filter(|path| !added.contains(path)).cloned().collect())
    }
}
