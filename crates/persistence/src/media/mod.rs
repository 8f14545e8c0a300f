//! Pictures in the library: rows, and the files with their bytes.

mod files;
mod library;
mod read;
#[cfg(feature = "s3")]
mod s3;
mod write;

pub use files::{Files, FilesError, Found, Look};
pub(crate) use read::{IMAGE, IMAGE_WIDTH, StoredImage, image_or_none};
#[cfg(feature = "s3")]
pub use s3::{S3, Secret};
pub use write::{Entered, NewImage, Upload};
