//! Forgotten passwords: who asked for a new one, and the tokens by which it is set. Only hashes of tokens are kept.

use chrono::{DateTime, Utc};
use masthead_domain::user::{EmailAddress, PasswordResetId, User, UserId};

use super::TokenHash;
use super::read::{USER, user};
use crate::store::{Store, StoreError};
use crate::tx::Tx;

impl Store {
    /// The person whose password a token may set: it has not expired, and the login is open. One statement.
    pub async fn reset_owner(
        &self,
        token: &TokenHash,
        now: DateTime<Utc>,
    ) -> Result<Option<User>, StoreError> {
        let sql = format!(
            "SELECT {USER} FROM password_reset_tokens t JOIN users u ON u.id = t.user_id \
             WHERE t.token_hash = $1 AND t.expires_at > $2 AND u.disabled_at IS NULL"
        );
        let row = self.row(&sql, vec![token.to_vec().into(), now.timestamp_micros().into()]).await?;
        row.as_ref().map(user).transpose()
    }

    /// Keeps one more token for a person. Those of earlier letters hold on: which of two letters is opened is not known.
    pub async fn reset_token_add(
        &self,
        user: UserId,
        token: &TokenHash,
        expires_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let tx = self.begin().await?;
        tx.run(
            "INSERT INTO password_reset_tokens (token_hash, user_id, expires_at) VALUES ($1, $2, $3)",
            vec![token.to_vec().into(), user.get().into(), expires_at.timestamp_micros().into()],
        )
        .await?;
        tx.commit().await
    }

    /// The person of an address, in whatever case it is written, whether the login is open or not. One statement.
    pub async fn user_of_address(&self, email: &EmailAddress) -> Result<Option<User>, StoreError> {
        let sql = format!("SELECT {USER} FROM users u WHERE u.email_key = $1");
        let row = self.row(&sql, vec![email.as_str().to_lowercase().into()]).await?;
        row.as_ref().map(user).transpose()
    }
}

impl Tx {
    /// Writes down that a new password is asked for, unless that was written down after `since` for the same account.
    /// One statement that does the same whether the address has a login or not; `account` stands for the address.
    pub async fn reset_ask(
        &self,
        account: &[u8; 32],
        email: &EmailAddress,
        now: DateTime<Utc>,
        since: DateTime<Utc>,
    ) -> Result<Option<PasswordResetId>, StoreError> {
        let row = self
            .row(
                "INSERT INTO password_resets (account_key, user_id, asked_at) \
                 VALUES ($1, (SELECT u.id FROM users u WHERE u.email_key = $2 AND u.disabled_at IS NULL), $3) \
                 ON CONFLICT (account_key) DO UPDATE SET user_id = excluded.user_id, asked_at = excluded.asked_at \
                 WHERE password_resets.asked_at <= $4 RETURNING id",
                vec![
                    account.to_vec().into(),
                    email.as_str().to_lowercase().into(),
                    now.timestamp_micros().into(),
                    since.timestamp_micros().into(),
                ],
            )
            .await?;
        row.map(|row| row.try_get_by_index(0).map(PasswordResetId::from_stored)).transpose()
    }

    /// Uses a token up. `false`: it does not hold any more, or another used it at this moment.
    pub async fn reset_take(&self, token: &TokenHash, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let taken = self
            .run(
                "DELETE FROM password_reset_tokens WHERE token_hash = $1 AND expires_at > $2",
                vec![token.to_vec().into(), now.timestamp_micros().into()],
            )
            .await?;
        Ok(taken == 1)
    }

    /// Gives a person a password, whatever there was, and ends what the old one stood for: sessions, and letters that
    /// would set another. Tokens for programs were never made of it, and stay.
    pub async fn password_set(&self, id: UserId, hash: &str) -> Result<(), StoreError> {
        self.run("UPDATE users SET password_hash = $2 WHERE id = $1", vec![id.get().into(), hash.into()])
            .await?;
        self.resets_forget(id).await?;
        self.sessions_end(id, None).await?;
        Ok(())
    }

    /// Takes back every letter that would set a person's password.
    pub async fn resets_forget(&self, id: UserId) -> Result<(), StoreError> {
        for table in ["password_reset_tokens", "password_resets"] {
            self.run(&format!("DELETE FROM {table} WHERE user_id = $1"), vec![id.get().into()]).await?;
        }
        Ok(())
    }
}
