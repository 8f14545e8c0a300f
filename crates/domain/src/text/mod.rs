//! Text as a newsroom in several scripts needs it: languages, direction, slugs, and one folding.
//!
//! Everything here is a total function of its input. It must not know of articles, markup or storage.

mod characters;
mod direction;
mod fold;
mod locale;
mod localized;
pub mod plain;
pub mod skeleton;
mod slug;
mod span;

pub(crate) use characters::is_invisible;
pub use direction::Direction;
pub use fold::fold;
pub use locale::{InvalidLanguageTag, LanguageTag, negotiate};
pub use localized::Localized;
pub use slug::{Slug, SlugKey};
pub use span::{push_escaped, span_without};
