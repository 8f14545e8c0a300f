//! The moderators' queue, and what only they see of comments. Nobody who may not moderate gets a row.

use std::collections::HashMap;

use masthead_domain::comment::moderation::{Decided, Moderation, Note, Reports};
use masthead_domain::comment::{Comment, CommentId, Status};
use masthead_domain::page::{Page, PageRequest, Place};
use masthead_domain::user::EmailAddress;
use sea_orm::Value;

use super::findings::finding;
use super::read::{COMMENT, comment};
use super::writer::{HISTORY, history};
use crate::columns::Columns;
use crate::reads::{Reads, keys, keyset};
use crate::sight::moderates;
use crate::store::StoreError;

/// Most of each kind shown of one comment.
const MOST_NOTES: usize = 50;
const MOST_DECISIONS: usize = 20;
const MOST_REPORT_NOTES: usize = 20;

/// Which comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueFilter {
    /// Of this status. `None`: of any.
    pub status: Option<Status>,
    /// Only those with reports that nobody has dealt with.
    pub reported: bool,
}

/// How much waits for a moderator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waiting {
    /// Comments that are held.
    pub pending: u32,
    /// Public comments with reports that nobody has dealt with.
    pub reported: u32,
}

/// A list of keys, as a condition's right side.
const THESE: &str = "(SELECT CAST(value AS INTEGER) FROM json_each($1))";

impl Reads {
    /// The comments that the viewer decides on, the oldest first; the whole text, whatever the status. The total is
    /// counted where `counted`, up to 10,000. Two statements at most.
    pub async fn moderation_queue(
        &self,
        filter: QueueFilter,
        request: &PageRequest,
        counted: bool,
    ) -> Result<Page<Comment>, StoreError> {
        let mut condition = moderates(self.viewer(), "c.article_id");
        if condition == "FALSE" {
            return Ok(Page::empty());
        }
        let mut values: Vec<Value> = Vec::new();
        if let Some(status) = filter.status {
            values.push(status.as_str().into());
            condition.push_str(" AND c.status = $1");
        }
        if filter.reported {
            condition.push_str(" AND c.report_count > 0 AND c.status <> 'WITHDRAWN'");
        }
        let total = if counted {
            self.count(&format!("comments c WHERE {condition}"), values.clone()).await?
        } else {
            None
        };
        let keyset = keyset(request, "c.created_at", "c.id", false, &mut values);
        let sql = format!(
            "SELECT {COMMENT} FROM comments c WHERE {condition}{} ORDER BY {} LIMIT {}",
            keyset.condition, keyset.order, keyset.limit
        );
        let rows = self.rows(&sql, values).await?;
        let items = rows.iter().map(|row| {
            let comment = comment(&mut Columns::of(row))?;
            Ok((Place { sort: comment.created_at.timestamp_micros(), id: comment.id.get() }, comment))
        });
        Ok(Page::of(request, items.collect::<Result<_, StoreError>>()?, total))
    }

    /// How much waits for this viewer; nothing for who may not moderate. One statement.
    pub async fn moderation_waiting(&self) -> Result<Waiting, StoreError> {
        let condition = moderates(self.viewer(), "c.article_id");
        if condition == "FALSE" {
            return Ok(Waiting::default());
        }
        let count = |of: &str| format!("(SELECT COUNT(*) FROM comments c WHERE {of} AND {condition})");
        let sql = format!(
            "SELECT CAST({} AS BIGINT), CAST({} AS BIGINT)",
            count("c.status = 'PENDING'"),
            count("c.report_count > 0 AND c.status = 'PUBLISHED'")
        );
        let Some(row) = self.row(&sql, vec![]).await? else { return Ok(Waiting::default()) };
        let mut columns = Columns::of(&row);
        Ok(Waiting { pending: columns.count()?, reported: columns.count()? })
    }

    /// What only moderators see of these comments; of those that are not theirs to decide on, nothing. Five statements.
    pub async fn comments_moderation(
        &self,
        ids: &[CommentId],
    ) -> Result<HashMap<CommentId, Moderation>, StoreError> {
        let condition = moderates(self.viewer(), "c.article_id");
        if condition == "FALSE" {
            return Ok(HashMap::new());
        }
        let sql = format!(
            "SELECT c.id, c.status, c.author_email FROM comments c WHERE c.id IN {THESE} AND {condition}"
        );
        let mut all = HashMap::with_capacity(ids.len());
        for row in self.rows(&sql, vec![keys(ids)]).await? {
            let mut columns = Columns::of(&row);
            let id: CommentId = columns.id()?;
            let moderation = Moderation {
                comment: id,
                status: columns.word("comments.status")?,
                author_email: columns.next::<Option<String>>()?.map(EmailAddress::from_stored),
                findings: Vec::new(),
                reports: Vec::new(),
                decisions: Vec::new(),
                notes: Vec::new(),
                history: Default::default(),
            };
            all.insert(id, moderation);
        }
        let theirs: Vec<CommentId> = all.keys().copied().collect();
        if !theirs.is_empty() {
            self.add_findings(&theirs, &mut all).await?;
            self.add_reports(&theirs, &mut all).await?;
            self.add_decisions(&theirs, &mut all).await?;
            self.add_histories(&theirs, &mut all).await?;
        }
        Ok(all)
    }

    async fn add_findings(
        &self,
        ids: &[CommentId],
        all: &mut HashMap<CommentId, Moderation>,
    ) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT f.comment_id, f.phase, f.verdict, f.detail, f.span_start, f.span_end FROM comment_findings f \
             WHERE f.comment_id IN {THESE} ORDER BY f.comment_id, f.phase = 'REPORTS', f.n"
        );
        for row in self.rows(&sql, vec![keys(ids)]).await? {
            let mut columns = Columns::of(&row);
            let id: CommentId = columns.id()?;
            let found = finding(&mut columns)?;
            if let Some(moderation) = all.get_mut(&id) {
                moderation.findings.push(found);
            }
        }
        Ok(())
    }

    async fn add_reports(
        &self,
        ids: &[CommentId],
        all: &mut HashMap<CommentId, Moderation>,
    ) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT r.comment_id, r.reason, r.note FROM comment_reports r WHERE r.decision IS NULL AND r.comment_id IN {THESE} \
             ORDER BY r.comment_id, r.reason, r.id"
        );
        for row in self.rows(&sql, vec![keys(ids)]).await? {
            let mut columns = Columns::of(&row);
            let id: CommentId = columns.id()?;
            let reason = columns.word("comment_reports.reason")?;
            let note: Option<String> = columns.next()?;
            let Some(moderation) = all.get_mut(&id) else { continue };
            match moderation.reports.last_mut().filter(|reports| reports.reason == reason) {
                Some(reports) => {
                    reports.count = reports.count.saturating_add(1);
                    reports.notes.extend(note.filter(|_| reports.notes.len() < MOST_REPORT_NOTES));
                }
                None => {
                    moderation.reports.push(Reports { reason, count: 1, notes: note.into_iter().collect() })
                }
            }
        }
        Ok(())
    }

    /// Decisions, and notes, which read alike.
    async fn add_decisions(
        &self,
        ids: &[CommentId],
        all: &mut HashMap<CommentId, Moderation>,
    ) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT d.comment_id, d.decision, d.decided_at, d.user_id, u.name, d.note, (d.undone_at IS NOT NULL) \
             FROM comment_decisions d LEFT JOIN users u ON u.id = d.user_id WHERE d.comment_id IN {THESE} \
             ORDER BY d.comment_id, d.id DESC"
        );
        for row in self.rows(&sql, vec![keys(ids)]).await? {
            let mut columns = Columns::of(&row);
            let id: CommentId = columns.id()?;
            let decided = Decided {
                decision: columns.word("comment_decisions.decision")?,
                at: columns.time("comment_decisions.decided_at")?,
                by: columns.id_or_none()?,
                by_name: columns.next()?,
                note: columns.next()?,
                undone: columns.next()?,
            };
            if let Some(moderation) = all.get_mut(&id).filter(|it| it.decisions.len() < MOST_DECISIONS) {
                moderation.decisions.push(decided);
            }
        }
        let sql = format!(
            "SELECT n.comment_id, n.body, n.noted_at, u.name FROM comment_notes n LEFT JOIN users u ON u.id = n.user_id \
             WHERE n.comment_id IN {THESE} ORDER BY n.comment_id, n.id"
        );
        for row in self.rows(&sql, vec![keys(ids)]).await? {
            let mut columns = Columns::of(&row);
            let id: CommentId = columns.id()?;
            let note = Note {
                text: columns.next()?,
                at: columns.time("comment_notes.noted_at")?,
                by_name: columns.next()?,
            };
            if let Some(moderation) = all.get_mut(&id).filter(|it| it.notes.len() < MOST_NOTES) {
                moderation.notes.push(note);
            }
        }
        Ok(())
    }

    async fn add_histories(
        &self,
        ids: &[CommentId],
        all: &mut HashMap<CommentId, Moderation>,
    ) -> Result<(), StoreError> {
        // Which of them are recent is for judging, not for showing: none is newer than this.
        let sql = format!(
            "SELECT o.id, {HISTORY} FROM comments o JOIN comments c ON c.writer_key = o.writer_key \
             WHERE o.id IN {} GROUP BY o.id",
            THESE.replace("$1", "$2")
        );
        for row in self.rows(&sql, vec![i64::MAX.into(), keys(ids)]).await? {
            let mut columns = Columns::of(&row);
            let id: CommentId = columns.id()?;
            let found = history(&mut columns)?;
            if let Some(moderation) = all.get_mut(&id) {
                moderation.history = found;
            }
        }
        Ok(())
    }
}
