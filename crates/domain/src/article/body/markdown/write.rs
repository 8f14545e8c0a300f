//! What comrak read, as HTML for the one door. Addresses and names stay as they were written, and nothing is laid out for
//! the eye, so that what comes out is what the same text in HTML gives. It must not sanitise: the door does.

use std::collections::HashMap;

use comrak::Node;
use comrak::nodes::{ListType, NodeCodeBlock, NodeLink, NodeList, NodeValue};

use super::super::render_inline::{attribute, escape, push};
use super::shape::{address_end, after_dash, embedded, is_bare, plain, source_line};

/// A document as HTML, a block after the other.
pub(super) fn html<'a>(document: Node<'a>) -> String {
    let mut writer = Writer::default();
    for node in document.descendants() {
        if let NodeValue::FootnoteReference(reference) = &node.data().value {
            writer.numbers.insert(reference.name.clone(), reference.ix);
        }
    }
    writer.write(document);
    writer.write_notes();
    writer.out
}

/// The most links back that a footnote gets.
const MAX_WAYS_BACK: u32 = 20;

#[derive(Default)]
struct Writer<'a> {
    out: String,
    /// The numbers of footnotes that are referred to.
    numbers: HashMap<String, u32>,
    /// Their definitions, met on the way.
    notes: Vec<Node<'a>>,
    /// What goes into the next paragraph's start, and into the end of which paragraph.
    prefix: Option<&'static str>,
    suffix: Option<(Node<'a>, String)>,
}

enum Step<'a> {
    Open(Node<'a>),
    Close(Node<'a>),
}

impl<'a> Writer<'a> {
    /// Without recursion: how deep a document is nested is for its writer to say.
    fn write(&mut self, root: Node<'a>) {
        let mut steps = vec![Step::Open(root)];
        while let Some(step) = steps.pop() {
            match step {
                Step::Open(node) => {
                    if self.open(node) {
                        steps.push(Step::Close(node));
                        steps.extend(node.reverse_children().map(Step::Open));
                    }
                }
                Step::Close(node) => self.close(node),
            }
        }
    }

    /// Writes what comes before a node's content; `false` where that is all of it.
    fn open(&mut self, node: Node<'a>) -> bool {
        if matches!(node.data().value, NodeValue::Paragraph) {
            return self.open_paragraph(node);
        }
        match &node.data().value {
            NodeValue::FootnoteDefinition(_) => {
                self.notes.push(node);
                return false;
            }
            NodeValue::List(list) => self.open_list(list),
            NodeValue::Item(_) => self.out.push_str("<li>"),
            NodeValue::TaskItem(task) => {
                self.out.push_str("<li>");
                self.prefix = Some(if task.symbol.is_some() { "☑ " } else { "☐ " });
            }
            NodeValue::CodeBlock(code) => self.write_code(code),
            NodeValue::HtmlBlock(html) => self.out.push_str(&html.literal),
            NodeValue::HtmlInline(html) | NodeValue::Raw(html) => self.out.push_str(html),
            NodeValue::Heading(heading) => push(&mut self.out, format_args!("<h{}>", heading.level)),
            NodeValue::ThematicBreak => self.out.push_str("<hr>"),
            NodeValue::TableRow(true) => self.out.push_str("<thead><tr>"),
            NodeValue::TableRow(false) => {
                if node.previous_sibling().is_some_and(is_head) {
                    self.out.push_str("<tbody>");
                }
                self.out.push_str("<tr>");
            }
            NodeValue::TableCell => push(&mut self.out, format_args!("<{}>", cell(node))),
            NodeValue::Text(text) => escape(&mut self.out, text),
            NodeValue::SoftBreak => self.out.push('\n'),
            NodeValue::LineBreak => self.out.push_str("<br>"),
            NodeValue::Code(code) => {
                self.out.push_str("<code>");
                escape(&mut self.out, &code.literal);
                self.out.push_str("</code>");
            }
            NodeValue::Link(link) => return self.open_link(node, link),
            NodeValue::Image(image) => {
                self.write_image(node, image, None);
                return false;
            }
            NodeValue::FootnoteReference(reference) => {
                let (note, name) = (reference.ix, reference_name(reference.ix, reference.ref_num));
                push(
                    &mut self.out,
                    format_args!("<span id=\"{name}\"><sup><a href=\"#fn-{note}\">{note}</a></sup></span>"),
                );
            }
            other => {
                if let Some(element) = element(other) {
                    push(&mut self.out, format_args!("<{element}>"));
                }
            }
        }
        true
    }

    fn close(&mut self, node: Node<'a>) {
        match &node.data().value {
            NodeValue::Paragraph => {
                if let Some((_, suffix)) = self.suffix.take_if(|(last, _)| last.same_node(node)) {
                    self.out.push_str(&suffix);
                }
                self.out.push_str("</p>");
            }
            NodeValue::List(list) => self.out.push_str(match list.list_type {
                ListType::Ordered => "</ol>",
                ListType::Bullet => "</ul>",
            }),
            NodeValue::Item(_) | NodeValue::TaskItem(_) => {
                self.out.push_str(self.prefix.take().unwrap_or(""));
                self.out.push_str("</li>");
            }
            NodeValue::Heading(heading) => push(&mut self.out, format_args!("</h{}>", heading.level)),
            NodeValue::TableRow(true) => self.out.push_str("</tr></thead>"),
            NodeValue::TableRow(false) => {
                self.out.push_str("</tr>");
                if node.next_sibling().is_none() {
                    self.out.push_str("</tbody>");
                }
            }
            NodeValue::TableCell => push(&mut self.out, format_args!("</{}>", cell(node))),
            NodeValue::Link(_) => self.out.push_str("</a>"),
            other => {
                if let Some(element) = element(other) {
                    push(&mut self.out, format_args!("</{element}>"));
                }
            }
        }
    }

    fn open_paragraph(&mut self, paragraph: Node<'a>) -> bool {
        if let Some(url) = embedded(paragraph) {
            self.out.push_str("<figure class=\"embed\"><a");
            attribute(&mut self.out, "href", &url);
            self.out.push('>');
            escape(&mut self.out, &url);
            self.out.push_str("</a></figure>");
            return false;
        }
        if let Some(source) = source_line(paragraph) {
            self.write_with_source(paragraph, source);
            return false;
        }
        self.out.push_str("<p>");
        self.out.push_str(self.prefix.take().unwrap_or(""));
        true
    }

    /// A quote's last paragraph, whose children from `source` on name who is quoted.
    fn write_with_source(&mut self, paragraph: Node<'a>, source: usize) {
        let children: Vec<Node<'a>> = paragraph.children().collect();
        let (said, named) = children.split_at(source);
        if !said.is_empty() {
            self.out.push_str("<p>");
            said.iter().for_each(|child| self.write(child));
            self.out.push_str("</p>");
        }
        if let Some(first) = named.first()
            && let NodeValue::Text(text) = &mut first.data_mut().value
            && let Some(name) = after_dash(text)
        {
            *text = name.to_owned().into();
        }
        self.out.push_str("<footer>");
        named.iter().for_each(|child| self.write(child));
        self.out.push_str("</footer>");
    }

    fn open_list(&mut self, list: &NodeList) {
        match list.list_type {
            ListType::Bullet => self.out.push_str("<ul>"),
            ListType::Ordered => push(&mut self.out, format_args!("<ol start=\"{}\">", list.start)),
        }
    }

    fn write_code(&mut self, code: &NodeCodeBlock) {
        self.out.push_str("<pre><code");
        // `rust,ignore` and `rust {1-3}` are Rust.
        let language = code.info.split(|c: char| c.is_whitespace() || ",{:;".contains(c)).next();
        if let Some(language) = language.filter(|language| !language.is_empty()) {
            attribute(&mut self.out, "class", &format!("language-{language}"));
        }
        self.out.push('>');
        escape(&mut self.out, code.literal.strip_suffix('\n').unwrap_or(&code.literal));
        self.out.push_str("</code></pre>");
    }

    fn open_link(&mut self, node: Node<'a>, link: &NodeLink) -> bool {
        let url = &link.url;
        let only = node.first_child().filter(|only| only.next_sibling().is_none());
        if let Some(only) = only
            && let NodeValue::Image(image) = &only.data().value
        {
            self.write_image(only, image, Some(link));
            return false;
        }
        let end = if is_bare(node, link) { address_end(url) } else { url.len() };
        self.out.push_str("<a");
        attribute(&mut self.out, "href", &url[..end]);
        if end < url.len() {
            let text = plain(node);
            let (text, after) = text.split_at(text.len() - (url.len() - end).min(text.len()));
            self.out.push('>');
            escape(&mut self.out, text);
            self.out.push_str("</a>");
            escape(&mut self.out, after);
            return false;
        }
        if !link.title.is_empty() {
            attribute(&mut self.out, "title", &link.title);
        }
        self.out.push('>');
        true
    }

    /// An image, within a link where it is all of that. Its title is the text below it.
    fn write_image(&mut self, node: Node<'a>, image: &NodeLink, link: Option<&NodeLink>) {
        let is_figure = !image.title.trim().is_empty();
        if is_figure {
            self.out.push_str("<figure>");
        }
        if let Some(link) = link {
            self.out.push_str("<a");
            attribute(&mut self.out, "href", &link.url);
            self.out.push('>');
        }
        self.out.push_str("<img");
        attribute(&mut self.out, "src", &image.url);
        attribute(&mut self.out, "alt", &plain(node));
        self.out.push('>');
        if link.is_some() {
            self.out.push_str("</a>");
        }
        if is_figure {
            self.out.push_str("<figcaption>");
            escape(&mut self.out, &image.title);
            self.out.push_str("</figcaption></figure>");
        }
    }

    /// The list of footnotes: in the order they are referred to, then those that are not. A definition within another
    /// is met when that is written.
    fn write_notes(&mut self) {
        let mut notes: Vec<(u32, u32, Node<'a>)> =
            std::mem::take(&mut self.notes).into_iter().map(|note| self.numbered(note)).collect();
        if notes.is_empty() {
            return;
        }
        notes.sort_by_key(|(number, ..)| *number);
        self.out.push_str("<ol>");
        while !notes.is_empty() {
            for (number, references, note) in notes {
                self.write_note(number, references, note);
            }
            notes = std::mem::take(&mut self.notes).into_iter().map(|note| (u32::MAX, 0, note)).collect();
        }
        self.out.push_str("</ol>");
    }

    /// A footnote with its number, which is the highest where nothing refers to it, and how often something does.
    fn numbered(&self, note: Node<'a>) -> (u32, u32, Node<'a>) {
        let data = note.data();
        let NodeValue::FootnoteDefinition(definition) = &data.value else { return (u32::MAX, 0, note) };
        let number = self.numbers.get(&definition.name).filter(|_| definition.total_references > 0);
        match number {
            Some(&number) => (number, definition.total_references, note),
            None => (u32::MAX, 0, note),
        }
    }

    fn write_note(&mut self, number: u32, references: u32, note: Node<'a>) {
        if references == 0 {
            self.out.push_str("<li>");
        } else {
            push(&mut self.out, format_args!("<li id=\"fn-{number}\">"));
        }
        let mut back = String::new();
        for reference in 1..=references.min(MAX_WAYS_BACK) {
            push(&mut back, format_args!(" <a href=\"#{}\">↩", reference_name(number, reference)));
            if reference > 1 {
                push(&mut back, format_args!("<sup>{reference}</sup>"));
            }
            back.push_str("</a>");
        }
        let last = note
            .last_child()
            .filter(|last| matches!(last.data().value, NodeValue::Paragraph) && embedded(last).is_none());
        self.suffix = last.map(|last| (last, back.clone()));
        note.children().for_each(|child| self.write(child));
        if last.is_none() {
            push(&mut self.out, format_args!("<p>{}</p>", back.trim_start()));
        }
        self.out.push_str("</li>");
    }
}

fn reference_name(note: u32, reference: u32) -> String {
    if reference > 1 { format!("fnref-{note}-{reference}") } else { format!("fnref-{note}") }
}

/// The element that is all there is to a node.
const fn element(value: &NodeValue) -> Option<&'static str> {
    Some(match value {
        NodeValue::BlockQuote => "blockquote",
        NodeValue::Table(_) => "table",
        NodeValue::Emph => "em",
        NodeValue::Strong => "strong",
        NodeValue::Strikethrough => "del",
        _ => return None,
    })
}

fn is_head(row: Node<'_>) -> bool {
    matches!(row.data().value, NodeValue::TableRow(true))
}

fn cell(node: Node<'_>) -> &'static str {
    if node.parent().is_some_and(is_head) { "th" } else { "td" }
}
