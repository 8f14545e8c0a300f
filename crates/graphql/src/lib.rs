//! How it is asked: the GraphQL schema over reads and actions.
//!
//! One folder a noun, the same nouns as in every crate: `object` is the type clients see, `query` and `mutation` its root
//! fields, `load` its questions to the request's loader, `plan` what is read ahead of the fields. The server gives each
//! request a [`Visit`] and calls [`execute`]. The only crate that names async_graphql (but for the server's endpoint); it
//! must not know HTTP, SQL or any rule of the newsroom.

mod address;
mod article;
mod audit;
mod author;
mod batch;
mod comment;
pub mod connection;
pub mod context;
mod eager;
mod edition;
pub mod error;
pub mod id;
pub mod limits;
mod live;
mod load;
mod localized;
mod media;
mod node;
mod refusal;
mod related;
pub mod scalar;
pub mod schema;
mod section;
mod site;
mod tag;
mod user;

pub use context::{Clock, Entropy, Planning, PublicUrl, SessionChange, SessionSlot, Settings, Visit};
pub use media::{Upload, Uploaded, Uploads};
pub use schema::{Introspection, Schema, execute, execute_stream, schema, sdl};
