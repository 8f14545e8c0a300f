//! One walk over all that blocks are made of, for whoever looks for names, links or addresses. It must not know why.

use super::block::{Block, FigureImage};
use super::inline::Inline;

/// A part of a block that holds text, addresses or markup.
pub(super) enum Part<'b> {
    /// A heading's name and text.
    Heading(&'b mut String, &'b mut Vec<Inline>),
    /// Any other line.
    Line(&'b mut Vec<Inline>),
    /// Where an image links to.
    Address(&'b str),
    /// Sanitised markup.
    Markup(&'b mut String),
}

/// Visits every part in reading order.
pub(super) fn for_each(blocks: &mut [Block], visit: &mut impl FnMut(Part<'_>)) {
    for block in blocks {
        match block {
            Block::Heading { anchor, content, .. } => visit(Part::Heading(anchor, content)),
            Block::Paragraph { content, .. } => visit(Part::Line(content)),
            Block::List(list) => {
                for item in &mut list.items {
                    visit(Part::Line(&mut item.content));
                    for_each(&mut item.children, visit);
                }
            }
            Block::Quote { blocks, citation, .. } => {
                for_each(blocks, visit);
                visit(Part::Line(citation));
            }
            Block::Figure(image) => in_image(image, visit),
            Block::Gallery { images, caption } => {
                for image in images {
                    in_image(image, visit);
                }
                visit(Part::Line(caption));
            }
            Block::Embed { html, caption, .. } => {
                html.iter_mut().for_each(|html| visit(Part::Markup(html)));
                visit(Part::Line(caption));
            }
            Block::Table { html, .. } | Block::RawHtml { html, .. } => visit(Part::Markup(html)),
            Block::Code { .. } => {}
        }
    }
}

fn in_image(image: &mut FigureImage, visit: &mut impl FnMut(Part<'_>)) {
    image.link.as_deref().into_iter().for_each(|link| visit(Part::Address(link)));
    visit(Part::Line(&mut image.caption));
}
