//! What becomes of each element and attribute of HTML: the lists that the walk and the sanitiser share.
//!
//! It must not know of trees or blocks.

use ego_tree::NodeRef;
use html5ever::{LocalName, ns};
use scraper::Node;

use crate::article::body::Style;

/// Elements that go with all that is in them: what runs, what styles, what only a form or a page's head needs,
/// and foreign content, whose parsing rules differ from HTML's and carry the known tricks.
pub(super) const DROPPED: [&str; 28] = [
    "applet", "area", "base", "canvas", "datalist", "frame", "frameset", "head", "input", "keygen", "link",
    "map", "math", "meta", "noembed", "noframes", "optgroup", "option", "param", "progress", "script",
    "select", "source", "style", "svg", "template", "textarea", "title",
];

/// What sanitised markup may hold: no foreign content, nothing that runs, loads, or takes input.
pub(super) const ALLOWED: [&str; 60] = [
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
];

/// Whether a node is an element that goes with all that is in it, or is no element of HTML.
pub(super) fn is_dropped(node: NodeRef<'_, Node>) -> bool {
    node.value().as_element().is_some_and(|e| e.name.ns != ns!(html) || DROPPED.contains(&e.name()))
}

/// Elements whose content the tokenizer reads as text that is not shown.
pub(super) fn holds_raw_text(name: &LocalName) -> bool {
    matches!(
        &**name,
        "script" | "style" | "textarea" | "title" | "xmp" | "iframe" | "noembed" | "noframes" | "plaintext"
    )
}

/// The style an element stands for, whichever of its names is used.
pub(super) fn style(element: &str) -> Option<Style> {
    Some(match element {
        "strong" | "b" => Style::Strong,
        "em" | "i" => Style::Em,
        "u" => Style::Underline,
        "s" | "strike" => Style::Strike,
        "ins" => Style::Inserted,
        "del" => Style::Deleted,
        "mark" => Style::Mark,
        "small" => Style::Small,
        "cite" => Style::Cite,
        "q" => Style::Quotation,
        "dfn" => Style::Definition,
        "bdi" => Style::Isolate,
        "code" | "tt" => Style::Code,
        "kbd" => Style::Keyboard,
        "samp" => Style::Sample,
        "var" => Style::Variable,
        "sub" => Style::Sub,
        "sup" => Style::Sup,
        _ => return None,
    })
}

/// Whether an element only groups blocks, so that its content stands in its place.
pub(super) fn groups_blocks(element: &str) -> bool {
    matches!(
        element,
        "address"
            | "article"
            | "aside"
            | "body"
            | "center"
            | "dd"
            | "dialog"
            | "dir"
            | "div"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "footer"
            | "form"
            | "header"
            | "hgroup"
            | "html"
            | "legend"
            | "li"
            | "main"
            | "nav"
            | "search"
            | "section"
            | "summary"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
    )
}

/// Whether losing an element loses what it did, though its text stays.
pub(super) fn had_a_function(element: &str) -> bool {
    match element {
        "button" | "dialog" | "form" | "marquee" | "blink" | "ruby" | "bdo" | "meter" | "output" => true,
        // Custom elements, and those of other vocabularies that were pasted in (`o:p` is mere noise).
        _ => element.contains('-'),
    }
}

/// What becomes of an attribute, whatever element it stands on.
pub(super) enum AttributeFate {
    /// It is read; what of it cannot be kept is counted where it is read.
    Read,
    /// It says only how something looks or is loaded.
    Needless,
    /// It goes, and did something: it is counted.
    Lost,
}

/// See [`AttributeFate`].
pub(super) fn attribute_fate(name: &str) -> AttributeFate {
    match name {
        "abbr" | "alt" | "cite" | "class" | "colspan" | "data" | "data-lazy-src" | "data-src"
        | "data-url" | "datetime" | "dir" | "headers" | "height" | "href" | "id" | "lang" | "name"
        | "open" | "rel" | "reversed" | "rowspan" | "scope" | "span" | "src" | "start" | "style"
        | "title" | "type" | "value" | "width" => AttributeFate::Read,
        "action" | "background" | "contenteditable" | "formaction" | "ping" | "srcdoc" => AttributeFate::Lost,
        _ if name.starts_with("on") => AttributeFate::Lost,
        _ => AttributeFate::Needless,
    }
}
