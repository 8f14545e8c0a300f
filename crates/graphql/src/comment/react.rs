//! Reacting to comments and reporting them: one of each a writer, who is a login or a guest's key.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, OutputType, SimpleObject, TypeName};
use masthead_actions::comment::react::{TouchError, Toucher, react, report, take_report_back};
use masthead_actions::refused::DeskError;
use masthead_domain::comment::CommentId;

use super::Comment;
use super::moderation::ReportReason;
use super::object::ReactionKind;
use crate::context::Visit;
use crate::edition::Edition;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::refusal::{ErrorCode, codes, errors, key};

/// The mutations of readers on others' comments.
#[derive(Default)]
pub(crate) struct ReactionMutation;

/// A reaction to a comment.
#[derive(InputObject)]
pub(crate) struct ReactToCommentInput {
    /// The comment.
    comment_id: ID,
    /// What to choose, or to take back.
    kind: ReactionKind,
    /// Whether to choose it (the default) or to take it back.
    #[graphql(default = true)]
    on: bool,
    /// The secret that the reader's browser keeps, as in `createComment`. Needed from guests.
    writer_key: Option<String>,
}

/// A report of a comment.
#[derive(InputObject)]
pub(crate) struct ReportCommentInput {
    /// The comment.
    comment_id: ID,
    /// Why.
    reason: ReportReason,
    /// Why, in words: at most 2,000 characters. Needed with ILLEGAL; for moderators only.
    note: Option<String>,
    /// The secret that the reader's browser keeps, as in `createComment`. Needed from guests.
    writer_key: Option<String>,
}

/// A report to be taken back.
#[derive(InputObject)]
pub(crate) struct WithdrawReportInput {
    /// The comment.
    comment_id: ID,
    /// The secret that came with the report. Needed from guests.
    writer_key: Option<String>,
}

/// Why a reaction was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum ReactToCommentErrorCode {
    /// Neither signed in nor with a `writerKey`.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// There is no such comment.
    NotFound,
    /// A field cannot be taken as it is.
    Invalid,
    /// Too much in too short a time; `retryAfter` says when to try again.
    TooFast,
}

/// Why a report was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum ReportCommentErrorCode {
    /// Neither signed in nor with a `writerKey`.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// There is no such comment.
    NotFound,
    /// A field cannot be taken as it is; with ILLEGAL, that there is no note.
    Invalid,
    /// Too much in too short a time; `retryAfter` says when to try again.
    TooFast,
}

/// Why a report was not taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum WithdrawReportErrorCode {
    /// Neither signed in nor with a `writerKey`.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// There is no such comment.
    NotFound,
    /// A field cannot be taken as it is.
    Invalid,
    /// Too much in too short a time; `retryAfter` says when to try again.
    TooFast,
}

/// A mutation's codes, TOO_FAST among them.
trait TouchCode: ErrorCode {
    const TOO_FAST: Self;
}

macro_rules! touch_codes {
    ($($code:ident)*) => {$(
        codes!($code);
        impl TouchCode for $code {
            const TOO_FAST: Self = Self::TooFast;
        }
    )*};
}
touch_codes!(ReactToCommentErrorCode ReportCommentErrorCode WithdrawReportErrorCode);

/// One reason for which it was refused.
#[derive(SimpleObject)]
#[graphql(name_type)]
pub(crate) struct TouchRefusal<C: OutputType> {
    /// For the client to switch on.
    code: C,
    /// The path of the field at fault. `null` where it is none of them.
    field: Option<std::borrow::Cow<'static, str>>,
    /// A sentence for the reader, in English.
    message: String,
    /// After how many seconds trying again may help. `null` where waiting does not help.
    retry_after: Option<i32>,
}

impl<C: OutputType> TouchRefusal<C> {
    pub(super) fn new(
        code: C,
        field: Option<std::borrow::Cow<'static, str>>,
        message: String,
        retry_after: Option<i32>,
    ) -> Self {
        Self { code, field, message, retry_after }
    }
}

impl<C: OutputType> TypeName for TouchRefusal<C> {
    fn type_name() -> std::borrow::Cow<'static, str> {
        let code = C::type_name();
        code.strip_suffix("Code").unwrap_or(&code).to_owned().into()
    }
}

/// What became of a reaction.
#[derive(SimpleObject)]
pub(crate) struct ReactToCommentPayload {
    /// The comment with its counts. `null` where it was refused.
    comment: Option<Comment>,
    /// Why it was refused. Empty where it was taken.
    errors: Vec<TouchRefusal<ReactToCommentErrorCode>>,
}

/// What became of a report.
#[derive(SimpleObject)]
pub(crate) struct ReportCommentPayload {
    /// Whether it was taken; also where this writer had reported the comment before.
    accepted: bool,
    /// Why it was refused. Empty where it was taken.
    errors: Vec<TouchRefusal<ReportCommentErrorCode>>,
}

/// What became of taking a report back.
#[derive(SimpleObject)]
pub(crate) struct WithdrawReportPayload {
    /// Whether there is no report of this writer now that a moderator would see.
    withdrawn: bool,
    /// Why it was refused. Empty where it was done.
    errors: Vec<TouchRefusal<WithdrawReportErrorCode>>,
}

#[Object]
impl ReactionMutation {
    /// Chooses a reaction to a public comment, or takes it back: one a writer and comment, so that another one takes its
    /// place. The same again changes nothing. For guests with a `writerKey`, too. `null` only together with an error.
    async fn react_to_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The comment and the reaction.")] input: ReactToCommentInput,
    ) -> Option<Result<ReactToCommentPayload, Failure>> {
        Some(reacted(Visit::of(ctx), input).await)
    }

    /// Reports a public comment to the moderators: once a writer and comment; again changes nothing. From as many reports
    /// on as the site's rules say, the comment is held until a moderator has decided. For guests with a `writerKey`, too.
    /// `null` only together with an error.
    async fn report_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The comment and the reason.")] input: ReportCommentInput,
    ) -> Option<Result<ReportCommentPayload, Failure>> {
        let visit = Visit::of(ctx);
        let settings = visit.settings();
        let done = async {
            let id = comment_key(&input.comment_id)?;
            let by = Toucher { writer_key: input.writer_key, address: visit.address() };
            let (reason, note) = (input.reason.into(), input.note.as_deref());
            report(&settings.store, &settings.conversation, &visit.occasion(), &by, id, reason, note).await
        };
        Some(refusals(done.await).map(|done| match done {
            Ok(()) => ReportCommentPayload { accepted: true, errors: Vec::new() },
            Err(errors) => ReportCommentPayload { accepted: false, errors },
        }))
    }

    /// Takes a report back that no moderator has dealt with. Does nothing where there is none. For guests with a
    /// `writerKey`, too. `null` only together with an error.
    async fn withdraw_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The comment.")] input: WithdrawReportInput,
    ) -> Option<Result<WithdrawReportPayload, Failure>> {
        let visit = Visit::of(ctx);
        let settings = visit.settings();
        let done = async {
            let id = comment_key(&input.comment_id)?;
            let by = Toucher { writer_key: input.writer_key, address: visit.address() };
            take_report_back(&settings.store, &settings.conversation, &visit.occasion(), &by, id).await
        };
        Some(refusals(done.await).map(|done| match done {
            Ok(()) => WithdrawReportPayload { withdrawn: true, errors: Vec::new() },
            Err(errors) => WithdrawReportPayload { withdrawn: false, errors },
        }))
    }
}

async fn reacted(visit: &Visit, input: ReactToCommentInput) -> Result<ReactToCommentPayload, Failure> {
    let settings = visit.settings();
    let done = async {
        let id = comment_key(&input.comment_id)?;
        let by = Toucher { writer_key: input.writer_key, address: visit.address() };
        let kind = input.kind.into();
        react(&settings.store, &settings.conversation, &visit.occasion(), &by, id, kind, input.on).await
    };
    Ok(match refusals(done.await)? {
        Ok(comment) => {
            let edition = Edition::after_writing(visit).await?;
            let comment = Some(Comment::new(Arc::new(comment), None, edition));
            ReactToCommentPayload { comment, errors: Vec::new() }
        }
        Err(errors) => ReactToCommentPayload { comment: None, errors },
    })
}

fn comment_key(id: &ID) -> Result<CommentId, TouchError> {
    let found = key(id, "input.commentId", |id| match id {
        GlobalId::Comment(comment) => Some(comment),
        _ => None,
    });
    found.map_err(TouchError::from)
}

/// What was done, or why not; a fault of ours becomes an error of the answer.
fn refusals<T, C: TouchCode>(
    done: Result<T, TouchError>,
) -> Result<Result<T, Vec<TouchRefusal<C>>>, Failure> {
    let refused = match done {
        Ok(done) => return Ok(Ok(done)),
        Err(TouchError::Other(DeskError::Fault(fault))) => return Err(fault.into()),
        Err(refused) => refused,
    };
    Ok(Err(match refused {
        TouchError::Other(DeskError::Refused(refused)) => errors::<C>(refused)
            .into_iter()
            .map(|error| TouchRefusal {
                code: error.code,
                field: error.field,
                message: error.message,
                retry_after: None,
            })
            .collect(),
        too_fast => {
            let message = too_fast.to_string();
            let retry_after = match too_fast {
                TouchError::TooFast { retry_after } => i32::try_from(retry_after).ok(),
                TouchError::Other(_) => None,
            };
            vec![TouchRefusal { code: C::TOO_FAST, field: None, message, retry_after }]
        }
    }))
}
