//! Markdown meant to keep the server busy, or to bring in what would run: it ends, and nothing of it runs.

use proptest::collection::vec;
use proptest::prelude::*;

use super::{holds_together, read};
use crate::article::body::{Body, MAX_WRITTEN};
use crate::text::Direction;

/// What grows with the square of its length in a careless reader. Tests have no stopwatch: what does not end is noticed.
#[test]
fn what_is_tangled_ends() {
    let many = 8_000;
    let lines = |line: &str| line.repeat(many / 4);
    let texts = [
        "> ".repeat(many) + "a" + &"\n>".repeat(many),
        (">".repeat(200) + "\n").repeat(many / 100),
        "- ".repeat(many) + "a" + &"\n".repeat(many),
        "* a\n".repeat(many) + &"\n".repeat(many),
        (0..800).map(|depth| " ".repeat(depth * 2) + "- a\n").collect::<String>() + &"\n".repeat(many),
        "**a ".repeat(many),
        "*a _b ".repeat(many),
        "a**b".repeat(many) + &"c* ".repeat(many),
        "~~a ".repeat(many),
        "[".repeat(many),
        "![".repeat(many) + &"](/x)".repeat(many),
        "[a](".repeat(many),
        "[a](<".repeat(many),
        "[^a]".repeat(many) + "\n\n[^a]: x",
        (0..many / 4).map(|n| format!("[^{n}]: a[^{}]\n", n + 1)).collect::<String>() + "[^0]",
        "`".repeat(many),
        (1..300).map(|n| "`".repeat(n) + " ").collect(),
        "<a b=c ".repeat(many),
        "<!--".repeat(many),
        "<![CDATA[".repeat(many),
        "<?".repeat(many),
        "<b>".repeat(many),
        "&".repeat(many),
        "\\".repeat(many),
        "[a]: /".to_owned() + &"x".repeat(many) + "\n\n" + &"[a]".repeat(many),
        lines("[a]: /u \"\n"),
        "|".repeat(many) + "\n" + &"|-".repeat(many) + "\n" + &lines("|\n"),
        "a|b\n-|-\n".to_owned() + &lines("a|b\n"),
        "https://a.".repeat(many),
        "a@".repeat(many) + "a.b",
        "www.".repeat(many),
        lines("\u{200F}"),
        lines("١. "),
        lines("١. x\n"),
        lines("    ١. x\n"),
        "\u{200F}> ".repeat(many),
        "```\n".repeat(many),
        "# ".repeat(many),
        "a\n=\n".repeat(many),
    ];
    for text in texts {
        let (body, _) = Body::from_markdown(&text);
        let start: String = text.chars().take(20).collect();
        assert!(body.html(Direction::Ltr).len() < 64 * text.len() + 1000, "{start}");
        serde_json::from_str::<Body>(&serde_json::to_string(&body).unwrap()).unwrap();
    }
}

#[test]
fn what_is_beyond_the_bounds_is_told() {
    let text = "كلمة ".repeat(MAX_WRITTEN / 9 + 10);
    let (body, losses) = Body::from_markdown(&text);
    assert_eq!(losses.len(), 1);
    assert_eq!(losses[0].what, "Markdown beyond 1048576 bytes");
    assert!(body.text().len() <= MAX_WRITTEN && body.text().len() > MAX_WRITTEN - 20);
    // The thirty-third sign is text; code is never touched.
    assert!(read(&("> ".repeat(33) + "a")).contains("&gt; a"));
    let code = "> ".repeat(40);
    assert_eq!(read(&format!("```\n{code}\n```")), format!("code - {code:?}"));
}

#[test]
fn nothing_runs() {
    for markdown in [
        "[a](javascript:alert(1))",
        "[a](  javascript:alert(1))",
        "[a](java&#10;script:alert(1))",
        "[a](&#x6A;avascript:alert(1))",
        "<javascript:alert(1)>",
        "[a]\n\n[a]: javascript:alert(1)",
        "![a](javascript:alert(1))",
        "![\" onerror=\"alert(1)](/x \"\\\" onerror=\\\"alert(1)\")",
        "[a](/x\"onmouseover=\"alert(1))",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<script>alert(1)</script>",
        "a <SCRIPT\nSRC=//evil.example>alert(1)</SCRIPT>",
        "<img src=x onerror=alert(1)>",
        "```\"onclick=alert(1)\nx\n```",
        "```x<script>\nx\n```",
        "| <svg onload=alert(1)> |\n|---|\n| <math><style><img src=x onerror=alert(1)> |",
        "[^a]: <script>alert(1)</script>\n\n[^a]",
        "a[^\"><script>]\n\n[^\"><script>]: x",
        "# a<script>alert(1)</script>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "`<script>` <!-- > <script>alert(1)</script> -->",
        "<!--><script>alert(1)</script>-->",
        "<title><img title=\"</title><script>alert(1)</script>\">",
    ] {
        let (body, _) = Body::from_markdown(markdown);
        holds_together(&body);
        let html = body.html(Direction::Ltr).to_lowercase();
        for runs in [
            "<script",
            "\"javascript:",
            " onerror=",
            " onmouseover=",
            " onclick=",
            " onload=",
            "<svg",
            "<math",
            "<style",
        ] {
            let outside_of_values = html.split('"').step_by(2).any(|part| part.contains(runs));
            assert!(!outside_of_values && !html.contains("=\"javascript:"), "{markdown} gives {html}");
        }
    }
}

/// Pieces of which Markdown is made, and words.
pub(super) fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "كلمة",
        "w",
        " ",
        "  ",
        "\n",
        "\n",
        "\n\n",
        "    ",
        "\t",
        "*",
        "**",
        "_",
        "~~",
        "`",
        "```",
        "> ",
        "- ",
        "1. ",
        "١. ",
        "٢- ",
        "\u{200F}",
        "# ",
        "#",
        "---",
        "===",
        "|",
        "|-|-|",
        "[",
        "]",
        "(",
        ")",
        "](/x)",
        "![",
        "](/a.jpg \"t\")",
        "[^1]",
        "[^1]: ",
        "[^2]",
        "\n[^2]: ",
        "[x]",
        "— ",
        "<",
        "<b>",
        "</b>",
        "<p>",
        "</p>",
        "<blockquote>",
        "</blockquote>",
        "<ol>",
        "<li>",
        "<cite>",
        "</cite>",
        "<footer>",
        "</footer>",
        "<!--",
        "-->",
        "<pre>",
        "</pre>",
        "<table>",
        "<td>",
        "</table>",
        "<h2 id=fn-1>",
        "<i id=fnref-1>",
        "&amp;",
        "&lt;",
        "\\",
        "https://example.org/a",
        "https://youtu.be/x",
        "،",
        "<a href=#fn-1>",
        "</a>",
        "<figure>",
        "<figcaption>",
        "</figure>",
        "<div dir=rtl>",
        "</div>",
        "\"",
        "\u{0}",
        "\r\n",
        "<br>",
        "<img src=/i.png width=9>",
    ]);
    vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 4000, ..ProptestConfig::with_cases(384) })]

    #[test]
    fn any_markdown_gives_a_body_that_holds_together(markdown in prop_oneof![4 => soup(), 1 => ".{0,80}"]) {
        let (body, _) = Body::from_markdown(&markdown);
        holds_together(&body);
    }

    #[test]
    fn no_line_start_changes_what_it_does_not_start(markdown in soup()) {
        let code = markdown.replace(['`', '\r', '\0'], "") + "x";
        let (body, _) = Body::from_markdown(&format!("```\n{code}\n```"));
        let text = body.text();
        prop_assert_eq!(text.trim_matches('\n'), code.trim_matches('\n'));
    }
}
