//! The site's settings.

pub mod update;
