//! Tokens for programs: as their owners see them, made and revoked.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use masthead_actions::user::api_token::{create_api_token, revoke_api_token};
use masthead_actions::user::session::in_person;
use masthead_persistence::user::StoredApiToken;

use super::role::Role;
use crate::context::Visit;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::refusal::{Errors, codes, errors, key, outcome};
use crate::scalar::DateTime;

/// A token by which a program acts on a person's behalf. The token itself is shown once, when it is made.
#[derive(SimpleObject)]
pub(crate) struct ApiToken {
    /// The global id, for `revokeApiToken`.
    id: ID,
    /// What its owner calls it.
    name: String,
    /// What it may do at most: it acts with the lesser of this and its owner's role at that moment.
    role: Role,
    /// When it was made.
    created_at: DateTime,
    /// When it was last used, to the minute or so. `null`: never.
    last_used_at: Option<DateTime>,
    /// When it ends. `null`: it holds until it is revoked.
    expires_at: Option<DateTime>,
}

impl From<StoredApiToken> for ApiToken {
    fn from(stored: StoredApiToken) -> Self {
        Self {
            id: GlobalId::ApiToken(stored.id).into(),
            name: stored.name,
            role: stored.role.into(),
            created_at: DateTime(stored.created_at),
            last_used_at: stored.last_used_at.map(DateTime),
            expires_at: stored.expires_at.map(DateTime),
        }
    }
}

/// A token to be made.
#[derive(InputObject)]
pub(crate) struct CreateApiTokenInput {
    /// What to call it, 1 to 100 characters on one line: best the program's name.
    name: String,
    /// What it may do at most; at most the owner's role.
    role: Role,
    /// When it ends; lies ahead. Absent or `null`: it holds until it is revoked.
    expires_at: Option<DateTime>,
}

/// Why no token was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum CreateApiTokenErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person may not make tokens, or is not there in person: a token makes no tokens.
    Forbidden,
    /// Not met here.
    NotFound,
    /// A field cannot be taken as it is, and `field` says which; or the person has 50 tokens already.
    Invalid,
}
codes!(CreateApiTokenErrorCode);

/// A token that was made, with `errors` empty; or a refusal, with everything else `null`.
#[derive(SimpleObject)]
pub(crate) struct CreateApiTokenPayload {
    /// The token, for `Authorization: Bearer`. Begins with `mh_`. Shown this once, and kept only as a hash. `null` where
    /// it was refused.
    token: Option<String>,
    /// What is kept of it. `null` where it was refused.
    api_token: Option<ApiToken>,
    /// Why it was refused. Empty where it was made.
    errors: Errors<CreateApiTokenErrorCode>,
}

/// Why no token was revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum RevokeApiTokenErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person is not there in person: a token revokes no tokens.
    Forbidden,
    /// The person has no such token.
    NotFound,
    /// `id` is none that this site gave out.
    Invalid,
}
codes!(RevokeApiTokenErrorCode);

/// The token that is revoked, with `errors` empty; or a refusal, with `apiToken` `null`.
#[derive(SimpleObject)]
pub(crate) struct RevokeApiTokenPayload {
    /// What it was. `null` where it was refused.
    api_token: Option<ApiToken>,
    /// Why it was refused. Empty where it was revoked.
    errors: Errors<RevokeApiTokenErrorCode>,
}

/// The mutations on tokens for programs.
#[derive(Default)]
pub(crate) struct ApiTokenMutation;

#[Object]
impl ApiTokenMutation {
    /// Makes a token by which a program acts on one's own behalf, with at most the role given. Needs CREATE_API_TOKENS, in
    /// person. It makes no tokens, manages nobody, and is no session. `null` only together with an error.
    async fn create_api_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token to be made.")] input: CreateApiTokenInput,
    ) -> Option<Result<CreateApiTokenPayload, Failure>> {
        let (visit, expires_at) = (Visit::of(ctx), input.expires_at.map(|at| at.0));
        let (store, occasion) = (&visit.settings().store, visit.occasion());
        let made = create_api_token(store, &occasion, &input.name, input.role.into(), expires_at).await;
        Some(outcome(made).map(|made| match made {
            Ok(made) => CreateApiTokenPayload {
                token: Some(made.token),
                api_token: Some(made.kept.into()),
                errors: Vec::new(),
            },
            Err(errors) => CreateApiTokenPayload { token: None, api_token: None, errors },
        }))
    }

    /// Revokes one of one's own tokens at once. Needs to be signed in, in person; no permission, so that who may make none any
    /// more can still take back those made before. `null` only together with an error.
    async fn revoke_api_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token's id, as `viewer { apiTokens { id } }` tells it.")] id: ID,
    ) -> Option<Result<RevokeApiTokenPayload, Failure>> {
        Some(revoke(Visit::of(ctx), &id).await)
    }
}

async fn revoke(visit: &Visit, id: &ID) -> Result<RevokeApiTokenPayload, Failure> {
    let refused = |errors| RevokeApiTokenPayload { api_token: None, errors };
    let token = in_person(visit.viewer()).and_then(|_| {
        key(id, "id", |id| match id {
            GlobalId::ApiToken(token) => Some(token),
            _ => None,
        })
    });
    let token = match token {
        Ok(token) => token,
        Err(refusal) => return Ok(refused(errors(refusal))),
    };
    let removed = revoke_api_token(&visit.settings().store, &visit.occasion(), token).await;
    Ok(match outcome(removed)? {
        Ok(removed) => RevokeApiTokenPayload { api_token: Some(removed.into()), errors: Vec::new() },
        Err(errors) => refused(errors),
    })
}
