//! A text before its phases: what is known of it and its writer is gathered here, the domain judges.

use chrono::{DateTime, TimeDelta, Utc};
use masthead_domain::article::ArticleId;
use masthead_domain::comment::leave::Refused;
use masthead_domain::comment::pipeline::spam::{Seen, SpamModel, tokens};
use masthead_domain::comment::pipeline::{self, Case, Finding, History, Phase, Rules, Verdict};
use masthead_domain::comment::{Policy, Status};
use masthead_domain::user::{EmailAddress, UserId};
use masthead_persistence::comment::{Commentable, WriterMarks};
use masthead_persistence::{StoreError, Tx};

use super::conversation::Conversation;

/// Texts of this long ago are compared with.
const COMPARED: TimeDelta = TimeDelta::hours(24);

/// A text that is to be left, or to take another's place.
pub(super) struct Subject<'a> {
    pub(super) text: &'a str,
    pub(super) author_name: Option<&'a str>,
    pub(super) email: Option<&'a EmailAddress>,
    pub(super) article: ArticleId,
    pub(super) below: &'a Commentable,
    pub(super) marks: WriterMarks<'a>,
    /// The login that wrote it.
    pub(super) user: Option<UserId>,
    /// The newsroom wrote it: only whether it fits is asked.
    pub(super) by_staff: bool,
    pub(super) open_for: Option<TimeDelta>,
    pub(super) honeypot: bool,
    /// It takes the place of an earlier text, which it may well be like, and needs no form.
    pub(super) is_edit: bool,
}

/// What the phases find that need nothing but the case. Five statements at most.
pub(super) async fn findings(
    tx: &Tx,
    conversation: &Conversation,
    rules: &Rules,
    subject: &Subject<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<Finding>, StoreError> {
    let recent = if subject.is_edit || subject.by_staff {
        Vec::new()
    } else {
        tx.comments_recent(subject.article, subject.marks, now - COMPARED, now).await?
    };
    let policy = conversation.policy().unwrap_or(subject.below.policy);
    let mut history = History::default();
    if let Some(writer) = subject.marks.writer {
        history = tx.writer_history(writer, now).await?;
        if policy == Policy::FirstTime {
            history.approved = Some(tx.writer_approved(writer, rules.first_time_approvals).await?);
        }
    }
    let ban = tx.ban_in_force(subject.email, subject.user, now).await?;
    let spam = spam_model(tx, subject.text).await?;
    let words = conversation.words(rules);
    let mut case = Case::of(subject.text, rules, &words, &spam);
    case.author_name = subject.author_name;
    case.policy = policy;
    case.signed_in = subject.user.is_some();
    case.article_age = subject.below.published_at.map(|at| now - at);
    case.open_for = subject.open_for;
    case.honeypot = subject.honeypot;
    case.recent = &recent;
    case.history = history;
    case.ban = ban;
    case.throttles_off = conversation.is_unthrottled() || subject.is_edit;
    let mut findings = pipeline::judge(&case);
    if subject.by_staff {
        findings.retain(|finding| matches!(finding.phase, Phase::Length | Phase::Closed));
    }
    if subject.is_edit {
        // What was open when it was left may be changed still.
        findings.retain(|finding| finding.phase != Phase::Closed);
        if case.policy == Policy::Members {
            findings.retain(|finding| finding.phase != Phase::Policy);
        }
    }
    Ok(findings)
}

/// What the site has learnt, as far as it concerns this text. One statement.
async fn spam_model(tx: &Tx, text: &str) -> Result<SpamModel, StoreError> {
    let mut model = SpamModel::default();
    for (token, spam, good) in tx.spam_counts(&tokens(text)).await? {
        let seen = Seen { good, spam };
        if token.is_empty() {
            model.texts = seen;
        } else {
            model.tokens.insert(token, seen);
        }
    }
    Ok(model)
}

/// Where a text with these findings stands at first, or why it is not taken.
pub(super) fn status(text: &str, rules: &Rules, findings: &[Finding]) -> Result<Status, Refused> {
    match pipeline::refused(text, rules, findings) {
        Some(refused) => Err(refused),
        None if pipeline::outcome(findings) == Verdict::Publish => Ok(Status::Published),
        None => Ok(Status::Pending),
    }
}
