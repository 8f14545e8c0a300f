//! The sections' tree and their lists.

mod read;
mod write;

pub use write::SectionTexts;
