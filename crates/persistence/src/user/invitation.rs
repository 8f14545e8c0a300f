//! Invitations: kept until they are accepted, taken back or forgotten. Their tokens are signed, not stored.

use chrono::{DateTime, Utc};
use masthead_domain::page::{Page, PageRequest, Place};
use masthead_domain::section::SectionId;
use masthead_domain::user::{EmailAddress, Invitation, InvitationId, Role, UserId};
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};

use super::recognise::keys_in;
use crate::columns::Columns;
use crate::reads::{Reads, keyset};
use crate::row::Row;
use crate::site::json;
use crate::store::StoreError;
use crate::tx::Tx;

/// An invitation to be kept.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// Whom the letter goes to, and by which name; `None`: whoever opens the link tells both.
    pub to: Option<(EmailAddress, String)>,
    /// What the person will be able to do.
    pub role: Role,
    /// In which sections; none means all.
    pub sections: Vec<SectionId>,
    /// Who invites.
    pub invited_by: Option<UserId>,
    /// When the link ends.
    pub expires_at: DateTime<Utc>,
}

/// An invitation that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredInvitation {
    /// The key.
    pub id: InvitationId,
    /// Whom the letter goes to, and by which name; `None`: whoever opens the link tells both.
    pub to: Option<(EmailAddress, String)>,
    /// What the person will be able to do.
    pub role: Role,
    /// In which sections; none means all.
    pub sections: Vec<SectionId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When the link ends.
    pub expires_at: DateTime<Utc>,
    /// When it was accepted.
    pub accepted_at: Option<DateTime<Utc>>,
}

impl StoredInvitation {
    /// Whether it can be accepted.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.accepted_at.is_none() && self.expires_at > now
    }

    /// What a letter needs; `None`: no letter is sent.
    pub fn letter(&self) -> Option<Invitation> {
        let (email, name) = self.to.clone()?;
        Some(Invitation { id: self.id, email, name, role: self.role, sections: self.sections.clone() })
    }
}

const INVITATION: &str =
    "i.id, i.email, i.name, i.role, CAST(i.sections AS TEXT), i.created_at, i.expires_at, i.accepted_at";

impl Tx {
    /// Keeps an invitation. Another that waits for the same person is gone.
    pub async fn invitation_create(
        &self,
        new: &NewInvitation,
        now: DateTime<Utc>,
    ) -> Result<InvitationId, StoreError> {
        let address = new.to.as_ref().map(|(email, _)| email.as_str());
        let key = address.map(str::to_lowercase);
        if let Some(key) = &key {
            self.run(
                "DELETE FROM invitations WHERE email_key = $1 AND accepted_at IS NULL",
                vec![key.as_str().into()],
            )
            .await?;
        }
        self.insert(
            "INSERT INTO invitations (email, email_key, name, role, sections, invited_by, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
            vec![
                address.map(str::to_owned).into(),
                key.into(),
                new.to.as_ref().map(|(_, name)| name.clone()).into(),
                new.role.as_str().into(),
                json(&new.sections)?,
                new.invited_by.map(|user| user.get()).into(),
                now.timestamp_micros().into(),
                new.expires_at.timestamp_micros().into(),
            ],
        )
        .await
    }

    /// An invitation by its key, whether it is open or not. `None`: it was taken back, or forgotten.
    pub async fn invitation(&self, id: InvitationId) -> Result<Option<StoredInvitation>, StoreError> {
        let sql = format!("SELECT {INVITATION} FROM invitations i WHERE i.id = $1");
        self.row(&sql, vec![id.get().into()]).await?.as_ref().map(stored).transpose()
    }

    /// Marks an open invitation as accepted. `false`: it is not open, or another took it at this moment.
    pub async fn invitation_accept(&self, id: InvitationId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let changed = self
            .run(
                "UPDATE invitations SET accepted_at = $2 WHERE id = $1 AND accepted_at IS NULL AND expires_at > $2",
                vec![id.get().into(), now.timestamp_micros().into()],
            )
            .await?;
        Ok(changed == 1)
    }

    /// Takes an invitation back that waits. `false`: none of this key waits.
    pub async fn invitation_remove(&self, id: InvitationId) -> Result<bool, StoreError> {
        let removed = self
            .run("DELETE FROM invitations WHERE id = $1 AND accepted_at IS NULL", vec![id.get().into()])
            .await?;
        Ok(removed == 1)
    }

    /// Whether an invitation that names nobody, the first administrator's, is open.
    pub async fn first_invitation_is_open(&self, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let row = self
            .row(
                "SELECT 1 FROM invitations WHERE email IS NULL AND accepted_at IS NULL AND expires_at > $1 LIMIT 1",
                vec![now.timestamp_micros().into()],
            )
            .await?;
        Ok(row.is_some())
    }
}

impl Reads {
    /// An invitation by its key, for who holds its token or sends its letter. One statement.
    pub async fn invitation(&self, id: InvitationId) -> Result<Option<StoredInvitation>, StoreError> {
        let sql = format!("SELECT {INVITATION} FROM invitations i WHERE i.id = $1");
        self.row(&sql, vec![id.get().into()]).await?.as_ref().map(stored).transpose()
    }

    /// Invitations that nobody has accepted, expired ones included, the newest first; none for those who may not manage
    /// people. Two statements.
    pub async fn invitations(&self, request: &PageRequest) -> Result<Page<StoredInvitation>, StoreError> {
        if may(self.viewer(), Action::Use(Permission::ManageUsers)).is_err() {
            return Ok(Page::empty());
        }
        let count = self.row("SELECT COUNT(*) FROM invitations WHERE accepted_at IS NULL", vec![]).await?;
        let total = count.map(|row| row.try_get_by_index::<i64>(0)).transpose()?;
        let mut values = Vec::new();
        let keyset = keyset(request, "i.created_at", "i.id", true, &mut values);
        let sql = format!(
            "SELECT {INVITATION} FROM invitations i WHERE i.accepted_at IS NULL{} ORDER BY {} LIMIT {}",
            keyset.condition, keyset.order, keyset.limit
        );
        let rows = self.rows(&sql, values).await?;
        let placed = |row: &Row| {
            let invitation = stored(row)?;
            let place = Place { sort: invitation.created_at.timestamp_micros(), id: invitation.id.get() };
            Ok((place, invitation))
        };
        let rows = rows.iter().map(placed).collect::<Result<Vec<_>, StoreError>>()?;
        Ok(Page::of(request, rows, total.and_then(|total| u64::try_from(total).ok())))
    }
}

fn stored(row: &Row) -> Result<StoredInvitation, StoreError> {
    let mut columns = Columns::of(row);
    let id = columns.id()?;
    let email: Option<String> = columns.next()?;
    let name: Option<String> = columns.next()?;
    Ok(StoredInvitation {
        id,
        to: email.map(EmailAddress::from_stored).zip(name),
        role: columns.word("invitations.role")?,
        sections: keys_in(columns.next()?)?,
        created_at: columns.time("invitations.created_at")?,
        expires_at: columns.time("invitations.expires_at")?,
        accepted_at: columns.time_or_none("invitations.accepted_at")?,
    })
}
