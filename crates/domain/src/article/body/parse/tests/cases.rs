//! What each kind of HTML becomes, in the languages of a newsroom. It must not lean on one editor's markup:
//! see [`super::wordpress`] for that.

use super::assert_cases;

#[test]
fn text_becomes_paragraphs_with_marks() {
    assert_cases(&[
        ("Loose text", "p Loose text"),
        ("<p>نصٌّ <b>عريض</b></p>", "p نصٌّ <strong>عريض</strong>"),
        ("a<p>b</p>c", "p a\np b\np c"),
        ("<p>L’eau <b>coûte <i>plus</i></b> cher</p>", "p L’eau <strong>coûte <em>plus</em></strong> cher"),
        // Two ways of nesting the same are one value.
        ("<p><i><b>x</b></i><b><i>y</i></b></p>", "p <strong><em>xy</em></strong>"),
        ("<p>  white\n\t space </p>", "p white space"),
        ("<p>12&nbsp;% — «&nbsp;oui&nbsp;»</p>", "p 12&nbsp;% — «&nbsp;oui&nbsp;»"),
        ("<p>a&lt;b&gt; &amp;amp;</p>", "p a&lt;b&gt; &amp;amp;"),
        ("<p>one<br>two</p>", "p one<br>two"),
        // Two line ends are how some editors divide paragraphs; empty paragraphs only push text apart.
        ("<p>one<br><br>two<br>&nbsp;<br>three</p><p>&nbsp;</p>", "p one\np two\np three"),
        (
            "<p>H<sub>2</sub>O, 2<sup>e</sup>, <kbd>Ctrl</kbd></p>",
            "p H<sub>2</sub>O, 2<sup>e</sup>, <kbd>Ctrl</kbd>",
        ),
        (
            "<p><abbr title='Organisation mondiale'>OMS</abbr> <span lang=ar>صوت</span></p>",
            "p <abbr title=\"Organisation mondiale\">OMS</abbr> <span lang=\"ar\">صوت</span>",
        ),
        ("<div><section>a<div>b</div></section></div>", "p a\np b"),
        ("", ""),
        ("<p></p><div> </div>", ""),
        ("<p>long<wbr>word</p>", "p long\u{200B}word"),
    ]);
}

#[test]
fn what_word_processors_write_keeps_its_meaning() {
    assert_cases(&[
        (
            "<b style='font-weight:normal' id='docs-internal-guid-1'><p><span style='font-weight:700'>Gras</span> et \
             <span style='font-style:italic'>italique</span></p></b>",
            "p <strong>Gras</strong> et <em>italique</em>\nlost: attribute style ×3",
        ),
        ("<p>A<o:p></o:p> <font color=red>rouge</font></p>", "p A rouge"),
        (
            "<p><span style='text-decoration: line-through underline'>x</span></p>",
            "p <u><s>x</s></u>\nlost: attribute style ×1",
        ),
    ]);
}

#[test]
fn links_keep_what_is_safe() {
    assert_cases(&[
        ("<a href='/a' target=_blank>x</a>", "p <a href=\"/a\" rel=\"noopener\">x</a>"),
        (
            "<a href='https://example.org/?a=1&amp;b=2' rel='sponsored nofollow noreferrer' title='Le \"port\"'>x</a>",
            "p <a href=\"https://example.org/?a=1&amp;b=2\" title=\"Le &quot;port&quot;\" \
             rel=\"noopener nofollow sponsored\">x</a>",
        ),
        (
            "<a href='mailto:desk@example.org'>x</a>",
            "p <a href=\"mailto:desk@example.org\" rel=\"noopener\">x</a>",
        ),
        ("<a>x</a>", "p x"),
        ("<a href='  /a\nb '>x</a>", "p <a href=\"/ab\" rel=\"noopener\">x</a>"),
        // A block within a link: the link is on its text.
        (
            "<a href=/a><div>x</div><p>y</p></a>",
            "p <a href=\"/a\" rel=\"noopener\">x</a>\np <a href=\"/a\" rel=\"noopener\">y</a>",
        ),
    ]);
}

#[test]
fn headings_have_names_of_their_own() {
    assert_cases(&[
        ("<h1>العنوان</h1>", "h2#العنوان العنوان"),
        ("<h6>Détails</h6><h3>Détails</h3>", "h6#details Détails\nh3#details-2 Détails"),
        // A name that came is kept, and not made a second time before it came.
        ("<h2>Port</h2><h2 id=port>Le port</h2>", "h2#port-2 Port\nh2#port Le port"),
        ("<h2 id='a b'>Port</h2><h2 id=x>1</h2><h2 id=x>2</h2>", "h2#port Port\nh2#x 1\nh2#2 2"),
        ("<h2>!?</h2><h2>…</h2>", "h2#section !?\nh2#section-2 …"),
        (
            "<h2><a name=ch1></a>Un</h2><p><a href='#ch1'>voir</a></p>",
            "h2#ch1 Un\np <a href=\"#ch1\" rel=\"noopener\">voir</a>",
        ),
        (
            "<a name=ch1></a><h2>Un</h2><p><a href='#ch1'>voir</a></p>",
            "h2#ch1 Un\np <a href=\"#ch1\" rel=\"noopener\">voir</a>",
        ),
        ("<h2></h2><h2>a<br>b</h2>", "h2#a-b a<br>b"),
        ("<h2><img src=/logo.png></h2>", "figure /logo.png\nlost: element h2 ×1"),
    ]);
}

#[test]
fn footnotes_keep_their_way_back() {
    assert_cases(&[(
        "<p>Chiffre<sup><a href='#n1' id='r1'>1</a></sup></p><ol><li id='n1'>Source <a href='#r1'>↩</a></li></ol>\
         <p id='unused'>x</p>",
        "p Chiffre<span id=\"r1\"><a href=\"#n1\" rel=\"noopener\"><sup>1</sup></a></span>\n\
         ol 1 [<span id=\"n1\">Source </span><a href=\"#r1\" rel=\"noopener\">↩</a>]\n\
         p x",
    )]);
}

#[test]
fn lists_keep_their_numbers_and_nesting() {
    assert_cases(&[
        ("<ul><li>بند</li><li>آخر</li></ul>", "ul [بند | آخر]"),
        ("<ol start=5><li>cinq</li></ol><ol><li>un</li></ol>", "ol 5 [cinq]\nol 1 [un]"),
        ("<ol reversed start='3'><li>x</li></ol>", "ol 3 reversed [x]"),
        ("<ol><li value=7>x</li><li value=9>y</li></ol>", "ol 7 [x | y]\nlost: attribute value ×1"),
        (
            "<ol start='-3' type=a><li>x</li></ol>",
            "ol 1 [x]\nlost: attribute start ×1\nlost: attribute type ×1",
        ),
        ("<ul><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li></ul>", "ul [a {ul [b {ol 1 [c]}]}]"),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "ul [a {p b}]"),
        ("<ul><li>a<ul><li>b</li></ul>c</li></ul>", "ul [a {ul [b]; p c}]"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "ul [a {ul [b]}]"),
        ("<ul>a<li>b</li></ul>", "ul [a | b]"),
        ("<ul><li></li><li>b</li></ul><ol><li></li><li>b</li></ol>", "ul [b]\nol 1 [ | b]"),
        ("<ul><li><img src=/a.jpg>x</li></ul>", "ul [ {figure /a.jpg; p x}]"),
        ("<ul></ul>", ""),
    ]);
}

#[test]
fn quotes_know_who_is_quoted() {
    assert_cases(&[
        ("<blockquote><p>قالت.</p><cite>الوزيرة</cite></blockquote>", "quote {p قالت.} — الوزيرة"),
        (
            "<blockquote>Dit.<footer>— <cite>Le Phare</cite>, 2026</footer></blockquote>",
            "quote {p Dit.} — — <cite>Le Phare</cite>, 2026",
        ),
        ("<blockquote><p>a</p><p><cite>B</cite></p></blockquote>", "quote {p a} — B"),
        ("<figure><blockquote>a</blockquote><figcaption>B</figcaption></figure>", "quote {p a} — B"),
        // A title that is part of what was said.
        (
            "<blockquote><p>a</p>dans <cite>Le Phare</cite></blockquote>",
            "quote {p a; p dans <cite>Le Phare</cite>}",
        ),
        ("<blockquote><cite>Le Phare</cite> l’a dit</blockquote>", "quote {p <cite>Le Phare</cite> l’a dit}"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "quote {p a; quote {p b}}"),
        ("<blockquote>a</blockquote><blockquote>b</blockquote>", "quote {p a}\nquote {p b}"),
        (
            "<blockquote cite='https://example.org'><ul><li>x</li></ul></blockquote>",
            "quote {ul [x]}\nlost: attribute cite ×1",
        ),
        ("<blockquote></blockquote>", ""),
    ]);
}

#[test]
fn images_stand_by_themselves_unless_they_are_signs() {
    assert_cases(&[
        ("<p><img src=/a.jpg alt='Le port' width=800 height='600px'></p>", "figure /a.jpg 800x600 “Le port”"),
        ("<p>avant <img src=/a.jpg> après</p>", "p avant\nfigure /a.jpg\np après"),
        (
            "<p>a <img src=/i.png width=16 height=16 alt=drapeau> b</p>",
            "p a <img src=\"/i.png\" alt=\"drapeau\" width=\"16\" height=\"16\"> b",
        ),
        ("<p><img src=/i.png width=16></p>", "figure /i.png"),
        ("<a href=/full.jpg><img src=/a.jpg></a>", "figure /a.jpg to /full.jpg"),
        (
            "<figure><a href=/full.jpg><img src=/a.jpg></a><figcaption>Le <em>port</em></figcaption></figure>",
            "figure /a.jpg caption: Le <em>port</em> to /full.jpg",
        ),
        (
            "<figure><img src=/a.jpg><figcaption>Le port <span class='media-credit'>Rania  Khoury</span></figcaption></figure>",
            "figure /a.jpg caption: Le port credit: Rania Khoury",
        ),
        ("<picture><source srcset=/a.webp><img src=/a.jpg></picture>", "figure /a.jpg"),
        (
            "<img src='data:image/gif;base64,R0' data-src=/late.jpg><noscript><img src=/late.jpg></noscript>",
            "figure /late.jpg",
        ),
        ("<noscript><img src=/a.jpg></noscript>", "figure /a.jpg"),
        ("<img src='data:image/png;base64,iVBO' alt=x><img alt=y>", "lost: element img ×2"),
        ("<img src=//stats.example/t.gif width=1 height=1>", "lost: element img (1 pixel) ×1"),
        (
            "<figure><img src=/a.jpg><img src=/b.jpg><figcaption>Deux</figcaption></figure>",
            "gallery [/a.jpg | /b.jpg] Deux",
        ),
        (
            "<figure><img src=/a.jpg><p>texte</p><figcaption>Un</figcaption></figure>",
            "figure /a.jpg\np texte\np Un",
        ),
        ("<figure>texte</figure><figure><figcaption>légende</figcaption></figure>", "p texte\np légende"),
    ]);
}

#[test]
fn frames_and_players_become_embeds() {
    assert_cases(&[
        (
            "<iframe src='https://www.youtube.com/embed/x'></iframe>",
            "embed https://www.youtube.com/embed/x (YouTube)",
        ),
        (
            "<p>a<iframe src='//player.vimeo.com/video/1'></iframe>b</p>",
            "p a\nembed https://player.vimeo.com/video/1 (Vimeo)\np b",
        ),
        (
            "<figure><iframe src='https://example.org/map'></iframe><figcaption>خريطة</figcaption></figure>",
            "embed https://example.org/map خريطة",
        ),
        (
            "<iframe src='javascript:x()'></iframe><iframe srcdoc='<p>x'></iframe>",
            "lost: attribute srcdoc ×1\nlost: element iframe ×2",
        ),
        (
            "<iframe src='about:blank' data-src='https://example.org/late'></iframe>",
            "embed https://example.org/late",
        ),
        (
            "<audio src=/a.mp3></audio><video><source src=/v.mp4>old browser</video>",
            "embed /a.mp3\nembed /v.mp4",
        ),
        (
            "<object><param name=movie value='https://www.youtube.com/v/x'><embed src='https://www.youtube.com/v/x'></object>",
            "embed https://www.youtube.com/v/x (YouTube)",
        ),
        ("<object>sans film</object>", "p sans film\nlost: element object ×1"),
        (
            "<blockquote class='twitter-tweet'><p lang=fr dir=ltr>Bonjour</p>— A <a href='https://x.com/a/status/1'>mai</a>\
             </blockquote><script src='https://platform.x.com/w.js'></script>",
            "embed https://x.com/a/status/1 (X) <blockquote><p dir=\"ltr\" lang=\"fr\">Bonjour</p>— A \
             <a href=\"https://x.com/a/status/1\" rel=\"noopener\">mai</a></blockquote>\nlost: element script ×1",
        ),
        (
            "<table><tr><td><iframe src='https://example.org/f'></iframe></td></tr></table>",
            "table <table><tbody><tr><td><a href=\"https://example.org/f\" rel=\"noopener\">https://example.org/f</a></td></tr></tbody></table>",
        ),
    ]);
}

#[test]
fn code_and_verse_keep_their_lines() {
    assert_cases(&[
        (
            "<pre><code class='hljs language-Rust'>fn a() {\n    &lt;b&gt;\n}</code></pre>",
            "code rust \"fn a() {\\n    <b>\\n}\"",
        ),
        ("<pre>a<br>b\tc</pre>", "code - \"a\\nb\\tc\""),
        ("<pre class='brush: php; title: x'>echo;</pre>", "code php \"echo;\""),
        ("<pre><code><span class=k>let</span> x</code></pre>", "code - \"let x\""),
        ("<pre>voir <a href=/a>ici</a></pre>", "raw <pre>voir <a href=\"/a\" rel=\"noopener\">ici</a></pre>"),
        ("<pre>a<script>x()</script></pre>", "code - \"a\"\nlost: element script ×1"),
        ("<xmp><b>x</b></xmp>", "code - \"<b>x</b>\""),
        ("<p>la <code>valeur</code></p>", "p la <code>valeur</code>"),
        ("<pre class=verse>في البدء\nكان البحر\n\nثم المرفأ</pre>", "p في البدء<br>كان البحر\np ثم المرفأ"),
    ]);
}

#[test]
fn what_no_block_expresses_is_kept_as_markup() {
    assert_cases(&[
        ("<p>a</p><hr class=x><p>b</p>", "p a\nraw <hr>\np b"),
        ("<dl><dt>مرفأ</dt><dd>port</dd></dl>", "raw <dl><dt>مرفأ</dt><dd>port</dd></dl>"),
        (
            "<details open><summary>Plus</summary><p>x</p></details>",
            "raw <details open=\"\"><summary>Plus</summary><p>x</p></details>",
        ),
        (
            "<table><caption>Budget</caption><tr><th scope=col style='color:red'>An<td colspan=2>1</table>",
            "table <table><caption>Budget</caption><tbody><tr><th scope=\"col\">An</th><td colspan=\"2\">1</td></tr></tbody></table>\n\
             lost: attribute style ×1",
        ),
        (
            "<figure><table><tr><td>1</td></tr></table><figcaption>Budget</figcaption></figure>",
            "table <table><caption>Budget</caption><tbody><tr><td>1</td></tr></tbody></table>",
        ),
        (
            "<table><tr><td>a<table><tr><td>b</td></tr></table></td></tr></table>",
            "table <table><tbody><tr><td>a<table><tbody><tr><td>b</td></tr></tbody></table></td></tr></tbody></table>",
        ),
        ("<table><tr><td></td></tr></table>", ""),
        ("<p><ruby>漢<rp>(</rp><rt>kan</rt></ruby></p>", "p 漢(kan)\nlost: element ruby ×1"),
        (
            "<form action=/x>Nom <input name=n><button>Envoyer</button></form>",
            "p Nom Envoyer\nlost: attribute action ×1\nlost: element button ×1\nlost: element form ×1\nlost: element input ×1",
        ),
        ("<x-poll>Oui ?</x-poll>", "p Oui ?\nlost: element x-poll ×1"),
    ]);
}

#[test]
fn quotes_and_lists_too_deep_for_blocks_are_kept_as_markup() {
    let html = "<ul><li>x".repeat(14) + &"</li></ul>".repeat(14);
    let expected = format!(
        "{}{}{}",
        "ul [x {".repeat(12),
        "raw <ul><li>x<ul><li>x</li></ul></li></ul>",
        "}]".repeat(12)
    );
    assert_cases(&[(&html, &expected)]);
}
