//! Changing one's own password: the other sessions end, this one stays, and so do tokens for programs, which were never
//! made of the password.

use std::net::IpAddr;

use masthead_domain::audit::{Act, Subject};
use masthead_persistence::Store;

use super::attempt::AttemptError;
use super::door::Door;
use super::password::{Password, PasswordRefused};
use super::session::in_person;
use crate::Occasion;
use crate::refused::{Fault, Refused};

/// Replaces the viewer's password, where `current` is the one there is. Wrong ones are throttled as in signing in, by
/// themselves: who holds a stolen session must not try them out, and the owner's signing in is not slowed by it.
pub async fn change_password(
    store: &Store,
    door: &Door,
    occasion: &Occasion,
    from: Option<IpAddr>,
    current: &str,
    new: &str,
) -> Result<(), AttemptError> {
    let (member, session) = in_person(&occasion.viewer)?;
    door.attempt(&format!("password of {}", member.user.get()), from, occasion.now)?;
    let Some(facts) = store.sign_in_facts_of(member.user).await? else {
        return Err(Refused::NotFound.into());
    };
    let hash = facts.password_hash;
    if !door.is_password(current, hash.clone()).await? {
        return Err(AttemptError::WrongCredentials);
    }
    let user = store.reads_as(occasion.viewer.clone()).own_user().await?.ok_or(Refused::NotFound)?;
    let password = Password::parse(new, &[&user.name, user.email.as_str()])
        .map_err(|refused| Fault::new("input.newPassword", sentence(&refused)))?;
    if current == new {
        return Err(Fault::new("input.newPassword", "This is the password you have already.").into());
    }
    let replacement = door.hash(&password, occasion.entropy).await?;
    let tx = store.begin().await?;
    if !tx.password_replace(member.user, hash.as_deref().unwrap_or_default(), &replacement).await? {
        return Err(AttemptError::WrongCredentials);
    }
    tx.sessions_end(member.user, Some(session)).await?;
    tx.resets_forget(member.user).await?;
    tx.audit_append(member, Act::PasswordChanged, Subject::User(member.user), None, occasion.now).await?;
    tx.commit().await?;
    Ok(())
}

/// A refusal as a sentence for a form.
pub(super) fn sentence(refused: &PasswordRefused) -> String {
    let text = refused.to_string();
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str())
}
