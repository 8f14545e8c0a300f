//! The kinds of block, and the direction of each. It must not know of HTML in any other way than that two
//! kinds of block hold some.

use serde::{Deserialize, Serialize};

use super::inline::{Inline, inline_direction};
use super::text::markup_text;
use crate::media::ImageId;
use crate::text::Direction;

/// A part of a body. In every kind, `direction` is what the author said: `None` where it follows from the
/// text, which is also how a said one that the text agrees with is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A paragraph. Never empty.
    Paragraph {
        /// Said by the author.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        direction: Option<Direction>,
        /// Its text.
        content: Vec<Inline>,
    },
    /// A heading within the article, whose own title is level 1.
    Heading {
        /// 2 to 6.
        level: u8,
        /// The name that links to it use: unique in the body, stable while the heading's text is.
        anchor: String,
        /// Said by the author.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        direction: Option<Direction>,
        /// Its text.
        content: Vec<Inline>,
    },
    /// Bullets or numbers.
    List(List),
    /// Words of someone else.
    Quote {
        /// Said by the author.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        direction: Option<Direction>,
        /// What was said.
        blocks: Vec<Block>,
        /// Who said it, or where; empty where nothing is said.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        citation: Vec<Inline>,
    },
    /// An image.
    Figure(FigureImage),
    /// Several images that belong together.
    Gallery {
        /// At least one.
        images: Vec<FigureImage>,
        /// The text below them all.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        caption: Vec<Inline>,
    },
    /// Something of another site: a film, a post, a map; or a sound or film file.
    Embed {
        /// Its address: http, https, or relative to the site where it is a file of our own.
        url: String,
        /// The site, by a name known to us (`YouTube`); `None` for others.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider: Option<String>,
        /// Sanitised markup that stands for it without a script of the other site, as a post's text does.
        /// Never a frame: showing one is the client's choice.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        html: Option<String>,
        /// The text below it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        caption: Vec<Inline>,
    },
    /// A table.
    Table {
        /// One sanitised `table` element, its caption included.
        html: String,
        /// Said by the author.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        direction: Option<Direction>,
    },
    /// Text whose white space counts.
    Code {
        /// As in `language-rust`, in lower case; `None` where not said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        language: Option<String>,
        /// The text as it is.
        text: String,
    },
    /// What no other block expresses: one sanitised element.
    RawHtml {
        /// The element.
        html: String,
        /// Said by the author.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        direction: Option<Direction>,
    },
}

/// A list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// Numbered.
    pub ordered: bool,
    /// The first item's number; 1 where nothing is said, and for bullets.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub start: u32,
    /// Numbered downwards.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reversed: bool,
    /// Said by the author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// At least one.
    pub items: Vec<ListItem>,
}

const fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_one(n: &u32) -> bool {
    *n == 1
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListItem {
    /// Its text; empty where it begins with another kind of block.
    pub content: Vec<Inline>,
    /// What follows the text: nested lists, further paragraphs, images.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Block>,
}

/// An image that stands by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureImage {
    /// Its key in the library; `None` where it is not ours, and where HTML was just read, which never holds
    /// keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ImageId>,
    /// Its address: http, https, or relative to the site.
    pub src: String,
    /// Width in pixels, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Height in pixels, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// What it shows, for those who do not see it; empty for mere decoration.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub alt: String,
    /// The text below it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caption: Vec<Inline>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
    /// Where a click on it leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

impl Block {
    /// The direction it runs: the said one, else that of the first strong character, else `fallback`, which
    /// is that of what it stands in. Code always runs from left to right.
    #[must_use]
    pub fn direction(&self, fallback: Direction) -> Direction {
        self.said_direction().or_else(|| self.text_direction()).unwrap_or(fallback)
    }

    /// The direction the author said, if any.
    #[must_use]
    pub const fn said_direction(&self) -> Option<Direction> {
        match self {
            Self::Paragraph { direction, .. }
            | Self::Heading { direction, .. }
            | Self::List(List { direction, .. })
            | Self::Quote { direction, .. }
            | Self::Table { direction, .. }
            | Self::RawHtml { direction, .. } => *direction,
            Self::Code { .. } => Some(Direction::Ltr),
            Self::Figure(_) | Self::Gallery { .. } | Self::Embed { .. } => None,
        }
    }

    /// The direction of the first strong character in it.
    pub(super) fn text_direction(&self) -> Option<Direction> {
        match self {
            Self::Paragraph { content, .. } | Self::Heading { content, .. } => inline_direction(content),
            Self::List(list) => list.items.iter().find_map(ListItem::text_direction),
            Self::Quote { blocks, citation, .. } => {
                blocks.iter().find_map(Self::text_direction).or_else(|| inline_direction(citation))
            }
            Self::Figure(image) => image.text_direction(),
            Self::Gallery { images, caption } => {
                images.iter().find_map(FigureImage::text_direction).or_else(|| inline_direction(caption))
            }
            Self::Embed { caption, .. } => inline_direction(caption),
            Self::Table { html, .. } | Self::RawHtml { html, .. } => {
                Direction::first_strong(&markup_text(html))
            }
            Self::Code { .. } => Some(Direction::Ltr),
        }
    }
}

impl ListItem {
    fn text_direction(&self) -> Option<Direction> {
        inline_direction(&self.content).or_else(|| self.children.iter().find_map(Block::text_direction))
    }
}

impl FigureImage {
    fn text_direction(&self) -> Option<Direction> {
        inline_direction(&self.caption).or_else(|| Direction::first_strong(&self.alt))
    }
}

/// See [`super::Body::for_each_image`].
pub(super) fn for_each_image(blocks: &mut [Block], visit: &mut impl FnMut(&mut FigureImage)) {
    for block in blocks {
        match block {
            Block::Figure(image) => visit(image),
            Block::Gallery { images, .. } => images.iter_mut().for_each(&mut *visit),
            Block::Quote { blocks, .. } => for_each_image(blocks, visit),
            Block::List(list) => {
                for item in &mut list.items {
                    for_each_image(&mut item.children, visit);
                }
            }
            Block::Paragraph { .. }
            | Block::Heading { .. }
            | Block::Embed { .. }
            | Block::Table { .. }
            | Block::Code { .. }
            | Block::RawHtml { .. } => {}
        }
    }
}
