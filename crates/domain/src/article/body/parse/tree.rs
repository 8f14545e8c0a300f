//! HTML as a tree of bounded depth and size, whatever is thrown at it.
//!
//! The parser of HTML itself is html5ever. What stands between its tokenizer and its tree builder here keeps
//! four things from growing with the square of the input, or from filling memory: open elements, nodes, the
//! attributes of a tag, and the depth of what recursion walks later. It must not know of blocks.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    EndTag, StartTag, Tag, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{Tracer, TreeBuilder, TreeBuilderOpts, TreeSink, create_element};
use html5ever::{LocalName, QualName, TokenizerResult, local_name, ns};
use scraper::{Html, HtmlTreeSink, Node};

use super::Losses;
use super::elements::{AttributeFate, attribute_fate, holds_raw_text, is_dropped};

type NodeId = ego_tree::NodeId;

/// HTML beyond so many bytes is not read.
pub(super) const MAX_BYTES: usize = 4 << 20;
/// Elements open at once, those that formatting reopens counted twice. Real pages stay below 40.
const MAX_OPEN: usize = 128;
/// Levels of the finished tree. Formatting that is closed out of order can make it deeper than what was open.
pub(super) const MAX_DEPTH: usize = 64;
/// Elements and runs of text in all.
const MAX_NODES: usize = 200_000;
/// What is fed to the tokenizer at a time.
const CHUNK: usize = 4 << 10;
/// Places within one tag where an attribute may begin. The tokenizer compares each attribute with all before.
const MAX_SEPARATORS: usize = 2_000;

/// Reads a fragment as if it stood in `body`, scripting off. Never fails; what the bounds cut off is counted.
pub(super) fn parse(html: &str, losses: &mut Losses) -> Html {
    let html = without_long_comments(within_size(html, losses));
    let sink = HtmlTreeSink::new(Html::new_fragment());
    let context = create_element(&sink, QualName::new(None, ns!(html), local_name!("body")), Vec::new());
    let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let bounded = Bounded {
        builder: TreeBuilder::new_for_fragment(sink, context, None, options),
        emitted: Cell::new(0),
        losses: RefCell::default(),
    };
    let tokenizer = Tokenizer::new(bounded, TokenizerOpts::default());
    let mut rest = html.as_str();
    let mut separators = 0;
    while !rest.is_empty() {
        let (chunk, tail) = rest.split_at(rest.floor_char_boundary(CHUNK));
        rest = tail;
        let before = tokenizer.sink.emitted.get();
        feed(&tokenizer, chunk);
        if tokenizer.sink.emitted.get() != before {
            separators = 0;
            continue;
        }
        separators += chunk.bytes().filter(|b| b.is_ascii_whitespace() || b"/\"'".contains(b)).count();
        if separators > MAX_SEPARATORS {
            // Within one tag for long: this ends it, whether a value is quoted or not.
            feed(&tokenizer, "\"'>");
            rest = rest.find('>').map_or("", |end| &rest[end + 1..]);
            losses.add(format_args!("tag of over {MAX_SEPARATORS} parts"));
            separators = 0;
        }
    }
    tokenizer.end();
    let Bounded { builder, losses: cut, .. } = tokenizer.sink;
    for (what, count) in cut.into_inner() {
        losses.add_many(what, count);
    }
    let mut tree = builder.sink.finish();
    flatten_depths(&mut tree, losses);
    tree
}

fn feed(tokenizer: &Tokenizer<Bounded>, html: &str) {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    // It pauses after a script, which nobody runs here.
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
}

fn within_size<'a>(html: &'a str, losses: &mut Losses) -> &'a str {
    let cut = html.floor_char_boundary(MAX_BYTES);
    if cut < html.len() {
        losses.add(format_args!("HTML beyond {MAX_BYTES} bytes"));
    }
    &html[..cut]
}

/// Takes out the comments that are longer than a tag may be, as word processors write them. The shorter ones
/// are left to the tokenizer, which knows what only looks like one.
fn without_long_comments(html: &str) -> String {
    let mut kept = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find("<!--") {
        let Some(length) = rest[start..].find("-->") else { break };
        let end = start + length + "-->".len();
        kept.push_str(if length > MAX_SEPARATORS { &rest[..start] } else { &rest[..end] });
        rest = &rest[end..];
    }
    kept.push_str(rest);
    kept
}

/// A tree builder that is not told of start tags beyond the bounds, nor of attributes nobody reads.
struct Bounded {
    builder: TreeBuilder<NodeId, HtmlTreeSink>,
    /// Tokens other than errors: while it stands still, the tokenizer is within a tag.
    emitted: Cell<u64>,
    losses: RefCell<BTreeMap<String, u32>>,
}

impl Bounded {
    fn lose(&self, what: String) {
        *self.losses.borrow_mut().entry(what).or_default() += 1;
    }

    /// Whether another element may be opened.
    fn has_room(&self, name: &LocalName) -> bool {
        if holds_raw_text(name) {
            return true; // or their raw text would become text; they do not nest
        }
        if self.builder.sink.0.borrow().tree.values().len() >= MAX_NODES {
            self.lose(format!("element beyond {MAX_NODES} nodes"));
            return false;
        }
        let open = Counter(Cell::new(0));
        self.builder.trace_handles(&open);
        if open.0.get() >= MAX_OPEN {
            self.lose("element nested too deep".to_owned());
            return false;
        }
        true
    }

    fn keep_known_attributes(&self, tag: &mut Tag) {
        tag.attrs.retain(|attribute| match attribute_fate(&attribute.name.local) {
            AttributeFate::Read => true,
            AttributeFate::Needless => false,
            AttributeFate::Lost => {
                self.lose(format!("attribute {}", super::short(&attribute.name.local)));
                false
            }
        });
    }
}

impl TokenSink for Bounded {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<NodeId> {
        let token = match token {
            Token::ParseError(_) => return TokenSinkResult::Continue,
            Token::TagToken(mut tag) => {
                match tag.kind {
                    StartTag if self.has_room(&tag.name) => self.keep_known_attributes(&mut tag),
                    StartTag => {
                        self.emitted.set(self.emitted.get() + 1);
                        return TokenSinkResult::Continue;
                    }
                    EndTag => tag.attrs.clear(),
                }
                Token::TagToken(tag)
            }
            token => token,
        };
        self.emitted.set(self.emitted.get() + 1);
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// Counts what the tree builder holds on to.
struct Counter(Cell<usize>);

impl Tracer for Counter {
    type Handle = NodeId;

    fn trace_handle(&self, _: &NodeId) {
        self.0.set(self.0.get() + 1);
    }
}

/// Makes one text of everything below [`MAX_DEPTH`].
fn flatten_depths(html: &mut Html, losses: &mut Losses) {
    let mut too_deep = Vec::new();
    let mut depth = 0;
    for edge in html.tree.root().traverse() {
        match edge {
            ego_tree::iter::Edge::Open(node) => {
                depth += 1;
                if depth == MAX_DEPTH && node.children().any(|child| child.value().is_element()) {
                    too_deep.push(node.id());
                }
            }
            ego_tree::iter::Edge::Close(_) => depth -= 1,
        }
    }
    for id in too_deep {
        let Some(node) = html.tree.get(id) else { continue };
        let elements = node.descendants().skip(1).filter(|node| node.value().is_element()).count();
        let texts = node.descendants().filter(|text| !text.parent().is_some_and(is_dropped));
        let texts: Vec<&str> = texts.filter_map(|node| node.value().as_text().map(|text| &**text)).collect();
        let text = texts.join(" ");
        let children: Vec<NodeId> = node.children().map(|child| child.id()).collect();
        for child in children {
            if let Some(mut child) = html.tree.get_mut(child) {
                child.detach();
            }
        }
        if let Some(mut node) = html.tree.get_mut(id) {
            node.append(Node::Text(scraper::node::Text { text: StrTendril::from_slice(&text) }));
        }
        losses.add_many("element nested too deep".to_owned(), u32::try_from(elements).unwrap_or(u32::MAX));
    }
}
