//! What inline elements say of the text in them. It must not know of the tree around them.

use scraper::node::Element;

use super::sanitise::{link_address, rel_words};
use super::{Losses, elements};
use crate::article::body::{Link, Marks, Style};
use crate::text::{Direction, LanguageTag};

/// The marks within an inline element that stands in text with these marks.
pub(super) fn within(marks: &Marks, element: &Element, losses: &mut Losses) -> Marks {
    let mut marks = marks.clone();
    add_language(&mut marks, element);
    if let Some(direction) = element.attr("dir").and_then(Direction::from_html) {
        marks.direction = Some(direction);
    }
    if let Some(style) = elements::style(element.name()) {
        marks.styles.insert(style);
    }
    match element.name() {
        "a" => {
            if let Some(href) = element.attr("href") {
                match link_address(href) {
                    Some(href) => marks.link = Some(link(href, element)),
                    None => losses.add_attribute("href"),
                }
            }
        }
        "abbr" | "acronym" => {
            let title = element.attr("title").map(str::trim).filter(|title| !title.is_empty());
            marks.abbreviation_of = title.map(one_line).or(marks.abbreviation_of);
        }
        _ => add_styles(&mut marks, element.attr("style").unwrap_or("")),
    }
    marks
}

fn link(href: String, element: &Element) -> Link {
    let title = element.attr("title").map(one_line).filter(|title| !title.is_empty());
    let rel = element.attr("rel").map(rel_words).into_iter().flatten().collect();
    Link { href, title, rel }
}

/// An attribute's text without line ends and control characters.
pub(super) fn one_line(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_ascii_whitespace() { ' ' } else { c }).collect();
    text.trim().chars().filter(|c| !c.is_control()).collect()
}

/// Notes the language an element says, where it is one.
pub(super) fn add_language(marks: &mut Marks, element: &Element) {
    if let Some(lang) = element.attr("lang").and_then(|lang| LanguageTag::parse(lang.trim()).ok()) {
        marks.lang = Some(lang);
    }
}

/// What word processors write as CSS, and what takes it back: a pasted text often stands in a `b` that is
/// said not to be bold.
fn add_styles(marks: &mut Marks, css: &str) {
    for declaration in css.split(';') {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let value = value.trim().to_ascii_lowercase();
        let mut set = |style, on: Option<bool>| match on {
            Some(true) => {
                marks.styles.insert(style);
            }
            Some(false) => {
                marks.styles.remove(&style);
            }
            None => {}
        };
        match property.trim().to_ascii_lowercase().as_str() {
            "font-weight" => set(Style::Strong, is_bold(&value)),
            "font-style" => set(
                Style::Em,
                match value.as_str() {
                    "italic" | "oblique" => Some(true),
                    "normal" => Some(false),
                    _ => None,
                },
            ),
            "text-decoration" | "text-decoration-line" => {
                set(Style::Underline, value.contains("underline").then_some(true));
                set(Style::Strike, value.contains("line-through").then_some(true));
            }
            "vertical-align" => {
                set(Style::Sub, (value == "sub").then_some(true));
                set(Style::Sup, (value == "super").then_some(true));
            }
            _ => {}
        }
    }
}

fn is_bold(weight: &str) -> Option<bool> {
    match weight {
        "bold" | "bolder" => Some(true),
        "normal" | "lighter" => Some(false),
        number => number.parse::<u16>().ok().map(|weight| weight >= 600),
    }
}
