//! Letters to the people of the newsroom: that an article waits for review, that one was handed back, that someone is
//! asked to join, or may set a new password.
//!
//! Two steps. [`QueueLetters`] follows the event log and writes down, in the transaction that passes an event, to whom it
//! means a letter: once. [`send_next`] sends one that waits, and tries again for a day: at least once, with the same
//! message id each time. A letter that fails holds up no other. How letters are carried is a [`Post`]'s; nothing here
//! knows of SMTP.

mod letter;
mod queue;
mod send;
mod texts;

pub use letter::Letter;
pub use queue::QueueLetters;
pub use send::{Letterhead, NotSent, Outcome, Post, send_next};
