//! A body from blocks as someone writes them: each is checked by itself, and what is wrong with one is said by its path.
//!
//! What is taken is written as HTML and read through the one door, so that it is the same body as ever. It must not know
//! who writes, nor look up pictures.

mod reader;

use self::reader::Reader;
use super::{Body, Loss, MAX_WRITTEN};
use crate::text::Direction;

/// The most blocks a body is written of, and the most items of a list.
pub const MAX_BLOCKS: usize = 2000;

/// Text as someone wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wording {
    /// A piece of HTML, trusted or not.
    Html(String),
    /// Plain text: nothing in it is a sign. A line's end is a line break, an empty line divides paragraphs.
    Text(String),
}

/// A block as someone wrote it. In every kind, `direction` is only said where the text does not say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrittenBlock {
    /// One paragraph.
    Paragraph {
        /// Its text.
        content: Wording,
        /// How it runs.
        direction: Option<Direction>,
    },
    /// A heading within the article.
    Heading {
        /// 2 to 6.
        level: i64,
        /// The name that links to it use; `None` makes one of the text.
        anchor: Option<String>,
        /// Its text.
        content: Wording,
        /// How it runs.
        direction: Option<Direction>,
    },
    /// Bullets or numbers.
    List {
        /// Numbered.
        ordered: bool,
        /// The first number.
        start: i64,
        /// Numbered downwards.
        reversed: bool,
        /// At least one, each with what is nested in it.
        items: Vec<Wording>,
        /// How it runs.
        direction: Option<Direction>,
    },
    /// Words of someone else.
    Quote {
        /// What was said.
        content: Wording,
        /// Who said it.
        citation: Option<Wording>,
        /// How it runs.
        direction: Option<Direction>,
    },
    /// A picture.
    Figure(WrittenImage),
    /// Several pictures.
    Gallery {
        /// At least one.
        images: Vec<WrittenImage>,
        /// The text below them all.
        caption: Option<Wording>,
    },
    /// Something of another site, or a sound or film file.
    Embed {
        /// Its address.
        url: String,
        /// The text below it.
        caption: Option<Wording>,
    },
    /// One table.
    Table {
        /// The `table` element.
        html: String,
        /// How it runs.
        direction: Option<Direction>,
    },
    /// Text whose white space counts.
    Code {
        /// The language's name.
        language: Option<String>,
        /// The text.
        text: String,
    },
    /// Whatever this HTML comes to: any number of blocks.
    Html(String),
}

/// A picture as someone wrote it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WrittenImage {
    /// Its address, or what whoever reads the body takes for its key.
    pub src: String,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// What it shows.
    pub alt: Option<String>,
    /// The text below it.
    pub caption: Option<Wording>,
    /// Who made it.
    pub credit: Option<String>,
    /// Where a click on it leads.
    pub link: Option<String>,
}

/// What is wrong with a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockFault {
    /// Where, from the list of blocks on: `[3].heading.level`. Empty: the list itself.
    pub path: String,
    /// A sentence that says what is wrong, and what would be right.
    pub message: String,
}

impl Body {
    /// Puts a body together of blocks as someone wrote them, and says what of their HTML could not be kept.
    ///
    /// # Errors
    /// What is wrong, block by block: a level other than 2 to 6, an empty paragraph or list, an address that is not
    /// http, https or of this site, and the like.
    pub fn from_blocks(blocks: &[WrittenBlock]) -> Result<(Self, Vec<Loss>), Vec<BlockFault>> {
        if blocks.len() > MAX_BLOCKS {
            let message = format!("An article has at most {MAX_BLOCKS} blocks.");
            return Err(vec![BlockFault { path: String::new(), message }]);
        }
        let pieces: Vec<&str> = blocks.iter().flat_map(pieces).collect();
        if pieces.iter().map(|piece| piece.len()).sum::<usize>() > MAX_WRITTEN {
            let message = format!("The text of all blocks is at most {MAX_WRITTEN} bytes.");
            return Err(vec![BlockFault { path: String::new(), message }]);
        }
        let (read, losses) = Reader::of(pieces).read_all(blocks)?;
        // Read once more as one: names are settled, and what was said twice is said once.
        let (body, _) = Self::from_html(&Self(read).html(Direction::Ltr));
        Ok((body, losses))
    }
}

/// All that is written as HTML in a block.
fn pieces(block: &WrittenBlock) -> Vec<&str> {
    let mut pieces = Vec::new();
    match block {
        WrittenBlock::Paragraph { content, .. } | WrittenBlock::Heading { content, .. } => {
            pieces.push(written(content))
        }
        WrittenBlock::List { items, .. } => pieces.extend(items.iter().map(written)),
        WrittenBlock::Quote { content, citation, .. } => {
            pieces.push(written(content));
            pieces.extend(citation.as_ref().map(written));
        }
        WrittenBlock::Figure(image) => pieces.extend(image.caption.as_ref().map(written)),
        WrittenBlock::Gallery { images, caption } => {
            pieces
                .extend(images.iter().filter_map(|image| image.caption.as_ref()).chain(caption).map(written));
        }
        WrittenBlock::Embed { caption, .. } => pieces.extend(caption.as_ref().map(written)),
        WrittenBlock::Table { html, .. } | WrittenBlock::Html(html) => pieces.push(html),
        WrittenBlock::Code { text, .. } => pieces.push(text),
    }
    pieces
}

fn written(wording: &Wording) -> &str {
    match wording {
        Wording::Html(text) | Wording::Text(text) => text,
    }
}

#[cfg(test)]
mod tests;
