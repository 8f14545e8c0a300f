//! Reacting to a comment and reporting it: one of each a writer, and each can be taken back.

use std::net::IpAddr;

use masthead_domain::comment::moderation::{ReportReason, note};
use masthead_domain::comment::pipeline::reports;
use masthead_domain::comment::{Comment, CommentId, ReactionKind, Status};
use masthead_domain::event::Event;
use masthead_domain::viewer::policy::Denied;
use masthead_persistence::comment::{NewReport, Standing};
use masthead_persistence::{Store, Tx};
use thiserror::Error;

use super::conversation::Conversation;
use super::leave::address_hash;
use super::own::announce;
use super::writer::{NO_KEY, Writer, is_key};
use crate::Occasion;
use crate::refused::{DeskError, Fault, Refused};

const WRITER_KEY: &str = "input.writerKey";
const NOTE: &str = "input.note";

/// Why nothing was done.
#[derive(Debug, Clone, Error)]
pub enum TouchError {
    /// Too many in too short a time.
    #[error("Too many in a short time: try again in {retry_after} seconds, please.")]
    TooFast {
        /// After how many seconds there is room for another, at least 1.
        retry_after: u32,
    },
    /// As everywhere.
    #[error(transparent)]
    Other(#[from] DeskError),
}

impl From<Refused> for TouchError {
    fn from(refused: Refused) -> Self {
        Self::Other(refused.into())
    }
}

impl From<masthead_persistence::StoreError> for TouchError {
    fn from(fault: masthead_persistence::StoreError) -> Self {
        Self::Other(fault.into())
    }
}

/// By whom, and from where.
#[derive(Debug, Clone, Default)]
pub struct Toucher {
    /// The secret that a guest's browser keeps.
    pub writer_key: Option<String>,
    /// The network address, where it is known.
    pub address: Option<IpAddr>,
}

/// Makes `kind` the writer's reaction to a public comment, in the place of another one; `on` false takes it back. Again
/// does nothing. Answers the comment with its counts.
pub async fn react(
    store: &Store,
    conversation: &Conversation,
    occasion: &Occasion,
    by: &Toucher,
    comment: CommentId,
    kind: ReactionKind,
    on: bool,
) -> Result<Comment, TouchError> {
    let (tx, writer, standing) = begin(store, conversation, occasion, by, comment, Access::Public).await?;
    let put = if on {
        Some(kind)
    } else {
        // Only what was chosen is taken back.
        tx.reaction_of(comment, writer.hash()).await?.filter(|chosen| *chosen != kind)
    };
    if tx.reaction_put(comment, writer.hash(), put, occasion.now).await? {
        tx.append(Event::CommentEdited { comment, article: standing.article }, occasion.now);
    }
    let (after, _) = tx.comment_with_status(comment).await?.ok_or(Refused::NotFound)?;
    tx.commit().await?;
    Ok(after)
}

/// Reports a public comment. A second report of the same writer changes nothing. From so many on as the site's rules say,
/// the comment is held until a moderator has decided.
pub async fn report(
    store: &Store,
    conversation: &Conversation,
    occasion: &Occasion,
    by: &Toucher,
    comment: CommentId,
    reason: ReportReason,
    ground: Option<&str>,
) -> Result<(), TouchError> {
    let ground = note(ground).map_err(|wrong| Refused::from(Fault::new(NOTE, format!("It {wrong}."))))?;
    if reason.needs_a_note() && ground.is_none() {
        let why = "Say why it is against the law, please: it goes to a person who decides.";
        return Err(Refused::from(Fault::new(NOTE, why)).into());
    }
    let (tx, writer, standing) =
        begin(store, conversation, occasion, by, comment, Access::PublicToMove).await?;
    let address = address_hash(&tx, occasion, by.address).await?;
    let new = NewReport {
        address: address.as_deref(),
        comment,
        reporter: writer.hash(),
        user: occasion.viewer.user(),
        reason,
        note: ground.as_deref(),
        at: occasion.now,
    };
    let Some(sources) = tx.report_add(&new).await? else { return Ok(()) };
    tx.append(Event::CommentReported { comment, article: standing.article }, occasion.now);
    if let Some(finding) = reports(sources, &tx.comment_rules().await?) {
        tx.comment_finding_add(comment, &finding, occasion.now).await?;
        tx.comment_move(&standing, Status::Pending).await?;
        announce(&tx, &standing, Status::Pending, occasion.now);
    }
    tx.commit().await?;
    Ok(())
}

/// Takes a report back that nobody has dealt with, also where the comment waits for a moderator on account of it: it goes
/// on waiting. Does nothing where there is no report.
pub async fn take_report_back(
    store: &Store,
    conversation: &Conversation,
    occasion: &Occasion,
    by: &Toucher,
    comment: CommentId,
) -> Result<(), TouchError> {
    let (tx, writer, standing) = begin(store, conversation, occasion, by, comment, Access::Reported).await?;
    if tx.report_remove(comment, writer.hash()).await? {
        tx.append(Event::CommentReported { comment, article: standing.article }, occasion.now);
        tx.commit().await?;
    } else if !standing.status.is_public() || tx.commentable(standing.article).await?.is_none() {
        // Whoever has reported it knows that it was there; nobody else is told.
        return Err(Refused::NotFound.into());
    }
    Ok(())
}

/// What a writer needs a comment to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    /// One that readers see.
    Public,
    /// The same; it is locked with its thread, and may be moved.
    PublicToMove,
    /// One that may be there for its reporters only; the caller looks.
    Reported,
}

/// A change of a comment by a writer who is known.
async fn begin(
    store: &Store,
    conversation: &Conversation,
    occasion: &Occasion,
    by: &Toucher,
    comment: CommentId,
    access: Access,
) -> Result<(Tx, Writer, Standing), TouchError> {
    let key = by.writer_key.as_deref();
    if key.is_some_and(|key| !is_key(key)) {
        return Err(Refused::from(Fault::new(WRITER_KEY, NO_KEY)).into());
    }
    if key.is_none() && occasion.viewer.user().is_none() {
        // Nothing would tell one guest from another.
        return Err(Refused::from(Denied::Unauthenticated).into());
    }
    conversation
        .touch(by.address, occasion.now)
        .map_err(|too_fast| TouchError::TooFast { retry_after: too_fast.seconds })?;
    let tx = store.begin().await?;
    let secret = tx.site_secret().await?;
    let writer = Writer::of(&secret, &occasion.viewer, key).ok_or(Refused::from(Denied::Unauthenticated))?;
    if access == Access::PublicToMove {
        tx.threads_own(&[comment]).await?;
    }
    let standing = tx.comment_standing(comment).await?.ok_or(Refused::NotFound)?;
    if access != Access::Reported {
        if !standing.status.is_public() {
            return Err(Refused::NotFound.into());
        }
        tx.commentable(standing.article).await?.ok_or(Refused::NotFound)?;
    }
    Ok((tx, writer, standing))
}
