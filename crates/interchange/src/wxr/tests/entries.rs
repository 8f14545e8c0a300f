//! What a sound export holds comes out, field by field.

use super::*;

#[test]
fn the_channel_and_what_it_declares() {
    let text = export(
        "\t<wp:author><wp:author_id>3</wp:author_id><wp:author_login><![CDATA[نادية]]></wp:author_login><wp:author_email><![CDATA[n@paper.example]]></wp:author_email><wp:author_display_name><![CDATA[نادية منصور]]></wp:author_display_name><wp:author_first_name><![CDATA[]]></wp:author_first_name><wp:author_last_name><![CDATA[منصور]]></wp:author_last_name></wp:author>\n\
         \t<wp:category><wp:term_id>4</wp:term_id><wp:category_nicename>sea</wp:category_nicename><wp:category_parent>environment</wp:category_parent><wp:cat_name><![CDATA[Sea &amp; coast]]></wp:cat_name><wp:category_description><![CDATA[<b>x</b>]]></wp:category_description></wp:category>\n\
         \t<wp:tag><wp:term_id>5</wp:term_id><wp:tag_slug>%d8%a8%d8%ad%d8%b1</wp:tag_slug><wp:tag_name><![CDATA[بحر]]></wp:tag_name></wp:tag>\n\
         \t<wp:term><wp:term_id>6</wp:term_id><wp:term_taxonomy>nav_menu</wp:term_taxonomy><wp:term_slug>main</wp:term_slug><wp:term_parent></wp:term_parent><wp:term_name>Main</wp:term_name></wp:term>\n\
         \t<image>\n\t\t<url>https://paper.example/icon.png</url>\n\t\t<title>not the site</title>\n\t</image>\n\t<generator>https://wordpress.org/?v=6.9</generator>",
    );
    let read = read(&text);
    assert_eq!(read.problems, []);
    assert_eq!(read.ending, Some(Ending::Whole));
    let channel = read.channel.unwrap();
    assert_eq!(channel.title.as_deref(), Some("صوت المرفأ"));
    assert_eq!(channel.description.as_deref(), Some("La ville & la mer"));
    assert_eq!((channel.language.as_deref(), channel.wxr_version.as_deref()), (Some("ar"), Some("1.2")));
    let [Entry::Author(author), Entry::Category(category), Entry::Tag(tag), Entry::Term(term)] =
        &read.entries[..]
    else {
        panic!("{:?}", read.entries)
    };
    assert_eq!((author.login.as_str(), author.id, author.first_name.as_deref()), ("نادية", Some(3), None));
    assert_eq!(author.line, line_of(&text, "<wp:author>"));
    assert_eq!((category.slug.as_str(), category.parent.as_deref()), ("sea", Some("environment")));
    assert_eq!((category.name.as_str(), category.description.as_str()), ("Sea &amp; coast", "<b>x</b>"));
    assert_eq!((tag.slug.as_str(), tag.name.as_str()), ("%d8%a8%d8%ad%d8%b1", "بحر"));
    assert_eq!((term.taxonomy.as_str(), term.parent.as_deref()), ("nav_menu", None));
}

#[test]
fn a_post_with_all_its_fields() {
    let text = export(
        "<item>\n<title>Le port &amp; la ville</title>\n<link>https://paper.example/port/</link>\n<pubDate>Sat, 02 Nov 2024 12:00:00 +0000</pubDate>\n\
         <dc:creator>claire</dc:creator>\n<guid isPermaLink=\"false\">https://paper.example/?p=7</guid>\n<description></description>\n\
         <content:encoded><![CDATA[Un \"texte\" &amp; ]]]]><![CDATA[> fin]]></content:encoded>\n<excerpt:encoded><![CDATA[Court]]></excerpt:encoded>\n\
         <wp:post_id>7</wp:post_id>\n<wp:post_date>2024-11-02 14:00:00</wp:post_date>\n<wp:post_date_gmt>2024-11-02 12:00:00</wp:post_date_gmt>\n\
         <wp:post_modified>2024-11-03 14:00:00</wp:post_modified>\n<wp:post_modified_gmt>2024-11-03 12:00:00</wp:post_modified_gmt>\n\
         <wp:comment_status>closed</wp:comment_status>\n<wp:ping_status>open</wp:ping_status>\n<wp:post_name>%d9%85%d8%b1%d9%81%d8</wp:post_name>\n\
         <wp:status>private</wp:status>\n<wp:post_parent>3</wp:post_parent>\n<wp:menu_order>-2</wp:menu_order>\n<wp:post_type>page</wp:post_type>\n\
         <wp:post_password>secret-of-the-house</wp:post_password>\n<wp:is_sticky>1</wp:is_sticky>\n\
         <category domain=\"category\" nicename=\"city\"><![CDATA[City]]></category>\n<category domain=\"category\" nicename=\"city\"><![CDATA[City]]></category>\n\
         <category domain=\"author\" nicename=\"cap-guest\"><![CDATA[Guest One]]></category>\n<category domain=\"author\" nicename=\"claire\"><![CDATA[Claire]]></category>\n\
         <category domain=\"author\" nicename=\"cap-guest\"><![CDATA[Guest One]]></category>\n\
         <category domain=\"post_format\" nicename=\"post-format-video\"><![CDATA[Video]]></category>\n\
         <category domain=\"language\" nicename=\"fr\"><![CDATA[Français]]></category>\n<category domain=\"post_translations\" nicename=\"pll_1\"><![CDATA[pll_1]]></category>\n\
         <category domain=\"tag\" nicename=\"port\"><![CDATA[Port]]></category>\n\
         <wp:postmeta><wp:meta_key>_wp_old_slug</wp:meta_key><wp:meta_value>ancien</wp:meta_value></wp:postmeta>\n\
         <wp:postmeta><wp:meta_key>_wp_old_slug</wp:meta_key><wp:meta_value>plus-ancien</wp:meta_value></wp:postmeta>\n\
         <wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>12</wp:meta_value></wp:postmeta>\n\
         <wp:postmeta><wp:meta_key>_yoast_wpseo_title</wp:meta_key><wp:meta_value>%%title%% %%sep%% %%sitename%%</wp:meta_value></wp:postmeta>\n\
         <wp:postmeta><wp:meta_key>_yoast_wpseo_metadesc</wp:meta_key><wp:meta_value>100 % portuaire</wp:meta_value></wp:postmeta>\n\
         <wp:postmeta><wp:meta_key>empty</wp:meta_key><wp:meta_value/></wp:postmeta>\n<wp:postmeta><wp:meta_key/></wp:postmeta>\n</item>",
    );
    let read = read(&text);
    assert_eq!((read.problems.as_slice(), read.posts.len()), (&[][..], 1));
    let post = &read.posts[0];
    assert_eq!(post.line, line_of(&text, "<item>"));
    assert_eq!(
        (post.id, &post.kind, post.status.as_ref()),
        (Some(7), &PostKind::Page, Some(&PostStatus::Private))
    );
    assert_eq!(post.title, "Le port & la ville");
    assert_eq!(post.content, "Un \"texte\" &amp; ]]> fin");
    assert_eq!(post.excerpt, "Court");
    // Cut by WordPress in the middle of a letter; kept as it stands.
    assert_eq!(post.slug.as_deref(), Some("%d9%85%d8%b1%d9%81%d8"));
    assert_eq!((post.parent, post.menu_order, post.is_sticky), (Some(3), -2, true));
    assert_eq!((post.comments_open, post.has_password), (Some(false), true));
    assert!(!format!("{post:?}").contains("secret-of-the-house"));
    let (published, source) = post.published_at().unwrap();
    assert_eq!((published.to_rfc3339().as_str(), source), ("2024-11-02T12:00:00+00:00", InstantSource::Gmt));
    assert_eq!(post.modified_at().unwrap().to_rfc3339(), "2024-11-03T12:00:00+00:00");
    assert_eq!(
        post.co_authors(),
        [CoAuthor { login: "guest", name: "Guest One" }, CoAuthor { login: "claire", name: "Claire" }]
    );
    assert_eq!(
        (post.language(), post.translation_group(), post.post_format()),
        (Some("fr"), Some("pll_1"), Some("video"))
    );
    assert_eq!(post.terms_of("post_tag").count(), 1);
    assert_eq!(post.terms_of("category").count(), 1);
    assert_eq!(post.old_slugs().collect::<Vec<_>>(), ["ancien", "plus-ancien"]);
    assert_eq!(post.thumbnail_id(), Some(12));
    assert_eq!(post.search_texts(), SearchTexts { title: None, description: Some("100 % portuaire") });
    assert_eq!(post.meta.len(), 6);
}

#[test]
fn comments_keep_their_parents_and_lose_what_tells_of_machines() {
    let thread = "<wp:comment><wp:comment_id>2</wp:comment_id><wp:comment_author><![CDATA[سامي]]></wp:comment_author><wp:comment_author_email>s@x.example</wp:comment_author_email>\
        <wp:comment_author_url></wp:comment_author_url><wp:comment_author_IP>192.0.2.77</wp:comment_author_IP><wp:comment_agent>Netscape 4</wp:comment_agent>\
        <wp:comment_date>2024-11-02 15:00:00</wp:comment_date><wp:comment_date_gmt>0000-00-00 00:00:00</wp:comment_date_gmt>\
        <wp:comment_content><![CDATA[رد]]></wp:comment_content><wp:comment_approved>0</wp:comment_approved><wp:comment_type>comment</wp:comment_type><wp:comment_parent>9</wp:comment_parent><wp:comment_user_id>0</wp:comment_user_id>\
        <wp:commentmeta><wp:meta_key>akismet_result</wp:meta_key><wp:meta_value>false</wp:meta_value></wp:commentmeta></wp:comment>\n\
        <wp:comment><wp:comment_id>9</wp:comment_id><wp:comment_date_gmt>2024-11-02 13:00:00</wp:comment_date_gmt><wp:comment_content>First</wp:comment_content>\
        <wp:comment_approved>post-trashed</wp:comment_approved><wp:comment_type>pingback</wp:comment_type><wp:comment_user_id>4</wp:comment_user_id></wp:comment>";
    let text = export(&item(1, "x").replace("\t</item>", &format!("{thread}\n\t</item>")));
    let read = read(&text);
    assert_eq!(read.problems, []);
    let [_, reply, first] = &read.posts[0].comments[..] else { panic!("{:?}", read.posts[0].comments) };
    assert_eq!((reply.id, reply.parent, reply.user_id), (Some(2), Some(9), None));
    assert_eq!((reply.had_ip, reply.had_user_agent), (true, true));
    assert_eq!((reply.author.as_str(), reply.content.as_str()), ("سامي", "رد"));
    assert_eq!((&reply.approved, &reply.kind), (&Approval::Pending, &CommentKind::Comment));
    assert_eq!(reply.left_at().unwrap().to_rfc3339(), "2024-11-02T15:00:00+00:00");
    assert_eq!(
        (&first.approved, &first.kind, first.user_id),
        (&Approval::PostTrashed, &CommentKind::Pingback, Some(4))
    );
    assert!(
        (first.line, reply.line)
            == (line_of(&text, "<wp:comment_id>9<"), line_of(&text, "<wp:comment_id>2<"))
    );
    let shown = format!("{reply:?}");
    assert!(!shown.contains("192.0.2.77") && !shown.contains("Netscape"));
}

#[test]
fn polylang_terms_are_decoded() {
    let term = |taxonomy: &str, slug: &str, description: &str| {
        format!(
            "<wp:term><wp:term_id><![CDATA[{{id}}]]></wp:term_id><wp:term_taxonomy><![CDATA[{taxonomy}]]></wp:term_taxonomy><wp:term_slug><![CDATA[{slug}]]></wp:term_slug><wp:term_name><![CDATA[{slug}]]></wp:term_name><wp:term_description><![CDATA[{description}]]></wp:term_description></wp:term>\n"
        )
    };
    let body = [
        term(
            "language",
            "ar",
            "a:3:{s:6:\"locale\";s:2:\"ar\";s:3:\"rtl\";i:1;s:9:\"flag_code\";s:5:\"arab\";}",
        ),
        term(
            "post_translations",
            "pll_1",
            "a:3:{s:2:\"ar\";i:413;s:2:\"fr\";s:3:\"414\";s:4:\"sync\";a:1:{s:2:\"fr\";s:2:\"ar\";}}",
        ),
        term("post_translations", "pll_2", "a:2:{s:2:\"ar\""),
    ];
    let read = read(export(&body.concat()));
    let decoded: Vec<_> = read
        .entries
        .iter()
        .map(|e| if let Entry::Term(term) = e { term.polylang.clone() } else { None })
        .collect();
    assert_eq!(decoded[0], Some(Polylang::Language { locale: Some("ar".into()), right_to_left: true }));
    assert_eq!(decoded[1], Some(Polylang::Translations([("ar".into(), 413), ("fr".into(), 414)].into())));
    assert_eq!(decoded[2], None);
    assert_eq!(read.kinds(), [ProblemKind::BadSerialized]);
    assert!(read.problems[0].lost);
}

#[test]
fn attachments_tell_their_file() {
    let metadata = r#"a:5:{s:5:"width";i:1600;s:6:"height";i:900;s:4:"file";s:19:"2024/05/harbour.jpg";s:5:"sizes";a:1:{s:9:"thumbnail";a:2:{s:4:"file";s:19:"harbour-150x150.jpg";s:5:"width";i:150;}}s:10:"image_meta";a:3:{s:6:"credit";s:12:"Rania Khoury";s:7:"caption";s:7:"Le port";s:9:"copyright";s:0:"";}}"#;
    let body = format!(
        "<item><title>harbour</title><wp:post_id>5</wp:post_id><wp:post_type>attachment</wp:post_type><wp:status>inherit</wp:status><wp:post_parent>1</wp:post_parent>\
         <wp:attachment_url>https://paper.example/uploads/2024/05/harbour.jpg</wp:attachment_url>\
         <wp:postmeta><wp:meta_key>_wp_attached_file</wp:meta_key><wp:meta_value><![CDATA[2024/05/harbour.jpg]]></wp:meta_value></wp:postmeta>\
         <wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key><wp:meta_value><![CDATA[ميناء عند الفجر]]></wp:meta_value></wp:postmeta>\
         <wp:postmeta><wp:meta_key>_wp_attachment_metadata</wp:meta_key><wp:meta_value><![CDATA[{metadata}]]></wp:meta_value></wp:postmeta></item>"
    );
    let read = read(export(&body));
    let post = &read.posts[0];
    assert_eq!((&post.kind, post.status.as_ref()), (&PostKind::Attachment, Some(&PostStatus::Inherit)));
    assert_eq!(post.image_alt(), Some("ميناء عند الفجر"));
    let metadata = post.attachment_metadata().unwrap();
    assert_eq!((metadata.width, metadata.height), (Some(1600), Some(900)));
    assert_eq!((metadata.credit.as_deref(), metadata.copyright.as_deref()), (Some("Rania Khoury"), None));
    assert_eq!(metadata.sizes, [("thumbnail".to_owned(), "harbour-150x150.jpg".to_owned())]);
}

#[test]
fn drafts_have_no_date_and_that_is_no_fault() {
    let draft = item(1, "x")
        .replace("Sat, 02 Nov 2024 12:00:00 +0000", "Wed, 30 Nov -0001 00:00:00 +0000")
        .replace("2024-11-02 14:00:00", "0000-00-00 00:00:00")
        .replace(
            "<![CDATA[2024-11-02 12:00:00]]></wp:post_date_gmt>",
            "-0001-11-30 00:00:00</wp:post_date_gmt>",
        )
        .replace("[publish]", "[draft]");
    let read = read(export(&draft));
    assert_eq!(read.problems, []);
    assert_eq!(read.posts[0].published_at(), None);
}

#[test]
fn a_published_post_with_only_a_local_date_is_told() {
    let local = item(1, "x")
        .replace("<pubDate>Sat, 02 Nov 2024 12:00:00 +0000</pubDate>", "")
        .replace("[2024-11-02 12:00:00]", "[0000-00-00 00:00:00]");
    let text = export(&local);
    let read = read(&text);
    assert_eq!(read.kinds(), [ProblemKind::LocalTime]);
    assert_eq!(read.problems[0].line, line_of(&text, "<item>"));
    assert_eq!(read.problems[0].item.as_deref(), Some("Title 1"));
    let (at, source) = read.posts[0].published_at().unwrap();
    assert_eq!(
        (at.to_rfc3339().as_str(), source),
        ("2024-11-02T14:00:00+00:00", InstantSource::LocalTakenAsUtc)
    );
}

#[test]
fn posts_with_only_the_date_of_rss_are_dated() {
    let rss = item(1, "x").replace("2024-11-02 14:00:00", "").replace("[2024-11-02 12:00:00]", "[]");
    let read = read(export(&rss));
    assert_eq!(read.problems, []);
    assert_eq!(read.posts[0].published_at().unwrap().1, InstantSource::PubDate);
}

#[test]
fn items_without_status_or_type_come_and_are_told() {
    let bare = "<item><title>Seul</title><content:encoded><![CDATA[Texte]]></content:encoded><wp:post_id>4</wp:post_id></item>";
    let read = read(export(bare));
    assert_eq!((read.posts[0].status.clone(), &read.posts[0].kind), (None, &PostKind::Post));
    assert_eq!(read.kinds(), [ProblemKind::MissingField]);
    assert!(read.problems[0].what.contains("wp:post_type") && read.problems[0].what.contains("wp:status"));
}

#[test]
fn old_exports_write_categories_twice() {
    let body = "<item><title>2007</title><wp:post_id>1</wp:post_id><wp:post_type>post</wp:post_type><wp:status>publish</wp:status><wp:post_date_gmt>2007-01-01 10:00:00</wp:post_date_gmt>\
        <category><![CDATA[Sport]]></category><category domain=\"category\" nicename=\"sport\"><![CDATA[Sport]]></category><category><![CDATA[Ville]]></category></item>";
    let text = export(body).replace("1.2", "1.0");
    let read = read(&text);
    assert_eq!(read.problems, []);
    let term = |nicename: Option<&str>, name: &str| ItemTerm {
        domain: "category".into(),
        nicename: nicename.map(str::to_owned),
        name: name.into(),
    };
    assert_eq!(read.posts[0].categories, [term(Some("sport"), "Sport"), term(None, "Ville")]);
}

#[test]
fn duplicate_numbers_all_come() {
    let read = read(export(&[item(1, "a"), item(1, "b"), item(1, "c")].concat()));
    assert_eq!(read.ids(), [1, 1, 1]);
    assert_eq!(read.problems, []);
}

#[test]
fn other_types_come_as_such() {
    for kind in ["nav_menu_item", "wp_template", "revision", "wp_block", "produit"] {
        let read = read(export(
            &item(1, "x").replace("[post]]></wp:post_type>", &format!("[{kind}]]></wp:post_type>")),
        ));
        assert_eq!(read.posts[0].kind, PostKind::Other(kind.into()));
        assert_eq!(read.posts[0].kind.as_str(), kind);
    }
}

#[test]
fn prefixes_go_by_their_uri() {
    let plain = export(&item(1, "x"));
    let renamed = plain
        .replace("xmlns:wp=", "xmlns:w=")
        .replace("<wp:", "<w:")
        .replace("</wp:", "</w:")
        .replace("xmlns:content=", "xmlns:ns0=")
        .replace("content:encoded", "ns0:encoded");
    assert_eq!(read(&renamed), read(&plain));
    // Declared on each element, as some programs write it.
    let local = export(
        "<item><title>A</title><post_id xmlns=\"http://wordpress.org/export/1.2/\">8</post_id><w2:status xmlns:w2=\"http://wordpress.org/export/1.2/\">publish</w2:status>\
         <wp:post_type>post</wp:post_type><wp:post_date_gmt>2024-01-01 00:00:00</wp:post_date_gmt></item>",
    );
    let local = read(&local);
    assert_eq!((local.ids(), local.posts[0].status.clone()), (vec![8], Some(PostStatus::Published)));
    assert_eq!(local.problems, []);
}

#[test]
fn undeclared_prefixes_mean_what_they_always_mean() {
    let text = export(&[item(1, "x"), item(2, "y")].concat());
    let start = text.find("\txmlns:excerpt").unwrap();
    let end = text.find("\n>\n<channel>").unwrap();
    let undeclared = format!("{}{}", &text[..start], &text[end..]);
    let read = read(&undeclared);
    assert_eq!(read.ids(), [1, 2]);
    assert_eq!(read.posts[0].content, "x");
    assert_eq!(read.kinds(), [ProblemKind::UndeclaredPrefix; 4]);
    assert!(read.problems.iter().all(|problem| !problem.lost));
}
