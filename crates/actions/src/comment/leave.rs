//! Leaving a comment below an article, as a guest or signed in.
//!
//! Stores it once however often the same request comes, lets the phases decide whether everyone sees it, and gives the
//! writer a receipt. The newsroom's own classifier is asked between two transactions, never within one.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use masthead_domain::article::{ArticleId, Status as ArticleStatus};
use masthead_domain::comment::following::{Frequency, Language};
use masthead_domain::comment::leave::{Field, Fit, Refused, Submission, depth_below};
use masthead_domain::comment::pipeline::{Finding, Phase, Verdict, outcome};
use masthead_domain::comment::{Comment, CommentId, text};
use masthead_domain::event::Event;
use masthead_domain::text::LanguageTag;
use masthead_domain::user::Role;
use masthead_domain::viewer::policy::{Action, may};
use masthead_persistence::comment::{Commentable, Idempotent, NewComment, WriterMarks};
use masthead_persistence::{Store, StoreError, Tx};
use thiserror::Error;

use super::classify::Question;
use super::conversation::Conversation;
use super::follow::{self, FollowError};
use super::judge::{self, Subject};
use super::writer::Writer;
use super::{form, receipt};
use crate::Occasion;
use crate::keyed_hash::{Purpose, keyed_hash};
use crate::rate::network;
use crate::refused::DeskError;

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
    /// What became of the wish to follow the thread. `None`: there was none, the same request came before, or too much
    /// was asked for from there.
    pub follow: Option<follow::Outcome>,
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

/// A comment as it is handed in, apart from who hands it in.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The article it is about.
    pub article: ArticleId,
    /// The comment it answers.
    pub parent: Option<CommentId>,
    /// What was typed.
    pub submission: Submission,
    /// The form's token.
    pub form_token: Option<String>,
    /// From which network address it comes, where that is known.
    pub address: Option<IpAddr>,
    /// How often letters about the thread are to come: to the login's address, or a guest's after it has confirmed that.
    /// `None`: there are to be none.
    pub follow: Option<Frequency>,
}

/// Leaves a comment.
///
/// With an idempotency key, the same request within [`KEY_LIFETIME`] gives the first comment as it is now, and its
/// receipt; the same key with another article, parent, text or writer is refused. So is the key's use by whoever cannot
/// show the writer's key that it came with: knowing both key and text gets nobody another's receipt.
///
/// A hidden article and one that does not exist are refused alike, before anything of the article is looked at.
pub async fn leave(
    store: &Store,
    conversation: &Conversation,
    occasion: &Occasion,
    wish: Wish,
) -> Result<Left, LeaveError> {
    may(&occasion.viewer, Action::SeeArticle(ArticleStatus::Published)).map_err(|_| Refused::NotFound)?;
    let Wish { article, parent, submission, form_token, address, follow } = wish;
    let mut fit = submission.check()?;
    if follow.is_some() && fit.author_email.is_none() && occasion.viewer.user().is_none() {
        let why = "Say where letters about the thread are to go, or do without them.";
        return Err(Refused::Invalid { field: Field::AuthorEmail, why }.into());
    }
    if fit.author_name.is_none() {
        fit.author_name = occasion.viewer.member().map(|member| member.name.clone());
    }
    let mut request =
        Request { article, parent, fit, form_token, address, follow, external: None, counted: false };
    // The same request may be under way in another process: it then has the key, and its comment is there at the
    // next look. A classifier takes one look more.
    for _ in 0..3 {
        match attempt(store, conversation, occasion, &mut request).await? {
            Attempt::Left(left) => return Ok(*left),
            Attempt::KeyTaken => {}
            Attempt::AskClassifier(question) => {
                let answer = match conversation.classifier() {
                    Some(classifier) => classifier.classify(&question).await,
                    None => None,
                };
                request.external = Some(answer);
            }
        }
    }
    Err(Refused::KeyReused.into())
}

/// What is asked for, checked field by field, and what became of it so far.
struct Request {
    article: ArticleId,
    parent: Option<CommentId>,
    fit: Fit,
    form_token: Option<String>,
    address: Option<IpAddr>,
    follow: Option<Frequency>,
    /// The classifier's answer, where it was asked.
    external: Option<Option<Finding>>,
    /// It was counted against the throttle.
    counted: bool,
}

/// What one transaction came to.
enum Attempt {
    /// The comment is there.
    Left(Box<Left>),
    /// Another request took the key at this moment, and everything was taken back.
    KeyTaken,
    /// Nothing was written: the classifier is to be asked first.
    AskClassifier(Question),
}

async fn attempt(
    store: &Store,
    conversation: &Conversation,
    occasion: &Occasion,
    request: &mut Request,
) -> Result<Attempt, LeaveError> {
    let tx = store.begin().await?;
    let below = tx.commentable(request.article).await?.ok_or(Refused::NotFound)?;
    let secret = tx.site_secret().await?;
    let writer = Writer::of(&secret, &occasion.viewer, request.fit.writer_key.as_deref());
    let (key, request_hash) = request.hashes(&secret, writer.as_ref());
    if let Some(key) = &key {
        tx.idempotent_own(key).await?;
    }
    if let Some(key) = &key
        && let Some(before) = tx.idempotent(key, occasion.now).await?
    {
        if before.request_hash != request_hash {
            return Err(Refused::KeyReused.into());
        }
        return Ok(Attempt::Left(Box::new(left(&tx, &secret, before.comment).await?)));
    }
    if !std::mem::replace(&mut request.counted, true) {
        let mark = writer.as_ref().map(Writer::hash);
        conversation
            .comment(mark, request.address, request.article, occasion.now)
            .map_err(|too_fast| Refused::TooFast { retry_after: too_fast.seconds })?;
    }

    let address = address_hash(&tx, occasion, request.address).await?;
    let (new, findings) =
        match decide(&tx, conversation, &below, occasion, request, writer, address, &secret).await? {
            Decided::Comment(new, findings) => (new, findings),
            Decided::Undecided(findings) => {
                let question = request.question(below.locale, &findings);
                return Ok(Attempt::AskClassifier(question));
            }
        };
    let id = tx.comment_add(&new).await?;
    tx.comment_findings_put(id, &findings, occasion.now).await?;
    if let Some(key) = &key {
        let used_for = Idempotent { request_hash, comment: id };
        if !tx.idempotent_take(key, &used_for, occasion.now, occasion.now + KEY_LIFETIME).await? {
            return Ok(Attempt::KeyTaken);
        }
    }
    let event = if new.status.is_public() {
        Event::CommentPublished { comment: id, article: request.article }
    } else {
        Event::CommentHeld { comment: id, article: request.article }
    };
    tx.append(event, occasion.now);
    let mut left = left(&tx, &secret, id).await?;
    left.follow =
        follows(&tx, conversation, occasion, request, &below.locale, new.writer_key.as_deref()).await?;
    tx.commit().await?;
    Ok(Attempt::Left(Box::new(left)))
}

/// Lets the writer follow the thread, where they want to. Robots cannot have letters sent to others this way.
async fn follows(
    tx: &Tx,
    conversation: &Conversation,
    occasion: &Occasion,
    request: &Request,
    locale: &LanguageTag,
    writer: Option<&[u8]>,
) -> Result<Option<follow::Outcome>, StoreError> {
    let Some(frequency) = request.follow.filter(|_| !request.fit.looks_automatic) else { return Ok(None) };
    if conversation.follow_from(request.address, occasion.now).is_err() {
        // No reason to refuse the comment.
        return Ok(None);
    }
    let is_guest = occasion.viewer.user().is_none();
    let asking = follow::Asking {
        article: request.article,
        // Who is signed in is known by the login, whatever was typed.
        email: request.fit.author_email.as_ref().filter(|_| is_guest),
        writer,
        language: Language::of(locale),
        frequency,
    };
    match follow::put(tx, conversation, occasion, &asking).await {
        Ok(outcome) => Ok(Some(outcome)),
        Err(FollowError::Other(DeskError::Fault(fault))) => Err(fault),
        // No reason to refuse the comment.
        Err(
            FollowError::Closed | FollowError::TooFast { .. } | FollowError::Other(DeskError::Refused(_)),
        ) => Ok(None),
    }
}

/// The comment that a request makes, or what was found before the classifier is asked.
enum Decided {
    Comment(Box<NewComment>, Vec<Finding>),
    Undecided(Vec<Finding>),
}

#[allow(clippy::too_many_arguments, reason = "one step of `attempt`, which has gathered all of it")]
async fn decide(
    tx: &Tx,
    conversation: &Conversation,
    below: &Commentable,
    occasion: &Occasion,
    request: &Request,
    writer: Option<Writer>,
    address: Option<Vec<u8>>,
    secret: &[u8],
) -> Result<Decided, LeaveError> {
    let fit = &request.fit;
    let rules = tx.comment_rules_below(request.article).await?.ok_or(Refused::NotFound)?;
    let member = occasion.viewer.member();
    let by_staff = member.is_some_and(|member| member.role > Role::Reader);
    let subject = Subject {
        text: &fit.body,
        author_name: fit.author_name.as_deref(),
        email: fit.author_email.as_ref(),
        article: request.article,
        below,
        marks: WriterMarks { writer: writer.as_ref().map(Writer::hash), address: address.as_deref() },
        user: occasion.viewer.user(),
        by_staff,
        open_for: request.form_token.as_deref().and_then(|token| form::open_for(secret, token, occasion.now)),
        honeypot: fit.looks_automatic,
        is_edit: false,
    };
    let mut findings = judge::findings(tx, conversation, &rules, &subject, occasion.now).await?;
    let asks = conversation.classifier().is_some() && !by_staff && outcome(&findings) <= Verdict::Hold;
    match &request.external {
        None if asks => return Ok(Decided::Undecided(findings)),
        None => {}
        Some(answer) => findings.extend(answer.clone().map(|it| Finding { phase: Phase::External, ..it })),
    }
    let status = judge::status(&fit.body, &rules, &findings)?;
    let parent = match request.parent {
        None => None,
        Some(id) => {
            let parent = tx.comment_parent(request.article, id).await?;
            Some(parent.filter(|parent| parent.status.is_public()).ok_or(Refused::ParentNotFound)?)
        }
    };
    depth_below(parent.map(|parent| parent.depth), rules.max_depth)?;
    let new = NewComment {
        article: request.article,
        parent,
        status,
        author_name: fit.author_name.clone(),
        author_email: fit.author_email.clone(),
        writer_key: writer.map(Writer::into_hash),
        user: occasion.viewer.user(),
        address_hash: address,
        by_staff,
        direction: text::direction(&fit.body, below.direction),
        text: fit.body.clone(),
        html: text::html(&fit.body),
        created_at: occasion.now,
    };
    Ok(Decided::Comment(Box::new(new), findings))
}

/// Throws away the secrets under which network addresses were hashed before yesterday. To be called now and then: no
/// comment may come that would do it.
pub async fn forget_addresses(store: &Store, now: DateTime<Utc>) -> Result<(), StoreError> {
    let tx = store.begin().await?;
    tx.address_secrets_forget(day_of(now)).await?;
    tx.commit().await
}

fn day_of(now: DateTime<Utc>) -> i64 {
    now.timestamp().div_euclid(86_400)
}

/// The network address, of IPv6 what a customer is given, as a hash under the day's secret, which is thrown away soon
/// after.
pub(super) async fn address_hash(
    tx: &Tx,
    occasion: &Occasion,
    address: Option<IpAddr>,
) -> Result<Option<Vec<u8>>, StoreError> {
    let Some((is_v6, network)) = network(address) else { return Ok(None) };
    let secret = tx
        .address_secret(day_of(occasion.now), &keyed_hash(&occasion.entropy, Purpose::NetworkAddress, &[]))
        .await?;
    let parts: [&[u8]; 2] = [&[u8::from(is_v6)], &network.to_be_bytes()];
    Ok(Some(keyed_hash(&secret, Purpose::NetworkAddress, &parts).to_vec()))
}

/// A stored comment as its writer is told of it.
async fn left(tx: &Tx, secret: &[u8], id: CommentId) -> Result<Left, StoreError> {
    let (comment, status) = tx.comment_with_status(id).await?.ok_or_else(|| StoreError::Unreadable {
        column: "idempotency_keys.comment_id",
        why: format!("there is no comment {}", id.get()),
    })?;
    // A writer who is banned without being told is not told here either.
    let published = status.is_public() || tx.comment_is_shadowed(id).await?;
    let outcome = if published { Outcome::Published } else { Outcome::Held };
    let receipt = receipt::issue(secret, id, comment.created_at);
    Ok(Left { outcome, comment, receipt, follow: None })
}

impl Request {
    /// The idempotency key's hash, and what tells this request from others.
    fn hashes(&self, secret: &[u8], writer: Option<&Writer>) -> (Option<Vec<u8>>, Vec<u8>) {
        let key = self.fit.idempotency_key.as_ref();
        let key = key.map(|key| keyed_hash(secret, Purpose::IdempotencyKey, &[key.as_bytes()]).to_vec());
        let request = keyed_hash(
            secret,
            Purpose::Request,
            &[
                &self.article.get().to_be_bytes(),
                // No comment has the key 0.
                &self.parent.map_or(0, |parent| parent.get()).to_be_bytes(),
                self.fit.body.as_bytes(),
                writer.map_or(&[], Writer::hash),
            ],
        );
        (key, request.to_vec())
    }

    fn question(&self, locale: LanguageTag, findings: &[Finding]) -> Question {
        Question {
            text: self.fit.body.clone(),
            author_name: self.fit.author_name.clone(),
            locale,
            findings: findings.iter().map(|finding| (finding.phase, finding.verdict)).collect(),
        }
    }
}
