//! What was said of a direction, kept only where the text, or what it stands in, does not say the same.
//!
//! That makes one value of the ways to say one thing. It must not know of elements.

use super::flow::Context;
use super::line::join_equals;
use crate::article::body::{Block, Inline, InlineImage, List};
use crate::text::Direction;

/// Keeps on a list, quote or table what was said of its direction.
pub(super) fn say(block: &mut Block, context: &Context) {
    let said = context.direction(block.text_direction());
    if let Some(direction) = said_direction(block) {
        *direction = said;
    }
    if let Some(own) = block.said_direction().or_else(|| block.text_direction()) {
        settle_within(block, own);
    }
}

/// Takes back what says of a block without strong characters only what it has from the block around it.
fn settle(block: &mut Block, around: Direction) {
    if block.text_direction().is_none() {
        if let Some(direction) = said_direction(block) {
            direction.take_if(|said| *said == around);
        }
        if block.said_direction().is_none() {
            settle_within(block, around);
        }
    }
}

fn settle_within(block: &mut Block, around: Direction) {
    match block {
        Block::Quote { blocks, .. } => blocks.iter_mut().for_each(|block| settle(block, around)),
        Block::List(list) => {
            let children = list.items.iter_mut().flat_map(|item| &mut item.children);
            children.for_each(|block| settle(block, around));
        }
        _ => {}
    }
}

const fn said_direction(block: &mut Block) -> Option<&mut Option<Direction>> {
    match block {
        Block::Paragraph { direction, .. }
        | Block::Heading { direction, .. }
        | Block::List(List { direction, .. })
        | Block::Quote { direction, .. }
        | Block::Table { direction, .. }
        | Block::RawHtml { direction, .. } => Some(direction),
        Block::Figure(_) | Block::Gallery { .. } | Block::Embed { .. } | Block::Code { .. } => None,
    }
}

/// Marks a line with a direction, but for what has one already.
pub(super) fn say_direction(content: &mut Vec<Inline>, direction: Option<Direction>) {
    if direction.is_none() {
        return;
    }
    for piece in content.iter_mut() {
        if let Inline::Text { marks, .. } | Inline::Image(InlineImage { marks, .. }) = piece {
            marks.direction = marks.direction.or(direction);
        }
    }
    join_equals(content);
}
