//! The walk over the tree: text gathers in a line, an element that stands by itself ends the line and becomes
//! a block. It must not know what each kind of block is made of.

use std::collections::HashSet;

use ego_tree::{NodeId, NodeRef};
use scraper::Node;
use scraper::node::Element;

use super::Losses;
use super::line::Line;
use super::said::say_direction;
use super::sanitise::is_anchor;
use crate::article::body::{Block, FigureImage, Inline, InlineImage, Marks, inline_direction};
use crate::text::Direction;

/// Quotes and lists within each other; deeper ones are kept as markup, so that blocks stay readable as JSON.
pub(super) const MAX_NESTING: u8 = 12;

/// What the elements around say of what is in them.
#[derive(Clone, Default)]
pub(super) struct Context {
    pub(super) marks: Marks,
    /// The nearest `dir`.
    pub(super) said: Option<Direction>,
    /// That of the block around, which has it from that same `dir`.
    pub(super) base: Option<Direction>,
    /// Quotes and lists around.
    pub(super) nesting: u8,
    /// Within a figure, where an image is never a sign in a line.
    pub(super) figure: bool,
    /// Within a gallery, where lists only arrange.
    pub(super) gallery: bool,
    /// Within verse, where the end of a line is one.
    pub(super) verse: bool,
}

impl Context {
    /// The direction to keep for a text: what was said, where the text or what it stands in does not say the
    /// same.
    pub(super) fn direction(&self, derived: Option<Direction>) -> Option<Direction> {
        self.said.filter(|&said| derived.or(self.base) != Some(said))
    }

    /// The context within a block element, with what its own attributes say.
    pub(super) fn within(&self, element: &Element) -> Self {
        let mut inner = self.clone();
        if let Some(dir) = element.attr("dir") {
            inner.said = Direction::from_html(dir);
        }
        super::marks::add_language(&mut inner.marks, element);
        inner
    }

    /// The context within a quote or list that keeps the direction which was said.
    pub(super) fn nested(&self) -> Self {
        Self { base: self.said, nesting: self.nesting + 1, figure: false, gallery: false, ..self.clone() }
    }
}

/// Blocks, and the text after the last of them.
#[derive(Default)]
pub(super) struct Flow {
    pub(super) blocks: Vec<Block>,
    pub(super) line: Line,
}

impl Flow {
    /// Makes paragraphs of the text gathered so far. Images without any text become figures.
    pub(super) fn flush(&mut self, context: &Context) {
        for content in self.line.take_paragraphs() {
            if content
                .iter()
                .any(|piece| matches!(piece, Inline::Text { text, .. } if !text.trim().is_empty()))
            {
                let direction = context.direction(inline_direction(&content));
                self.blocks.push(Block::Paragraph { direction, content });
            } else {
                let images = content.into_iter().filter_map(|piece| match piece {
                    Inline::Image(image) => Some(Block::Figure(standing(image))),
                    Inline::Text { .. } | Inline::Break => None,
                });
                self.blocks.extend(images);
            }
        }
    }

    pub(super) fn push(&mut self, block: Block, context: &Context) {
        self.flush(context);
        self.blocks.push(block);
    }
}

/// An image that stands by itself.
pub(super) fn standing(image: InlineImage) -> FigureImage {
    let InlineImage { src, alt, width, height, marks } = image;
    let link = marks.link.map(|link| link.href);
    FigureImage { id: None, src, width, height, alt, caption: Vec::new(), credit: None, link }
}

/// Blocks as one line, paragraphs divided by line breaks, and the blocks that no line can hold.
pub(in super::super) fn one_line(blocks: Vec<Block>) -> (Vec<Inline>, Vec<Block>) {
    let mut line = Vec::new();
    let mut others = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph { direction, mut content } => {
                say_direction(&mut content, direction);
                if !line.is_empty() {
                    line.push(Inline::Break);
                }
                line.append(&mut content);
            }
            other => others.push(other),
        }
    }
    (line, others)
}

/// One walk over one tree.
pub(super) struct Walk<'l> {
    pub(super) losses: &'l mut Losses,
    /// Names that links point to and no text has yet.
    targets: HashSet<String>,
    /// The name the next text gets.
    anchor: Option<String>,
    /// Elements that are read out of their turn.
    pub(super) skipped: HashSet<NodeId>,
}

impl<'l> Walk<'l> {
    pub(super) fn new(losses: &'l mut Losses, targets: HashSet<String>) -> Self {
        Self { losses, targets, anchor: None, skipped: HashSet::new() }
    }

    /// Walks what is in a node. Recursion is bounded by the tree's depth.
    pub(super) fn children(&mut self, node: NodeRef<'_, Node>, context: &Context, flow: &mut Flow) {
        for child in node.children() {
            self.node(child, context, flow);
        }
    }

    pub(super) fn node(&mut self, node: NodeRef<'_, Node>, context: &Context, flow: &mut Flow) {
        match node.value() {
            Node::Text(text) => self.text(text, context, flow),
            Node::Element(element) if !self.skipped.contains(&node.id()) => {
                self.element(node, element, context, flow);
            }
            _ => {}
        }
    }

    pub(super) fn text(&mut self, text: &str, context: &Context, flow: &mut Flow) {
        if context.verse {
            for (i, line) in text.split('\n').enumerate() {
                if i > 0 {
                    flow.line.push_break();
                }
                self.line_text(line, context, flow);
            }
        } else {
            self.line_text(text, context, flow);
        }
    }

    fn line_text(&mut self, text: &str, context: &Context, flow: &mut Flow) {
        if self.anchor.is_some() && !text.trim().is_empty() {
            let marks = Marks { anchor: self.anchor.take(), ..context.marks.clone() };
            flow.line.push_text(text, &marks);
        } else {
            flow.line.push_text(text, &context.marks);
        }
    }

    /// The names that no text has got.
    pub(super) fn into_targets(self) -> HashSet<String> {
        self.targets
    }

    /// What is in a node as blocks of their own.
    pub(super) fn blocks(&mut self, node: NodeRef<'_, Node>, context: &Context) -> Vec<Block> {
        let mut inner = Flow::default();
        self.children(node, context, &mut inner);
        inner.flush(context);
        inner.blocks
    }

    /// What is in a node as one line, paragraphs divided by line breaks, and the blocks that no line can hold.
    /// What was said of its direction becomes a mark where the text does not say the same.
    pub(super) fn line(&mut self, node: NodeRef<'_, Node>, context: &Context) -> (Vec<Inline>, Vec<Block>) {
        one_line(self.blocks(node, context))
    }

    /// Remembers the name of an element that a link points to, for the text that comes next.
    pub(super) fn note_name(&mut self, element: &Element) {
        let names = [element.id(), element.attr("name")];
        if let Some(name) = names.into_iter().flatten().find(|name| self.targets.contains(*name)) {
            self.targets.remove(name);
            self.anchor = Some(name.to_owned());
        }
    }

    /// The name of a heading: its own, or one that was noted just before it.
    pub(super) fn heading_name(&mut self, element: &Element) -> Option<String> {
        let own = element.id().filter(|id| is_anchor(id)).map(str::to_owned);
        if let Some(own) = &own {
            self.targets.remove(own);
        }
        own.or_else(|| self.anchor.take())
    }
}
