//! From the hash of a token to the person it stands for, in one statement; and when a token was last used.
//!
//! Asked before there is a viewer, so it is a question to the store itself. It must not know what a token looks like.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use masthead_domain::Id;
use masthead_domain::section::SectionId;
use masthead_domain::user::Role;
use masthead_domain::viewer::{ApiTokenId, Credential, Member, Scope, SessionId, Viewer};

use crate::columns::{Columns, json};
use crate::store::{Store, StoreError};

/// The SHA-256 of a token.
pub type TokenHash = [u8; 32];

/// A person who was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// Who.
    pub viewer: Viewer,
    /// When the session or token was last noted as used; `None`: never.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// The person `u`: what [`member`] reads. The sections of a scoped person come with all that are below them.
const MEMBER: &str = "u.id, u.name, u.role, u.author_id, u.scoped, \
     CASE WHEN u.scoped THEN (\
       WITH RECURSIVE below (id) AS (\
         SELECT w.section_id FROM user_sections w WHERE w.user_id = u.id \
         UNION SELECT c.id FROM sections c JOIN below b ON c.parent_id = b.id\
       ) SELECT CAST(json_group_array(below.id) AS TEXT) FROM below) END";

impl Store {
    /// Whose session this is, where it has not expired, was used after `idle_since`, and the person may sign in. One
    /// statement.
    pub async fn session_member(
        &self,
        hash: &TokenHash,
        now: DateTime<Utc>,
        idle_since: DateTime<Utc>,
    ) -> Result<Option<Recognised>, StoreError> {
        let sql = format!(
            "SELECT t.id, t.last_used_at, t.last_used_at, {MEMBER} FROM sessions t JOIN users u ON u.id = t.user_id \
             WHERE t.token_hash = $1 AND t.expires_at > $2 AND t.last_used_at > $3 AND u.disabled_at IS NULL"
        );
        let values =
            vec![hash.to_vec().into(), now.timestamp_micros().into(), idle_since.timestamp_micros().into()];
        let row = self.row(&sql, values).await?;
        row.map(|row| {
            let mut columns = Columns::of(&row);
            let session: SessionId = columns.id()?;
            let last_used_at = columns.time_or_none("sessions.last_used_at")?;
            columns.skip(1);
            let member = member(&mut columns, None, Credential::Session(session))?;
            Ok(Recognised { viewer: Viewer::Member(Arc::new(member)), last_used_at })
        })
        .transpose()
    }

    /// For whom a program's token acts, where it has not expired and the person may sign in. One statement.
    pub async fn api_token_member(
        &self,
        hash: &TokenHash,
        now: DateTime<Utc>,
    ) -> Result<Option<Recognised>, StoreError> {
        let sql = format!(
            "SELECT t.id, t.last_used_at, t.role, {MEMBER} FROM api_tokens t JOIN users u ON u.id = t.user_id \
             WHERE t.token_hash = $1 AND (t.expires_at IS NULL OR t.expires_at > $2) AND u.disabled_at IS NULL"
        );
        let row = self.row(&sql, vec![hash.to_vec().into(), now.timestamp_micros().into()]).await?;
        row.map(|row| {
            let mut columns = Columns::of(&row);
            let token: ApiTokenId = columns.id()?;
            let last_used_at = columns.time_or_none("api_tokens.last_used_at")?;
            let role = columns.word("api_tokens.role")?;
            let member = member(&mut columns, Some(role), Credential::ApiToken(token))?;
            Ok(Recognised { viewer: Viewer::Member(Arc::new(member)), last_used_at })
        })
        .transpose()
    }

    /// Notes that a session or token was used. Never takes a note back in time.
    pub async fn credential_used(
        &self,
        credential: Credential,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let (table, id) = match credential {
            Credential::Session(id) => ("sessions", id.get()),
            Credential::ApiToken(id) => ("api_tokens", id.get()),
        };
        let tx = self.begin().await?;
        tx.run(
            &format!(
                "UPDATE {table} SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)"
            ),
            vec![id.into(), now.timestamp_micros().into()],
        )
        .await?;
        tx.commit().await
    }
}

/// A person as recognised by `credential`, with at most the role `at_most`.
fn member(
    columns: &mut Columns<'_>,
    at_most: Option<Role>,
    credential: Credential,
) -> Result<Member, StoreError> {
    let (user, name) = (columns.id()?, columns.next()?);
    let role: Role = columns.word("users.role")?;
    let author = columns.id_or_none()?;
    let scoped: bool = columns.next()?;
    let sections: Option<String> = columns.next()?;
    let scope = if scoped { Scope::Sections(keys_in(sections)?) } else { Scope::Everywhere };
    Ok(Member { user, name, role: at_most.map_or(role, |most| most.min(role)), author, scope, credential })
}

/// The sections that a JSON list holds; PostgreSQL makes no list of no rows.
pub(super) fn keys_in<C: FromIterator<SectionId>>(list: Option<String>) -> Result<C, StoreError> {
    let keys: BTreeSet<i64> = match list {
        Some(list) => json(&list, "user_sections")?,
        None => BTreeSet::new(),
    };
    Ok(keys.into_iter().map(Id::from_stored).collect())
}
