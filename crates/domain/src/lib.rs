//! What a newsroom is: its nouns and its rules.
//!
//! Plain functions and types. The time, randomness and the viewer come in as parameters; nothing here does
//! I/O, and nothing here knows of databases, GraphQL or HTTP.

pub mod article;
pub mod audit;
pub mod author;
pub mod comment;
pub mod event;
pub mod id;
pub mod live;
pub mod media;
pub mod page;
pub mod related;
pub mod section;
pub mod site;
pub mod tag;
pub mod text;
pub mod user;
pub mod viewer;

pub use id::Id;
