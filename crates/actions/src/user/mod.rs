//! What is done with people who have a login.

pub mod create;
pub mod password;
