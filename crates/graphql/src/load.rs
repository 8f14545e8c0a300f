//! The one loader of a request. Each noun's `load.rs` adds its questions: a key type each, answered for many keys in
//! one statement.
//!
//! It must not know who asks, or how an answer is shown.

use std::collections::HashMap;
use std::hash::Hash;

use masthead_persistence::Reads;

/// What the questions are put to. Each noun implements `Loader` for it once a key type.
pub(crate) struct Loads {
    pub(crate) reads: Reads,
}

/// Keys by what they have in common, since one statement answers only those that differ in whom they ask about: all
/// the keys that share a page, an order, a language.
pub(crate) fn grouped<K, G: Eq + Hash, I>(keys: &[K], split: impl Fn(&K) -> (G, I)) -> HashMap<G, Vec<I>> {
    let mut groups: HashMap<G, Vec<I>> = HashMap::new();
    for key in keys {
        let (group, id) = split(key);
        groups.entry(group).or_default().push(id);
    }
    groups
}
