//! Ending sessions: this one, or all of one's own.

use chrono::{DateTime, TimeDelta, Utc};
use masthead_domain::viewer::policy::Denied;
use masthead_domain::viewer::{Credential, Member, SessionId, Viewer};
use masthead_persistence::{Store, StoreError};

use super::door::Door;
use super::reset_password;
use crate::refused::{DeskError, Refused};

/// Ends the session that `viewer` is known by. A guest has none, and nothing happens. A program's token is no session:
/// it is revoked by its owner.
pub async fn sign_out(store: &Store, viewer: &Viewer) -> Result<(), DeskError> {
    match viewer.member().map(|member| member.credential) {
        None => Ok(()),
        Some(Credential::Session(session)) => {
            let tx = store.begin().await?;
            tx.session_end(session).await?;
            Ok(tx.commit().await?)
        }
        Some(Credential::ApiToken(_)) => Err(Denied::Forbidden.into()),
    }
}

/// Ends all sessions of the viewer, but for this one where it is kept; how many there were.
pub async fn revoke_sessions(store: &Store, viewer: &Viewer, keep_this: bool) -> Result<u64, DeskError> {
    let (member, session) = in_person(viewer)?;
    let tx = store.begin().await?;
    let ended = tx.sessions_end(member.user, keep_this.then_some(session)).await?;
    tx.commit().await?;
    Ok(ended)
}

/// The person and the session, where a person is at work and not a program: what concerns logins is done in person.
pub fn in_person(viewer: &Viewer) -> Result<(&Member, SessionId), Refused> {
    match viewer.member() {
        None => Err(Denied::Unauthenticated.into()),
        Some(member) => match member.credential {
            Credential::Session(session) => Ok((member, session)),
            Credential::ApiToken(_) => Err(Denied::Forbidden.into()),
        },
    }
}

/// Invitations are forgotten so long after they expired: they hold addresses.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::days(30);

/// Clears away what has expired; how many rows. To be called now and then, on nobody's behalf.
pub async fn tidy(store: &Store, door: &Door, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let tx = store.begin().await?;
    let forgotten = now - FORGOTTEN_AFTER;
    let cleared =
        tx.signing_in_tidy(now, door.idle_since(now), forgotten, now - reset_password::LIFETIME).await?;
    tx.commit().await?;
    Ok(cleared)
}
