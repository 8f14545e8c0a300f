//! Markup meant to harm: to run something in a reader's browser, or to keep the server busy. Nothing of it
//! runs, text stays text, and it ends.

use super::super::sanitise::sanitise;
use super::{assert_cases, holds_together, read};
use crate::article::body::Body;
use crate::text::Direction;

#[test]
fn what_runs_is_dropped_and_counted() {
    assert_cases(&[
        ("<script>alert(1)</script>", "lost: element script ×1"),
        ("<p>a<script src=//evil.example/x.js></script>b</p>", "p ab\nlost: element script ×1"),
        ("<style>p{display:none}</style><p>a</p>", "p a\nlost: element style ×1"),
        ("<img src=/a.jpg onerror=alert(1)>", "figure /a.jpg\nlost: attribute onerror ×1"),
        (
            "<p onclick='x()' ONMOUSEOVER=y()>a</p>",
            "p a\nlost: attribute onclick ×1\nlost: attribute onmouseover ×1",
        ),
        ("<a href='javascript:alert(1)'>a</a>", "p a\nlost: attribute href ×1"),
        ("<a href='&#106;ava&Tab;script&colon;alert(1)'>a</a>", "p a\nlost: attribute href ×1"),
        ("<a href=' java\nscript:alert(1)'>a</a>", "p a\nlost: attribute href ×1"),
        ("<a href='data:text/html;base64,PHNjcmlwdD4='>a</a>", "p a\nlost: attribute href ×1"),
        ("<a href=vbscript:x>a</a>", "p a\nlost: attribute href ×1"),
        ("<svg onload=alert(1)><script>x</script></svg>", "lost: attribute onload ×1\nlost: element svg ×1"),
        ("<svg><a xlink:href='javascript:x'><text>a</text></a></svg>", "lost: element svg ×1"),
        ("<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>", "lost: element math ×1"),
        ("<iframe src='data:text/html,<script>x</script>'></iframe>", "lost: element iframe ×1"),
        (
            "<object data='javascript:x'></object><embed src='javascript:x'>",
            "lost: element embed ×1\nlost: element object ×1",
        ),
        (
            "<base href='//evil.example/'><meta http-equiv=refresh content='0;url=//evil.example'><link rel=stylesheet href=//e>",
            "lost: element base ×1\nlost: element link ×1\nlost: element meta ×1",
        ),
        ("<template><script>x</script></template>", "lost: element template ×1"),
        ("<p style='background:url(javascript:x)'>a</p>", "p a\nlost: attribute style ×1"),
        (
            "<table background='javascript:x'><tr><td onclick=x>a<script>y</script></td></tr></table>",
            "table <table><tbody><tr><td>a</td></tr></tbody></table>\n\
          lost: attribute background ×1\nlost: attribute onclick ×1\nlost: element script ×1",
        ),
        (
            "<details ontoggle=x open><summary>a</summary></details>",
            "raw <details open=\"\"><summary>a</summary></details>\nlost: attribute ontoggle ×1",
        ),
        (
            "<form action='javascript:x'><button formaction='javascript:y'>a</button></form>",
            "p a\nlost: attribute action ×1\nlost: attribute formaction ×1\nlost: element button ×1\nlost: element form ×1",
        ),
        ("<h2 id='\" onclick=x'>a</h2>", "h2#a a"),
        ("<pre><code class='language-\"><script>'>a</code></pre>", "code - \"a\""),
        ("<figure class=embed data-url='javascript:x'>a</figure>", "p a"),
    ]);
}

#[test]
fn text_that_looks_like_markup_stays_text() {
    assert_cases(&[
        ("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", "p &lt;script&gt;alert(1)&lt;/script&gt;"),
        ("<img src=/a.jpg alt='\"><script>x</script>'>", "figure /a.jpg “\"><script>x</script>”"),
        ("<p>]]&gt; --&gt; &lt;!--</p>", "p ]]&gt; --&gt; &lt;!--"),
        ("<textarea><img src=x onerror=x></textarea>", "lost: element textarea ×1"),
        ("a < b and c > d", "p a &lt; b and c &gt; d"),
        ("<p>a\u{0}b\u{1B}c</p>", "p abc"),
        ("&#0;&#x1F;&#128;", "p \u{FFFD}€"),
    ]);
}

/// Markup that one parser reads otherwise than the next, collected from what broke sanitisers before.
#[test]
fn mutations_find_nothing_to_mutate() {
    for html in [
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<table><td><noscript><svg><style></noscript><img src=x onerror=alert(1)>",
        "<details><xmp><p title='</xmp><img src=x onerror=alert(1)>'></details>",
        "<dl><plaintext><img src=x onerror=alert(1)></dl>",
        "<dl><noembed></dl><img src=x onerror=alert(1)>",
        "<table><caption><listing>&lt;img src=x onerror=alert(1)&gt;</listing></caption></table>",
        "<a href=/x><table><a href=/y><svg><desc><a>",
        "<table><tr><td><select><option><table><img src=x onerror=alert(1)></table></select>",
        "<svg><annotation-xml encoding='text/html'><img src=x onerror=alert(1)></annotation-xml></svg>",
        "<math><annotation-xml encoding='text/html'><style><img src=x onerror=alert(1)>",
        "<pre><b><pre><img src=x onerror=alert(1)></pre></b></pre>",
        "<dl><h2>a<center><h2>b",
        "<table><a><b><table><i></a></b>x</i></table>",
    ] {
        let (body, _) = Body::from_html(html);
        holds_together(&body);
        let out = body.html(Direction::Ltr);
        assert!(!out.replace("&lt;img", "").contains("onerror=alert(1)>"), "{html}: {out}");
        for tag in ["<style", "<svg", "<math", "<script", "<noscript", "<iframe", "<form", "<select", "<xmp"]
        {
            assert!(!out.contains(tag), "{html}: {out}");
        }
    }
}

#[test]
fn the_sanitiser_by_itself_lets_nothing_through() {
    for (html, clean) in [
        ("<p class=x id=y style=z onclick=w dir=rtl lang=ar>a</p>", "<p dir=\"rtl\" lang=\"ar\">a</p>"),
        ("<iframe src=https://example.org></iframe>", ""),
        ("<a href=javascript:x rel=opener target=_blank>a</a>", "<a rel=\"noopener\">a</a>"),
        ("<img src=data:image/png;base64,x srcset=/y onerror=x>", "<img>"),
        (
            "<figure class='embed other'><small class=credit>a</small></figure>",
            "<figure><small class=\"credit\">a</small></figure>",
        ),
        ("<h2 id='a b'>a</h2><p dir=sideways>b</p>", "<h2>a</h2><p>b</p>"),
        ("<code class='language-x\" y'>a</code>", "<code>a</code>"),
    ] {
        assert_eq!(sanitise(html), clean, "{html}");
    }
}

/// Each of these once took time that grows with the square of its size, overflowed the stack or filled the
/// memory of some parser. They end here, and the words in them are kept.
#[test]
fn nesting_and_repetition_are_bounded() {
    let n = 100_000;
    let cases = [
        ("<div>".repeat(n) + "word", 1),
        ("<span>".repeat(n) + "word" + &"</span>".repeat(n), 1),
        ("<b>".repeat(n / 4) + "word", 1),
        ((0..n / 10).map(|i| format!("<font size={i}>")).collect::<String>() + &"<p>word".repeat(500), 500),
        ("<b>".repeat(60) + &"<div>".repeat(60) + &"</b>".repeat(n / 10) + "word", 1),
        ("<ul><li>word ".repeat(n / 40), n / 40),
        ("<blockquote>word ".repeat(n / 40), n / 40),
        ("<table><tr><td>word ".repeat(n / 40), n / 40),
        ("<figure><figcaption>word ".repeat(n / 40), n / 40),
        ("<dl><dd>word ".repeat(n / 40), n / 40),
        ("<details>".repeat(n / 10) + "word", 1),
        ("<a href=/x>word ".repeat(n / 40), n / 40),
        ("<table>word ".repeat(n / 40), n / 40),
        ("<h2>word</h2>".repeat(n / 40), n / 40),
        ("<svg><desc>".repeat(n / 10), 0),
        ("<template>".repeat(n / 10), 0),
        ("</p></br>".repeat(n / 10) + "word", 1),
        ("&lt;".repeat(n) + " word", 1),
        ("<".repeat(n) + " word", 1),
        ("<!--".repeat(n) + "--> word", 1),
        // Tags of more attributes than a page has elements, in the open and behind a quoted angle bracket.
        (format!("<p {}>word", (0..n).map(|i| format!("a{i} ")).collect::<String>()), 1),
        (format!("<p x=\">\" {}>word", (0..n).map(|i| format!("a{i} ")).collect::<String>()), 1),
        (format!("<img src='data:image/png;base64,{}'>word", "ab/c".repeat(n)), 1),
        (format!("<!--{}-->word", "<o:p> x".repeat(n)), 1),
    ];
    for (html, words) in cases {
        let (body, _) = Body::from_html(&html);
        let text = body.text();
        let start: String = html.chars().take(60).collect();
        assert_eq!(text.matches("word").count(), words, "{start}");
        let out = body.html(Direction::Rtl);
        let depth = out.matches("<li>").count().max(out.matches("<blockquote").count());
        assert!(depth <= 64, "{start}: {depth}");
        let json = serde_json::to_string(&body).unwrap();
        assert_eq!(serde_json::from_str::<Body>(&json).unwrap(), body, "{start}");
    }
}

#[test]
fn what_the_bounds_cut_off_is_counted() {
    assert_eq!(read(&("<div>".repeat(200) + "word")), "p word\nlost: element nested too deep ×138");
    let html = "<p>word</p>".to_owned() + &" ".repeat(4 << 20) + "lost";
    assert_eq!(read(&html), "p word\nlost: HTML beyond 4194304 bytes ×1");
    let attributes: String = (0..300).map(|i| format!("<p on{i}=x>")).collect();
    let (_, losses) = Body::from_html(&attributes);
    assert_eq!(losses.len(), 201);
    assert_eq!(losses.iter().map(|loss| loss.count).sum::<u32>(), 300);
}
