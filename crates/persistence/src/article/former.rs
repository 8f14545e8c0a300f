//! An article's slug: which are free; and addresses that articles once had, and still lead to them.

use masthead_domain::article::ArticleId;
use masthead_domain::text::{LanguageTag, Slug, SlugKey};
use sea_orm::Value;

use crate::dialect::Dialect;
use crate::store::StoreError;
use crate::tx::{Tx, free_number, rows_of};

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

    /// The slug wished for, or the next free number of it. A slug that another article once had, or that was deleted for
    /// good, is taken too, because it still leads there. `own` is the article that may keep what it has and had.
    pub(super) async fn free_article_slug(
        &self,
        locale: &LanguageTag,
        wished: &Slug,
        own: Option<ArticleId>,
    ) -> Result<Slug, StoreError> {
        self.article_slug_turn(locale, wished).await?;
        if !self.article_slug_is_taken(locale, wished.clone(), own).await? {
            return Ok(wished.clone());
        }
        let taken = |n| self.article_slug_is_taken(locale, wished.numbered(n), own);
        Ok(wished.numbered(free_number(taken).await?))
    }

    /// As [`free_article_slug`](Self::free_article_slug), for a slug that a person asks for by name: one that another
    /// article had and gave up may be given to this one, and then leads here.
    pub async fn article_slug_for(
        &self,
        locale: &LanguageTag,
        wished: &Slug,
        own: Option<ArticleId>,
    ) -> Result<Slug, StoreError> {
        self.article_slug_turn(locale, wished).await?;
        if !self.article_has_slug(locale, wished, own).await? {
            return Ok(wished.clone());
        }
        self.free_article_slug(locale, wished, own).await
    }

    /// On PostgreSQL, where two may wish for one slug at once: the second waits until the first has it for good.
    async fn article_slug_turn(&self, locale: &LanguageTag, wished: &Slug) -> Result<(), StoreError> {
        if self.dialect() == Dialect::Postgres {
            self.run(
                "SELECT pg_advisory_xact_lock(4720190, hashtext($1))",
                vec![format!("{}/{}", locale.as_str(), wished.key().as_str()).into()],
            )
            .await?;
        }
        Ok(())
    }

    async fn article_has_slug(
        &self,
        locale: &LanguageTag,
        slug: &Slug,
        own: Option<ArticleId>,
    ) -> Result<bool, StoreError> {
        let row = self
            .row(
                "SELECT 1 FROM articles WHERE locale = $1 AND slug_key = $2 AND id <> $3",
                vec![locale.as_str().into(), slug.key().as_str().into(), own.map_or(0, |id| id.get()).into()],
            )
            .await?;
        Ok(row.is_some())
    }

    async fn article_slug_is_taken(
        &self,
        locale: &LanguageTag,
        slug: Slug,
        own: Option<ArticleId>,
    ) -> Result<bool, StoreError> {
        let row = self
            .row(
                "SELECT 1 FROM articles WHERE locale = $1 AND slug_key = $2 AND id <> $3 \
                 UNION ALL SELECT 1 FROM former_slugs WHERE locale = $1 AND slug_key = $2 AND article_id <> $3 \
                 UNION ALL SELECT 1 FROM gone_slugs WHERE locale = $1 AND slug_key = $2",
                vec![locale.as_str().into(), slug.key().as_str().into(), own.map_or(0, |id| id.get()).into()],
            )
            .await?;
        Ok(row.is_some())
    }

    /// Makes an article answer at a new slug. Where readers knew the old one, it leads here from now on; what led
    /// elsewhere from the new one no longer does.
    pub(super) async fn article_slug_change(
        &self,
        id: ArticleId,
        locale: &LanguageTag,
        new: &Slug,
        was_public: bool,
    ) -> Result<(), StoreError> {
        let key = new.key();
        self.run(
            "DELETE FROM former_slugs WHERE locale = $1 AND slug_key = $2",
            vec![locale.as_str().into(), key.as_str().into()],
        )
        .await?;
        if was_public {
            self.run(
                "INSERT INTO former_slugs (locale, slug_key, article_id) SELECT locale, slug_key, id FROM articles \
                 WHERE id = $1 AND slug_key <> $2 \
                 ON CONFLICT (locale, slug_key) DO UPDATE SET article_id = excluded.article_id",
                vec![id.get().into(), key.as_str().into()],
            )
            .await?;
        }
        self.run(
            "UPDATE articles SET slug = $2, slug_key = $3 WHERE id = $1",
            vec![id.get().into(), new.as_str().into(), key.as_str().into()],
        )
        .await?;
        Ok(())
    }
}
