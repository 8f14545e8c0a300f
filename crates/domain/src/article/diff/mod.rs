//! What differs between two revisions of an article: field by field, and within the text block by block.
//!
//! Whoever asks brings the names of sections, tags, authors and pictures. It must not know where revisions are kept.

mod blocks;

use std::collections::HashMap;
use std::hash::Hash;

pub use blocks::{BlockChange, block_changes};

use super::Content;
use crate::author::AuthorId;
use crate::media::ImageId;
use crate::section::SectionId;
use crate::tag::TagId;
use crate::text::Direction;

/// A field of a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The headline.
    Title,
    /// The second line.
    Subtitle,
    /// The teaser.
    Excerpt,
    /// The slug.
    Slug,
    /// The reading direction, where it was set.
    Direction,
    /// The picture shown with it.
    LeadImage,
    /// The main section.
    Section,
    /// Further sections.
    OtherSections,
    /// Tags in their order.
    Tags,
    /// Authors in their order.
    Authors,
    /// Breaking news.
    Breaking,
    /// The article's own rule for comments.
    CommentPolicy,
    /// The licence.
    Licence,
    /// The notice to print with the text.
    RightsNotice,
    /// Whether others may take it over.
    Syndicatable,
    /// The headline for search engines.
    SeoTitle,
    /// The teaser for search engines.
    SeoDescription,
    /// The text.
    Body,
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange<'b> {
    /// Which.
    pub field: Field,
    /// What it was, for people to read: names one a line, `true` or `false`; `None` where it was empty, and for the text.
    pub before: Option<String>,
    /// What it is.
    pub after: Option<String>,
    /// What differs in the text; empty for every other field.
    pub blocks: Vec<BlockChange<'b>>,
}

/// What the things are called whose keys revisions hold.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Of sections.
    pub sections: HashMap<SectionId, String>,
    /// Of tags.
    pub tags: HashMap<TagId, String>,
    /// Of authors.
    pub authors: HashMap<AuthorId, String>,
    /// What pictures show.
    pub images: HashMap<ImageId, String>,
}

/// What a thing is called that has no name any more.
const GONE: &str = "(deleted)";

/// The fields in which two revisions differ, in the order of [`Field`]; none where they say the same.
#[must_use]
pub fn field_changes<'b>(before: &'b Content, after: &'b Content, names: &Names) -> Vec<FieldChange<'b>> {
    let mut changes = Vec::new();
    let mut compare = |field, differs: bool, show: &dyn Fn(&Content) -> Option<String>| {
        if differs {
            changes.push(FieldChange { field, before: show(before), after: show(after), blocks: Vec::new() });
        }
    };
    let (b, a) = (before, after);
    compare(Field::Title, b.title != a.title, &|of| filled(&of.title));
    compare(Field::Subtitle, b.subtitle != a.subtitle, &|of| of.subtitle.clone());
    compare(Field::Excerpt, b.excerpt != a.excerpt, &|of| of.excerpt.clone());
    compare(Field::Slug, b.slug != a.slug, &|of| filled(of.slug.as_str()));
    compare(Field::Direction, b.direction != a.direction, &|of| {
        of.direction.map(|direction| match direction {
            Direction::Ltr => "LTR".to_owned(),
            Direction::Rtl => "RTL".to_owned(),
        })
    });
    compare(Field::LeadImage, b.lead_image != a.lead_image, &|of| {
        listed(of.lead_image.as_ref(), &names.images)
    });
    compare(Field::Section, b.section != a.section, &|of| listed(of.section.as_ref(), &names.sections));
    compare(Field::OtherSections, b.other_sections != a.other_sections, &|of| {
        listed(&of.other_sections, &names.sections)
    });
    compare(Field::Tags, b.tags != a.tags, &|of| listed(&of.tags, &names.tags));
    compare(Field::Authors, b.authors != a.authors, &|of| listed(&of.authors, &names.authors));
    compare(Field::Breaking, b.breaking != a.breaking, &|of| Some(of.breaking.to_string()));
    compare(Field::CommentPolicy, b.comment_policy != a.comment_policy, &|of| {
        of.comment_policy.map(|policy| policy.as_str().to_owned())
    });
    compare(Field::Licence, b.rights.licence != a.rights.licence, &|of| of.rights.licence.clone());
    compare(Field::RightsNotice, b.rights.notice != a.rights.notice, &|of| of.rights.notice.clone());
    compare(Field::Syndicatable, b.rights.syndicatable != a.rights.syndicatable, &|of| {
        Some(of.rights.syndicatable.to_string())
    });
    compare(Field::SeoTitle, b.seo.title != a.seo.title, &|of| of.seo.title.clone());
    compare(Field::SeoDescription, b.seo.description != a.seo.description, &|of| of.seo.description.clone());
    if before.body != after.body {
        let blocks = block_changes(before.body.blocks(), after.body.blocks());
        changes.push(FieldChange { field: Field::Body, before: None, after: None, blocks });
    }
    changes
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Names one a line; `None` where there are none.
fn listed<'k, K: Eq + Hash + 'k>(
    keys: impl IntoIterator<Item = &'k K>,
    names: &HashMap<K, String>,
) -> Option<String> {
    let names: Vec<&str> = keys
        .into_iter()
        .map(|key| names.get(key).map_or(GONE, |name| if name.is_empty() { "–" } else { name }))
        .collect();
    filled(&names.join("\n"))
}

#[cfg(test)]
mod tests;
