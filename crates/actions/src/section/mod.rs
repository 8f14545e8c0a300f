//! Sections: making, changing, moving and deleting them.

pub mod create;
pub mod delete;
mod form;
pub mod update;

pub use form::SectionForm;
