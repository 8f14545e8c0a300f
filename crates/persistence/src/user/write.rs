//! Giving people a login, and changing what they may do; what is asked when someone signs in.

use chrono::{DateTime, Utc};
use masthead_domain::author::AuthorId;
use masthead_domain::section::SectionId;
use masthead_domain::user::{EmailAddress, Role, User, UserId};

use super::read::{USER, user};
use crate::columns::Columns;
use crate::reads::keys;
use crate::store::{Store, StoreError};
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

/// What is kept of a person to be signed in.
#[derive(Clone)]
pub struct SignInFacts {
    /// Who.
    pub user: UserId,
    /// The password's hash in PHC form; `None`: the person has no password, and cannot sign in.
    pub password_hash: Option<String>,
    /// Whether the login is closed.
    pub is_disabled: bool,
}

// Derived, it would print the hash.
impl std::fmt::Debug for SignInFacts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignInFacts").field("user", &self.user).finish_non_exhaustive()
    }
}

impl Store {
    /// What is kept of the person of an address, in whatever case it is written. One statement.
    pub async fn sign_in_facts(&self, email: &EmailAddress) -> Result<Option<SignInFacts>, StoreError> {
        self.facts_where("u.email_key = $1", email.as_str().to_lowercase().into()).await
    }

    /// What is kept of a person. One statement.
    pub async fn sign_in_facts_of(&self, user: UserId) -> Result<Option<SignInFacts>, StoreError> {
        self.facts_where("u.id = $1", user.get().into()).await
    }

    async fn facts_where(
        &self,
        condition: &str,
        value: sea_orm::Value,
    ) -> Result<Option<SignInFacts>, StoreError> {
        let sql = format!("SELECT u.id, u.password_hash, u.disabled_at FROM users u WHERE {condition}");
        let Some(row) = self.row(&sql, vec![value]).await? else { return Ok(None) };
        let mut columns = Columns::of(&row);
        Ok(Some(SignInFacts {
            user: columns.id()?,
            password_hash: columns.next()?,
            is_disabled: columns.next::<Option<i64>>()?.is_some(),
        }))
    }
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

    /// A person.
    pub async fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        let sql = format!("SELECT {USER} FROM users u WHERE u.id = $1");
        self.row(&sql, vec![id.get().into()]).await?.as_ref().map(user).transpose()
    }

    /// Whether somebody signs in with this address, in whatever case it is written.
    pub async fn email_is_taken(&self, email: &EmailAddress) -> Result<bool, StoreError> {
        let key = email.as_str().to_lowercase();
        Ok(self.row("SELECT 1 FROM users WHERE email_key = $1", vec![key.into()]).await?.is_some())
    }

    /// Makes those who change what people may do take turns until they commit: the last administrator must not be lost
    /// to two changes at once. On SQLite writers take turns anyway.
    pub async fn lock_people(&self) -> Result<(), StoreError> {
        self.run("UPDATE site SET id = id WHERE id = 1", vec![]).await?;
        Ok(())
    }

    /// How many administrators of the whole site can sign in.
    pub async fn admin_count(&self) -> Result<u64, StoreError> {
        let row = self
            .row(
                "SELECT COUNT(*) FROM users WHERE role = 'ADMIN' AND NOT scoped AND disabled_at IS NULL",
                vec![],
            )
            .await?;
        Ok(match row {
            Some(row) => u64::try_from(row.try_get_by_index::<i64>(0)?).unwrap_or(0),
            None => 0,
        })
    }

    /// Changes a person's name and role.
    pub async fn user_update(&self, id: UserId, name: &str, role: Role) -> Result<(), StoreError> {
        self.run(
            "UPDATE users SET name = $2, role = $3 WHERE id = $1",
            vec![id.get().into(), name.into(), role.as_str().into()],
        )
        .await?;
        Ok(())
    }

    /// Says in which sections a person works, and below which; `None`: everywhere. Sections that are gone are left out:
    /// a person of whose sections none is left works nowhere.
    pub async fn user_assign(&self, id: UserId, sections: Option<&[SectionId]>) -> Result<(), StoreError> {
        self.run(
            "UPDATE users SET scoped = $2 WHERE id = $1",
            vec![id.get().into(), sections.is_some().into()],
        )
        .await?;
        self.run("DELETE FROM user_sections WHERE user_id = $1", vec![id.get().into()]).await?;
        if let Some(sections) = sections {
            self.run(
                "INSERT INTO user_sections (user_id, section_id) SELECT CAST($2 AS INTEGER), s.id FROM sections s \
                 WHERE s.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))",
                vec![keys(sections), id.get().into()],
            )
            .await?;
        }
        Ok(())
    }

    /// Gives a person a byline.
    pub async fn user_byline(&self, id: UserId, author: AuthorId) -> Result<(), StoreError> {
        self.run("UPDATE users SET author_id = $2 WHERE id = $1", vec![id.get().into(), author.get().into()])
            .await?;
        Ok(())
    }

    /// Closes a login, or opens it again where `since` is `None`.
    pub async fn user_disable(&self, id: UserId, since: Option<DateTime<Utc>>) -> Result<(), StoreError> {
        self.run(
            "UPDATE users SET disabled_at = $2 WHERE id = $1",
            vec![id.get().into(), since.map(|at| at.timestamp_micros()).into()],
        )
        .await?;
        Ok(())
    }

    /// Removes all tokens that a person made for programs.
    pub async fn api_tokens_remove(&self, id: UserId) -> Result<(), StoreError> {
        self.run("DELETE FROM api_tokens WHERE user_id = $1", vec![id.get().into()]).await?;
        Ok(())
    }

    /// Replaces a password whose hash is still `before`. `false`: it was replaced meanwhile.
    pub async fn password_replace(&self, id: UserId, before: &str, after: &str) -> Result<bool, StoreError> {
        let changed = self
            .run(
                "UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2",
                vec![id.get().into(), before.into(), after.into()],
            )
            .await?;
        Ok(changed == 1)
    }
}
