//! Accepting an invitation: the person sets a password, has a login from then on, and is signed in.

use masthead_domain::audit::{Act, Subject};
use masthead_domain::event::Event;
use masthead_domain::text::Slug;
use masthead_domain::user::EmailAddress;
use masthead_domain::viewer::{Credential, Member, Scope};
use masthead_persistence::user::StoredInvitation;
use masthead_persistence::{NewUser, Store};

use super::attempt::AttemptError;
use super::change_password::sentence;
use super::create::{byline, checked_name};
use super::door::Door;
use super::invite::{NAME, opened_by};
use super::password::Password;
use super::sign_in::{SignedIn, begun};
use super::token::NewToken;
use crate::Occasion;
use crate::refused::{Fault, Refused};

/// What an invited person tells.
#[derive(Clone, Default)]
pub struct Acceptance {
    /// What the link ends in.
    pub token: String,
    /// What the person signs in with from now on.
    pub password: String,
    /// The name, where the invitation's is to be another; needed where it has none.
    pub name: Option<String>,
    /// The address that signs in, where the invitation names none; where it does, that one or nothing.
    pub email: Option<String>,
}

/// Gives the invited person a login, with a byline where the role writes, and begins a session. An invitation is accepted
/// once; one that does not hold, for whatever reason, is NOT_FOUND.
pub async fn accept(
    store: &Store,
    door: &Door,
    occasion: &Occasion,
    acceptance: Acceptance,
) -> Result<SignedIn, AttemptError> {
    let reads = store.reads_as(occasion.viewer.clone());
    let invitation = opened_by(&reads, &acceptance.token, occasion.now).await?.ok_or(Refused::NotFound)?;
    drop(reads);
    let (email, name, slug) = person(&invitation, &acceptance)?;
    let password = Password::parse(&acceptance.password, &[&name, email.as_str()])
        .map_err(|refused| Fault::new("input.password", sentence(&refused)))?;
    // Before the transaction: nobody else should wait for it.
    let password_hash = door.hash(&password, occasion.entropy).await?;

    let token = NewToken::of_session(&occasion.entropy);
    let expires_at = occasion.now + door.lifetimes().absolute;
    let role = invitation.role;
    let tx = store.begin().await?;
    tx.lock_people().await?;
    let is_taken_up = invitation.to.is_none() && tx.user_count().await? > 0;
    if is_taken_up || !tx.invitation_accept(invitation.id, occasion.now).await? {
        return Err(Refused::NotFound.into());
    }
    let author = if role.writes() { Some(byline(&tx, &name, slug, occasion.now).await?) } else { None };
    let new = NewUser { email, name, role, password_hash, author };
    let Some(user) = tx.user_create(&new, occasion.now).await? else {
        return Err(Fault::new("input.email", "There is a login with this address already.").into());
    };
    if !invitation.sections.is_empty() {
        tx.user_assign(user, Some(&invitation.sections)).await?;
    }
    let begun_now = tx.session_begin(user, &new.password_hash, &token.hash, occasion.now, expires_at).await?;
    let session = begun_now.ok_or(Refused::NotFound)?;
    // For the audit log, which needs the name and role only.
    let member = Member {
        user,
        name: new.name,
        role,
        author,
        scope: Scope::Everywhere,
        credential: Credential::Session(session),
    };
    let detail = Some(role.as_str());
    tx.audit_append(&member, Act::UserCreated, Subject::User(user), detail, occasion.now).await?;
    tx.append(Event::UserChanged { user }, occasion.now);
    tx.commit().await?;
    begun(store, door, occasion.now, token, expires_at).await
}

/// Who the person is, of what the invitation says and what the person tells.
fn person(
    invitation: &StoredInvitation,
    acceptance: &Acceptance,
) -> Result<(EmailAddress, String, Slug), Fault> {
    let (invited, called) = invitation.to.clone().unzip();
    let told = acceptance.email.as_deref().map(|email| {
        EmailAddress::parse(email)
            .map_err(|_| Fault::new("input.email", "This is no e-mail address, such as name@example.org."))
    });
    let email = match (invited, told.transpose()?) {
        (Some(invited), None) => invited,
        (Some(invited), Some(told)) if invited.as_str().to_lowercase() == told.as_str().to_lowercase() => {
            invited
        }
        (Some(_), Some(_)) => {
            return Err(Fault::new("input.email", "The invitation is for another address."));
        }
        (None, Some(told)) => told,
        (None, None) => {
            return Err(Fault::new(
                "input.email",
                "The invitation names no address: tell the one to sign in with.",
            ));
        }
    };
    let name = acceptance.name.clone().or(called).unwrap_or_default();
    let (name, slug) = checked_name(&name).ok_or_else(|| Fault::new("input.name", NAME))?;
    Ok((email, name, slug))
}
