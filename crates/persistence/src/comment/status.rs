//! Where a comment stands, and what follows from it: whether readers are shown it or its place, and the counts.
//!
//! A comment is shown where it is public, or where an answer to it is shown. What changes at the bottom of a thread may
//! so change every level above; threads are at most a hundred levels deep, and mostly one step is enough. It must not know
//! who may decide.

use masthead_domain::article::ArticleId;
use masthead_domain::comment::{CommentId, Status};

use crate::columns::Columns;
use crate::dialect::Dialect;
use crate::reads::keys;
use crate::store::StoreError;
use crate::tx::Tx;

/// What moving a comment needs to know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Its key.
    pub id: CommentId,
    /// Below which article.
    pub article: ArticleId,
    /// What it answers.
    pub parent: Option<CommentId>,
    /// Where it stands.
    pub status: Status,
}

impl Tx {
    /// Holds the threads below an article until the change is made. Whoever moves comments, which changes places and counts
    /// above them, begins with this: who has a comment and wants its article would wait for who has the article.
    pub async fn thread_own(&self, article: ArticleId) -> Result<(), StoreError> {
        if self.dialect() == Dialect::Postgres {
            self.run("SELECT 1 FROM articles WHERE id = $1 FOR NO KEY UPDATE", vec![article.get().into()])
                .await?;
        }
        Ok(())
    }

    /// The same, for the threads of these comments.
    pub async fn threads_own(&self, comments: &[CommentId]) -> Result<(), StoreError> {
        if self.dialect() == Dialect::Postgres {
            let sql = "SELECT 1 FROM articles a WHERE a.id IN (SELECT c.article_id FROM comments c \
                 WHERE c.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))) ORDER BY a.id FOR NO KEY UPDATE OF a";
            self.run(sql, vec![keys(comments)]).await?;
        }
        Ok(())
    }

    /// Where a comment stands; its row is locked until the change is made. `None`: there is none.
    pub async fn comment_standing(&self, id: CommentId) -> Result<Option<Standing>, StoreError> {
        let sql = format!(
            "SELECT a.article_id, a.parent_id, a.status FROM comments a WHERE a.id = $1{}",
            self.for_update()
        );
        let Some(row) = self.row(&sql, vec![id.get().into()]).await? else { return Ok(None) };
        let mut columns = Columns::of(&row);
        Ok(Some(Standing {
            id,
            article: columns.id()?,
            parent: columns.id_or_none()?,
            status: columns.word("comments.status")?,
        }))
    }

    /// Moves a comment, with all counts. `from` is where it stands, as [`comment_standing`](Self::comment_standing) said.
    pub async fn comment_move(&self, from: &Standing, to: Status) -> Result<(), StoreError> {
        if from.status == to {
            return Ok(());
        }
        self.run(
            "UPDATE comments SET status = $2 WHERE id = $1",
            vec![from.id.get().into(), to.as_str().into()],
        )
        .await?;
        let change = i64::from(to.is_public()) - i64::from(from.status.is_public());
        if change == 0 {
            return Ok(());
        }
        // Where answers are shown it stays shown, as a place; its parent counts it as before.
        let turned = self
            .run(
                "UPDATE comments SET shown = $2 WHERE id = $1 AND shown <> $2 AND reply_count = 0",
                vec![from.id.get().into(), to.is_public().into()],
            )
            .await?;
        if turned == 0 {
            return self.article_comments_count(from.article, change, 0).await;
        }
        self.comment_shown(from.article, from.parent, change).await
    }

    /// Counts a public comment that came (`change` 1) or went (-1), and carries upwards that readers are shown it or not.
    pub(super) async fn comment_shown(
        &self,
        article: ArticleId,
        mut parent: Option<CommentId>,
        change: i64,
    ) -> Result<(), StoreError> {
        while let Some(id) = parent {
            let row = self
                .row(
                    "UPDATE comments SET reply_count = reply_count + $2, shown = (status = 'PUBLISHED' OR reply_count + $2 > 0) \
                     WHERE id = $1 RETURNING parent_id, status, reply_count",
                    vec![id.get().into(), change.into()],
                )
                .await?;
            let Some(row) = row else { break };
            let mut columns = Columns::of(&row);
            let above = columns.id_or_none()?;
            let status: Status = columns.word("comments.status")?;
            // Shown before and after: nothing changes above it.
            if status.is_public() || columns.count()? > u32::from(change > 0) {
                return self.article_comments_count(article, change, 0).await;
            }
            parent = above;
        }
        self.article_comments_count(article, change, change).await
    }

    async fn article_comments_count(
        &self,
        article: ArticleId,
        comments: i64,
        threads: i64,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE articles SET comment_count = comment_count + $2, thread_count = thread_count + $3 WHERE id = $1",
            vec![article.get().into(), comments.into(), threads.into()],
        )
        .await?;
        Ok(())
    }
}
