//! What phases found in a comment, kept for moderators.

use chrono::{DateTime, Utc};
use masthead_domain::comment::CommentId;
use masthead_domain::comment::pipeline::Finding;
use sea_orm::Value;

use crate::article::word;
use crate::columns::Columns;
use crate::store::StoreError;
use crate::tx::{Tx, rows_of};

/// Findings in one statement.
const ROWS: usize = 16;

impl Tx {
    /// Puts findings in the place of those that a comment has; what readers' reports led to stays, whatever becomes of the
    /// text.
    pub async fn comment_findings_put(
        &self,
        comment: CommentId,
        findings: &[Finding],
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let sql = "DELETE FROM comment_findings WHERE comment_id = $1 AND phase <> 'REPORTS'";
        self.run(sql, vec![comment.get().into()]).await?;
        let next = self.next_finding(comment).await?;
        self.findings_insert(comment, next, findings, at).await
    }

    /// Adds a finding to those that a comment has.
    pub async fn comment_finding_add(
        &self,
        comment: CommentId,
        finding: &Finding,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let next = self.next_finding(comment).await?;
        self.findings_insert(comment, next, std::slice::from_ref(finding), at).await
    }

    async fn next_finding(&self, comment: CommentId) -> Result<i64, StoreError> {
        let sql =
            "SELECT CAST(COALESCE(MAX(n), -1) + 1 AS BIGINT) FROM comment_findings WHERE comment_id = $1";
        let row = self.row(sql, vec![comment.get().into()]).await?;
        Ok(row.map(|row| Columns::of(&row).next::<i64>()).transpose()?.unwrap_or(0))
    }

    /// Whether a comment is held because its writer is banned without being told.
    pub async fn comment_is_shadowed(&self, comment: CommentId) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM comment_findings f JOIN comments c ON c.id = f.comment_id AND c.status = 'PENDING' \
             WHERE f.comment_id = $1 AND f.phase = 'BANNED' AND f.verdict = 'HOLD' LIMIT 1";
        Ok(self.row(sql, vec![comment.get().into()]).await?.is_some())
    }

    async fn findings_insert(
        &self,
        comment: CommentId,
        first: i64,
        findings: &[Finding],
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut n = first;
        for some in findings.chunks(ROWS) {
            let mut values: Vec<Value> = vec![comment.get().into(), at.timestamp_micros().into()];
            for finding in some {
                let span = finding.span.as_ref();
                values.extend([
                    n.into(),
                    word(&finding.phase)?,
                    word(&finding.verdict)?,
                    finding.detail.as_str().into(),
                    span.map(|span| offset(span.start)).into(),
                    span.map(|span| offset(span.end)).into(),
                ]);
                n += 1;
            }
            let rows = rows_of(some.len(), 2, 6);
            let sql = format!(
                "INSERT INTO comment_findings (comment_id, found_at, n, phase, verdict, detail, span_start, span_end) VALUES {rows}"
            );
            self.run(&sql, values).await?;
        }
        Ok(())
    }
}

/// A place in a text of at most 10,000 characters.
fn offset(at: usize) -> i32 {
    i32::try_from(at).unwrap_or(i32::MAX)
}

/// A finding, in the order of phase, verdict, detail, and its span's two ends.
pub(super) fn finding(columns: &mut Columns<'_>) -> Result<Finding, StoreError> {
    let found = Finding {
        phase: columns.word("comment_findings.phase")?,
        verdict: columns.word("comment_findings.verdict")?,
        detail: columns.next()?,
        span: None,
    };
    let (start, end) = (columns.next::<Option<i32>>()?, columns.next::<Option<i32>>()?);
    let ends = (start.and_then(|at| usize::try_from(at).ok()), end.and_then(|at| usize::try_from(at).ok()));
    Ok(match ends {
        (Some(start), Some(end)) => found.at(start..end),
        _ => found,
    })
}
