//! What all who sign in share: the throttle, a bound on how much is hashed at once, and how long sessions hold.
//!
//! Made once for the program. It must not know where people are kept.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Semaphore;

use super::attempt::AttemptError;
use super::password::{HashingFailed, Password, is_password};
use super::throttle::Throttle;
use crate::rate::TooFast;

/// A hash of no password anybody knows, of the parameters that [`Password::hash`] uses: what is compared with where
/// there is nobody to compare with, so that the answer takes as long.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$YSBwYXNzd29yZCwgbm9uZQ$7cV0hKb1c3o3V9m3q7b7gk2bqk4oT4cVwq8mJm0pXxs";

/// Longest text that is compared: no password is longer in whatever encoding, and hashing must not be made dear.
const LONGEST_TYPED: usize = 4 * super::password::MAX_CHARACTERS;

/// How long a session holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    /// Without being used.
    pub idle: TimeDelta,
    /// However much it is used.
    pub absolute: TimeDelta,
}

impl Default for Lifetimes {
    /// Two weeks without being used, ninety days in all.
    fn default() -> Self {
        Self { idle: TimeDelta::days(14), absolute: TimeDelta::days(90) }
    }
}

/// See the module. Cheap to clone.
#[derive(Clone)]
pub struct Door(Arc<Inner>);

struct Inner {
    throttle: Option<Throttle>,
    hashing: Arc<Semaphore>,
    lifetimes: Lifetimes,
}

impl Door {
    /// With a throttle or without; as many passwords are hashed at once as there are processors, each taking 19 MiB for
    /// some tens of milliseconds, and the others wait.
    pub fn new(throttled: bool, lifetimes: Lifetimes) -> Self {
        let processors = std::thread::available_parallelism().map_or(2, usize::from);
        Self(Arc::new(Inner {
            throttle: throttled.then(Throttle::new),
            hashing: Arc::new(Semaphore::new(processors)),
            lifetimes,
        }))
    }

    /// How long sessions hold.
    pub fn lifetimes(&self) -> Lifetimes {
        self.0.lifetimes
    }

    /// The time since which a session must have been used to hold at `now`.
    pub fn idle_since(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now - self.0.lifetimes.idle
    }

    /// Forgets attempts that are held against nobody any more. To be called now and then.
    pub fn forget(&self, now: DateTime<Utc>) {
        if let Some(throttle) = &self.0.throttle {
            throttle.forget(now);
        }
    }

    /// Counts an attempt on `account` from `address`, or refuses it.
    pub(super) fn attempt(
        &self,
        account: &str,
        address: Option<IpAddr>,
        now: DateTime<Utc>,
    ) -> Result<(), AttemptError> {
        let attempted = self.0.throttle.as_ref().map_or(Ok(()), |it| it.attempt(account, address, now));
        attempted.map_err(|TooFast { seconds }| AttemptError::TooFast { seconds })
    }

    /// Notes that an attempt succeeded.
    pub(super) fn succeeded(&self, account: &str, address: Option<IpAddr>) {
        if let Some(throttle) = &self.0.throttle {
            throttle.succeeded(account, address);
        }
    }

    /// Whether `typed` is the password of this hash. Takes as long without a hash.
    pub(super) async fn is_password(&self, typed: &str, hash: Option<String>) -> Result<bool, HashingFailed> {
        let typed = if typed.len() > LONGEST_TYPED { String::new() } else { typed.to_owned() };
        // Also where the request is given up meanwhile, the place is held until the work is done.
        let place = self.0.hashing.clone().acquire_owned().await.map_err(|_| HashingFailed)?;
        let comparing = tokio::task::spawn_blocking(move || {
            let is = is_password(&typed, hash.as_deref().unwrap_or(NOBODY)) && hash.is_some();
            drop(place);
            is
        });
        comparing.await.map_err(|_| HashingFailed)
    }

    /// A password as it is stored; see [`Password::hash`].
    pub(super) async fn hash(&self, password: &Password, entropy: [u8; 32]) -> Result<String, HashingFailed> {
        let _place = self.0.hashing.acquire().await.map_err(|_| HashingFailed)?;
        password.hash(entropy).await
    }
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Door").field("lifetimes", &self.0.lifetimes).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::phc::PasswordHash;

    use super::*;

    #[tokio::test]
    async fn nobody_s_hash_takes_what_everybody_s_takes_and_is_no_password_s() {
        let password = Password::parse("correct horse battery", &[]).expect("a password");
        let door = Door::new(false, Lifetimes::default());
        let hash = door.hash(&password, [9; 32]).await.expect("hash");
        let (real, nobody) =
            (PasswordHash::new(&hash).expect("PHC"), PasswordHash::new(NOBODY).expect("PHC"));
        assert_eq!((real.algorithm, real.version), (nobody.algorithm, nobody.version));
        assert_eq!(real.params, nobody.params);
        let lengths = |hash: &PasswordHash| {
            (hash.salt.as_ref().map(|it| it.len()), hash.hash.as_ref().map(|it| it.len()))
        };
        assert_eq!(lengths(&real), lengths(&nobody));
        assert_eq!(door.is_password("correct horse battery", Some(hash.clone())).await, Ok(true));
        assert_eq!(door.is_password("correct horse batterie", Some(hash)).await, Ok(false));
        assert_eq!(door.is_password("correct horse battery", None).await, Ok(false));
        assert_eq!(door.is_password(&"x".repeat(100_000), None).await, Ok(false));
    }
}
