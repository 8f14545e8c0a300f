//! Tags: changing them, and making one part of another. New ones come with the articles that name them.

pub mod merge;
pub mod update;
