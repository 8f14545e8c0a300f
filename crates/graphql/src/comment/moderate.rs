//! What moderators do with comments and commenters. What is refused comes back in the payload.

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, OutputType, SimpleObject, TypeName};
use masthead_actions::comment::commenter::{ban, erase, unban};
use masthead_actions::comment::moderate::{add_note, decide, undo};
use masthead_actions::refused::{DeskError, Fault, Refused};
use masthead_domain::comment::{self, CommentId};
use masthead_domain::user;
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};

use super::Comment;
use super::moderation::ModerationDecision;
use crate::context::Visit;
use crate::edition::Edition;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::refusal::{ErrorCode, Errors, codes, key, outcome};
use crate::scalar::{DateTime, EmailAddress};

/// The mutations of moderators.
#[derive(Default)]
pub(crate) struct ModerationMutation;

/// A decision on comments.
#[derive(InputObject)]
pub(crate) struct ModerateCommentsInput {
    /// The comments: 1 to 100.
    ids: Vec<ID>,
    /// What becomes of all of them.
    decision: ModerationDecision,
    /// Why, for colleagues: at most 2,000 characters.
    note: Option<String>,
}

/// A ban.
#[derive(InputObject)]
pub(crate) struct BanCommenterInput {
    /// Whoever types this address, in any case.
    email: EmailAddress,
    /// Until when. Absent or `null`: for good.
    until: Option<DateTime>,
    /// Why, for colleagues: at most 2,000 characters.
    reason: Option<String>,
    /// Whether the writer is not told: what they write is held, and they are told that everyone sees it.
    #[graphql(default = false)]
    shadow: bool,
}

/// A ban to be ended.
#[derive(InputObject)]
pub(crate) struct UnbanCommenterInput {
    /// The address, in any case.
    email: EmailAddress,
}

/// A commenter to be erased.
#[derive(InputObject)]
pub(crate) struct EraseCommenterInput {
    /// The address that they typed, in any case.
    email: EmailAddress,
}

macro_rules! moderators_codes {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
        pub(crate) enum $name {
            /// Nobody is signed in.
            Unauthenticated,
            /// The person who is signed in may not.
            Forbidden,
            /// There is no such thing, or none that is theirs to decide on.
            NotFound,
            /// A field cannot be taken as it is; `field` says which.
            Invalid,
        }
        codes!($name);
    )*};
}
moderators_codes! {
    /// Why nothing was decided.
    ModerateCommentsErrorCode
    /// Why a decision was not taken back.
    UndoModerationErrorCode
    /// Why a note was not added.
    NoteOnCommentErrorCode
    /// Why nobody was banned.
    BanCommenterErrorCode
    /// Why a ban was not ended.
    UnbanCommenterErrorCode
    /// Why nothing was erased.
    EraseCommenterErrorCode
}

/// What became of comments that were decided on.
#[derive(SimpleObject)]
pub(crate) struct ModerateCommentsPayload {
    /// The comments as they are now, in the order of their ids. `null` where it was refused: then none was changed.
    comments: Option<Vec<Comment>>,
    /// Why it was refused. Empty where it was done.
    errors: Errors<ModerateCommentsErrorCode>,
}

/// What became of one comment at a moderator's hands.
#[derive(SimpleObject)]
#[graphql(name_type)]
pub(crate) struct ModeratedPayload<C: OutputType> {
    /// The comment as it is now. `null` where it was refused.
    comment: Option<Comment>,
    /// Why it was refused. Empty where it was done.
    errors: Errors<C>,
}

impl<C: OutputType> TypeName for ModeratedPayload<C> {
    fn type_name() -> Cow<'static, str> {
        let code = C::type_name();
        format!("{}Payload", code.strip_suffix("ErrorCode").unwrap_or(&code)).into()
    }
}

/// What became of a ban.
#[derive(SimpleObject)]
pub(crate) struct BanCommenterPayload {
    /// Whether whoever types the address is banned now.
    banned: bool,
    /// Why it was refused. Empty where it was done.
    errors: Errors<BanCommenterErrorCode>,
}

/// What became of the end of a ban.
#[derive(SimpleObject)]
pub(crate) struct UnbanCommenterPayload {
    /// Whether a ban was ended.
    unbanned: bool,
    /// Why it was refused. Empty where it was done.
    errors: Errors<UnbanCommenterErrorCode>,
}

/// What became of a commenter's data.
#[derive(SimpleObject)]
pub(crate) struct EraseCommenterPayload {
    /// How many comments lost their text, name and address. `null` where it was refused.
    erased_comments: Option<u32>,
    /// Why it was refused. Empty where it was done.
    errors: Errors<EraseCommenterErrorCode>,
}

#[Object]
impl ModerationMutation {
    /// Decides on comments, all of them or none. One that its writer took back stays so. Reports on them are dealt with.
    /// The site learns from it what spam looks like here. Needs MODERATE_COMMENTS. `null` only together with an error.
    async fn moderate_comments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The comments and the decision.")] input: ModerateCommentsInput,
    ) -> Option<Result<ModerateCommentsPayload, Failure>> {
        Some(moderated(Visit::of(ctx), &input).await)
    }

    /// Takes the last decision on a comment back: it stands where it stood before, its reports are open again, and what
    /// the site learnt from the decision is forgotten. Needs MODERATE_COMMENTS. `null` only together with an error.
    async fn undo_moderation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The comment's id.")] id: ID,
    ) -> Option<Result<ModeratedPayload<UndoModerationErrorCode>, Failure>> {
        let visit = Visit::of(ctx);
        let done = async {
            may(visit.viewer(), Action::Use(Permission::ModerateComments))?;
            undo(&visit.settings().store, &visit.occasion(), comment_key(&id, "id")?).await
        };
        Some(ModeratedPayload::of(visit, done.await).await)
    }

    /// Adds a note that only moderators see: 1 to 2,000 characters. Those of them whom it names, by `@` and the slug of
    /// their byline, get a letter; at most 5. Needs MODERATE_COMMENTS. `null` only together with an
    /// error.
    async fn note_on_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The comment's id.")] id: ID,
        #[graphql(desc = "The text, plain.")] note: String,
    ) -> Option<Result<ModeratedPayload<NoteOnCommentErrorCode>, Failure>> {
        let visit = Visit::of(ctx);
        let done = async {
            may(visit.viewer(), Action::Use(Permission::ModerateComments))?;
            add_note(&visit.settings().store, &visit.occasion(), comment_key(&id, "id")?, &note).await
        };
        Some(ModeratedPayload::of(visit, done.await).await)
    }

    /// Bans whoever types this address, or signs in with it, from commenting, until a time or for good; replaces a ban that
    /// there is. An address proves nothing: of guests it keeps out who goes on typing it. Needs MODERATE_COMMENTS on the whole site. `null` only
    /// together with an error.
    async fn ban_commenter(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom, and for how long.")] input: BanCommenterInput,
    ) -> Option<Result<BanCommenterPayload, Failure>> {
        let visit = Visit::of(ctx);
        let done = async {
            may(visit.viewer(), Action::Use(Permission::ModerateComments))?;
            let email = address(&input.email)?;
            let (until, reason) = (input.until.map(|until| until.0), input.reason.as_deref());
            ban(&visit.settings().store, &visit.occasion(), &email, until, input.shadow, reason).await
        };
        Some(outcome(done.await).map(|done| match done {
            Ok(()) => BanCommenterPayload { banned: true, errors: Vec::new() },
            Err(errors) => BanCommenterPayload { banned: false, errors },
        }))
    }

    /// Ends a ban; NOT_FOUND where there is none. Needs MODERATE_COMMENTS on the whole site. `null` only together with an
    /// error.
    async fn unban_commenter(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose.")] input: UnbanCommenterInput,
    ) -> Option<Result<UnbanCommenterPayload, Failure>> {
        let visit = Visit::of(ctx);
        let done = async {
            may(visit.viewer(), Action::Use(Permission::ModerateComments))?;
            unban(&visit.settings().store, &visit.occasion(), &address(&input.email)?).await
        };
        Some(outcome(done.await).map(|done| match done {
            Ok(()) => UnbanCommenterPayload { unbanned: true, errors: Vec::new() },
            Err(errors) => UnbanCommenterPayload { unbanned: false, errors },
        }))
    }

    /// Erases all that is held about whoever typed this address or signs in with it: text, name and address of their
    /// comments, their receipts, reactions and reports, and the threads it follows. The places of comments that were
    /// answered stay. It cannot be undone. Needs MANAGE_USERS. `null` only together with an error.
    async fn erase_commenter(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom.")] input: EraseCommenterInput,
    ) -> Option<Result<EraseCommenterPayload, Failure>> {
        let visit = Visit::of(ctx);
        let done = async {
            may(visit.viewer(), Action::Use(Permission::ManageUsers))?;
            erase(&visit.settings().store, &visit.occasion(), &address(&input.email)?).await
        };
        Some(outcome(done.await).map(|done| match done {
            Ok(count) => {
                let erased_comments = Some(u32::try_from(count).unwrap_or(u32::MAX));
                EraseCommenterPayload { erased_comments, errors: Vec::new() }
            }
            Err(errors) => EraseCommenterPayload { erased_comments: None, errors },
        }))
    }
}

async fn moderated(visit: &Visit, input: &ModerateCommentsInput) -> Result<ModerateCommentsPayload, Failure> {
    let done = async {
        may(visit.viewer(), Action::Use(Permission::ModerateComments))?;
        let ids = input.ids.iter().map(|id| comment_key(id, "input.ids"));
        let ids: Vec<CommentId> = ids.collect::<Result<_, Refused>>()?;
        let (decision, note) = (input.decision.into(), input.note.as_deref());
        decide(&visit.settings().store, &visit.occasion(), &ids, decision, note).await
    };
    Ok(match outcome(done.await)? {
        Ok(comments) => {
            let edition = Edition::after_writing(visit).await?;
            let whole = |comment| Comment::new(Arc::new(comment), None, edition.clone());
            let comments = Some(comments.into_iter().map(whole).collect());
            ModerateCommentsPayload { comments, errors: Vec::new() }
        }
        Err(errors) => ModerateCommentsPayload { comments: None, errors },
    })
}

impl<C: ErrorCode> ModeratedPayload<C> {
    async fn of(visit: &Visit, done: Result<comment::Comment, DeskError>) -> Result<Self, Failure> {
        Ok(match outcome(done)? {
            Ok(comment) => {
                let edition = Edition::after_writing(visit).await?;
                let comment = Some(Comment::new(Arc::new(comment), None, edition));
                Self { comment, errors: Vec::new() }
            }
            Err(errors) => Self { comment: None, errors },
        })
    }
}

fn comment_key(id: &ID, field: &'static str) -> Result<CommentId, Refused> {
    key(id, field, |id| match id {
        GlobalId::Comment(comment) => Some(comment),
        _ => None,
    })
}

fn address(email: &EmailAddress) -> Result<user::EmailAddress, Refused> {
    user::EmailAddress::parse(&email.0)
        .map_err(|_| Fault::new("input.email", "This is not an e-mail address.").into())
}
