//! What people do: one file a verb, one transaction each.
//!
//! Every action goes the same way: policy, transaction, load, the domain's rule, write, event, commit. Time,
//! randomness and the viewer come in as an [`Occasion`]. Nothing here knows of GraphQL, HTTP or SQL.

pub mod article;
pub mod author;
pub mod comment;
pub mod follow;
pub mod import;
mod keyed_hash;
pub mod live;
pub mod mail;
pub mod media;
pub mod newsroom;
mod rate;
pub mod refused;
pub mod related;
pub mod section;
pub mod site;
pub mod tag;
pub mod texts;
pub mod user;

use chrono::{DateTime, Utc};
use masthead_domain::viewer::policy::Denied;
use masthead_domain::viewer::{Member, Viewer};

/// The circumstances of an action: who, when, and with which randomness.
#[derive(Clone)]
pub struct Occasion {
    /// On whose behalf.
    pub viewer: Viewer,
    /// When.
    pub now: DateTime<Utc>,
    /// 32 random bytes of this occasion alone, fit for secrets.
    pub entropy: [u8; 32],
}

impl Occasion {
    /// The person on whose behalf it is done.
    ///
    /// # Errors
    /// [`Denied::Unauthenticated`] where nobody is signed in.
    pub fn member(&self) -> Result<&Member, Denied> {
        self.viewer.member().ok_or(Denied::Unauthenticated)
    }
}

// Derived, it would print what secrets are made of.
impl std::fmt::Debug for Occasion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Occasion")
            .field("viewer", &self.viewer)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}
