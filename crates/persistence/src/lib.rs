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
pub mod section;
mod sight;
mod site;
mod slugs;
mod store;
pub mod tag;
mod turn;
mod tx;
pub mod user;

pub use article::page::{ArticleLookup, ArticlePage, CommentsPlan, PagePlan};
pub use article::related::Related;
pub use audit::AuditFilter;
pub use check::{Misplaced, WrongCount};
pub use imported::ImportedInto;
pub use log::{Failing, Lease, Notices, SetAside, Standing, Start};
pub use reads::Reads;
pub use slugs::Named;
pub use store::{Options, Store, StoreError};
pub use tx::Tx;
pub use user::NewUser;
