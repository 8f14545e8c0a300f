//! Ids that find a request in the log. Unlikely to meet twice, cheap, and no secret: whoever sees one can guess the
//! next. It must not know requests.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

/// Where the ids of one process come from.
#[derive(Debug)]
pub struct RequestIds {
    next: AtomicU64,
}

impl RequestIds {
    /// Begins at a random place, so that two runs of the program share no ids.
    pub fn new() -> Self {
        Self { next: AtomicU64::new(RandomState::new().build_hasher().finish()) }
    }

    /// The next id, 16 hexadecimal digits.
    pub fn next(&self) -> String {
        // An odd step visits all 2^64 numbers; this one, 2^64 divided by the golden ratio, spreads neighbours.
        format!("{:016x}", self.next.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_of_one_length_and_do_not_repeat() {
        let ids = RequestIds::new();
        let some: std::collections::HashSet<_> = (0..1_000).map(|_| ids.next()).collect();
        assert_eq!(some.len(), 1_000);
        assert!(some.iter().all(|id| id.len() == 16));
        assert_ne!(RequestIds::new().next(), RequestIds::new().next());
    }
}
