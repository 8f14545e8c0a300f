//! Shortcodes in a text: the known ones are replaced, the unknown ones stay and are named.
//! It must not know what a known one becomes.

use std::collections::HashSet;

use super::Converter;
use super::media;
use super::shortcode::{Index, Opening, name_at};
use crate::wordpress::html::{self, Kind, Token, partners};

/// Shortcodes inside shortcodes inside shortcodes: no further.
const DEEPEST: usize = 4;

/// What a known shortcode becomes.
pub(super) enum Replacement {
    /// An element that is no part of a paragraph.
    Block(String),
    /// Nothing; what is lost has been told.
    Nothing,
    /// It stays as it is: something it needs is missing.
    Keep,
}

impl Converter<'_> {
    /// Replaces the shortcodes of `text` that are known. Those inside tags, code and preformatted text stay.
    pub(super) fn expand_shortcodes(&mut self, text: &str, depth: usize) -> String {
        if depth >= DEEPEST || !text.contains('[') {
            return text.to_owned();
        }
        let tokens = html::tokens(text);
        let codes = partners(&tokens, &["pre", "code"]);
        let out = String::with_capacity(text.len());
        let mut expansion = Expansion { text, index: Index::new(text), out, depth, opened: HashSet::new() };
        let mut at = 0;
        let mut next = 0;
        while let Some(token) = tokens.get(next) {
            next += 1;
            let Token { kind, range } = token;
            if range.end <= at {
                continue;
            }
            let from = range.start.max(at);
            match kind {
                Kind::Start(_) if from == range.start => {
                    if let Some(end) = codes.get(&(next - 1)).copied() {
                        at = tokens[end].range.end;
                        next = end + 1;
                        expansion.out.push_str(&text[from..at]);
                        continue;
                    }
                    expansion.out.push_str(&text[from..range.end]);
                    at = range.end;
                }
                Kind::Text => at = expansion.expand(from, range.end, self),
                _ => {
                    expansion.out.push_str(&text[from..range.end]);
                    at = range.end;
                }
            }
        }
        expansion.out
    }
}

struct Expansion<'a> {
    text: &'a str,
    index: Index<'a>,
    out: String,
    depth: usize,
    /// Names that were opened so far.
    opened: HashSet<&'a str>,
}

impl<'a> Expansion<'a> {
    /// Expands what begins between `from` and `to`; a shortcode may end later. Answers where to go on.
    fn expand(&mut self, from: usize, to: usize, converter: &mut Converter<'_>) -> usize {
        let mut at = from;
        while at < to {
            let Some(offset) = memchr::memchr(b'[', &self.text.as_bytes()[at..to]) else { break };
            let bracket = at + offset;
            self.out.push_str(&self.text[at..bracket]);
            at = match self.escaped(bracket, converter) {
                Some(end) => end,
                None => self.one(bracket, converter),
            };
        }
        if at < to {
            self.out.push_str(&self.text[at..to]);
            at = to;
        }
        at
    }

    /// `[[name]]` and `[[name]text[/name]]` show a shortcode without running it.
    fn escaped(&mut self, at: usize, converter: &mut Converter<'_>) -> Option<usize> {
        if !self.text[at..].starts_with("[[") {
            return None;
        }
        let opening = self.index.opening(at + 1)?;
        let closing = self.index.closing(opening.name, opening.range.end).map(|range| range.end);
        let ends = [Some(opening.range.end), closing];
        let end = ends.into_iter().flatten().find(|end| self.text[*end..].starts_with(']'))?;
        converter.changes.changed("escaped shortcode: its outer brackets removed");
        self.out.push_str(&self.text[at + 1..end]);
        Some(end + 1)
    }

    /// The shortcode at `at`, or what only looks like one.
    fn one(&mut self, at: usize, converter: &mut Converter<'_>) -> usize {
        let Some(opening) = self.index.opening(at) else {
            if let Some(end) = self.own_closing(at) {
                return end;
            }
            self.closing_alone(at, converter);
            self.out.push('[');
            return at + 1;
        };
        self.opened.insert(opening.name);
        let closing = if opening.closed { None } else { self.index.closing(opening.name, opening.range.end) };
        let inner = closing.as_ref().map(|closing| &self.text[opening.range.end..closing.start]);
        let known = converter.replace_shortcode(&opening, inner, self.depth);
        let takes_inner = match inner {
            Some(inner) if media::is_player(opening.name) => media::is_fallback(opening.name, inner),
            _ => media::takes_inner(opening.name),
        };
        let end = match &closing {
            Some(closing) if takes_inner => closing.end,
            _ => opening.range.end,
        };
        if known.is_some() && end > opening.range.end && media::is_player(opening.name) {
            self.tell_fallback(opening.name, inner, converter);
        }
        match known {
            Some(Replacement::Block(html)) => self.push_block(&html, end),
            Some(Replacement::Nothing) => end,
            Some(Replacement::Keep) | None => {
                if looks_like_shortcode(&opening, closing.is_some()) {
                    converter.changes.left(format!("unknown shortcode [{}]", opening.name));
                }
                self.out.push_str(&self.text[opening.range.clone()]);
                opening.range.end
            }
        }
    }

    /// `[/gallery]` whose opening was done with before, since other text stood between.
    fn own_closing(&self, at: usize) -> Option<usize> {
        let rest = self.text[at..].strip_prefix("[/")?;
        let name = name_at(rest);
        let closing = self.index.closing(name, at).filter(|closing| closing.start == at)?;
        media::is_player(name).then_some(closing.end)
    }

    /// What stands inside a player is for browsers that cannot play.
    fn tell_fallback(&self, name: &str, inner: Option<&str>, converter: &mut Converter<'_>) {
        if inner.is_some_and(|inner| !crate::wordpress::plain_text(inner).is_empty()) {
            converter.changes.lost(format!("text inside of the shortcode [{name}]"));
        }
    }

    /// `[/name]` whose opening is in another block, or nowhere: shown, and told if it is no echo of one that was.
    fn closing_alone(&self, at: usize, converter: &mut Converter<'_>) {
        let Some(rest) = self.text[at..].strip_prefix("[/") else { return };
        let name = name_at(rest);
        if !name.is_empty() && !self.opened.contains(name) && rest[name.len()..].starts_with(']') {
            converter.changes.left(format!("end of a shortcode [/{name}] without its beginning"));
        }
    }

    /// A block in a paragraph of its own takes the place of the paragraph.
    fn push_block(&mut self, html: &str, end: usize) -> usize {
        const PARAGRAPH_END: &str = "</p>";
        let before = self.out.trim_end();
        let opens = before.rfind('<').filter(|at| {
            let tag = &before[*at..];
            tag.ends_with('>') && (tag == "<p>" || tag.starts_with("<p "))
        });
        let rest = &self.text[end..];
        let after = rest.trim_start();
        match opens {
            Some(at) if after.starts_with(PARAGRAPH_END) => {
                self.out.truncate(at);
                self.out.push_str(html);
                end + (rest.len() - after.len()) + PARAGRAPH_END.len()
            }
            _ => {
                self.out.push_str(html);
                end
            }
        }
    }
}

/// Newspapers write brackets too: `[sic]`, `[Update]`, `[A]`. A shortcode has attributes, an end, or a name in
/// lower case.
fn looks_like_shortcode(opening: &Opening<'_>, has_closing: bool) -> bool {
    if has_closing || opening.closed || opening.attributes.has_named() {
        return true;
    }
    let name = opening.name;
    let is_lower = name.len() > 1 && !name.bytes().any(|byte| byte.is_ascii_uppercase());
    let is_technical = name.contains(['_', '-']) || name.bytes().any(|byte| byte.is_ascii_digit());
    let is_editorial =
        matches!(name, "sic" | "note" | "notes" | "ed" | "editor" | "applause" | "laughter" | "update");
    is_lower && (is_technical || (opening.attributes.is_empty() && !is_editorial))
}
