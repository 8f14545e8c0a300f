//! How it comes and goes: formats in and out, pure.

pub mod authors_csv;
pub mod json_ld;
pub mod picture;
pub mod wordpress;
pub mod wxr;
