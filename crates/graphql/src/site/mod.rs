//! The site itself, and the direction its texts run in.

mod mutation;
mod object;
mod query;

pub(crate) use mutation::SiteMutation;
pub(crate) use object::Direction;
pub(crate) use query::SiteQuery;
