//! The parts of an article's text as clients see them: one type a kind of block, all of them a `Block`.
//!
//! Everything derived (HTML, text, direction) is the domain's; here it only gets its names.

mod media;
mod writing;

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{ContextSelectionSet, Interface, OutputType, Positioned, ServerResult, Value};
use masthead_domain::article::body::{self, inline_html, inline_text};
use masthead_domain::text;

use self::media::{EmbedBlock, FigureBlock, GalleryBlock};
use self::writing::{
    CodeBlock, HeadingBlock, ListBlock, ParagraphBlock, QuoteBlock, RawHtmlBlock, TableBlock,
};
use crate::eager;
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

/// A block, of whose fields none waits.
pub(super) struct ShownBlock<'a>(pub(super) Block<'a>);

impl OutputType for ShownBlock<'_> {
    fn type_name() -> Cow<'static, str> {
        Block::type_name()
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.0.introspection_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Block::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        match &self.0 {
            Block::Paragraph(block) => eager::object(ctx, block).await,
            Block::Heading(block) => eager::object(ctx, block).await,
            Block::List(block) => eager::object(ctx, block).await,
            Block::Quote(block) => eager::object(ctx, block).await,
            Block::Figure(block) => eager::object(ctx, block).await,
            Block::Gallery(block) => eager::object(ctx, block).await,
            Block::Embed(block) => eager::object(ctx, block).await,
            Block::Table(block) => eager::object(ctx, block).await,
            Block::Code(block) => eager::object(ctx, block).await,
            Block::RawHtml(block) => eager::object(ctx, block).await,
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
