//! HTML into blocks: [`Body::from_html`](super::Body::from_html), the one door through which HTML comes in.
//!
//! The tree is walked once, and only text, known marks, checked addresses and sanitised markup are taken from
//! it; whatever else there was is counted. It must not know where the HTML came from, nor make requests.

mod anchors;
mod element;
mod elements;
mod embed;
mod figure;
mod flow;
mod fragments;
mod line;
mod list;
mod marks;
mod quote;
mod raw;
mod said;
mod sanitise;
mod tree;

use std::collections::{BTreeMap, HashSet};
use std::fmt::Display;

use super::Body;
pub(super) use embed::{embed, provider};
pub(super) use flow::one_line;
use flow::{Context, Flow, Walk};
pub(super) use fragments::Fragments;
pub(super) use sanitise::{is_anchor, is_code_language, link_address, media_address};

/// Something that HTML held and blocks do not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Loss {
    /// What it was: `element script`, `attribute onclick`. Names are cut to 40 characters.
    pub what: String,
    /// How often.
    pub count: u32,
}

impl Body {
    /// Reads HTML, trusted or not, as blocks, and says what could not be kept, sorted by name.
    ///
    /// Takes whatever there is, in time proportional to it: text outside of any element becomes paragraphs,
    /// wrappers are taken off, `h1` becomes level 2, frames and players become embeds, images stand by
    /// themselves unless they are mere signs in a line. What no block expresses is kept as sanitised markup.
    /// White space is HTML's: an empty line in text divides nothing, two line breaks do.
    /// Losses are elements and attributes that did something or whose text is gone; that something only looked
    /// another way is not counted, but for the attribute `style`. Not read are: HTML beyond 4 MiB, elements
    /// beyond 200,000 nodes or nested deeper than 64 (their text stays).
    #[must_use]
    pub fn from_html(html: &str) -> (Self, Vec<Loss>) {
        let mut losses = Losses::default();
        let mut tree = tree::parse(html, &mut losses);
        raw::prepare(&mut tree);
        let mut walk = Walk::new(&mut losses, link_targets(&tree));
        let mut flow = Flow::default();
        let context = Context::default();
        walk.children(tree.tree.root(), &context, &mut flow);
        flow.flush(&context);
        let mut blocks = flow.blocks;
        anchors::settle(&mut blocks);
        (Self(blocks), losses.into_vec())
    }
}

impl Loss {
    /// A sentence for whoever wrote it, in English.
    #[must_use]
    pub fn sentence(&self) -> String {
        let times = match self.count {
            1 => String::new(),
            count => format!(" ({count} times)"),
        };
        match self.what.split_once(' ') {
            Some(("element", "img")) => {
                format!("An image whose address is none of http, https or this site was left out{times}.")
            }
            Some(("element", "img (1 pixel)")) => format!("An image of one pixel was left out{times}."),
            Some(("element", "nested too deep")) => {
                format!("An element was nested too deep: only its text was kept{times}.")
            }
            Some(("element", rest)) if rest.starts_with("beyond ") => {
                format!("An element {rest} was not read; its text was{times}.")
            }
            Some(("element", name)) => format!("The element `{name}` cannot be kept{times}."),
            Some(("attribute", name)) => format!("The attribute `{name}` cannot be kept{times}."),
            Some(("HTML" | "Markdown", _)) => format!("{} was not read.", self.what),
            Some(("tag", rest)) => format!("A tag {rest} was cut{times}."),
            _ => format!("Other things could not be kept{times}."),
        }
    }
}

/// The names that links within this HTML point to.
fn link_targets(html: &scraper::Html) -> HashSet<String> {
    let links = html.tree.values().filter_map(|node| node.as_element()?.attr("href"));
    links
        .filter_map(|href| href.trim().strip_prefix('#'))
        .filter(|name| sanitise::is_anchor(name))
        .map(str::to_owned)
        .collect()
}

/// Counts what is lost.
#[derive(Default)]
struct Losses(BTreeMap<String, u32>);

/// The most different names counted: what has more makes them up.
const MAX_NAMES: usize = 200;

impl Losses {
    fn add(&mut self, what: impl Display) {
        self.add_many(what.to_string(), 1);
    }

    fn add_element(&mut self, name: &str) {
        self.add(format_args!("element {}", short(name)));
    }

    fn add_attribute(&mut self, name: &str) {
        self.add(format_args!("attribute {}", short(name)));
    }

    fn add_many(&mut self, what: String, count: u32) {
        let known = self.0.len() < MAX_NAMES || self.0.contains_key(&what);
        let what = if known { what } else { "others".to_owned() };
        let sum = self.0.entry(what).or_default();
        *sum = sum.saturating_add(count);
    }

    fn into_vec(self) -> Vec<Loss> {
        self.0.into_iter().map(|(what, count)| Loss { what, count }).collect()
    }
}

/// A name of an element or attribute, which may be anything.
fn short(name: &str) -> &str {
    name.char_indices().nth(40).map_or(name, |(end, _)| &name[..end])
}

#[cfg(test)]
pub(super) mod tests;
