//! Sending one letter: claim, write, hand over, write down how it went. No transaction is open while it is on its way.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use masthead_domain::user::EmailAddress;
use masthead_persistence::mail::{DueLetter, LetterEnd, LetterKind};
use masthead_persistence::{Store, StoreError};

use super::letter::{Letter, write};
use crate::user::reset_password;

/// A letter is tried again until its event is this old.
const GIVE_UP: TimeDelta = TimeDelta::hours(24);
/// Wait after the first attempt; doubled from one to the next.
const FIRST_WAIT: TimeDelta = TimeDelta::minutes(1);
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(2);
/// How long handing a letter over may take, and how long nobody else tries the same.
const LONGEST: Duration = Duration::from_secs(60);
const CLAIM: TimeDelta = TimeDelta::seconds(120);

/// What stands on every letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letterhead {
    /// The name it comes from; `None` is the site's.
    pub name: Option<String>,
    /// The address it comes from; message ids end in its host.
    pub address: EmailAddress,
    /// What links begin with, without a slash at the end.
    pub public_url: String,
}

/// Whoever carries letters.
pub trait Post: Send + Sync {
    /// Hands a letter over. It may be the second time for the same one, which its message id tells.
    fn deliver(&self, letter: &Letter) -> impl Future<Output = Result<(), NotSent>> + Send;
}

/// Why a letter was not handed over. Written down and shown to operators: never an address or what a letter says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotSent {
    /// It may go later.
    ForNow(String),
    /// It never will.
    ForGood(String),
}

/// What has become of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was handed over.
    Sent,
    /// There was nothing more to say.
    Obsolete,
    /// It is tried again.
    Postponed,
    /// It is not tried again.
    Failed,
}

/// Sends the letter that has waited longest. `None`: none waits now. `entropy` is 32 random bytes for this call alone.
pub async fn send_next(
    store: &Store,
    post: &impl Post,
    head: &Letterhead,
    now: DateTime<Utc>,
    entropy: &[u8; 32],
) -> Result<Option<Outcome>, StoreError> {
    let Some(due) = store.letter_claim(now, now + CLAIM).await? else { return Ok(None) };
    let (seq, kind) = (due.seq.get(), due.kind);
    let is_late = kind == LetterKind::PasswordReset && now - due.at >= reset_password::LIFETIME;
    let facts = if is_late { None } else { store.letter_facts(&due, now).await? };
    let Some(facts) = facts else {
        store.letter_end(&due, LetterEnd::Obsolete, None, now).await?;
        return Ok(Some(Outcome::Obsolete));
    };
    let delivered = match write(store, &due, facts, head, entropy).await? {
        Some(letter) => tokio::time::timeout(LONGEST, post.deliver(&letter))
            .await
            .unwrap_or_else(|_elapsed| Err(NotSent::ForNow("it took too long".to_owned()))),
        None => Err(NotSent::ForGood("what is stored as the address is none".to_owned())),
    };
    match delivered {
        Ok(()) => {
            store.letter_end(&due, LetterEnd::Sent, None, now).await?;
            Ok(Some(Outcome::Sent))
        }
        Err(NotSent::ForNow(why)) if now - due.at < GIVE_UP => {
            let again_at = now + wait_after(&due);
            tracing::warn!(
                seq,
                ?kind,
                attempts = due.attempts,
                why,
                "a letter was not sent; it is tried again"
            );
            store.letter_postpone(&due, &why, again_at).await?;
            Ok(Some(Outcome::Postponed))
        }
        Err(NotSent::ForNow(why) | NotSent::ForGood(why)) => {
            tracing::error!(
                seq,
                ?kind,
                attempts = due.attempts,
                why,
                "a letter was not sent, and is not tried again"
            );
            store.letter_end(&due, LetterEnd::Failed, Some(&why), now).await?;
            Ok(Some(Outcome::Failed))
        }
    }
}

/// 1, 2, 4 … minutes, at most two hours.
fn wait_after(due: &DueLetter) -> TimeDelta {
    let doubled =
        1_i32.checked_shl(due.attempts.saturating_sub(1)).and_then(|times| FIRST_WAIT.checked_mul(times));
    doubled.filter(|wait| *wait > TimeDelta::zero()).map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT))
}

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ForNow(why) | Self::ForGood(why) => f.write_str(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use masthead_domain::event::Position;
    use masthead_domain::user::UserId;
    use masthead_persistence::mail::Recipient;

    use super::*;

    #[test]
    fn waits_grow_up_to_two_hours() {
        let wait = |attempts| {
            wait_after(&DueLetter {
                id: 1,
                seq: Position::START,
                at: DateTime::UNIX_EPOCH,
                kind: LetterKind::ArticleReturned,
                to: Recipient::User(UserId::from_stored(1)),
                attempts,
            })
            .num_minutes()
        };
        assert_eq!(
            [1, 2, 3, 7, 8, 9, 31, 32, 33, 1_000].map(wait),
            [1, 2, 4, 64, 120, 120, 120, 120, 120, 120]
        );
    }
}
