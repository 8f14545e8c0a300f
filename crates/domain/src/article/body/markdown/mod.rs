//! Markdown into blocks: CommonMark with tables, footnotes, struck-out text, bare addresses and ticked lists, and with the
//! line starts of people who write Arabic.
//!
//! comrak reads it; what it read is written as HTML and goes through [`Body::from_html`], the one door, so that all three
//! ways to write come out as the same blocks, and raw HTML is trusted no more than elsewhere. It must not know where the
//! text came from, nor make requests.

mod line;
mod lines;
mod render;
mod shape;
mod write;

use comrak::{Arena, Options, parse_document};

use super::{Body, Loss};

/// The most bytes of what a person hands in as the text of one article. Markdown beyond it is not read.
pub const MAX_WRITTEN: usize = 1 << 20;

impl Body {
    /// Reads Markdown, trusted or not, as blocks, and says what could not be kept, sorted by name.
    ///
    /// It is [CommonMark](https://spec.commonmark.org/0.31.2/) with GitHub's tables, footnotes, `~~struck out~~`, bare
    /// addresses and ticked lists (`- [x]` becomes ☑), and:
    ///
    /// - lists may be numbered `١.`, `١)`, and up to ٩٩ also `١-`, `١–`, `١ـ` and `١،`, with either set of Arabic-Indic
    ///   digits; the number is kept. Marks of direction (RLM, LRM, ALM) before a list's, quote's or heading's sign go
    ///   behind it, where they say how its text runs.
    /// - a picture with a title, `![alt](address "caption")`, is a figure with that caption;
    /// - a quote's last line names who is quoted where it begins with a dash (`— name`) and no other line does;
    /// - the address of a film or post of a site known to us, alone in a paragraph, is an embed;
    /// - footnotes become a numbered list at the end with links there and back, those nothing refers to last.
    ///
    /// Raw HTML is read as [`Body::from_html`] reads it, as are levels of headings (1 becomes 2), images and all else.
    /// Not read is Markdown beyond [`MAX_WRITTEN`]; quotes nested deeper than 32 are text. Takes time proportional to
    /// the text.
    #[must_use]
    pub fn from_markdown(markdown: &str) -> (Self, Vec<Loss>) {
        let end = markdown.floor_char_boundary(MAX_WRITTEN);
        let (body, mut losses) = Self::from_html(&html(&markdown[..end]));
        if end < markdown.len() {
            losses.push(Loss { what: format!("Markdown beyond {MAX_WRITTEN} bytes"), count: 1 });
            losses.sort();
        }
        (body, losses)
    }
}

/// Markdown as HTML that is not sanitised.
fn html(markdown: &str) -> String {
    let options = options();
    let source = lines::Source::new(markdown);
    let every = source.all();
    let arena = Arena::new();
    let root = parse_document(&arena, &every.text, &options);
    let Some(confirmed) = every.confirmed_by(root) else { return write::html(root) };
    // Some of what looked like a list's start was code or the middle of a paragraph: it goes back to what it was, which
    // changes text only, and all is read once more.
    let arena = Arena::new();
    write::html(parse_document(&arena, &source.only(&confirmed).text, &options))
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.autolink = true;
    options.extension.footnotes = true;
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.tasklist = true;
    // Where they stand is where those without a reference are found.
    options.parse.leave_footnote_definitions = true;
    options
}

#[cfg(test)]
mod tests;
