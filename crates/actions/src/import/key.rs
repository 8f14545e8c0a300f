//! What things of the old site are remembered by, so that a second run knows them again.
//! It must not know what they become.

use std::collections::HashMap;
use std::hash::Hash;

use masthead_domain::text::SlugKey;
use masthead_interchange::wxr::{Channel, Comment, Post};
use sha2::{Digest, Sha256};
use url::Url;

/// Longest key in bytes. PostgreSQL takes 2,704 in an index, of which the origin and the noun have their part.
const LONGEST: usize = 200;

/// The site an export is of: its address without scheme and final slash, so that an export made after the site moved
/// to https is still of the same site. The site's own address goes before the network's, because the sites of a
/// network count their posts each for itself. A file that tells neither address nor title is known by how it begins.
pub(super) fn origin(channel: &Channel, file_start: &[u8]) -> String {
    let address = [&channel.base_blog_url, &channel.link, &channel.base_site_url]
        .into_iter()
        .flatten()
        .map(|address| address.trim())
        .find(|address| !address.is_empty());
    match (address, &channel.title) {
        (Some(address), _) => {
            let bare = address.split_once("://").map_or(address, |(_, rest)| rest).trim_end_matches('/');
            bounded(&bare.to_lowercase())
        }
        (None, Some(title)) => bounded(title),
        (None, None) => format!("file {}", hex(&Sha256::digest(file_start))),
    }
}

/// The address that relative ones on the old site began with.
pub(super) fn base(channel: &Channel) -> Option<Url> {
    [&channel.base_blog_url, &channel.link, &channel.base_site_url]
        .into_iter()
        .flatten()
        .find_map(|address| Url::parse(address.trim()).ok())
        .filter(|url| matches!(url.scheme(), "http" | "https"))
}

/// The key of a category, tag or author by its slug, the same for every spelling.
pub(super) fn of_slug(slug: &str) -> String {
    bounded(SlugKey::of(slug).as_str())
}

/// A key as it is where it is short and has nothing that a database refuses, else its hash.
pub(super) fn bounded(key: &str) -> String {
    if key.len() <= LONGEST && !key.contains(char::is_control) {
        key.to_owned()
    } else {
        format!("#{}", digest(&[key]))
    }
}

/// The hash of what an item says, comments apart: two items of one number are the same where this is.
pub(super) fn text_of_post(post: &Post) -> String {
    digest(&[
        post.kind.as_str(),
        &format!("{:?}", post.status),
        &post.title,
        post.slug.as_deref().unwrap_or_default(),
        &post.content,
        &post.excerpt,
        &format!("{:?} {:?}", post.post_date, post.post_date_gmt),
        post.attachment_url.as_deref().unwrap_or_default(),
    ])
}

/// The hash of what a comment says.
pub(super) fn text_of_comment(comment: &Comment) -> String {
    digest(&[
        &comment.author,
        comment.author_email.as_deref().unwrap_or_default(),
        &format!("{:?} {:?}", comment.date, comment.date_gmt),
        &comment.content,
        &format!("{:?}", comment.parent),
    ])
}

/// 64 bits of SHA-256 over the parts, in hexadecimal.
fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hex(&hash.finalize())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// What was looked up lately. Forgets everything when it is full: whatever is in it is in the database too.
#[derive(Debug)]
pub(super) struct Recent<K, V>(HashMap<K, V>);

/// More sections, tags or authors than a newsroom has; some 10 MB.
const MOST: usize = 50_000;

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash, V> Recent<K, V> {
    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.0.get(key)
    }

    /// Whether one of the values is as asked.
    pub(super) fn any(&self, is: impl FnMut(&V) -> bool) -> bool {
        self.0.values().any(is)
    }

    pub(super) fn insert(&mut self, key: K, value: V) {
        if self.0.len() >= MOST {
            self.0.clear();
        }
        self.0.insert(key, value);
    }
}

/// Which numbers have been seen, a bit each: numbers of one site lie close together.
#[derive(Debug, Default)]
pub(super) struct Numbers(HashMap<i64, u64>);

impl Numbers {
    /// Whether the number is new.
    pub(super) fn insert(&mut self, number: i64) -> bool {
        let word = self.0.entry(number >> 6).or_default();
        let bit = 1 << (number & 63);
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_known_again_after_it_moved_to_https() {
        let of = |blog: &str, link: &str, site: &str, title: &str| {
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            let channel = Channel {
                base_blog_url: some(blog),
                link: some(link),
                base_site_url: some(site),
                title: some(title),
                ..Channel::default()
            };
            origin(&channel, b"<?xml")
        };
        assert_eq!(of("http://Example.org/", "", "", "x"), "example.org");
        assert_eq!(of("https://example.org", "", "", "y"), "example.org");
        // Two sites of one network.
        assert_ne!(
            of("https://a.example", "", "https://net.example", ""),
            of("https://b.example", "", "https://net.example", "")
        );
        assert_eq!(of("", "https://example.org/paper/", "", ""), "example.org/paper");
        assert_eq!(of("", "", "", "صوت المرفأ"), "صوت المرفأ");
        assert!(of("", "", "", "").starts_with("file "));
        assert!(of(&"x".repeat(5000), "", "", "").len() < 20);
    }

    #[test]
    fn numbers_are_known_again() {
        let mut numbers = Numbers::default();
        for number in [1, 2, 63, 64, 65, 1_000_000_007, i64::MAX] {
            assert!(numbers.insert(number), "{number}");
            assert!(!numbers.insert(number), "{number}");
        }
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
    }
}
