//! What an editor chose to be related to an article.

pub mod pin;
