//! Authors: bylines with a profile.

mod input;
mod load;
mod mutation;
mod object;
mod query;

pub(crate) use load::AuthorById;
pub(crate) use mutation::AuthorMutation;
pub(crate) use object::Author;
pub(crate) use query::AuthorQuery;
