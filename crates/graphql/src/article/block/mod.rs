//! The parts of an article's text as clients see them: one type a kind of block, all of them a `Block`.
//!
//! Everything derived (HTML, text, direction) is the domain's; here it only gets its names.

mod media;
mod writing;

use std::sync::Arc;

use async_graphql::Interface;
use masthead_domain::article::body::{self, inline_html, inline_text};
use masthead_domain::text;

use self::media::{EmbedBlock, FigureBlock, GalleryBlock};
use self::writing::{
    CodeBlock, HeadingBlock, ListBlock, ParagraphBlock, QuoteBlock, RawHtmlBlock, TableBlock,
};
use crate::edition::Edition;
use crate::scalar::Html;
use crate::site::Direction;

/// A part of an article's text.
#[derive(Interface)]
#[graphql(field(
    name = "direction",
    ty = "Direction",
    desc = "The reading direction: as its author said, else of the first letters in it, else of the article."
))]
pub(crate) enum Block<'a> {
    Paragraph(ParagraphBlock<'a>),
    Heading(HeadingBlock<'a>),
    List(ListBlock<'a>),
    Quote(QuoteBlock<'a>),
    Figure(FigureBlock<'a>),
    Gallery(GalleryBlock<'a>),
    Embed(EmbedBlock<'a>),
    Table(TableBlock<'a>),
    Code(CodeBlock<'a>),
    RawHtml(RawHtmlBlock<'a>),
}

impl<'a> Block<'a> {
    /// `base` is the direction of the article.
    pub(super) fn new(block: &'a body::Block, base: text::Direction, edition: &'a Arc<Edition>) -> Self {
        let shown = Shown { block, base, edition };
        match block {
            body::Block::Paragraph { .. } => Self::Paragraph(ParagraphBlock(shown)),
            body::Block::Heading { level, anchor, .. } => {
                Self::Heading(HeadingBlock { shown, level: *level, anchor })
            }
            body::Block::List(list) => Self::List(ListBlock { shown, list }),
            body::Block::Quote { citation, .. } => Self::Quote(QuoteBlock { shown, citation }),
            body::Block::Figure(image) => Self::Figure(FigureBlock { shown, image, edition }),
            body::Block::Gallery { images, caption } => {
                Self::Gallery(GalleryBlock { shown, images, caption, edition })
            }
            body::Block::Embed { url, provider, caption, .. } => {
                Self::Embed(EmbedBlock { shown, url, provider: provider.as_deref(), caption })
            }
            body::Block::Table { .. } => Self::Table(TableBlock(shown)),
            body::Block::Code { language, .. } => {
                Self::Code(CodeBlock { shown, language: language.as_deref() })
            }
            body::Block::RawHtml { .. } => Self::RawHtml(RawHtmlBlock(shown)),
        }
    }
}

/// What every kind of block can tell.
#[derive(Clone, Copy)]
struct Shown<'a> {
    block: &'a body::Block,
    base: text::Direction,
    edition: &'a Edition,
}

impl Shown<'_> {
    fn direction(self) -> Direction {
        self.block.direction(self.base).into()
    }

    fn html(self) -> Html {
        self.edition.html(self.block.html(self.base))
    }

    fn text(self) -> String {
        self.block.text()
    }

    /// A line of the block with its marks, or `None` where it is empty.
    fn line_html(self, content: &[body::Inline]) -> Option<Html> {
        (!content.is_empty()).then(|| self.edition.html(inline_html(content)))
    }
}

/// A line of text, or `None` where it is empty.
fn line(content: &[body::Inline]) -> Option<String> {
    Some(inline_text(content)).filter(|text| !text.is_empty())
}
