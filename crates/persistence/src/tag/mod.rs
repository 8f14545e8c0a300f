//! Tags and their lists.

mod read;
mod write;
