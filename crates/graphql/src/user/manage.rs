//! Inviting people, changing what they may do, closing logins; and accepting an invitation.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use masthead_actions::refused::DeskError;
use masthead_actions::user::accept::{Acceptance, accept};
use masthead_actions::user::invite::{invite, revoke_invitation};
use masthead_actions::user::manage::{UserChange, disable_user, enable_user, update_user};
use masthead_domain::user::{InvitationId, User as Person, UserId};
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};

use super::attempt::{AttemptCode, AttemptError, attempted};
use super::people::{Invitation, User};
use super::role::Role;
use super::sign_in::begun;
use super::viewer::Viewer;
use crate::context::Visit;
use crate::edition::Edition;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::refusal::{ErrorCode, Errors, codes, key, outcome};
use crate::scalar::EmailAddress;

/// Whom to invite, and as what.
#[derive(InputObject)]
pub(crate) struct InviteUserInput {
    /// Where the letter goes; the address that will sign in.
    email: EmailAddress,
    /// The name shown to colleagues, 1 to 100 characters on one line; the person may change it when accepting.
    name: String,
    /// What the person will be able to do.
    role: Role,
    /// The slugs of the sections in which the role will hold, and below which; at most 100. Absent, `null` or empty: in
    /// all.
    sections: Option<Vec<String>>,
}

/// Why nobody was invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum InviteUserErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// Not met here: a section that is not there is INVALID.
    NotFound,
    /// A field cannot be taken as it is, `field` says which: no address, one that has a login, a section that is not
    /// there.
    Invalid,
}
codes!(InviteUserErrorCode);

/// The invitation that goes out, with `errors` empty; or a refusal, with `invitation` `null`.
#[derive(SimpleObject)]
pub(crate) struct InviteUserPayload {
    /// The invitation. `null` where it was refused.
    invitation: Option<Invitation>,
    /// Why it was refused. Empty where the invitation goes out.
    errors: Errors<InviteUserErrorCode>,
}

/// Why no invitation was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum RevokeInvitationErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// There is no such invitation, or it was accepted.
    NotFound,
    /// `id` is none that this site gave out.
    Invalid,
}
codes!(RevokeInvitationErrorCode);

/// The invitation that was taken back, with `errors` empty; or a refusal, with `invitation` `null`.
#[derive(SimpleObject)]
pub(crate) struct RevokeInvitationPayload {
    /// What it was. `null` where it was refused.
    invitation: Option<Invitation>,
    /// Why it was refused. Empty where it was taken back.
    errors: Errors<RevokeInvitationErrorCode>,
}

/// What an invited person tells.
#[derive(InputObject)]
pub(crate) struct AcceptInvitationInput {
    /// What the link ends in, behind `/invitation/`.
    token: String,
    /// What to sign in with from now on: 12 to 256 characters, at least 5 different ones, neither one's name nor address.
    password: String,
    /// The name, where the invitation's is to be another. Needed where the invitation has none.
    name: Option<String>,
    /// The address to sign in with, where the invitation names none. Absent or `null` elsewhere.
    email: Option<EmailAddress>,
}

/// Why the invitation was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum AcceptInvitationErrorCode {
    /// Not met here: accepting needs nobody to be signed in.
    Unauthenticated,
    /// Not met here.
    Forbidden,
    /// The invitation does not hold: its token was changed, it was taken back, accepted before, or has expired.
    NotFound,
    /// A field cannot be taken as it is, `field` says which: the password breaks a rule, or somebody has the address by
    /// now.
    Invalid,
}
codes!(AcceptInvitationErrorCode);

impl AttemptCode for AcceptInvitationErrorCode {
    // Nothing is tried out here: a token that does not hold is NOT_FOUND.
    const WRONG: Self = Self::NotFound;
    const TOO_FAST: Self = Self::Invalid;
}

/// A session of the person who accepted, with `errors` empty; or a refusal, with everything else `null`.
#[derive(SimpleObject)]
pub(crate) struct AcceptInvitationPayload {
    /// The session's token, as `signIn` answers it. `null` where it was refused.
    token: Option<String>,
    /// Who accepted. `null` where it was refused.
    viewer: Option<Viewer>,
    /// Why it was refused. Empty where it was accepted.
    errors: Vec<AttemptError<AcceptInvitationErrorCode>>,
}

/// What of a person is to be another; what is absent stays.
#[derive(InputObject)]
pub(crate) struct UpdateUserInput {
    /// The name shown to colleagues, 1 to 100 characters on one line. The byline's own name is changed by `updateAuthor`.
    name: Option<String>,
    /// What the person may do. Not one's own.
    role: Option<Role>,
    /// The slugs of the sections in which the role holds, and below which; at most 100. `null` or empty: in all. Not one's
    /// own.
    sections: MaybeUndefined<Vec<String>>,
}

/// Why nobody was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum UpdateUserErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// There is no such person.
    NotFound,
    /// A field cannot be taken as it is, `field` says which: the own role, the last administrator, a section that is not
    /// there.
    Invalid,
}
codes!(UpdateUserErrorCode);

/// The person as changed, with `errors` empty; or a refusal, with `user` `null`.
#[derive(SimpleObject)]
pub(crate) struct UpdateUserPayload {
    /// The person. `null` where it was refused.
    user: Option<User>,
    /// Why it was refused. Empty where the person was changed.
    errors: Errors<UpdateUserErrorCode>,
}

/// Why no login was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum DisableUserErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// There is no such person.
    NotFound,
    /// It is one's own, or the last administrator's; or `id` is none that this site gave out.
    Invalid,
}
codes!(DisableUserErrorCode);

/// The person whose login is closed, with `errors` empty; or a refusal, with `user` `null`.
#[derive(SimpleObject)]
pub(crate) struct DisableUserPayload {
    /// The person. `null` where it was refused.
    user: Option<User>,
    /// Why it was refused. Empty where the login is closed.
    errors: Errors<DisableUserErrorCode>,
}

/// Why no login was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum EnableUserErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// There is no such person.
    NotFound,
    /// `id` is none that this site gave out.
    Invalid,
}
codes!(EnableUserErrorCode);

/// The person whose login is open, with `errors` empty; or a refusal, with `user` `null`.
#[derive(SimpleObject)]
pub(crate) struct EnableUserPayload {
    /// The person. `null` where it was refused.
    user: Option<User>,
    /// Why it was refused. Empty where the login is open.
    errors: Errors<EnableUserErrorCode>,
}

/// The mutations on people.
#[derive(Default)]
pub(crate) struct PeopleMutation;

#[Object]
impl PeopleMutation {
    /// Invites a person by a letter with a link that holds for 7 days and works once. An invitation that waits for the
    /// same address is replaced. Needs MANAGE_USERS, in person. `null` only together with an error.
    async fn invite_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to invite, and as what.")] input: InviteUserInput,
    ) -> Option<Result<InviteUserPayload, Failure>> {
        let visit = Visit::of(ctx);
        let sections = input.sections.unwrap_or_default();
        let (store, occasion, email) = (&visit.settings().store, visit.occasion(), &input.email.0);
        let invited = invite(store, &occasion, email, &input.name, input.role.into(), &sections).await;
        let shown = shown(visit, invited, Invitation::new).await;
        Some(shown.map(|(invitation, errors)| InviteUserPayload { invitation, errors }))
    }

    /// Takes back an invitation that nobody has accepted: its link opens nothing any more. Needs MANAGE_USERS, in person.
    /// `null` only together with an error.
    async fn revoke_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The invitation's id.")] id: ID,
    ) -> Option<Result<RevokeInvitationPayload, Failure>> {
        let visit = Visit::of(ctx);
        let revoked = match invitation_key(visit, &id) {
            Ok(key) => revoke_invitation(&visit.settings().store, &visit.occasion(), key).await,
            Err(refused) => Err(refused),
        };
        let shown = shown(visit, revoked, Invitation::new).await;
        Some(shown.map(|(invitation, errors)| RevokeInvitationPayload { invitation, errors }))
    }

    /// Accepts an invitation: sets a password, gives a byline where the role writes, and signs in, as `signIn` does. Needs
    /// the token of the invitation and no login. `null` only together with an error.
    async fn accept_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token, and what the person tells.")] input: AcceptInvitationInput,
    ) -> Option<Result<AcceptInvitationPayload, Failure>> {
        Some(accepted(Visit::of(ctx), input).await)
    }

    /// Changes a person's name, role and sections; holds from the person's next request on. Nobody changes the own role.
    /// Needs MANAGE_USERS, in person. `null` only together with an error.
    async fn update_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person's id.")] id: ID,
        #[graphql(desc = "What is to be another.")] input: UpdateUserInput,
    ) -> Option<Result<UpdateUserPayload, Failure>> {
        let visit = Visit::of(ctx);
        let change = UserChange {
            name: input.name,
            role: input.role.map(Into::into),
            sections: match input.sections {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(Vec::new()),
                MaybeUndefined::Value(sections) => Some(sections),
            },
        };
        let updated = match user_key(visit, &id) {
            Ok(key) => update_user(&visit.settings().store, &visit.occasion(), key, change).await,
            Err(refused) => Err(refused),
        };
        Some(shown(visit, updated, person).await.map(|(user, errors)| UpdateUserPayload { user, errors }))
    }

    /// Closes a login: the person's sessions end, their programs' tokens are gone for good, and signing in fails as for a
    /// stranger. What they wrote stays. Nobody closes the own login, nor the last administrator's. Closing one that is
    /// closed changes nothing. Needs MANAGE_USERS, in person. `null` only together with an error.
    async fn disable_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person's id.")] id: ID,
    ) -> Option<Result<DisableUserPayload, Failure>> {
        let visit = Visit::of(ctx);
        let disabled = match user_key(visit, &id) {
            Ok(key) => disable_user(&visit.settings().store, &visit.occasion(), key).await,
            Err(refused) => Err(refused),
        };
        Some(shown(visit, disabled, person).await.map(|(user, errors)| DisableUserPayload { user, errors }))
    }

    /// Opens a login again that was closed; the password is the one there was. Opening one that is open changes nothing.
    /// Needs MANAGE_USERS, in person. `null` only together with an error.
    async fn enable_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person's id.")] id: ID,
    ) -> Option<Result<EnableUserPayload, Failure>> {
        let visit = Visit::of(ctx);
        let enabled = match user_key(visit, &id) {
            Ok(key) => enable_user(&visit.settings().store, &visit.occasion(), key).await,
            Err(refused) => Err(refused),
        };
        Some(shown(visit, enabled, person).await.map(|(user, errors)| EnableUserPayload { user, errors }))
    }
}

/// What was done as it is shown, or the errors of its refusal.
async fn shown<T, N, C: ErrorCode>(
    visit: &Visit,
    done: Result<T, DeskError>,
    node: impl FnOnce(T, Arc<Edition>) -> N,
) -> Result<(Option<N>, Errors<C>), Failure> {
    match outcome(done)? {
        Ok(done) => Ok((Some(node(done, Edition::after_writing(visit).await?)), Vec::new())),
        Err(errors) => Ok((None, errors)),
    }
}

fn person(user: Person, edition: Arc<Edition>) -> User {
    User::new(Arc::new(user), edition)
}

/// The key of a person. Who may not manage people learns nothing of the id.
fn user_key(visit: &Visit, id: &ID) -> Result<UserId, DeskError> {
    may(visit.viewer(), Action::Use(Permission::ManageUsers))?;
    let user = |id| match id {
        GlobalId::User(user) => Some(user),
        _ => None,
    };
    Ok(key(id, "id", user)?)
}

fn invitation_key(visit: &Visit, id: &ID) -> Result<InvitationId, DeskError> {
    may(visit.viewer(), Action::Use(Permission::ManageUsers))?;
    let invitation = |id| match id {
        GlobalId::Invitation(invitation) => Some(invitation),
        _ => None,
    };
    Ok(key(id, "id", invitation)?)
}

async fn accepted(visit: &Visit, input: AcceptInvitationInput) -> Result<AcceptInvitationPayload, Failure> {
    let settings = visit.settings();
    let acceptance = Acceptance {
        token: input.token,
        password: input.password,
        name: input.name,
        email: input.email.map(|email| email.0),
    };
    let accepted = accept(&settings.store, &settings.door, &visit.occasion(), acceptance).await;
    match attempted(accepted)? {
        Ok(signed_in) => {
            let (token, viewer) = begun(visit, signed_in).await?;
            Ok(AcceptInvitationPayload { token: Some(token), viewer, errors: Vec::new() })
        }
        Err(errors) => Ok(AcceptInvitationPayload { token: None, viewer: None, errors }),
    }
}
