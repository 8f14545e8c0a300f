//! Why something was not done at the desk, as data: for the person to read, field by field.
//!
//! Every action at the desk answers a [`DeskError`]: refused, or a fault of ours.

use std::borrow::Cow;

use masthead_domain::article::Status;
use masthead_domain::viewer::policy::Denied;
use masthead_persistence::StoreError;
use thiserror::Error;

/// Why an action has no outcome.
#[derive(Debug, Clone, Error)]
pub enum DeskError {
    /// The person can read why.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Our fault.
    #[error(transparent)]
    Fault(#[from] StoreError),
}

/// Why an action was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refused {
    /// The viewer may not: said before the target is looked at, so the same whether it exists or not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such thing, or none that the viewer may see.
    #[error("There is no such thing here, or none that you may see.")]
    NotFound,
    /// Fields that cannot be taken as they are: at least one, each with what is wrong.
    #[error("Some of the fields cannot be taken as they are.")]
    Invalid(Vec<Fault>),
    /// Someone has changed it since: the version given is not the current one.
    #[error("It was changed since: the current version is {current}.")]
    Stale {
        /// The current version.
        current: i32,
    },
    /// The step cannot be taken from where the article stands.
    #[error("This cannot be done to an article that is {}.", state(*.0))]
    WrongStatus(Status),
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The path of the field as the schema spells it: `input.title`, `input.body.blocks[3].heading.level`.
    pub field: Cow<'static, str>,
    /// A sentence that says what is wrong, and what would be right.
    pub message: String,
}

impl Fault {
    /// What is wrong with `field`.
    pub fn new(field: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Invalid(vec![fault])
    }
}

impl From<Fault> for DeskError {
    fn from(fault: Fault) -> Self {
        Self::Refused(fault.into())
    }
}

impl From<Denied> for DeskError {
    fn from(denied: Denied) -> Self {
        Self::Refused(denied.into())
    }
}

/// Faults gathered field by field; refuses at the end if there is one.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Notes what is wrong with `field`.
    pub fn add(&mut self, field: impl Into<Cow<'static, str>>, message: impl Into<String>) {
        self.0.push(Fault::new(field, message));
    }

    /// The value, or a note of what is wrong with it.
    pub fn take<T>(&mut self, checked: Result<T, Fault>) -> Option<T> {
        checked.map_err(|fault| self.0.push(fault)).ok()
    }

    /// Refuses where anything was noted.
    pub fn check(self) -> Result<(), Refused> {
        if self.0.is_empty() { Ok(()) } else { Err(Refused::Invalid(self.0)) }
    }
}

const fn state(status: Status) -> &'static str {
    match status {
        Status::Draft => "a draft",
        Status::InReview => "in review",
        Status::Scheduled => "scheduled",
        Status::Published => "published",
        Status::Archived => "archived",
    }
}
