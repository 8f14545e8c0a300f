//! Authors' profiles: making them and changing them.

pub mod create;
mod form;
pub mod update;

pub use form::AuthorForm;
