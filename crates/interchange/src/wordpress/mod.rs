//! What WordPress keeps inside the fields of an export: bodies and serialized metadata.
//! It must not know how exports are read.

pub mod php;
