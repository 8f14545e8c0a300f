//! Who writes, as far as that is known: a login, or the key that a guest's browser keeps. Stored as a hash only. A typed
//! e-mail address makes nobody known.

use masthead_domain::comment::leave::KEY_LENGTH;
use masthead_domain::user::UserId;
use masthead_domain::viewer::Viewer;

use crate::keyed_hash::{Purpose, keyed_hash};

/// What is wrong with a text that is no key.
pub(super) const NO_KEY: &str = "A key is random and has 16 to 200 characters.";

/// Whether a text may be the key that a guest's browser keeps.
pub(super) fn is_key(key: &str) -> bool {
    KEY_LENGTH.contains(&key.chars().count()) && !key.chars().any(char::is_control)
}

/// A writer who can be told from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Writer(Vec<u8>);

impl Writer {
    /// The login goes before the key. `None`: a guest without a key.
    pub(super) fn of(secret: &[u8], viewer: &Viewer, key: Option<&str>) -> Option<Self> {
        let hash = match (viewer.user(), key) {
            (Some(user), _) => return Some(Self::of_login(secret, user)),
            (None, Some(key)) => keyed_hash(secret, Purpose::WriterKey, &[key.as_bytes()]),
            (None, None) => return None,
        };
        Some(Self(hash.to_vec()))
    }

    /// A login as a writer.
    pub(super) fn of_login(secret: &[u8], user: UserId) -> Self {
        Self(keyed_hash(secret, Purpose::WriterLogin, &[&user.get().to_be_bytes()]).to_vec())
    }

    pub(super) fn hash(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn into_hash(self) -> Vec<u8> {
        self.0
    }
}
