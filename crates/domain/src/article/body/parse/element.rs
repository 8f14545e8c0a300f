//! What to do with each element of the tree: the one place where names of elements are told apart.
//!
//! It must not know how figures, lists or markup are put together.

use ego_tree::NodeRef;
use scraper::Node;
use scraper::node::Element;

use super::elements::{groups_blocks, had_a_function, is_dropped};
use super::flow::{Context, Flow, Walk};
use super::line::join_equals;
use super::sanitise::media_address;
use super::{figure, marks};
use crate::article::body::{Block, Inline, InlineImage, inline_direction};

/// An image at most this wide and high is a sign in the text (a flag, an icon).
const SIGN: u32 = 64;

impl Walk<'_> {
    pub(super) fn element(
        &mut self,
        node: NodeRef<'_, Node>,
        element: &Element,
        context: &Context,
        flow: &mut Flow,
    ) {
        let name = element.name();
        if matches!(name, "source" | "track" | "param" | "rp") {
            return; // read with what they belong to
        }
        if is_dropped(node) {
            return self.losses.add_element(name);
        }
        if element.attr("style").is_some() {
            self.losses.add_attribute("style");
        }
        if let "h1" | "h2" | "h3" | "h4" | "h5" | "h6" = name {
            return self.heading(node, element, context, flow);
        }
        self.note_name(element);
        if figure::is_figure(element) {
            return self.figure(node, element, context, flow);
        }
        match name {
            "br" => flow.line.push_break(),
            "wbr" => self.text("\u{200B}", context, flow),
            "img" => self.image(element, context, flow),
            "iframe" | "embed" | "object" | "audio" | "video" => self.embed(node, element, context, flow),
            "ul" | "ol" | "menu" if !context.gallery => self.list(node, element, context, flow),
            "blockquote" => self.quote(node, element, context, flow),
            "table" => self.table(node, context, flow),
            "pre" | "listing" | "xmp" | "plaintext" => self.preformatted(node, element, context, flow),
            "hr" | "dl" | "details" => self.markup(node, context, flow),
            "noscript" if follows_lazy_image(node) => {}
            "p" | "ul" | "ol" | "menu" => self.group(node, element, context, flow),
            _ if groups_blocks(name) => {
                if had_a_function(name) {
                    self.losses.add_element(name);
                }
                self.group(node, element, context, flow);
            }
            "rt" => {
                self.text("(", context, flow);
                self.children(node, context, flow);
                self.text(")", context, flow);
            }
            _ => self.inline(node, element, context, flow),
        }
    }

    /// An element whose content stands in its place, apart from what is around it.
    fn group(&mut self, node: NodeRef<'_, Node>, element: &Element, context: &Context, flow: &mut Flow) {
        flow.flush(context);
        let inner = context.within(element);
        self.children(node, &inner, flow);
        flow.flush(&inner);
    }

    /// An element within a line: it marks its text.
    fn inline(&mut self, node: NodeRef<'_, Node>, element: &Element, context: &Context, flow: &mut Flow) {
        if had_a_function(element.name()) {
            self.losses.add_element(element.name());
        }
        if element.attr("datetime").is_some() {
            self.losses.add_attribute("datetime");
        }
        let marks = marks::within(&context.marks, element, self.losses);
        let inner = Context { marks, ..context.clone() };
        self.children(node, &inner, flow);
    }

    fn heading(&mut self, node: NodeRef<'_, Node>, element: &Element, context: &Context, flow: &mut Flow) {
        let inner = context.within(element);
        let mut anchor = self.heading_name(element);
        // What was said holds for the heading, not for marks in it.
        let (mut content, others) = self.line(node, &Context { said: None, base: None, ..inner.clone() });
        if let (None, Some(Inline::Text { marks, .. })) = (&anchor, content.first_mut()) {
            // An older way to name a heading: an empty link at its start.
            anchor = marks.anchor.take();
            join_equals(&mut content);
        }
        flow.flush(context);
        if content.is_empty() {
            if !others.is_empty() {
                self.losses.add_element(element.name());
            }
        } else {
            let level = element.name()[1..].parse().unwrap_or(2).max(2);
            let direction = inner.direction(inline_direction(&content));
            let anchor = anchor.unwrap_or_default();
            flow.blocks.push(Block::Heading { level, anchor, direction, content });
        }
        flow.blocks.extend(others);
    }

    fn image(&mut self, element: &Element, context: &Context, flow: &mut Flow) {
        let alt = element.attr("alt").map(marks::one_line).unwrap_or_default();
        if element.classes().any(|class| matches!(class, "wp-smiley" | "emoji")) && !alt.is_empty() {
            return self.text(&alt, context, flow);
        }
        // A page that loads images late has a placeholder at `src`.
        let addresses =
            ["data-lazy-src", "data-src", "src"].into_iter().filter_map(|name| element.attr(name));
        let Some(src) = addresses.filter_map(media_address).next() else {
            return self.losses.add_element("img");
        };
        let (width, height) = (pixels(element, "width"), pixels(element, "height"));
        if (width, height) == (Some(1), Some(1)) {
            return self.losses.add_element("img (1 pixel)");
        }
        let image = InlineImage { src, alt, width, height, marks: context.marks.clone() };
        let sizes = [width, height];
        let is_sign =
            sizes.iter().any(Option::is_some) && sizes.into_iter().flatten().all(|size| size <= SIGN);
        if is_sign && !context.figure {
            flow.line.push_image(image);
        } else {
            flow.push(Block::Figure(super::flow::standing(image)), context);
        }
    }
}

/// A size in whole pixels, as `300` or `300px`; percentages and zero say nothing.
fn pixels(element: &Element, name: &str) -> Option<u32> {
    let value = element.attr(name)?.trim();
    value.strip_suffix("px").unwrap_or(value).parse().ok().filter(|&pixels| pixels > 0)
}

/// Whether a `noscript` only repeats the image before it for those who cannot load it late.
fn follows_lazy_image(node: NodeRef<'_, Node>) -> bool {
    let before = node.prev_siblings().find(|node| node.value().is_element());
    before.and_then(|node| node.value().as_element()).is_some_and(|element| {
        element.name() == "img"
            && (element.attr("data-src").is_some() || element.attr("data-lazy-src").is_some())
    })
}
