//! A body written as Markdown is read back as the same body, and looks as a person would have written it.

use proptest::collection::vec;
use proptest::prelude::*;

use super::hostile::soup;
use crate::article::body::parse::tests::{block, named};
use crate::article::body::{Body, FigureImage};
use crate::media::ImageId;
use crate::text::Direction;

/// Writes what a piece of Markdown says as Markdown, which must say the same.
fn again(markdown: &str) -> String {
    let (body, _) = Body::from_markdown(markdown);
    let written = body.markdown(Direction::Rtl);
    assert_eq!(Body::from_markdown(&written).0, body, "{written}");
    written
}

#[test]
fn what_a_person_writes_comes_back_as_it_was() {
    for markdown in [
        "",
        "قالت **الوزيرة** إن *الخطة* ~~قديمة~~ `كود` [رابط](/مقال \"عنوان\")\\\nسطر ثانٍ",
        "## ميناء مرسى نور\n\n### Détails",
        "1. أولًا\n2. ثانيًا\n\n   - فرع\n   - آخر",
        "3. a\n\n   b\n4. c",
        "- a\n\n<!-- -->\n\n- b",
        "- ☑ done\n- ☐ open",
        "> قالت.\n>\n> — الوزيرة",
        "> a\n>\n> > b",
        "![سفن](/media/demo/a.jpg \"فجرًا\")",
        "[![x](/a.jpg)](/full.jpg)",
        "https://youtu.be/x",
        "| سنة | ماء |\n| --- | --- |\n| ٢٠٢٦ | **٤** \\| 5 |",
        "```rust\nlet x = 1;\n\n    y\n```",
        "````\n```\n````",
        "a\n\n---\n\nb",
        "Chiffre[^1] et[^2], encore[^1].\n\n[^1]: Source *A*.\n\n[^2]: b\n\n    Deux.",
        "\\- a\n\n1\\. b\n\n١\\. ج\n\n\\# d\n\n2026 \\* 3 \\_x\\_ \\[y\\] &amp;lt; \\<b>",
        "<dl><dt>مرفأ</dt><dd>port</dd></dl>",
        "H<sub>2</sub>O <mark>x</mark> <a href=\"/x\" rel=\"noopener nofollow\">y</a>",
    ] {
        assert_eq!(again(markdown), markdown);
    }
}

#[test]
fn what_markdown_cannot_say_is_html() {
    for (html, markdown) in [
        ("<p dir=ltr>نص</p>", "<p dir=\"ltr\">نص</p>"),
        ("<h2 id=x>Port</h2>", "<h2 id=\"x\" dir=\"ltr\">Port</h2>"),
        ("<pre><code>a\n\n</code></pre>", "```\na\n\n\n```"),
        ("<ol reversed><li>a<li>b</ol>", "<ol reversed=\"\" dir=\"ltr\"><li>a</li><li>b</li></ol>"),
        (
            "<figure><img src=/a.jpg><figcaption><small class=credit>R</small></figcaption></figure>",
            "<figure><img src=\"/a.jpg\" alt=\"\"><figcaption><small class=\"credit\">R</small></figcaption></figure>",
        ),
        ("<p>https://example.org/a</p>", "<p dir=\"ltr\">https://example.org/a</p>"),
        ("<p>a<b>b</b><i>c</i></p>", "a**b***c*"),
        ("<p>ا<b> ب </b>ج</p>", "ا<strong> ب </strong>ج"),
    ] {
        let (body, _) = Body::from_html(html);
        let written = body.markdown(Direction::Rtl);
        assert_eq!(written, markdown);
        assert_eq!(Body::from_markdown(&written).0, body, "{written}");
    }
}

#[test]
fn a_picture_of_the_library_is_named_by_its_address() {
    let (mut body, _) =
        Body::from_html("<figure><img src=/media/a.jpg alt=x><figcaption>c</figcaption></figure>");
    body.for_each_image(&mut |image: &mut FigureImage| {
        (image.id, image.width, image.height) = (Some(ImageId::from_stored(1)), Some(1600), Some(900));
    });
    assert_eq!(body.markdown(Direction::Ltr), "![x](/media/a.jpg \"c\")");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 2000, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn any_body_comes_back(blocks in vec(block(), 0..6)) {
        let body = named(blocks);
        for base in [Direction::Ltr, Direction::Rtl] {
            let written = body.markdown(base);
            prop_assert_eq!(&Body::from_markdown(&written).0, &body, "{}", written);
        }
    }

    #[test]
    fn any_markdown_comes_back(markdown in soup()) {
        again(&markdown);
    }
}
