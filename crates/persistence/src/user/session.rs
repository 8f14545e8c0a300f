//! Sessions: begun, ended, listed, and cleared away. Only the hash of a session's token is kept.

use chrono::{DateTime, Utc};
use masthead_domain::user::UserId;
use masthead_domain::viewer::SessionId;

use super::TokenHash;
use crate::columns::Columns;
use crate::reads::Reads;
use crate::store::StoreError;
use crate::tx::Tx;

/// A session of a person, as the person is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// The key.
    pub id: SessionId,
    /// When the person signed in.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute or so.
    pub last_used_at: DateTime<Utc>,
    /// When it ends however much it is used.
    pub expires_at: DateTime<Utc>,
}

/// Most sessions that a person has at once; the one that was used the longest ago makes room.
const MOST: i64 = 50;

impl Tx {
    /// Begins a session of a person who may sign in and whose password is still the one of this hash. `None`: not so.
    pub async fn session_begin(
        &self,
        user: UserId,
        password_hash: &str,
        token: &TokenHash,
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<Option<SessionId>, StoreError> {
        let row = self
            .row(
                "INSERT INTO sessions (user_id, token_hash, created_at, last_used_at, expires_at) \
                 SELECT u.id, $3, $4, $4, $5 FROM users u \
                 WHERE u.id = $1 AND u.password_hash = $2 AND u.disabled_at IS NULL RETURNING id",
                vec![
                    user.get().into(),
                    password_hash.into(),
                    token.to_vec().into(),
                    now.timestamp_micros().into(),
                    expires_at.timestamp_micros().into(),
                ],
            )
            .await?;
        let Some(row) = row else { return Ok(None) };
        self.run(
            "DELETE FROM sessions WHERE user_id = $1 AND id NOT IN (\
               SELECT s.id FROM sessions s WHERE s.user_id = $1 ORDER BY s.last_used_at DESC, s.id DESC LIMIT $2)",
            vec![user.get().into(), MOST.into()],
        )
        .await?;
        Ok(Some(SessionId::from_stored(row.try_get_by_index(0)?)))
    }

    /// Ends one session.
    pub async fn session_end(&self, session: SessionId) -> Result<(), StoreError> {
        self.run("DELETE FROM sessions WHERE id = $1", vec![session.get().into()]).await?;
        Ok(())
    }

    /// Ends all sessions of a person but `kept`; how many there were.
    pub async fn sessions_end(&self, user: UserId, kept: Option<SessionId>) -> Result<u64, StoreError> {
        let kept = kept.map_or(0, |session| session.get()); // no row has the key 0
        self.run("DELETE FROM sessions WHERE user_id = $1 AND id <> $2", vec![user.get().into(), kept.into()])
            .await
    }

    /// Clears away sessions that have expired or were not used since `idle_since`, invitations that expired before
    /// `forgotten`, links to set a password that have expired, and who asked for one before `asked`; how many rows.
    pub async fn signing_in_tidy(
        &self,
        now: DateTime<Utc>,
        idle_since: DateTime<Utc>,
        forgotten: DateTime<Utc>,
        asked: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let sessions = self
            .run(
                "DELETE FROM sessions WHERE expires_at <= $1 OR last_used_at <= $2",
                vec![now.timestamp_micros().into(), idle_since.timestamp_micros().into()],
            )
            .await?;
        let invitations = self
            .run("DELETE FROM invitations WHERE expires_at <= $1", vec![forgotten.timestamp_micros().into()])
            .await?;
        let mut resets = 0;
        for (sql, before) in [
            ("DELETE FROM password_reset_tokens WHERE expires_at <= $1", now),
            ("DELETE FROM password_resets WHERE asked_at <= $1", asked),
        ] {
            resets += self.run(sql, vec![before.timestamp_micros().into()]).await?;
        }
        Ok(sessions + invitations + resets)
    }
}

impl Reads {
    /// The viewer's own sessions that can still be used, the last used first; none for a guest. One statement.
    pub async fn own_sessions(
        &self,
        now: DateTime<Utc>,
        idle_since: DateTime<Utc>,
    ) -> Result<Vec<StoredSession>, StoreError> {
        let Some(user) = self.viewer().user() else { return Ok(Vec::new()) };
        let values =
            vec![user.get().into(), now.timestamp_micros().into(), idle_since.timestamp_micros().into()];
        let rows = self
            .rows(
                "SELECT s.id, s.created_at, s.last_used_at, s.expires_at FROM sessions s \
                 WHERE s.user_id = $1 AND s.expires_at > $2 AND s.last_used_at > $3 ORDER BY s.last_used_at DESC, s.id DESC",
                values,
            )
            .await?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                Ok(StoredSession {
                    id: columns.id()?,
                    created_at: columns.time("sessions.created_at")?,
                    last_used_at: columns.time("sessions.last_used_at")?,
                    expires_at: columns.time("sessions.expires_at")?,
                })
            })
            .collect()
    }
}
