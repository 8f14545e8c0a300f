//! Whom moderators keep from commenting, by the address that they type or sign in with.

use chrono::{DateTime, Utc};
use masthead_domain::comment::pipeline::Ban;
use masthead_domain::page::{Page, PageRequest, Place};
use masthead_domain::user::{EmailAddress, UserId};
use sea_orm::Value;

use crate::columns::Columns;
use crate::reads::{Reads, bind, keyset};
use crate::store::StoreError;
use crate::tx::Tx;

/// A ban as it was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBan {
    /// Of which address.
    pub email: EmailAddress,
    /// Until when, and whether it is told.
    pub ban: Ban,
    /// Why, for moderators.
    pub reason: Option<String>,
    /// The name of who set it; `None`: their login is gone.
    pub by: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

impl Reads {
    /// The bans in force, the last set first; none for who does not moderate the whole site. One statement.
    pub async fn bans(
        &self,
        now: DateTime<Utc>,
        request: &PageRequest,
    ) -> Result<Page<StoredBan>, StoreError> {
        if !self.moderates_all() {
            return Ok(Page::empty());
        }
        let mut values: Vec<Value> = Vec::new();
        let now = bind(&mut values, now.timestamp_micros());
        let keyset = keyset(request, "b.banned_at", "b.id", true, &mut values);
        let sql = format!(
            "SELECT b.id, b.email, b.kind, b.until, b.reason, u.name, b.banned_at FROM commenter_bans b \
             LEFT JOIN users u ON u.id = b.user_id WHERE (b.until IS NULL OR b.until > {now}){} ORDER BY {} LIMIT {}",
            keyset.condition, keyset.order, keyset.limit
        );
        let rows = self.rows(&sql, values).await?;
        let items = rows.iter().map(|row| {
            let mut columns = Columns::of(row);
            let id: i64 = columns.next()?;
            let email = EmailAddress::from_stored(columns.next()?);
            let ban = ban(&mut columns)?;
            let (reason, by) = (columns.next()?, columns.next()?);
            let at = columns.time("commenter_bans.banned_at")?;
            Ok((Place { sort: at.timestamp_micros(), id }, StoredBan { email, ban, reason, by, at }))
        });
        Ok(Page::of(request, items.collect::<Result<_, StoreError>>()?, None))
    }
}

impl Tx {
    /// The ban in force of the address that was typed, or of the login's own; one that is told goes before one that is not.
    pub async fn ban_in_force(
        &self,
        email: Option<&EmailAddress>,
        user: Option<UserId>,
        now: DateTime<Utc>,
    ) -> Result<Option<Ban>, StoreError> {
        // Nobody has the empty address, nor the key 0.
        let sql = "SELECT kind, until FROM commenter_bans WHERE (email = $1 OR email = (SELECT u.email_key FROM users u WHERE u.id = $2)) \
             AND (until IS NULL OR until > $3) ORDER BY kind LIMIT 1";
        let typed = email.map(EmailAddress::key).unwrap_or_default();
        let values =
            vec![typed.into(), user.map_or(0, |user| user.get()).into(), now.timestamp_micros().into()];
        let row = self.row(sql, values).await?;
        let Some(row) = row else { return Ok(None) };
        ban(&mut Columns::of(&row)).map(Some)
    }

    /// Bans an address, or changes its ban.
    pub async fn ban_put(
        &self,
        email: &EmailAddress,
        ban: Ban,
        reason: Option<&str>,
        by: UserId,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO commenter_bans (email, kind, until, reason, user_id, banned_at) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (email) DO UPDATE SET kind = excluded.kind, until = excluded.until, reason = excluded.reason, \
             user_id = excluded.user_id, banned_at = excluded.banned_at",
            vec![
                email.key().into(),
                if ban.shadow { "SHADOW" } else { "BAN" }.into(),
                ban.until.map(|until| until.timestamp_micros()).into(),
                reason.map(str::to_owned).into(),
                by.get().into(),
                at.timestamp_micros().into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// Ends a ban; `false` where there was none.
    pub async fn ban_lift(&self, email: &EmailAddress) -> Result<bool, StoreError> {
        let gone = self.run("DELETE FROM commenter_bans WHERE email = $1", vec![email.key().into()]).await?;
        Ok(gone > 0)
    }
}

fn ban(columns: &mut Columns<'_>) -> Result<Ban, StoreError> {
    let shadow = columns.next::<String>()? == "SHADOW";
    Ok(Ban { until: columns.time_or_none("commenter_bans.until")?, shadow })
}
