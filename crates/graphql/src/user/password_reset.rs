//! A new password in the place of a forgotten one: asking for the letter, and setting the password by its link.

use async_graphql::{Context, Enum, InputObject, Object, SimpleObject};
use masthead_actions::user::reset_password::{request_reset, reset_password};

use super::attempt::{AttemptCode, AttemptError, attempted};
use crate::context::Visit;
use crate::error::Failure;
use crate::refusal::codes;
use crate::scalar::EmailAddress;

/// Whose password was forgotten.
#[derive(InputObject)]
pub(crate) struct RequestPasswordResetInput {
    /// The address of the login, in any case.
    email: EmailAddress,
}

/// Why nothing was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum RequestPasswordResetErrorCode {
    /// Asked too often from here or for this address; `retryAfter` says when to try again.
    TooFast,
    /// Not met here: who forgot the password is not signed in.
    Unauthenticated,
    /// Not met here.
    Forbidden,
    /// Not met here: that nobody has the address is not told.
    NotFound,
    /// What was given for the address is no e-mail address.
    Invalid,
}
codes!(RequestPasswordResetErrorCode);

impl AttemptCode for RequestPasswordResetErrorCode {
    // No password is tried here.
    const WRONG: Self = Self::Invalid;
    const TOO_FAST: Self = Self::TooFast;
}

/// That it was heard; nothing more is told.
#[derive(SimpleObject)]
pub(crate) struct RequestPasswordResetPayload {
    /// Whether it was heard: so also where nobody has the address, where the login is closed, and where a letter went out
    /// less than 5 minutes ago. `false` where it was refused.
    ok: bool,
    /// Why it was refused. Empty where `ok`.
    errors: Vec<AttemptError<RequestPasswordResetErrorCode>>,
}

/// The new password, and what shows whose it is.
#[derive(InputObject)]
pub(crate) struct ResetPasswordInput {
    /// What the letter's link ends in, behind `/password-reset/`.
    token: String,
    /// The new password: 12 to 256 characters, at least 5 different ones, neither one's name nor address.
    password: String,
}

/// Why the password stayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum ResetPasswordErrorCode {
    /// Not met here: who forgot the password is not signed in.
    Unauthenticated,
    /// Not met here.
    Forbidden,
    /// The token does not hold: it was never given out, was used, has expired, or the login is closed.
    NotFound,
    /// The password breaks a rule; the message says which. The token holds on.
    Invalid,
}
codes!(ResetPasswordErrorCode);

impl AttemptCode for ResetPasswordErrorCode {
    // Nothing is tried out here: a token that does not hold is NOT_FOUND.
    const WRONG: Self = Self::NotFound;
    const TOO_FAST: Self = Self::Invalid;
}

/// What became of the password.
#[derive(SimpleObject)]
pub(crate) struct ResetPasswordPayload {
    /// Whether the new password holds. The person signs in with it; nobody is signed in by this.
    ok: bool,
    /// Why not. Empty where `ok`.
    errors: Vec<AttemptError<ResetPasswordErrorCode>>,
}

/// The mutations on a forgotten password.
#[derive(Default)]
pub(crate) struct PasswordResetMutation;

#[Object]
impl PasswordResetMutation {
    /// Asks for a letter with a link that sets a new password: it holds for an hour and works once. Needs nobody to be
    /// signed in. Answered alike, and as slowly, whether anybody has the address; a login gets at most one letter in 5
    /// minutes. Attempts are counted as those of `signIn` are, by address and by account, and apart from them. `null` only
    /// together with an error.
    async fn request_password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose password was forgotten.")] input: RequestPasswordResetInput,
    ) -> Option<Result<RequestPasswordResetPayload, Failure>> {
        let visit = Visit::of(ctx);
        let settings = visit.settings();
        let (occasion, email) = (visit.occasion(), &input.email.0);
        let asked = request_reset(&settings.store, &settings.door, &occasion, visit.address(), email).await;
        Some(attempted(asked).map(|asked| {
            let errors = asked.err().unwrap_or_default();
            RequestPasswordResetPayload { ok: errors.is_empty(), errors }
        }))
    }

    /// Sets a new password by the link of a letter, and ends all sessions of the login; tokens for programs stay. Needs the
    /// token of the letter and nobody to be signed in. `null` only together with an error.
    async fn reset_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new password, and the letter's token.")] input: ResetPasswordInput,
    ) -> Option<Result<ResetPasswordPayload, Failure>> {
        let visit = Visit::of(ctx);
        let settings = visit.settings();
        let (occasion, ResetPasswordInput { token, password }) = (visit.occasion(), &input);
        let reset = reset_password(&settings.store, &settings.door, &occasion, token, password).await;
        Some(attempted(reset).map(|reset| {
            let errors = reset.err().unwrap_or_default();
            ResetPasswordPayload { ok: errors.is_empty(), errors }
        }))
    }
}
