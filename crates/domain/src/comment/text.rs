//! A comment's text: plain, with paragraphs, line breaks and links. From it comes HTML that is safe to insert.

use crate::text::Direction;

/// The text of a comment as HTML: paragraphs at blank lines, `<br>` at others, web addresses linked with
/// `rel="nofollow ugc noopener"`. Everything else is escaped, so no markup of the writer survives.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    for paragraph in paragraphs(text) {
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
        escape(out, before);
        let end = from
            .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\u{0}'..='\u{1f}'))
            .unwrap_or(from.len());
        // Punctuation behind an address belongs to the sentence.
        let address =
            from[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '»', '،', '؛', '؟', '\'']);
        match url::Url::parse(address) {
            Ok(url) if url.host_str().is_some() && url.username().is_empty() && url.password().is_none() => {
                out.push_str("<a href=\"");
                escape(out, url.as_str());
                out.push_str("\" rel=\"nofollow ugc noopener\">");
                escape(out, address);
                out.push_str("</a>");
            }
            _ => escape(out, address),
        }
        rest = &from[address.len()..];
    }
    escape(out, rest);
}

fn find_link(text: &str) -> Option<usize> {
    text.match_indices("http").find_map(|(at, _)| {
        let from = &text[at..];
        let rest = from.strip_prefix("https://").or_else(|| from.strip_prefix("http://"))?;
        let starts_word = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        (starts_word && rest.chars().next().is_some_and(char::is_alphanumeric)).then_some(at)
    })
}

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
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(html(text), expected, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn only_our_own_elements_come_out(text in "\\PC{0,200}|[<>&\"' a-z:/.\n]{0,200}") {
            let mut rest = html(&text);
            for own in ["<p>", "</p>", "<br>", "</a>"] {
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
