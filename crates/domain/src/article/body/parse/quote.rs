//! Quotes, and who is quoted. It must not know of what is said in them.

use ego_tree::NodeRef;
use scraper::Node;
use scraper::node::Element;

use super::embed;
use super::flow::{Context, Flow, MAX_NESTING, Walk};
use super::line::join_equals;
use super::said::{say, say_direction};
use crate::article::body::{Block, Inline, InlineImage, Style};
use crate::text::Direction;

impl Walk<'_> {
    pub(super) fn quote(
        &mut self,
        node: NodeRef<'_, Node>,
        element: &Element,
        context: &Context,
        flow: &mut Flow,
    ) {
        if context.nesting >= MAX_NESTING {
            return self.markup(node, context, flow);
        }
        if let Some(url) = embed::post_address(node, element) {
            return self.post(node, url, context, flow);
        }
        if element.attr("cite").is_some() {
            self.losses.add_attribute("cite");
        }
        let inner = context.within(element);
        let nested = inner.nested();
        let source = citation(node);
        self.skipped.extend(source.map(|source| source.id()));
        let mut blocks = self.blocks(node, &nested);
        let (mut citation, others) = match source {
            Some(source) => self.citation_line(source, &nested),
            None => (Vec::new(), Vec::new()),
        };
        blocks.extend(others);
        if citation.is_empty() {
            citation = titled_last(&mut blocks, nested.said);
        } else if blocks.is_empty() {
            blocks.push(Block::Paragraph { direction: None, content: std::mem::take(&mut citation) });
        }
        flow.flush(context);
        if !blocks.is_empty() {
            let mut quote = Block::Quote { direction: None, blocks, citation };
            say(&mut quote, &inner);
            flow.blocks.push(quote);
        }
    }

    /// Who is quoted: the line in the element, without the element that says so.
    fn citation_line(&mut self, source: NodeRef<'_, Node>, context: &Context) -> (Vec<Inline>, Vec<Block>) {
        let only = only_element(source).filter(|only| is_named(*only, "cite"));
        let source = only.unwrap_or(source);
        let context = source.value().as_element().map_or_else(|| context.clone(), |e| context.within(e));
        self.line(source, &context)
    }
}

/// The last element of a quote, where it says who is quoted: `cite`, `footer` or `figcaption`, after what was
/// said; and nothing but white space follows.
fn citation<'t>(quote: NodeRef<'t, Node>) -> Option<NodeRef<'t, Node>> {
    let mut parts = quote.children().rev().filter(|node| !is_blank(*node));
    let last = parts.next()?;
    let before = parts.next()?;
    // A work's title at the end of a line is no source.
    let ends_line = is_named(last, "cite") && before.value().is_text();
    let is_source = ["cite", "footer", "figcaption"].iter().any(|name| is_named(last, name));
    (is_source && !ends_line).then_some(last)
}

/// Takes the last paragraph off a quote where it is a `cite` from end to end: that, too, says who is quoted.
fn titled_last(blocks: &mut Vec<Block>, said: Option<Direction>) -> Vec<Inline> {
    let is_cited = |piece: &Inline| match piece {
        Inline::Text { marks, .. } | Inline::Image(InlineImage { marks, .. }) => {
            marks.styles.contains(&Style::Cite)
        }
        Inline::Break => true,
    };
    if blocks.len() < 2 {
        return Vec::new();
    }
    match blocks.pop() {
        Some(Block::Paragraph { direction, mut content }) if content.iter().all(is_cited) => {
            for piece in &mut content {
                if let Inline::Text { marks, .. } | Inline::Image(InlineImage { marks, .. }) = piece {
                    marks.styles.remove(&Style::Cite);
                }
            }
            join_equals(&mut content);
            say_direction(&mut content, direction.filter(|direction| Some(*direction) != said));
            content
        }
        other => {
            blocks.extend(other);
            Vec::new()
        }
    }
}

fn only_element<'t>(node: NodeRef<'t, Node>) -> Option<NodeRef<'t, Node>> {
    let mut children = node.children().filter(|child| !is_blank(*child));
    children.next().filter(|only| only.value().is_element() && children.next().is_none())
}

fn is_named(node: NodeRef<'_, Node>, name: &str) -> bool {
    node.value().as_element().is_some_and(|element| element.name() == name)
}

fn is_blank(node: NodeRef<'_, Node>) -> bool {
    match node.value() {
        Node::Text(text) => text.trim().is_empty(),
        Node::Element(element) => element.name() == "br",
        _ => true,
    }
}
