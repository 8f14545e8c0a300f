//! Damage that real exports have: repaired or told, and the rest of the file comes.

use super::*;

/// Three items, the middle one as `change` leaves it.
fn with_middle(change: impl Fn(String) -> String) -> String {
    export(&[item(1, "eins"), change(item(2, "texte")), item(3, "drei")].concat())
}

#[test]
fn control_characters_go() {
    let text = with_middle(|item| item.replace("texte", "te\u{b}x\u{0}te\u{1f}"));
    let read = read(&text);
    assert_eq!(read.posts[1].content, "texte");
    assert_eq!(read.kinds(), [ProblemKind::ControlCharacters]);
    assert!(read.problems[0].what.contains("3 times"), "{}", read.problems[0].what);
    assert_eq!(read.problems[0].item.as_deref(), Some("Title 2"));
}

#[test]
fn invalid_bytes_are_replaced() {
    let text = with_middle(|item| item);
    let bytes = [
        &text.as_bytes()[..text.find("texte").unwrap()],
        b"caf\xe9 ",
        &text.as_bytes()[text.find("texte").unwrap()..],
    ]
    .concat();
    let read = read(bytes);
    assert_eq!(read.posts[1].content, "caf\u{fffd} texte");
    assert_eq!((read.ids(), read.kinds()), (vec![1, 2, 3], vec![ProblemKind::InvalidBytes]));
}

#[test]
fn ampersands_and_unknown_entities_stay() {
    let text = with_middle(|item| {
        item.replace("<![CDATA[Title 2]]>", "R&D &amp; caf&eacute;&nbsp;&bogus; &")
            .replace("https://paper.example/?p=2</link>", "https://paper.example/?p=2&x=1</link>")
    });
    let read = read(&text);
    assert_eq!(read.posts[1].title, "R&D & café\u{a0}&bogus; &");
    assert_eq!(read.posts[1].link.as_deref(), Some("https://paper.example/?p=2&x=1"));
    assert_eq!(read.kinds(), [ProblemKind::Ampersand]);
    assert_eq!(read.problems[0].line, line_of(&text, "R&D"));
}

#[test]
fn tags_in_short_texts_are_text() {
    let text = with_middle(|item| item.replace("<![CDATA[Title 2]]>", "5 < 6 <em>and</em> 7 <"));
    let read = read(&text);
    assert_eq!(read.posts[1].title, "5 < 6 <em>and</em> 7 <");
    assert_eq!(read.kinds(), [ProblemKind::LessThan]);
    assert_eq!(read.ids(), [1, 2, 3]);
}

#[test]
fn html_that_is_not_escaped_is_kept_as_html() {
    let html = "Voir <a href=\"https://x.example/?a=1&amp;b=2\">ici</a> &lt;b&gt;";
    let text =
        with_middle(|item| item.replace("<![CDATA[Bien dit]]>", html).replace("<![CDATA[texte]]>", html));
    let read = read(&text);
    assert_eq!((read.posts[1].content.as_str(), read.posts[1].comments[0].content.as_str()), (html, html));
    assert_eq!((read.kinds(), read.ids()), (vec![ProblemKind::LessThan], vec![1, 2, 3]));
    let escaped =
        with_middle(|item| item.replace("<![CDATA[texte]]>", "&lt;p&gt;un &amp;amp; deux&lt;/p&gt;"));
    assert_eq!(self::read(escaped).posts[1].content, "<p>un &amp; deux</p>");
}

#[test]
fn brackets_in_a_text_that_were_not_split() {
    let texts = [
        "if (a[b[0]]>1) <p>yes</p>",
        "Content with nested <![CDATA[ tags ]]> :)",
        "]]>",
        "a ]]> b ]]> c",
        "opening <![CDATA[ and ]]> closing <![CDATA[ again: ]]>",
        "<code><title><![CDATA[x]]></title></code> in a lesson on feeds",
    ];
    for content in texts {
        let text = export(&[item(1, "eins"), item(2, content), item(3, "drei")].concat());
        let read = read(&text);
        assert_eq!(read.ids(), [1, 2, 3], "{content}");
        assert_eq!(read.posts[1].content, content);
        assert_eq!(read.kinds(), [ProblemKind::CdataTerminator], "{content}");
        assert_eq!(read.problems[0].line, line_of(&text, &format!("[CDATA[{content}]]>")));
        assert!(!read.problems[0].lost);
    }
}

#[test]
fn a_text_that_quotes_a_whole_export_is_a_text() {
    let quoted = item(77, "quoted").replace("]]>", "]]]]><![CDATA[>");
    let read = read(export(&[item(1, &quoted), item(2, "b")].concat()));
    assert_eq!(read.ids(), [1, 2]);
    assert_eq!(read.posts[0].content, item(77, "quoted"));
    assert_eq!(read.problems, []);
}

#[test]
fn sections_that_are_never_closed_end_at_their_tag() {
    for field in ["content:encoded", "title", "wp:post_name", "wp:comment_content", "wp:meta_value"] {
        let text = with_middle(|item| {
            let end = item.find(&format!("]]></{field}>")).unwrap();
            format!("{}{}", &item[..end], &item[end + 3..])
        });
        let read = read(&text);
        assert_eq!(read.ids(), [1, 2, 3], "{field}");
        assert_eq!(read.kinds(), [ProblemKind::UnclosedCdata], "{field}");
        let sound = self::read(with_middle(|item| item));
        let mut posts = read.posts;
        for (post, sound) in posts.iter_mut().zip(&sound.posts) {
            post.line = sound.line;
        }
        assert_eq!(posts, sound.posts, "{field}");
    }
}

#[test]
fn tags_that_are_missing_or_wrong_are_mended() {
    let cases: [(&str, &str, ProblemKind); 9] = [
        ("]]></title>", "]]>", ProblemKind::MissingEndTag),
        ("</wp:post_id>", "", ProblemKind::MissingEndTag),
        ("]]></wp:status>", "]]></wp:post_type>", ProblemKind::MismatchedTag),
        ("]]></title>", "]]></titel>", ProblemKind::CdataTerminator),
        ("\t\t</wp:comment>\n", "", ProblemKind::MissingEndTag),
        ("\t\t<wp:comment>\n", "", ProblemKind::MissingStartTag),
        ("\t\t<wp:postmeta>\n", "", ProblemKind::MissingStartTag),
        ("\t</item>\n", "", ProblemKind::MissingEndTag),
        ("\t<item>\n", "", ProblemKind::MissingStartTag),
    ];
    for (tag, instead, kind) in cases {
        let text = with_middle(|item| item.replacen(tag, instead, 1));
        let read = read(&text);
        assert_eq!(read.ids(), [1, 2, 3], "{tag}");
        assert_eq!(read.posts[1].content, "texte", "{tag}");
        assert_eq!(read.posts[1].comments.len(), 1, "{tag}");
        assert_eq!(read.posts[1].meta.len(), 1, "{tag}");
        assert!(read.kinds().contains(&kind) || tag == "]]></title>", "{tag}: {:?}", read.problems);
        let middle = line_of(&text, "eins")..=line_of(&text, "drei");
        assert!(
            read.problems.iter().all(|problem| middle.contains(&problem.line)),
            "{tag}: {:?}",
            read.problems
        );
        assert!(!read.problems.is_empty(), "{tag}");
    }
}

#[test]
fn messages_of_php_are_passed_over() {
    let message =
        "<br />\n<b>Warning</b>:  Undefined variable $x in <b>/srv/export.php</b> on line <b>91</b><br />\n";
    let text = with_middle(|item| item.replace("\t\t<wp:post_id>", &format!("{message}\t\t<wp:post_id>")));
    let places =
        [text, format!("{message}{}", export(&item(1, "x"))), export(&format!("{message}{}", item(1, "x")))];
    for text in places {
        let read = read(&text);
        assert_eq!(read.kinds(), [ProblemKind::StrayText], "{:?}", read.problems);
        assert_eq!(read.problems[0].line, line_of(&text, "<br />"));
        assert!(
            !read.problems[0].lost && read.problems[0].what.contains("Undefined variable"),
            "{:?}",
            read.problems
        );
        assert_eq!(read.ending, Some(Ending::Whole));
        assert_eq!(read.posts[0].comments.len(), 1);
    }
}

#[test]
fn blank_lines_and_a_mark_before_the_declaration_do_no_harm() {
    for before in ["\n\n  \n", "\u{feff}", "\u{feff}\n"] {
        let read = read(format!("{before}{}", export(&item(1, "x"))));
        assert_eq!((read.ids(), read.problems), (vec![1], vec![]));
    }
}

#[test]
fn carriage_returns_are_line_ends() {
    let text = export(&item(1, "a\nb")).replace('\n', "\r\n");
    let read = read(&text);
    assert_eq!((read.posts[0].content.as_str(), read.problems), ("a\nb", vec![]));
}

#[test]
fn declared_encodings_are_converted() {
    let text =
        export(&item(1, "déjà l’été €")).replace("UTF-8", "windows-1252").replace("صوت المرفأ", "La Voix");
    let (bytes, _, unmappable) = encoding_rs::WINDOWS_1252.encode(&text);
    assert!(!unmappable);
    let latin = read(&bytes);
    assert_eq!(latin.posts[0].content, "déjà l’été €");
    assert_eq!(latin.kinds(), [ProblemKind::Encoding]);
    let utf16: Vec<u8> = [0xFEFF]
        .into_iter()
        .chain(export(&item(1, "مرحبا")).encode_utf16())
        .flat_map(u16::to_be_bytes)
        .collect();
    let wide = read(&utf16);
    assert_eq!((wide.posts[0].content.as_str(), wide.problems), ("مرحبا", vec![]));
}

#[test]
fn missing_wrappers_and_versions_are_told() {
    let whole = export(&item(1, "x"));
    let cases: [(String, ProblemKind); 4] = [
        (whole.replace("<channel>", "").replace("</channel>", ""), ProblemKind::MissingWrapper),
        (whole.replace("\t<wp:wxr_version>1.2</wp:wxr_version>\n", ""), ProblemKind::Version),
        (whole.replace("1.2</wp:wxr", "abc</wp:wxr"), ProblemKind::Version),
        (item(1, "x"), ProblemKind::MissingWrapper),
    ];
    for (text, kind) in cases {
        let read = read(&text);
        assert_eq!(read.ids(), [1]);
        assert!(read.kinds().contains(&kind), "{:?}", read.problems);
        assert!(read.problems.iter().all(|problem| !problem.lost));
        assert_eq!(read.ending, Some(Ending::Whole));
    }
}

#[test]
fn a_wrong_wrapper_is_a_mismatch_and_everything_comes() {
    let text = export(&item(1, "x")).replace("<channel>", "<notachannel>");
    let read = read(&text);
    assert_eq!(read.ids(), [1]);
    assert_eq!(read.channel.unwrap().title.as_deref(), Some("صوت المرفأ"));
    let Some(Ending::Mismatched { line, what }) = read.ending else { panic!("{:?}", read.ending) };
    assert_eq!(line, line_of(&text, "</channel>"));
    assert!(what.contains("</channel>"));
}

#[test]
fn a_file_that_stops_keeps_what_came_before() {
    let text = export(&[item(1, "eins"), item(2, "texte"), item(3, "drei")].concat());
    let third = text.rfind("\t<item>").unwrap();
    let third_line = line_of(&text, "Title 3") - 1;
    // Inside the text: the item cannot be kept.
    let cut = &text[..text.find("drei").unwrap() + 2];
    let early = read(cut);
    assert_eq!((early.ids(), &early.ending), (vec![1, 2], &Some(Ending::Truncated { line: third_line })));
    assert!(early.has(ProblemKind::Truncated, third_line, true), "{:?}", early.problems);
    assert_eq!(early.problems[0].item.as_deref(), Some("Title 3"));
    // Inside its comment: the item is kept, the comment is not.
    let cut = &text[..text.rfind("Bien dit").unwrap() + 4];
    let late = read(cut);
    assert_eq!((late.ids(), &late.ending), (vec![1, 2, 3], &Some(Ending::Truncated { line: third_line })));
    assert_eq!((late.posts[2].content.as_str(), late.posts[2].comments.len()), ("drei", 0));
    assert!(late.has(ProblemKind::Truncated, third_line, true));
    // Between items.
    let between = read(&text[..third]);
    assert_eq!(between.ids(), [1, 2]);
    assert!(matches!(between.ending, Some(Ending::Truncated { .. })));
    assert!(between.problems.iter().any(|problem| problem.kind == ProblemKind::Truncated && problem.lost));
}

#[test]
fn every_truncation_keeps_the_items_before_it() {
    let text = export(&[item(1, "eins"), item(2, "زمن"), item(3, "drei")].concat());
    for length in 0..text.len() {
        let read = read(&text.as_bytes()[..length]);
        let whole_items = text.as_bytes()[..length].windows(7).filter(|window| window == b"</item>").count();
        assert!(read.ids().len() >= whole_items, "cut at {length}");
        let closed = text.as_bytes()[..length].ends_with(b"</rss>") || length + 1 == text.len();
        assert_eq!(read.ending == Some(Ending::Whole), closed, "cut at {length}: {:?}", read.ending);
    }
}

#[test]
fn a_part_of_the_file_that_is_missing_costs_its_items_only() {
    let text = export(
        &[item(1, "eins"), item(2, "texte"), item(3, "drei"), item(4, "vier"), item(5, "fünf")].concat(),
    );
    let at = |needle: &str| text.find(needle).unwrap();
    let gaps = [
        (at("texte") + 2, at("drei") + 2),
        (at("texte") + 2, at("Title 3")),
        (at("Title 2"), at("drei") + 2),
        (at("texte") + 2, at("<wp:post_id>3")),
        (at("<wp:post_id>2"), at("Title 4") - 20),
    ];
    for (index, (from, to)) in gaps.into_iter().enumerate() {
        let damaged = format!("{}{}", &text[..from], &text[to..]);
        let read = read(&damaged);
        for id in [1, 4, 5] {
            assert!(read.ids().contains(&id), "{:?} of {}", read.ids(), &damaged[from - 40..from + 40]);
        }
        let last = read.posts.iter().find(|post| post.id == Some(4)).unwrap();
        assert_eq!(last.content, "vier");
        // From one text into the next, nothing tells that anything is missing.
        let told = read.problems.iter().any(|problem| problem.line >= line_of(&text, "Title 2") - 1);
        assert!(told || index == 0, "{index}: {:?}", read.problems);
    }
}

#[test]
fn an_entry_above_the_limit_is_skipped() {
    let limits = Limits { entry_bytes: 10_000, read_ahead: 512 };
    let huge = "mot ".repeat(20_000);
    let unclosed = item(2, "x").replace("]]></content:encoded>", "").replace("]]>", "");
    for middle in [item(2, &huge), format!("{unclosed}{huge}</item>")] {
        let text = export(&[item(1, "eins"), middle, item(3, "drei"), item(4, "vier")].concat());
        let read = read_with(text.as_bytes(), limits);
        assert_eq!(read.ids(), [1, 3, 4], "{:?}", read.problems);
        assert!(
            read.has(ProblemKind::TooLarge, line_of(&text, "eins") + 26 + 1, true)
                || read.kinds().contains(&ProblemKind::TooLarge)
        );
        assert_eq!(read.posts[1].line, line_of(&text, "<title><![CDATA[Title 3") - 1);
    }
}

#[test]
fn two_exports_in_one_file_both_come() {
    let read = read(format!("{}{}", export(&item(1, "x")), export(&item(2, "y"))));
    assert_eq!(read.ids(), [1, 2]);
    assert_eq!(read.kinds(), [ProblemKind::AfterTheEnd]);
    assert_eq!(read.ending, Some(Ending::Whole));
}

#[test]
fn what_is_no_export_is_said_to_be_none() {
    for text in
        ["", "   \n", "hello", "<html><body><p>Not found</p></body></html>", "{\"a\":1}", "PK\u{3}\u{4}"]
    {
        let read = read(text);
        assert_eq!(read.ending, Some(Ending::NotAnExport), "{text}");
        assert!(read.kinds().contains(&ProblemKind::NotAnExport), "{text}");
    }
}

#[test]
fn a_plain_feed_is_read_as_far_as_it_goes() {
    let feed = "<rss version=\"2.0\"><channel><title>Feed</title><item><title>A</title><description>&lt;p&gt;Texte&lt;/p&gt;</description>\
        <pubDate>Sat, 02 Nov 2024 12:00:00 +0000</pubDate><comments>https://x.example/#c</comments></item></channel></rss>";
    let read = read(feed);
    assert_eq!((read.posts[0].content.as_str(), read.posts[0].status.clone()), ("<p>Texte</p>", None));
}

#[test]
fn a_document_type_with_entities_is_passed_over() {
    let text = export(&item(1, "x").replace("<![CDATA[Title 1]]>", "A &nbsp;&lol;"))
        .replace("<rss ", "<!DOCTYPE rss [\n<!ENTITY lol \"lol\">\n<!ENTITY nbsp \"&#160;\">\n]>\n<rss ");
    let read = read(&text);
    assert_eq!(read.posts[0].title, "A \u{a0}&lol;");
    assert_eq!(read.ending, Some(Ending::Whole));
}

#[test]
fn elements_of_other_programs_are_counted() {
    let foreign = "<media:thumbnail url=\"x\"/><plugin:rating><plugin:stars>5</plugin:stars></plugin:rating><wfw:commentRss>x</wfw:commentRss>";
    let text =
        export(&[item(1, "x"), item(2, "y")].concat().replace("\t</item>", &format!("{foreign}</item>")));
    let read = read(&text);
    assert_eq!(read.kinds(), [ProblemKind::ForeignElement; 2]);
    assert!(read.problems[1].what.contains("<plugin:rating>") && read.problems[1].what.contains('2'));
    assert_eq!(read.problems[1].line, line_of(&text, "<plugin:rating>"));
}

#[test]
fn comments_outside_of_items_are_told_as_lost() {
    let read = read(export(&format!("{}{}", comment(5, "seul"), item(1, "x"))));
    assert_eq!(read.ids(), [1]);
    assert!(
        read.problems.iter().any(|problem| problem.lost && problem.what.contains("belongs to no item")),
        "{:?}",
        read.problems
    );
}
