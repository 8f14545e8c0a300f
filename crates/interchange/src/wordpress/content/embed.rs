//! Things of other sites: an address becomes the figure that WordPress's block editor makes of it.
//! It must not know which sites can be embedded.

use super::Converter;
use super::change::Changes;
use crate::wordpress::html::{self, Kind, escape, is_address};

/// The figure for an address.
pub(super) fn figure(address: &str) -> String {
    format!(
        "<figure class=\"wp-block-embed\"><div class=\"wp-block-embed__wrapper\">\n{}\n</div></figure>",
        escape(address)
    )
}

/// What is told of an address on a line of its own.
pub(super) const ADDRESS_ALONE: &str = "address on a line of its own: made an embed";

/// Paragraphs that hold an address and nothing else become figures.
pub(super) fn embed_paragraphs(text: &str, changes: &mut Changes) -> String {
    let tokens = html::tokens(text);
    let mut out = String::with_capacity(text.len());
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        if let Some([start, inside, end]) = tokens.get(index..index + 3)
            && matches!(&start.kind, Kind::Start(name) if name == "p")
            && matches!(&end.kind, Kind::End(name) if name == "p")
            && inside.kind == Kind::Text
            && is_address(text[inside.range.clone()].trim())
        {
            changes.changed(ADDRESS_ALONE);
            out.push_str(&figure(text[inside.range.clone()].trim()));
            index += 3;
            continue;
        }
        out.push_str(&text[token.range.clone()]);
        index += 1;
    }
    out
}

impl Converter<'_> {
    /// Takes comments out of HTML. Those that mean something to WordPress are counted by name.
    pub(super) fn without_comments(&mut self, text: &str) -> String {
        if !text.contains("<!--") {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        for token in html::tokens(text) {
            let piece = &text[token.range];
            if token.kind != Kind::Comment {
                out.push_str(piece);
                continue;
            }
            let words = piece.trim_start_matches("<!--").trim_start();
            self.changes.changed(if words.starts_with("more") {
                "<!--more-->: removed"
            } else if words.starts_with("nextpage") {
                "<!--nextpage-->: removed, the pages are joined"
            } else if words.starts_with("noteaser") {
                "<!--noteaser-->: removed"
            } else {
                "comment in the HTML: removed"
            });
        }
        out
    }
}
