//! What is done with people who have a login, and how they are known.

pub mod accept;
pub mod api_token;
pub mod attempt;
pub mod change_password;
pub mod create;
pub mod door;
pub mod invite;
pub mod manage;
pub mod password;
pub mod recognise;
pub mod reset_password;
pub mod session;
pub mod sign_in;
mod staff;
mod throttle;
mod token;

pub use door::{Door, Lifetimes};
