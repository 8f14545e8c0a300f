//! HTML of WordPress as plain text: names as a line; comments as what comments are here, with paragraphs, line breaks
//! and the addresses of links. It must not know whose they are.

use masthead_domain::article::Body;
use masthead_domain::article::body::{Block, Inline, ListItem, Marks};
use masthead_interchange::wordpress::plain_text;

/// The text of a comment as WordPress stores it: lines are breaks, tags are HTML's.
pub(super) fn comment_text(html: &str) -> String {
    let text = html.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.trim();
    if !text.contains(['<', '&']) {
        return without_controls(text);
    }
    let paragraphs: String = paragraphs(text)
        .map(|paragraph| format!("<p>{}</p>", paragraph.trim_matches('\n').replace('\n', "<br>")))
        .collect();
    let (body, _) = Body::from_html(&paragraphs);
    without_controls(&blocks_text(body.blocks(), "\n\n"))
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

fn blocks_text(blocks: &[Block], divider: &str) -> String {
    blocks.iter().map(block_text).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(divider)
}

fn block_text(block: &Block) -> String {
    match block {
        Block::Paragraph { content, .. } | Block::Heading { content, .. } => line_text(content),
        Block::Quote { blocks, citation, .. } => {
            let quoted = blocks_text(blocks, "\n\n");
            let said = line_text(citation);
            let lines =
                quoted.lines().map(|line| format!("> {line}")).chain((!said.is_empty()).then_some(said));
            lines.collect::<Vec<_>>().join("\n")
        }
        Block::List(list) => {
            let items = list.items.iter().zip(u64::from(list.start)..).map(|(item, number)| {
                let mark = if list.ordered { format!("{number}.") } else { "-".to_owned() };
                format!("{mark} {}", item_text(item))
            });
            items.collect::<Vec<_>>().join("\n")
        }
        Block::Figure(image) => [image.alt.as_str(), &image.src].join(" ").trim().to_owned(),
        Block::Embed { url, .. } => url.clone(),
        Block::Gallery { .. } | Block::Table { .. } | Block::Code { .. } | Block::RawHtml { .. } => {
            block.text()
        }
    }
}

fn item_text(item: &ListItem) -> String {
    let below = blocks_text(&item.children, "\n");
    [line_text(&item.content), below]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

/// A line with the address of each link behind its words, where the words are not the address.
fn line_text(content: &[Inline]) -> String {
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
        match piece {
            Inline::Text { text, .. } => out.push_str(text),
            Inline::Break => out.push('\n'),
            Inline::Image(image) => out.push_str(&image.alt),
        }
    }
    close(&mut out, linked);
    out.trim().to_owned()
}

fn address(marks: &Marks) -> Option<&str> {
    marks.link.as_ref().map(|link| link.href.as_str()).filter(|href| !href.starts_with('#'))
}

fn close(out: &mut String, linked: Option<(&str, usize)>) {
    let Some((address, from)) = linked else { return };
    let words = out[from..].trim();
    let bare = |text: &str| {
        text.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/').to_owned()
    };
    if words.is_empty() || bare(words) == bare(address) {
        out.truncate(from);
        out.push_str(address);
    } else {
        out.push_str(&format!(" ({address})"));
    }
}

/// A title or name of WordPress as one line of plain text.
pub(super) fn plain_line(html: &str) -> String {
    without_controls(&plain_text(html))
}

/// Control characters are no part of a text, and PostgreSQL refuses one of them.
pub(super) fn without_controls(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
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
            ("", ""),
        ];
        for (html, expected) in cases {
            assert_eq!(comment_text(html), expected, "{html}");
        }
    }
}
