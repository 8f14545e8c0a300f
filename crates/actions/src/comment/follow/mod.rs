//! Following the thread below an article by e-mail: asking for letters, and what is done by the links in them.
//!
//! An address that was typed gets letters only after somebody who reads its mail has said yes; a login's own address is
//! known. What strangers are told is the same whether an address follows already or not.

mod answer;
mod ask;
mod token;

use masthead_persistence::StoreError;
use thiserror::Error;

use crate::refused::{DeskError, Refused};

pub use answer::{Confirmed, Which, change, confirm, end};
pub(super) use ask::{Asking, put};
pub use ask::{Outcome, Wish, follow};

/// Why nobody follows.
#[derive(Debug, Clone, Error)]
pub enum FollowError {
    /// There will be no comments to tell of.
    #[error("Comments on this article are closed.")]
    Closed,
    /// Too many in too short a time.
    #[error("Too many in a short time: try again in {retry_after} seconds, please.")]
    TooFast {
        /// After how many seconds there is room for another, at least 1.
        retry_after: u32,
    },
    /// As everywhere.
    #[error(transparent)]
    Other(#[from] DeskError),
}

impl From<Refused> for FollowError {
    fn from(refused: Refused) -> Self {
        Self::Other(refused.into())
    }
}

impl From<StoreError> for FollowError {
    fn from(fault: StoreError) -> Self {
        Self::Other(fault.into())
    }
}

/// Where a letter about threads sends its reader; the page there acts when its button is pressed, or by itself where a
/// mail program asks it to (RFC 8058).
pub(crate) mod link {
    use chrono::{DateTime, Utc};
    use masthead_domain::comment::following::{FollowId, Language};

    use super::token;

    /// To confirm a follow.
    pub(crate) fn confirming(
        secret: &[u8],
        follow: FollowId,
        expires_at: DateTime<Utc>,
        language: Language,
        public_url: &str,
    ) -> String {
        link(public_url, "confirm", &token::confirming(secret, follow, expires_at), language)
    }

    /// To end a follow.
    pub(crate) fn ending(secret: &[u8], follow: FollowId, language: Language, public_url: &str) -> String {
        link(public_url, "end", &token::keeping(secret, follow), language)
    }

    fn link(public_url: &str, what: &str, token: &str, language: Language) -> String {
        let public_url = public_url.trim_end_matches('/');
        format!("{public_url}/thread-letters/{what}/{token}?lang={}", language.tag())
    }
}
