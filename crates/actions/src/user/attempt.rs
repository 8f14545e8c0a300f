//! Why an attempt to show who one is has no outcome: shared by all that take a password.

use masthead_domain::viewer::policy::Denied;
use masthead_persistence::StoreError;
use thiserror::Error;

use super::password::HashingFailed;
use crate::refused::{Fault, Refused};

/// Why there is no outcome.
#[derive(Debug, Clone, Error)]
pub enum AttemptError {
    /// The password is not the one; or nobody has the address, or the login is closed: said alike.
    #[error("The address or the password is wrong.")]
    WrongCredentials,
    /// Too many attempts.
    #[error("Too many attempts. Try again in {seconds} {}.", if *.seconds == 1 { "second" } else { "seconds" })]
    TooFast {
        /// After how many whole seconds the next one is looked at.
        seconds: u32,
    },
    /// For another reason that the person can read.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The password could not be hashed: our fault.
    #[error(transparent)]
    Hashing(#[from] HashingFailed),
    /// Our fault.
    #[error(transparent)]
    Fault(#[from] StoreError),
}

impl From<Denied> for AttemptError {
    fn from(denied: Denied) -> Self {
        Self::Refused(denied.into())
    }
}

impl From<Fault> for AttemptError {
    fn from(fault: Fault) -> Self {
        Self::Refused(fault.into())
    }
}
