//! What readers do with comments.

pub mod leave;
pub mod receipt;
