//! Tags and their lists.

mod merge;
mod read;
mod write;
