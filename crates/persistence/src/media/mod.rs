//! Pictures in the library.

mod read;
mod write;

pub(crate) use read::{StoredImage, image_or_none};
pub use write::NewImage;
