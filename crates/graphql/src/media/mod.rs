//! Pictures.

mod input;
mod load;
mod mutation;
mod object;
mod payload;
mod query;
mod upload;

pub(crate) use load::{ImageById, LibraryImage};
pub(crate) use mutation::MediaMutation;
pub(crate) use object::Image;
pub(crate) use query::MediaQuery;
pub use upload::{Upload, Uploaded, Uploads};
