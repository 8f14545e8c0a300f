//! Decisions of moderators: each with what was before it, so that it can be taken back; notes; and what the site has
//! learnt of spam.

use chrono::{DateTime, Utc};
use masthead_domain::comment::moderation::{Decision, NoteId};
use masthead_domain::comment::{CommentId, Status};
use masthead_domain::section::SectionId;
use masthead_domain::user::UserId;
use sea_orm::Value;

use super::Standing;
use crate::article::word;
use crate::columns::Columns;
use crate::reads::keys;
use crate::store::StoreError;
use crate::tx::{Tx, rows_of};

/// Tokens in one statement.
const TOKENS: usize = 50;

/// A comment that is to be decided on.
#[derive(Debug, Clone)]
pub struct Decidable {
    /// Where it stands.
    pub standing: Standing,
    /// Its text, from which the site learns.
    pub text: String,
    /// The sections of its article.
    pub sections: Vec<SectionId>,
    /// What was learnt from it: `Some(true)` spam, `Some(false)` none.
    pub lesson: Option<bool>,
    /// When its text last changed; `None`: never.
    pub edited_at: Option<DateTime<Utc>>,
}

/// A decision that may be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undoable {
    /// Its key.
    pub id: i64,
    /// What was decided.
    pub decision: Decision,
    /// Where the comment stood before.
    pub before: Status,
    /// When it was decided.
    pub at: DateTime<Utc>,
}

impl Tx {
    /// Comments with these keys, in the order of their keys, locked. Fewer come where some are not there. One statement.
    pub async fn comments_decidable(&self, ids: &[CommentId]) -> Result<Vec<Decidable>, StoreError> {
        let sql = format!(
            "SELECT a.id, a.article_id, a.parent_id, a.status, a.body_text, \
             (SELECT CAST(json_group_array(s.section_id) AS TEXT) FROM desk_sections s WHERE s.article_id = a.article_id), \
             (SELECT l.spam FROM spam_lessons l WHERE l.comment_id = a.id), a.edited_at \
             FROM comments a WHERE a.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1)) ORDER BY a.id{}",
            self.for_update()
        );
        let rows = self.rows(&sql, vec![keys(ids)]).await?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                let standing = Standing {
                    id: columns.id()?,
                    article: columns.id()?,
                    parent: columns.id_or_none()?,
                    status: columns.word("comments.status")?,
                };
                let text = columns.next()?;
                let sections: Option<String> = columns.next()?;
                let sections: Vec<i64> = match sections {
                    Some(list) => crate::columns::json(&list, "desk_sections")?,
                    None => Vec::new(),
                };
                Ok(Decidable {
                    standing,
                    text,
                    sections: sections.into_iter().map(SectionId::from_stored).collect(),
                    lesson: columns.next()?,
                    edited_at: columns.time_or_none("comments.edited_at")?,
                })
            })
            .collect()
    }

    /// Writes a decision down; those of one call share a `batch`.
    pub async fn decision_add(
        &self,
        batch: i64,
        of: &Standing,
        decision: Decision,
        note: Option<&str>,
        by: UserId,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO comment_decisions (batch, comment_id, user_id, decision, note, before, decided_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            vec![
                batch.into(),
                of.id.get().into(),
                by.get().into(),
                word(&decision)?,
                note.map(str::to_owned).into(),
                of.status.as_str().into(),
                at.timestamp_micros().into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// The number of the next batch of decisions.
    pub async fn decision_batch(&self) -> Result<i64, StoreError> {
        let sql = "SELECT CAST(COALESCE(MAX(batch), 0) + 1 AS BIGINT) FROM comment_decisions";
        let row = self.row(sql, vec![]).await?;
        row.map_or(Ok(1), |row| Columns::of(&row).next())
    }

    /// The last decision on a comment that was not taken back.
    pub async fn decision_last(&self, comment: CommentId) -> Result<Option<Undoable>, StoreError> {
        let sql = "SELECT id, decision, before, decided_at FROM comment_decisions WHERE comment_id = $1 AND undone_at IS NULL \
             ORDER BY id DESC LIMIT 1";
        let Some(row) = self.row(sql, vec![comment.get().into()]).await? else { return Ok(None) };
        let mut columns = Columns::of(&row);
        Ok(Some(Undoable {
            id: columns.next()?,
            decision: columns.word("comment_decisions.decision")?,
            before: columns.word("comment_decisions.before")?,
            at: columns.time("comment_decisions.decided_at")?,
        }))
    }

    /// Notes that a decision was taken back; the reports that it dealt with are open again.
    pub async fn decision_undo(
        &self,
        comment: CommentId,
        decision: i64,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE comment_reports SET decision = NULL, decided_at = NULL WHERE comment_id = $1 \
             AND decided_at = (SELECT decided_at FROM comment_decisions WHERE id = $2)",
            vec![comment.get().into(), decision.into()],
        )
        .await?;
        self.run(
            "UPDATE comments SET report_count = (SELECT COUNT(*) FROM comment_reports r WHERE r.comment_id = comments.id \
             AND r.decision IS NULL) WHERE id = $1",
            vec![comment.get().into()],
        )
        .await?;
        self.run(
            "UPDATE comment_decisions SET undone_at = $2 WHERE id = $1",
            vec![decision.into(), at.timestamp_micros().into()],
        )
        .await?;
        Ok(())
    }

    /// Adds a moderator's note to a comment; its key.
    pub async fn comment_note_add(
        &self,
        comment: CommentId,
        text: &str,
        by: UserId,
        at: DateTime<Utc>,
    ) -> Result<NoteId, StoreError> {
        self.insert(
            "INSERT INTO comment_notes (comment_id, user_id, body, noted_at) VALUES ($1, $2, $3, $4) RETURNING id",
            vec![comment.get().into(), by.get().into(), text.into(), at.timestamp_micros().into()],
        )
        .await
    }

    /// Learns from a comment that it is spam or is not, or (`None`) forgets what was learnt from it. `before` is what was
    /// learnt from it so far; nothing happens where that is the same. The token of no characters counts comments.
    pub async fn spam_learn(
        &self,
        comment: CommentId,
        tokens: &[String],
        before: Option<bool>,
        now: Option<bool>,
    ) -> Result<(), StoreError> {
        if before == now {
            return Ok(());
        }
        let change = |kind: bool| i64::from(now == Some(kind)) - i64::from(before == Some(kind));
        let (spam, ham) = (change(true), change(false));
        let whole = String::new();
        let all: Vec<&String> = std::iter::once(&whole).chain(tokens).collect();
        for some in all.chunks(TOKENS) {
            // Added with nothing first, so that a count never passes below 0 where a row is new.
            let mut values: Vec<Value> = some.iter().map(|token| token.as_str().into()).collect();
            let rows = rows_of(some.len(), 0, 1);
            self.run(
                &format!("INSERT INTO spam_tokens (token) VALUES {rows} ON CONFLICT DO NOTHING"),
                values.clone(),
            )
            .await?;
            values.extend([spam.into(), ham.into()]);
            let list = (1..=some.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
            let (s, h) = (some.len() + 1, some.len() + 2);
            // What is forgotten may be of a text that was edited since: no count gets below 0.
            self.run(
                &format!(
                    "UPDATE spam_tokens SET spam = CASE WHEN spam + ${s} < 0 THEN 0 ELSE spam + ${s} END, \
                     ham = CASE WHEN ham + ${h} < 0 THEN 0 ELSE ham + ${h} END WHERE token IN ({list})"
                ),
                values,
            )
            .await?;
        }
        match now {
            Some(spam) => {
                self.run(
                    "INSERT INTO spam_lessons (comment_id, spam) VALUES ($1, $2) ON CONFLICT (comment_id) DO UPDATE SET spam = excluded.spam",
                    vec![comment.get().into(), spam.into()],
                )
                .await?
            }
            None => {
                self.run("DELETE FROM spam_lessons WHERE comment_id = $1", vec![comment.get().into()]).await?
            }
        };
        Ok(())
    }

    /// In how many spam and other comments each of these tokens was; the token of no characters: how many there are. One
    /// statement.
    pub async fn spam_counts(&self, tokens: &[String]) -> Result<Vec<(String, u32, u32)>, StoreError> {
        let list = serde_json::to_string(tokens).map_err(|error| StoreError::Unreadable {
            column: "spam_tokens.token",
            why: error.to_string(),
        })?;
        let sql = "SELECT token, spam, ham FROM spam_tokens WHERE token = '' OR token IN (SELECT CAST(value AS TEXT) FROM json_each($1))";
        let rows = self.rows(sql, vec![list.into()]).await?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                Ok((columns.next()?, columns.count()?, columns.count()?))
            })
            .collect()
    }
}
