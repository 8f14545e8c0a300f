//! Text within a block: runs of characters with marks on them, line breaks and small images.
//!
//! Marks are flat, each run saying all of its own, so that two ways of nesting the same elements are one
//! value. It must not know of blocks.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::render_inline::InlineWriter;
use crate::text::{Direction, LanguageTag};

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inline {
    /// Characters that carry the same marks.
    Text {
        /// Never empty; white space as it is shown, a single space.
        text: String,
        /// What is said of these characters.
        #[serde(default, skip_serializing_if = "Marks::is_plain")]
        marks: Marks,
    },
    /// A line break within the block, as between the lines of a poem or an address.
    Break,
    /// An image small enough to be a sign in the text.
    Image(InlineImage),
}

/// An image within a line.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct InlineImage {
    /// Its address: http, https, or relative to the site.
    pub src: String,
    /// What stands for it where it is not seen; empty for mere decoration.
    pub alt: String,
    /// Width in pixels as shown, where said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Height in pixels as shown, where said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// What is said of it, its link above all.
    #[serde(default, skip_serializing_if = "Marks::is_plain")]
    pub marks: Marks,
}

/// What is said of a run of text. The default says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Marks {
    /// A name that links within the body point to (`#name`), as footnotes do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anchor: Option<String>,
    /// Where it links to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
    /// Its language, where it is another than the text around it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<LanguageTag>,
    /// Its direction, where the author said it; set apart from the text around it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// What an abbreviation stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abbreviation_of: Option<String>,
    /// Emphasis and the like.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub styles: BTreeSet<Style>,
}

impl Marks {
    /// Whether nothing is said.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// A link out of the text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Link {
    /// Where to: http, https, mailto, tel, relative to the site, or `#name` within the body.
    pub href: String,
    /// Shown on hovering.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What search engines are told of it; nothing in most links.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub rel: BTreeSet<Rel>,
}

/// What an editor tells search engines of a link. Written in this order after `noopener`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rel {
    /// Not vouched for.
    Nofollow,
    /// Paid for.
    Sponsored,
    /// Written by readers.
    Ugc,
}

/// One of HTML's text-level elements without an attribute of its own. The order is that of nesting, outermost
/// first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// Importance: `strong`.
    Strong,
    /// Stress: `em`.
    Em,
    /// Underlined: `u`.
    Underline,
    /// No longer true: `s`.
    Strike,
    /// Put in later: `ins`.
    Inserted,
    /// Taken out later: `del`.
    Deleted,
    /// Highlighted: `mark`.
    Mark,
    /// A side note: `small`.
    Small,
    /// A work's title: `cite`.
    Cite,
    /// A quotation within the line: `q`.
    Quotation,
    /// A term where it is defined: `dfn`.
    Definition,
    /// A name whose direction is its own: `bdi`.
    Isolate,
    /// Code: `code`.
    Code,
    /// Keys to press: `kbd`.
    Keyboard,
    /// What a program says: `samp`.
    Sample,
    /// A variable: `var`.
    Variable,
    /// Lowered: `sub`.
    Sub,
    /// Raised: `sup`.
    Sup,
}

impl Style {
    /// The name of its HTML element.
    #[must_use]
    pub const fn element(self) -> &'static str {
        match self {
            Self::Strong => "strong",
            Self::Em => "em",
            Self::Underline => "u",
            Self::Strike => "s",
            Self::Inserted => "ins",
            Self::Deleted => "del",
            Self::Mark => "mark",
            Self::Small => "small",
            Self::Cite => "cite",
            Self::Quotation => "q",
            Self::Definition => "dfn",
            Self::Isolate => "bdi",
            Self::Code => "code",
            Self::Keyboard => "kbd",
            Self::Sample => "samp",
            Self::Variable => "var",
            Self::Sub => "sub",
            Self::Sup => "sup",
        }
    }
}

/// A line's HTML, safe to insert.
#[must_use]
pub fn inline_html(content: &[Inline]) -> String {
    let mut html = String::new();
    InlineWriter::write(&mut html, content);
    html
}

/// A line's plain text: breaks are newlines, an image is what stands for it.
#[must_use]
pub fn inline_text(content: &[Inline]) -> String {
    content
        .iter()
        .map(|piece| match piece {
            Inline::Text { text, .. } => text.as_str(),
            Inline::Break => "\n",
            Inline::Image(image) => &image.alt,
        })
        .collect()
}

/// The direction of the first strong character, runs whose direction was said passed over, as HTML's
/// `dir="auto"` does. `None` where no character is strong.
#[must_use]
pub fn inline_direction(content: &[Inline]) -> Option<Direction> {
    content.iter().find_map(|piece| match piece {
        Inline::Text { text, marks } if marks.direction.is_none() => Direction::first_strong(text),
        _ => None,
    })
}
