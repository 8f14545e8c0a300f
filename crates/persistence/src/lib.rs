//! Where it is kept: SQLite or PostgreSQL, behind two doors.
//!
//! [`Reads`] is what one viewer may see, built once a request; [`Tx`] is one change, whole or not at all, with the
//! events that tell of it. The only crate that names the ORM; it knows nothing of GraphQL or HTTP.

mod address;
pub mod article;
mod audit;
pub mod author;
mod check;
mod columns;
pub mod comment;
mod dialect;
mod door;
mod imported;
mod live;
mod log;
pub mod mail;
pub mod media;
mod reads;
mod row;
pub mod section;
mod sight;
mod site;
mod slugs;
mod sqlite;
mod store;
pub mod tag;
mod turn;
mod tx;
pub mod user;

pub use address::{AddressStanding, Destination};
pub use article::page::{ArticleLookup, ArticlePage, CommentsPlan, PagePlan};
pub use article::related::Related;
pub use audit::AuditFilter;
pub use check::{Misplaced, WrongCount};
pub use imported::ImportedInto;
pub use live::PublicStanding;
pub use log::{Failing, Lease, Notices, SetAside, Standing, Start};
pub use reads::Reads;
pub use slugs::Named;
pub use store::{Options, Store, StoreError};
pub use tx::Tx;
pub use user::NewUser;
