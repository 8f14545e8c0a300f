//! Tag soup: whatever comes in, no word is lost, and what comes out holds together.

use proptest::collection::vec;
use proptest::prelude::*;

use super::holds_together;
use crate::article::body::Body;
use crate::text::Direction;

const ELEMENTS: [&str; 48] = [
    "p",
    "div",
    "section",
    "h1",
    "h2",
    "h3",
    "ul",
    "ol",
    "li",
    "blockquote",
    "cite",
    "figure",
    "figcaption",
    "table",
    "tr",
    "td",
    "th",
    "caption",
    "pre",
    "code",
    "a",
    "b",
    "em",
    "span",
    "font",
    "small",
    "sup",
    "abbr",
    "q",
    "dl",
    "dt",
    "dd",
    "details",
    "summary",
    "center",
    "article",
    "footer",
    "address",
    "form",
    "button",
    "ruby",
    "noscript",
    "x-card",
    "bdi",
    "main",
    "u",
    "nobr",
    "bdo",
];

const ATTRIBUTES: [&str; 22] = [
    "dir=rtl",
    "dir=ltr",
    "dir=auto",
    "lang=ar",
    "lang=en-GB",
    "id=a",
    "id=b",
    "class=wp-caption",
    "class=embed",
    "class=gallery",
    "class=wp-block-verse",
    "class=wp-caption-text",
    "class='language-c'",
    "href='/x'",
    "href='#a'",
    "href='java&#10;script:x'",
    "title='t \"q\"'",
    "start=7",
    "reversed",
    "value=3",
    "style='font-weight:bold'",
    "onclick=x()",
];

#[derive(Debug, Clone)]
enum Piece {
    Open(usize, Vec<usize>),
    Close(usize),
    Word,
    Void(&'static str),
}

fn piece() -> impl Strategy<Value = Piece> {
    prop_oneof![
        4 => (0..ELEMENTS.len(), vec(0..ATTRIBUTES.len(), 0..3)).prop_map(|(e, a)| Piece::Open(e, a)),
        3 => (0..ELEMENTS.len()).prop_map(Piece::Close),
        4 => Just(Piece::Word),
        2 => prop::sample::select(vec![
            "<br>", "<hr>", "<wbr>", "<img src=/a.jpg>", "<img src=/b.png width=16 alt=x>",
            "<iframe src=//example.org/f></iframe>", "<script>lost()</script>", "<!-- note -->", "\n", " ", "&nbsp;",
            "<svg><text>lost</text></svg>", "<audio src=/a.mp3></audio>", "</p>", "</br>",
        ]).prop_map(Piece::Void),
    ]
}

/// The soup, and how many words of it must be found again: `w0w`, `w1w`, …
fn soup(pieces: &[Piece]) -> (String, usize) {
    let mut html = String::new();
    let mut words = 0;
    for piece in pieces {
        match piece {
            Piece::Open(element, attributes) => {
                html += &format!("<{}", ELEMENTS[*element]);
                for attribute in attributes {
                    html += &format!(" {}", ATTRIBUTES[*attribute]);
                }
                html.push('>');
            }
            Piece::Close(element) => html += &format!("</{}>", ELEMENTS[*element]),
            Piece::Word => {
                let script = ["w{}w ", " w{}w", "w{}w", "مرفأ w{}w "][words % 4];
                html += &script.replace("{}", &words.to_string());
                words += 1;
            }
            Piece::Void(void) => html += void,
        }
    }
    (html, words)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 4000, ..ProptestConfig::with_cases(384) })]

    #[test]
    fn no_word_of_any_soup_is_lost(pieces in vec(piece(), 0..40)) {
        let (html, words) = soup(&pieces);
        let (body, _) = Body::from_html(&html);
        let text = body.text();
        for word in 0..words {
            let word = format!("w{word}w");
            prop_assert!(text.matches(&word).count() == 1, "{} in {:?} of {}", word, text, html);
        }
        let out = body.html(Direction::Ltr);
        prop_assert!(!out.contains("lost") && !out.contains("script") && !out.contains("onclick"), "{}", out);
        holds_together(&body);
    }

    #[test]
    fn any_text_at_all_can_be_read(html in prop_oneof![".{0,80}", "[<>/!?a-d=\"' &;#x\\-\u{0}-\u{1F}]{0,60}"]) {
        let (body, _) = Body::from_html(&html);
        holds_together(&body);
    }
}
