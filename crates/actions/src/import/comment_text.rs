//! The text of a comment: WordPress keeps HTML, a comment here is plain text with paragraphs, line breaks and the
//! addresses of links and pictures. Says what of the markup became plain, and what is gone. It must not know whose
//! comment it is.

use std::collections::BTreeMap;

use masthead_domain::article::Body;
use masthead_domain::article::body::{Block, FigureImage, Inline, ListItem, Loss, Marks};

use super::plain::without_controls;

/// A comment's text, and what became of its markup.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct CommentText {
    pub(super) text: String,
    /// Markup whose words are all there and which readers no longer see, by name: `strong`, `heading`.
    pub(super) flattened: BTreeMap<&'static str, u32>,
    /// What is gone.
    pub(super) losses: Vec<Loss>,
}

/// The text of a comment as WordPress stores it: lines are breaks, tags are HTML's.
pub(super) fn comment_text(html: &str) -> CommentText {
    let text = html.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.trim();
    if !text.contains(['<', '&']) {
        return CommentText { text: without_controls(text), ..CommentText::default() };
    }
    let paragraphs: String = paragraphs(text)
        .map(|paragraph| format!("<p>{}</p>", paragraph.trim_matches('\n').replace('\n', "<br>")))
        .collect();
    let (body, losses) = Body::from_html(&paragraphs);
    let mut plain = Plain::default();
    let text = without_controls(&plain.blocks(body.blocks(), "\n\n"));
    CommentText { text, flattened: plain.flattened, losses }
}

/// What stands between lines that are empty.
fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let mut end = 0;
        for line in rest.split_inclusive('\n') {
            if line.trim().is_empty() {
                break;
            }
            end += line.len();
        }
        let (paragraph, after) = rest.split_at(end);
        rest = after;
        (!paragraph.is_empty()).then_some(paragraph)
    })
}

/// Writes blocks as plain text, and counts what that loses.
#[derive(Default)]
struct Plain {
    flattened: BTreeMap<&'static str, u32>,
}

impl Plain {
    fn count(&mut self, what: &'static str) {
        *self.flattened.entry(what).or_default() += 1;
    }

    fn blocks(&mut self, blocks: &[Block], divider: &str) -> String {
        let texts: Vec<String> = blocks.iter().map(|block| self.block(block)).collect();
        joined(texts, divider)
    }

    fn block(&mut self, block: &Block) -> String {
        match block {
            Block::Paragraph { content, .. } => self.line(content),
            Block::Heading { content, .. } => {
                self.count("heading");
                self.line(content)
            }
            Block::Quote { blocks, citation, .. } => {
                let quoted = self.blocks(blocks, "\n\n");
                let said = self.line(citation);
                let lines = quoted.lines().map(|line| format!("> {line}"));
                joined(lines.chain([said]).collect(), "\n")
            }
            Block::List(list) => {
                let items = list.items.iter().zip(u64::from(list.start)..).map(|(item, number)| {
                    let mark = if list.ordered { format!("{number}.") } else { "-".to_owned() };
                    format!("{mark} {}", self.item(item))
                });
                items.collect::<Vec<_>>().join("\n")
            }
            Block::Figure(image) => self.figure(image),
            Block::Gallery { images, caption } => {
                let mut texts: Vec<String> = images.iter().map(|image| self.figure(image)).collect();
                texts.push(self.line(caption));
                joined(texts, "\n")
            }
            Block::Embed { url, .. } => {
                self.count("embed");
                joined(vec![block.text(), url.clone()], "\n")
            }
            Block::Code { .. } => {
                self.count("code");
                block.text()
            }
            Block::Table { html, .. } => {
                self.count("table");
                with_addresses(block.text(), html)
            }
            Block::RawHtml { html, .. } => {
                self.count("other markup");
                with_addresses(block.text(), html)
            }
        }
    }

    fn item(&mut self, item: &ListItem) -> String {
        let texts = vec![self.line(&item.content), self.blocks(&item.children, "\n")];
        joined(texts, "\n")
    }

    fn figure(&mut self, image: &FigureImage) -> String {
        self.count("image");
        let name = [image.alt.as_str(), &image.src].join(" ").trim().to_owned();
        joined(vec![name, self.line(&image.caption), image.credit.clone().unwrap_or_default()], "\n")
    }

    /// A line with the address of each link behind its words, where the words are not the address.
    fn line(&mut self, content: &[Inline]) -> String {
        let mut out = String::new();
        let mut linked: Option<(&str, usize)> = None;
        for piece in content {
            let marks = match piece {
                Inline::Text { marks, .. } => Some(marks),
                Inline::Image(image) => Some(&image.marks),
                Inline::Break => None,
            };
            let address = marks.and_then(address);
            if linked.is_some_and(|(known, _)| Some(known) != address) {
                close(&mut out, linked.take());
            }
            if let (Some(address), None) = (address, linked) {
                linked = Some((address, out.len()));
            }
            for style in marks.iter().flat_map(|marks| &marks.styles) {
                self.count(style.element());
            }
            match piece {
                Inline::Text { text, marks } => {
                    out.push_str(text);
                    if let Some(long) = &marks.abbreviation_of {
                        out.push_str(&format!(" ({long})"));
                    }
                }
                Inline::Break => out.push('\n'),
                Inline::Image(image) if image.alt.is_empty() => {
                    self.count("image");
                    out.push_str(&image.src);
                }
                Inline::Image(image) => {
                    self.count("image");
                    out.push_str(&image.alt);
                }
            }
        }
        close(&mut out, linked);
        out.trim().to_owned()
    }
}

fn joined(texts: Vec<String>, divider: &str) -> String {
    texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(divider)
}

fn address(marks: &Marks) -> Option<&str> {
    marks.link.as_ref().map(|link| link.href.as_str()).filter(|href| !href.starts_with('#'))
}

fn close(out: &mut String, linked: Option<(&str, usize)>) {
    let Some((address, from)) = linked else { return };
    let words = out[from..].trim();
    if words.is_empty() || bare(words) == bare(address) {
        out.truncate(from);
        out.push_str(address);
    } else {
        out.push_str(&format!(" ({address})"));
    }
}

fn bare(address: &str) -> &str {
    address.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/')
}

/// The text of sanitised markup, and below it the addresses of its links and pictures that the text does not say.
fn with_addresses(text: String, html: &str) -> String {
    let mut lines = vec![text];
    for (at, mark) in html.match_indices("href=\"").chain(html.match_indices("src=\"")) {
        let rest = &html[at + mark.len()..];
        let address = rest.split('"').next().unwrap_or_default().replace("&amp;", "&");
        if !address.starts_with('#') && !lines.iter().any(|line| line.contains(bare(&address))) {
            lines.push(address);
        }
    }
    joined(lines, "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_become_plain() {
        let cases = [
            ("مرحبا\r\nبكم", "مرحبا\nبكم"),
            ("un\n\ndeux &amp; trois &lt;3", "un\n\ndeux & trois <3"),
            ("a <strong>b</strong><br />c", "a b\nc"),
            (
                "voir <a href=\"https://example.org/x\" rel=\"nofollow\">ici</a>.",
                "voir ici (https://example.org/x).",
            ),
            ("<a href=\"https://example.org/\">example.org</a>", "https://example.org/"),
            ("<p>un</p><p>deux</p>", "un\n\ndeux"),
            ("<blockquote>قال</blockquote>\nنعم", "> قال\n\nنعم"),
            ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
            ("<script>alert(1)</script>x", "x"),
            ("5 < 6 & 7", "5 < 6 & 7"),
            (
                "l'<abbr title=\"Organisation mondiale de la santé\">OMS</abbr>",
                "l'OMS (Organisation mondiale de la santé)",
            ),
            ("<img src=\"https://example.org/a.jpg\" alt=\"le port\">", "le port https://example.org/a.jpg"),
            (
                "<table><tr><td>a</td><td><a href=\"https://example.org/?a=1&amp;b=2\">b</a></td></tr></table>",
                "a\tb\nhttps://example.org/?a=1&b=2",
            ),
            ("", ""),
        ];
        for (html, expected) in cases {
            assert_eq!(comment_text(html).text, expected, "{html}");
        }
    }

    #[test]
    fn what_readers_no_longer_see_is_counted() {
        let found = comment_text(
            "<h3>Non</h3><p>vingt <del>mille</del> <strong>cent</strong> <em><strong>dix</strong></em></p>\
             <a href=\"https://example.org/\">ici</a><script>x</script>",
        );
        assert_eq!(found.flattened, [("del", 1), ("em", 1), ("heading", 1), ("strong", 2)].into());
        assert_eq!(found.losses, [Loss { what: "element script".to_owned(), count: 1 }]);
        let plain = comment_text(
            "voir <a href=\"https://example.org/\" rel=\"nofollow\">ici</a><br>\n<blockquote>oui</blockquote>",
        );
        assert_eq!((plain.flattened, plain.losses), (BTreeMap::new(), vec![]));
    }
}
