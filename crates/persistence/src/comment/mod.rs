//! Comments: threads, replies, and leaving one.

mod read;
mod write;

pub use write::{Commentable, Idempotent, NewComment, Parent};
