//! Keeping the lists right when the tree changes. A section's list holds what is public and in it or in any section
//! below it.
//!
//! Call [`Tx::lists_own`] first.

use masthead_domain::section::SectionId;
use masthead_domain::section::tree::Parents;
use sea_orm::Value;

use crate::reads::keys;
use crate::slugs::Named;
use crate::store::StoreError;
use crate::tx::Tx;

impl Tx {
    /// Puts a section, with everything below it, below another or at the top, and brings the lists above it up to date:
    /// the sections whose lists changed. `tree` is as it stands before.
    pub async fn section_move(
        &self,
        id: SectionId,
        parent: Option<SectionId>,
        tree: &Parents,
    ) -> Result<Vec<SectionId>, StoreError> {
        let after = tree.with(id, parent);
        self.run(
            "UPDATE sections SET parent_id = $2 WHERE id = $1",
            vec![id.get().into(), parent.map(|id| id.get()).into()],
        )
        .await?;
        let (above_before, above_after) = (tree.above(id), after.above(id));
        let only_in = |these: &[SectionId], those: &[SectionId]| -> Vec<SectionId> {
            these.iter().copied().filter(|section| !those.contains(section)).collect()
        };
        let gaining = only_in(&above_after, &above_before);
        let losing = only_in(&above_before, &above_after);
        self.run(
            "INSERT INTO section_articles (section_id, article_id, locale, published_at) \
             SELECT s.id, x.article_id, x.locale, x.published_at FROM section_articles x \
             JOIN sections s ON s.id IN (SELECT CAST(value AS INTEGER) FROM json_each($2)) \
             WHERE x.section_id = $1 ON CONFLICT DO NOTHING",
            vec![id.get().into(), keys(&gaining)],
        )
        .await?;
        for above in &losing {
            let still_below: Vec<SectionId> = after.below(*above).into_iter().collect();
            self.run(LOSE, vec![above.get().into(), id.get().into(), keys(&still_below)]).await?;
        }
        let changed = [gaining, losing].concat();
        self.section_recount(&changed).await?;
        Ok(changed)
    }

    /// Deletes a section that has none below it. Articles that were in it are in `parent`, old revisions too; without a
    /// `parent` they are in no section. Its slugs lead to `parent`.
    pub async fn section_delete(&self, id: SectionId, parent: Option<SectionId>) -> Result<(), StoreError> {
        let both = || -> Vec<Value> { vec![id.get().into(), parent.map(|id| id.get()).into()] };
        // The list of the section above has them already, with their count.
        self.run("UPDATE articles SET section_id = $2 WHERE section_id = $1", both()).await?;
        self.run("UPDATE revisions SET section_id = $2 WHERE section_id = $1", both()).await?;
        let dialect = self.dialect();
        // Those too of which the main section is now one of the others.
        let (holds, doubles) =
            (dialect.list_holds("x.other_sections", "$1"), dialect.list_holds("y.other_sections", "$2"));
        let replaced = dialect.list_with("revisions.other_sections", "$1", "$2", "revisions.section_id");
        let sql = format!(
            "UPDATE revisions SET other_sections = {replaced} WHERE id IN (SELECT x.id FROM revisions x WHERE {holds} \
             UNION SELECT y.id FROM revisions y WHERE y.section_id = $2 AND {doubles})"
        );
        self.run(&sql, both()).await?;
        if let Some(parent) = parent {
            self.run(
                "INSERT INTO desk_sections (article_id, section_id) SELECT article_id, $2 FROM desk_sections \
                 WHERE section_id = $1 ON CONFLICT DO NOTHING",
                both(),
            )
            .await?;
            self.slugs_hand_over(Named::Section, id, parent).await?;
            self.run(
                "UPDATE imported SET own_id = $2 WHERE noun IN ('section', 'section-number') AND own_id = $1",
                both(),
            )
            .await?;
        }
        self.run("DELETE FROM sections WHERE id = $1", vec![id.get().into()]).await?;
        Ok(())
    }

    async fn section_recount(&self, sections: &[SectionId]) -> Result<(), StoreError> {
        let these = "section_id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))";
        self.run(&format!("DELETE FROM section_counts WHERE {these}"), vec![keys(sections)]).await?;
        let sql = format!(
            "INSERT INTO section_counts (section_id, locale, articles) \
             SELECT section_id, locale, COUNT(*) FROM section_articles WHERE {these} GROUP BY section_id, locale"
        );
        self.run(&sql, vec![keys(sections)]).await?;
        Ok(())
    }
}

/// Takes out of the list of `$1` what the list of `$2` holds and none of the sections `$3` has itself.
const LOSE: &str = "DELETE FROM section_articles WHERE section_id = $1 \
    AND article_id IN (SELECT x.article_id FROM section_articles x WHERE x.section_id = $2) \
    AND NOT EXISTS (SELECT 1 FROM articles a JOIN revisions r ON r.id = a.published_revision \
        WHERE a.id = section_articles.article_id \
        AND (r.section_id IN (SELECT CAST(value AS INTEGER) FROM json_each($3)) \
            OR EXISTS (SELECT 1 FROM json_each(r.other_sections) j \
                WHERE CAST(j.value AS INTEGER) IN (SELECT CAST(value AS INTEGER) FROM json_each($3)))))";
