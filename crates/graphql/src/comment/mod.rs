//! Comments: threads below an article, and leaving one.

mod create;
mod load;
mod mutation;
mod object;

pub(crate) use load::{CommentById, CommentsOn};
pub(crate) use mutation::CommentMutation;
pub(crate) use object::{Comment, CommentOrder};
