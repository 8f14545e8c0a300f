//! The blocks of writing.

use async_graphql::{Object, SimpleObject};
use masthead_domain::article::body::{self, List};

use super::{Shown, line};
use crate::eager::{Eager, EagerList};
use crate::scalar::Html;
use crate::site::Direction;

/// See the object below.
pub(crate) struct ParagraphBlock<'a>(pub(super) Shown<'a>);

/// A paragraph. Never empty.
#[Object]
impl ParagraphBlock<'_> {
    /// The reading direction: as its author said, else of the first letters in it, else of the article.
    pub(super) async fn direction(&self) -> Direction {
        self.0.direction()
    }

    /// The block as one HTML element, sanitised.
    fn html(&self) -> Html {
        self.0.html()
    }

    /// The block as plain text.
    fn text(&self) -> String {
        self.0.text()
    }
}

/// See the object below.
pub(crate) struct HeadingBlock<'a> {
    pub(super) shown: Shown<'a>,
    pub(super) level: u8,
    pub(super) anchor: &'a str,
}

/// A heading within the text; the headline of the article is level 1.
#[Object]
impl HeadingBlock<'_> {
    /// The reading direction: as its author said, else of the first letters in it, else of the article.
    pub(super) async fn direction(&self) -> Direction {
        self.shown.direction()
    }

    /// The block as one HTML element, sanitised.
    fn html(&self) -> Html {
        self.shown.html()
    }

    /// The block as plain text.
    fn text(&self) -> String {
        self.shown.text()
    }

    /// Its level, 2 to 6.
    fn level(&self) -> u8 {
        self.level
    }

    /// The name that links to it use, behind `#`: unique in the text, and stable while the heading's words are.
    fn anchor(&self) -> &str {
        self.anchor
    }
}

/// See the object below.
pub(crate) struct ListBlock<'a> {
    pub(super) shown: Shown<'a>,
    pub(super) list: &'a List,
}

/// Bullets or numbers.
#[Object]
impl ListBlock<'_> {
    /// The reading direction: as its author said, else of the first letters in it, else of the article.
    pub(super) async fn direction(&self) -> Direction {
        self.shown.direction()
    }

    /// The block as one HTML element, sanitised.
    fn html(&self) -> Html {
        self.shown.html()
    }

    /// The block as plain text.
    fn text(&self) -> String {
        self.shown.text()
    }

    /// Whether it is numbered.
    fn ordered(&self) -> bool {
        self.list.ordered
    }

    /// The first item's number; 1 where nothing is said. `null` for bullets.
    fn start(&self) -> Option<u32> {
        self.list.ordered.then_some(self.list.start)
    }

    /// Whether the numbers count downwards.
    fn reversed(&self) -> bool {
        self.list.ordered && self.list.reversed
    }

    /// Its items in their order; at least one.
    fn items(&self) -> EagerList<Eager<ListItem>> {
        let direction = self.shown.block.direction(self.shown.base);
        self.list
            .items
            .iter()
            .map(|item| Eager(ListItem { html: Html(item.html(direction)), text: item.text() }))
            .collect()
    }
}

/// An item of a list.
#[derive(SimpleObject)]
pub(crate) struct ListItem {
    /// What stands in the item, nested lists and all, as HTML, sanitised; without `li`.
    html: Html,
    /// The same as plain text, without bullet or number.
    text: String,
}

/// See the object below.
pub(crate) struct QuoteBlock<'a> {
    pub(super) shown: Shown<'a>,
    pub(super) citation: &'a [body::Inline],
}

/// Words of someone else.
#[Object]
impl QuoteBlock<'_> {
    /// The reading direction: as its author said, else of the first letters in it, else of the article.
    pub(super) async fn direction(&self) -> Direction {
        self.shown.direction()
    }

    /// The block as one HTML element, sanitised.
    fn html(&self) -> Html {
        self.shown.html()
    }

    /// The block as plain text.
    fn text(&self) -> String {
        self.shown.text()
    }

    /// Who said it, or where it stands, plain text. `null` where nothing is said.
    fn citation(&self) -> Option<String> {
        line(self.citation)
    }

    /// The same with its marks, as HTML, sanitised. `null` where nothing is said.
    fn citation_html(&self) -> Option<Html> {
        self.shown.line_html(self.citation)
    }
}

/// See the object below.
pub(crate) struct TableBlock<'a>(pub(super) Shown<'a>);

/// A table.
#[Object]
impl TableBlock<'_> {
    /// The reading direction: as its author said, else of the first letters in it, else of the article.
    pub(super) async fn direction(&self) -> Direction {
        self.0.direction()
    }

    /// The block as one HTML element, sanitised.
    fn html(&self) -> Html {
        self.0.html()
    }

    /// The block as plain text.
    fn text(&self) -> String {
        self.0.text()
    }
}

/// See the object below.
pub(crate) struct CodeBlock<'a> {
    pub(super) shown: Shown<'a>,
    pub(super) language: Option<&'a str>,
}

/// Text whose white space counts. Always runs from left to right.
#[Object]
impl CodeBlock<'_> {
    /// The reading direction: as its author said, else of the first letters in it, else of the article.
    pub(super) async fn direction(&self) -> Direction {
        self.shown.direction()
    }

    /// The block as one HTML element, sanitised.
    fn html(&self) -> Html {
        self.shown.html()
    }

    /// The block as plain text.
    fn text(&self) -> String {
        self.shown.text()
    }

    /// The language it is written in, in lower case: `rust`. `null` where not said.
    fn language(&self) -> Option<&str> {
        self.language
    }
}

/// See the object below.
pub(crate) struct RawHtmlBlock<'a>(pub(super) Shown<'a>);

/// What no other block expresses, as one sanitised element.
#[Object]
impl RawHtmlBlock<'_> {
    /// The reading direction: as its author said, else of the first letters in it, else of the article.
    pub(super) async fn direction(&self) -> Direction {
        self.0.direction()
    }

    /// The block as one HTML element, sanitised.
    fn html(&self) -> Html {
        self.0.html()
    }

    /// The block as plain text.
    fn text(&self) -> String {
        self.0.text()
    }
}
