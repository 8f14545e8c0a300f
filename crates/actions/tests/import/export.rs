//! Small exports as WordPress writes them, and ways to import and to look.

use std::fmt::Write;

use chrono::{DateTime, Utc};
use masthead_actions::import::report::{Noun, Report};
use masthead_actions::import::{Outcome, wordpress};
use masthead_interchange::authors_csv::{self, AuthorRow};
use masthead_interchange::wxr::Ending;
use masthead_persistence::Store;
use masthead_tests::TestStore;

/// The moment of every import here.
pub fn now() -> DateTime<Utc> {
    "2025-10-09T08:53:20Z".parse().expect("an instant")
}

/// An export of the old site, in Arabic; `head` stands before the items.
pub fn export(head: &str, items: &[Item]) -> String {
    let items: String = items.iter().map(Item::xml).collect();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>صوت المرفأ &amp;amp; البحر</title>
<link>https://old.example</link>
<description>جريدة مدينة</description>
<language>ar</language>
<wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>https://old.example</wp:base_site_url>
<wp:base_blog_url>https://old.example</wp:base_blog_url>
{head}
{items}</channel>
</rss>
"#
    )
}

pub fn author(id: u32, login: &str, name: &str) -> String {
    format!(
        "<wp:author><wp:author_id>{id}</wp:author_id><wp:author_login><![CDATA[{login}]]></wp:author_login>\
         <wp:author_email>{id}@old.example</wp:author_email>\
         <wp:author_display_name><![CDATA[{name}]]></wp:author_display_name></wp:author>\n"
    )
}

pub fn category(id: u32, slug: &str, parent: &str, name: &str) -> String {
    format!(
        "<wp:category><wp:term_id>{id}</wp:term_id><wp:category_nicename>{slug}</wp:category_nicename>\
         <wp:category_parent>{parent}</wp:category_parent><wp:cat_name><![CDATA[{name}]]></wp:cat_name></wp:category>\n"
    )
}

pub fn tag(slug: &str, name: &str) -> String {
    format!(
        "<wp:tag><wp:tag_slug>{slug}</wp:tag_slug><wp:tag_name><![CDATA[{name}]]></wp:tag_name></wp:tag>\n"
    )
}

/// An item; change what the test is about.
#[derive(Debug, Clone)]
pub struct Item {
    pub id: i64,
    pub title: String,
    pub link: String,
    pub creator: String,
    pub body: String,
    pub excerpt: String,
    pub slug: String,
    pub status: String,
    pub kind: String,
    pub gmt: String,
    pub parent: i64,
    /// Elements between the type and the terms: password, sticky, attachment's address.
    pub fields: String,
    /// Domain, nicename, name.
    pub terms: Vec<(&'static str, &'static str, &'static str)>,
    pub meta: Vec<(&'static str, String)>,
    pub comments: String,
}

/// A public post of May 2024.
pub fn post(id: i64, title: &str) -> Item {
    Item {
        id,
        title: title.to_owned(),
        link: format!("https://old.example/2024/05/{id}/"),
        creator: "samira".to_owned(),
        body: format!("<!-- wp:paragraph -->\n<p>نص {title}</p>\n<!-- /wp:paragraph -->"),
        excerpt: String::new(),
        slug: format!("story-{id}"),
        status: "publish".to_owned(),
        kind: "post".to_owned(),
        gmt: "2024-05-01 07:00:00".to_owned(),
        parent: 0,
        fields: String::new(),
        terms: Vec::new(),
        meta: Vec::new(),
        comments: String::new(),
    }
}

/// A picture of the library.
pub fn attachment(id: i64, parent: i64, file: &str) -> Item {
    Item {
        kind: "attachment".to_owned(),
        status: "inherit".to_owned(),
        parent,
        body: String::new(),
        fields: format!(
            "<wp:attachment_url>https://old.example/wp-content/uploads/{file}</wp:attachment_url>"
        ),
        ..post(id, file)
    }
}

impl Item {
    fn xml(&self) -> String {
        let mut xml = format!(
            "<item><title><![CDATA[{}]]></title><link>{}</link><pubDate>Wed, 01 May 2024 07:00:00 +0000</pubDate>\
             <dc:creator><![CDATA[{}]]></dc:creator><content:encoded><![CDATA[{}]]></content:encoded>\
             <excerpt:encoded><![CDATA[{}]]></excerpt:encoded>\n<wp:post_id>{}</wp:post_id>\
             <wp:post_date_gmt>{}</wp:post_date_gmt><wp:comment_status>open</wp:comment_status>\
             <wp:post_name><![CDATA[{}]]></wp:post_name><wp:status>{}</wp:status><wp:post_parent>{}</wp:post_parent>\
             <wp:menu_order>0</wp:menu_order><wp:post_type>{}</wp:post_type>{}\n",
            self.title,
            self.link,
            self.creator,
            self.body,
            self.excerpt,
            self.id,
            self.gmt,
            self.slug,
            self.status,
            self.parent,
            self.kind,
            self.fields
        );
        for (domain, nicename, name) in &self.terms {
            let _ = writeln!(
                xml,
                "<category domain=\"{domain}\" nicename=\"{nicename}\"><![CDATA[{name}]]></category>"
            );
        }
        for (key, value) in &self.meta {
            let _ = writeln!(
                xml,
                "<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
            );
        }
        xml + &self.comments + "</item>\n"
    }
}

/// A reader's comment that was approved; `extra` stands before the closing tag and wins over what stands before.
pub fn comment(id: i64, parent: i64, text: &str) -> String {
    comment_with(id, parent, text, "<wp:comment_approved>1</wp:comment_approved>")
}

/// A comment with fields of its own.
pub fn comment_with(id: i64, parent: i64, text: &str, fields: &str) -> String {
    format!(
        "<wp:comment><wp:comment_id>{id}</wp:comment_id><wp:comment_author><![CDATA[قارئ {id}]]></wp:comment_author>\
         <wp:comment_author_email>reader{id}@mail.example</wp:comment_author_email>\
         <wp:comment_author_IP>203.0.113.77</wp:comment_author_IP><wp:comment_agent>Netscape/4</wp:comment_agent>\
         <wp:comment_date_gmt>2024-05-02 10:{:02}:00</wp:comment_date_gmt>\
         <wp:comment_content><![CDATA[{text}]]></wp:comment_content><wp:comment_parent>{parent}</wp:comment_parent>{fields}\
         </wp:comment>\n",
        id % 60
    )
}

/// Imports a text, or bytes that are none; the file was read to its end, and the kept counts are right.
pub async fn import(store: &Store, xml: impl AsRef<[u8]>) -> Outcome {
    import_with(store, xml, &[]).await
}

/// Imports a text with an authors' file.
pub async fn import_with(store: &Store, xml: impl AsRef<[u8]>, authors: &[AuthorRow]) -> Outcome {
    let outcome = wordpress(store, || Ok(xml.as_ref()), authors, now(), &mut |_| {}).await;
    assert!(outcome.ended.is_ok(), "{:?}", outcome.ended);
    assert_eq!(store.wrong_counts().await.expect("counts"), []);
    assert_eq!(store.integrity_faults().await.expect("integrity"), Vec::<String>::new());
    outcome
}

pub fn authors_file(csv: &str) -> Vec<AuthorRow> {
    authors_csv::read(csv.as_bytes()).expect("an authors' file")
}

/// How many came in, and how many were here.
pub fn counts(report: &Report, noun: Noun) -> (u64, u64) {
    let of = |counts: &std::collections::BTreeMap<Noun, u64>| counts.get(&noun).copied().unwrap_or(0);
    (of(&report.counts().came_in), of(&report.counts().already_here))
}

/// The notes of the report, as the file of it has them.
pub fn notes(outcome: &mut Outcome) -> Vec<serde_json::Value> {
    let mut json = Vec::new();
    outcome.report.write_json(&serde_json::Map::new(), &mut json).expect("writes");
    let report: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
    report["notes"].as_array().expect("notes").clone()
}

/// `reason: what` of every note, sorted.
pub fn reasons(outcome: &mut Outcome) -> Vec<String> {
    let mut all: Vec<String> =
        notes(outcome).iter().map(|note| note["reason"].as_str().expect("a reason").to_owned()).collect();
    all.sort();
    all
}

pub fn is_whole(outcome: &Outcome) -> bool {
    matches!(outcome.ended, Ok(Ending::Whole))
}

/// Everything that an import writes, as texts in a fixed order: two databases with the same are alike for readers
/// and editors. Keys of ours are left out, so that the order of coming in does not count.
pub async fn everything(store: &TestStore) -> Vec<String> {
    let mut all = Vec::new();
    for sql in [
        "SELECT a.locale || ' ' || a.slug || ' ' || a.kind || ' ' || a.status || ' ' || r.title || ' ' || r.html || ' ' || COALESCE(r.excerpt, '') \
         || ' ' || a.comment_count || ' ' || a.thread_count || ' ' || COALESCE(CAST(a.published_at AS TEXT), '-') || ' ' || COALESCE(s.slug, '-') \
         || ' ' || COALESCE(i.location, '-') || CASE WHEN a.live THEN ' live' ELSE '' END \
         FROM articles a JOIN revisions r ON r.id = a.head_revision LEFT JOIN sections s ON s.id = r.section_id LEFT JOIN images i ON i.id = r.lead_image_id",
        "SELECT a.slug || ' ' || c.status || ' ' || c.body_text || ' ' || c.depth || ' ' || c.reply_count || ' ' || COALESCE(c.author_name, '-') \
         || ' ' || COALESCE(p.body_text, '-') || CASE WHEN c.by_staff THEN ' staff' ELSE '' END \
         FROM comments c JOIN articles a ON a.id = c.article_id LEFT JOIN comments p ON p.id = c.parent_id",
        "SELECT s.slug || ' ' || CAST(s.names AS TEXT) || ' ' || COALESCE(p.slug, '-') FROM sections s LEFT JOIN sections p ON p.id = s.parent_id",
        "SELECT slug || ' ' || CAST(names AS TEXT) FROM tags",
        "SELECT slug || ' ' || CAST(names AS TEXT) || CAST(roles AS TEXT) || CAST(biographies AS TEXT) FROM authors",
        "SELECT a.slug || ' by ' || u.slug || x.position FROM article_authors x JOIN articles a ON a.id = x.article_id JOIN authors u ON u.id = x.author_id",
        "SELECT a.slug || ' about ' || t.slug || x.position FROM article_tags x JOIN articles a ON a.id = x.article_id JOIN tags t ON t.id = x.tag_id",
        "SELECT a.slug || ' in ' || s.slug FROM section_articles x JOIN articles a ON a.id = x.article_id JOIN sections s ON s.id = x.section_id",
        "SELECT a.slug || ' is ' || b.slug FROM articles a JOIN articles b ON b.translation_group = a.translation_group AND b.id <> a.id",
        "SELECT location || ' ' || alt FROM images",
        "SELECT f.path || ' ' || a.slug FROM former_paths f JOIN articles a ON a.id = f.article_id",
        "SELECT f.slug_key || ' ' || a.slug FROM former_slugs f JOIN articles a ON a.id = f.article_id",
        "SELECT CAST(names AS TEXT) || CAST(locales AS TEXT) || default_locale FROM site",
    ] {
        // PostgreSQL writes JSON with spaces.
        let mut texts: Vec<String> =
            store.texts(sql).await.iter().map(|text| text.replace("\": \"", "\":\"")).collect();
        texts.sort();
        all.extend(texts);
    }
    all
}

/// Fails with the texts that only one of the two has.
pub fn same(found: &[String], expected: &[String], when: &str) {
    let only = |these: &[String], others: &[String]| -> Vec<String> {
        these.iter().filter(|text| !others.contains(text)).cloned().collect()
    };
    assert!(
        found == expected,
        "{when}: found {:#?}, expected {:#?}",
        only(found, expected),
        only(expected, found)
    );
}

/// How far the event log is, and how much is remembered: a run that changes nothing leaves both.
pub async fn marks(store: &TestStore) -> (i64, i64) {
    (
        store.number("SELECT COALESCE(MAX(seq), 0) FROM events").await,
        store.number("SELECT COUNT(*) FROM imported").await,
    )
}
