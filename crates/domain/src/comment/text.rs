//! A comment's text: plain, with paragraphs, line breaks and links. From it comes HTML that is safe to insert.

use unicode_segmentation::UnicodeSegmentation;

use super::leave::is_invisible;
use super::tidy::{tidy, turns};
use crate::text::Direction;

/// After so many user-perceived characters without a space a line may be broken.
const LONG_WORD: usize = 40;

/// The text of a comment as HTML: paragraphs at blank lines, `<br>` at others, web addresses linked with
/// `rel="nofollow ugc noopener"`, and `<wbr>` in words of more than 40 characters, so that no word is wider than a page.
/// Everything else is escaped, so no markup of the writer survives; no element but these five has an attribute, and `<a>`
/// has these two. The text is tidied first, see [`tidy`]: within each line directions are balanced.
#[must_use]
pub fn html(text: &str) -> String {
    let text = tidy(text);
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    for paragraph in paragraphs(&text) {
        // A paragraph that shows nothing is only a gap.
        if paragraph.chars().all(|c| c.is_whitespace() || is_invisible(c)) {
            continue;
        }
        out.push_str("<p>");
        for (n, line) in paragraph.lines().enumerate() {
            if n > 0 {
                out.push_str("<br>");
            }
            push_line(&mut out, line.trim());
        }
        out.push_str("</p>");
    }
    out
}

/// The direction of a comment: by its first strong character, else the article's.
pub fn direction(text: &str, article: Direction) -> Direction {
    Direction::first_strong(text).unwrap_or(article)
}

fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    // A blank line may hold spaces; what stands between two of them is a paragraph.
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(['\n', '\r', ' ', '\t']);
        if rest.is_empty() {
            return None;
        }
        let mut end = rest.len();
        let mut at = 0;
        for line in rest.split_inclusive('\n') {
            if at > 0 && line.trim().is_empty() {
                end = at;
                break;
            }
            at += line.len();
        }
        let (head, tail) = rest.split_at(end);
        rest = tail;
        Some(head.trim_end())
    })
}

fn push_line(out: &mut String, line: &str) {
    let mut rest = line;
    while let Some(start) = find_link(rest) {
        let (before, from) = rest.split_at(start);
        push_text(out, before);
        let end = from
            .find(|c: char| {
                c.is_whitespace()
                    || matches!(c, '<' | '>' | '"')
                    || c.is_control()
                    || turns(c)
                    || is_invisible(c)
            })
            .unwrap_or(from.len());
        // Punctuation behind an address belongs to the sentence.
        let address =
            from[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '»', '،', '؛', '؟', '\'']);
        match url::Url::parse(address) {
            Ok(url) if url.host_str().is_some() && url.username().is_empty() && url.password().is_none() => {
                out.push_str("<a href=\"");
                escape(out, url.as_str());
                out.push_str("\" rel=\"nofollow ugc noopener\">");
                push_text(out, address);
                out.push_str("</a>");
            }
            _ => push_text(out, address),
        }
        rest = &from[address.len()..];
    }
    push_text(out, rest);
}

fn find_link(text: &str) -> Option<usize> {
    text.match_indices("http").find_map(|(at, _)| {
        let from = &text[at..];
        let rest = from.strip_prefix("https://").or_else(|| from.strip_prefix("http://"))?;
        let starts_word = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        (starts_word && rest.chars().next().is_some_and(char::is_alphanumeric)).then_some(at)
    })
}

/// Escaped for the text of an element, with places to break long words.
fn push_text(out: &mut String, text: &str) {
    let mut length = 0;
    for cluster in text.graphemes(true) {
        if cluster.contains(may_break_around) {
            length = 0;
        } else {
            if length == LONG_WORD {
                out.push_str("<wbr>");
                length = 0;
            }
            length += 1;
        }
        escape(out, cluster);
    }
}

/// White space, and the scripts that are broken anywhere: Chinese, Japanese, Korean.
fn may_break_around(c: char) -> bool {
    (c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{2007}' | '\u{202f}'))
        || matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Escaped for the text of an element or a quoted attribute.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_breaks_and_links() {
        let cases = [
            ("مرحبا\n\nبكم", "<p>مرحبا</p><p>بكم</p>"),
            ("un\ndeux\n \n\ntrois", "<p>un<br>deux</p><p>trois</p>"),
            ("<script>alert('x')</script>", "<p>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;</p>"),
            (
                "Voir https://example.org/a?b=1&c=2.",
                "<p>Voir <a href=\"https://example.org/a?b=1&amp;c=2\" rel=\"nofollow ugc noopener\">https://example.org/a?b=1&amp;c=2</a>.</p>",
            ),
            (
                "javascript:alert(1) xhttp://a.b https://u:p@evil.example",
                "<p>javascript:alert(1) xhttp://a.b https://u:p@evil.example</p>",
            ),
            (
                "https://a.example/\"onmouseover=\"x",
                "<p><a href=\"https://a.example/\" rel=\"nofollow ugc noopener\">https://a.example/</a>&quot;onmouseover=&quot;x</p>",
            ),
            ("\u{200b}\n\n\u{2067}\n\nx", "<p>x</p>"),
            ("a\u{202e}b\nc", "<p>ab<br>c</p>"),
            ("\u{2067}a\nb", "<p>\u{2067}a\u{2069}<br>b</p>"),
            (
                "https://a.example/\u{2066}x",
                "<p><a href=\"https://a.example/\" rel=\"nofollow ugc noopener\">https://a.example/</a>\u{2066}x\u{2069}</p>",
            ),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(html(text), expected, "{text:?}");
        }
    }

    #[test]
    fn long_words_can_be_broken() {
        assert_eq!(html(&"é".repeat(40)), format!("<p>{}</p>", "é".repeat(40)));
        assert_eq!(html(&"é".repeat(41)), format!("<p>{}<wbr>é</p>", "é".repeat(40)));
        assert!(!html(&"汉字".repeat(200)).contains("<wbr>"));
        let link = format!("https://a.example/{}", "x".repeat(100));
        assert!(html(&link).contains(&format!("href=\"{link}\"")), "the address itself stays whole");
        assert_eq!(html(&link).matches("<wbr>").count(), 2);
    }

    proptest::proptest! {
        #[test]
        fn only_our_own_elements_come_out(text in "\\PC{0,200}|[<>&\"' a-z:/.\n]{0,200}") {
            let mut rest = html(&text);
            for own in ["<p>", "</p>", "<br>", "<wbr>", "</a>"] {
                rest = rest.replace(own, "");
            }
            for piece in rest.split("<a href=\"").skip(1) {
                proptest::prop_assert!(piece.starts_with("http"));
            }
            let rest = rest.replace("<a href=\"", "").replace("\" rel=\"nofollow ugc noopener\">", "");
            proptest::prop_assert!(!rest.contains(['<', '>', '"', '\'']));
        }
    }
}
