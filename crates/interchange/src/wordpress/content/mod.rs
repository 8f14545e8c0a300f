//! A body as WordPress stores it to the HTML that its readers saw: blocks, shortcodes, the classic editor's lines.
//! It must not know what is dangerous in HTML, nor what Masthead's blocks are: the result is still to be given to
//! a parser that sanitises.

mod autop;
mod blocks;
mod change;
mod embed;
mod expand;
mod media;
mod shortcode;
#[cfg(test)]
mod tests;

pub use change::{Change, Effect};

use change::Changes;

/// What the body's own text does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Context<'a> {
    /// The item's metadata `footnotes`: JSON, see [`crate::wxr::Post::footnotes`].
    pub footnotes: Option<&'a str>,
    /// Numbers of the images that were uploaded to the item, in order: what `[gallery]` without numbers shows.
    pub attached_images: &'a [i64],
}

/// An attachment that a body refers to by its number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AttachmentLink {
    /// Address of the file.
    pub url: String,
    /// Text for those who do not see the picture; empty where there is none.
    pub alt: String,
    /// HTML; empty where there is none.
    pub caption: String,
}

/// A body that was converted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Converted {
    /// HTML, not sanitised.
    pub html: String,
    /// What happened on the way, each sort once with its count, in the order of their first time.
    pub changes: Vec<Change>,
}

/// Converts a body. `attachment` finds what a gallery or a playlist refers to by number.
///
/// Time is linear in the length of the body, whatever it holds.
pub fn to_html(
    content: &str,
    context: &Context<'_>,
    attachment: impl Fn(i64) -> Option<AttachmentLink>,
) -> Converted {
    let mut changes = Changes::default();
    let lines = content.replace("\r\n", "\n").replace('\r', "\n");
    let mut converter = Converter { context, attachment: &attachment, changes: &mut changes };
    let html = if blocks::has_blocks(&lines) {
        blocks::convert(&lines, &mut converter)
    } else {
        converter.classic(&lines)
    };
    Converted { html: html.trim().to_owned(), changes: changes.into_list() }
}

/// What the conversions share.
struct Converter<'a> {
    context: &'a Context<'a>,
    attachment: &'a dyn Fn(i64) -> Option<AttachmentLink>,
    changes: &'a mut Changes,
}

impl Converter<'_> {
    /// Text of the classic editor: paragraphs are blank lines.
    fn classic(&mut self, text: &str) -> String {
        let text = self.without_comments(text);
        let text = self.expand_shortcodes(&text, 0);
        autop::paragraphs(&text, self.changes)
    }

    /// HTML of the block editor: it has its paragraphs.
    fn block_html(&mut self, html: &str) -> String {
        let html = self.without_comments(html);
        let html = self.expand_shortcodes(&html, 0);
        embed::embed_paragraphs(&html, self.changes)
    }
}
