//! Hostile bodies and names: whatever is taken of them becomes HTML that parses to our five elements and to nothing else.

use masthead_domain::comment::leave::{Field, Refused, Submission};
use masthead_domain::comment::text;
use masthead_domain::comment::tidy::{MOST_ACCENTS, MOST_MARKS, tidy};
use scraper::{Html, Node};
use unicode_normalization::char::is_combining_mark;

use super::rows;

/// What a browser makes of `html`: its text, a `\n` for each `<br>` and behind each paragraph. Fails on every element,
/// attribute and address that is not ours.
fn shown(html: &str) -> String {
    let document = Html::parse_fragment(html);
    let mut shown = String::new();
    for edge in document.tree.root().traverse() {
        let (node, opens) = match edge {
            ego_tree::iter::Edge::Open(node) => (node, true),
            ego_tree::iter::Edge::Close(node) => (node, false),
        };
        match node.value() {
            Node::Fragment => {}
            Node::Text(text) if opens => shown.push_str(text),
            Node::Text(_) => {}
            Node::Element(element) => {
                let attributes: Vec<_> = element.attrs().collect();
                match element.name() {
                    // The parser puts a fragment below one.
                    "html" | "p" | "br" | "wbr" => assert!(attributes.is_empty(), "{attributes:?} in {html}"),
                    "a" => {
                        let names: Vec<_> = attributes.iter().map(|(name, _)| *name).collect();
                        assert_eq!(names, ["href", "rel"], "{html}");
                        assert_eq!(element.attr("rel"), Some("nofollow ugc noopener"));
                        let address =
                            url::Url::parse(element.attr("href").unwrap_or_default()).expect("an address");
                        assert!(matches!(address.scheme(), "http" | "https"), "{address}");
                        assert!(address.host_str().is_some(), "{address}");
                        assert!(address.username().is_empty() && address.password().is_none(), "{address}");
                    }
                    other => panic!("<{other}> in {html}"),
                }
                if matches!((element.name(), opens), ("br", true) | ("p", false)) {
                    shown.push('\n');
                }
            }
            other => panic!("{other:?} in {html}"),
        }
    }
    shown
}

/// A line of text ends every direction that it begins, overrides none, and piles nothing up.
fn stays_in_its_line(line: &str) {
    let (mut open, mut marks, mut accents) = (Vec::new(), 0, 0);
    for c in line.chars() {
        match c {
            '\u{202D}' | '\u{202E}' => panic!("an override in {line:?}"),
            '\u{202A}' | '\u{202B}' => open.push('\u{202C}'),
            '\u{2066}'..='\u{2068}' => open.push('\u{2069}'),
            '\u{202C}' | '\u{2069}' => assert_eq!(open.pop(), Some(c), "{line:?}"),
            c if is_combining_mark(c) && !matches!(c, '\u{FE00}'..='\u{FE0F}') => {
                marks += 1;
                accents +=
                    usize::from(matches!(c, '\u{300}'..='\u{36F}' | '\u{489}' | '\u{20D0}'..='\u{20FF}'));
                assert!(marks <= MOST_MARKS && accents <= MOST_ACCENTS, "{line:?}");
            }
            '\u{200B}'..='\u{200F}' | '\u{FE00}'..='\u{FE0F}' => {}
            c => {
                assert!(!c.is_control() || c == '\t', "{c:?} in {line:?}");
                (marks, accents) = (0, 0);
            }
        }
    }
    assert!(open.is_empty(), "{line:?}");
}

/// What is neither blank nor invisible.
fn visible(text: &str) -> String {
    let invisible = |c: char| {
        c.is_whitespace()
            || matches!(c, '\u{AD}' | '\u{61C}' | '\u{34F}' | '\u{3164}' | '\u{FEFF}')
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
    };
    text.chars().filter(|&c| !invisible(c)).collect()
}

fn submit(body: &str, name: Option<&str>) -> Result<masthead_domain::comment::leave::Fit, Refused> {
    Submission { body: body.into(), author_name: name.map(str::to_owned), ..Submission::default() }.check()
}

#[test]
fn hostile_bodies_become_text() {
    let rows = rows(include_str!("hostile.tsv"));
    assert!(rows.len() >= 150, "{}", rows.len());
    for row in &rows {
        let body = &row[0];
        let fit = match (submit(body, None), row.get(1).map(String::as_str)) {
            (Err(Refused::Invalid { field: Field::Body, .. }), Some("refused")) => continue,
            (Ok(fit), None) => fit,
            (other, expected) => panic!("{body:?}: {other:?}, expected {expected:?}"),
        };
        let html = text::html(&fit.body);
        let shown = shown(&html);
        assert_eq!(visible(&shown), visible(&fit.body), "nothing is lost");
        shown.lines().for_each(stays_in_its_line);
        fit.body.lines().for_each(stays_in_its_line);
        let longest = shown.lines().filter(|line| line.trim().is_empty()).count();
        assert_eq!(longest, 0, "no empty lines in {html}");
    }
}

#[test]
fn bodies_that_came_another_way_become_text_too() {
    // Imported comments are not submitted: what is refused there is dropped here.
    for row in rows(include_str!("hostile.tsv")) {
        shown(&text::html(&row[0])).lines().for_each(stays_in_its_line);
        tidy(&row[0]).lines().for_each(stays_in_its_line);
    }
}

#[test]
fn hostile_names_stay_names() {
    for row in rows(include_str!("names.tsv")) {
        let (name, expected) = (&row[0], row[1].as_str());
        let fit = match (submit("x", Some(name)), expected) {
            (Err(Refused::Invalid { field: Field::AuthorName, .. } | Refused::TooLong { .. }), "refused") => {
                continue;
            }
            (Ok(fit), _) => fit,
            (other, _) => panic!("{name:?}: {other:?}"),
        };
        assert_eq!(fit.author_name.as_deref(), Some(expected).filter(|&name| name != "none"), "{name:?}");
        if let Some(kept) = fit.author_name {
            assert!(!kept.contains('\n'));
            stays_in_its_line(&kept);
            assert_eq!(visible(&shown(&text::html(&kept))), visible(&kept));
        }
    }
}
