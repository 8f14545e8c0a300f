//! Comments: threads below an article, leaving one, and watching.

mod create;
mod load;
mod mutation;
mod object;
mod subscription;

pub(crate) use load::{CommentById, CommentsOn};
pub(crate) use mutation::CommentMutation;
pub(crate) use object::{Comment, CommentOrder};
pub(crate) use subscription::CommentSubscription;
