//! Each construct of Markdown, and the few that are ours.

use super::assert_cases;

#[test]
fn text_has_its_marks() {
    assert_cases(&[
        ("", ""),
        ("One\ntwo.\n\nThree.", "p One two.\np Three."),
        ("a  \nb\\\nc", "p a<br>b<br>c"),
        (
            "*em* __strong__ ***both*** `co  de` ~~out~~",
            "p <em>em</em> <strong>strong</strong> <strong><em>both</em></strong> <code>co de</code> <del>out</del>",
        ),
        ("1 < 2 & \"so\" -- it's...", "p 1 &lt; 2 &amp; \"so\" -- it's..."),
        ("\\*not\\* &eacute; &#1593;", "p *not* é ع"),
        (
            "[l’eau](/مقال \"Le port\") [x][1]\n\n[1]: https://example.org/a%20b",
            "p <a href=\"/مقال\" title=\"Le port\" rel=\"noopener\">l’eau</a> <a href=\"https://example.org/a%20b\" rel=\"noopener\">x</a>",
        ),
        ("[x](javascript:alert(1))", "p x\nlost: attribute href ×1"),
        ("[x](#a) [y]()", "p <a href=\"#a\" rel=\"noopener\">x</a> y\nlost: attribute href ×1"),
    ]);
}

#[test]
fn bare_addresses_are_links_without_the_punctuation_after_them() {
    assert_cases(&[
        (
            "voir https://example.org/a.",
            "p voir <a href=\"https://example.org/a\" rel=\"noopener\">https://example.org/a</a>.",
        ),
        (
            "انظر https://example.org/a، ثم www.example.org؟",
            "p انظر <a href=\"https://example.org/a\" rel=\"noopener\">https://example.org/a</a>، ثم <a href=\"http://www.example.org\" rel=\"noopener\">www.example.org</a>؟",
        ),
        (
            "(«https://example.org/ميناء»)",
            "p («<a href=\"https://example.org/ميناء\" rel=\"noopener\">https://example.org/ميناء</a>»)",
        ),
        ("desk@example.org", "p <a href=\"mailto:desk@example.org\" rel=\"noopener\">desk@example.org</a>"),
    ]);
}

#[test]
fn headings_are_named_and_begin_at_two() {
    assert_cases(&[
        (
            "# العنوان\n\n### Détails ###\n\nLe port\n---",
            "h2#العنوان العنوان\nh3#details Détails\nh2#le-port Le port",
        ),
        ("## Port\n## Port", "h2#port Port\nh2#port-2 Port"),
        ("####### no", "p ####### no"),
    ]);
}

#[test]
fn lists_keep_numbers_and_nesting() {
    assert_cases(&[
        ("- a\n- b", "ul [a | b]"),
        ("* a\n\n  b\n* c", "ul [a {p b} | c]"),
        ("3) c\n4) d", "ol 3 [c | d]"),
        ("0. x", "ol 0 [x]"),
        ("1. a\n   - b\n     1. c\n2. d", "ol 1 [a {ul [b {ol 1 [c]}]} | d]"),
        ("- a\n+ b", "ul [a]\nul [b]"),
        (
            "- [ ] open\n- [x] done\n- [link]\n\n[link]: /l",
            "ul [☐ open | ☑ done | <a href=\"/l\" rel=\"noopener\">link</a>]",
        ),
        ("- ```rust\n  x\n  ```", "ul [ {code rust \"x\"}]"),
    ]);
}

#[test]
fn quotes_know_who_is_quoted() {
    assert_cases(&[
        ("> Dit.\n> — Le maire", "quote {p Dit.} — Le maire"),
        ("> قالت.\n>\n> — **الوزيرة**، أمس", "quote {p قالت.} — <strong>الوزيرة</strong>، أمس"),
        ("> Dit.\n> -- *Le Phare*, 2026", "quote {p Dit.} — <em>Le Phare</em>, 2026"),
        // Speech, a quote of one line, and a dash in the middle.
        ("> — Oui.\n> — Non.", "quote {p — Oui. — Non.}"),
        ("> — Oui.\n>\n> — Non.", "quote {p — Oui.; p — Non.}"),
        ("> — Oui.", "quote {p — Oui.}"),
        ("> a — b", "quote {p a — b}"),
        ("> a\n> > b\n\nc", "quote {p a; quote {p b}}\np c"),
        ("a\n— b", "p a — b"),
    ]);
}

#[test]
fn pictures_alone_are_figures_with_their_title_below() {
    assert_cases(&[
        ("![Le port](/media/a.jpg)", "figure /media/a.jpg “Le port”"),
        ("![*Le* port](/a.jpg \"À l’aube\")", "figure /a.jpg “Le port” caption: À l’aube"),
        ("avant ![x](/a.jpg \"c\") après", "p avant\nfigure /a.jpg “x” caption: c\np après"),
        ("[![x](/a.jpg)](/full.jpg)", "figure /a.jpg “x” to /full.jpg"),
        ("[![x](/a.jpg \"c\")](/full.jpg)", "figure /a.jpg “x” caption: c to /full.jpg"),
        ("![a](/a.jpg)\n![b](/b.jpg)", "figure /a.jpg “a”\nfigure /b.jpg “b”"),
        ("- ![a](/a.jpg \"c\")", "ul [ {figure /a.jpg “a” caption: c}]"),
        ("![x](data:image/png;base64,AA)", "lost: element img ×1"),
    ]);
}

#[test]
fn a_known_sites_address_alone_is_an_embed() {
    assert_cases(&[
        ("https://youtu.be/x", "embed https://youtu.be/x (YouTube)"),
        ("<https://www.youtube.com/watch?v=x>", "embed https://www.youtube.com/watch?v=x (YouTube)"),
        (
            "https://example.org/x",
            "p <a href=\"https://example.org/x\" rel=\"noopener\">https://example.org/x</a>",
        ),
        (
            "voir https://youtu.be/x",
            "p voir <a href=\"https://youtu.be/x\" rel=\"noopener\">https://youtu.be/x</a>",
        ),
        ("[le film](https://youtu.be/x)", "p <a href=\"https://youtu.be/x\" rel=\"noopener\">le film</a>"),
    ]);
}

#[test]
fn code_is_kept_as_it_is() {
    assert_cases(&[
        ("```Rust,ignore\nfn a() {\n    <b>\n}\n```", "code rust \"fn a() {\\n    <b>\\n}\""),
        ("~~~\n\n\tx\n\n~~~", "code - \"\\n\\tx\\n\""),
        ("    a\n\n    b", "code - \"a\\n\\nb\""),
        ("```c++\nx", "code c++ \"x\""),
        ("```\"><script>\nx\n```", "code - \"x\""),
    ]);
}

#[test]
fn tables_are_tables() {
    assert_cases(&[
        (
            "| An | Eau |\n|---:|:---|\n| 2026 | **4** \\| 5 |\n| x |",
            "table <table><thead><tr><th>An</th><th>Eau</th></tr></thead><tbody><tr><td>2026</td><td><strong>4</strong> | 5</td></tr>\
             <tr><td>x</td><td></td></tr></tbody></table>",
        ),
        (
            "السنة | الماء\n---|---",
            "table <table><thead><tr><th>السنة</th><th>الماء</th></tr></thead></table>",
        ),
    ]);
}

#[test]
fn footnotes_are_a_list_with_links_there_and_back() {
    assert_cases(&[
        (
            "Chiffre[^b] et port[^a], encore[^b].\n\n[^a]: Carte.\n[^b]: Selon *le port*.\n\n    Deux.\n\n[^c]: Sans renvoi.",
            "p Chiffre<span id=\"fnref-1\"><a href=\"#fn-1\" rel=\"noopener\"><sup>1</sup></a></span> et \
             port<span id=\"fnref-2\"><a href=\"#fn-2\" rel=\"noopener\"><sup>2</sup></a></span>, \
             encore<span id=\"fnref-1-2\"><a href=\"#fn-1\" rel=\"noopener\"><sup>1</sup></a></span>.\n\
             ol 1 [<span id=\"fn-1\">Selon </span><em>le port</em>. {p Deux. <a href=\"#fnref-1\" rel=\"noopener\">↩</a> \
             <a href=\"#fnref-1-2\" rel=\"noopener\">↩<sup>2</sup></a>} | \
             <span id=\"fn-2\">Carte. </span><a href=\"#fnref-2\" rel=\"noopener\">↩</a> | Sans renvoi.]",
        ),
        ("a[^x]", "p a[^x]"),
        // A definition within another's is none of the first's.
        (
            "a[^1]\n\n[^1]: b[^2]\n\n    [^2]: c",
            "p a<span id=\"fnref-1\"><a href=\"#fn-1\" rel=\"noopener\"><sup>1</sup></a></span>\nol 1 [<span id=\"fn-1\">b[^2]</span> {p <a href=\"#fnref-1\" rel=\"noopener\">↩</a>} | c]",
        ),
        // A code block holds no link and no name.
        (
            "a[^1]\n\n[^1]:\n    ```\n    x\n    ```",
            "p a<span id=\"fnref-1\"><a href=\"#fn-1\" rel=\"noopener\"><sup>1</sup></a></span>\nol 1 [ {code - \"x\"; p <span id=\"fn-1\"><a href=\"#fnref-1\" rel=\"noopener\">↩</a></span>}]",
        ),
    ]);
}

#[test]
fn html_is_read_as_html() {
    assert_cases(&[
        ("a <b>b</b> <u>c</u><br>d", "p a <strong>b</strong> <u>c</u><br>d"),
        (
            "<dl><dt>مرفأ</dt><dd>port</dd></dl>\n\n*x*",
            "raw <dl><dt>مرفأ</dt><dd>port</dd></dl>\np <em>x</em>",
        ),
        ("<div dir=\"rtl\">\n\nabc\n\n</div>", "p[rtl] abc"),
        ("a <script>alert(1)</script> b", "p a b\nlost: element script ×1"),
        ("<iframe src=\"https://youtu.be/x\"></iframe>", "embed https://youtu.be/x (YouTube)"),
        ("a <img src=x onerror=alert(1)>", "p a\nfigure x\nlost: attribute onerror ×1"),
        ("a\n\n---\n\nb", "p a\nraw <hr>\np b"),
    ]);
}
