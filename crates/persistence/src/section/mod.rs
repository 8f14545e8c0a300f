//! The sections' tree and their lists.

mod read;
mod relist;
mod write;

pub use write::SectionTexts;
