//! Tokens for programs that act on their owner's behalf: made and revoked by the owner in person, shown once.

use chrono::{DateTime, Utc};
use masthead_domain::audit::{Act, Subject};
use masthead_domain::user::Role;
use masthead_domain::viewer::policy::{Action, may};
use masthead_domain::viewer::{ApiTokenId, Permission};
use masthead_persistence::Store;
use masthead_persistence::user::{NewApiToken, StoredApiToken};

use super::session::in_person;
use super::token::NewToken;
use crate::Occasion;
use crate::refused::{DeskError, Fault, Faults, Refused};

/// Longest name in characters.
pub const MAX_NAME: usize = 100;
/// Most tokens of one person.
pub const MAX_TOKENS: u64 = 50;

/// A token that was made.
#[derive(Clone)]
pub struct Made {
    /// The token itself; shown once.
    pub token: String,
    /// What is kept of it.
    pub kept: StoredApiToken,
}

// Derived, it would print the token.
impl std::fmt::Debug for Made {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Made").field("kept", &self.kept).finish_non_exhaustive()
    }
}

/// Makes a token that acts with at most `role`, which is at most its owner's, and never with more than its owner's is
/// then. `expires_at` lies ahead; `None`: it holds until it is revoked.
pub async fn create_api_token(
    store: &Store,
    occasion: &Occasion,
    name: &str,
    role: Role,
    expires_at: Option<DateTime<Utc>>,
) -> Result<Made, DeskError> {
    may(&occasion.viewer, Action::Use(Permission::CreateApiTokens))?;
    let (member, _) = in_person(&occasion.viewer)?;
    let name = name.trim();
    let mut faults = Faults::default();
    if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        faults.add("input.name", format!("A name has 1 to {MAX_NAME} characters on one line."));
    }
    if role > member.role {
        faults.add("input.role", format!("A token's role is at most its owner's: {}.", member.role.as_str()));
    }
    if expires_at.is_some_and(|at| at <= occasion.now) {
        faults.add("input.expiresAt", "A token ends in the future, or holds until it is revoked.");
    }
    faults.check()?;

    let token = NewToken::of_program(&occasion.entropy);
    let new = NewApiToken { user: member.user, name: name.to_owned(), role, expires_at };
    let tx = store.begin().await?;
    if tx.api_token_count(member.user).await? >= MAX_TOKENS {
        let message = format!("You have {MAX_TOKENS} tokens already: revoke one that you need no more.");
        return Err(Fault::new("input", message).into());
    }
    let id = tx.api_token_create(&new, &token.hash, occasion.now).await?;
    let detail = format!("{name} ({})", role.as_str());
    let subject = Subject::User(member.user);
    tx.audit_append(member, Act::ApiTokenCreated, subject, Some(&detail), occasion.now).await?;
    tx.commit().await?;
    let kept =
        StoredApiToken { id, name: new.name, role, created_at: occasion.now, last_used_at: None, expires_at };
    Ok(Made { token: token.text, kept })
}

/// Revokes one of the viewer's own tokens at once; what it was.
pub async fn revoke_api_token(
    store: &Store,
    occasion: &Occasion,
    token: ApiTokenId,
) -> Result<StoredApiToken, DeskError> {
    let (member, _) = in_person(&occasion.viewer)?;
    let tx = store.begin().await?;
    let removed = tx.api_token_remove(member.user, token).await?.ok_or(Refused::NotFound)?;
    let subject = Subject::User(member.user);
    tx.audit_append(member, Act::ApiTokenRevoked, subject, Some(&removed.name), occasion.now).await?;
    tx.commit().await?;
    Ok(removed)
}
