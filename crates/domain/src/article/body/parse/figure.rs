//! Figures: one image, several, or anything else that has a caption. What a figure is follows from what is
//! found in it. It must not know how its parts are read.

use ego_tree::NodeRef;
use scraper::Node;
use scraper::node::Element;

use super::embed;
use super::flow::{Context, Flow, Walk};
use super::marks::one_line;
use super::raw;
use super::sanitise::media_address;
use crate::article::body::{Block, FigureImage, Inline, inline_html, inline_text};

/// Whether an element is a figure, by name or by the class older editors gave it.
pub(super) fn is_figure(element: &Element) -> bool {
    element.name() == "figure"
        || element.classes().any(|class| matches!(class, "wp-caption" | "gallery-item"))
        || is_gallery(element)
}

fn is_gallery(element: &Element) -> bool {
    element.classes().any(|class| matches!(class, "gallery" | "wp-block-gallery" | "blocks-gallery-grid"))
}

fn is_embed(element: &Element) -> bool {
    element.classes().any(|class| matches!(class, "embed" | "wp-block-embed"))
}

fn is_caption(node: NodeRef<'_, Node>) -> bool {
    node.value().as_element().is_some_and(|element| {
        element.name() == "figcaption"
            || element.classes().any(|class| matches!(class, "wp-caption-text" | "gallery-caption"))
    })
}

fn is_credit(node: NodeRef<'_, Node>) -> bool {
    node.value().as_element().is_some_and(|element| {
        element.classes().any(|class| {
            matches!(class, "credit" | "media-credit" | "image-credit" | "photo-credit" | "wp-media-credit")
        })
    })
}

impl Walk<'_> {
    pub(super) fn figure(
        &mut self,
        node: NodeRef<'_, Node>,
        element: &Element,
        context: &Context,
        flow: &mut Flow,
    ) {
        flow.flush(context);
        let inner = context.within(element);
        let content =
            Context { figure: true, gallery: inner.gallery || is_gallery(element), ..inner.clone() };
        let (captions, parts): (Vec<_>, Vec<_>) = node.children().partition(|child| is_caption(*child));
        let mut read = Flow::default();
        match element.attr("data-url").and_then(media_address).filter(|_| is_embed(element)) {
            Some(url) => {
                let html = self.sanitised(&parts);
                let html = (!html.is_empty()).then_some(html);
                read.blocks.push(embed::embed(url, html));
            }
            None => {
                for part in parts {
                    self.node(part, &content, &mut read);
                }
                read.flush(&content);
            }
        }
        let mut blocks = read.blocks;
        if is_embed(element) {
            make_embed(&mut blocks);
        }
        let single_image = matches!(blocks[..], [Block::Figure(_)]) && !is_gallery(element);
        let credit = if single_image { captions.iter().find_map(|caption| credit(*caption)) } else { None };
        self.skipped.extend(credit.as_ref().map(|(node, _)| node.id()));
        let (caption, others) = self.caption(&captions, &inner);
        flow.blocks.extend(assemble(blocks, caption, credit.map(|(_, name)| name), is_gallery(element)));
        flow.blocks.extend(others);
    }

    fn caption(&mut self, captions: &[NodeRef<'_, Node>], context: &Context) -> (Vec<Inline>, Vec<Block>) {
        let mut caption = Vec::new();
        let mut others = Vec::new();
        for node in captions {
            let context = node.value().as_element().map_or_else(|| context.clone(), |e| context.within(e));
            let context = Context { figure: false, gallery: false, ..context };
            let (line, mut rest) = self.line(*node, &context);
            if !caption.is_empty() && !line.is_empty() {
                caption.push(Inline::Break);
            }
            caption.extend(line);
            others.append(&mut rest);
        }
        (caption, others)
    }
}

/// The part of a caption that says who made the image.
fn credit(caption: NodeRef<'_, Node>) -> Option<(NodeRef<'_, Node>, String)> {
    let node = caption.descendants().find(|node| is_credit(*node))?;
    let text: String =
        node.descendants().filter_map(|node| node.value().as_text().map(|text| &**text)).collect();
    let words = one_line(&text).split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    (!words.is_empty()).then_some((node, words))
}

/// Makes an embed of an address that stands alone, as text or as a link; another text of the link is kept as
/// the embed's caption.
fn make_embed(blocks: &mut [Block]) {
    let [block] = blocks else { return };
    let Block::Paragraph { content, .. } = block else { return };
    let text = inline_text(content);
    let linked = match &content[..] {
        [Inline::Text { marks, .. }] => marks.link.as_ref().and_then(|link| media_address(&link.href)),
        _ => None,
    };
    let Some(url) = linked.or_else(|| embed::address(&text)) else { return };
    let is_bare = embed::address(&text).is_some() || text == url;
    let label = if is_bare { Vec::new() } else { std::mem::take(content) };
    *block = embed::embed(url, None);
    if let Block::Embed { caption, .. } = block {
        *caption = label;
    }
}

/// Puts a caption where it belongs: on what is alone in the figure, else below it.
fn assemble(
    mut blocks: Vec<Block>,
    mut caption: Vec<Inline>,
    credit: Option<String>,
    gallery: bool,
) -> Vec<Block> {
    let only_images = blocks.iter().all(|block| matches!(block, Block::Figure(_)));
    if only_images && (blocks.len() > 1 || (gallery && !blocks.is_empty())) {
        let images: Vec<FigureImage> = blocks
            .into_iter()
            .filter_map(|block| match block {
                Block::Figure(image) => Some(image),
                _ => None,
            })
            .collect();
        return vec![Block::Gallery { images, caption }];
    }
    match &mut blocks[..] {
        [Block::Figure(image)] => {
            image.credit = credit.or(image.credit.take());
            if image.caption.is_empty() {
                image.caption = std::mem::take(&mut caption);
            }
        }
        [
            Block::Embed { caption: own, .. }
            | Block::Gallery { caption: own, .. }
            | Block::Quote { citation: own, .. },
        ] if own.is_empty() => {
            *own = std::mem::take(&mut caption);
        }
        [Block::Table { html, .. }] if !caption.is_empty() && !raw::has_caption(html) => {
            raw::add_caption(html, &inline_html(&caption));
            caption.clear();
        }
        _ => {}
    }
    if !caption.is_empty() {
        // A direction that was said is a mark on it by now.
        blocks.push(Block::Paragraph { direction: None, content: caption });
    }
    blocks
}
