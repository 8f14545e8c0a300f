//! The log of privileged acts: written with the act, read by administrators.

use chrono::{DateTime, Utc};
use masthead_domain::audit::{Act, Entry, Subject};
use masthead_domain::page::{Page, PageRequest, Place};
use masthead_domain::user::{Role, User, UserId};
use masthead_domain::viewer::{Member, Permission};
use sea_orm::Value;

use crate::article::word;
use crate::columns::Columns;
use crate::reads::{Reads, bind, keyset};
use crate::store::StoreError;
use crate::tx::Tx;

/// Which lines of the log are wanted: those of which all that is given here is true.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Done by this person.
    pub actor: Option<UserId>,
    /// Of this kind.
    pub act: Option<Act>,
    /// Done to this.
    pub subject: Option<Subject>,
}

impl Reads {
    /// Lines of the log, the newest first. A place's `sort` is the key. Nobody who may not read it gets a line. One
    /// statement.
    pub async fn audit_log(
        &self,
        filter: &AuditFilter,
        request: &PageRequest,
    ) -> Result<Page<Entry>, StoreError> {
        if !self.viewer().member().is_some_and(|member| Permission::ReadAuditLog.is_of(member)) {
            return Ok(Page::empty());
        }
        let mut values: Vec<Value> = Vec::new();
        let mut condition = String::new();
        if let Some(actor) = filter.actor {
            condition.push_str(&format!(" AND l.actor_id = {}", bind(&mut values, actor.get())));
        }
        if let Some(act) = filter.act {
            condition.push_str(&format!(" AND l.action = {}", bind(&mut values, word(&act)?)));
        }
        if let Some(subject) = filter.subject {
            let (noun, key) = (bind(&mut values, subject.noun()), bind(&mut values, subject.key()));
            condition.push_str(&format!(" AND l.subject_noun = {noun} AND l.subject_id = {key}"));
        }
        // Lines are numbered as they are written, so that the key alone is the order of time.
        let keyset = keyset(request, "l.id", "l.id", true, &mut values);
        let sql = format!(
            "SELECT l.id, l.at, l.actor_id, l.actor_name, l.actor_role, l.action, l.subject_noun, l.subject_id, l.detail \
             FROM audit_log l WHERE TRUE{condition}{} ORDER BY {} LIMIT {}",
            keyset.condition, keyset.order, keyset.limit
        );
        let rows = self.rows(&sql, values).await?;
        let entries = rows.iter().map(|row| {
            let entry = entry(&mut Columns::of(row))?;
            Ok((Place { sort: entry.id.get(), id: entry.id.get() }, entry))
        });
        Ok(Page::of(request, entries.collect::<Result<_, StoreError>>()?, None))
    }
}

fn entry(columns: &mut Columns<'_>) -> Result<Entry, StoreError> {
    Ok(Entry {
        id: columns.id()?,
        at: columns.time("audit_log.at")?,
        actor: columns.id_or_none()?,
        actor_name: columns.next()?,
        actor_role: columns.word("audit_log.actor_role")?,
        act: columns.word("audit_log.action")?,
        subject: subject(columns.next()?, columns.next()?)?,
        detail: columns.next()?,
    })
}

fn subject(noun: Option<String>, key: Option<i64>) -> Result<Subject, StoreError> {
    let noun = noun.unwrap_or_default();
    Subject::from_stored(&noun, key.unwrap_or_default()).ok_or_else(|| StoreError::Unreadable {
        column: "audit_log.subject_noun",
        why: format!("no such noun: {noun}"),
    })
}

impl Tx {
    /// Writes down that `member` did something. `detail` says how or why; it never holds a secret, an address or
    /// someone's text.
    pub async fn audit_append(
        &self,
        member: &Member,
        act: Act,
        subject: Subject,
        detail: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.audit_line((member.user, &member.name, member.role), act, subject, detail, now).await
    }

    /// As [`audit_append`](Self::audit_append), of what somebody did to the own login who was not signed in.
    pub async fn audit_append_own(
        &self,
        user: &User,
        act: Act,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.audit_line((user.id, &user.name, user.role), act, Subject::User(user.id), None, now).await
    }

    async fn audit_line(
        &self,
        (actor, name, role): (UserId, &str, Role),
        act: Act,
        subject: Subject,
        detail: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO audit_log (at, actor_id, actor_name, actor_role, action, subject_noun, subject_id, detail) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            vec![
                now.timestamp_micros().into(),
                actor.get().into(),
                name.into(),
                role.as_str().into(),
                word(&act)?,
                subject.noun().into(),
                subject.key().into(),
                detail.map(str::to_owned).into(),
            ],
        )
        .await?;
        Ok(())
    }
}
