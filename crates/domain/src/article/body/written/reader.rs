//! Reads one written block after the other as blocks that are safe. It must not know of the whole they make.

use super::{BlockFault, MAX_BLOCKS, Wording, WrittenBlock, WrittenImage};
use crate::article::body::parse::{
    Fragments, embed, is_anchor, is_code_language, link_address, media_address, one_line,
};
use crate::article::body::render_inline::escape;
use crate::article::body::{Block, FigureImage, Inline, List, Loss};
use crate::text::Direction;

/// The most pictures of a gallery.
const MAX_IMAGES: usize = 100;

/// Reads block by block, and notes what is wrong.
pub(super) struct Reader {
    fragments: Fragments,
    faults: Vec<BlockFault>,
    /// The position of the block that is being read.
    block: usize,
}

impl Reader {
    /// For reading blocks that hold these pieces of HTML.
    pub(super) fn of<'h>(pieces: impl IntoIterator<Item = &'h str>) -> Self {
        Self { fragments: Fragments::of(pieces), faults: Vec::new(), block: 0 }
    }

    /// All blocks, safe and not yet settled, and what could not be kept; or what is wrong with them.
    pub(super) fn read_all(
        mut self,
        blocks: &[WrittenBlock],
    ) -> Result<(Vec<Block>, Vec<Loss>), Vec<BlockFault>> {
        let mut read = Vec::new();
        for (number, block) in blocks.iter().enumerate() {
            self.block = number;
            read.extend(self.read(block));
        }
        if self.faults.is_empty() { Ok((read, self.fragments.into_losses())) } else { Err(self.faults) }
    }

    /// Blocks that are safe and not yet settled; none where something is wrong.
    fn read(&mut self, block: &WrittenBlock) -> Vec<Block> {
        let read = match block {
            WrittenBlock::Paragraph { content, direction } => self.paragraph(content, *direction),
            WrittenBlock::Heading { level, anchor, content, direction } => {
                self.heading(*level, anchor.as_deref(), content, *direction)
            }
            WrittenBlock::List { ordered, start, reversed, items, direction } => {
                self.list(*ordered, *start, *reversed, items, *direction)
            }
            WrittenBlock::Quote { content, citation, direction } => {
                self.quote(content, citation.as_ref(), *direction)
            }
            WrittenBlock::Figure(image) => self.image("figure", image).map(Block::Figure),
            WrittenBlock::Gallery { images, caption } => self.gallery(images, caption.as_ref()),
            WrittenBlock::Embed { url, caption } => self.embed(url, caption.as_ref()),
            WrittenBlock::Table { html, direction } => self.table(html, *direction),
            WrittenBlock::Code { language, text } => self.code(language.as_deref(), text),
            WrittenBlock::Html(html) => return self.fragments.blocks(html),
        };
        read.into_iter().collect()
    }

    fn fault<T>(&mut self, path: &str, message: impl Into<String>) -> Option<T> {
        self.faults.push(BlockFault { path: format!("[{}].{path}", self.block), message: message.into() });
        None
    }

    fn paragraph(&mut self, content: &Wording, said: Option<Direction>) -> Option<Block> {
        let path = field("paragraph", content);
        let mut blocks = self.fragments.blocks(&html(content)).into_iter();
        match (blocks.next(), blocks.next()) {
            (None, _) => self.fault(&path, "A paragraph needs text."),
            (Some(Block::Paragraph { direction, content }), None) => {
                Some(Block::Paragraph { direction: said.or(direction), content })
            }
            _ => self
                .fault(&path, "This is more than one paragraph of text: give each part a block of its own."),
        }
    }

    fn heading(
        &mut self,
        level: i64,
        anchor: Option<&str>,
        content: &Wording,
        said: Option<Direction>,
    ) -> Option<Block> {
        let level = u8::try_from(level).ok().filter(|level| (2..=6).contains(level));
        if level.is_none() {
            self.fault::<()>(
                "heading.level",
                "The level of a heading is 2 to 6; the headline of the article is level 1.",
            );
        }
        let anchor = anchor.filter(|anchor| !anchor.is_empty());
        if anchor.is_some_and(|anchor| !is_anchor(anchor)) {
            self.fault::<()>(
                "heading.anchor",
                "A name has at most 200 characters, without white space, quotes, <, >, & and `.",
            );
        }
        let path = field("heading", content);
        let mut blocks = self.fragments.blocks(&html(content));
        let mut direction = said;
        let mut own = String::new();
        let line = if let [Block::Heading { .. }] = &blocks[..]
            && let Some(Block::Heading { anchor, direction: said, content, .. }) = blocks.pop()
        {
            // The heading itself, as it is answered.
            (own, direction) = (anchor, direction.or(said));
            content
        } else {
            self.one_line(&path, blocks)?
        };
        if line.is_empty() {
            return self.fault(&path, "A heading needs text.");
        }
        let anchor = anchor.map_or(own, str::to_owned);
        Some(Block::Heading { level: level?, anchor, direction, content: line })
    }

    fn list(
        &mut self,
        ordered: bool,
        start: i64,
        reversed: bool,
        items: &[Wording],
        direction: Option<Direction>,
    ) -> Option<Block> {
        let number = u32::try_from(start);
        if number.is_err() {
            self.fault::<()>("list.start", "The first number is 0 or more.");
        }
        if !ordered && (start != 1 || reversed) {
            let field = if reversed { "list.reversed" } else { "list.start" };
            self.fault::<()>(field, "Only a numbered list has numbers: set `ordered`.");
        }
        if items.is_empty() {
            return self.fault("list.items", "A list needs at least one item.");
        }
        if items.len() > MAX_BLOCKS {
            return self.fault("list.items", format!("A list has at most {MAX_BLOCKS} items."));
        }
        let mut read = Vec::with_capacity(items.len());
        for (number, item) in items.iter().enumerate() {
            let path = field(&format!("list.items[{number}]"), item);
            let item = self.fragments.item(&html(item));
            if item.content.is_empty() && item.children.is_empty() {
                self.fault::<()>(&path, "An item needs text.");
            }
            read.push(item);
        }
        Some(Block::List(List { ordered, start: number.ok()?, reversed, direction, items: read }))
    }

    fn quote(
        &mut self,
        content: &Wording,
        citation: Option<&Wording>,
        said: Option<Direction>,
    ) -> Option<Block> {
        let path = field("quote", content);
        let mut blocks = self.fragments.blocks(&html(content));
        let mut direction = said;
        let mut named = Vec::new();
        if let [Block::Quote { .. }] = &blocks[..]
            && let Some(Block::Quote { direction: own, blocks: said, citation }) = blocks.pop()
        {
            // The quote itself, as it is answered.
            direction = direction.or(own);
            blocks = said;
            named = citation;
        }
        if let Some(citation) = citation {
            let path =
                if matches!(citation, Wording::Html(_)) { "quote.citationHtml" } else { "quote.citation" };
            named = self.line(path, citation)?;
        }
        if blocks.is_empty() {
            return self.fault(&path, "A quote needs what was said.");
        }
        Some(Block::Quote { direction, blocks, citation: named })
    }

    fn image(&mut self, path: &str, image: &WrittenImage) -> Option<FigureImage> {
        let src = media_address(&image.src);
        if src.is_none() {
            self.fault::<()>(
                &format!("{path}.url"),
                "The address of a picture begins with http://, https:// or /.",
            );
        }
        let link = image.link.as_deref().filter(|link| !link.trim().is_empty());
        let linked = link.and_then(link_address);
        if link.is_some() && linked.is_none() {
            self.fault::<()>(
                &format!("{path}.link"),
                "A link leads to http, https, mailto, tel or this site.",
            );
        }
        for (name, size) in [("width", image.width), ("height", image.height)] {
            if size == Some(0) {
                self.fault::<()>(&format!("{path}.{name}"), "A picture is at least 1 pixel wide and high.");
            }
        }
        let caption = self.caption(path, image.caption.as_ref())?;
        Some(FigureImage {
            id: None,
            src: src?,
            width: image.width,
            height: image.height,
            alt: image.alt.clone().unwrap_or_default(),
            caption,
            credit: image.credit.clone().filter(|credit| !credit.trim().is_empty()),
            link: linked,
        })
    }

    fn gallery(&mut self, images: &[WrittenImage], caption: Option<&Wording>) -> Option<Block> {
        if images.is_empty() || images.len() > MAX_IMAGES {
            return self.fault("gallery.images", format!("A gallery has 1 to {MAX_IMAGES} pictures."));
        }
        let read: Vec<Option<FigureImage>> = images
            .iter()
            .enumerate()
            .map(|(number, image)| self.image(&format!("gallery.images[{number}]"), image))
            .collect();
        let caption = self.caption("gallery", caption)?;
        Some(Block::Gallery { images: read.into_iter().collect::<Option<_>>()?, caption })
    }

    fn embed(&mut self, url: &str, caption: Option<&Wording>) -> Option<Block> {
        let address = media_address(url).filter(|url| {
            let lower = url.to_ascii_lowercase();
            ["https://", "http://", "/"].iter().any(|start| lower.starts_with(start))
        });
        if address.is_none() {
            self.fault::<()>(
                "embed.url",
                "What is embedded has an address that begins with http://, https:// or /.",
            );
        }
        let line = self.caption("embed", caption)?;
        let address = address?;
        let address = if address.starts_with("//") { format!("https:{address}") } else { address };
        let Block::Embed { url, provider, html, .. } = embed(address, None) else { return None };
        Some(Block::Embed { url, provider, html, caption: line })
    }

    fn table(&mut self, html: &str, said: Option<Direction>) -> Option<Block> {
        let mut blocks = self.fragments.blocks(html).into_iter();
        match (blocks.next(), blocks.next()) {
            (Some(Block::Table { html, direction }), None) => {
                Some(Block::Table { html, direction: said.or(direction) })
            }
            _ => self.fault("table.html", "This is not one table with something in it."),
        }
    }

    fn code(&mut self, language: Option<&str>, text: &str) -> Option<Block> {
        let language =
            language.map(|language| language.trim().to_ascii_lowercase()).filter(|name| !name.is_empty());
        if language.as_deref().is_some_and(|language| !is_code_language(language)) {
            self.fault::<()>(
                "code.language",
                "The name of a language has at most 40 characters: letters a to z, digits, +, #, -, . and _.",
            );
        }
        if text.trim().is_empty() {
            return self.fault("code.text", "Code needs text.");
        }
        // As reading HTML takes ends of line.
        Some(Block::Code { language, text: text.replace("\r\n", "\n").replace('\r', "\n") })
    }

    fn caption(&mut self, path: &str, caption: Option<&Wording>) -> Option<Vec<Inline>> {
        let Some(caption) = caption else { return Some(Vec::new()) };
        let name = if matches!(caption, Wording::Html(_)) { "captionHtml" } else { "caption" };
        self.line(&format!("{path}.{name}"), caption)
    }

    /// Text that is one line; empty where there is none.
    fn line(&mut self, path: &str, wording: &Wording) -> Option<Vec<Inline>> {
        let blocks = self.fragments.blocks(&html(wording));
        self.one_line(path, blocks)
    }

    fn one_line(&mut self, path: &str, blocks: Vec<Block>) -> Option<Vec<Inline>> {
        let (line, others) = one_line(blocks);
        if others.is_empty() {
            Some(line)
        } else {
            self.fault(path, "Only text and its marks can stand here: no pictures, lists or tables.")
        }
    }
}

/// The path of the field a wording is in.
fn field(path: &str, wording: &Wording) -> String {
    format!("{path}.{}", if matches!(wording, Wording::Html(_)) { "html" } else { "text" })
}

/// A wording as HTML that is not sanitised.
fn html(wording: &Wording) -> String {
    let text = match wording {
        Wording::Html(html) => return html.clone(),
        Wording::Text(text) => text.replace("\r\n", "\n").replace('\r', "\n"),
    };
    let mut html = String::new();
    for (number, line) in text.split('\n').enumerate() {
        // Two line ends divide paragraphs, as empty lines do.
        if number > 0 {
            html.push_str("<br>");
        }
        escape(&mut html, line);
    }
    html
}
