//! What a writer does with a comment's receipt: see where it stands, change it, take it back.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use masthead_actions::comment::leave::LeaveError;
use masthead_actions::comment::own::{by_receipt, edit, withdraw};
use masthead_domain::comment::leave::Refused;

use super::Comment;
use super::create::CommentOutcome;
use super::moderation::CommentStatus;
use crate::context::Visit;
use crate::edition::Edition;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::refusal::{Errors, codes, outcome};
use crate::scalar::{DateTime, EmailAddress};

/// The queries of a comment's writer.
#[derive(Default)]
pub(crate) struct OwnCommentQuery;

/// A comment for its own writer.
#[derive(SimpleObject)]
pub(crate) struct OwnComment {
    /// Where it stands.
    status: CommentStatus,
    /// Until when its text can be changed. `null`: it cannot any more.
    editable_until: Option<DateTime>,
    /// The comment with all its text, also where nobody else sees it.
    comment: Comment,
    /// What is kept of its writer.
    kept: KeptOfWriter,
}

/// All that the site keeps of who wrote a comment, beside the comment itself: nothing else that could tell who it was. What
/// readers reported and moderators decided is about the comment, and theirs.
#[derive(SimpleObject)]
pub(crate) struct KeptOfWriter {
    /// The name that stands with the comment. `null`: none does.
    author_name: Option<String>,
    /// The address as it was typed; no reader sees it. `null`: none was.
    author_email: Option<EmailAddress>,
    /// Whether the login that wrote it is noted.
    login: bool,
    /// Whether a hash of the key is kept that the writer's browser made (`writerKey`), or of the login.
    writer_key: bool,
    /// Whether a hash of the network address is kept. It is made with a key that changes every day and is thrown away after
    /// a few days; from then on the hash leads nowhere.
    network_address: bool,
}

#[Object]
impl OwnCommentQuery {
    /// The comment of a receipt, for its writer, with all that is kept of them. `null`: no receipt of this site, one that has expired (after 30 days), or
    /// a comment that is gone or was erased; the cases cannot be told apart.
    async fn comment_by_receipt(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What `createComment` answered.")] receipt: String,
    ) -> Option<Result<OwnComment, Failure>> {
        own_comment(ctx, &receipt).await.transpose()
    }
}

async fn own_comment(ctx: &Context<'_>, receipt: &str) -> Result<Option<OwnComment>, Failure> {
    let visit = Visit::of(ctx);
    let Some((own, by)) = by_receipt(&visit.session().reads, receipt, visit.now()).await? else {
        return Ok(None);
    };
    let kept = KeptOfWriter {
        author_name: own.comment.author_name.clone(),
        author_email: by.email.map(|email| EmailAddress(email.as_str().to_owned())),
        login: by.user.is_some(),
        writer_key: by.writer.is_some(),
        network_address: by.address,
    };
    Ok(Some(OwnComment {
        kept,
        status: own.status.into(),
        editable_until: own.editable_until.map(DateTime),
        comment: Comment::new(Arc::new(own.comment), None, Edition::open(ctx, None).await?),
    }))
}

/// The mutations of a comment's writer.
#[derive(Default)]
pub(crate) struct OwnCommentMutation;

/// Another text for a comment.
#[derive(InputObject)]
pub(crate) struct EditCommentInput {
    /// What `createComment` answered.
    receipt: String,
    /// The text, plain, of so many characters as the rules below the article say: at most 10,000.
    body: String,
}

/// Why a comment was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum EditCommentErrorCode {
    /// The edit window is over, or the comment was refused.
    Closed,
    /// The text is empty or holds what cannot be stored.
    Invalid,
    /// The text has too many characters; the message says how many are allowed.
    TooLong,
    /// Too much in too short a time; `retryAfter` says when to try again.
    TooFast,
    /// The text is not taken as it is; the writer may change it and try again.
    Reword,
    /// The writer may not comment.
    Banned,
    /// The receipt opens no comment.
    NotFound,
    /// This site or article takes comments only from people who are signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
}

/// One reason for which a comment was not changed.
#[derive(SimpleObject)]
pub(crate) struct EditCommentError {
    /// For the client to switch on.
    code: EditCommentErrorCode,
    /// The path of the field at fault. `null` where it is none of them.
    field: Option<&'static str>,
    /// A sentence for the writer, in English.
    message: String,
    /// After how many seconds trying again may help. `null` where waiting does not help.
    retry_after: Option<i32>,
}

/// What became of a changed comment: taken, with `errors` empty; or refused, with everything else `null`.
#[derive(SimpleObject)]
pub(crate) struct EditCommentPayload {
    /// Whether everyone sees it or a moderator does first. `null` where it was refused.
    outcome: Option<CommentOutcome>,
    /// The comment as it is now. `null` where it was refused.
    comment: Option<Comment>,
    /// Why it was refused. Empty where it was taken.
    errors: Vec<EditCommentError>,
}

/// A comment to be taken back.
#[derive(InputObject)]
pub(crate) struct WithdrawCommentInput {
    /// What `createComment` answered.
    receipt: String,
}

/// Why a comment was not taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum WithdrawCommentErrorCode {
    /// The receipt opens no comment.
    NotFound,
    /// A field cannot be taken as it is.
    Invalid,
    /// Never answered: a receipt needs nobody to be signed in.
    Unauthenticated,
    /// Never answered: whoever has a receipt may.
    Forbidden,
}
codes!(WithdrawCommentErrorCode);

/// What became of a comment that was to be taken back.
#[derive(SimpleObject)]
pub(crate) struct WithdrawCommentPayload {
    /// The comment's id. `null` where it was refused.
    withdrawn_id: Option<ID>,
    /// Why it was refused. Empty where it was done.
    errors: Errors<WithdrawCommentErrorCode>,
}

#[Object]
impl OwnCommentMutation {
    /// Puts another text in the place of a comment's, with its receipt, while `commentByReceipt { editableUntil }` is not
    /// over. The new text is examined like a new comment's: it may be held. The same text again changes nothing. For
    /// guests too. `null` only together with an error.
    async fn edit_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The receipt and the new text.")] input: EditCommentInput,
    ) -> Option<Result<EditCommentPayload, Failure>> {
        Some(edited(Visit::of(ctx), input).await)
    }

    /// Takes a comment back, with its receipt, at any time. Its text is gone for readers; where answers stand below it,
    /// its place stays for their sake (`removed`). Again does nothing. For guests too. `null` only together with an error.
    async fn withdraw_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The receipt.")] input: WithdrawCommentInput,
    ) -> Option<Result<WithdrawCommentPayload, Failure>> {
        let visit = Visit::of(ctx);
        let done = outcome(withdraw(&visit.settings().store, &visit.occasion(), &input.receipt).await);
        Some(done.map(|done| match done {
            Ok(id) => {
                let id = Some(GlobalId::Comment(id).into());
                WithdrawCommentPayload { withdrawn_id: id, errors: Vec::new() }
            }
            Err(errors) => WithdrawCommentPayload { withdrawn_id: None, errors },
        }))
    }
}

async fn edited(visit: &Visit, input: EditCommentInput) -> Result<EditCommentPayload, Failure> {
    let settings = visit.settings();
    let done =
        edit(&settings.store, &settings.conversation, &visit.occasion(), &input.receipt, input.body).await;
    match done {
        Ok((outcome, comment)) => {
            let edition = Edition::after_writing(visit).await?;
            Ok(EditCommentPayload {
                outcome: Some(outcome.into()),
                comment: Some(Comment::new(Arc::new(comment), None, edition)),
                errors: Vec::new(),
            })
        }
        Err(LeaveError::Refused(refused)) => {
            Ok(EditCommentPayload { outcome: None, comment: None, errors: vec![refused.into()] })
        }
        Err(LeaveError::Fault(fault)) => Err(fault.into()),
    }
}

impl From<Refused> for EditCommentError {
    fn from(refused: Refused) -> Self {
        use EditCommentErrorCode as Code;
        const BODY: Option<&str> = Some("input.body");
        let mut retry_after = None;
        let mut message = refused.to_string();
        let (code, field) = match refused {
            Refused::Closed => {
                message = "This comment cannot be changed any more.".to_owned();
                (Code::Closed, None)
            }
            Refused::NotFound | Refused::ParentNotFound => {
                message = "This receipt opens no comment.".to_owned();
                (Code::NotFound, Some("input.receipt"))
            }
            Refused::MembersOnly => (Code::Unauthenticated, None),
            Refused::TooLong { .. } => (Code::TooLong, BODY),
            Refused::TooFast { retry_after: seconds } => {
                retry_after = Some(i32::try_from(seconds).unwrap_or(i32::MAX));
                (Code::TooFast, None)
            }
            Refused::Reword { .. } | Refused::Duplicate => (Code::Reword, BODY),
            Refused::Banned => (Code::Banned, None),
            Refused::Invalid { .. } | Refused::TooDeep | Refused::KeyReused => (Code::Invalid, BODY),
        };
        Self { code, field, message, retry_after }
    }
}
