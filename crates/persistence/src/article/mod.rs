//! Articles: their cards, their pages, their lists, and what is related to them.

mod card;
mod desk;
mod desk_list;
mod due;
mod enlist;
mod facts;
mod former;
mod list;
pub mod page;
mod parts;
pub mod related;
mod remove;
mod revise;
mod revision;
mod revisions;
mod untouched;
mod write;

pub use desk_list::{DeskFilter, DeskOrder};
pub(crate) use list::Listing;
pub use revise::{Next, Visibility};
pub use revisions::Preview;
pub(crate) use write::word;
pub use write::{NewArticle, StoredArticle};
