//! Anything by its global id, as Relay asks for it.

mod query;

pub(crate) use query::NodeQuery;
