//! The site's one row.

mod read;
mod write;

pub(crate) use read::LastSite;
pub(crate) use write::json;
