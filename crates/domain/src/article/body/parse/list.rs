//! Lists and quotes, which hold blocks of their own. It must not know of what those are made.

use ego_tree::NodeRef;
use scraper::Node;
use scraper::node::Element;

use super::embed;
use super::flow::{Context, Flow, MAX_NESTING, Walk, say_direction};
use super::line::join_equals;
use crate::article::body::{Block, Inline, InlineImage, List, ListItem, Style};
use crate::text::Direction;

impl Walk<'_> {
    pub(super) fn list(
        &mut self,
        node: NodeRef<'_, Node>,
        element: &Element,
        context: &Context,
        flow: &mut Flow,
    ) {
        if context.nesting >= MAX_NESTING {
            return self.markup(node, context, flow);
        }
        let inner = context.within(element);
        let ordered = element.name() == "ol";
        let mut start = if ordered { self.list_start(element) } else { None };
        if ordered && element.attr("type").is_some_and(|kind| kind.trim() != "1") {
            self.losses.add_attribute("type");
        }
        let mut items: Vec<ListItem> = Vec::new();
        let mut strays = Flow::default();
        let item_context = inner.nested();
        for child in node.children() {
            match child.value().as_element() {
                Some(li) if li.name() == "li" => {
                    take_in(&mut items, &mut strays, &item_context);
                    self.note_name(li);
                    if let Some(value) = li.attr("value").filter(|_| ordered) {
                        match value.trim().parse().ok().filter(|_| items.is_empty()) {
                            Some(first) => start = Some(first),
                            None => self.losses.add_attribute("value"),
                        }
                    }
                    let item = item(self.blocks(child, &item_context.within(li)), item_context.said);
                    // An empty item still counts where items are numbered.
                    if ordered || !(item.content.is_empty() && item.children.is_empty()) {
                        items.push(item);
                    }
                }
                _ => self.node(child, &item_context, &mut strays),
            }
        }
        take_in(&mut items, &mut strays, &item_context);
        flow.flush(context);
        if items.iter().all(|item| item.content.is_empty() && item.children.is_empty()) {
            return;
        }
        let reversed = ordered && element.attr("reversed").is_some();
        let mut list =
            Block::List(List { ordered, start: start.unwrap_or(1), reversed, direction: None, items });
        say(&mut list, &inner);
        flow.blocks.push(list);
    }

    fn list_start(&mut self, element: &Element) -> Option<u32> {
        let start = element.attr("start")?;
        let number = start.trim().parse().ok();
        if number.is_none() {
            self.losses.add_attribute("start");
        }
        number
    }

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

/// What stands in a list outside of its items belongs to the item before it, or is one.
fn take_in(items: &mut Vec<ListItem>, strays: &mut Flow, context: &Context) {
    strays.flush(context);
    let blocks = std::mem::take(&mut strays.blocks);
    match items.last_mut() {
        Some(last) => last.children.extend(blocks),
        None if !blocks.is_empty() => items.push(item(blocks, context.said)),
        None => {}
    }
}

/// An item of these blocks: a first paragraph is its text. `list` is what was said of the list's direction.
fn item(blocks: Vec<Block>, list: Option<Direction>) -> ListItem {
    let mut children = blocks;
    let content = match children.first_mut() {
        Some(Block::Paragraph { direction, content }) => {
            say_direction(content, direction.filter(|said| Some(*said) != list));
            let content = std::mem::take(content);
            children.remove(0);
            content
        }
        _ => Vec::new(),
    };
    ListItem { content, children }
}

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
