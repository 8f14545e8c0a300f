//! Direction: followed from the text, kept where it was said and the text says otherwise, written where a
//! reader's browser needs it.

use super::{assert_cases, read};
use crate::article::body::Body;
use crate::text::Direction::{Ltr, Rtl};

#[test]
fn what_was_said_is_kept_where_the_text_says_otherwise() {
    assert_cases(&[
        ("<p dir=rtl>نص</p>", "p نص"),
        ("<p dir=ltr>نص</p>", "p[ltr] نص"),
        ("<p dir=rtl>iPhone 15 في المرفأ</p>", "p[rtl] iPhone 15 في المرفأ"),
        ("<p dir=rtl>2026</p>", "p[rtl] 2026"),
        ("<p dir=auto>نص</p>", "p نص"),
        (
            "<div dir=rtl><p>Port</p><div dir=ltr><p>مرفأ</p><p dir=auto>مرفأ</p></div></div>",
            "p[rtl] Port\np[ltr] مرفأ\np مرفأ",
        ),
        ("<h2 dir=rtl id=a>Port</h2>", "h2[rtl]#a Port"),
        // Items run as their list does.
        ("<ul dir=rtl><li>iPhone</li><li>هاتف</li></ul>", "ul[rtl] [iPhone | هاتف]"),
        ("<ul><li dir=rtl>iPhone</li></ul>", "ul [<span dir=\"rtl\">iPhone</span>]"),
        ("<blockquote dir=rtl><p>2026</p><cite>قال</cite></blockquote>", "quote {p 2026} — قال"),
        ("<blockquote dir=rtl><p>Port</p></blockquote>", "quote[rtl] {p[rtl] Port}"),
        (
            "<table dir=rtl><tr><td>Port</td></tr></table>",
            "table[rtl] <table><tbody><tr><td>Port</td></tr></tbody></table>",
        ),
        ("<p>Le mot <span dir=rtl>2026 م</span></p>", "p Le mot <span dir=\"rtl\">2026 م</span>"),
        (
            "<figure><img src=/a.jpg><figcaption dir=rtl>Port</figcaption></figure>",
            "figure /a.jpg caption: <span dir=\"rtl\">Port</span>",
        ),
    ]);
}

#[test]
fn a_block_says_its_direction_where_it_is_not_the_articles() {
    let html = "<p>نص</p><p>Texte</p><p>2026</p><blockquote><p>قول</p><p>Mot</p></blockquote><pre>x</pre>";
    let body = Body::from_html(html).0;
    assert_eq!(
        body.html(Rtl),
        "<p>نص</p>\n<p dir=\"ltr\">Texte</p>\n<p>2026</p>\n\
         <blockquote><p>قول</p>\n<p dir=\"ltr\">Mot</p></blockquote>\n<pre dir=\"ltr\"><code>x</code></pre>"
    );
    assert_eq!(
        body.html(Ltr),
        "<p dir=\"rtl\">نص</p>\n<p>Texte</p>\n<p>2026</p>\n\
         <blockquote dir=\"rtl\"><p>قول</p>\n<p dir=\"ltr\">Mot</p></blockquote>\n<pre><code>x</code></pre>"
    );
    let directions: Vec<_> = body.blocks().iter().map(|block| block.direction(Rtl)).collect();
    assert_eq!(directions, [Rtl, Ltr, Rtl, Rtl, Ltr]);
}

#[test]
fn markup_says_its_direction_too() {
    let body =
        Body::from_html("<dl><dt>مرفأ</dt></dl><table><tr><td>جدول &amp; port</td></tr></table><hr>").0;
    assert_eq!(
        body.html(Ltr),
        "<dl dir=\"rtl\"><dt>مرفأ</dt></dl>\n\
         <table dir=\"rtl\"><tbody><tr><td>جدول &amp; port</td></tr></tbody></table>\n<hr>"
    );
    // Entities hold Latin letters, but are none.
    assert_eq!(Body::from_html("<dl><dt>&amp; «مرفأ»</dt></dl>").0.blocks()[0].direction(Ltr), Rtl);
}

#[test]
fn a_language_is_kept_with_the_text_it_was_said_of() {
    assert_eq!(read("<p lang=ar>صوت</p>"), "p <span lang=\"ar\">صوت</span>");
    assert_eq!(read("<p lang='not a tag'>صوت</p>"), "p صوت");
}
