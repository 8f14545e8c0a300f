//! A WordPress export of any size, the same each time: three languages, sections, tags, authors, pictures, and threads.
//! The words are ours and mean little; their number, their scripts and the markup are a newspaper's.

use std::io::{self, Write};

const SECTIONS: [&str; 12] = [
    "city",
    "economy",
    "environment",
    "sea",
    "culture",
    "sport",
    "schools",
    "science",
    "health",
    "housing",
    "travel",
    "letters",
];
const TAGS: u32 = 200;
const AUTHORS: u32 = 60;
const PICTURES: u32 = 500;

const ARABIC: &str = "المدينة الميناء البحر المجلس السوق القطار المدرسة الماء الضوء الشارع القديم الجديد صباح مساء قال أعلن بدأ سكان خطة سنة";
const FRENCH: &str = "la ville le port une école quatre rues marché conseil hier matin été où déjà après selon habitants quai lumière année hôtel";
const ENGLISH: &str = "the town harbour council market said new old street school water light plan year people morning after before ferry quay";

/// Writes the export. Article `n` has the slug `story-n`; every third is Arabic, every third French, every third English.
pub fn write(out: &mut impl Write, articles: u32, comments: u32) -> io::Result<()> {
    out.write_all(HEAD.as_bytes())?;
    for n in 0..AUTHORS {
        writeln!(
            out,
            "<wp:author><wp:author_id>{}</wp:author_id><wp:author_login>writer-{n}</wp:author_login>\
             <wp:author_email>writer-{n}@example.org</wp:author_email><wp:author_display_name><![CDATA[Writer {n}]]></wp:author_display_name></wp:author>",
            n + 1
        )?;
    }
    for (n, name) in SECTIONS.iter().enumerate() {
        let parent = if n == 3 { "environment" } else { "" };
        writeln!(
            out,
            "<wp:category><wp:term_id>{}</wp:term_id><wp:category_nicename>{name}</wp:category_nicename>\
             <wp:category_parent>{parent}</wp:category_parent><wp:cat_name><![CDATA[{name}]]></wp:cat_name></wp:category>",
            n + 1
        )?;
    }
    for n in 0..TAGS {
        writeln!(
            out,
            "<wp:tag><wp:term_id>{}</wp:term_id><wp:tag_slug>tag-{n}</wp:tag_slug><wp:tag_name><![CDATA[Tag {n}]]></wp:tag_name></wp:tag>",
            n + 100
        )?;
    }
    for n in 0..PICTURES {
        picture(out, n)?;
    }
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    let mut comment = 0;
    for n in 0..articles {
        let until =
            u32::try_from(u64::from(comments) * u64::from(n + 1) / u64::from(articles)).unwrap_or(comments);
        article(out, n, comment..until, &mut chance)?;
        comment = until;
    }
    out.write_all(b"</channel>\n</rss>\n")
}

fn picture(out: &mut impl Write, n: u32) -> io::Result<()> {
    writeln!(
        out,
        "<item><title>Picture {n}</title><wp:post_id>{id}</wp:post_id><wp:post_name>picture-{n}</wp:post_name><wp:status>inherit</wp:status>\
         <wp:post_type>attachment</wp:post_type><wp:attachment_url>https://example.org/uploads/picture-{n}.jpg</wp:attachment_url>\
         <wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key><wp:meta_value><![CDATA[A quay in the morning]]></wp:meta_value></wp:postmeta></item>",
        id = 10_000_000 + n
    )
}

fn article(
    out: &mut impl Write,
    n: u32,
    comments: std::ops::Range<u32>,
    chance: &mut Chance,
) -> io::Result<()> {
    let (language, words) = [("ar", ARABIC), ("fr", FRENCH), ("en", ENGLISH)][(n % 3) as usize];
    let words: Vec<&str> = words.split(' ').collect();
    let section = SECTIONS[(chance.below(SECTIONS.len() as u32)) as usize];
    let minute = n * 37;
    let date = format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
        2010 + minute / 1440 / 336,
        minute / 1440 / 28 % 12 + 1,
        minute / 1440 % 28 + 1,
        minute / 60 % 24,
        minute % 60,
        n % 60
    );
    write!(
        out,
        "<item><title><![CDATA[{}]]></title><link>https://example.org/{language}/story-{n}/</link><dc:creator><![CDATA[writer-{}]]></dc:creator>\
         <content:encoded><![CDATA[",
        sentence(&words, 8, chance),
        n % AUTHORS
    )?;
    for part in 0..4 {
        writeln!(out, "<!-- wp:heading --><h2>{}</h2><!-- /wp:heading -->", sentence(&words, 5, chance))?;
        for _ in 0..4 {
            writeln!(
                out,
                "<!-- wp:paragraph --><p>{} <strong>{}</strong> {} <a href=\"https://example.org/{n}\">{}</a>.</p><!-- /wp:paragraph -->",
                sentence(&words, 18, chance),
                sentence(&words, 2, chance),
                sentence(&words, 14, chance),
                sentence(&words, 2, chance)
            )?;
        }
        if part == 1 {
            out.write_all(b"<!-- wp:list {\"ordered\":true} --><ol>")?;
            for _ in 0..5 {
                write!(out, "<li>{}</li>", sentence(&words, 7, chance))?;
            }
            out.write_all(b"</ol><!-- /wp:list -->\n")?;
        }
    }
    write!(
        out,
        "]]></content:encoded><excerpt:encoded><![CDATA[{}.]]></excerpt:encoded><wp:post_id>{}</wp:post_id><wp:post_date>{date}</wp:post_date>\
         <wp:post_date_gmt>{date}</wp:post_date_gmt><wp:comment_status>open</wp:comment_status><wp:post_name>story-{n}</wp:post_name>\
         <wp:status>publish</wp:status><wp:post_parent>0</wp:post_parent><wp:post_type>post</wp:post_type><wp:is_sticky>0</wp:is_sticky>\
         <category domain=\"category\" nicename=\"{section}\"><![CDATA[{section}]]></category>\
         <category domain=\"language\" nicename=\"{language}\"><![CDATA[{language}]]></category>",
        sentence(&words, 20, chance),
        n + 1
    )?;
    for _ in 0..4 {
        let tag = chance.below(TAGS);
        write!(out, "<category domain=\"post_tag\" nicename=\"tag-{tag}\"><![CDATA[Tag {tag}]]></category>")?;
    }
    write!(
        out,
        "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>{}</wp:meta_value></wp:postmeta>",
        10_000_000 + chance.below(PICTURES)
    )?;
    let first = comments.start;
    for id in comments {
        // Two of three answer an earlier one of the same article, so that threads branch.
        let parent = if id > first && chance.below(3) > 0 { first + chance.below(id - first) + 1 } else { 0 };
        write!(
            out,
            "<wp:comment><wp:comment_id>{}</wp:comment_id><wp:comment_author><![CDATA[Reader {}]]></wp:comment_author>\
             <wp:comment_date_gmt>{date}</wp:comment_date_gmt><wp:comment_content><![CDATA[{}.]]></wp:comment_content>\
             <wp:comment_approved>1</wp:comment_approved><wp:comment_type>comment</wp:comment_type><wp:comment_parent>{parent}</wp:comment_parent></wp:comment>",
            id + 1,
            id % 1000,
            sentence(&words, 25, chance)
        )?;
    }
    out.write_all(b"</item>\n")
}

fn sentence(words: &[&str], length: u32, chance: &mut Chance) -> String {
    let mut out = String::new();
    for n in 0..length {
        if n > 0 {
            out.push(' ');
        }
        out.push_str(words[chance.below(words.len() as u32) as usize]);
    }
    out
}

/// Marsaglia's xorshift (Journal of Statistical Software 8, 2003): the same numbers each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u32::try_from((self.0 >> 16) % u64::from(bound.max(1))).unwrap_or(0)
    }
}

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
	xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Bench</title><link>https://example.org</link><description>A paper of many words</description><language>en</language>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>https://example.org</wp:base_site_url><wp:base_blog_url>https://example.org</wp:base_blog_url>
"#;
