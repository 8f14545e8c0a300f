//! Articles: their cards, their pages, their lists, and what is related to them.

mod card;
mod enlist;
mod former;
mod list;
pub mod page;
mod parts;
pub mod related;
mod untouched;
mod write;

pub(crate) use list::Listing;
pub(crate) use write::word;
pub use write::{NewArticle, StoredArticle};
