//! Tags: subjects that articles of any section share.

mod load;
mod object;
mod query;

pub(crate) use load::TagById;
pub(crate) use object::Tag;
pub(crate) use query::TagQuery;
