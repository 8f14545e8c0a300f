//! Addresses: where a path of this site leads, today's or a former one.

mod object;
mod query;

pub(crate) use query::AddressQuery;
