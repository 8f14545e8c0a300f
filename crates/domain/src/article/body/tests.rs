//! What is derived from a body, and how one is stored. It must not test how HTML is read.

use super::*;
use crate::media::ImageId;

fn body(html: &str) -> Body {
    Body::from_html(html).0
}

#[test]
fn the_text_is_what_would_be_read_aloud() {
    let html = "<h2>Le port</h2><p>Un<br>deux <b>trois</b>.</p>\
                <ul><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p></li></ul>\
                <blockquote><p>قالت.</p><cite>الوزيرة</cite></blockquote>\
                <figure><img src=/a.jpg alt='not read'><figcaption>Légende <small class=credit>R. K.</small></figcaption></figure>\
                <table><tr><th>An</th><th>Eau &amp; sel</th></tr><tr><td>2026</td><td>4&nbsp;%</td></tr></table>\
                <dl><dt>مرفأ</dt><dd>port</dd></dl><pre><code>a\n  b</code></pre><hr>\
                <iframe src='https://example.org/x'></iframe>";
    assert_eq!(
        body(html).text(),
        "Le port\n\nUn\ndeux trois.\n\na\nb\nc\nd\n\nقالت.\nالوزيرة\n\nLégende\nR. K.\n\n\
         An\tEau & sel\n2026\t4\u{A0}%\n\nمرفأ\nport\n\na\n  b"
    );
    assert_eq!(body("<hr>").text(), "");
}

#[test]
fn words_are_counted_in_every_script() {
    for (html, words) in [
        ("", 0),
        ("<p>— … ! 🌊</p>", 0),
        ("<p>وزيرة شؤون الشباب، ٢٠٢٦</p>", 4),
        ("<p>أُمُّ كُلْثُوم</p>", 2),
        ("<p>L’eau coûte 1,50 € aujourd’hui.</p>", 4),
        ("<p>The mayor’s well-kept plan</p>", 5),
        ("<p>one</p><p>two</p><ul><li>three</li></ul>", 3),
        ("<p>on<b>e</b></p>", 1),
    ] {
        assert_eq!(body(html).word_count(), words, "{html}");
    }
}

#[test]
fn reading_takes_a_minute_at_least() {
    for (words, minutes) in
        [(0, 0), (1, 1), (220, 1), (329, 1), (330, 2), (440, 2), (2200, 10), (u32::MAX, 19_522_578)]
    {
        assert_eq!(reading_minutes(words), minutes, "{words}");
    }
    assert_eq!(body(&format!("<p>{}</p>", "كلمة ".repeat(450))).reading_minutes(), 2);
    assert_eq!(body("<hr>").reading_minutes(), 0);
}

/// What is in the database stays readable: a change here needs a migration.
#[test]
fn bodies_are_stored_in_this_form() {
    let body = body(
        "<p dir=ltr>نص <a href=/x rel=sponsored>رابط</a><br>2</p><h3 id=a>A</h3><ol start=2><li>b<p>c</p></li></ol>\
         <figure><img src=/a.jpg width=9></figure><figure class=gallery><img src=/b.jpg></figure>\
         <iframe src='https://youtu.be/x'></iframe><pre>d</pre><hr><blockquote>e</blockquote>\
         <table><tr><td>f</td></tr></table>",
    );
    let stored = r#"[
        {"paragraph":{"direction":"LTR","content":[{"text":{"text":"نص "}},
            {"text":{"text":"رابط","marks":{"link":{"href":"/x","rel":["sponsored"]}}}},"break",{"text":{"text":"2"}}]}},
        {"heading":{"level":3,"anchor":"a","content":[{"text":{"text":"A"}}]}},
        {"list":{"ordered":true,"start":2,"items":[{"content":[{"text":{"text":"b"}}],
            "children":[{"paragraph":{"content":[{"text":{"text":"c"}}]}}]}]}},
        {"figure":{"src":"/a.jpg","width":9}},
        {"gallery":{"images":[{"src":"/b.jpg"}]}},
        {"embed":{"url":"https://youtu.be/x","provider":"YouTube"}},
        {"code":{"text":"d"}},
        {"raw_html":{"html":"<hr>"}},
        {"quote":{"blocks":[{"paragraph":{"content":[{"text":{"text":"e"}}]}}]}},
        {"table":{"html":"<table><tbody><tr><td>f</td></tr></tbody></table>"}}
    ]"#;
    let expected: serde_json::Value = serde_json::from_str(stored).unwrap();
    assert_eq!(serde_json::to_value(&body).unwrap(), expected);
    assert_eq!(serde_json::from_str::<Body>(stored).unwrap(), body);
}

#[test]
fn every_image_can_be_tied_to_the_library() {
    let mut body = body(
        "<figure><img src=/a.jpg></figure><ul><li>x<figure><img src=/b.jpg></figure></li></ul>\
         <blockquote><figure class=gallery><img src=/c.jpg><img src=/d.jpg></figure></blockquote>",
    );
    let mut key = 0;
    body.for_each_image(&mut |image| {
        key += 1;
        image.id = Some(ImageId::from_stored(key));
    });
    let mut seen = Vec::new();
    body.for_each_image(&mut |image| seen.push((image.src.clone(), image.id.map(ImageId::get))));
    let expected = [("/a.jpg", 1), ("/b.jpg", 2), ("/c.jpg", 3), ("/d.jpg", 4)];
    assert_eq!(seen, expected.map(|(src, key)| (src.to_owned(), Some(key))));
}
