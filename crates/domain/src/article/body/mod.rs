//! The body of an article: typed blocks, stored once; HTML, plain text and counts are derived from them.
//!
//! [`Body::from_html`] is the only door for HTML. It must not know of articles, storage, or where the HTML
//! came from; nothing in here makes a request.

mod block;
mod inline;
mod markdown;
mod own_images;
mod parse;
mod parts;
mod render;
mod render_inline;
mod text;
mod written;

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use crate::text::Direction;

pub use block::{Block, FigureImage, List, ListItem};
pub use inline::{Inline, InlineImage, Link, Marks, Rel, Style, inline_direction, inline_html, inline_text};
pub use markdown::MAX_WRITTEN;
pub use own_images::ImageReference;
pub use parse::Loss;
pub use render::blocks_html;
pub use written::{BlockFault, MAX_BLOCKS, Wording, WrittenBlock, WrittenImage};

/// The blocks of an article in their order. Stored as a JSON array.
///
/// What [`Body::from_html`] gives, and what was stored of it, holds only checked addresses and sanitised
/// markup. Blocks that came any other way are trusted as they are: to distrust them, read their
/// [`html`](Body::html) back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Body(pub Vec<Block>);

/// Words read a minute. A round figure a little below the 238 that adults read of English non-fiction, silently
/// (M. Brysbaert, "How many words do we read per minute?", Journal of Memory and Language 109, 2019).
pub const WORDS_A_MINUTE: u32 = 220;

impl Body {
    /// The blocks in their order.
    #[must_use]
    pub fn blocks(&self) -> &[Block] {
        &self.0
    }

    /// The whole body as HTML, a block a line: semantic elements only, safe to insert, and what
    /// [`Body::from_html`] reads back as the same body. `base` is the article's direction: a block that runs
    /// the other way, or whose author said how it runs, carries `dir`.
    #[must_use]
    pub fn html(&self, base: Direction) -> String {
        blocks_html(&self.0, base)
    }

    /// The whole body as plain text, blocks divided by an empty line. Empty where no block holds text.
    #[must_use]
    pub fn text(&self) -> String {
        text::blocks_text(&self.0, "\n\n")
    }

    /// The words in [`text`](Self::text): the segments of UAX #29 that hold a letter or digit.
    #[must_use]
    pub fn word_count(&self) -> u32 {
        word_count(&self.text())
    }

    /// Minutes to read it, by [`reading_minutes`].
    #[must_use]
    pub fn reading_minutes(&self) -> u32 {
        reading_minutes(self.word_count())
    }

    /// Calls `visit` with every image that stands in a block of its own or in a gallery, nested ones too, in
    /// reading order: how whoever stores a body ties its images to the library.
    pub fn for_each_image(&mut self, visit: &mut impl FnMut(&mut FigureImage)) {
        block::for_each_image(&mut self.0, visit);
    }
}

impl From<Vec<Block>> for Body {
    fn from(blocks: Vec<Block>) -> Self {
        Self(blocks)
    }
}

/// The words of a plain text, as [`Body::word_count`] counts them.
#[must_use]
pub fn word_count(text: &str) -> u32 {
    u32::try_from(text.unicode_words().count()).unwrap_or(u32::MAX)
}

/// Minutes to read so many words at [`WORDS_A_MINUTE`], to the nearest minute; at least 1 where there is a
/// word, 0 where there is none.
#[must_use]
pub const fn reading_minutes(words: u32) -> u32 {
    match (words, (words.saturating_add(WORDS_A_MINUTE / 2)) / WORDS_A_MINUTE) {
        (0, _) => 0,
        (_, 0) => 1,
        (_, minutes) => minutes,
    }
}

#[cfg(test)]
mod tests;
