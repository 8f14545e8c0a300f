//! Leaving a comment below an article, as a guest.
//!
//! Stores it once however often the same request comes, decides whether everyone sees it, and gives the writer a
//! receipt. Throttles, filters and near-duplicates come before or around this; it knows nothing of them.

use chrono::TimeDelta;
use masthead_domain::article::{ArticleId, Status as ArticleStatus};
use masthead_domain::comment::leave::{Fit, Refused, Submission, depth_below, first_status};
use masthead_domain::comment::{Comment, CommentId, Policy, text};
use masthead_domain::event::Event;
use masthead_domain::viewer::policy::{Action, may};
use masthead_persistence::comment::{Commentable, Idempotent, NewComment};
use masthead_persistence::{Store, StoreError, Tx};
use thiserror::Error;

use super::receipt;
use crate::Occasion;
use crate::keyed_hash::{Purpose, keyed_hash};

/// How long a repeated request is known as one.
pub const KEY_LIFETIME: TimeDelta = TimeDelta::hours(24);

/// A comment that was left.
#[derive(Debug, Clone, PartialEq)]
pub struct Left {
    /// Who sees it.
    pub outcome: Outcome,
    /// The comment, for its writer also where nobody else sees it.
    pub comment: Comment,
    /// What its writer comes back with: see [`super::receipt`].
    pub receipt: String,
}

/// Who sees a comment that was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everyone.
    Published,
    /// A moderator first.
    Held,
}

/// Why no comment was left.
#[derive(Debug, Clone, Error)]
pub enum LeaveError {
    /// The writer can read why.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Our fault.
    #[error(transparent)]
    Fault(#[from] StoreError),
}

/// Leaves a comment below `article`, in answer to `parent` where one is given.
///
/// `policy_override`, which the operator sets, goes before the article's policy, and that before the site's. With an
/// idempotency key, the same request within [`KEY_LIFETIME`] gives the first comment as it is now, and its receipt;
/// the same key with another article, parent, text or writer is refused. So is the key's use by whoever cannot show
/// the writer's key that it came with: knowing both key and text gets nobody another's receipt.
///
/// A hidden article and one that does not exist are refused alike, before anything of the article is looked at.
pub async fn leave(
    store: &Store,
    policy_override: Option<Policy>,
    occasion: &Occasion,
    article: ArticleId,
    parent: Option<CommentId>,
    submission: Submission,
) -> Result<Left, LeaveError> {
    may(&occasion.viewer, Action::SeeArticle(ArticleStatus::Published)).map_err(|_| Refused::NotFound)?;
    let request = Request { article, parent, fit: submission.check()? };
    // The same request may be under way in another process: it then has the key, and its comment is there at the
    // second look.
    for _ in 0..2 {
        if let Some(left) = attempt(store, policy_override, occasion, &request).await? {
            return Ok(left);
        }
    }
    Err(Refused::KeyReused.into())
}

/// What is asked for, checked field by field.
struct Request {
    article: ArticleId,
    parent: Option<CommentId>,
    fit: Fit,
}

/// One transaction. `None`: another request took the key at this moment, and everything was taken back.
async fn attempt(
    store: &Store,
    policy_override: Option<Policy>,
    occasion: &Occasion,
    request: &Request,
) -> Result<Option<Left>, LeaveError> {
    let tx = store.begin().await?;
    let commentable = tx.commentable(request.article).await?.ok_or(Refused::NotFound)?;
    let secret = tx.site_secret().await?;
    let hashes = request.hashes(&secret);
    if let Some(key) = &hashes.key
        && let Some(before) = tx.idempotent(key, occasion.now).await?
    {
        if before.request_hash != hashes.request {
            return Err(Refused::KeyReused.into());
        }
        return Ok(Some(left(&tx, &secret, before.comment).await?));
    }

    let policy = match policy_override.or(commentable.policy) {
        Some(policy) => policy,
        None => tx.site().await?.comment_policy,
    };
    let new = decide(&tx, policy, &commentable, occasion, request, hashes.writer).await?;
    let id = tx.comment_add(&new).await?;
    if let Some(key) = &hashes.key {
        let used_for = Idempotent { request_hash: hashes.request, comment: id };
        if !tx.idempotent_take(key, &used_for, occasion.now, occasion.now + KEY_LIFETIME).await? {
            return Ok(None);
        }
    }
    let event = if new.status.is_public() {
        Event::CommentPublished { comment: id, article: request.article }
    } else {
        Event::CommentHeld { comment: id, article: request.article }
    };
    tx.append(event, occasion.now);
    let left = left(&tx, &secret, id).await?;
    tx.commit().await?;
    Ok(Some(left))
}

/// The comment that the request makes, under `policy`.
async fn decide(
    tx: &Tx,
    policy: Policy,
    commentable: &Commentable,
    occasion: &Occasion,
    request: &Request,
    writer_key: Option<Vec<u8>>,
) -> Result<NewComment, LeaveError> {
    let fit = &request.fit;
    // An address proves nothing: only the key that the writer's browser keeps makes a writer known.
    let approved_before = match (policy, &writer_key) {
        (Policy::FirstTime, Some(key)) => tx.writer_is_known(key).await?,
        _ => false,
    };
    let status = first_status(policy, fit, approved_before)?;
    let parent = match request.parent {
        None => None,
        Some(id) => {
            let parent = tx.comment_parent(request.article, id).await?;
            Some(parent.filter(|parent| parent.status.is_public()).ok_or(Refused::ParentNotFound)?)
        }
    };
    depth_below(parent.map(|parent| parent.depth))?;
    Ok(NewComment {
        article: request.article,
        parent,
        status,
        author_name: fit.author_name.clone(),
        author_email: fit.author_email.clone(),
        writer_key,
        by_staff: false,
        direction: text::direction(&fit.body, commentable.direction),
        text: fit.body.clone(),
        html: text::html(&fit.body),
        created_at: occasion.now,
    })
}

/// A stored comment as its writer is told of it.
async fn left(tx: &Tx, secret: &[u8], id: CommentId) -> Result<Left, StoreError> {
    let (comment, status) = tx.comment_with_status(id).await?.ok_or_else(|| StoreError::Unreadable {
        column: "idempotency_keys.comment_id",
        why: format!("there is no comment {}", id.get()),
    })?;
    let outcome = if status.is_public() { Outcome::Published } else { Outcome::Held };
    let receipt = receipt::issue(secret, id, comment.created_at);
    Ok(Left { outcome, comment, receipt })
}

/// What is stored of a request's secrets, and what tells it from others.
struct Hashes {
    writer: Option<Vec<u8>>,
    key: Option<Vec<u8>>,
    request: Vec<u8>,
}

impl Request {
    fn hashes(&self, secret: &[u8]) -> Hashes {
        let of_text = |purpose, text: &Option<String>| {
            text.as_ref().map(|text| keyed_hash(secret, purpose, &[text.as_bytes()]).to_vec())
        };
        let writer = of_text(Purpose::WriterKey, &self.fit.writer_key);
        let request = keyed_hash(
            secret,
            Purpose::Request,
            &[
                &self.article.get().to_be_bytes(),
                // No comment has the key 0.
                &self.parent.map_or(0, |parent| parent.get()).to_be_bytes(),
                self.fit.body.as_bytes(),
                writer.as_deref().unwrap_or(&[]),
            ],
        );
        Hashes {
            writer,
            key: of_text(Purpose::IdempotencyKey, &self.fit.idempotency_key),
            request: request.to_vec(),
        }
    }
}
