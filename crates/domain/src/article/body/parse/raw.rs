//! What is kept as markup: tables, what no block expresses, and text whose white space counts.
//!
//! It must not know which elements these are, only how markup is made safe.

use ego_tree::{NodeRef, iter::Edge};
use html5ever::{Attribute, LocalName, QualName, local_name, ns};
use scraper::node::{Element, Text};
use scraper::{ElementRef, Html, Node};

use super::elements::{ALLOWED, had_a_function, is_dropped};
use super::embed::frame_address;
use super::flow::{Context, Flow, Walk};
use super::said::say;
use super::sanitise::{is_code_language, link_address, media_address, rel_value, rel_words, sanitise};
use crate::article::body::Block;
use crate::article::body::text::markup_text;

/// Makes a tree ready to be kept as markup in parts: every link gets the `rel` it is to have, a frame or
/// player within markup becomes a link to what it shows, and elements whose content is text to one parser and
/// markup to another become ordinary ones. White space between a table's parts, which shows nothing, goes.
pub(super) fn prepare(html: &mut Html) {
    let mut frames = Vec::new();
    let mut links = Vec::new();
    let mut renamed = Vec::new();
    let mut blanks = Vec::new();
    let mut markup = 0;
    for edge in html.tree.root().traverse() {
        let (Edge::Open(node) | Edge::Close(node)) = edge;
        if node.value().as_text().is_some_and(|text| text.trim().is_empty())
            && node.parent().is_some_and(arranges_cells)
        {
            blanks.push(node.id());
        }
        let Some(element) = node.value().as_element() else { continue };
        let is_markup = matches!(element.name(), "table" | "dl" | "details" | "pre");
        match edge {
            Edge::Close(_) => markup -= i32::from(is_markup),
            Edge::Open(_) => {
                markup += i32::from(is_markup);
                match element.name() {
                    "a" => links.push((node.id(), rel_value(&rel_words(element.attr("rel").unwrap_or(""))))),
                    _ if markup > 0 && is_frame(element) => {
                        frames.extend(frame_address(node, element).map(|address| (node.id(), address)));
                    }
                    "noscript" if markup > 0 => renamed.push((node.id(), local_name!("span"))),
                    "listing" | "plaintext" | "xmp" if markup > 0 => {
                        renamed.push((node.id(), local_name!("pre")));
                    }
                    _ => {}
                }
            }
        }
    }
    for id in blanks {
        if let Some(mut node) = html.tree.get_mut(id) {
            node.detach();
        }
    }
    for (id, name) in renamed {
        if let Some(Node::Element(element)) = html.tree.get_mut(id).as_mut().map(ego_tree::NodeMut::value) {
            element.name.local = name;
        }
    }
    for (id, rel) in links {
        if let Some(Node::Element(element)) = html.tree.get_mut(id).as_mut().map(ego_tree::NodeMut::value) {
            set_attribute(element, local_name!("rel"), &rel);
        }
    }
    for (id, address) in frames {
        let Some(mut node) = html.tree.get_mut(id) else { continue };
        node.insert_before(link(&address)).append(Node::Text(Text { text: address.as_str().into() }));
        node.detach();
    }
}

/// Parts of a table that hold only other parts.
fn arranges_cells(node: NodeRef<'_, Node>) -> bool {
    node.value().as_element().is_some_and(|element| {
        matches!(element.name(), "table" | "thead" | "tbody" | "tfoot" | "tr" | "colgroup")
    })
}

/// Frames and players, which are never kept as markup.
fn is_frame(element: &Element) -> bool {
    matches!(element.name(), "iframe" | "embed" | "object" | "audio" | "video")
}

fn link(address: &str) -> Node {
    let attributes = [(local_name!("href"), address), (local_name!("rel"), "noopener")]
        .map(|(name, value)| Attribute { name: QualName::new(None, ns!(), name), value: value.into() });
    Node::Element(Element::new(QualName::new(None, ns!(html), local_name!("a")), attributes.into()))
}

/// Attributes are kept sorted by name.
fn set_attribute(element: &mut Element, name: LocalName, value: &str) {
    let name = QualName::new(None, ns!(), name);
    match element.attrs.binary_search_by(|(other, _)| other.cmp(&name)) {
        Ok(at) => element.attrs[at].1 = value.into(),
        Err(at) => element.attrs.insert(at, (name, value.into())),
    }
}

impl Walk<'_> {
    /// Keeps an element as it is, sanitised.
    pub(super) fn markup(&mut self, node: NodeRef<'_, Node>, context: &Context, flow: &mut Flow) {
        let html = self.sanitised(&[node]);
        self.push_markup(html, |html| Block::RawHtml { html, direction: None }, context, flow);
    }

    /// Keeps a table.
    pub(super) fn table(&mut self, node: NodeRef<'_, Node>, context: &Context, flow: &mut Flow) {
        let html = self.sanitised(&[node]);
        self.push_markup(html, |html| Block::Table { html, direction: None }, context, flow);
    }

    fn push_markup(
        &mut self,
        html: String,
        block: impl FnOnce(String) -> Block,
        context: &Context,
        flow: &mut Flow,
    ) {
        flow.flush(context);
        if !shows_something(&html) {
            return;
        }
        let (html, own) = without_dir(html);
        let mut block = block(html);
        let said = own.as_deref().map_or(context.said, crate::text::Direction::from_html);
        say(&mut block, &Context { said, base: context.base, ..Context::default() });
        flow.blocks.push(block);
    }

    /// Nodes as sanitised markup; what that takes from them is counted.
    pub(super) fn sanitised(&mut self, nodes: &[NodeRef<'_, Node>]) -> String {
        let mut html = String::new();
        for node in nodes {
            match node.value() {
                Node::Text(text) => html.push_str(&ammonia::clean_text(text)),
                Node::Element(_) => html.extend(ElementRef::wrap(*node).map(|element| element.html())),
                _ => {}
            }
            self.count_losses(*node);
        }
        sanitise(&html).trim().to_owned()
    }

    fn count_losses(&mut self, root: NodeRef<'_, Node>) {
        let mut dropped = None;
        for edge in root.traverse() {
            match edge {
                Edge::Close(node) if dropped == Some(node.id()) => dropped = None,
                Edge::Open(node) if dropped.is_none() => {
                    let Some(element) = node.value().as_element() else { continue };
                    let name = element.name();
                    if is_dropped(node) || is_frame(element) {
                        self.losses.add_element(name);
                        dropped = Some(node.id());
                    } else if !ALLOWED.contains(&name) && had_a_function(name) {
                        self.losses.add_element(name);
                    }
                    self.count_attributes(element);
                }
                _ => {}
            }
        }
    }

    fn count_attributes(&mut self, element: &Element) {
        for (name, value) in element.attrs() {
            let lost = match name {
                "style" => true,
                "href" => link_address(value).as_deref() != Some(value),
                "src" => element.name() == "img" && media_address(value).as_deref() != Some(value),
                _ => false,
            };
            if lost {
                self.losses.add_attribute(name);
            }
        }
    }

    /// `pre`: code; verse where its class says so; markup where something in it is more than text.
    pub(super) fn preformatted(
        &mut self,
        node: NodeRef<'_, Node>,
        element: &Element,
        context: &Context,
        flow: &mut Flow,
    ) {
        if element.classes().any(|class| matches!(class, "wp-block-verse" | "verse")) {
            flow.flush(context);
            let inner = Context { verse: true, ..context.within(element) };
            self.children(node, &inner, flow);
            return flow.flush(&inner);
        }
        let Some((text, dropped)) = plain_text(node) else {
            return self.markup(node, context, flow);
        };
        flow.flush(context);
        dropped.into_iter().for_each(|name| self.losses.add_element(name));
        if !text.trim().is_empty() {
            let mut elements = node.descendants().filter_map(|part| part.value().as_element());
            let language = elements.find_map(code_language);
            flow.blocks.push(Block::Code { language, text });
        }
    }
}

/// The text of an element as it is, and the names of what was dropped from it. `None` where something in it
/// is more than text.
fn plain_text<'t>(node: NodeRef<'t, Node>) -> Option<(String, Vec<&'t str>)> {
    let mut text = String::new();
    let mut dropped = Vec::new();
    let mut within = None;
    for edge in node.traverse() {
        match edge {
            Edge::Close(part) if within == Some(part.id()) => within = None,
            Edge::Open(part) if within.is_none() => match part.value() {
                Node::Text(part) => text.push_str(part),
                Node::Element(element) if is_dropped(part) || is_frame(element) => {
                    within = Some(part.id());
                    dropped.push(element.name());
                }
                Node::Element(element) if part != node => match element.name() {
                    "br" => text.push('\n'),
                    "code" | "mark" | "span" => {}
                    name if ALLOWED.contains(&name) => return None,
                    name => dropped.extend(had_a_function(name).then_some(name)),
                },
                _ => {}
            },
            _ => {}
        }
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.chars().filter(|&c| matches!(c, '\n' | '\t') || !c.is_control()).collect();
    Some((text, dropped))
}

/// The language a class names: `language-rust`, `lang-rust`, or `brush: rust;` as an old plugin wrote it.
fn code_language(element: &Element) -> Option<String> {
    let class = element.attr("class")?.to_ascii_lowercase();
    let brush = class.split_once("brush:").map(|(_, rest)| rest.trim_start());
    let word = match brush {
        Some(rest) => rest.split([';', ' ']).next()?,
        None => class
            .split_ascii_whitespace()
            .find_map(|class| class.strip_prefix("language-").or_else(|| class.strip_prefix("lang-")))?,
    };
    is_code_language(word).then(|| word.to_owned())
}

/// Whether sanitised markup holds text, an image or a rule.
fn shows_something(html: &str) -> bool {
    ["<img", "<hr"].iter().any(|tag| html.contains(tag)) || !markup_text(html).trim().is_empty()
}

/// Takes `dir` off the first tag of sanitised markup, where a block says it.
fn without_dir(html: String) -> (String, Option<String>) {
    let tag_end = html.find('>').unwrap_or(0);
    let found = html[..tag_end].find(" dir=\"").and_then(|start| {
        let value = start + " dir=\"".len();
        html[value..tag_end].find('"').map(|length| (start, value, value + length))
    });
    match found {
        Some((start, value, end)) => {
            let dir = html[value..end].to_owned();
            ([&html[..start], &html[end + 1..]].concat(), Some(dir))
        }
        None => (html, None),
    }
}

/// Whether a table has a caption of its own.
pub(super) fn has_caption(table: &str) -> bool {
    table.find('>').is_some_and(|end| table[end + 1..].trim_start().starts_with("<caption"))
}

/// Puts a caption into a table that has none.
pub(super) fn add_caption(table: &mut String, caption: &str) {
    if let Some(end) = table.find('>') {
        table.insert_str(end + 1, &format!("<caption>{caption}</caption>"));
    }
}
