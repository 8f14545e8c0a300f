//! Tokens of programs that act on a person's behalf. Only their hashes are kept.

use chrono::{DateTime, Utc};
use masthead_domain::user::{Role, UserId};
use masthead_domain::viewer::ApiTokenId;

use super::TokenHash;
use crate::columns::Columns;
use crate::reads::Reads;
use crate::row::Row;
use crate::store::StoreError;
use crate::tx::Tx;

/// A token to be kept.
#[derive(Debug, Clone)]
pub struct NewApiToken {
    /// On whose behalf it acts.
    pub user: UserId,
    /// What its owner calls it.
    pub name: String,
    /// What it may do at most.
    pub role: Role,
    /// When it ends; `None`: when it is revoked.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A token as its owner is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredApiToken {
    /// The key.
    pub id: ApiTokenId,
    /// What its owner calls it.
    pub name: String,
    /// What it may do at most.
    pub role: Role,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute or so; `None`: never.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it ends; `None`: when it is revoked.
    pub expires_at: Option<DateTime<Utc>>,
}

const TOKEN: &str = "t.id, t.name, t.role, t.created_at, t.last_used_at, t.expires_at";

impl Tx {
    /// Keeps a token.
    pub async fn api_token_create(
        &self,
        new: &NewApiToken,
        hash: &TokenHash,
        now: DateTime<Utc>,
    ) -> Result<ApiTokenId, StoreError> {
        self.insert(
            "INSERT INTO api_tokens (user_id, token_hash, name, role, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
            vec![
                new.user.get().into(),
                hash.to_vec().into(),
                new.name.as_str().into(),
                new.role.as_str().into(),
                now.timestamp_micros().into(),
                new.expires_at.map(|at| at.timestamp_micros()).into(),
            ],
        )
        .await
    }

    /// How many tokens a person has, those that have expired included.
    pub async fn api_token_count(&self, user: UserId) -> Result<u64, StoreError> {
        let row =
            self.row("SELECT COUNT(*) FROM api_tokens WHERE user_id = $1", vec![user.get().into()]).await?;
        Ok(match row {
            Some(row) => u64::try_from(row.try_get_by_index::<i64>(0)?).unwrap_or(0),
            None => 0,
        })
    }

    /// Removes a person's token; what it was. `None`: the person has no such token.
    pub async fn api_token_remove(
        &self,
        user: UserId,
        token: ApiTokenId,
    ) -> Result<Option<StoredApiToken>, StoreError> {
        let sql = format!("SELECT {TOKEN} FROM api_tokens t WHERE t.id = $1 AND t.user_id = $2");
        let Some(row) = self.row(&sql, vec![token.get().into(), user.get().into()]).await? else {
            return Ok(None);
        };
        self.run("DELETE FROM api_tokens WHERE id = $1", vec![token.get().into()]).await?;
        stored(&row).map(Some)
    }
}

impl Reads {
    /// The viewer's own tokens, the newest first; none for a guest. One statement.
    pub async fn own_api_tokens(&self) -> Result<Vec<StoredApiToken>, StoreError> {
        let Some(user) = self.viewer().user() else { return Ok(Vec::new()) };
        let sql = format!("SELECT {TOKEN} FROM api_tokens t WHERE t.user_id = $1 ORDER BY t.id DESC");
        self.rows(&sql, vec![user.get().into()]).await?.iter().map(stored).collect()
    }
}

fn stored(row: &Row) -> Result<StoredApiToken, StoreError> {
    let mut columns = Columns::of(row);
    Ok(StoredApiToken {
        id: columns.id()?,
        name: columns.next()?,
        role: columns.word("api_tokens.role")?,
        created_at: columns.time("api_tokens.created_at")?,
        last_used_at: columns.time_or_none("api_tokens.last_used_at")?,
        expires_at: columns.time_or_none("api_tokens.expires_at")?,
    })
}
