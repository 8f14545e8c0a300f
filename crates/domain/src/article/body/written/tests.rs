//! Blocks as someone writes them are the blocks that the same text in HTML and in Markdown is; what is wrong is said.

use super::*;
use crate::article::body::parse::tests::{holds_together, show};

fn text(text: &str) -> Wording {
    Wording::Text(text.to_owned())
}

fn html(html: &str) -> Wording {
    Wording::Html(html.to_owned())
}

fn paragraph(content: Wording) -> WrittenBlock {
    WrittenBlock::Paragraph { content, direction: None }
}

fn heading(level: i64, content: Wording) -> WrittenBlock {
    WrittenBlock::Heading { level, anchor: None, content, direction: None }
}

fn list(ordered: bool, start: i64, items: Vec<Wording>) -> WrittenBlock {
    WrittenBlock::List { ordered, start, reversed: false, items, direction: None }
}

fn picture(src: &str) -> WrittenImage {
    WrittenImage { src: src.to_owned(), ..WrittenImage::default() }
}

/// The body of these blocks, shown as in the other tables, then what was lost.
fn read(blocks: &[WrittenBlock]) -> String {
    let (body, losses) = Body::from_blocks(blocks).unwrap();
    holds_together(&body);
    let mut lines = vec![show(&body)];
    lines.extend(losses.iter().map(|loss| format!("lost: {} ×{}", loss.what, loss.count)));
    lines.join("\n")
}

#[test]
fn one_article_written_three_ways_is_one_body() {
    let markdown = "\
## ميناء مرسى نور\n\n\
قالت **الوزيرة** إن [الخطة](/plan \"الخطة\") جاهزة[^1].\nLe port & l’eau.\n\n\
١. أولًا\n٢. ثانيًا\n   - فرع\n\n\
> لا ماء بلا بحر.\n> — الوزيرة\n\n\
![سفن](/media/demo/a.jpg \"فجرًا\")\n\n\
https://youtu.be/x\n\n\
| سنة | ماء |\n|---|---|\n| ٢٠٢٦ | ٤ |\n\n\
```rust\nlet x = 1;\n```\n\n\
---\n\n\
[^1]: المصدر.";
    let from_html = "<h1>ميناء مرسى نور</h1>\
        <p>قالت <b>الوزيرة</b> إن <a href=/plan title=الخطة>الخطة</a> جاهزة<sup><a href=#fn-1 id=fnref-1>1</a></sup>.\nLe port &amp; l’eau.</p>\
        <ol><li>أولًا</li><li>ثانيًا<ul><li>فرع</li></ul></li></ol>\
        <blockquote><p>لا ماء بلا بحر.</p><footer>الوزيرة</footer></blockquote>\
        <figure><img src=/media/demo/a.jpg alt=سفن><figcaption>فجرًا</figcaption></figure>\
        <iframe src=https://youtu.be/x></iframe>\
        <table>\n<tr><th>سنة</th><th>ماء</th></tr>\n<tr><td>٢٠٢٦</td><td>٤</td></tr></table>\
        <pre><code class=language-rust>let x = 1;</code></pre><hr>\
        <ol><li id=fn-1>المصدر. <a href=#fnref-1>↩</a></li></ol>";
    let table = "<table><thead><tr><th>سنة</th><th>ماء</th></tr></thead><tbody><tr><td>٢٠٢٦</td><td>٤</td></tr></tbody></table>";
    let blocks = [
        heading(2, text("ميناء مرسى نور")),
        paragraph(html(
            "قالت <b>الوزيرة</b> إن <a href=/plan title=الخطة>الخطة</a> جاهزة<sup><a href=#fn-1 id=fnref-1>1</a></sup>. Le port &amp; l’eau.",
        )),
        list(true, 1, vec![text("أولًا"), html("ثانيًا<ul><li>فرع")]),
        WrittenBlock::Quote {
            content: text("لا ماء بلا بحر."),
            citation: Some(text("الوزيرة")),
            direction: None,
        },
        WrittenBlock::Figure(WrittenImage {
            alt: Some("سفن".to_owned()),
            caption: Some(text("فجرًا")),
            ..picture("/media/demo/a.jpg")
        }),
        WrittenBlock::Embed { url: "https://youtu.be/x".to_owned(), caption: None },
        WrittenBlock::Table { html: table.to_owned(), direction: None },
        WrittenBlock::Code { language: Some("Rust".to_owned()), text: "let x = 1;".to_owned() },
        WrittenBlock::Html("<hr>".to_owned()),
        list(true, 1, vec![html("<span id=fn-1>المصدر. </span><a href=#fnref-1>↩</a>")]),
    ];
    let from_html = from_html
        .replace("<table>\n<tr>", "<table>\n<thead><tr>")
        .replace("</tr>\n<tr>", "</tr></thead>\n<tr>");
    let (written, losses) = Body::from_markdown(markdown);
    assert_eq!(losses, []);
    holds_together(&written);
    assert_eq!(show(&Body::from_html(&from_html).0), show(&written));
    assert_eq!(Body::from_html(&from_html).0, written);
    assert_eq!(read(&blocks), show(&written));
    assert_eq!(Body::from_blocks(&blocks).unwrap().0, written);
}

#[test]
fn plain_text_is_plain() {
    assert_eq!(
        read(&[
            heading(3, text("<b>1 < 2</b> & *3*")),
            paragraph(text("a\r\nb  c &amp;")),
            list(false, 1, vec![text("x\n\ny")]),
            WrittenBlock::Quote {
                content: text("a\n\nb"),
                citation: Some(text("<i>N</i>")),
                direction: None
            },
        ]),
        "h3#b-1-2-b-3 &lt;b&gt;1 &lt; 2&lt;/b&gt; &amp; *3*\np a<br>b c &amp;amp;\nul [x {p y}]\n\
         quote {p a; p b} — &lt;i&gt;N&lt;/i&gt;"
    );
}

#[test]
fn no_block_reaches_into_the_next() {
    assert_eq!(
        read(&[
            paragraph(html("<b>a<a href=/x>")),
            list(
                false,
                1,
                vec![html("b</li></ul></blockquote><i>"), html("<!-- c"), text("d")][..1].to_vec()
            ),
            paragraph(html("e</div></p></body>")),
            WrittenBlock::Html("<blockquote><p>f".to_owned()),
            paragraph(html("<script>g</script>h")),
            paragraph(text("i")),
        ]),
        "p <strong>a</strong>\nul [b]\np e\nquote {p f}\np h\np i\nlost: element script ×1"
    );
}

#[test]
fn a_link_leads_from_one_block_to_another() {
    assert_eq!(
        read(&[
            paragraph(html("a<a href=#n>1</a>")),
            paragraph(html("<span id=n>b</span> <i id=unused>c</i> <i id=n>d</i>"))
        ]),
        "p a<a href=\"#n\" rel=\"noopener\">1</a>\np <span id=\"n\">b</span> <em>c</em> <em>d</em>"
    );
}

#[test]
fn what_is_said_besides_the_text_is_kept() {
    let rtl = Some(Direction::Rtl);
    let gallery = WrittenBlock::Gallery {
        images: vec![
            WrittenImage {
                caption: Some(text("a")),
                link: Some("/full.jpg".to_owned()),
                ..picture("/a.jpg")
            },
            WrittenImage { width: Some(20), height: Some(10), ..picture("https://example.org/b.jpg") },
        ],
        caption: Some(html("<em>c</em>")),
    };
    assert_eq!(
        read(&[
            WrittenBlock::Paragraph { content: text("abc"), direction: rtl },
            WrittenBlock::Paragraph { content: text("نص"), direction: rtl },
            WrittenBlock::Heading {
                level: 6,
                anchor: Some("x".to_owned()),
                content: text("abc"),
                direction: rtl
            },
            WrittenBlock::List {
                ordered: true,
                start: 9,
                reversed: true,
                items: vec![text("a")],
                direction: rtl
            },
            WrittenBlock::Table { html: "<table><tr><td>a".to_owned(), direction: rtl },
            gallery,
            WrittenBlock::Figure(WrittenImage { credit: Some("R. K.".to_owned()), ..picture("/a.jpg") }),
            WrittenBlock::Embed { url: "//youtu.be/x".to_owned(), caption: Some(text("film")) },
        ]),
        "p[rtl] abc\np نص\nh6[rtl]#x abc\nol 9 reversed[rtl] [a]\ntable[rtl] <table><tbody><tr><td>a</td></tr></tbody></table>\n\
         gallery [/a.jpg caption: a to /full.jpg | https://example.org/b.jpg 20x10] <em>c</em>\n\
         figure /a.jpg credit: R. K.\nembed https://youtu.be/x (YouTube) film"
    );
}

#[test]
fn what_is_wrong_is_said_by_its_path() {
    let good = paragraph(text("ok"));
    let image = |image: WrittenImage| WrittenBlock::Figure(image);
    for (block, paths) in [
        (paragraph(text(" \n")), &["paragraph.text"] as &[&str]),
        (paragraph(html("<script>x</script>")), &["paragraph.html"]),
        (paragraph(html("<p>a<p>b")), &["paragraph.html"]),
        (paragraph(text("a\n\nb")), &["paragraph.text"]),
        (paragraph(html("<ul><li>a")), &["paragraph.html"]),
        (heading(1, text("a")), &["heading.level"]),
        (heading(7, text("")), &["heading.level", "heading.text"]),
        (heading(i64::MIN, html("<img src=/a.jpg>")), &["heading.level", "heading.html"]),
        (
            WrittenBlock::Heading {
                level: 2,
                anchor: Some("a b".to_owned()),
                content: text("a"),
                direction: None,
            },
            &["heading.anchor"],
        ),
        (list(true, 1, vec![]), &["list.items"]),
        (list(true, -1, vec![text("a"), text("")]), &["list.start", "list.items[1].text"]),
        (list(false, 2, vec![text("a")]), &["list.start"]),
        (list(true, i64::MAX, vec![text("a")]), &["list.start"]),
        (
            WrittenBlock::Quote { content: html(""), citation: Some(text("a")), direction: None },
            &["quote.html"],
        ),
        (
            WrittenBlock::Quote { content: text("a"), citation: Some(html("<ul><li>x")), direction: None },
            &["quote.citationHtml"],
        ),
        (image(picture("javascript:alert(1)")), &["figure.url"]),
        (image(picture("")), &["figure.url"]),
        (
            image(WrittenImage {
                link: Some("data:text/html,x".to_owned()),
                width: Some(0),
                ..picture("/a.jpg")
            }),
            &["figure.link", "figure.width"],
        ),
        (image(WrittenImage { caption: Some(html("<hr>")), ..picture("/a.jpg") }), &["figure.captionHtml"]),
        (WrittenBlock::Gallery { images: vec![], caption: None }, &["gallery.images"]),
        (
            WrittenBlock::Gallery { images: vec![picture("/a.jpg"), picture("ftp://x/a")], caption: None },
            &["gallery.images[1].url"],
        ),
        (WrittenBlock::Embed { url: "film".to_owned(), caption: None }, &["embed.url"]),
        (WrittenBlock::Embed { url: "vbscript:x".to_owned(), caption: None }, &["embed.url"]),
        (WrittenBlock::Table { html: "<p>a".to_owned(), direction: None }, &["table.html"]),
        (
            WrittenBlock::Table { html: "<table><tr><td>a</table>b".to_owned(), direction: None },
            &["table.html"],
        ),
        (
            WrittenBlock::Code { language: Some("\"x".to_owned()), text: " ".to_owned() },
            &["code.language", "code.text"],
        ),
    ] {
        let faults = Body::from_blocks(&[good.clone(), block.clone()]).unwrap_err();
        let found: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
        let expected: Vec<String> = paths.iter().map(|path| format!("[1].{path}")).collect();
        assert_eq!(found, expected, "{block:?}");
        assert!(faults.iter().all(|fault| fault.message.ends_with('.')));
    }
    let many = vec![good; MAX_BLOCKS + 1];
    assert_eq!(Body::from_blocks(&many).unwrap_err()[0].path, "");
    assert_eq!(Body::from_blocks(&many[1..]).unwrap().0.blocks().len(), MAX_BLOCKS);
    let long = "x".repeat(MAX_WRITTEN);
    assert_eq!(Body::from_blocks(&[paragraph(text(&long)), paragraph(text("y"))]).unwrap_err()[0].path, "");
}
