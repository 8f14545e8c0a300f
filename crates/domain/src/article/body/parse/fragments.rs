//! Several pieces of HTML that make one body: a link in one may lead to a name in another. It must not know what they
//! become.

use std::collections::HashSet;

use super::flow::{Context, Flow, Walk};
use super::{Loss, Losses, list, raw, tree};
use crate::article::body::{Block, ListItem};

/// A reader of pieces of HTML. What it gives is safe, and is the same body as ever only once it is read again as one.
pub(in super::super) struct Fragments {
    losses: Losses,
    targets: HashSet<String>,
}

impl Fragments {
    /// For reading these pieces, or some of them.
    pub(in super::super) fn of<'h>(pieces: impl IntoIterator<Item = &'h str>) -> Self {
        let mut targets = HashSet::new();
        for html in pieces.into_iter().filter(|html| html.contains('#')) {
            targets.extend(super::link_targets(&tree::parse(html, &mut Losses::default())));
        }
        Self { losses: Losses::default(), targets }
    }

    /// A piece as blocks.
    pub(in super::super) fn blocks(&mut self, html: &str) -> Vec<Block> {
        let mut tree = tree::parse(html, &mut self.losses);
        raw::prepare(&mut tree);
        let mut walk = Walk::new(&mut self.losses, std::mem::take(&mut self.targets));
        let mut flow = Flow::default();
        let context = Context::default();
        walk.children(tree.tree.root(), &context, &mut flow);
        self.targets = walk.into_targets();
        flow.flush(&context);
        flow.blocks
    }

    /// A piece as an item of a list.
    pub(in super::super) fn item(&mut self, html: &str) -> ListItem {
        list::item(self.blocks(html), None)
    }

    /// What could not be kept of all that was read.
    pub(in super::super) fn into_losses(self) -> Vec<Loss> {
        self.losses.into_vec()
    }
}
