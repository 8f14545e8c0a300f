//! The log of privileged acts: written with the act, read by administrators.

use chrono::{DateTime, Utc};
use masthead_domain::audit::{Act, Subject};
use masthead_domain::viewer::Member;

use crate::article::word;
use crate::store::StoreError;
use crate::tx::Tx;

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
        self.run(
            "INSERT INTO audit_log (at, actor_id, actor_name, actor_role, action, subject_noun, subject_id, detail) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            vec![
                now.timestamp_micros().into(),
                member.user.get().into(),
                member.name.as_str().into(),
                member.role.as_str().into(),
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
