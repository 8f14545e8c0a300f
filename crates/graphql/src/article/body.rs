//! An article's text as clients see it: whole, or block by block.

use std::sync::Arc;

use async_graphql::Object;
use masthead_domain::article::Details;
use masthead_domain::text::Direction;

use super::block::{Block, ShownBlock};
use crate::eager::EagerList;
use crate::edition::Edition;
use crate::scalar::Html;

/// An article's details, of which the text is shown.
pub(crate) struct ArticleBody {
    details: Arc<Details>,
    direction: Direction,
    edition: Arc<Edition>,
}

impl ArticleBody {
    /// `direction` is the article's.
    pub(super) fn new(details: Arc<Details>, direction: Direction, edition: Arc<Edition>) -> Self {
        Self { details, direction, edition }
    }

    /// The text as Markdown.
    pub(super) fn markdown(&self) -> String {
        self.details.body.blocks.markdown(self.direction)
    }
}

/// The text of an article, three times over: take the one you can show.
#[Object]
impl ArticleBody {
    /// The whole text, sanitised: semantic elements only. An element that runs against the article's direction carries
    /// `dir`.
    fn html(&self) -> Html {
        self.edition.html(self.details.body.html.clone())
    }

    /// The whole text as plain text, blocks divided by an empty line.
    fn text(&self) -> &str {
        &self.details.body.text
    }

    /// The text in its parts, in reading order, for clients that draw each kind in their own way. Empty where the
    /// article has no text.
    fn blocks(&self) -> EagerList<ShownBlock<'_>> {
        let blocks = self.details.body.blocks.blocks();
        blocks.iter().map(|block| ShownBlock(Block::new(block, self.direction, &self.edition))).collect()
    }
}
