//! Lists. It must not know of what their items are made.

use ego_tree::NodeRef;
use scraper::Node;
use scraper::node::Element;

use super::flow::{Context, Flow, MAX_NESTING, Walk};
use super::said::{say, say_direction};
use crate::article::body::{Block, List, ListItem};
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
pub(super) fn item(blocks: Vec<Block>, list: Option<Direction>) -> ListItem {
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
