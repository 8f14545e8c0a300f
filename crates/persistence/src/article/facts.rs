//! What the policy must know of an article, as one statement within a change.

use masthead_domain::article::{ArticleId, Status};
use masthead_domain::section::SectionId;
use masthead_domain::viewer::Member;
use masthead_domain::viewer::policy::ArticleFacts;

use crate::columns::{Columns, json};
use crate::store::StoreError;
use crate::tx::Tx;

impl Tx {
    /// The article's facts as they concern `member`. `None`: no such article. On PostgreSQL the row is locked, so that
    /// what is decided by them still holds when the change is written.
    pub async fn article_facts(
        &self,
        id: ArticleId,
        member: &Member,
    ) -> Result<Option<ArticleFacts>, StoreError> {
        // Before any row is locked: whoever is asked for facts may go on to write lists.
        self.lists_share().await?;
        let sql = format!(
            "SELECT a.status, a.published_at IS NOT NULL, \
             (COALESCE(a.created_by = $2, FALSE) OR EXISTS (SELECT 1 FROM desk_authors d WHERE d.article_id = a.id AND d.author_id = $3)), \
             (SELECT CAST(json_group_array(s.section_id) AS TEXT) FROM desk_sections s WHERE s.article_id = a.id) \
             FROM articles a WHERE a.id = $1{}",
            self.for_update()
        );
        let row = self
            .row(
                &sql,
                vec![
                    id.get().into(),
                    member.user.get().into(),
                    // No author has the key 0.
                    member.author.map_or(0, |author| author.get()).into(),
                ],
            )
            .await?;
        let Some(row) = row else { return Ok(None) };
        let mut columns = Columns::of(&row);
        let status: Status = columns.word("articles.status")?;
        let (was_public, mine) = (columns.next()?, columns.next()?);
        let sections: Vec<SectionId> = match columns.next::<Option<String>>()? {
            Some(text) => json(&text, "desk_sections.section_id")?,
            None => Vec::new(),
        };
        Ok(Some(ArticleFacts { status: Some(status), was_public, mine, sections }))
    }
}
