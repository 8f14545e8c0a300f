//! Signing in and out, and changing the own password. What is refused comes back in the payload; the server is told by
//! the visit's slot what became of the session.

use std::sync::Arc;

use async_graphql::{Context, Enum, InputObject, Object, SimpleObject};
use masthead_actions::user::change_password::change_password;
use masthead_actions::user::session::{revoke_sessions, sign_out};
use masthead_actions::user::sign_in::{SignedIn, sign_in};
use masthead_domain::viewer;

use super::attempt::{AttemptCode, AttemptError, attempted};
use super::viewer::Viewer;
use crate::context::{SessionChange, Visit};
use crate::edition::Edition;
use crate::error::Failure;
use crate::refusal::{Errors, codes, outcome};
use crate::scalar::EmailAddress;

/// Who signs in.
#[derive(InputObject)]
pub(crate) struct SignInInput {
    /// The address of the login, in any case.
    email: EmailAddress,
    /// The password, as it was typed.
    password: String,
}

/// Why nobody was signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum SignInErrorCode {
    /// The password is wrong, nobody has the address, or the login is closed: answered alike, and as slowly.
    InvalidCredentials,
    /// Too many attempts from here or on this login; `retryAfter` says when to try again.
    TooFast,
    /// Not met here: signing in needs nobody to be signed in.
    Unauthenticated,
    /// Not met here.
    Forbidden,
    /// Not met here: that nobody has the address is INVALID_CREDENTIALS.
    NotFound,
    /// What was given for the address is no e-mail address.
    Invalid,
}
codes!(SignInErrorCode);

impl AttemptCode for SignInErrorCode {
    const WRONG: Self = Self::InvalidCredentials;
    const TOO_FAST: Self = Self::TooFast;
}

/// A session that has begun, with `errors` empty; or a refusal, with everything else `null`.
#[derive(SimpleObject)]
pub(crate) struct SignInPayload {
    /// The session's token, for `Authorization: Bearer`: 43 characters. Whoever has it is the person; kept only as a
    /// hash. `null` where it was refused.
    token: Option<String>,
    /// Who signed in. `null` where it was refused.
    viewer: Option<Viewer>,
    /// Why it was refused. Empty where a session has begun.
    errors: Vec<AttemptError<SignInErrorCode>>,
}

/// Why nobody was signed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum SignOutErrorCode {
    /// Not met here: a guest is signed out already.
    Unauthenticated,
    /// The request came by a program's token, which is no session: its owner revokes it with `revokeApiToken`.
    Forbidden,
    /// Not met here.
    NotFound,
    /// Not met here.
    Invalid,
}
codes!(SignOutErrorCode);

/// What became of the session.
#[derive(SimpleObject)]
pub(crate) struct SignOutPayload {
    /// Whether nobody is signed in any more by what the request came with; so also `true` for guests.
    ok: bool,
    /// Why not. Empty where `ok`.
    errors: Errors<SignOutErrorCode>,
}

/// A new password, and the one there is.
#[derive(InputObject)]
pub(crate) struct ChangePasswordInput {
    /// The password there is, as it was typed.
    current_password: String,
    /// The new one: 12 to 256 characters, at least 5 different ones, neither one's name nor address.
    new_password: String,
}

/// Why the password stayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum ChangePasswordErrorCode {
    /// `currentPassword` is not the password there is.
    InvalidCredentials,
    /// Too many attempts; `retryAfter` says when to try again.
    TooFast,
    /// Nobody is signed in.
    Unauthenticated,
    /// The request came by a program's token: a password is changed in person.
    Forbidden,
    /// The login is gone.
    NotFound,
    /// The new password breaks a rule; the message says which.
    Invalid,
}
codes!(ChangePasswordErrorCode);

impl AttemptCode for ChangePasswordErrorCode {
    const WRONG: Self = Self::InvalidCredentials;
    const TOO_FAST: Self = Self::TooFast;
}

/// The person with the new password, with `errors` empty; or a refusal, with `viewer` `null`.
#[derive(SimpleObject)]
pub(crate) struct ChangePasswordPayload {
    /// Whose password was changed. `null` where it was refused.
    viewer: Option<Viewer>,
    /// Why it was refused. Empty where the password was changed.
    errors: Vec<AttemptError<ChangePasswordErrorCode>>,
}

/// Why no session was ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum RevokeSessionsErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The request came by a program's token: sessions are ended in person.
    Forbidden,
    /// Not met here.
    NotFound,
    /// Not met here.
    Invalid,
}
codes!(RevokeSessionsErrorCode);

/// The sessions that were ended, with `errors` empty; or a refusal, with everything else `null`.
#[derive(SimpleObject)]
pub(crate) struct RevokeSessionsPayload {
    /// How many there were. `null` where it was refused.
    revoked: Option<i32>,
    /// Who is signed in, with the sessions that are left. `null` where it was refused, and where this session ended too.
    viewer: Option<Viewer>,
    /// Why it was refused. Empty where the sessions were ended.
    errors: Errors<RevokeSessionsErrorCode>,
}

/// The mutations on the own session and password.
#[derive(Default)]
pub(crate) struct SignInMutation;

#[Object]
impl SignInMutation {
    /// Signs in with an address and a password: needs nobody to be signed in. Answers the token for
    /// `Authorization: Bearer …`, and sets a cookie that scripts cannot read, which the explorer goes by. Holds from the
    /// next request on; ends when it is not used for some time (by default 14 days), some time after it began (by default
    /// 90 days), by `signOut`, `revokeSessions` or `changePassword`, and when the login is closed. `null` only together
    /// with an error.
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who signs in.")] input: SignInInput,
    ) -> Option<Result<SignInPayload, Failure>> {
        Some(begin(Visit::of(ctx), input).await)
    }

    /// Signs out: ends the session the request came by, and clears the cookie. Needs no permission; a guest is signed out
    /// already. `null` only together with an error.
    async fn sign_out(&self, ctx: &Context<'_>) -> Option<Result<SignOutPayload, Failure>> {
        let visit = Visit::of(ctx);
        let ended = outcome(sign_out(&visit.settings().store, visit.viewer()).await);
        Some(ended.map(|ended| {
            let errors = ended.err().unwrap_or_default();
            if errors.is_empty() {
                visit.session_slot().leave(SessionChange::Ended);
            }
            SignOutPayload { ok: errors.is_empty(), errors }
        }))
    }

    /// Changes one's own password and ends one's other sessions; this one stays, and so do tokens for programs. Needs to
    /// be signed in, in person; no permission. `null` only together with an error.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new password, and the one there is.")] input: ChangePasswordInput,
    ) -> Option<Result<ChangePasswordPayload, Failure>> {
        Some(change(Visit::of(ctx), input).await)
    }

    /// Ends one's own sessions, everywhere else or everywhere: for a device that was lost. Needs to be signed in, in
    /// person; no permission. `null` only together with an error.
    async fn revoke_sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = false, desc = "Whether this session ends too. Default false.")]
        include_current: bool,
    ) -> Option<Result<RevokeSessionsPayload, Failure>> {
        Some(revoke(Visit::of(ctx), include_current).await)
    }
}

async fn begin(visit: &Visit, input: SignInInput) -> Result<SignInPayload, Failure> {
    let (settings, occasion) = (visit.settings(), visit.occasion());
    let email = &input.email.0;
    let attempt =
        sign_in(&settings.store, &settings.door, &occasion, visit.address(), email, &input.password);
    match attempted(attempt.await)? {
        Ok(signed_in) => {
            let (token, viewer) = begun(visit, signed_in).await?;
            Ok(SignInPayload { token: Some(token), viewer, errors: Vec::new() })
        }
        Err(errors) => Ok(SignInPayload { token: None, viewer: None, errors }),
    }
}

/// The token and the person of a session that has begun; the server is told of it.
pub(super) async fn begun(visit: &Visit, signed_in: SignedIn) -> Result<(String, Option<Viewer>), Failure> {
    let SignedIn { token, viewer, expires_at } = signed_in;
    visit.session_slot().leave(SessionChange::Begun { token: token.clone(), expires_at });
    let edition = Edition::after_signing_in(visit, viewer.clone()).await?;
    Ok((token, person(viewer, edition)))
}

fn person(viewer: viewer::Viewer, edition: Arc<Edition>) -> Option<Viewer> {
    match viewer {
        viewer::Viewer::Guest => None,
        viewer::Viewer::Member(member) => Some(Viewer::new(member, edition)),
    }
}

async fn change(visit: &Visit, input: ChangePasswordInput) -> Result<ChangePasswordPayload, Failure> {
    let (settings, occasion) = (visit.settings(), visit.occasion());
    let (current, new) = (&input.current_password, &input.new_password);
    let attempt = change_password(&settings.store, &settings.door, &occasion, visit.address(), current, new);
    match attempted(attempt.await)? {
        Ok(()) => {
            let edition = Edition::after_writing(visit).await?;
            Ok(ChangePasswordPayload { viewer: person(visit.viewer().clone(), edition), errors: Vec::new() })
        }
        Err(errors) => Ok(ChangePasswordPayload { viewer: None, errors }),
    }
}

async fn revoke(visit: &Visit, include_current: bool) -> Result<RevokeSessionsPayload, Failure> {
    let ended = revoke_sessions(&visit.settings().store, visit.viewer(), !include_current).await;
    let ended = match outcome(ended)? {
        Ok(ended) => ended,
        Err(errors) => return Ok(RevokeSessionsPayload { revoked: None, viewer: None, errors }),
    };
    let viewer = if include_current {
        visit.session_slot().leave(SessionChange::Ended);
        None
    } else {
        person(visit.viewer().clone(), Edition::after_writing(visit).await?)
    };
    let revoked = Some(i32::try_from(ended).unwrap_or(i32::MAX));
    Ok(RevokeSessionsPayload { revoked, viewer, errors: Vec::new() })
}
