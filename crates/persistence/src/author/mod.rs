//! Authors and their profiles.

mod read;
mod write;

pub(crate) use read::{AUTHORS_OF_ARTICLE, authors_of_article};
pub use write::AuthorProfile;
