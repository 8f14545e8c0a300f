//! Reactions and reports: one of each a writer and comment, with counts that are exact.

use chrono::{DateTime, Utc};
use masthead_domain::comment::moderation::{Decision, ReportReason};
use masthead_domain::comment::{CommentId, ReactionKind};
use masthead_domain::user::UserId;

use crate::article::word;
use crate::columns::Columns;
use crate::reads::keys;
use crate::store::StoreError;
use crate::tx::Tx;

/// A report to be added.
#[derive(Debug, Clone, Copy)]
pub struct NewReport<'a> {
    /// Of which comment.
    pub comment: CommentId,
    /// The reporter's hash.
    pub reporter: &'a [u8],
    /// The reporter's login, where there is one.
    pub user: Option<UserId>,
    /// Why.
    pub reason: ReportReason,
    /// Why, in words.
    pub note: Option<&'a str>,
    /// When.
    pub at: DateTime<Utc>,
    /// Hash of the network address. `None`: unknown.
    pub address: Option<&'a [u8]>,
}

const fn column(kind: ReactionKind) -> &'static str {
    match kind {
        ReactionKind::Like => "likes",
        ReactionKind::Insightful => "insightfuls",
        ReactionKind::Disagree => "disagrees",
    }
}

impl Tx {
    /// Makes `kind` a writer's reaction to a comment, in the place of another; `None` takes it back. The comment's row is
    /// to be [locked](Tx::comment_standing) before. `false`: nothing changed.
    pub async fn reaction_put(
        &self,
        comment: CommentId,
        writer: &[u8],
        kind: Option<ReactionKind>,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let before = self.reaction_of(comment, writer).await?;
        if before == kind {
            return Ok(false);
        }
        match kind {
            None => {
                let sql = "DELETE FROM comment_reactions WHERE comment_id = $1 AND writer = $2";
                self.run(sql, vec![comment.get().into(), writer.to_vec().into()]).await?;
            }
            Some(kind) => {
                self.run(
                    "INSERT INTO comment_reactions (comment_id, writer, kind, reacted_at) VALUES ($1, $2, $3, $4) \
                     ON CONFLICT (comment_id, writer) DO UPDATE SET kind = excluded.kind, reacted_at = excluded.reacted_at",
                    vec![
                        comment.get().into(),
                        writer.to_vec().into(),
                        word(&kind)?,
                        at.timestamp_micros().into(),
                    ],
                )
                .await?;
            }
        }
        let less = before.map(|kind| format!("{0} = {0} - 1", column(kind)));
        let more = kind.map(|kind| format!("{0} = {0} + 1", column(kind)));
        let changes: Vec<String> = less.into_iter().chain(more).collect();
        let sql = format!("UPDATE comments SET {} WHERE id = $1", changes.join(", "));
        self.run(&sql, vec![comment.get().into()]).await?;
        Ok(true)
    }

    /// A writer's reaction to a comment.
    pub async fn reaction_of(
        &self,
        comment: CommentId,
        writer: &[u8],
    ) -> Result<Option<ReactionKind>, StoreError> {
        let sql = "SELECT kind FROM comment_reactions WHERE comment_id = $1 AND writer = $2";
        let row = self.row(sql, vec![comment.get().into(), writer.to_vec().into()]).await?;
        row.map(|row| Columns::of(&row).word("comment_reactions.kind")).transpose()
    }

    /// Adds a report; from how many sources there are some that nobody has dealt with then, or `None` where this reporter has
    /// one already. All guests at one network address are one source.
    pub async fn report_add(&self, report: &NewReport<'_>) -> Result<Option<u32>, StoreError> {
        let added = self
            .run(
                "INSERT INTO comment_reports (comment_id, reporter, user_id, reason, note, reported_at, address_hash) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
                vec![
                    report.comment.get().into(),
                    report.reporter.to_vec().into(),
                    report.user.map(|user| user.get()).into(),
                    word(&report.reason)?,
                    report.note.map(str::to_owned).into(),
                    report.at.timestamp_micros().into(),
                    report.address.map(<[u8]>::to_vec).into(),
                ],
            )
            .await?;
        if added == 0 {
            return Ok(None);
        }
        self.report_counted(report.comment, 1).await?;
        let sql = "SELECT COUNT(DISTINCT CASE WHEN user_id IS NULL AND address_hash IS NOT NULL THEN address_hash ELSE reporter END) \
             FROM comment_reports WHERE comment_id = $1 AND decision IS NULL";
        let row = self.row(sql, vec![report.comment.get().into()]).await?;
        row.map_or(Ok(0), |row| Columns::of(&row).count()).map(Some)
    }

    /// Takes a report back that nobody has dealt with. `false`: there is none.
    pub async fn report_remove(&self, comment: CommentId, reporter: &[u8]) -> Result<bool, StoreError> {
        let gone = self
            .run(
                "DELETE FROM comment_reports WHERE comment_id = $1 AND reporter = $2 AND decision IS NULL",
                vec![comment.get().into(), reporter.to_vec().into()],
            )
            .await?;
        if gone > 0 {
            self.report_counted(comment, -1).await?;
        }
        Ok(gone > 0)
    }

    async fn report_counted(&self, comment: CommentId, change: i64) -> Result<(), StoreError> {
        let sql = "UPDATE comments SET report_count = report_count + $2 WHERE id = $1";
        self.run(sql, vec![comment.get().into(), change.into()]).await?;
        Ok(())
    }

    /// Notes what was decided on the reports of these comments that nobody had dealt with.
    pub async fn reports_decide(
        &self,
        comments: &[CommentId],
        decision: Decision,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let of = "(SELECT CAST(value AS INTEGER) FROM json_each($1))";
        self.run(
            &format!(
                "UPDATE comment_reports SET decision = $2, decided_at = $3 WHERE decision IS NULL AND comment_id IN {of}"
            ),
            vec![keys(comments), word(&decision)?, at.timestamp_micros().into()],
        )
        .await?;
        self.run(
            &format!("UPDATE comments SET report_count = 0 WHERE report_count > 0 AND id IN {of}"),
            vec![keys(comments)],
        )
        .await?;
        Ok(())
    }
}
