//! How it is asked: the GraphQL schema over reads and actions.

pub mod limits;
