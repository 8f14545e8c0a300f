//! Blocks as Markdown for whoever goes on writing: what it says is read back as the same blocks.
//!
//! Each block is written as Markdown would best have it and read back at once; where that is not the same block, it is
//! written as raw HTML on one line. So nothing here has to be exact, only good. It must not know who reads it.

use std::fmt::Write;

use scraper::{ElementRef, Html, Selector};

use super::line::{Manner, destination, escape, line, title};
use crate::article::body::parse::Fragments;
use crate::article::body::{Block, Body, FigureImage, Inline, List, ListItem, inline_text};
use crate::text::Direction;

impl Body {
    /// The body as Markdown. [`Body::from_markdown`] reads it back as the same body, but for what pictures of our library
    /// have from there: their keys and sizes. `base` is the article's direction.
    #[must_use]
    pub fn markdown(&self, base: Direction) -> String {
        let mut wanted = self.clone();
        wanted.for_each_image(&mut |image| {
            if image.id.take().is_some() {
                (image.width, image.height) = (None, None);
            }
        });
        let writer = Renderer { base };
        let is_same = |markdown: &String| Self::from_markdown(markdown).0 == wanted;
        let with_notes = split_notes(&wanted.0).map(|(text, notes)| writer.with_notes(text, &notes));
        with_notes
            .filter(is_same)
            .or_else(|| Some(writer.blocks(&wanted.0, false)).filter(is_same))
            .unwrap_or_else(|| {
                let blocks: Vec<String> = wanted.0.iter().map(|block| writer.raw(block)).collect();
                blocks.join("\n\n")
            })
    }
}

struct Renderer {
    base: Direction,
}

impl Renderer {
    /// Blocks divided by empty lines; `notes`: references to footnotes as `[^1]`.
    fn blocks(&self, blocks: &[Block], notes: bool) -> String {
        let mut out = String::new();
        for (at, block) in blocks.iter().enumerate() {
            if at > 0 {
                out.push_str("\n\n");
                if let (Block::List(before), Block::List(after)) = (&blocks[at - 1], block)
                    && before.ordered == after.ordered
                {
                    // Or they would be one list.
                    out.push_str("<!-- -->\n\n");
                }
            }
            out.push_str(&self.block(block, notes));
        }
        out
    }

    fn block(&self, block: &Block, notes: bool) -> String {
        // By itself: names that other blocks lead to are not looked at.
        let alone = Body::from_html(&block.html(self.base)).0;
        let is_same = |markdown: &String| Body::from_markdown(markdown).0 == alone;
        for signs in [true, false] {
            let written = self.written(block, Manner { signs, notes: false });
            if let Some(markdown) = written.filter(is_same) {
                return if notes && markdown.contains("\"fnref-") {
                    self.written(block, Manner { signs, notes }).unwrap_or(markdown)
                } else {
                    markdown
                };
            }
        }
        self.raw(block)
    }

    /// A block as raw HTML. An empty line would end it, so it has no line ends.
    fn raw(&self, block: &Block) -> String {
        block.html(self.base).replace('\n', "&#10;")
    }

    /// A block as Markdown has it, where it has a way at all.
    fn written(&self, block: &Block, manner: Manner) -> Option<String> {
        Some(match block {
            Block::Paragraph { content, .. } => line(content, manner),
            Block::Heading { level, content, .. } => {
                format!("{} {}", "#".repeat((*level).into()), line(content, manner))
            }
            Block::List(list) => self.list(list, manner),
            Block::Quote { blocks, citation, .. } => {
                let mut said = self.blocks(blocks, manner.notes);
                if !citation.is_empty() {
                    let _ = write!(said, "\n\n— {}", line(citation, manner));
                }
                said.split('\n')
                    .map(|line| format!("> {line}").trim_end().to_owned())
                    .collect::<Vec<_>>()
                    .join("\n")
            }
            Block::Figure(image) => figure(image)?,
            Block::Embed { url, html: None, caption, .. } if caption.is_empty() => url.clone(),
            Block::Table { html, .. } => table(html, manner)?,
            Block::Code { language, text } => {
                let ticks = text.split(|c| c != '`').map(str::len).max().unwrap_or(0).max(2) + 1;
                let fence = "`".repeat(ticks);
                format!("{fence}{}\n{text}\n{fence}", language.as_deref().unwrap_or(""))
            }
            Block::RawHtml { html, .. } if html == "<hr>" => "---".to_owned(),
            Block::Gallery { .. } | Block::Embed { .. } | Block::RawHtml { .. } => return None,
        })
    }

    fn list(&self, list: &List, manner: Manner) -> String {
        let mut out = String::new();
        for (number, item) in (u64::from(list.start)..).zip(&list.items) {
            if !out.is_empty() {
                out.push('\n');
            }
            let sign = if list.ordered { format!("{number}. ") } else { "- ".to_owned() };
            out.push_str(&indented(&sign, &self.item(item, manner)));
        }
        out
    }

    fn item(&self, item: &ListItem, manner: Manner) -> String {
        let text = line(&item.content, manner);
        let children = self.blocks(&item.children, manner.notes);
        match (text.is_empty(), children.is_empty()) {
            (_, true) => text,
            (true, false) => children,
            (false, false) => format!("{text}\n\n{children}"),
        }
    }

    /// A text and its footnotes.
    fn with_notes(&self, text: &[Block], notes: &[Note]) -> String {
        let mut out = self.blocks(text, true);
        let manner = Manner { signs: true, notes: true };
        for note in notes {
            let _ = write!(
                out,
                "\n\n{}",
                indented_by(4, &format!("[^{}]: ", note.name), &self.item(&note.item, manner))
            );
        }
        out
    }
}

/// Text behind a sign, its further lines below its first.
fn indented(sign: &str, text: &str) -> String {
    indented_by(sign.len(), sign, text)
}

fn indented_by(columns: usize, sign: &str, text: &str) -> String {
    let margin = format!("\n{}", " ".repeat(columns));
    let indented = format!("{sign}{}", text.replace('\n', &margin));
    indented.split('\n').map(str::trim_end).collect::<Vec<_>>().join("\n")
}

fn figure(image: &FigureImage) -> Option<String> {
    let only_text =
        image.caption.iter().all(|piece| matches!(piece, Inline::Text { marks, .. } if marks.is_plain()));
    if image.credit.is_some() || image.width.is_some() || image.height.is_some() || !only_text {
        return None;
    }
    let caption = Some(inline_text(&image.caption)).filter(|caption| !caption.is_empty());
    let mut alt = String::new();
    escape(&mut alt, &image.alt);
    let figure = format!("![{alt}]({}{})", destination(&image.src), title(caption.as_deref()));
    Some(match &image.link {
        Some(link) => format!("[{figure}]({})", destination(link)),
        None => figure,
    })
}

/// A table with one row of headings, whose cells are lines.
fn table(html: &str, manner: Manner) -> Option<String> {
    let select = |selectors| Selector::parse(selectors).ok();
    let (row, cell) = (select("tr")?, select("th, td")?);
    let tree = Html::parse_fragment(html);
    let mut rows = tree.select(&row).map(|row| {
        let cells = row.select(&cell).map(|cell| table_cell(cell, manner));
        cells.collect::<Option<Vec<_>>>().map(|cells| format!("| {} |", cells.join(" | ")))
    });
    let head = rows.next()??;
    let columns = tree.select(&row).next()?.select(&cell).count();
    let mut lines = vec![head, format!("|{}", " --- |".repeat(columns))];
    for row in rows {
        lines.push(row?);
    }
    Some(lines.join("\n"))
}

fn table_cell(cell: ElementRef<'_>, manner: Manner) -> Option<String> {
    let html = cell.inner_html();
    match &Fragments::of([]).blocks(&html)[..] {
        [] => Some(String::new()),
        [Block::Paragraph { content, .. }] => {
            let text = line(content, manner);
            (!text.contains('\n')).then(|| text.replace('|', "\\|"))
        }
        _ => None,
    }
}

/// A footnote.
struct Note {
    name: String,
    item: ListItem,
}

/// The text, and the footnotes that its last block lists as [`Body::from_markdown`] does.
fn split_notes(blocks: &[Block]) -> Option<(&[Block], Vec<Note>)> {
    let (last, text) = blocks.split_last()?;
    let Block::List(list) = last else { return None };
    if !list.ordered || list.start != 1 || list.reversed {
        return None;
    }
    let notes: Vec<Note> = list.items.iter().zip(1..).map(|(item, number)| note(item, number)).collect();
    let is_referred_to = |note: &Note| !note.name.starts_with("note-");
    notes.first().is_some_and(is_referred_to).then_some((text, notes))
}

fn note(item: &ListItem, number: usize) -> Note {
    let mut item = item.clone();
    let anchor = match item.content.first_mut() {
        Some(Inline::Text { marks, .. }) => marks.anchor.take(),
        _ => None,
    };
    if anchor != Some(format!("fn-{number}")) {
        return Note { name: format!("note-{number}"), item };
    }
    match item.children.last_mut() {
        Some(Block::Paragraph { content, .. }) => {
            drop_ways_back(content);
            if content.is_empty() {
                item.children.pop();
            }
        }
        Some(_) => {}
        None => drop_ways_back(&mut item.content),
    }
    Note { name: number.to_string(), item }
}

/// Takes the links back to where a footnote is referred to off its end.
fn drop_ways_back(content: &mut Vec<Inline>) {
    while let Some(Inline::Text { text, marks }) = content.last_mut() {
        let leads_back = marks.link.as_ref().is_some_and(|link| link.href.starts_with("#fnref-"));
        if leads_back || text.trim().is_empty() {
            content.pop();
            continue;
        }
        text.truncate(text.trim_end().len());
        break;
    }
}
