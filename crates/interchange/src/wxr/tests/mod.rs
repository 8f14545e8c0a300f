//! Tests of the reader as a whole, on small exports of our own with the difficulties of real ones.

mod damage;
mod entries;
mod random;

use super::*;

/// An export in the words of WordPress, with `body` in its channel.
fn export(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<!-- generator=\"WordPress/6.9\" -->\n<rss version=\"2.0\"\n\
         \txmlns:excerpt=\"http://wordpress.org/export/1.2/excerpt/\"\n\
         \txmlns:content=\"http://purl.org/rss/1.0/modules/content/\"\n\
         \txmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n\txmlns:wp=\"http://wordpress.org/export/1.2/\"\n>\n<channel>\n\
         \t<title>صوت المرفأ</title>\n\t<link>https://paper.example</link>\n\t<description>La ville &amp; la mer</description>\n\
         \t<language>ar</language>\n\t<wp:wxr_version>1.2</wp:wxr_version>\n\
         \t<wp:base_site_url>https://paper.example</wp:base_site_url>\n\t<wp:base_blog_url>https://paper.example</wp:base_blog_url>\n\
         {body}\n</channel>\n</rss>\n"
    )
}

/// An item as WordPress writes it.
fn item(id: i64, content: &str) -> String {
    format!(
        "\t<item>\n\t\t<title><![CDATA[Title {id}]]></title>\n\t\t<link>https://paper.example/?p={id}</link>\n\
         \t\t<pubDate>Sat, 02 Nov 2024 12:00:00 +0000</pubDate>\n\t\t<dc:creator><![CDATA[claire]]></dc:creator>\n\
         \t\t<guid isPermaLink=\"false\">https://paper.example/?p={id}</guid>\n\t\t<description></description>\n\
         \t\t<content:encoded><![CDATA[{content}]]></content:encoded>\n\
         \t\t<excerpt:encoded><![CDATA[]]></excerpt:encoded>\n\t\t<wp:post_id>{id}</wp:post_id>\n\
         \t\t<wp:post_date><![CDATA[2024-11-02 14:00:00]]></wp:post_date>\n\
         \t\t<wp:post_date_gmt><![CDATA[2024-11-02 12:00:00]]></wp:post_date_gmt>\n\
         \t\t<wp:comment_status><![CDATA[open]]></wp:comment_status>\n\
         \t\t<wp:post_name><![CDATA[title-{id}]]></wp:post_name>\n\t\t<wp:status><![CDATA[publish]]></wp:status>\n\
         \t\t<wp:post_parent>0</wp:post_parent>\n\t\t<wp:menu_order>0</wp:menu_order>\n\
         \t\t<wp:post_type><![CDATA[post]]></wp:post_type>\n\t\t<wp:post_password><![CDATA[]]></wp:post_password>\n\
         \t\t<wp:is_sticky>0</wp:is_sticky>\n\
         \t\t<category domain=\"category\" nicename=\"city\"><![CDATA[City]]></category>\n\
         \t\t<wp:postmeta>\n\t\t\t<wp:meta_key><![CDATA[_edit_last]]></wp:meta_key>\n\
         \t\t\t<wp:meta_value><![CDATA[1]]></wp:meta_value>\n\t\t</wp:postmeta>\n\
         {comment}\t</item>\n",
        comment = comment(id * 10, "Bien dit")
    )
}

fn comment(id: i64, content: &str) -> String {
    format!(
        "\t\t<wp:comment>\n\t\t\t<wp:comment_id>{id}</wp:comment_id>\n\
         \t\t\t<wp:comment_author><![CDATA[Léa]]></wp:comment_author>\n\
         \t\t\t<wp:comment_date_gmt><![CDATA[2024-11-02 13:00:00]]></wp:comment_date_gmt>\n\
         \t\t\t<wp:comment_content><![CDATA[{content}]]></wp:comment_content>\n\
         \t\t\t<wp:comment_approved><![CDATA[1]]></wp:comment_approved>\n\
         \t\t\t<wp:comment_parent>0</wp:comment_parent>\n\t\t</wp:comment>\n"
    )
}

/// Everything that was read.
#[derive(Debug, Default, PartialEq)]
struct Read {
    channel: Option<Channel>,
    entries: Vec<Entry>,
    posts: Vec<Post>,
    problems: Vec<Problem>,
    ending: Option<Ending>,
}

impl Read {
    fn ids(&self) -> Vec<i64> {
        self.posts.iter().filter_map(|post| post.id).collect()
    }

    fn kinds(&self) -> Vec<ProblemKind> {
        self.problems.iter().map(|problem| problem.kind).collect()
    }

    fn has(&self, kind: ProblemKind, line: u64, lost: bool) -> bool {
        self.problems.iter().any(|problem| (problem.kind, problem.line, problem.lost) == (kind, line, lost))
    }
}

/// Reads everything, and checks what holds for every file: one channel before other entries, one end, last.
fn read_with(bytes: &[u8], limits: Limits) -> Read {
    let mut read = Read::default();
    for entry in Reader::with_limits(bytes, limits) {
        assert_eq!(read.ending, None, "something follows the end");
        match entry.unwrap() {
            Entry::Channel(channel) => {
                assert!(read.entries.is_empty() && read.posts.is_empty(), "an entry before the channel");
                assert_eq!(read.channel.replace(channel), None, "two channels");
            }
            Entry::Post(post) => read.posts.push(*post),
            Entry::Problem(problem) => read.problems.push(problem),
            Entry::End(ending) => read.ending = Some(ending),
            other => read.entries.push(other),
        }
    }
    assert!(read.ending.is_some(), "no end");
    assert_eq!(read.channel.is_none(), read.ending == Some(Ending::NotAnExport));
    read
}

fn read(text: impl AsRef<[u8]>) -> Read {
    read_with(text.as_ref(), Limits::default())
}

/// The line on which `needle` first stands.
fn line_of(text: &str, needle: &str) -> u64 {
    let at = text.find(needle).unwrap();
    text[..at].matches('\n').count() as u64 + 1
}
