//! Comments: threads, replies, and leaving one.

mod read;
mod status;
mod write;

pub use status::Standing;
pub use write::{Commentable, Idempotent, NewComment, Parent};
