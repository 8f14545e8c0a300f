//! Readers' reports of what is against the law, with what was decided on each: what a newsroom must be able to show. Nobody
//! who may not moderate gets a row.

use chrono::{DateTime, Utc};
use masthead_domain::comment::Comment;
use masthead_domain::comment::moderation::{Decided, IllegalReport};
use masthead_domain::page::{Page, PageRequest, Place};
use sea_orm::Value;

use super::read::{COMMENT, comment};
use crate::columns::Columns;
use crate::reads::{Reads, bind, keyset};
use crate::sight::moderates;
use crate::store::StoreError;

/// When the reports came that are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReportedWithin {
    /// Then or later.
    pub since: Option<DateTime<Utc>>,
    /// Earlier than this.
    pub until: Option<DateTime<Utc>>,
}

impl Reads {
    /// The reports of comments that the viewer decides on, the oldest first, each with the comment as it is now. One
    /// statement.
    pub async fn illegal_reports(
        &self,
        within: ReportedWithin,
        request: &PageRequest,
    ) -> Result<Page<(IllegalReport, Comment)>, StoreError> {
        let mut condition = moderates(self.viewer(), "c.article_id");
        if condition == "FALSE" {
            return Ok(Page::empty());
        }
        let mut values: Vec<Value> = Vec::new();
        for (side, at) in [(">=", within.since), ("<", within.until)] {
            if let Some(at) = at {
                let at = bind(&mut values, at.timestamp_micros());
                condition.push_str(&format!(" AND r.reported_at {side} {at}"));
            }
        }
        let keyset = keyset(request, "r.reported_at", "r.id", false, &mut values);
        // A decision on several reports is noted on each with its time.
        let sql = format!(
            "SELECT r.id, r.note, r.reported_at, r.decision, r.decided_at, d.user_id, u.name, d.note, {COMMENT} \
             FROM comment_reports r JOIN comments c ON c.id = r.comment_id \
             LEFT JOIN comment_decisions d ON d.id = (SELECT MAX(o.id) FROM comment_decisions o \
                 WHERE o.comment_id = r.comment_id AND o.decided_at = r.decided_at) \
             LEFT JOIN users u ON u.id = d.user_id \
             WHERE r.reason = 'ILLEGAL' AND {condition}{} ORDER BY {} LIMIT {}",
            keyset.condition, keyset.order, keyset.limit
        );
        let rows = self.rows(&sql, values).await?;
        let items = rows.iter().map(|row| {
            let mut columns = Columns::of(row);
            let id: i64 = columns.next()?;
            let ground: Option<String> = columns.next()?;
            let at = columns.time("comment_reports.reported_at")?;
            let decision = columns.word_or_none("comment_reports.decision")?;
            let decided_at = columns.time_or_none("comment_reports.decided_at")?;
            let (by, by_name, note) = (columns.id_or_none()?, columns.next()?, columns.next()?);
            let decided = decision.zip(decided_at).map(|(decision, at)| Decided {
                decision,
                at,
                by,
                by_name,
                note,
                undone: false,
            });
            let report = IllegalReport { ground: ground.unwrap_or_default(), at, decided };
            Ok((Place { sort: at.timestamp_micros(), id }, (report, comment(&mut columns)?)))
        });
        Ok(Page::of(request, items.collect::<Result<_, StoreError>>()?, None))
    }
}
