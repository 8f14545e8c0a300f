//! How often somebody may try a password: by address, by account from one address, and by account from anywhere.
//!
//! Every attempt counts, also one that succeeds, and it counts before the password is looked at, so that many at once
//! gain nothing. It counts for the address typed, whether it has a login or not, so that a refusal tells nothing.
//!
//! Nobody is locked out by strangers. From one address an account can be tried a few times only, which hits whoever
//! tries; what all addresses together may try is much more, does not hold for an address from which the person signed
//! in lately, and leaves sessions alone. Counts are this process's own and are kept as hashes under a key that ends with
//! it. It must not know what is tried.

use std::hash::{BuildHasher, Hash, RandomState};
use std::net::IpAddr;
use std::time::Duration;

use chrono::{DateTime, Utc};
use quick_cache::sync::Cache;

use crate::rate::{Bucket, Told, TooFast, network};

/// Attempts from one address, on whatever account: 30 at once, then one each 10 seconds.
const ADDRESS: (u32, Duration) = (30, Duration::from_secs(10));
/// Attempts on one account from one address: 8 at once, then one each 30 seconds.
const ACCOUNT_FROM_ADDRESS: (u32, Duration) = (8, Duration::from_secs(30));
/// Attempts on one account from all addresses from which it was not signed in to lately: 100 at once, then one each 20
/// seconds.
const ACCOUNT: (u32, Duration) = (100, Duration::from_secs(20));
/// How many pairs of account and address are known to have succeeded.
const KNOWN: usize = 10_000;

/// See the module.
pub(super) struct Throttle {
    by_address: Bucket,
    by_pair: Bucket,
    by_account: Bucket,
    known: Cache<u64, ()>,
    clock: Told,
    hasher: RandomState,
}

impl Throttle {
    pub(super) fn new() -> Self {
        let clock = Told::default();
        Self {
            by_address: Bucket::new(ADDRESS, &clock),
            by_pair: Bucket::new(ACCOUNT_FROM_ADDRESS, &clock),
            by_account: Bucket::new(ACCOUNT, &clock),
            known: Cache::new(KNOWN),
            clock,
            hasher: RandomState::new(),
        }
    }

    /// Counts an attempt on `account`, or says how long to wait. Without an address all attempts are one address's.
    pub(super) fn attempt(
        &self,
        account: &str,
        address: Option<IpAddr>,
        now: DateTime<Utc>,
    ) -> Result<(), TooFast> {
        self.clock.tell(now);
        let (address, pair) = (self.hash(network(address)), self.pair(account, address));
        self.by_address.take(address)?;
        self.by_pair.take(pair)?;
        if self.known.get(&pair).is_none() {
            self.by_account.take(self.hash(account))?;
        }
        Ok(())
    }

    /// Notes that an attempt succeeded.
    pub(super) fn succeeded(&self, account: &str, address: Option<IpAddr>) {
        self.known.insert(self.pair(account, address), ());
    }

    /// Forgets who has not tried for so long that nothing is held against them.
    pub(super) fn forget(&self, now: DateTime<Utc>) {
        self.clock.tell(now);
        for bucket in [&self.by_address, &self.by_pair, &self.by_account] {
            bucket.forget();
        }
    }

    fn pair(&self, account: &str, address: Option<IpAddr>) -> u64 {
        self.hash((account, network(address)))
    }

    fn hash(&self, of: impl Hash) -> u64 {
        self.hasher.hash_one(of)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_760_000_000, 0).expect("an instant") + TimeDelta::seconds(seconds)
    }

    fn ip(text: &str) -> Option<IpAddr> {
        Some(text.parse().expect("an address"))
    }

    #[test]
    fn an_account_is_tried_a_few_times_from_one_address_and_then_now_and_then() {
        let throttle = Throttle::new();
        for _ in 0..8 {
            assert_eq!(throttle.attempt("nadia", ip("192.0.2.1"), at(0)), Ok(()));
        }
        assert_eq!(throttle.attempt("nadia", ip("192.0.2.1"), at(0)), Err(TooFast { seconds: 30 }));
        assert_eq!(throttle.attempt("nadia", ip("192.0.2.1"), at(29)), Err(TooFast { seconds: 1 }));
        assert_eq!(throttle.attempt("nadia", ip("192.0.2.1"), at(30)), Ok(()));
        assert!(throttle.attempt("nadia", ip("192.0.2.1"), at(30)).is_err());
        assert_eq!(
            throttle.attempt("nadia", ip("192.0.2.2"), at(30)),
            Ok(()),
            "elsewhere it is another matter"
        );
        assert_eq!(throttle.attempt("karim", ip("192.0.2.1"), at(30)), Ok(()), "and so is another account");
    }

    #[test]
    fn one_address_tries_no_more_by_changing_accounts_nor_within_its_sixty_four_bits() {
        let throttle = Throttle::new();
        for n in 0..30 {
            let address = ip(&format!("2001:db8:1:2::{n:x}"));
            assert_eq!(throttle.attempt(&format!("person {n}"), address, at(0)), Ok(()));
        }
        assert_eq!(
            throttle.attempt("other", ip("2001:db8:1:2:ffff::1"), at(0)),
            Err(TooFast { seconds: 10 })
        );
        assert_eq!(throttle.attempt("other", ip("2001:db8:1:3::1"), at(0)), Ok(()));
        for _ in 0..30 {
            let _ = throttle.attempt("x", ip("::ffff:192.0.2.9"), at(0));
        }
        assert!(throttle.attempt("y", ip("192.0.2.9"), at(0)).is_err(), "one IPv4 address in two spellings");
    }

    #[test]
    fn strangers_cannot_lock_out_who_signed_in_from_here_before() {
        let throttle = Throttle::new();
        throttle.succeeded("nadia", ip("192.0.2.1"));
        let strangers = |from: u32, seconds| {
            (from..from + 200)
                .filter(|n| {
                    throttle
                        .attempt("nadia", Some(IpAddr::from((0x0A00_0000 + n).to_be_bytes())), at(seconds))
                        .is_ok()
                })
                .count()
        };
        assert_eq!(strangers(0, 0), 100, "all strangers together");
        assert_eq!(throttle.attempt("nadia", ip("192.0.2.1"), at(0)), Ok(()));
        assert!(throttle.attempt("nadia", ip("192.0.2.77"), at(0)).is_err());
        assert_eq!(strangers(1000, 60), 3, "one each twenty seconds");
    }

    #[test]
    fn who_is_quiet_is_forgotten() {
        let throttle = Throttle::new();
        for n in 0..20 {
            throttle.attempt(&format!("person {n}"), ip("192.0.2.1"), at(0)).expect("let through");
        }
        throttle.forget(at(100));
        assert_eq!(throttle.by_pair.len() + throttle.by_account.len(), 0);
        assert_eq!(throttle.by_address.len(), 1, "20 attempts weigh 200 seconds");
        throttle.forget(at(1_000));
        assert_eq!(throttle.by_address.len(), 0);
    }

    #[test]
    fn time_does_not_go_back() {
        let throttle = Throttle::new();
        for _ in 0..8 {
            throttle.attempt("nadia", ip("192.0.2.1"), at(100)).expect("let through");
        }
        assert_eq!(throttle.attempt("nadia", ip("192.0.2.1"), at(0)), Err(TooFast { seconds: 30 }));
    }
}
