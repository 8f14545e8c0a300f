//! Authors: bylines with a profile.

mod load;
mod object;
mod query;

pub(crate) use load::AuthorById;
pub(crate) use object::Author;
pub(crate) use query::AuthorQuery;
