//! Letters to the people of the newsroom: that an article waits for review, that one was handed back, that someone is
//! asked to join, may set a new password, or is named in a comment; and to who follows a thread: what is new there.
//!
//! Two steps. [`QueueLetters`] follows the event log and writes down, in the transaction that passes an event, to whom it
//! means a letter: once. [`send_next`] sends one that waits, and tries again for a day: at least once, with the same
//! message id each time. A letter that fails holds up no other. How letters are carried is a [`Post`]'s; nothing here
//! knows of SMTP.

mod letter;
mod queue;
mod send;
mod texts;
mod thread;
mod thread_texts;

pub use letter::{Letter, MailingList};
pub use queue::QueueLetters;
pub use send::{Letterhead, NotSent, Outcome, Post, send_next};
pub use thread::{NoteThreadNews, forget_unconfirmed, queue_thread_letters};
