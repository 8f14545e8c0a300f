//! People with a login.

use chrono::{DateTime, Utc};
use masthead_domain::author::AuthorId;
use masthead_domain::user::{EmailAddress, Role, UserId};

use crate::store::StoreError;
use crate::tx::Tx;

/// A person to be given a login.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// The address that signs in.
    pub email: EmailAddress,
    /// The name shown to colleagues.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The password's hash in PHC form.
    pub password_hash: String,
    /// The person's byline.
    pub author: Option<AuthorId>,
}

impl Tx {
    /// Adds a person. `None`: the address has a login already.
    pub async fn user_create(
        &self,
        user: &NewUser,
        now: DateTime<Utc>,
    ) -> Result<Option<UserId>, StoreError> {
        let row = self
            .row(
                "INSERT INTO users (email, email_key, name, role, password_hash, author_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                 ON CONFLICT (email_key) DO NOTHING RETURNING id",
                vec![
                    user.email.as_str().into(),
                    user.email.as_str().to_lowercase().into(),
                    user.name.as_str().into(),
                    user.role.as_str().into(),
                    user.password_hash.as_str().into(),
                    user.author.map(|id| id.get()).into(),
                    now.timestamp_micros().into(),
                ],
            )
            .await?;
        Ok(match row {
            Some(row) => Some(UserId::from_stored(row.try_get_by_index(0)?)),
            None => None,
        })
    }

    /// How many people have a login.
    pub async fn user_count(&self) -> Result<u64, StoreError> {
        let row = self.row("SELECT COUNT(*) FROM users", vec![]).await?;
        Ok(match row {
            Some(row) => u64::try_from(row.try_get_by_index::<i64>(0)?).unwrap_or(0),
            None => 0,
        })
    }
}
