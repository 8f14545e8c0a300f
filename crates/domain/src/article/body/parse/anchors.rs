//! Names within a body: of headings, stable and unique; of other text, where a link points to it.
//!
//! It must not know how blocks came about.

use std::collections::{HashMap, HashSet};

use super::line::join_equals;
use crate::article::body::parts::{Part, for_each};
use crate::article::body::{Block, Inline, InlineImage, inline_text};
use crate::text::Slug;

/// Settles all names of a body: see [`drop_unused`] and [`name_headings`].
pub(super) fn settle(blocks: &mut [Block]) {
    drop_unused(blocks);
    name_headings(blocks);
}

/// Takes names off text that no link of the body points to (any more).
fn drop_unused(blocks: &mut [Block]) {
    let mut targets = HashSet::new();
    for_each(blocks, &mut |part| match part {
        Part::Line(line) | Part::Heading(_, line) => {
            for piece in line.iter() {
                if let Inline::Text { marks, .. } | Inline::Image(InlineImage { marks, .. }) = piece
                    && let Some(link) = &marks.link
                {
                    targets.extend(link.href.strip_prefix('#').map(str::to_owned));
                }
            }
        }
        Part::Address(address) => targets.extend(address.strip_prefix('#').map(str::to_owned)),
        // A name holds no quote and no entity: what the sanitiser wrote is searched as text.
        Part::Markup(html) => {
            targets.extend(
                html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned),
            );
        }
    });
    for_each(blocks, &mut |part| {
        if let Part::Line(line) | Part::Heading(_, line) = part {
            let mut dropped = false;
            for piece in line.iter_mut() {
                if let Inline::Text { marks, .. } | Inline::Image(InlineImage { marks, .. }) = piece {
                    dropped |= marks.anchor.take_if(|name| !targets.contains(name)).is_some();
                }
            }
            if dropped {
                join_equals(line);
            }
        }
    });
}

/// Gives every heading without a name one made of its text, and every second use of a name a number. Names
/// that came with the text are kept before any is made.
pub(super) fn name_headings(blocks: &mut [Block]) {
    let mut names = Names::default();
    for_each(blocks, &mut |part| match part {
        Part::Heading(anchor, line) => {
            names.reserve(line);
            if !anchor.is_empty() && !names.taken.insert(anchor.clone()) {
                anchor.clear();
            }
        }
        Part::Line(line) => names.reserve(line),
        Part::Address(_) | Part::Markup(_) => {}
    });
    for_each(blocks, &mut |part| {
        if let Part::Heading(anchor, line) = part
            && anchor.is_empty()
        {
            let text = Slug::make(&inline_text(line));
            *anchor = names.free(text.map_or_else(|| "section".to_owned(), String::from));
        }
    });
}

#[derive(Default)]
struct Names {
    taken: HashSet<String>,
    /// The number to try next for a name.
    next: HashMap<String, u32>,
}

impl Names {
    fn reserve(&mut self, line: &[Inline]) {
        for piece in line {
            if let Inline::Text { marks, .. } = piece
                && let Some(anchor) = &marks.anchor
            {
                self.taken.insert(anchor.clone());
            }
        }
    }

    fn free(&mut self, name: String) -> String {
        if self.taken.insert(name.clone()) {
            return name;
        }
        let number = self.next.entry(name.clone()).or_insert(2);
        loop {
            let numbered = format!("{name}-{number}");
            *number += 1;
            if self.taken.insert(numbered.clone()) {
                return numbered;
            }
        }
    }
}
