//! What differs between two revisions, as the desk sees it. What is a difference is the domain's to say; here names are
//! found and blocks become HTML.

use std::collections::HashMap;

use async_graphql::{Enum, SimpleObject};
use masthead_domain::article::body::Block;
use masthead_domain::article::{Content, diff};
use masthead_domain::text;

use super::desk::ArticleDesk;
use crate::author::AuthorById;
use crate::error::Failure;
use crate::media::ImageById;
use crate::scalar::Html;
use crate::tag::TagById;

/// A field of a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "masthead_domain::article::diff::Field")]
pub(crate) enum RevisionField {
    /// The headline.
    Title,
    /// The second line below it.
    Subtitle,
    /// The teaser.
    Excerpt,
    /// The slug.
    Slug,
    /// The reading direction: `LTR` or `RTL` where it was set, empty where it is found in the text.
    Direction,
    /// The picture shown with it, by what it shows.
    LeadImage,
    /// The main section, by its name.
    Section,
    /// Further sections, by their names.
    OtherSections,
    /// Tags in their order, by their names.
    Tags,
    /// Authors in their order, by their names.
    Authors,
    /// Whether it is breaking news: `true` or `false`.
    Breaking,
    /// The article's own rule for comments, as CommentPolicy spells it.
    CommentPolicy,
    /// The licence's name or address.
    Licence,
    /// The notice to print with the text.
    RightsNotice,
    /// Whether others may take it over: `true` or `false`.
    Syndicatable,
    /// The headline for search engines.
    SeoTitle,
    /// The teaser for search engines.
    SeoDescription,
    /// The text: see `blocks`.
    Body,
}

/// A field in which two revisions differ.
#[derive(SimpleObject)]
pub(crate) struct FieldChange {
    /// Which field.
    field: RevisionField,
    /// What it was, plain text; of several names one a line, and `(deleted)` for what is gone since. `null` where it was
    /// empty, and for BODY.
    before: Option<String>,
    /// What it is in the later revision, in the same way. `null` where it is empty, and for BODY.
    after: Option<String>,
    /// The blocks that differ, in the later text's reading order; what was removed comes where it stood. Empty for every
    /// field but BODY.
    blocks: Vec<BlockChange>,
}

/// How a block differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum BlockChangeKind {
    /// Only the later text has it.
    Added,
    /// Only the earlier text has it.
    Removed,
    /// It says something else. It is taken for the same block because it is of one kind and keeps enough of its words.
    Changed,
    /// It is the same, and stands elsewhere among the others.
    Moved,
}

/// A block in which two texts differ.
#[derive(SimpleObject)]
pub(crate) struct BlockChange {
    /// How it differs.
    change: BlockChangeKind,
    /// The block as it was. `null` where it was added.
    before: Option<Html>,
    /// The block as it is in the later text. `null` where it was removed.
    after: Option<Html>,
    /// Its place in the earlier text, counted from 0. `null` where it was added.
    before_index: Option<u32>,
    /// Its place in the later text, counted from 0. `null` where it was removed.
    after_index: Option<u32>,
}

/// What differs from one revision of an article to another. `None`: it has no such revision, or none for the viewer.
pub(super) async fn revision_diff(
    desk: &ArticleDesk,
    from: i32,
    to: i32,
) -> Result<Option<Vec<FieldChange>>, Failure> {
    let contents = desk.edition.session.reads.article_revision_contents(desk.id, [from, to]).await?;
    let (Some(before), Some(after)) = (contents.get(&from), contents.get(&to)) else { return Ok(None) };
    let names = names(desk, [before, after]).await?;
    let directions = (before.direction(&desk.locale), after.direction(&desk.locale));
    let changes = diff::field_changes(before, after, &names);
    Ok(Some(changes.into_iter().map(|change| field_change(desk, change, directions)).collect()))
}

/// What the things are called that the revisions name.
async fn names(desk: &ArticleDesk, contents: [&Content; 2]) -> Result<diff::Names, Failure> {
    let edition = &desk.edition;
    let loader = &edition.session.loader();
    let tree = edition.session.sections().await?;
    // Collected before the next wait: an iterator that borrows could not be kept across it.
    let mut sections = HashMap::new();
    for id in contents.iter().flat_map(|of| of.section.iter().chain(&of.other_sections)) {
        if let Some(of) = tree.by_id(*id) {
            sections.insert(*id, edition.name(&of.line.names, &of.line.slug).to_owned());
        }
    }
    let tags: Vec<_> = contents.iter().flat_map(|of| &of.tags).map(|id| TagById(*id)).collect();
    let tags = loader.load_many(tags).await?.into_values();
    let authors: Vec<_> = contents.iter().flat_map(|of| &of.authors).map(|id| AuthorById(*id)).collect();
    let authors = loader.load_many(authors).await?.into_values();
    let images: Vec<_> = contents.iter().filter_map(|of| of.lead_image).map(ImageById).collect();
    let images = loader.load_many(images).await?.into_values();
    Ok(diff::Names {
        sections,
        tags: tags.map(|tag| (tag.id, edition.name(&tag.names, &tag.slug).to_owned())).collect(),
        authors: authors
            .map(|author| (author.line.id, edition.name(&author.line.names, &author.line.slug).to_owned()))
            .collect(),
        images: images.map(|image| (image.id, image.alt)).collect(),
    })
}

fn field_change(
    desk: &ArticleDesk,
    change: diff::FieldChange<'_>,
    (before, after): (text::Direction, text::Direction),
) -> FieldChange {
    let was = |block: &Block| Some(desk.edition.html(block.html(before)));
    let is = |block: &Block| Some(desk.edition.html(block.html(after)));
    let blocks = change.blocks.into_iter().map(|change| match change {
        diff::BlockChange::Added { at, block } => BlockChange {
            change: BlockChangeKind::Added,
            before: None,
            after: is(block),
            before_index: None,
            after_index: index(at),
        },
        diff::BlockChange::Removed { at, block } => BlockChange {
            change: BlockChangeKind::Removed,
            before: was(block),
            after: None,
            before_index: index(at),
            after_index: None,
        },
        diff::BlockChange::Changed { at, before, after } => BlockChange {
            change: BlockChangeKind::Changed,
            before: was(before),
            after: is(after),
            before_index: index(at.0),
            after_index: index(at.1),
        },
        diff::BlockChange::Moved { at, block } => BlockChange {
            change: BlockChangeKind::Moved,
            before: was(block),
            after: is(block),
            before_index: index(at.0),
            after_index: index(at.1),
        },
    });
    FieldChange {
        field: change.field.into(),
        before: change.before,
        after: change.after,
        blocks: blocks.collect(),
    }
}

/// A text has far fewer blocks than could overflow.
fn index(at: usize) -> Option<u32> {
    u32::try_from(at).ok()
}
