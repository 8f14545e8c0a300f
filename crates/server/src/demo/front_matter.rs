//! What stands above an article's text: TOML between two lines of `+++`. It must not know what becomes of it.

use masthead_domain::article::{CorrectionKind, Kind, Status};
use masthead_domain::comment::Policy;
use masthead_domain::text::LanguageTag;
use serde::Deserialize;

use super::content::{ContentError, Fault, toml};

/// Everything that can be said of an article beside its text. Hours are whole, and counted back from when the newsroom
/// is stored.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FrontMatter {
    pub kind: Kind,
    pub locale: LanguageTag,
    pub title: String,
    /// `None`: made of the title.
    pub slug: Option<String>,
    pub subtitle: Option<String>,
    pub excerpt: Option<String>,
    pub section: Option<String>,
    #[serde(default)]
    pub other_sections: Vec<String>,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    pub authors: Vec<String>,
    pub status: Status,
    /// Since publication; below zero where that is still to come.
    pub hours_ago: Option<i64>,
    pub modified_hours_ago: Option<i64>,
    /// The name of a picture, without folder and ending.
    pub image: Option<String>,
    pub image_alt: Option<String>,
    pub image_caption: Option<String>,
    pub image_credit: Option<String>,
    #[serde(default)]
    pub breaking: bool,
    pub comment_policy: Option<Policy>,
    /// Names of articles' files, without ending.
    #[serde(default)]
    pub pins: Vec<String>,
    #[serde(default)]
    pub former_slugs: Vec<String>,
    #[serde(default)]
    pub corrections: Vec<CorrectionEntry>,
    pub seo_title: Option<String>,
    pub seo_description: Option<String>,
    pub rights_licence: Option<String>,
    pub rights_notice: Option<String>,
    #[serde(default)]
    pub rights_syndicatable: bool,
}

/// A note on a change.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CorrectionEntry {
    pub hours_ago: i64,
    pub kind: CorrectionKind,
    pub note: String,
}

/// Divides a file into its front matter and what follows.
pub(super) fn split<'a>(file: &str, text: &'a str) -> Result<(FrontMatter, &'a str), ContentError> {
    let parts = text.strip_prefix("+++\n").and_then(|rest| rest.split_once("\n+++\n"));
    let (above, below) = parts.ok_or_else(|| Fault::NoFrontMatter.of(file))?;
    Ok((toml(file, above, 2)?, below))
}
