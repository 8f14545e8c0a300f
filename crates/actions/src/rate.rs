//! How often something may be done by whom: token buckets by key, on the clock that actions are told. Counts are this
//! process's own. It must not know what is counted.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

/// Something was done too often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooFast {
    /// After how many whole seconds there is room for one more; at least 1.
    pub(crate) seconds: u32,
}

/// A bucket for each key: so many at once, then one each period (the generic cell rate algorithm, by `governor`).
pub(crate) struct Bucket {
    limiter: RateLimiter<u64, DashMapStateStore<u64>, Told, NoOpMiddleware<Duration>>,
    clock: Told,
}

impl Bucket {
    /// `burst` at once, then one `each` period.
    pub(crate) fn new((burst, each): (u32, Duration), clock: &Told) -> Self {
        let quota = Quota::with_period(each).unwrap_or(Quota::per_minute(NonZeroU32::MIN));
        let quota = quota.allow_burst(NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN));
        Self {
            limiter: RateLimiter::new(quota, DashMapStateStore::default(), clock.clone()),
            clock: clock.clone(),
        }
    }

    /// Takes one for this key, or says how long to wait.
    pub(crate) fn take(&self, key: u64) -> Result<(), TooFast> {
        self.limiter.check_key(&key).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            TooFast { seconds: u32::try_from(seconds).unwrap_or(u32::MAX).max(1) }
        })
    }

    /// How many keys are remembered.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.limiter.len()
    }

    /// Forgets keys that have all their tokens again.
    pub(crate) fn forget(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }
}

/// Whom an address stands for: IPv6 gives each customer 64 bits' worth of them.
pub(crate) fn network(address: Option<IpAddr>) -> Option<(bool, u64)> {
    address.map(|address| match address.to_canonical() {
        IpAddr::V4(v4) => (false, u64::from(v4.to_bits())),
        IpAddr::V6(v6) => (true, (v6.to_bits() >> 64) as u64),
    })
}

/// The time as actions were told it, in nanoseconds since 1970; never goes back.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told(Arc<AtomicU64>);

impl Told {
    pub(crate) fn tell(&self, now: DateTime<Utc>) {
        let nanos = now.timestamp_nanos_opt().and_then(|nanos| u64::try_from(nanos).ok()).unwrap_or(0);
        self.0.fetch_max(nanos, Ordering::Relaxed);
    }
}

impl Clock for Told {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::Relaxed))
    }
}
