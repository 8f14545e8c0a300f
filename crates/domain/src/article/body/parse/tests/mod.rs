//! What the door for HTML promises, on real markup, on hostile markup, and on anything.

mod cases;
mod direction;
mod hostile;
mod round_trip;
mod soup;
mod wordpress;

pub(in crate::article::body) use self::round_trip::{block, named};
use super::sanitise::sanitise;
use crate::article::body::{Block, Body, FigureImage, List, inline_html};
use crate::text::Direction;

/// Reads HTML and shows its blocks, one a line, then what was lost: `lost: element script ×2`.
///
/// Whatever the case, what comes out is read back as the same body and passes the sanitiser unchanged.
fn read(html: &str) -> String {
    let (body, losses) = Body::from_html(html);
    holds_together(&body);
    let mut lines = vec![show(&body)];
    lines.retain(|line| !line.is_empty());
    lines.extend(losses.iter().map(|loss| format!("lost: {} ×{}", loss.what, loss.count)));
    lines.join("\n")
}

pub(in crate::article::body) fn holds_together(body: &Body) {
    for base in [Direction::Ltr, Direction::Rtl] {
        let html = body.html(base);
        assert_eq!(sanitise(&html), html, "the sanitiser changes it");
        let (again, losses) = Body::from_html(&html);
        assert_eq!(show(&again), show(body), "read back from {html}");
        assert_eq!(&again, body);
        assert_eq!(losses, [], "lost from {html}");
    }
    let json = serde_json::to_string(body).unwrap();
    assert_eq!(&serde_json::from_str::<Body>(&json).unwrap(), body);
}

/// Asserts a table of HTML and what [`read`] shows of it.
fn assert_cases(cases: &[(&str, &str)]) {
    for (html, expected) in cases {
        assert_eq!(read(html), *expected, "{html}");
    }
}

pub(in crate::article::body) fn show(body: &Body) -> String {
    body.blocks().iter().map(sketch).collect::<Vec<_>>().join("\n")
}

fn sketch(block: &Block) -> String {
    let dir = match block {
        Block::Code { .. } => "",
        _ => block.said_direction().map_or("", |direction| match direction {
            Direction::Ltr => "[ltr]",
            Direction::Rtl => "[rtl]",
        }),
    };
    match block {
        Block::Paragraph { content, .. } => format!("p{dir} {}", inline_html(content)),
        Block::Heading { level, anchor, content, .. } => {
            format!("h{level}{dir}#{anchor} {}", inline_html(content))
        }
        Block::List(List { ordered, start, reversed, items, .. }) => {
            let kind = if *ordered { format!("ol {start}") } else { "ul".to_owned() };
            let kind = if *reversed { kind + " reversed" } else { kind };
            let items: Vec<String> =
                items.iter().map(|item| inline_html(&item.content) + &within(&item.children)).collect();
            format!("{kind}{dir} [{}]", items.join(" | "))
        }
        Block::Quote { blocks, citation, .. } => {
            let citation = inline_html(citation);
            let citation = if citation.is_empty() { citation } else { format!(" — {citation}") };
            format!("quote{dir}{}{citation}", within(blocks))
        }
        Block::Figure(image) => format!("figure {}", image_sketch(image)),
        Block::Gallery { images, caption } => {
            let images: Vec<String> = images.iter().map(image_sketch).collect();
            format!("gallery [{}] {}", images.join(" | "), inline_html(caption)).trim_end().to_owned()
        }
        Block::Embed { url, provider, html, caption } => {
            let provider = provider.as_deref().map(|name| format!(" ({name})")).unwrap_or_default();
            let html = html.as_deref().map(|html| format!(" {html}")).unwrap_or_default();
            format!("embed {url}{provider}{html} {}", inline_html(caption)).trim_end().to_owned()
        }
        Block::Table { html, .. } => format!("table{dir} {html}"),
        Block::Code { language, text } => format!("code {} {text:?}", language.as_deref().unwrap_or("-")),
        Block::RawHtml { html, .. } => format!("raw{dir} {html}"),
    }
}

fn within(blocks: &[Block]) -> String {
    if blocks.is_empty() {
        return String::new();
    }
    format!(" {{{}}}", blocks.iter().map(sketch).collect::<Vec<_>>().join("; "))
}

fn image_sketch(image: &FigureImage) -> String {
    let mut sketch = image.src.clone();
    if let (Some(width), Some(height)) = (image.width, image.height) {
        sketch += &format!(" {width}x{height}");
    }
    if !image.alt.is_empty() {
        sketch += &format!(" “{}”", image.alt);
    }
    if !image.caption.is_empty() {
        sketch += &format!(" caption: {}", inline_html(&image.caption));
    }
    if let Some(credit) = &image.credit {
        sketch += &format!(" credit: {credit}");
    }
    if let Some(link) = &image.link {
        sketch += &format!(" to {link}");
    }
    sketch
}
