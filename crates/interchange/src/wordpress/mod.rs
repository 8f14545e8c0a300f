//! What WordPress keeps inside the fields of an export: bodies, titles and serialized metadata.
//! It must not know how exports are read.

pub mod content;
mod html;
pub mod php;
mod plain;

pub use plain::plain_text;
