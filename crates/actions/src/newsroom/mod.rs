//! What is done with a newsroom as a whole.

pub mod described;
pub mod fill;
