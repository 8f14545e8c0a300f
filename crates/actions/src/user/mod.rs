//! What is done with people who have a login, and how they are known.

pub mod api_token;
pub mod attempt;
pub mod change_password;
pub mod create;
pub mod door;
pub mod password;
pub mod recognise;
pub mod session;
pub mod sign_in;
mod throttle;
mod token;

pub use door::{Door, Lifetimes};
