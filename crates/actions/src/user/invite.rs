//! Inviting a person: an administrator says who and as what, the person sets a password by the link in the letter.
//!
//! The link's token says which invitation and until when, signed with the site's secret; nothing of it is stored, so that
//! the letter can be written, and written again, from the invitation's key alone. It must not know how letters are sent.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use masthead_domain::audit::{Act, Subject};
use masthead_domain::event::Event;
use masthead_domain::user::{EmailAddress, InvitationId, Role};
use masthead_persistence::user::{NewInvitation, StoredInvitation};
use masthead_persistence::{Reads, Store, StoreError};

use super::create::{MAX_NAME, checked_name};
use super::staff::{self, MAX_SECTIONS};
use crate::Occasion;
use crate::keyed_hash::{Purpose, is_keyed_hash, keyed_hash};
use crate::refused::{DeskError, Faults, Refused};

/// How long an invitation holds.
pub const LIFETIME: TimeDelta = TimeDelta::days(7);

/// Invites a person by letter: the event [`Event::UserInvited`] has it sent. An invitation that waits for the same
/// address is replaced. `sections` are slugs; none means all.
pub async fn invite(
    store: &Store,
    occasion: &Occasion,
    email: &str,
    name: &str,
    role: Role,
    sections: &[String],
) -> Result<StoredInvitation, DeskError> {
    let (tx, member) = staff::begin(store, &occasion.viewer).await?;
    let mut faults = Faults::default();
    let email = EmailAddress::parse(email).ok();
    match &email {
        None => faults.add("input.email", "This is no e-mail address, such as name@example.org."),
        Some(email) if tx.email_is_taken(email).await? => {
            faults.add("input.email", "There is a login with this address already.");
        }
        Some(_) => {}
    }
    let name = checked_name(name).map(|(name, _)| name);
    if name.is_none() {
        faults.add("input.name", NAME);
    }
    let mut found = None;
    if sections.len() > MAX_SECTIONS {
        faults.add("input.sections", format!("At most {MAX_SECTIONS} sections are named; none means all."));
    } else {
        found = faults.take(staff::sections(&tx, "input.sections", sections).await?);
    }
    let (Some(email), Some(name), Some(sections)) = (email, name, found) else {
        return Err(faults.check().err().unwrap_or(Refused::NotFound).into());
    };
    faults.check()?;

    let expires_at = occasion.now + LIFETIME;
    let new =
        NewInvitation { to: Some((email, name)), role, sections, invited_by: Some(member.user), expires_at };
    let id = tx.invitation_create(&new, occasion.now).await?;
    let detail = Some(role.as_str());
    tx.audit_append(member, Act::UserInvited, Subject::Site, detail, occasion.now).await?;
    tx.append(Event::UserInvited { invitation: id }, occasion.now);
    tx.commit().await?;
    Ok(kept(id, new, occasion.now))
}

/// What is wrong with a name.
pub(super) const NAME: &str = "A name has 1 to 100 characters on one line, among them a letter or digit.";
const _: () = assert!(MAX_NAME == 100, "the sentence says how many");

/// Takes an invitation back that waits, so that its link opens nothing.
pub async fn revoke_invitation(
    store: &Store,
    occasion: &Occasion,
    id: InvitationId,
) -> Result<StoredInvitation, DeskError> {
    let (tx, member) = staff::begin(store, &occasion.viewer).await?;
    let invitation = tx.invitation(id).await?.ok_or(Refused::NotFound)?;
    if !tx.invitation_remove(id).await? {
        return Err(Refused::NotFound.into());
    }
    let detail = Some("taken back");
    tx.audit_append(member, Act::UserInvited, Subject::Site, detail, occasion.now).await?;
    tx.commit().await?;
    Ok(invitation)
}

/// Where there is nobody with a login yet: an invitation for an administrator who tells address and name when accepting,
/// and the link that opens it. `None`: there are people, or such an invitation waits already. For whoever runs the
/// program.
pub async fn invite_first_admin(
    store: &Store,
    now: DateTime<Utc>,
    public_url: &str,
) -> Result<Option<String>, StoreError> {
    let tx = store.begin().await?;
    tx.lock_people().await?;
    if tx.user_count().await? > 0 || tx.first_invitation_is_open(now).await? {
        return Ok(None);
    }
    let new = NewInvitation {
        to: None,
        role: Role::Admin,
        sections: Vec::new(),
        invited_by: None,
        expires_at: now + LIFETIME,
    };
    let id = tx.invitation_create(&new, now).await?;
    let secret = tx.site_secret().await?;
    tx.commit().await?;
    Ok(Some(invitation_link(&secret, id, new.expires_at, public_url)))
}

/// The address beneath the public one that a letter sends its reader to: `/invitation/` and the token. Whoever opens it
/// may take the invitation. `secret` is the site's.
pub fn invitation_link(
    secret: &[u8],
    id: InvitationId,
    expires_at: DateTime<Utc>,
    public_url: &str,
) -> String {
    format!("{}/invitation/{}", public_url.trim_end_matches('/'), token(secret, id, expires_at))
}

/// The open invitation that a token is for. `None`: it was never ours, was taken back or accepted, or has expired.
pub async fn opened_by(
    reads: &Reads,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<StoredInvitation>, StoreError> {
    let Some(bytes) = decoded(token) else { return Ok(None) };
    let secret = reads.site_secret().await?;
    let Some((id, expires)) = claimed(&secret, &bytes) else { return Ok(None) };
    let invitation = reads.invitation(id).await?;
    // The time too: in a database that was restored from a copy the key may be another invitation's.
    Ok(invitation.filter(|it| it.is_open(now) && it.expires_at.timestamp() == expires))
}

fn kept(id: InvitationId, new: NewInvitation, now: DateTime<Utc>) -> StoredInvitation {
    let NewInvitation { to, role, sections, invited_by: _, expires_at } = new;
    StoredInvitation { id, to, role, sections, created_at: now, expires_at, accepted_at: None }
}

/// The first byte of every token of this make.
const VERSION: u8 = 1;
/// Version, invitation and expiry; the signature follows.
const CLAIM: usize = 1 + 8 + 8;
/// Bytes of a token.
const LENGTH: usize = CLAIM + 32;

fn token(secret: &[u8], id: InvitationId, expires_at: DateTime<Utc>) -> String {
    let mut bytes = Vec::with_capacity(LENGTH);
    bytes.push(VERSION);
    bytes.extend(id.get().to_be_bytes());
    bytes.extend(expires_at.timestamp().to_be_bytes());
    let signature = keyed_hash(secret, Purpose::Invitation, &[&bytes]);
    bytes.extend(signature);
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// What could be a token: nothing is asked of the database for anything else.
fn decoded(token: &str) -> Option<[u8; LENGTH]> {
    BASE64_URL_SAFE_NO_PAD.decode(token.trim()).ok()?.try_into().ok()
}

/// The invitation and the second of its expiry, where the signature is ours.
fn claimed(secret: &[u8], bytes: &[u8; LENGTH]) -> Option<(InvitationId, i64)> {
    let (claim, signature) = bytes.split_at(CLAIM);
    if !is_keyed_hash(signature, secret, Purpose::Invitation, &[claim]) {
        return None;
    }
    let (&VERSION, rest) = claim.split_first()? else { return None };
    let (id, expires) = rest.split_at_checked(8)?;
    let id = InvitationId::from_stored(i64::from_be_bytes(id.try_into().ok()?));
    Some((id, i64::from_be_bytes(expires.try_into().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_its_invitation_and_nothing_else_does() {
        let (secret, id) = ([7; 32], InvitationId::from_stored(42));
        let until = DateTime::from_timestamp(1_760_000_000, 0).expect("an instant");
        let token = token(&secret, id, until);
        assert_eq!(token.len(), 66);
        assert!(token.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')), "{token}");
        let bytes = decoded(&token).expect("a token");
        assert_eq!(claimed(&secret, &bytes), Some((id, until.timestamp())));
        assert_eq!(claimed(&[8; 32], &bytes), None, "another site's");
        for at in 0..bytes.len() {
            let mut changed = bytes;
            changed[at] ^= 1;
            assert_eq!(claimed(&secret, &changed), None, "byte {at}");
        }
        for text in ["", "A", &token[1..], &format!("{token}AA"), "مرحبا"] {
            assert_eq!(decoded(text), None, "{text}");
        }
    }
}
