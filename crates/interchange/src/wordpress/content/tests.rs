//! Bodies as real sites have them, of our own writing.

use proptest::prelude::*;

use super::*;

fn attachment(id: i64) -> Option<AttachmentLink> {
    (id < 10).then(|| AttachmentLink {
        url: format!("https://paper.example/uploads/{id}.jpg"),
        alt: format!("صورة \"{id}\""),
        caption: if id == 1 { "Le <em>port</em>".to_owned() } else { String::new() },
    })
}

fn convert(content: &str) -> Converted {
    to_html(content, &Context::default(), attachment)
}

/// The effect of every change with its count, in order.
fn effects(converted: &Converted) -> Vec<(Effect, u32)> {
    converted.changes.iter().map(|change| (change.effect, change.count)).collect()
}

fn told(converted: &Converted, effect: Effect, word: &str) -> u32 {
    let of = |change: &&Change| change.effect == effect && change.what.contains(word);
    converted.changes.iter().filter(of).map(|change| change.count).sum()
}

#[test]
fn blocks_lose_their_comments_and_keep_their_html() {
    let content = "<!-- wp:paragraph {\"align\":\"center\"} -->\n<p class=\"x\">قالت الوزيرة: «نعم».</p>\n<!-- /wp:paragraph -->\n\n\
        <!-- wp:group -->\n<div class=\"wp-block-group\"><!-- wp:heading -->\n<h2>Le marché</h2>\n<!-- /wp:heading --></div>\n<!-- /wp:group -->\n\n\
        <!-- wp:code -->\n<pre class=\"wp-block-code\"><code>a\n\n[gallery] b</code></pre>\n<!-- /wp:code -->";
    let converted = convert(content);
    assert!(!converted.html.contains("<!--"));
    for kept in [
        "<p class=\"x\">قالت الوزيرة: «نعم».</p>",
        "<h2>Le marché</h2>",
        "<pre class=\"wp-block-code\"><code>a\n\n[gallery] b</code></pre>",
    ] {
        assert!(converted.html.contains(kept), "{kept} in {}", converted.html);
    }
    assert_eq!(converted.changes, []);
}

#[test]
fn blocks_without_html_are_made_up_or_named() {
    let content = "<!-- wp:core-embed/youtube {\"url\":\"https://video.example/v?a=1\\u0026b=2\"} /-->\n\
        <!-- wp:embed {\"url\":\"https://post.example/1\"} --><!-- /wp:embed -->\n\
        <!-- wp:latest-posts {\"postsToShow\":3} /-->\n<!-- wp:latest-posts /-->\n\
        <!-- wp:block {\"ref\":12} /-->\n<!-- wp:image {\"id\":1} /-->\n<!-- wp:paragraph --><!-- /wp:paragraph -->";
    let converted = convert(content);
    assert!(converted.html.contains("<figure class=\"wp-block-embed\"><div class=\"wp-block-embed__wrapper\">\nhttps://video.example/v?a=1&amp;b=2\n</div></figure>"));
    assert!(converted.html.contains("https://post.example/1"));
    assert!(converted.html.contains("<img src=\"https://paper.example/uploads/1.jpg\" alt=\"صورة &quot;1&quot;\"><figcaption>Le <em>port</em></figcaption>"));
    assert_eq!(told(&converted, Effect::Lost, "wp:latest-posts"), 2);
    assert_eq!(told(&converted, Effect::Lost, "reusable block"), 1);
    assert_eq!(told(&converted, Effect::Changed, "made an embed"), 2);
}

#[test]
fn an_embed_block_keeps_its_figure() {
    let figure = "<figure class=\"wp-block-embed is-type-video\"><div class=\"wp-block-embed__wrapper\">\nhttps://video.example/v\n</div><figcaption>Le film</figcaption></figure>";
    let converted = convert(&format!(
        "<!-- wp:embed {{\"url\":\"https://video.example/v\"}} -->\n{figure}\n<!-- /wp:embed -->"
    ));
    assert_eq!(converted, Converted { html: figure.to_owned(), changes: vec![] });
}

#[test]
fn footnotes_come_from_their_metadata() {
    let content = "<!-- wp:paragraph -->\n<p>Un chiffre<sup data-fn=\"a1\" class=\"fn\"><a href=\"#a1\" id=\"a1-link\">1</a></sup>.</p>\n<!-- /wp:paragraph -->\n<!-- wp:footnotes /-->";
    let json = r#"[{"id":"a1","content":"Source : <em>mairie</em>"}]"#;
    let context = Context { footnotes: Some(json), attached_images: &[] };
    let html = to_html(content, &context, attachment).html;
    assert!(
        html.ends_with("<li id=\"a1\">Source : <em>mairie</em> <a href=\"#a1-link\">↩︎</a></li></ol>"),
        "{html}"
    );
    assert_eq!(told(&convert(content), Effect::Lost, "footnotes"), 1);
}

#[test]
fn text_between_blocks_is_of_the_classic_editor() {
    let content =
        "Premier\n\nDeuxième\n<!-- wp:paragraph -->\n<p>Troisième\nligne</p>\n<!-- /wp:paragraph -->";
    let html = convert(content).html;
    assert!(html.starts_with("<p>Premier</p>\n<p>Deuxième</p>"), "{html}");
    // Lines of a block are not lines of the classic editor.
    assert!(html.ends_with("<p>Troisième\nligne</p>"), "{html}");
}

#[test]
fn markers_of_pages_and_teasers_go() {
    let converted = convert(
        "Intro\n\n<!--more Lire la suite-->\n\nSuite\n\n<!--nextpage-->\n\nFin<!-- note of an editor -->",
    );
    assert_eq!(converted.html, "<p>Intro</p>\n<p>Suite</p>\n<p>Fin</p>");
    assert_eq!(effects(&converted), [(Effect::Changed, 1); 3]);
    assert_eq!(told(&converted, Effect::Changed, "<!--more-->"), 1);
    assert_eq!(told(&converted, Effect::Changed, "<!--nextpage-->"), 1);
}

#[test]
fn captions_become_figures() {
    let image = "<a href=\"/big.jpg\"><img class=\"wp-image-7\" src=\"/s.jpg\" alt=\"\" /></a>";
    let figure = |text: &str| {
        format!("<figure class=\"wp-caption alignleft\">{image}<figcaption>{text}</figcaption></figure>")
    };
    let cases = [
        format!(
            "[caption id=\"attachment_7\" align=\"alignleft\" width=\"300\"]{image} Le port, <em>à l’aube</em>.[/caption]"
        ),
        format!("[caption align=\"alignleft\" caption=\"Le port, <em>à l’aube</em>.\"]{image}[/caption]"),
        format!("[wp_caption align='alignleft']{image}<br />\nLe port, <em>à l’aube</em>.\n[/wp_caption]"),
    ];
    for content in cases {
        let converted = convert(&content);
        assert_eq!(converted.html, figure("Le port, <em>à l’aube</em>."), "{content}");
        assert_eq!(told(&converted, Effect::Changed, "[caption]"), 1);
    }
    let converted =
        convert(&format!("نص قبل\n\n[caption align=\"alignleft\"]{image} تعليق[/caption]\n\nنص بعد"));
    assert_eq!(converted.html, format!("<p>نص قبل</p>\n{}\n<p>نص بعد</p>", figure("تعليق")));
}

#[test]
fn a_caption_that_is_never_closed_stays_to_be_seen() {
    let converted = convert("[caption width=\"3\"]<img src=\"/a.jpg\"> Texte");
    assert!(converted.html.contains("[caption width=\"3\"]<img src=\"/a.jpg\"> Texte"));
    assert_eq!(told(&converted, Effect::LeftAsText, "[caption]"), 1);
}

#[test]
fn galleries_show_the_images_that_the_export_has() {
    let converted = convert("Avant\n\n[gallery ids=\"1,2,99\" columns=\"2\"]\n\nAprès");
    assert_eq!(
        converted.html,
        "<p>Avant</p>\n<figure class=\"wp-block-gallery\">\
         <figure class=\"wp-block-image\"><img data-attachment-id=\"1\" src=\"https://paper.example/uploads/1.jpg\" alt=\"صورة &quot;1&quot;\"><figcaption>Le <em>port</em></figcaption></figure>\
         <figure class=\"wp-block-image\"><img data-attachment-id=\"2\" src=\"https://paper.example/uploads/2.jpg\" alt=\"صورة &quot;2&quot;\"></figure>\
         </figure>\n<p>Après</p>"
    );
    assert_eq!(told(&converted, Effect::Lost, "image of a gallery"), 1);
    // Without numbers: the item's own images.
    let context = Context { footnotes: None, attached_images: &[3, 4] };
    let html = to_html("[gallery exclude=\"4\"]", &context, attachment).html;
    assert!(html.contains("/3.jpg") && !html.contains("/4.jpg"), "{html}");
    assert_eq!(told(&convert("[gallery]"), Effect::Lost, "[gallery]"), 1);
}

#[test]
fn things_of_other_sites_become_figures() {
    let figure = |address: &str| super::embed::figure(address);
    let cases = [
        ("[embed width=\"500\"]https://video.example/v[/embed]", "https://video.example/v"),
        ("https://video.example/v", "https://video.example/v"),
        ("<p>https://video.example/v</p>", "https://video.example/v"),
        ("[youtube=https://video.example/v?x=1&#038;w=320]", "https://video.example/v?x=1&w=320"),
        ("[youtube]https://video.example/v[/youtube]", "https://video.example/v"),
        ("[tweet https://post.example/1]", "https://post.example/1"),
        ("[vimeo 123]", "https://vimeo.com/123"),
        (
            "<!-- wp:paragraph -->\n<p>https://video.example/v</p>\n<!-- /wp:paragraph -->",
            "https://video.example/v",
        ),
        (
            "<!-- wp:shortcode -->\n[embed]https://video.example/v[/embed]\n<!-- /wp:shortcode -->",
            "https://video.example/v",
        ),
    ];
    for (content, address) in cases {
        let converted = convert(content);
        assert_eq!(converted.html, figure(address), "{content}");
        assert_eq!(effects(&converted), [(Effect::Changed, 1)], "{content}");
    }
}

#[test]
fn sounds_and_films_become_their_elements() {
    let audio = convert("[audio mp3=\"https://paper.example/a.mp3\"][/audio]");
    assert_eq!(
        audio.html,
        "<figure class=\"wp-block-audio\"><audio controls src=\"https://paper.example/a.mp3\"></audio></figure>"
    );
    let video = convert("[video width=\"640\" mp4=\"/v.mp4\" poster=\"/p.jpg\"][/video]");
    assert_eq!(
        video.html,
        "<figure class=\"wp-block-video\"><video controls src=\"/v.mp4\" poster=\"/p.jpg\"></video></figure>"
    );
    assert_eq!(told(&convert("[audio]"), Effect::Lost, "[audio]"), 1);
    let list = convert("[playlist ids=\"2,98\"]");
    assert_eq!(
        list.html,
        "<ul><li><a href=\"https://paper.example/uploads/2.jpg\">صورة &quot;2&quot;</a></li>\n</ul>"
    );
    assert_eq!(told(&list, Effect::Lost, "file of a playlist"), 1);
}

#[test]
fn text_between_two_galleries_stays() {
    let converted = convert("[gallery ids=\"1\"]\n\nUn texte entre deux.\n\n[gallery ids=\"2\"][/gallery]");
    assert!(converted.html.contains("<p>Un texte entre deux.</p>"), "{}", converted.html);
    assert!(!converted.html.contains("[/gallery]"));
    assert_eq!(told(&converted, Effect::Changed, "[gallery]"), 2);
    let old = convert("[audio src=\"/a.mp3\"]Your browser is old.[/audio]");
    assert!(!old.html.contains("browser"));
    assert_eq!(told(&old, Effect::Lost, "text inside"), 1);
}

#[test]
fn unknown_shortcodes_stay_and_are_named() {
    let converted = convert(
        "[vc_row][vc_column]نص[/vc_column][/vc_row] [contact-form-7 id=\"5\"] [contact-form-7 id=\"6\"] [ninja]",
    );
    assert_eq!(
        converted.html,
        "<p>[vc_row][vc_column]نص[/vc_column][/vc_row] [contact-form-7 id=\"5\"] [contact-form-7 id=\"6\"] [ninja]</p>"
    );
    let names: Vec<(&str, u32)> = converted.changes.iter().map(|c| (c.what.as_str(), c.count)).collect();
    assert_eq!(
        names,
        [
            ("unknown shortcode [vc_row]", 1),
            ("unknown shortcode [vc_column]", 1),
            ("unknown shortcode [contact-form-7]", 2),
            ("unknown shortcode [ninja]", 1),
        ]
    );
    assert!(converted.changes.iter().all(|change| change.effect == Effect::LeftAsText));
}

#[test]
fn brackets_of_writers_are_no_shortcodes() {
    for content in
        ["He said [sic] so.", "[Update] Le maire", "note [1] et […]", "[A] [مرحبا] []", "a [b", "x] y"]
    {
        let converted = convert(content);
        assert_eq!(converted.html, format!("<p>{content}</p>"));
        assert_eq!(converted.changes, [], "{content}");
    }
}

#[test]
fn escaped_shortcodes_and_code_show_as_they_are() {
    assert_eq!(
        convert("Use [[gallery ids=\"1\"]] or [[embed]x[/embed]].").html,
        "<p>Use [gallery ids=\"1\"] or [embed]x[/embed].</p>"
    );
    let code = convert("[code lang=\"html\"]<b>x</b>\n\n&amp; [gallery][/code]");
    assert_eq!(
        code.html,
        "<pre class=\"wp-block-code\"><code>&lt;b&gt;x&lt;/b&gt;\n\n&amp; [gallery]</code></pre>"
    );
    let inline = convert("Write <code>[gallery]</code> and <a title=\"[gallery]\">x</a>");
    assert_eq!(inline.html, "<p>Write <code>[gallery]</code> and <a title=\"[gallery]\">x</a></p>");
}

#[test]
fn a_cover_keeps_its_background() {
    let content = "<!-- wp:cover {\"url\":\"https://paper.example/c.jpg\",\"id\":3} -->\n<div class=\"wp-block-cover\" style=\"background-image:url(https://paper.example/c.jpg)\"><p>Texte</p></div>\n<!-- /wp:cover -->";
    let converted = convert(content);
    assert!(
        converted
            .html
            .starts_with("<figure class=\"wp-block-image\"><img src=\"https://paper.example/c.jpg\""),
        "{}",
        converted.html
    );
    assert_eq!(told(&converted, Effect::Changed, "cover"), 1);
}

#[test]
fn damaged_blocks_lose_no_text() {
    let cases = [
        "<!-- wp:paragraph --><p>texte</p>",
        "<p>texte</p><!-- /wp:paragraph -->",
        "<!-- wp:paragraph --><!--><p>texte</p><!-- /wp:paragraph -->",
        "<!-- wp:a --><!-- wp:b --><p>texte</p><!-- /wp:a -->",
        "<!-- wp:paragraph {\"broken\": --><p>texte</p><!-- /wp:paragraph -->",
        "<!-- wp:paragraph <p>texte</p>",
    ];
    for content in cases {
        assert!(convert(content).html.contains("texte"), "{content}");
    }
}

/// The words of a text without its markup.
fn words(text: &str) -> usize {
    text.matches("mot").count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    /// Whatever stands around them, words of the text stay, in number.
    #[test]
    fn no_word_is_lost(pieces in prop::collection::vec(prop::sample::select(vec![
        "mot ", "mot\n", "\n\n", "<p>", "</p>", "<div>", "</div>", "<ul><li>", "</li></ul>", "<b>", "</b>", "<pre>", "</pre>",
        "[foo]", "[/foo]", "[foo a=\"b\"]", "[caption]", "[/caption]", "[gallery]", "[[x]]", "[code]", "[/code]", "[", "]", "<", ">", "\"",
        "<img src=x>", "<!-- wp:paragraph -->", "<!-- /wp:paragraph -->", "<!-- wp:group {\"a\":1} -->", "<blockquote>",
        "<figure>", "</figure>", "<h2>", "</h2>", "<!--more-->", "<br>", "<td>", "https://a.example/x\n", "é", "م",
    ]), 0..40)) {
        let content = pieces.concat();
        prop_assert_eq!(words(&convert(&content).html), words(&content), "{}", content);
    }

    #[test]
    fn any_text_is_converted(pieces in prop::collection::vec(prop_oneof![
        prop::sample::select(vec!["<!--", "-->", ">", "<!-- wp:a", "/-->", "{", "}", "[", "]", "[/", "[[", "]]", "=", "\"", "'", "<", "</", "/>"])
            .prop_map(str::to_owned),
        "[\\[\\]<>/!a-cé=\"' \n-]{0,12}",
    ], 0..20)) {
        convert(&pieces.concat());
    }
}

/// Work that grows with the square of the length would take minutes here.
#[test]
fn hostile_bodies_are_converted_in_linear_time() {
    let units = [
        "[a",
        "[a]",
        "[/a]",
        "[[",
        "[embed]",
        "[caption]",
        "<!--",
        "<!-- wp:a -->",
        "<p>",
        "<a \"",
        "<div>",
        "</div>",
        "<script>",
        "<pre>",
        "</pre>",
        "<figure>",
        "&",
        "]",
        "[youtube]x",
        "\n\n",
        "<a 'b\"",
    ];
    for unit in units {
        convert(&unit.repeat(60_000 / unit.len()));
    }
}
