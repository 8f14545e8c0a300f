//! The same text in Markdown and in HTML is the same body.

use super::holds_together;
use crate::article::body::Body;

#[test]
fn markdown_and_html_say_the_same() {
    for (markdown, html) in [
        ("نصٌّ **عريض** و*مائل*.", "<p>نصٌّ <b>عريض</b> و<i>مائل</i>.</p>"),
        ("# Le port\n\n## L’eau", "<h1>Le port</h1><h2>L’eau</h2>"),
        ("١. أولًا\n٢. ثانيًا\n   - فرع", "<ol><li>أولًا</li><li>ثانيًا<ul><li>فرع</li></ul></li></ol>"),
        ("3. a\n\n   b\n4. c", "<ol start=3><li><p>a</p><p>b</p></li><li>c</li></ol>"),
        ("> قالت.\n> — الوزيرة", "<blockquote><p>قالت.</p><cite>الوزيرة</cite></blockquote>"),
        (
            "![Le port](/media/a.jpg \"À l’aube\")",
            "<figure><img src=/media/a.jpg alt='Le port'><figcaption>À l’aube</figcaption></figure>",
        ),
        ("https://youtu.be/x", "<iframe src='https://youtu.be/x'></iframe>"),
        ("```rust\nfn a() {}\n```", "<pre><code class=language-rust>fn a() {}</code></pre>"),
        (
            "| An | Eau |\n|---|---|\n| 2026 | 4 % |",
            "<table>\n<thead>\n<tr>\n<th>An</th>\n<th>Eau</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>2026</td>\n<td>4 %</td>\n</tr>\n</tbody>\n</table>",
        ),
        (
            "Chiffre[^1].\n\n[^1]: Source.",
            "<p>Chiffre<sup><a href='#fn-1' id='fnref-1'>1</a></sup>.</p><ol><li id='fn-1'>Source. <a href='#fnref-1'>↩</a></li></ol>",
        ),
        ("a\n\n---\n\n[b](/c \"d\")", "<p>a</p><hr><p><a href=/c title=d>b</a></p>"),
        ("<details><summary>Plus</summary>\nx</details>", "<details><summary>Plus</summary>\nx</details>"),
    ] {
        let (written, losses) = Body::from_markdown(markdown);
        assert_eq!(losses, [], "{markdown}");
        holds_together(&written);
        assert_eq!(written, Body::from_html(html).0, "{markdown}");
    }
}
