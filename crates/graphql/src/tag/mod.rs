//! Tags: subjects that articles of any section share.

mod input;
mod load;
mod mutation;
mod object;
mod query;

pub(crate) use load::TagById;
pub(crate) use mutation::TagMutation;
pub(crate) use object::Tag;
pub(crate) use query::TagQuery;
