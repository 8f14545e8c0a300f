//! A new password in the place of a forgotten one: asking for a letter, setting the password by the link in it, and
//! setting it as who runs the program.
//!
//! Asking is answered alike and takes as long whether the address has a login or not: the same rows are written and the
//! same event, of which a follower makes a letter or nothing. The token is made when the letter is written, so that it
//! stands nowhere but there.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use masthead_domain::audit::Act;
use masthead_domain::event::Event;
use masthead_domain::user::{EmailAddress, UserId};
use masthead_persistence::{Store, StoreError};
use thiserror::Error;

use super::attempt::AttemptError;
use super::change_password::sentence;
use super::door::Door;
use super::password::{HashingFailed, Password, PasswordRefused};
use super::token::{NewToken, reset_token};
use crate::Occasion;
use crate::keyed_hash::{Purpose, keyed_hash};
use crate::refused::{Fault, Refused};

/// How long a letter's link holds, from the asking.
pub const LIFETIME: TimeDelta = TimeDelta::hours(1);
/// An account gets no second letter before.
pub const NEXT_LETTER: TimeDelta = TimeDelta::minutes(5);

/// Asks for a letter to the person of this address. Asked again too early, nothing is done, and the answer is the same.
/// `from` is the address on the network, for the throttle; attempts to sign in are counted apart, so that nobody's
/// signing in is slowed by strangers who ask.
pub async fn request_reset(
    store: &Store,
    door: &Door,
    occasion: &Occasion,
    from: Option<IpAddr>,
    email: &str,
) -> Result<(), AttemptError> {
    let email = EmailAddress::parse(email)
        .map_err(|_| Fault::new("input.email", "This is no e-mail address, such as name@example.org."))?;
    let account = email.as_str().to_lowercase();
    door.attempt(&format!("reset of {account}"), from, occasion.now)?;
    let tx = store.begin().await?;
    let key = keyed_hash(&tx.site_secret().await?, Purpose::ResetAccount, &[account.as_bytes()]);
    if let Some(reset) = tx.reset_ask(&key, &email, occasion.now, occasion.now - NEXT_LETTER).await? {
        tx.append(Event::PasswordResetRequested { reset }, occasion.now);
    }
    tx.commit().await?;
    Ok(())
}

/// Sets the password of the person who got this token, once, and ends all their sessions; tokens for programs stay. A
/// token that does not hold, for whatever reason, is NOT_FOUND.
pub async fn reset_password(
    store: &Store,
    door: &Door,
    occasion: &Occasion,
    token: &str,
    new: &str,
) -> Result<(), AttemptError> {
    let token = reset_token(token).ok_or(Refused::NotFound)?;
    let user = store.reset_owner(&token, occasion.now).await?.ok_or(Refused::NotFound)?;
    let password = Password::parse(new, &[&user.name, user.email.as_str()])
        .map_err(|refused| Fault::new("input.password", sentence(&refused)))?;
    // Before the transaction: nobody else should wait for it.
    let hash = door.hash(&password, occasion.entropy).await?;
    let tx = store.begin().await?;
    if !tx.reset_take(&token, occasion.now).await? {
        return Err(Refused::NotFound.into());
    }
    tx.password_set(user.id, &hash).await?;
    tx.audit_append_own(&user, Act::PasswordReset, occasion.now).await?;
    tx.commit().await?;
    Ok(())
}

/// The address beneath the public one that a letter sends its reader to: `/password-reset/` and a token that was made for
/// this letter of 32 random bytes. Whoever opens it sets the person's password.
pub(crate) async fn reset_link(
    store: &Store,
    user: UserId,
    expires_at: DateTime<Utc>,
    entropy: &[u8; 32],
    public_url: &str,
) -> Result<String, StoreError> {
    let token = NewToken::of_reset(entropy);
    store.reset_token_add(user, &token.hash, expires_at).await?;
    Ok(format!("{}/password-reset/{}", public_url.trim_end_matches('/'), token.text))
}

/// Why no password was set.
#[derive(Debug, Clone, Error)]
pub enum SetPasswordError {
    /// Nobody signs in with this address.
    #[error("nobody signs in with {0}")]
    Nobody(String),
    /// The password breaks a rule.
    #[error(transparent)]
    Password(#[from] PasswordRefused),
    /// The password could not be hashed.
    #[error(transparent)]
    Hashing(#[from] HashingFailed),
    /// Our fault.
    #[error(transparent)]
    Fault(#[from] StoreError),
}

/// Sets the password of the person of this address, and ends all their sessions. For whoever can run the program on the
/// database: there is no viewer to ask for leave; the audit log has it as the person's own. `entropy` is 32 random bytes for this call alone.
pub async fn set_password(
    store: &Store,
    now: DateTime<Utc>,
    entropy: [u8; 32],
    email: &EmailAddress,
    new: &str,
) -> Result<UserId, SetPasswordError> {
    let nobody = || SetPasswordError::Nobody(email.as_str().to_owned());
    let user = store.user_of_address(email).await?.ok_or_else(nobody)?;
    let hash = Password::parse(new, &[&user.name, user.email.as_str()])?.hash(entropy).await?;
    let tx = store.begin().await?;
    tx.password_set(user.id, &hash).await?;
    tx.audit_append_own(&user, Act::PasswordReset, now).await?;
    tx.commit().await?;
    Ok(user.id)
}
