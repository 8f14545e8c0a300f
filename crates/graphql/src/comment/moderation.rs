//! What only moderators see of a comment, as clients see it.

use std::sync::Arc;

use async_graphql::{Enum, Object, SimpleObject};
use masthead_domain::comment::moderation::{Decided, Moderation, Note, Reports};
use masthead_domain::comment::pipeline::Finding;

use crate::scalar::{DateTime, EmailAddress};

/// Where a comment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "masthead_domain::comment::Status")]
pub(crate) enum CommentStatus {
    /// Everyone sees it.
    Published,
    /// Waits for a moderator.
    Pending,
    /// A moderator refused it.
    Rejected,
    /// A moderator took it for advertising or worse.
    Spam,
    /// Its writer took it back, or it was erased.
    Withdrawn,
}

/// What a moderator decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "masthead_domain::comment::moderation::Decision")]
pub(crate) enum ModerationDecision {
    /// Everyone may see it.
    Approve,
    /// Nobody may.
    Reject,
    /// Nobody may: it is advertising or worse, and others like it are held from now on.
    Spam,
}

/// Why a reader reports a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "masthead_domain::comment::moderation::ReportReason")]
pub(crate) enum ReportReason {
    /// It insults or threatens.
    Offensive,
    /// It advertises.
    Spam,
    /// It has nothing to do with the article.
    OffTopic,
    /// It is against the law; a note must say why.
    Illegal,
}

/// What a phase of the examination would do with a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "masthead_domain::comment::pipeline::Verdict")]
pub(crate) enum CommentVerdict {
    /// Let everyone see it.
    Publish,
    /// Hold it for a moderator.
    Hold,
    /// Ask its writer to change it.
    Reword,
    /// Not take it.
    Refuse,
}

/// A phase of the examination that every comment goes through, in this order. The gravest verdict of all decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "masthead_domain::comment::pipeline::Phase")]
pub(crate) enum CommentPhase {
    /// How long the text is.
    Length,
    /// Whether the article takes comments.
    Closed,
    /// Whether the writer is banned.
    Banned,
    /// How many comments came in a short time.
    Rate,
    /// Whether the same text, or nearly, was left shortly before.
    Duplicate,
    /// Words of the site's lists, in whatever disguise.
    Words,
    /// How many links, and where they lead.
    Links,
    /// Shouting, repetition, floods of signs.
    Shape,
    /// The field that people do not see, and how long the form was open.
    Trap,
    /// What became of the writer's earlier comments.
    History,
    /// What the site, the section or the article asks for.
    Policy,
    /// What the site's moderators took for spam before.
    Spam,
    /// The newsroom's own classifier.
    External,
    /// Readers' reports.
    Reports,
}

/// What a phase found in a comment.
#[derive(SimpleObject)]
pub(crate) struct CommentFinding {
    /// Which phase.
    phase: CommentPhase,
    /// What it would do.
    verdict: CommentVerdict,
    /// What it saw, a sentence in English.
    detail: String,
    /// The part of the text that it is about. `null`: the whole, the name, or the circumstances.
    excerpt: Option<FindingExcerpt>,
}

/// A part of a comment's text, as `body { text }` gives it.
#[derive(SimpleObject)]
pub(crate) struct FindingExcerpt {
    /// Its first byte in UTF-8.
    start: i32,
    /// The byte behind its last one.
    end: i32,
}

/// Reports of one kind that nobody has dealt with.
#[derive(SimpleObject)]
pub(crate) struct CommentReports {
    /// Of which kind.
    reason: ReportReason,
    /// How many readers.
    count: u32,
    /// What they wrote, the oldest first, at most 20.
    notes: Vec<String>,
}

/// A decision on a comment.
#[derive(SimpleObject)]
pub(crate) struct CommentDecision {
    /// What was decided.
    decision: ModerationDecision,
    /// When.
    decided_at: DateTime,
    /// Who decided. `null` where the person's login is gone.
    decided_by: Option<String>,
    /// What was noted along with it. `null`: nothing.
    note: Option<String>,
    /// Whether it was taken back.
    undone: bool,
}

/// A moderator's note on a comment.
#[derive(SimpleObject)]
pub(crate) struct CommentNote {
    /// The text, plain.
    text: String,
    /// When it was written.
    noted_at: DateTime,
    /// Who wrote it. `null` where the person's login is gone.
    noted_by: Option<String>,
}

/// What became of a writer's comments on this site. A writer is a login, or the key that a guest's browser keeps; who has
/// neither has no history, all 0.
#[derive(SimpleObject)]
pub(crate) struct WriterHistory {
    /// Public now.
    published: u32,
    /// Refused by a moderator.
    rejected: u32,
    /// Taken for spam by a moderator.
    spam: u32,
    /// Taken back by the writer.
    withdrawn: u32,
}

/// What only moderators see of a comment.
pub(crate) struct CommentModeration(pub(super) Arc<Moderation>);

/// What only moderators see of a comment.
#[Object]
impl CommentModeration {
    /// Where it stands.
    async fn status(&self) -> CommentStatus {
        self.0.status.into()
    }

    /// What its writer gave as an address; proves nothing. `null`: none, or erased.
    async fn author_email(&self) -> Option<EmailAddress> {
        self.0.author_email.as_ref().map(|email| EmailAddress(email.as_str().to_owned()))
    }

    /// Reports that nobody has dealt with, by kind.
    async fn reports(&self) -> Vec<CommentReports> {
        self.0.reports.iter().map(CommentReports::of).collect()
    }

    /// What the phases found, in their order; empty where nothing spoke against it.
    async fn findings(&self) -> Vec<CommentFinding> {
        self.0.findings.iter().map(CommentFinding::of).collect()
    }

    /// What was decided on it, the latest first, at most 20.
    async fn decisions(&self) -> Vec<CommentDecision> {
        self.0.decisions.iter().map(CommentDecision::of).collect()
    }

    /// What moderators noted, the oldest first, at most 50.
    async fn notes(&self) -> Vec<CommentNote> {
        self.0.notes.iter().map(CommentNote::of).collect()
    }

    /// What became of the writer's comments, this one counted.
    async fn writer_history(&self) -> WriterHistory {
        let history = self.0.history;
        WriterHistory {
            published: history.published,
            rejected: history.rejected,
            spam: history.spam,
            withdrawn: history.withdrawn,
        }
    }
}

impl CommentFinding {
    fn of(finding: &Finding) -> Self {
        let byte = |at: usize| i32::try_from(at).unwrap_or(i32::MAX);
        Self {
            phase: finding.phase.into(),
            verdict: finding.verdict.into(),
            detail: finding.detail.clone(),
            excerpt: finding
                .span
                .as_ref()
                .map(|span| FindingExcerpt { start: byte(span.start), end: byte(span.end) }),
        }
    }
}

impl CommentReports {
    fn of(reports: &Reports) -> Self {
        Self { reason: reports.reason.into(), count: reports.count, notes: reports.notes.clone() }
    }
}

impl CommentDecision {
    pub(super) fn of(decided: &Decided) -> Self {
        Self {
            decision: decided.decision.into(),
            decided_at: DateTime(decided.at),
            decided_by: decided.by_name.clone(),
            note: decided.note.clone(),
            undone: decided.undone,
        }
    }
}

impl CommentNote {
    fn of(note: &Note) -> Self {
        Self { text: note.text.clone(), noted_at: DateTime(note.at), noted_by: note.by_name.clone() }
    }
}
