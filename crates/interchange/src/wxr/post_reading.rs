//! What an item says beyond its own fields: in metadata of WordPress and of its well-known plugins.
//! It must not know how the item is read, nor what becomes of the answers.

use chrono::{DateTime, Utc};

use super::post::{ItemTerm, Post};
use crate::wordpress::php;

/// An author named by the plugin Co-Authors Plus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CoAuthor<'a> {
    /// Login of the author, or of a guest author who has no user.
    pub login: &'a str,
    /// The name that readers see; may hold HTML entities.
    pub name: &'a str,
}

/// What the title and the description for search engines are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SearchTexts<'a> {
    /// None where there is none or where it is a pattern with placeholders.
    pub title: Option<&'a str>,
    /// None where there is none or where it is a pattern with placeholders.
    pub description: Option<&'a str>,
}

/// Where [`Post::published_at`] has its answer from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstantSource {
    /// `post_date_gmt`, sure.
    Gmt,
    /// RSS's `pubDate`, which tells its offset.
    PubDate,
    /// `post_date`, whose offset nothing tells: taken for UTC. The reader told it as a problem.
    LocalTakenAsUtc,
}

/// What WordPress knows of an uploaded file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AttachmentMetadata {
    /// Pixels; None where it is no picture.
    pub width: Option<u32>,
    /// Pixels; None where it is no picture.
    pub height: Option<u32>,
    /// Path below the folder of uploads, `2024/05/harbour.jpg`.
    pub file: Option<String>,
    /// The photographer, as the camera or the photographer wrote it into the picture.
    pub credit: Option<String>,
    /// The caption that was in the picture.
    pub caption: Option<String>,
    /// The notice of rights that was in the picture.
    pub copyright: Option<String>,
    /// Names and paths of the smaller copies.
    pub sizes: Vec<(String, String)>,
}

impl Post {
    /// The first value of the metadata `key`, None where there is none or it is empty.
    pub fn meta_value(&self, key: &str) -> Option<&str> {
        self.meta_values(key).next()
    }

    /// All values of the metadata `key` that are not empty.
    pub fn meta_values<'a>(&'a self, key: &str) -> impl Iterator<Item = &'a str> {
        self.meta
            .iter()
            .filter(move |(known, value)| known == key && !value.trim().is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The terms of one taxonomy.
    pub fn terms_of<'a>(&'a self, domain: &str) -> impl Iterator<Item = &'a ItemTerm> {
        self.categories.iter().filter(move |term| term.domain == domain)
    }

    /// Slugs that it had before, as they stand.
    pub fn old_slugs(&self) -> impl Iterator<Item = &str> {
        self.meta_values("_wp_old_slug")
    }

    /// Number of the attachment that is its lead image.
    pub fn thumbnail_id(&self) -> Option<i64> {
        self.meta_value("_thumbnail_id")?.trim().parse().ok().filter(|id| *id > 0)
    }

    /// Of an attachment: the text for those who do not see the picture.
    pub fn image_alt(&self) -> Option<&str> {
        self.meta_value("_wp_attachment_image_alt")
    }

    /// Of an attachment: its path below the folder of uploads.
    pub fn attached_file(&self) -> Option<&str> {
        self.meta_value("_wp_attached_file")
    }

    /// Footnotes of the block editor, as JSON; for [`crate::wordpress::content::Context`].
    pub fn footnotes(&self) -> Option<&str> {
        self.meta_value("footnotes")
    }

    /// Title and description for search engines, as Yoast, Rank Math, All in One SEO or SEOPress keep them.
    pub fn search_texts(&self) -> SearchTexts<'_> {
        let first =
            |keys: &[&str]| keys.iter().find_map(|key| self.meta_value(key)).filter(|text| !is_pattern(text));
        SearchTexts {
            title: first(&[
                "_yoast_wpseo_title",
                "rank_math_title",
                "_aioseo_title",
                "_aioseop_title",
                "_seopress_titles_title",
            ]),
            description: first(&[
                "_yoast_wpseo_metadesc",
                "rank_math_description",
                "_aioseo_description",
                "_aioseop_description",
                "_seopress_titles_desc",
            ]),
        }
    }

    /// The authors that Co-Authors Plus names, in order, each once. Empty where the plugin was not used: then
    /// the creator is the author.
    pub fn co_authors(&self) -> Vec<CoAuthor<'_>> {
        let mut authors: Vec<CoAuthor<'_>> = Vec::new();
        for term in self.terms_of("author") {
            let nicename = term.nicename.as_deref().unwrap_or(&term.name);
            let login = nicename.strip_prefix("cap-").unwrap_or(nicename);
            if !authors.iter().any(|known| known.login == login) {
                authors.push(CoAuthor { login, name: &term.name });
            }
        }
        authors
    }

    /// `gallery`, `video`, `quote` …; None for an ordinary post.
    pub fn post_format(&self) -> Option<&str> {
        let nicename = self.terms_of("post_format").find_map(|term| term.nicename.as_deref())?;
        Some(nicename.strip_prefix("post-format-").unwrap_or(nicename))
    }

    /// Code of its language, as Polylang keeps it (`ar`, `fr`).
    pub fn language(&self) -> Option<&str> {
        self.terms_of("language").find_map(|term| term.nicename.as_deref())
    }

    /// Slug of the term that its translations share, as Polylang keeps it.
    pub fn translation_group(&self) -> Option<&str> {
        self.terms_of("post_translations").find_map(|term| term.nicename.as_deref())
    }

    /// When it was or is to be published, and how sure that is. None where no date is told.
    pub fn published_at(&self) -> Option<(DateTime<Utc>, InstantSource)> {
        let gmt = self.post_date_gmt.map(|at| (at, InstantSource::Gmt));
        let rss = || self.pub_date.map(|at| (at, InstantSource::PubDate));
        let local = || self.post_date.map(|at| (at.and_utc(), InstantSource::LocalTakenAsUtc));
        gmt.or_else(rss).or_else(local)
    }

    /// When it was last changed: in UTC, else local time taken for UTC. None in exports before WordPress 5.7.
    pub fn modified_at(&self) -> Option<DateTime<Utc>> {
        self.modified_gmt.or_else(|| self.modified.map(|local| local.and_utc()))
    }

    /// Of an attachment: what `_wp_attachment_metadata` tells. None where there is none or it cannot be read.
    pub fn attachment_metadata(&self) -> Option<AttachmentMetadata> {
        let root = php::parse(self.meta_value("_wp_attachment_metadata")?).ok()?;
        let text = |value: Option<&php::Value>| {
            value
                .and_then(php::Value::as_str)
                .map(str::trim)
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
        };
        let pixels = |key: &str| {
            root.get(key).and_then(php::Value::as_int).and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0)
        };
        let image = root.get("image_meta");
        let of_image = |key: &str| text(image.and_then(|meta| meta.get(key)));
        let sizes = root.get("sizes").map(php::Value::entries).unwrap_or_default();
        Some(AttachmentMetadata {
            width: pixels("width"),
            height: pixels("height"),
            file: text(root.get("file")),
            credit: of_image("credit"),
            caption: of_image("caption"),
            copyright: of_image("copyright"),
            sizes: sizes
                .iter()
                .filter_map(|(name, size)| Some((name.to_string(), text(size.get("file"))?)))
                .collect(),
        })
    }
}

/// `%%title%% %%sep%% %%sitename%%`, `%title%`, `#post_title`: a pattern that the plugin fills in, no text.
fn is_pattern(text: &str) -> bool {
    let placeholder = |word: &str| {
        let enclosed = word.strip_prefix('%').and_then(|word| word.strip_suffix('%'));
        let name = enclosed.map(|word| word.trim_matches('%')).or_else(|| word.strip_prefix('#'));
        name.is_some_and(|name| {
            name.len() > 2
                && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
                && (enclosed.is_some() || name.contains('_'))
        })
    };
    text.split_whitespace().any(placeholder)
}
