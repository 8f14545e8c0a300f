//! Titles and names as plain text.
//! It must not know whose they are.

use super::html::{Kind, tokens};
use crate::wxr::resolve_references;

/// The text of a title, a name or a tagline: WordPress keeps them as HTML. Tags go, entities become characters,
/// white space becomes single spaces; no-break spaces stay.
///
/// ```
/// # use masthead_interchange::wordpress::plain_text;
/// assert_eq!(plain_text("Bread &amp; <em>roses</em>&#8217;"), "Bread & roses’");
/// ```
pub fn plain_text(html: &str) -> String {
    let text: String = tokens(html)
        .into_iter()
        .filter_map(|token| match token.kind {
            Kind::Text => Some(&html[token.range]),
            // Words on both sides of a line break are two words.
            Kind::Start(name) if matches!(name.as_str(), "br" | "p" | "div") => Some(" "),
            _ => None,
        })
        .collect();
    let resolved = resolve_references(text);
    let words: Vec<&str> = resolved.split([' ', '\t', '\n', '\r']).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_become_plain() {
        let cases = [
            ("Arts &amp; Culture", "Arts & Culture"),
            ("Marché&nbsp;: l’eau &#8211; <i>suite</i>", "Marché\u{a0}: l’eau – suite"),
            ("وزيرة<br/>الشباب &raquo;", "وزيرة الشباب »"),
            ("5 < 6 & more", "5 < 6 & more"),
            ("  two\n lines ", "two lines"),
        ];
        for (html, expected) in cases {
            assert_eq!(plain_text(html), expected, "{html}");
        }
    }
}
