//! Markup as WordPress stores it: blocks of its newer editor, what its older one and common plugins wrote.

use super::assert_cases;

#[test]
fn images_and_galleries() {
    assert_cases(&[
        (
            "<!-- wp:image {\"id\":12,\"sizeSlug\":\"large\"} -->\n<figure class=\"wp-block-image size-large\">\
             <img src=\"https://example.org/a-1024x683.jpg\" alt=\"Le port &quot;à l’aube&quot;\" class=\"wp-image-12\"/>\
             <figcaption class=\"wp-element-caption\">Le port. <em>Archives</em></figcaption></figure>\n<!-- /wp:image -->",
            "figure https://example.org/a-1024x683.jpg “Le port \"à l’aube\"” caption: Le port. <em>Archives</em>",
        ),
        (
            "<figure class=\"wp-block-gallery has-nested-images columns-2 is-cropped\">\
             <figure class=\"wp-block-image\"><img src=\"/a.jpg\" alt=\"\"/><figcaption>الأولى</figcaption></figure>\n\n\
             <figure class=\"wp-block-image\"><a href=\"/b\"><img src=\"/b.jpg\" alt=\"B\"/></a></figure>\
             <figcaption class=\"blocks-gallery-caption\">المرفأ</figcaption></figure>",
            "gallery [/a.jpg caption: الأولى | /b.jpg “B” to /b] المرفأ",
        ),
        (
            "<ul class=\"wp-block-gallery columns-3\"><li class=\"blocks-gallery-item\"><figure><img src=\"/a.jpg\" alt=\"\"/>\
             </figure></li><li class=\"blocks-gallery-item\"><figure><img src=\"/b.jpg\"/></figure></li></ul>",
            "gallery [/a.jpg | /b.jpg]",
        ),
        (
            "<figure class=\"wp-block-gallery\"><ul class=\"blocks-gallery-grid\"><li><figure><img src=\"/a.jpg\"/></figure>\
             </li></ul><figcaption>Une</figcaption></figure>",
            "gallery [/a.jpg] Une",
        ),
        (
            "<div id=\"gallery-1\" class=\"gallery\"><dl class=\"gallery-item\"><dt class=\"gallery-icon\">\
             <a href=\"/p1\"><img src=\"/a.jpg\"></a></dt><dd class=\"wp-caption-text gallery-caption\">Un</dd></dl>\
             <br style=\"clear: both\"></div>",
            "gallery [/a.jpg caption: Un to /p1]\nlost: attribute style ×1",
        ),
        (
            "<div id=\"attachment_12\" class=\"wp-caption alignleft\" style=\"width: 310px\">\
             <img class=\"size-medium\" src=\"/c.jpg\" width=\"300\" height=\"200\">\
             <p class=\"wp-caption-text\">Légende</p></div>",
            "figure /c.jpg 300x200 caption: Légende\nlost: attribute style ×1",
        ),
        ("<p><img class=\"alignleft\" src=\"/a.jpg\"/>Texte</p>", "figure /a.jpg\np Texte"),
        ("<p>Merci <img src=\"https://s.w.org/1f642.svg\" alt=\"🙂\" class=\"wp-smiley\"></p>", "p Merci 🙂"),
    ]);
}

#[test]
fn embeds() {
    assert_cases(&[
        (
            "<figure class=\"wp-block-embed is-type-video is-provider-youtube\"><div class=\"wp-block-embed__wrapper\">\n\
             https://www.youtube.com/watch?v=a&amp;t=1\n</div><figcaption>Le film</figcaption></figure>",
            "embed https://www.youtube.com/watch?v=a&t=1 (YouTube) Le film",
        ),
        (
            "<figure class=\"wp-block-audio\"><audio controls src=\"https://example.org/a.mp3\"></audio>\
             <figcaption>نشرة</figcaption></figure>",
            "embed https://example.org/a.mp3 نشرة",
        ),
        (
            "<figure class=\"wp-block-video\"><video controls poster=\"/p.jpg\" src=\"/v.mp4\"></video></figure>",
            "embed /v.mp4",
        ),
    ]);
}

#[test]
fn text_blocks() {
    assert_cases(&[
        (
            "<div class=\"wp-block-group\"><div class=\"wp-block-group__inner-container\"><div class=\"wp-block-columns\">\
             <div class=\"wp-block-column\" style=\"flex-basis:66.66%\"><p class=\"has-drop-cap\">A</p></div>\
             <div class=\"wp-block-column\"><h2 class=\"wp-block-heading\" id=\"h-suite\">Suite</h2></div></div></div></div>",
            "p A\nh2#h-suite Suite\nlost: attribute style ×1",
        ),
        (
            "<figure class=\"wp-block-pullquote\"><blockquote><p>قول</p><cite>قائل</cite></blockquote></figure>",
            "quote {p قول} — قائل",
        ),
        (
            "<blockquote class=\"wp-block-quote\"><!-- wp:paragraph -->\n<p>Un</p>\n<!-- /wp:paragraph --><cite>Deux</cite></blockquote>",
            "quote {p Un} — Deux",
        ),
        (
            "<pre class=\"wp-block-code\"><code lang=\"php\" class=\"language-php\">&lt;?php echo 1;</code></pre>\
             <pre class=\"wp-block-preformatted\">a<br>b</pre><pre class=\"wp-block-verse\">vers un\n<em>vers deux</em></pre>",
            "code php \"<?php echo 1;\"\ncode - \"a\\nb\"\np vers un<br><em>vers deux</em>",
        ),
        (
            "<figure class=\"wp-block-table is-style-stripes\"><table class=\"has-fixed-layout\"><thead><tr><th>A</th></tr></thead>\
             <tbody><tr><td>١</td></tr></tbody></table><figcaption class=\"wp-element-caption\">Tab. 1</figcaption></figure>",
            "table <table><caption>Tab. 1</caption><thead><tr><th>A</th></tr></thead><tbody><tr><td>١</td></tr></tbody></table>",
        ),
        ("<hr class=\"wp-block-separator has-alpha-channel-opacity\"/>", "raw <hr>"),
        (
            "<!-- wp:list {\"ordered\":true,\"start\":3} --><ol start=\"3\" class=\"wp-block-list\"><!-- wp:list-item -->\
             <li>trois</li><!-- /wp:list-item --></ol><!-- /wp:list -->",
            "ol 3 [trois]",
        ),
        (
            "<div class=\"wp-block-buttons\"><div class=\"wp-block-button\"><a class=\"wp-block-button__link wp-element-button\" \
             href=\"/don\">Donner</a></div></div>",
            "p <a href=\"/don\" rel=\"noopener\">Donner</a>",
        ),
        (
            "<div class=\"wp-block-media-text\"><figure class=\"wp-block-media-text__media\"><img src=\"/a.jpg\" alt=\"\"/></figure>\
             <div class=\"wp-block-media-text__content\"><p>Texte</p></div></div>",
            "figure /a.jpg\np Texte",
        ),
        (
            "<details class=\"wp-block-details\"><summary>Plus</summary><p>Texte</p></details>",
            "raw <details><summary>Plus</summary><p>Texte</p></details>",
        ),
        (
            "<p>Note<sup data-fn=\"x1\" class=\"fn\"><a href=\"#x1\" id=\"x1-link\">1</a></sup></p>\
             <ol class=\"wp-block-footnotes\"><li id=\"x1\">Source <a href=\"#x1-link\">↩︎</a></li></ol>",
            "p Note<span id=\"x1-link\"><a href=\"#x1\" rel=\"noopener\"><sup>1</sup></a></span>\n\
             ol 1 [<span id=\"x1\">Source </span><a href=\"#x1-link\" rel=\"noopener\">↩︎</a>]",
        ),
        ("<p>Avant<!--more-->après</p>", "p Avantaprès"),
        (
            "<div class=\"wp-block-spacer\" style=\"height:20px\" aria-hidden=\"true\"></div>",
            "lost: attribute style ×1",
        ),
    ]);
}
