//! Followers of the log: where each stands, which process works for it, and what it could not deal with.
//!
//! A lease lets one process at a time work for a follower. It saves work and keeps order; what makes an effect happen
//! once is [`Tx::follower_advance`], which moves the position in the effect's own transaction, and only from where the
//! events were read.

use chrono::{DateTime, TimeDelta, Utc};
use masthead_domain::event::{Logged, Position};

use crate::columns::Columns;
use crate::store::{Store, StoreError};
use crate::tx::Tx;

/// No lease is longer: one that seems to be is of before the clock was put back.
const LONGEST_LEASE: TimeDelta = TimeDelta::minutes(5);

/// Where a follower that is new to the database begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// With the oldest event that the log still has.
    Beginning,
    /// Behind the newest event: with what happens from now on.
    End,
}

/// The right to work for a follower until some time, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The last event that was dealt with.
    pub position: Position,
    /// How often dealing with the next one has failed.
    pub failures: u32,
}

/// Where a follower stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its name.
    pub name: String,
    /// The last event that was dealt with.
    pub position: Position,
    /// How many events wait for it.
    pub behind: u64,
    /// When the first of them happened; `None` where none waits.
    pub waiting_since: Option<DateTime<Utc>>,
    /// How often dealing with the first of them has failed.
    pub failures: u32,
}

/// An event that a follower has passed without being able to deal with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// The follower.
    pub follower: String,
    /// The event's number.
    pub seq: Position,
    /// The event's kind.
    pub kind: String,
    /// When it was passed.
    pub at: DateTime<Utc>,
    /// Why; of the last attempt.
    pub why: String,
}

/// What has become of an attempt that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failing {
    /// How often the next event has failed by now.
    pub failures: u32,
    /// Nobody tries again before this.
    pub again_at: DateTime<Utc>,
}

impl Store {
    /// Makes a follower known that is not yet; changes nothing of one that is.
    pub async fn follower_register(&self, name: &str, start: Start) -> Result<(), StoreError> {
        let position = match start {
            Start::Beginning => "0",
            Start::End => "COALESCE((SELECT MAX(seq) FROM events), 0)",
        };
        let tx = self.begin().await?;
        tx.run(
            &format!(
                "INSERT INTO followers (name, position) VALUES ($1, {position}) ON CONFLICT (name) DO NOTHING"
            ),
            vec![name.into()],
        )
        .await?;
        tx.commit().await
    }

    /// Takes or renews the right to work for a follower, for so long from `now` on. `None`: another holder has it.
    ///
    /// `holder` is a random name that one process keeps while it runs.
    pub async fn follower_lease(
        &self,
        name: &str,
        holder: &str,
        now: DateTime<Utc>,
        length: TimeDelta,
    ) -> Result<Option<Lease>, StoreError> {
        let tx = self.begin().await?;
        let row = tx
            .row(
                "UPDATE followers SET lease = $2, leased_until = $3 \
                 WHERE name = $1 AND (leased_until <= $4 OR leased_until > $5 OR lease = $2) RETURNING position, failures",
                vec![
                    name.into(),
                    holder.into(),
                    (now + length).timestamp_micros().into(),
                    now.timestamp_micros().into(),
                    (now + LONGEST_LEASE).timestamp_micros().into(),
                ],
            )
            .await?;
        tx.commit().await?;
        let Some(row) = row else { return Ok(None) };
        let mut columns = Columns::of(&row);
        Ok(Some(Lease { position: Position::from_stored(columns.next()?), failures: columns.small()? }))
    }

    /// Gives the lease back, if `holder` has it.
    pub async fn follower_release(&self, name: &str, holder: &str) -> Result<(), StoreError> {
        let tx = self.begin().await?;
        tx.run(
            "UPDATE followers SET leased_until = 0 WHERE name = $1 AND lease = $2 AND leased_until > 0",
            vec![name.into(), holder.into()],
        )
        .await?;
        tx.commit().await
    }

    /// Moves a follower past events that do not concern it, where nobody works for it at the moment: none of those
    /// between `from` and `to` does. Changes nothing of one that stands elsewhere.
    pub async fn follower_pass(
        &self,
        name: &str,
        from: Position,
        to: Position,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let tx = self.begin().await?;
        tx.run(
            "UPDATE followers SET position = $3 WHERE name = $1 AND position >= $2 AND position < $3 AND leased_until <= $4 AND failures = 0",
            vec![name.into(), from.get().into(), to.get().into(), now.timestamp_micros().into()],
        )
        .await?;
        tx.commit().await
    }

    /// Writes down that the next event failed once more. The lease stays until the next attempt, so that nobody else
    /// makes one earlier. `false`: the lease was lost.
    pub async fn follower_fail(
        &self,
        name: &str,
        holder: &str,
        failing: Failing,
    ) -> Result<bool, StoreError> {
        let tx = self.begin().await?;
        let changed = tx
            .run(
                "UPDATE followers SET failures = $3, leased_until = $4 WHERE name = $1 AND lease = $2",
                vec![
                    name.into(),
                    holder.into(),
                    i32::try_from(failing.failures).unwrap_or(i32::MAX).into(),
                    failing.again_at.timestamp_micros().into(),
                ],
            )
            .await?;
        tx.commit().await?;
        Ok(changed > 0)
    }

    /// Where each follower stands, by name. Counts the events that wait.
    pub async fn followers(&self) -> Result<Vec<Standing>, StoreError> {
        let sql = "SELECT f.name, f.position, f.failures, (SELECT COUNT(*) FROM events e WHERE e.seq > f.position), \
             (SELECT e.at FROM events e WHERE e.seq > f.position ORDER BY e.seq LIMIT 1) FROM followers f ORDER BY f.name";
        let mut standings = Vec::new();
        for row in self.ask(sql, vec![]).await? {
            let mut columns = Columns::of(&row);
            standings.push(Standing {
                name: columns.next()?,
                position: Position::from_stored(columns.next()?),
                failures: columns.small()?,
                behind: u64::try_from(columns.next::<i64>()?).unwrap_or(0),
                waiting_since: columns.time_or_none("events.at")?,
            });
        }
        Ok(standings)
    }

    /// Forgets which events were set aside. How many.
    pub async fn events_set_aside_forget(&self) -> Result<u64, StoreError> {
        let tx = self.begin().await?;
        let forgotten = tx.run("DELETE FROM set_aside", vec![]).await?;
        tx.commit().await?;
        Ok(forgotten)
    }

    /// The newest events that were set aside, at most `limit`.
    pub async fn events_set_aside(&self, limit: u32) -> Result<Vec<SetAside>, StoreError> {
        let sql = "SELECT follower, seq, kind, set_aside_at, why FROM set_aside ORDER BY set_aside_at DESC, follower, seq LIMIT $1";
        let mut aside = Vec::new();
        for row in self.ask(sql, vec![i64::from(limit).into()]).await? {
            let mut columns = Columns::of(&row);
            aside.push(SetAside {
                follower: columns.next()?,
                seq: Position::from_stored(columns.next()?),
                kind: columns.next()?,
                at: columns.time("set_aside.set_aside_at")?,
                why: columns.next()?,
            });
        }
        Ok(aside)
    }
}

impl Tx {
    /// Moves a follower in this transaction, with its effect, and keeps its lease until `leased_until`. `false`: the
    /// lease was lost or the follower stands elsewhere, so that this transaction must be dropped.
    pub async fn follower_advance(
        &self,
        name: &str,
        holder: &str,
        from: Position,
        to: Position,
        leased_until: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let changed = self
            .run(
                "UPDATE followers SET position = $4, failures = 0, leased_until = $5 WHERE name = $1 AND lease = $2 AND position = $3",
                vec![
                    name.into(),
                    holder.into(),
                    from.get().into(),
                    to.get().into(),
                    leased_until.timestamp_micros().into(),
                ],
            )
            .await?;
        Ok(changed > 0)
    }

    /// Writes down that a follower passes an event which it cannot deal with.
    pub async fn event_set_aside(
        &self,
        follower: &str,
        event: &Logged,
        why: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO set_aside (follower, seq, kind, set_aside_at, why) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            vec![
                follower.into(),
                event.seq.get().into(),
                event.kind.as_str().into(),
                now.timestamp_micros().into(),
                why.into(),
            ],
        )
        .await?;
        Ok(())
    }
}
