//! Who a token stands for: asked once a request, before anything else. It must not know how the token was carried.

use chrono::{DateTime, TimeDelta, Utc};
use masthead_domain::viewer::{Credential, Viewer};
use masthead_persistence::{Store, StoreError};

use super::door::Door;
use super::token::Presented;

/// How far behind the note of a token's last use may lie: writing it at each use would make every read a write.
const NOTED_EACH: TimeDelta = TimeDelta::seconds(60);

/// Somebody who was recognised.
#[derive(Debug)]
pub struct Known {
    /// Who.
    pub viewer: Viewer,
    /// What is to be written of it, in the request's own time or after it; mostly nothing.
    pub note: Option<Note>,
}

/// That a token was used, to be written.
#[derive(Debug)]
pub struct Note {
    credential: Credential,
    at: DateTime<Utc>,
}

impl Note {
    /// Writes it.
    pub async fn write(self, store: &Store) -> Result<(), StoreError> {
        store.credential_used(self.credential, self.at).await
    }
}

/// Who `token` stands for at `now`; `None`: it is malformed, unknown, expired or revoked, or its owner's login is closed.
/// One statement, and none for what we never give out.
pub async fn recognise(
    store: &Store,
    door: &Door,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<Known>, StoreError> {
    let found = match Presented::read(token) {
        None => None,
        Some(Presented::Session(hash)) => store.session_member(&hash, now, door.idle_since(now)).await?,
        Some(Presented::Program(hash)) => store.api_token_member(&hash, now).await?,
    };
    Ok(found.map(|found| {
        let is_due = found.last_used_at.is_none_or(|at| now - at >= NOTED_EACH);
        let credential = found.viewer.member().filter(|_| is_due).map(|member| member.credential);
        Known { note: credential.map(|credential| Note { credential, at: now }), viewer: found.viewer }
    }))
}

/// As [`recognise`], for a token that only browsers carry: a session's.
pub async fn recognise_session(
    store: &Store,
    door: &Door,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<Known>, StoreError> {
    match Presented::read(token) {
        Some(Presented::Session(_)) => recognise(store, door, token, now).await,
        Some(Presented::Program(_)) | None => Ok(None),
    }
}
