//! Blocks as a client hands them in, one input a kind, named as the types that answer them. Each that holds text takes it
//! as HTML or as plain text.

use async_graphql::{ID, InputObject, OneofObject};
use masthead_actions::refused::Fault;
use masthead_domain::article::Body;
use masthead_domain::article::body::{BlockFault, Loss, Wording, WrittenBlock, WrittenImage};

use crate::id::GlobalId;
use crate::site::Direction;

/// One part of a text: exactly one kind.
#[derive(OneofObject)]
pub(crate) enum BlockInput {
    /// A paragraph.
    Paragraph(ParagraphInput),
    /// A heading.
    Heading(HeadingInput),
    /// Bullets or numbers.
    List(ListInput),
    /// Words of someone else.
    Quote(QuoteInput),
    /// A picture that stands by itself.
    Figure(FigureInput),
    /// Several pictures that belong together.
    Gallery(GalleryInput),
    /// Something of another site, or a sound or film file.
    Embed(EmbedInput),
    /// A table.
    Table(TableInput),
    /// Text whose white space counts.
    Code(CodeInput),
    /// Any HTML: the blocks it comes to stand in its place. The `html` of every block that is answered gives that block
    /// again.
    Html(String),
}

/// A paragraph: `html` or `text`, not both.
#[derive(InputObject)]
pub(crate) struct ParagraphInput {
    /// Its text as HTML, with or without `<p>` around it. More than one paragraph is a fault.
    html: Option<String>,
    /// Its text as plain text; a line's end is a line break. An empty line is a fault.
    text: Option<String>,
    /// The reading direction. Absent or `null`: found in the text. To be given only where that is wrong.
    direction: Option<Direction>,
}

/// A heading: `html` or `text`, not both.
#[derive(InputObject)]
pub(crate) struct HeadingInput {
    /// Its level, 2 to 6; the headline of the article is level 1.
    level: i64,
    /// Its text as HTML, with or without `<h2>` around it, whose level does not count.
    html: Option<String>,
    /// Its text as plain text.
    text: Option<String>,
    /// The name that links to it use, behind `#`; numbered where another heading has it. Absent or `null`: the one in
    /// `html`, else made of the text.
    anchor: Option<String>,
    /// The reading direction. Absent or `null`: found in the text.
    direction: Option<Direction>,
}

/// A list.
#[derive(InputObject)]
pub(crate) struct ListInput {
    /// Whether it is numbered.
    #[graphql(default)]
    ordered: bool,
    /// The first item's number, from 0; only of a numbered list.
    #[graphql(default = 1)]
    start: i64,
    /// Whether the numbers count downwards; only of a numbered list.
    #[graphql(default)]
    reversed: bool,
    /// Its items in their order, 1 to 2,000.
    items: Vec<ListItemInput>,
    /// The reading direction. Absent or `null`: found in the text.
    direction: Option<Direction>,
}

/// An item of a list: `html` or `text`, not both.
#[derive(InputObject)]
pub(crate) struct ListItemInput {
    /// What stands in it as HTML, nested lists and all, without `<li>`.
    html: Option<String>,
    /// What stands in it as plain text, without bullet or number.
    text: Option<String>,
}

/// Words of someone else: `html` or `text`, not both.
#[derive(InputObject)]
pub(crate) struct QuoteInput {
    /// What was said as HTML; or the whole `<blockquote>`, with the `<cite>` that ends it.
    html: Option<String>,
    /// What was said as plain text; an empty line begins a paragraph.
    text: Option<String>,
    /// Who said it, or where it stands, as plain text. Absent or `null`: as `html` says.
    citation: Option<String>,
    /// The same as HTML; not together with `citation`.
    citation_html: Option<String>,
    /// The reading direction. Absent or `null`: found in the text.
    direction: Option<Direction>,
}

/// A picture: `imageId` or `url`, not both.
#[derive(InputObject)]
pub(crate) struct FigureInput {
    /// The id of a picture in the library.
    image_id: Option<ID>,
    /// The address of a picture elsewhere: http, https, or a path on this site.
    url: Option<String>,
    /// Its width in pixels; not for a picture of the library, whose size is known.
    width: Option<u32>,
    /// Its height in pixels; not for a picture of the library.
    height: Option<u32>,
    /// What it shows, for those who do not see it, plain text. Absent, `null` or empty: as the library says.
    alt: Option<String>,
    /// The text below it, plain text. Absent, `null` or empty: none.
    caption: Option<String>,
    /// The same as HTML; not together with `caption`.
    caption_html: Option<String>,
    /// Who made it, plain text. Absent, `null` or empty: as the library says.
    credit: Option<String>,
    /// The address that a click on it leads to. Absent, `null` or empty: nowhere.
    link: Option<String>,
}

/// Several pictures that belong together.
#[derive(InputObject)]
pub(crate) struct GalleryInput {
    /// The pictures in their order, 1 to 100.
    images: Vec<FigureInput>,
    /// The text below them all, plain text. Absent, `null` or empty: none.
    caption: Option<String>,
    /// The same as HTML; not together with `caption`.
    caption_html: Option<String>,
}

/// Something of another site: a film, a post, a map; or a sound or film file.
#[derive(InputObject)]
pub(crate) struct EmbedInput {
    /// Its address: http, https, or a path on this site.
    url: String,
    /// The text below it, plain text. Absent, `null` or empty: none.
    caption: Option<String>,
    /// The same as HTML; not together with `caption`.
    caption_html: Option<String>,
}

/// A table.
#[derive(InputObject)]
pub(crate) struct TableInput {
    /// One `<table>`, its `<caption>` included.
    html: String,
    /// The reading direction. Absent or `null`: found in the text.
    direction: Option<Direction>,
}

/// Text whose white space counts.
#[derive(InputObject)]
pub(crate) struct CodeInput {
    /// The language it is written in: `rust`. Absent, `null` or empty: not said.
    language: Option<String>,
    /// The text as it is.
    text: String,
}

/// Reads blocks, and notes what is wrong with them.
pub(super) struct Reader {
    /// The path of the list of blocks.
    field: String,
    faults: Vec<Fault>,
}

impl Reader {
    pub(super) fn new(field: String) -> Self {
        Self { field, faults: Vec::new() }
    }

    /// The body, and what could not be kept.
    pub(super) fn read(mut self, blocks: Vec<BlockInput>) -> Result<(Body, Vec<Loss>), Vec<Fault>> {
        let mut written = Vec::with_capacity(blocks.len());
        for (number, block) in blocks.into_iter().enumerate() {
            let path = format!("{}[{number}]", self.field);
            written.extend(self.block(&path, block));
        }
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        let fault =
            |BlockFault { path, message }: BlockFault| Fault::new(format!("{}{path}", self.field), message);
        Body::from_blocks(&written).map_err(|faults| faults.into_iter().map(fault).collect())
    }

    fn block(&mut self, path: &str, block: BlockInput) -> Option<WrittenBlock> {
        Some(match block {
            BlockInput::Paragraph(ParagraphInput { html, text, direction }) => WrittenBlock::Paragraph {
                content: self.wording(&format!("{path}.paragraph"), html, text)?,
                direction: direction.map(Into::into),
            },
            BlockInput::Heading(HeadingInput { level, html, text, anchor, direction }) => {
                WrittenBlock::Heading {
                    level,
                    anchor,
                    content: self.wording(&format!("{path}.heading"), html, text)?,
                    direction: direction.map(Into::into),
                }
            }
            BlockInput::List(ListInput { ordered, start, reversed, items, direction }) => {
                let items: Vec<Option<Wording>> = items
                    .into_iter()
                    .enumerate()
                    .map(|(number, item)| {
                        self.wording(&format!("{path}.list.items[{number}]"), item.html, item.text)
                    })
                    .collect();
                let items = items.into_iter().collect::<Option<_>>()?;
                WrittenBlock::List { ordered, start, reversed, items, direction: direction.map(Into::into) }
            }
            BlockInput::Quote(QuoteInput { html, text, citation, citation_html, direction }) => {
                let path = format!("{path}.quote");
                let content = self.wording(&path, html, text);
                let citation = self.optional(&path, "citation", citation_html, citation);
                WrittenBlock::Quote {
                    content: content?,
                    citation: citation?,
                    direction: direction.map(Into::into),
                }
            }
            BlockInput::Figure(figure) => {
                WrittenBlock::Figure(self.figure(&format!("{path}.figure"), figure)?)
            }
            BlockInput::Gallery(GalleryInput { images, caption, caption_html }) => {
                let path = format!("{path}.gallery");
                let images: Vec<Option<WrittenImage>> = images
                    .into_iter()
                    .enumerate()
                    .map(|(number, image)| self.figure(&format!("{path}.images[{number}]"), image))
                    .collect();
                let caption = self.optional(&path, "caption", caption_html, caption);
                WrittenBlock::Gallery {
                    images: images.into_iter().collect::<Option<_>>()?,
                    caption: caption?,
                }
            }
            BlockInput::Embed(EmbedInput { url, caption, caption_html }) => {
                let caption = self.optional(&format!("{path}.embed"), "caption", caption_html, caption)?;
                WrittenBlock::Embed { url, caption }
            }
            BlockInput::Table(TableInput { html, direction }) => {
                WrittenBlock::Table { html, direction: direction.map(Into::into) }
            }
            BlockInput::Code(CodeInput { language, text }) => WrittenBlock::Code { language, text },
            BlockInput::Html(html) => WrittenBlock::Html(html),
        })
    }

    /// A picture, whose address is for now the id it was named by.
    fn figure(&mut self, path: &str, figure: FigureInput) -> Option<WrittenImage> {
        let caption = self.optional(path, "caption", figure.caption_html, figure.caption);
        let src = match (figure.image_id, figure.url) {
            (Some(id), None) => match GlobalId::decode(&id) {
                Some(GlobalId::Image(_)) => Some(id.0),
                _ => self.fault(format!("{path}.imageId"), "This is no picture's id."),
            },
            (None, Some(url)) => Some(url),
            (Some(_), Some(_)) => self.fault(path.to_owned(), "Give `imageId` or `url`, not both."),
            (None, None) => {
                self.fault(path.to_owned(), "Give `imageId`, or the `url` of a picture elsewhere.")
            }
        };
        Some(WrittenImage {
            src: src?,
            width: figure.width,
            height: figure.height,
            alt: figure.alt,
            caption: caption?,
            credit: figure.credit,
            link: figure.link,
        })
    }

    fn wording(&mut self, path: &str, html: Option<String>, text: Option<String>) -> Option<Wording> {
        match (html, text) {
            (Some(html), None) => Some(Wording::Html(html)),
            (None, Some(text)) => Some(Wording::Text(text)),
            (Some(_), Some(_)) => self.fault(path.to_owned(), "Give `html` or `text`, not both."),
            (None, None) => self.fault(path.to_owned(), "Give `html` or `text`."),
        }
    }

    /// A line that need not be there; `None` where it is said twice.
    #[expect(clippy::option_option, reason = "the outer is a fault, the inner an absent field")]
    fn optional(
        &mut self,
        path: &str,
        name: &str,
        html: Option<String>,
        text: Option<String>,
    ) -> Option<Option<Wording>> {
        match (html, text) {
            (Some(_), Some(_)) => {
                self.fault(format!("{path}.{name}"), format!("Give `{name}` or `{name}Html`, not both."))
            }
            (html, text) => Some(html.map(Wording::Html).or(text.map(Wording::Text))),
        }
    }

    fn fault<T>(&mut self, field: String, message: impl Into<String>) -> Option<T> {
        self.faults.push(Fault::new(field, message));
        None
    }
}
