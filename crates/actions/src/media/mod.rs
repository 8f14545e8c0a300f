//! What people do to pictures: one file a verb; and where the work on them is done.

mod describe;
pub mod update;
pub mod upload;
mod workshop;

pub use workshop::{Busy, Workshop};
