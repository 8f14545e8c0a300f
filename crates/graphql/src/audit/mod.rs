//! The audit log: who did what, for administrators.

mod object;
mod query;

pub(crate) use query::AuditQuery;
