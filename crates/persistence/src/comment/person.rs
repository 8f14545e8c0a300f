//! All that is held about one commenter, by the address that they gave; and its erasure.

use chrono::{DateTime, TimeDelta, Utc};
use masthead_domain::comment::moderation::ReportReason;
use masthead_domain::comment::{Comment, CommentId, ReactionKind};
use masthead_domain::user::EmailAddress;
use masthead_domain::viewer::{Permission, Scope};

use super::Standing;
use super::read::{COMMENT, comment};
use crate::columns::Columns;
use crate::dialect::Dialect;
use crate::reads::{Reads, keys};
use crate::store::StoreError;
use crate::tx::Tx;

/// Things of a kind in one answer about one person; more only where they were done in one moment.
const MANY: usize = 1_000;

/// What was done from some moment on, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<T> {
    /// What was done.
    pub items: Vec<T>,
    /// From when on there may be more; `None`: that was all.
    pub more_since: Option<DateTime<Utc>>,
}

impl<T> Default for Part<T> {
    fn default() -> Self {
        Self { items: Vec::new(), more_since: None }
    }
}

impl<T> Part<T> {
    pub(super) fn of(items: Vec<T>, at: impl Fn(&T) -> DateTime<Utc>) -> Self {
        let last = items.last().filter(|_| items.len() >= MANY).map(at);
        Self { items, more_since: last.map(|last| last + TimeDelta::microseconds(1)) }
    }
}

/// The condition that `column` is not earlier than `$n`, nor later than that of the last that one answer has room for. All
/// of one moment come together, so that the next answer can begin behind it. `from` is what the rows come from, with the
/// rest of their condition.
pub(super) fn from_moment(column: &str, n: usize, from: &str) -> String {
    format!(
        "{column} >= ${n} AND {column} <= COALESCE((SELECT {column} FROM {from} AND {column} >= ${n} \
         ORDER BY {column} LIMIT 1 OFFSET {}), {})",
        MANY - 1,
        i64::MAX
    )
}

/// What somebody did to others' comments, and whether they may comment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommenterTouches {
    /// Reactions: to what, which, and when.
    pub reactions: Part<(CommentId, ReactionKind, DateTime<Utc>)>,
    /// Reports, decided or not.
    pub reports: Part<ReportMade>,
    /// Whether a ban of the address is in force.
    pub banned: bool,
}

/// A report as whoever made it knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportMade {
    /// Of what.
    pub comment: CommentId,
    /// Why.
    pub reason: ReportReason,
    /// Why, in words.
    pub note: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// The keys of the comments that are a person's: left with the address, or by the login that has it.
const THEIRS: &str = "(SELECT m.id FROM comments m WHERE m.email_key = $1 \
     UNION SELECT m.id FROM comments m JOIN users u ON u.id = m.user_id WHERE u.email_key = $1)";

impl Reads {
    pub(super) fn moderates_all(&self) -> bool {
        self.viewer().member().is_some_and(|member| {
            Permission::ModerateComments.is_of(member) && member.scope == Scope::Everywhere
        })
    }

    /// What whoever left comments with this address, or has it as a login, chose as reactions and reported at `since` or later,
    /// each the oldest first, see [`Part`]; and whether the address is banned. `mark` is the login's hash as a writer, empty
    /// where there is no login. Nothing for who may not moderate the whole site. Three statements.
    pub async fn commenter_touches(
        &self,
        email: &EmailAddress,
        mark: &[u8],
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<CommenterTouches, StoreError> {
        let mut touches = CommenterTouches::default();
        if !self.moderates_all() {
            return Ok(touches);
        }
        let writers = format!(
            "(SELECT $2 UNION SELECT w.writer_key FROM comments w WHERE w.writer_key IS NOT NULL AND w.id IN {THEIRS})"
        );
        let values = || vec![email.key().into(), mark.to_vec().into(), since.timestamp_micros().into()];
        let reactions = format!("comment_reactions r WHERE r.writer IN {writers}");
        let reports = format!("comment_reports r WHERE r.reporter IN {writers}");
        let sql = format!(
            "SELECT r.comment_id, r.kind, r.reacted_at FROM {reactions} AND {} ORDER BY r.reacted_at, r.comment_id",
            from_moment("r.reacted_at", 3, &reactions)
        );
        let reactions = self.rows(&sql, values()).await?;
        let reactions = reactions.iter().map(|row| {
            let mut columns = Columns::of(row);
            let kind = (columns.id()?, columns.word("comment_reactions.kind")?);
            Ok((kind.0, kind.1, columns.time("comment_reactions.reacted_at")?))
        });
        touches.reactions = Part::of(reactions.collect::<Result<_, StoreError>>()?, |(_, _, at)| *at);
        let sql = format!(
            "SELECT r.comment_id, r.reason, r.note, r.reported_at FROM {reports} AND {} ORDER BY r.reported_at, r.id",
            from_moment("r.reported_at", 3, &reports)
        );
        let reports = self.rows(&sql, values()).await?;
        let reports = reports.iter().map(|row| {
            let mut columns = Columns::of(row);
            Ok(ReportMade {
                comment: columns.id()?,
                reason: columns.word("comment_reports.reason")?,
                note: columns.next()?,
                at: columns.time("comment_reports.reported_at")?,
            })
        });
        touches.reports = Part::of(reports.collect::<Result<_, StoreError>>()?, |report| report.at);
        let sql = "SELECT 1 FROM commenter_bans WHERE email = $1 AND (until IS NULL OR until > $2)";
        let ban = self.row(sql, vec![email.key().into(), now.timestamp_micros().into()]).await?;
        touches.banned = ban.is_some();
        Ok(touches)
    }

    /// The comments left with this address, or by the login that has it, at `since` or later, the oldest first, see
    /// [`Part`]; nothing for who may not moderate the whole site. One statement.
    pub async fn commenter_comments(
        &self,
        email: &EmailAddress,
        since: DateTime<Utc>,
    ) -> Result<Part<Comment>, StoreError> {
        if !self.moderates_all() {
            return Ok(Part::default());
        }
        let theirs = format!("comments c WHERE c.id IN {THEIRS}");
        let sql = format!(
            "SELECT {COMMENT} FROM {theirs} AND {} ORDER BY c.created_at, c.id",
            from_moment("c.created_at", 2, &theirs)
        );
        let rows = self.rows(&sql, vec![email.key().into(), since.timestamp_micros().into()]).await?;
        let comments: Result<_, StoreError> = rows.iter().map(|row| comment(&mut Columns::of(row))).collect();
        Ok(Part::of(comments?, |comment: &Comment| comment.created_at))
    }
}

impl Tx {
    /// Where the comments left with this address, or by the login that has it, stand, locked with their threads. Two
    /// statements.
    pub async fn commenter_standings(&self, email: &EmailAddress) -> Result<Vec<Standing>, StoreError> {
        if self.dialect() == Dialect::Postgres {
            let sql = format!(
                "SELECT 1 FROM articles a WHERE a.id IN (SELECT c.article_id FROM comments c WHERE c.id IN {THEIRS}) \
                 ORDER BY a.id FOR NO KEY UPDATE OF a"
            );
            self.run(&sql, vec![email.key().into()]).await?;
        }
        let sql = format!(
            "SELECT a.id, a.article_id, a.parent_id, a.status FROM comments a WHERE a.id IN {THEIRS} ORDER BY a.id{}",
            self.for_update()
        );
        let rows = self.rows(&sql, vec![email.key().into()]).await?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                Ok(Standing {
                    id: columns.id()?,
                    article: columns.id()?,
                    parent: columns.id_or_none()?,
                    status: columns.word("comments.status")?,
                })
            })
            .collect()
    }

    /// Takes everything personal out of these comments, which are moved away from readers and [unlearnt](Tx::spam_learn)
    /// before: text, name, address,
    /// marks of the writer, findings, notes, reports on them, and the keys of their requests. Their places stay, for the
    /// answers to them.
    pub async fn comments_erase(&self, ids: &[CommentId], at: DateTime<Utc>) -> Result<(), StoreError> {
        const THESE: &str = "(SELECT CAST(value AS INTEGER) FROM json_each($1))";
        for table in [
            "comment_findings",
            "comment_mentions",
            "comment_notes",
            "comment_reports",
            "comment_reactions",
            "idempotency_keys",
            "spam_lessons",
        ] {
            self.run(&format!("DELETE FROM {table} WHERE comment_id IN {THESE}"), vec![keys(ids)]).await?;
        }
        // Words that no comment teaches any more.
        self.run("DELETE FROM spam_tokens WHERE spam = 0 AND ham = 0 AND token <> ''", vec![]).await?;
        self.run(
            &format!("UPDATE comment_decisions SET note = NULL WHERE comment_id IN {THESE}"),
            vec![keys(ids)],
        )
        .await?;
        self.run(
            &format!(
                "UPDATE comments SET author_name = NULL, author_email = NULL, email_key = NULL, user_id = NULL, writer_key = NULL, \
                 address_hash = NULL, body_text = '', html = '', edited_at = NULL, report_count = 0, likes = 0, insightfuls = 0, \
                 disagrees = 0, erased_at = $2 WHERE id IN {THESE}"
            ),
            vec![keys(ids), at.timestamp_micros().into()],
        )
        .await?;
        Ok(())
    }

    /// Takes back what the writers of these comments chose as reactions and reported anywhere, with the counts, and what the
    /// writer of this hash did, who may have left no comment.
    pub async fn writers_forget(&self, ids: &[CommentId], writer: &[u8]) -> Result<(), StoreError> {
        const WRITERS: &str = "(SELECT $2 UNION SELECT c.writer_key FROM comments c WHERE c.writer_key IS NOT NULL \
             AND c.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1)))";
        for (kind, column) in [("LIKE", "likes"), ("INSIGHTFUL", "insightfuls"), ("DISAGREE", "disagrees")] {
            let of = format!(
                "FROM comment_reactions r WHERE r.comment_id = comments.id AND r.kind = '{kind}' AND r.writer IN {WRITERS}"
            );
            self.run(
                &format!("UPDATE comments SET {column} = {column} - (SELECT COUNT(*) {of}) WHERE EXISTS (SELECT 1 {of})"),
                vec![keys(ids), writer.to_vec().into()],
            )
            .await?;
        }
        self.run(
            &format!("DELETE FROM comment_reactions WHERE writer IN {WRITERS}"),
            vec![keys(ids), writer.to_vec().into()],
        )
        .await?;
        let of = format!(
            "FROM comment_reports r WHERE r.comment_id = comments.id AND r.decision IS NULL AND r.reporter IN {WRITERS}"
        );
        self.run(
            &format!("UPDATE comments SET report_count = report_count - (SELECT COUNT(*) {of}) WHERE EXISTS (SELECT 1 {of})"),
            vec![keys(ids), writer.to_vec().into()],
        )
        .await?;
        self.run(
            &format!("DELETE FROM comment_reports WHERE reporter IN {WRITERS}"),
            vec![keys(ids), writer.to_vec().into()],
        )
        .await?;
        Ok(())
    }
}
