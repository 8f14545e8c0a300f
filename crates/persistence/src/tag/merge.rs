//! Making one tag part of another: its articles, its slugs and what old revisions say.
//!
//! Call [`Tx::lists_own`] first.

use masthead_domain::tag::TagId;
use sea_orm::Value;

use crate::slugs::Named;
use crate::store::StoreError;
use crate::tx::Tx;

impl Tx {
    /// Gives everything that carries `from` the tag `into` in its place, old revisions too, so that none of them brings
    /// a tag back that is gone; makes the slugs of `from` lead to `into`; and deletes `from`. They must be two.
    pub async fn tags_merge(&self, from: TagId, into: TagId) -> Result<(), StoreError> {
        let both = || -> Vec<Value> { vec![from.get().into(), into.get().into()] };
        // An article that carries both keeps the one, where the first of them stood.
        self.run(
            "UPDATE article_tags SET position = (SELECT MIN(x.position) FROM article_tags x \
             WHERE x.article_id = article_tags.article_id AND x.tag_id IN ($1, $2)) \
             WHERE tag_id = $2 AND article_id IN (SELECT y.article_id FROM article_tags y WHERE y.tag_id = $1)",
            both(),
        )
        .await?;
        self.run(
            "DELETE FROM article_tags WHERE tag_id = $1 \
             AND article_id IN (SELECT y.article_id FROM article_tags y WHERE y.tag_id = $2)",
            both(),
        )
        .await?;
        self.run("UPDATE article_tags SET tag_id = $2 WHERE tag_id = $1", both()).await?;
        self.tag_recount(into).await?;
        let dialect = self.dialect();
        let holds = dialect.list_holds("x.tags", "$1");
        let replaced = dialect.list_with("revisions.tags", "$1", "$2", "NULL");
        let sql = format!(
            "UPDATE revisions SET tags = {replaced} WHERE id IN (SELECT x.id FROM revisions x WHERE {holds})"
        );
        self.run(&sql, both()).await?;
        self.slugs_hand_over(Named::Tag, from, into).await?;
        self.run("UPDATE imported SET own_id = $2 WHERE noun = 'tag' AND own_id = $1", both()).await?;
        self.run("DELETE FROM tags WHERE id = $1", vec![from.get().into()]).await?;
        Ok(())
    }

    async fn tag_recount(&self, tag: TagId) -> Result<(), StoreError> {
        let key = || vec![tag.get().into()];
        self.run("DELETE FROM tag_counts WHERE tag_id = $1", key()).await?;
        self.run(
            "INSERT INTO tag_counts (tag_id, locale, articles) \
             SELECT tag_id, locale, COUNT(*) FROM article_tags WHERE tag_id = $1 AND listed GROUP BY tag_id, locale",
            key(),
        )
        .await?;
        Ok(())
    }
}
