//! Bodies of the block editor: HTML between comments that say which block it is.
//! It must not know what becomes of HTML, lines or shortcodes.

use serde_json::Value;

use super::change::Changes;
use super::{AttachmentLink, Converter, embed};
use crate::wordpress::html::{self, escape};

/// Whether a body was written with the block editor, wholly or in part.
pub(super) fn has_blocks(text: &str) -> bool {
    text.contains("<!-- wp:")
}

/// Converts a body that has blocks. What stands between blocks is text of the classic editor.
pub(super) fn convert(text: &str, converter: &mut Converter<'_>) -> String {
    let mut walker = Walker { out: String::with_capacity(text.len()), open: Vec::new(), converter };
    let mut from = 0;
    let mut at = 0;
    let bytes = text.as_bytes();
    while let Some(start) = memchr::memmem::find(&bytes[at..], b"<!--").map(|found| at + found) {
        let inside = start + 4;
        if html::empty_comment(&text[start..]).is_some() {
            at = inside;
            continue;
        }
        let Some(end) = memchr::memmem::find(&bytes[inside..], b"-->").map(|found| inside + found) else {
            break;
        };
        at = end + 3;
        if let Some(delimiter) = delimiter(&text[inside..end]) {
            walker.html(&text[from..start]);
            walker.delimiter(delimiter);
            from = at;
        }
    }
    walker.html(&text[from..]);
    while walker.open.pop().is_some() {
        walker.converter.changes.changed("block that is never closed: ended with the text");
    }
    walker.out
}

/// A comment that opens or closes a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Delimiter<'a> {
    /// Without `core/`: `paragraph`, `core-embed/youtube`, `jetpack/map`.
    name: &'a str,
    /// JSON, empty where there is none.
    attributes: &'a str,
    kind: DelimiterKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DelimiterKind {
    Opens,
    Closes,
    /// `/-->`: the block has no HTML.
    Empty,
}

fn delimiter(comment: &str) -> Option<Delimiter<'_>> {
    let inside = comment.trim();
    let (inside, closes) = match inside.strip_prefix('/') {
        Some(rest) => (rest, true),
        None => (inside, false),
    };
    let rest = inside.strip_prefix("wp:")?;
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '{')).unwrap_or(rest.len());
    let (name, rest) = rest.split_at(end);
    let name = name.trim_end_matches('/');
    let name = name.strip_prefix("core/").unwrap_or(name);
    let rest = rest.trim();
    let (attributes, empty) = match rest.strip_suffix('/') {
        Some(attributes) => (attributes.trim_end(), true),
        None => (rest, false),
    };
    let kind = match (closes, empty) {
        (true, _) => DelimiterKind::Closes,
        (false, true) => DelimiterKind::Empty,
        (false, false) => DelimiterKind::Opens,
    };
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'/'));
    is_name.then_some(Delimiter { name, attributes, kind })
}

struct Open<'a> {
    name: &'a str,
    attributes: &'a str,
    /// Whether anything but white space was in it so far.
    has_html: bool,
}

struct Walker<'a, 'c, 'x> {
    out: String,
    open: Vec<Open<'a>>,
    converter: &'c mut Converter<'x>,
}

impl<'a> Walker<'a, '_, '_> {
    fn html(&mut self, html: &str) {
        if html.trim().is_empty() {
            self.out.push_str(if html.contains('\n') { "\n" } else { html });
            return;
        }
        let converted = match self.open.last_mut() {
            None => self.converter.classic(html),
            Some(block) => {
                let begins = !std::mem::replace(&mut block.has_html, true);
                match block.name {
                    "freeform" | "shortcode" => self.converter.classic(html),
                    "code" | "preformatted" | "verse" => html.to_owned(),
                    "cover" if begins => {
                        let background = background(block.attributes, html);
                        if background.is_some() {
                            self.converter.changes.changed("background image of a cover: made an image");
                        }
                        background.unwrap_or_default() + &self.converter.block_html(html)
                    }
                    _ => self.converter.block_html(html),
                }
            }
        };
        self.out.push_str(&converted);
    }

    fn delimiter(&mut self, delimiter: Delimiter<'a>) {
        let Delimiter { name, attributes, kind } = delimiter;
        match kind {
            DelimiterKind::Opens => self.open.push(Open { name, attributes, has_html: false }),
            DelimiterKind::Empty => self.empty(name, attributes),
            DelimiterKind::Closes => {
                // A closing comment of a block that is not open closes nothing.
                if !self.open.iter().rev().take(64).any(|open| open.name == name) {
                    return;
                }
                while let Some(block) = self.open.pop() {
                    if block.has_html {
                        self.mark_parent();
                    } else {
                        self.empty(block.name, block.attributes);
                    }
                    if block.name == name {
                        return;
                    }
                }
            }
        }
    }

    fn mark_parent(&mut self) {
        if let Some(parent) = self.open.last_mut() {
            parent.has_html = true;
        }
    }

    /// A block that stored no HTML: WordPress made it up anew for each reader.
    fn empty(&mut self, name: &str, attributes: &str) {
        self.mark_parent();
        let read = || serde_json::from_str::<Value>(attributes).unwrap_or(Value::Null);
        let changes = &mut *self.converter.changes;
        let made = match name {
            // Nothing was in them.
            "paragraph" | "heading" | "list" | "list-item" | "quote" | "group" | "columns" | "column"
            | "buttons" | "button" | "spacer" | "html" | "freeform" | "shortcode" | "code"
            | "preformatted" | "verse" | "more" | "nextpage" | "details" | "table" | "media-text" | "row"
            | "stack" => return,
            "separator" => Some("<hr>".to_owned()),
            "embed" => embedded(name, &read(), changes),
            _ if name.starts_with("core-embed/") => embedded(name, &read(), changes),
            "image" => self.image(&read()),
            "gallery" => self.gallery(&read()),
            "footnotes" => self.footnotes(),
            _ => None,
        };
        match made {
            Some(html) => self.out.push_str(&html),
            None => {
                let what = match name {
                    "block" => "reusable block (wp:block), whose text is kept elsewhere".to_owned(),
                    _ => format!("block wp:{name}, which has no text of its own"),
                };
                self.converter.changes.lost(what);
            }
        }
    }

    fn image(&mut self, attributes: &Value) -> Option<String> {
        let found =
            attributes.get("id").and_then(Value::as_i64).and_then(|id| (self.converter.attachment)(id));
        let url = || attributes.get("url").and_then(Value::as_str).map(str::to_owned);
        let link = found.or_else(|| url().map(|url| AttachmentLink { url, ..AttachmentLink::default() }))?;
        self.converter.changes.changed("block wp:image without HTML: made a figure");
        Some(image_figure(&link))
    }

    fn gallery(&mut self, attributes: &Value) -> Option<String> {
        let ids = attributes.get("ids")?.as_array()?;
        let links = ids.iter().filter_map(Value::as_i64).filter_map(|id| (self.converter.attachment)(id));
        let images: String = links.map(|link| image_figure(&link)).collect();
        if images.is_empty() {
            return None;
        }
        self.converter.changes.changed("block wp:gallery without HTML: made a figure");
        Some(format!("<figure class=\"wp-block-gallery\">{images}</figure>"))
    }

    /// Footnotes are kept beside the body; the body only says where they go.
    fn footnotes(&mut self) -> Option<String> {
        let notes: Value = serde_json::from_str(self.converter.context.footnotes?).ok()?;
        let items: String = notes
            .as_array()?
            .iter()
            .filter_map(|note| {
                let id = escape(note.get("id")?.as_str()?);
                let content = note.get("content")?.as_str()?;
                Some(format!("<li id=\"{id}\">{content} <a href=\"#{id}-link\">↩︎</a></li>"))
            })
            .collect();
        if items.is_empty() {
            return None;
        }
        self.converter.changes.changed("footnotes: put where the text has them");
        Some(format!("<ol class=\"wp-block-footnotes\">{items}</ol>"))
    }
}

fn embedded(name: &str, attributes: &Value, changes: &mut Changes) -> Option<String> {
    let url = attributes.get("url")?.as_str().filter(|url| !url.trim().is_empty())?;
    changes.changed(format!("block wp:{name} without HTML: made an embed"));
    Some(embed::figure(url.trim()))
}

fn image_figure(link: &AttachmentLink) -> String {
    let caption = match link.caption.trim() {
        "" => String::new(),
        caption => format!("<figcaption>{caption}</figcaption>"),
    };
    let (url, alt) = (escape(&link.url), escape(&link.alt));
    format!("<figure class=\"wp-block-image\"><img src=\"{url}\" alt=\"{alt}\">{caption}</figure>")
}

/// The picture behind a cover, where it is a background and no image.
fn background(attributes: &str, html: &str) -> Option<String> {
    if html.contains("<img") || html.contains("<video") || !html.contains("background-image") {
        return None;
    }
    let attributes: Value = serde_json::from_str(attributes).ok()?;
    let url = attributes.get("url")?.as_str()?.to_owned();
    Some(image_figure(&AttachmentLink { url, ..AttachmentLink::default() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_told_from_comments() {
        use DelimiterKind::{Closes, Empty, Opens};
        let cases = [
            (" wp:paragraph ", Some(("paragraph", "", Opens))),
            (" /wp:paragraph ", Some(("paragraph", "", Closes))),
            (" wp:core/image {\"id\":1} ", Some(("image", "{\"id\":1}", Opens))),
            (" wp:jetpack/map {\"a\":{}} /", Some(("jetpack/map", "{\"a\":{}}", Empty))),
            (" wp:latest-posts /", Some(("latest-posts", "", Empty))),
            ("more", None),
            (" wp: ", None),
            (" wp:<x> ", None),
        ];
        for (comment, expected) in cases {
            let found = delimiter(comment).map(|d| (d.name, d.attributes, d.kind));
            assert_eq!(found, expected, "{comment}");
        }
    }
}
