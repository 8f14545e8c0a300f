//! How many connections are open, in all and from each address. It must not know what they are for.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Counts connections and turns away what is too much.
#[derive(Debug)]
pub(crate) struct Admission {
    max: usize,
    max_per_address: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    total: usize,
    by_network: HashMap<Network, usize>,
}

/// Whom a connection counts for: an IPv4 address, or the 64 bits of an IPv6 address that one customer is given whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Network {
    V4(u32),
    V6(u64),
}

impl Network {
    fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => Self::V4(v4.to_bits()),
            IpAddr::V6(v6) => Self::V6((v6.to_bits() >> 64) as u64),
        }
    }
}

impl Admission {
    /// Admits `max` in all and `max_per_address` from one address.
    pub(crate) fn new(max: usize, max_per_address: usize) -> Self {
        Self { max, max_per_address, open: Mutex::default() }
    }

    /// A place, held until it is dropped; `None` where none is left.
    pub(crate) fn admit(this: &Arc<Self>, address: IpAddr) -> Option<Admitted> {
        let network = Network::of(address);
        let mut open = this.open();
        let Open { total, by_network } = &mut *open;
        if *total >= this.max {
            return None;
        }
        let held = by_network.entry(network).or_insert(0);
        if *held >= this.max_per_address {
            return None;
        }
        *held += 1;
        *total += 1;
        Some(Admitted { admission: Arc::clone(this), network })
    }

    /// Whether nobody holds a place.
    pub(crate) fn is_empty(&self) -> bool {
        self.open().total == 0
    }

    /// Counting cannot panic half-way, so a poisoned lock holds right counts.
    fn open(&self) -> std::sync::MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One place among the connections, free again when dropped.
#[derive(Debug)]
pub(crate) struct Admitted {
    admission: Arc<Admission>,
    network: Network,
}

impl Drop for Admitted {
    fn drop(&mut self) {
        let mut open = self.admission.open();
        open.total -= 1;
        if let Some(held) = open.by_network.get_mut(&self.network) {
            *held -= 1;
            if *held == 0 {
                open.by_network.remove(&self.network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_limited_in_all_and_by_address_and_come_back() {
        let admission = Arc::new(Admission::new(4, 2));
        let admit = |address: &str| Admission::admit(&admission, address.parse().unwrap());
        let first = admit("192.0.2.1").unwrap();
        let second = admit("::ffff:192.0.2.1").unwrap(); // the same, as a socket for both families tells it
        assert!(admit("192.0.2.1").is_none());
        let third = admit("2001:db8:0:1::1").unwrap();
        let fourth = admit("2001:db8:0:1:ffff::2").unwrap();
        drop(first);
        assert!(admit("2001:db8:0:1::3").is_none(), "a third of one /64");
        let fifth = admit("2001:db8:0:2::1").unwrap();
        assert!(admit("192.0.2.9").is_none(), "a fifth in all");
        drop([second, third, fourth, fifth]);
        assert_eq!(admission.open().total, 0);
        assert!(admission.open().by_network.is_empty(), "nothing is kept of those who left");
    }
}
