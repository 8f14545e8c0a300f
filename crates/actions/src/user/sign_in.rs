//! Signing in with an address and a password.
//!
//! A wrong password, an address that nobody has, a login that is closed: all are answered alike and take as long. It
//! must not know how the token is carried.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use masthead_domain::user::EmailAddress;
use masthead_domain::viewer::Viewer;
use masthead_persistence::{Store, StoreError};

use super::attempt::AttemptError;
use super::door::Door;
use super::token::NewToken;
use crate::Occasion;
use crate::refused::Fault;

/// A session that has begun.
#[derive(Clone)]
pub struct SignedIn {
    /// What stands for the person from now on; shown once.
    pub token: String,
    /// The person.
    pub viewer: Viewer,
    /// When the session ends however much it is used.
    pub expires_at: DateTime<Utc>,
}

// Derived, it would print the token.
impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedIn").field("viewer", &self.viewer).finish_non_exhaustive()
    }
}

/// Begins a session of the person who has this address and password. `from` is the address on the network, for the
/// throttle.
pub async fn sign_in(
    store: &Store,
    door: &Door,
    occasion: &Occasion,
    from: Option<IpAddr>,
    email: &str,
    password: &str,
) -> Result<SignedIn, AttemptError> {
    // What is no address can be nobody's, so that saying so tells nothing.
    let email = EmailAddress::parse(email)
        .map_err(|_| Fault::new("input.email", "This is no e-mail address, such as name@example.org."))?;
    let account = email.as_str().to_lowercase();
    door.attempt(&account, from, occasion.now)?;
    let facts = store.sign_in_facts(&email).await?;
    let hash = facts.as_ref().and_then(|facts| facts.password_hash.clone());
    let is_right = door.is_password(password, hash.clone()).await?;
    let (Some(facts), Some(hash), true) = (facts.filter(|facts| !facts.is_disabled), hash, is_right) else {
        return Err(AttemptError::WrongCredentials);
    };
    let token = NewToken::of_session(&occasion.entropy);
    let expires_at = occasion.now + door.lifetimes().absolute;
    let tx = store.begin().await?;
    if tx.session_begin(facts.user, &hash, &token.hash, occasion.now, expires_at).await?.is_none() {
        return Err(AttemptError::WrongCredentials);
    }
    tx.commit().await?;
    door.succeeded(&account, from);
    begun(store, door, occasion.now, token, expires_at).await
}

/// The session of a token that was stored just now.
pub(super) async fn begun(
    store: &Store,
    door: &Door,
    now: DateTime<Utc>,
    token: NewToken,
    expires_at: DateTime<Utc>,
) -> Result<SignedIn, AttemptError> {
    match store.session_member(&token.hash, now, door.idle_since(now)).await? {
        Some(recognised) => Ok(SignedIn { token: token.text, viewer: recognised.viewer, expires_at }),
        None => Err(StoreError::Unreadable {
            column: "sessions",
            why: "a session that has just begun is not there".into(),
        }
        .into()),
    }
}
