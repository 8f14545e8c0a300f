//! What a part of Markdown comes to by its shape: a line that names who is quoted, an address that stands alone. It must not
//! write anything.

use comrak::Node;
use comrak::nodes::{NodeLink, NodeValue};

use super::super::parse::provider;

/// What stands for a node where only text can.
pub(super) fn plain(node: Node<'_>) -> String {
    let mut text = String::new();
    for part in node.descendants() {
        match &part.data().value {
            NodeValue::Text(part) => text.push_str(part),
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

/// Whether a link's text is its address.
pub(super) fn is_bare(node: Node<'_>, link: &NodeLink) -> bool {
    let only = node.first_child().filter(|only| only.next_sibling().is_none());
    link.title.is_empty()
        && only.is_some_and(|only| match &only.data().value {
            // comrak writes `http://` before `www.` and `mailto:` before what looks like mail.
            NodeValue::Text(text) => !text.is_empty() && link.url.ends_with(&**text),
            _ => false,
        })
}

/// The address of a film or post that is alone in a paragraph.
pub(super) fn embedded(paragraph: Node<'_>) -> Option<String> {
    let only = paragraph.first_child().filter(|only| only.next_sibling().is_none())?;
    match &only.data().value {
        NodeValue::Link(link) if is_bare(only, link) && provider(&link.url).is_some() => {
            Some(link.url.clone())
        }
        _ => None,
    }
}

/// Where punctuation that is no ASCII begins at the end of a bare address: comrak only knows ASCII's.
pub(super) fn address_end(url: &str) -> usize {
    const AFTER: &[char] = &['،', '؛', '؟', '»', '”', '’', '…', '۔', '。', '，', '、'];
    url.trim_end_matches(AFTER).len()
}

/// In a quote's last paragraph, the child from which it names who is quoted: its last line, or all of it, where that
/// begins with a dash and no other line does, as speech would.
pub(super) fn source_line(paragraph: Node<'_>) -> Option<usize> {
    let quote = paragraph.parent().filter(|parent| matches!(parent.data().value, NodeValue::BlockQuote))?;
    if paragraph.next_sibling().is_some() {
        return None;
    }
    let mut lines = vec![(0, begins_with_dash(paragraph.first_child()))];
    for (at, child) in paragraph.children().enumerate() {
        if matches!(child.data().value, NodeValue::SoftBreak | NodeValue::LineBreak) {
            lines.push((at + 1, begins_with_dash(child.next_sibling())));
        }
    }
    let (source, is_source) = lines.pop()?;
    let is_speech = lines.iter().any(|(_, dash)| *dash)
        || quote.children().any(|other| !other.same_node(paragraph) && begins_with_dash(other.first_child()));
    let something_said = !lines.is_empty() || paragraph.previous_sibling().is_some();
    (is_source && !is_speech && something_said).then_some(source)
}

fn begins_with_dash(node: Option<Node<'_>>) -> bool {
    node.is_some_and(|node| match &node.data().value {
        NodeValue::Text(text) => after_dash(text).is_some(),
        _ => false,
    })
}

/// What follows the dash at a text's start, where there is one.
pub(super) fn after_dash(text: &str) -> Option<&str> {
    let text = text.trim_start_matches([' ', '\u{200E}', '\u{200F}', '\u{61C}']);
    let after = text
        .strip_prefix(['—', '―'])
        .or_else(|| text.strip_prefix("– "))
        .or_else(|| text.strip_prefix("-- "))?;
    Some(after.trim_start())
}
