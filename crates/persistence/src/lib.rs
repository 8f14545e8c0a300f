//! Where it is kept: SQLite or PostgreSQL, behind two doors.
//!
//! [`Reads`] is what one viewer may see, built once a request; [`Tx`] is one change, whole or not at all, with the
//! events that tell of it. The only crate that names the ORM; it knows nothing of GraphQL or HTTP.

pub mod article;
mod audit;
pub mod author;
mod check;
mod columns;
pub mod comment;
mod dialect;
mod imported;
mod log;
pub mod media;
mod reads;
mod row;
pub mod section;
mod sight;
mod site;
mod sqlite;
mod store;
mod tag;
mod tx;
mod user;

pub use article::page::{ArticleLookup, ArticlePage, CommentsPlan, PagePlan};
pub use article::related::Related;
pub use check::{Misplaced, WrongCount};
pub use imported::ImportedInto;
pub use reads::Reads;
pub use store::{Options, Store, StoreError};
pub use tx::Tx;
pub use user::NewUser;
