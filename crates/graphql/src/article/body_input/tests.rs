//! What is read of a text comes back as it was, whichever way it is handed in; what is wrong is said by its path.

use std::collections::HashMap;
use std::path::Path;
use std::task::Poll;

use async_graphql::{EmptyMutation, EmptySubscription, Object, Request, Schema, Variables};
use masthead_domain::article::body::{Block, FigureImage, ImageReference, Inline, inline_html};
use masthead_domain::media::{Image, ImageId, ImageSource};
use masthead_domain::text::Direction;
use serde_json::{Value, json};

use super::*;

const ORIGIN: &str = "https://phare.example";

struct Door;

#[Object]
impl Door {
    /// The body as it is stored and the warnings, or the faults.
    async fn read(&self, body: BodyInput) -> String {
        match body.read("input.body", ORIGIN).await {
            Ok(written) => {
                let warnings = written.warnings.concat();
                serde_json::to_string(&written.body).expect("a body is stored as JSON") + &warnings
            }
            Err(faults) => {
                let told: Vec<String> =
                    faults.iter().map(|fault| format!("{}: {}", fault.field, fault.message)).collect();
                told.join("\n")
            }
        }
    }
}

/// What a client gets that hands in this text; `None` where it is refused before anything is read.
async fn answer(body: Value) -> Option<String> {
    let schema = Schema::new(Door, EmptyMutation, EmptySubscription);
    let request = Request::new("query($body: BodyInput!) { read(body: $body) }")
        .variables(Variables::from_json(json!({ "body": body })));
    let response = schema.execute(request).await;
    if !response.errors.is_empty() {
        return None;
    }
    let data = response.data.into_json().expect("JSON");
    Some(data["read"].as_str().expect("a text").to_owned())
}

async fn read(body: Value) -> Body {
    let answer = answer(body.clone()).await.unwrap_or_else(|| panic!("refused: {body}"));
    serde_json::from_str(&answer).unwrap_or_else(|_| panic!("{answer} of {body}"))
}

fn image_id(key: i64) -> String {
    ID::from(GlobalId::Image(ImageId::from_stored(key))).0
}

#[tokio::test]
async fn markdown_html_and_blocks_come_out_as_the_same() {
    let id = image_id(12);
    let markdown =
        format!("## الميناء\n\n١. أولًا\n٢. ثانيًا\n\n![سفن]({id} \"فجرًا\")\n\n![]({ORIGIN}/media/640/b.jpg)");
    let html = format!(
        "<h2>الميناء</h2><ol><li>أولًا</li><li>ثانيًا</li></ol><figure><img src={id} alt=سفن><figcaption>فجرًا</figcaption>\
         </figure><img src='{ORIGIN}/media/640/b.jpg'>"
    );
    let blocks = json!([
        { "heading": { "level": 2, "text": "الميناء" } },
        { "list": { "ordered": true, "items": [{ "text": "أولًا" }, { "html": "ثانيًا" }] } },
        { "figure": { "imageId": id, "alt": "سفن", "caption": "فجرًا" } },
        { "figure": { "url": format!("{ORIGIN}/media/640/b.jpg") } },
    ]);
    let mut written = read(json!({ "markdown": markdown })).await;
    assert_eq!(read(json!({ "html": html })).await, written);
    assert_eq!(read(json!({ "blocks": blocks })).await, written);
    let key = ImageReference::Id(ImageId::from_stored(12));
    assert_eq!(written.image_references(), [key, ImageReference::Stored("b.jpg".to_owned())].into());
    written.for_each_image(&mut |image| assert!(!image.src.starts_with("http"), "{}", image.src));
}

#[tokio::test]
async fn exactly_one_way_is_taken() {
    for refused in [
        json!({}),
        json!({ "markdown": null }),
        json!({ "markdown": "a", "html": "b" }),
        json!({ "blocks": [{}] }),
        json!({ "blocks": [{ "paragraph": { "text": "a" }, "html": "b" }] }),
        json!({ "blocks": [{ "table": {} }] }),
        json!({ "docx": "a" }),
    ] {
        assert_eq!(answer(refused.clone()).await, None, "{refused}");
    }
    assert_eq!(answer(json!({ "markdown": "" })).await.as_deref(), Some("[]"));
    assert_eq!(answer(json!({ "blocks": [] })).await.as_deref(), Some("[]"));
}

#[tokio::test]
async fn faults_have_the_path_of_their_field() {
    let figure = |figure: Value| json!({ "figure": figure });
    for (block, fault) in [
        (
            json!({ "heading": { "level": 1, "text": "a" } }),
            ".heading.level: The level of a heading is 2 to 6",
        ),
        (json!({ "paragraph": {} }), ".paragraph: Give `html` or `text`."),
        (
            json!({ "paragraph": { "html": "a", "text": "a" } }),
            ".paragraph: Give `html` or `text`, not both.",
        ),
        (
            json!({ "list": { "items": [{ "text": "a" }, { "text": "" }] } }),
            ".list.items[1].text: An item needs text.",
        ),
        (json!({ "list": { "items": [{}] } }), ".list.items[0]: Give `html` or `text`."),
        (json!({ "quote": { "text": "a", "citation": "b", "citationHtml": "b" } }), ".quote.citation: Give"),
        (figure(json!({})), ".figure: Give `imageId`, or"),
        (figure(json!({ "imageId": "QXJ0aWNsZToxMg" })), ".figure.imageId: This is no picture's id."),
        (
            figure(json!({ "imageId": image_id(1), "url": "/a.jpg" })),
            ".figure: Give `imageId` or `url`, not both.",
        ),
        (figure(json!({ "url": "javascript:alert(1)" })), ".figure.url: The address of a picture"),
        (
            json!({ "gallery": { "images": [{ "url": "/a.jpg" }, { "imageId": "?" }] } }),
            ".gallery.images[1].imageId: This is no picture's id.",
        ),
        (json!({ "embed": { "url": "data:text/html,x" } }), ".embed.url: What is embedded has"),
        (json!({ "code": { "text": "" } }), ".code.text: Code needs text."),
    ] {
        let told = answer(json!({ "blocks": [{ "html": "<p>a" }, block] })).await.expect("read");
        let expected = format!("input.body.blocks[1]{fault}");
        assert!(told.starts_with(&expected) && !told.contains('\n'), "{told} is not {expected}");
    }
    let long = "x".repeat(MAX_WRITTEN + 1);
    for way in ["markdown", "html"] {
        let told = answer(json!({ way: long })).await.expect("read");
        assert!(told.starts_with(&format!("input.body.{way}: The text has at most 1048576 bytes")), "{told}");
    }
}

#[tokio::test]
async fn what_is_left_out_is_told() {
    let dirty = "<p onclick=x()>a<script>b</script><script>c</script></p>";
    let warnings = "The attribute `onclick` cannot be kept.The element `script` cannot be kept (2 times).";
    for way in
        [json!({ "html": dirty }), json!({ "markdown": dirty }), json!({ "blocks": [{ "html": dirty }] })]
    {
        let told = answer(way.clone()).await.expect("read");
        assert!(told.ends_with(&format!("]{warnings}")), "{told} of {way}");
        assert!(!told.contains("x()"));
    }
}

#[tokio::test]
async fn a_long_text_is_read_beside_the_thread_that_answers() {
    let text = "> ".repeat(MAX_WRITTEN / 4) + &"*a ".repeat(MAX_WRITTEN / 6);
    for input in [
        BodyInput::Markdown(text.clone()),
        BodyInput::Html(format!("<p>{}", "<b>".repeat(MAX_WRITTEN / 3 - 1))),
    ] {
        let mut reading = std::pin::pin!(input.read("input.body", ORIGIN));
        // Were it read here, it would be done when it was looked at for the first time.
        let waits =
            std::future::poll_fn(|context| Poll::Ready(reading.as_mut().poll(context).is_pending())).await;
        assert!(waits, "the thread that answers is held");
        assert!(reading.await.is_ok());
    }
}

/// A block as a client hands it in that has read it.
fn as_read(block: &Block, base: Direction) -> Value {
    let html = block.html(base).replace(" src=\"/media/", &format!(" src=\"{ORIGIN}/media/"));
    let caption = |line: &[Inline]| Some(inline_html(line)).filter(|html| !html.is_empty());
    let figure = |image: &FigureImage| {
        let id = image.id.map(|id| image_id(id.get()));
        json!({
            "imageId": id,
            "url": if id.is_some() { None } else { Some(&image.src) },
            "width": image.width,
            "height": image.height,
            "alt": image.alt,
            "captionHtml": caption(&image.caption),
            "credit": image.credit,
            "link": image.link,
        })
    };
    match block {
        Block::Paragraph { .. } => json!({ "paragraph": { "html": html } }),
        Block::Heading { level, anchor, .. } => {
            json!({ "heading": { "level": level, "anchor": anchor, "html": html } })
        }
        Block::List(list) => {
            let direction = block.direction(base);
            let items: Vec<Value> =
                list.items.iter().map(|item| json!({ "html": item.html(direction) })).collect();
            json!({ "list": {
                "ordered": list.ordered, "start": list.start, "reversed": list.reversed, "items": items, "direction": direction,
            } })
        }
        Block::Quote { .. } => json!({ "quote": { "html": html } }),
        Block::Figure(image) => json!({ "figure": figure(image) }),
        Block::Gallery { images, caption: line } => {
            let images: Vec<Value> = images.iter().map(figure).collect();
            json!({ "gallery": { "images": images, "captionHtml": caption(line) } })
        }
        Block::Embed { url, html: None, caption: line, .. } => {
            json!({ "embed": { "url": url, "captionHtml": caption(line) } })
        }
        Block::Table { .. } => json!({ "table": { "html": html } }),
        Block::Code { language, text } => json!({ "code": { "language": language, "text": text } }),
        Block::Embed { .. } | Block::RawHtml { .. } => json!({ "html": html }),
    }
}

/// Ties a body's pictures to a library that has all of them, and answers it.
fn tied(mut body: Body) -> (Body, HashMap<ImageReference, Image>) {
    let mut library = HashMap::new();
    let mut key = 0;
    body.for_each_image(&mut |image| {
        let Some(name) = image.src.strip_prefix("/media/") else { return };
        key += 1;
        let stored = Image {
            id: ImageId::from_stored(key),
            source: ImageSource::Stored(name.to_owned()),
            width: Some(1600),
            height: Some(900),
            alt: image.alt.clone(),
            credit: image.credit.clone(),
            caption: None,
            focal_point: None,
            own_work: false,
        };
        library.insert(ImageReference::Stored(name.to_owned()), stored.clone());
        library.insert(ImageReference::Id(stored.id), stored);
    });
    assert!(body.tie_images(&library).is_empty());
    (body, library)
}

#[tokio::test]
async fn blocks_that_are_read_can_be_handed_back() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/demo/articles");
    let mut articles: Vec<(String, Direction)> = std::fs::read_dir(folder)
        .expect("the demo's articles")
        .map(|entry| {
            let path = entry.expect("a file").path();
            let base =
                if path.to_string_lossy().ends_with(".ar.html") { Direction::Rtl } else { Direction::Ltr };
            let text = std::fs::read_to_string(path).expect("a text");
            (text.splitn(3, "+++\n").nth(2).expect("a text below the front matter").to_owned(), base)
        })
        .collect();
    assert!(articles.len() > 40);
    // Every kind of block, also those that the demo has none of.
    let every = "<p dir=ltr>نص <a href='#n' title=t>1</a><br>b <img src='/media/i.png' width=9></p><h3 id=a>A <em>b</em></h3>\
        <ol start=3 reversed dir=rtl><li>a<ul><li>b<p>c</p></li></ul></li><li><pre><code class=language-c>x\n</code></pre></li></ol>\
        <blockquote dir=ltr><p>قال</p><ul><li>ثم</li></ul><cite>من <em>قال</em></cite></blockquote>\
        <figure><a href=/full.jpg><img src=/media/demo/a.jpg alt=x></a><figcaption>c <em>d</em> <small class=credit>R. K.</small></figcaption></figure>\
        <figure><img src=https://example.org/b.jpg width=300 height=200></figure>\
        <figure class=gallery><figure><img src=/media/c.jpg><figcaption>e</figcaption></figure><img src=/d.jpg><figcaption>f <b>g</b></figcaption></figure>\
        <figure><iframe src=https://youtu.be/x></iframe><figcaption>h</figcaption></figure>\
        <blockquote class=twitter-tweet><p>t</p><a href=https://x.com/a/status/1>m</a></blockquote>\
        <table dir=rtl><caption>i</caption><tr><td>j <img src='/media/k.jpg'></td></tr></table><pre>  l\n m</pre><hr>\
        <details><summary>o</summary><p id=p>q</p></details><p><span id=n>r</span></p>";
    articles.push((every.to_owned(), Direction::Rtl));
    for (html, base) in articles {
        let (body, library) = tied(Body::from_html(&html).0);
        let blocks: Vec<Value> = body.blocks().iter().map(|block| as_read(block, base)).collect();
        let mut again = read(json!({ "blocks": blocks })).await;
        again.tie_images(&library);
        assert_eq!(again, body);
        let whole = body.html(base).replace(" src=\"/media/", &format!(" src=\"{ORIGIN}/media/"));
        for way in [json!({ "html": whole }), json!({ "markdown": whole.replace('\n', "\n\n") })] {
            // Markdown ends a block of raw HTML at an empty line, which code may hold.
            if way["markdown"].is_string() && whole.contains("<pre") {
                continue;
            }
            let mut again = read(way).await;
            again.tie_images(&library);
            assert_eq!(again, body);
        }
    }
}
