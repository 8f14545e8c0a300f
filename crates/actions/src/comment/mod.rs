//! What readers do with comments, and what moderators do.

pub mod classify;
pub mod commenter;
mod conversation;
pub mod follow;
pub mod form;
mod judge;
pub mod leave;
pub mod moderate;
pub mod own;
pub mod react;
pub mod receipt;
pub mod rules;
mod writer;

pub use conversation::Conversation;
