//! What a writer does with the receipt of a comment: see where it stands, change it while the edit window is open, take
//! it back. A receipt opens one comment; it opens none that was erased.

use chrono::{DateTime, TimeDelta, Utc};
use masthead_domain::comment::leave::{Refused, Submission};
use masthead_domain::comment::pipeline::spam::tokens;
use masthead_domain::comment::pipeline::{Finding, Phase, Verdict, outcome};
use masthead_domain::comment::{Comment, CommentId, Status, text};
use masthead_domain::event::Event;
use masthead_domain::user::Role;
use masthead_persistence::comment::{LeftBy, OwnComment, Standing, WriterMarks};
use masthead_persistence::{Reads, Store, StoreError, Tx};

use super::classify::Question;
use super::conversation::Conversation;
use super::judge::{self, Subject};
use super::leave::{LeaveError, Outcome};
use super::receipt;
use crate::Occasion;
use crate::refused::{self, DeskError};

/// A comment for its writer.
#[derive(Debug, Clone, PartialEq)]
pub struct Own {
    /// The comment, with all its text.
    pub comment: Comment,
    /// Where it stands, as its writer is told.
    pub status: Status,
    /// Until when it can be changed; `None`: not any more.
    pub editable_until: Option<DateTime<Utc>>,
}

/// The comment of a receipt, and what is kept of who wrote it. `None`: no receipt of this site, one that has expired, or a
/// comment that is gone.
pub async fn by_receipt(
    reads: &Reads,
    receipt: &str,
    now: DateTime<Utc>,
) -> Result<Option<(Own, LeftBy)>, StoreError> {
    let Ok(id) = receipt::open(&reads.site_secret().await?, receipt, now) else { return Ok(None) };
    let found = reads.own_comment(id).await?;
    Ok(found.map(|found| (Own::of(&found, now), found.by)))
}

impl Own {
    fn of(found: &OwnComment, now: DateTime<Utc>) -> Self {
        // A writer who is banned without being told is not told here either.
        let status = if found.shadowed { Status::Published } else { found.status };
        let until = found.comment.created_at + TimeDelta::minutes(found.rules.edit_window.into());
        let is_open = matches!(status, Status::Published | Status::Pending) && now < until;
        Self { comment: found.comment.clone(), status, editable_until: is_open.then_some(until) }
    }
}

/// Puts another text in the place of a comment's. It goes through the same phases as a new one, so that it may be held, or
/// not be taken; a comment that was refused or taken back cannot be changed.
///
/// # Errors
/// [`Refused::NotFound`] where the receipt opens nothing; [`Refused::Closed`] where the edit window is over.
pub async fn edit(
    store: &Store,
    conversation: &Conversation,
    occasion: &Occasion,
    receipt: &str,
    body: String,
) -> Result<(Outcome, Comment), LeaveError> {
    let fit = Submission { body, ..Submission::default() }.check()?;
    let mut external: Option<Option<Finding>> = None;
    loop {
        let tx = store.begin().await?;
        let id = opened(&tx, receipt, occasion.now).await?.ok_or(Refused::NotFound)?;
        tx.threads_own(&[id]).await?;
        let standing = tx.comment_standing(id).await?.ok_or(Refused::NotFound)?;
        let below = tx.commentable(standing.article).await?.ok_or(Refused::NotFound)?;
        let found = tx.own_comment(id).await?.ok_or(Refused::NotFound)?;
        let (before, by, rules) = (Own::of(&found, occasion.now), found.by, found.rules);
        if before.editable_until.is_none() {
            return Err(Refused::Closed.into());
        }
        if before.comment.text == fit.body {
            return Ok((outcome_of(before.status), before.comment));
        }
        if external.is_none() {
            conversation
                .edit(id, occasion.now)
                .map_err(|too_fast| Refused::TooFast { retry_after: too_fast.seconds })?;
        }
        let member = occasion.viewer.member();
        let subject = Subject {
            text: &fit.body,
            author_name: before.comment.author_name.as_deref(),
            email: by.email.as_ref(),
            article: standing.article,
            below: &below,
            marks: WriterMarks { writer: by.writer.as_deref(), address: None },
            user: by.user,
            by_staff: before.comment.by_staff && member.is_some_and(|member| member.role > Role::Reader),
            open_for: None,
            honeypot: false,
            is_edit: true,
        };
        let mut findings = judge::findings(&tx, conversation, &rules, &subject, occasion.now).await?;
        let asks = !subject.by_staff && outcome(&findings) <= Verdict::Hold;
        match (conversation.classifier(), &external) {
            (Some(classifier), None) if asks => {
                let question = Question {
                    text: fit.body.clone(),
                    author_name: before.comment.author_name.clone(),
                    locale: below.locale.clone(),
                    findings: findings.iter().map(|finding| (finding.phase, finding.verdict)).collect(),
                };
                drop(tx);
                external = Some(classifier.classify(&question).await);
                continue;
            }
            (_, Some(answer)) => {
                findings.extend(answer.clone().map(|it| Finding { phase: Phase::External, ..it }));
            }
            (_, None) => {}
        }
        let mut status = judge::status(&fit.body, &rules, &findings)?;
        if standing.status == Status::Pending {
            // What waits for a moderator is not published by being changed.
            status = Status::Pending;
        }
        let direction = text::direction(&fit.body, below.direction);
        for taught in tx.comments_decidable(&[id]).await? {
            // What the site learnt from a text goes with that text.
            tx.spam_learn(id, &tokens(&taught.text), taught.lesson, None).await?;
        }
        tx.comment_edit(id, &fit.body, &text::html(&fit.body), direction, occasion.now).await?;
        tx.comment_findings_put(id, &findings, occasion.now).await?;
        tx.comment_move(&standing, status).await?;
        announce(&tx, &standing, status, occasion.now);
        let after = tx.own_comment(id).await?.ok_or(Refused::NotFound)?;
        let after = Own::of(&after, occasion.now);
        tx.commit().await?;
        return Ok((outcome_of(after.status), after.comment));
    }
}

/// Takes a comment back; where answers stand below it, its place stays. Again does nothing.
pub async fn withdraw(store: &Store, occasion: &Occasion, receipt: &str) -> Result<CommentId, DeskError> {
    let tx = store.begin().await?;
    let id = opened(&tx, receipt, occasion.now).await?.ok_or(refused::Refused::NotFound)?;
    tx.threads_own(&[id]).await?;
    let standing = tx.comment_standing(id).await?.ok_or(refused::Refused::NotFound)?;
    if standing.status == Status::Withdrawn {
        return Ok(id);
    }
    tx.comment_move(&standing, Status::Withdrawn).await?;
    announce(&tx, &standing, Status::Withdrawn, occasion.now);
    tx.commit().await?;
    Ok(id)
}

/// Tells what a comment's new standing means to its readers and to moderators.
pub(super) fn announce(tx: &Tx, before: &Standing, after: Status, now: DateTime<Utc>) {
    let (comment, article) = (before.id, before.article);
    match (before.status.is_public(), after.is_public()) {
        (true, true) => tx.append(Event::CommentEdited { comment, article }, now),
        (false, true) => tx.append(Event::CommentPublished { comment, article }, now),
        (true, false) => tx.append(Event::CommentRemoved { comment, article }, now),
        (false, false) => {}
    }
    if !after.is_public() && before.status != after {
        if after == Status::Pending {
            tx.append(Event::CommentHeld { comment, article }, now);
        } else if !before.status.is_public() {
            tx.append(Event::CommentRefused { comment, article }, now);
        }
    }
}

const fn outcome_of(status: Status) -> Outcome {
    if status.is_public() { Outcome::Published } else { Outcome::Held }
}

/// The comment that a receipt opens.
async fn opened(tx: &Tx, receipt: &str, now: DateTime<Utc>) -> Result<Option<CommentId>, StoreError> {
    let secret = tx.site_secret().await?;
    let Ok(id) = receipt::open(&secret, receipt, now) else { return Ok(None) };
    Ok(tx.comment_is_kept(id).await?.then_some(id))
}
