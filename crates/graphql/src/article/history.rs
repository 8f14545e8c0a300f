//! An article's history as the desk sees it.

use async_graphql::{Enum, SimpleObject};
use masthead_domain::article::revision;

use super::desk::ArticleDesk;
use crate::connection::{Connection, Order, PageArguments, PageSize};
use crate::error::Failure;
use crate::scalar::DateTime;

/// What made a revision. A step of the article's life makes one too: its text is the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "masthead_domain::article::revision::Change")]
pub(crate) enum RevisionChange {
    /// The article was begun, or came in by an import.
    Created,
    /// Its head was changed.
    Edited,
    /// It was handed to the editors.
    Submitted,
    /// It was handed back to its writer.
    Returned,
    /// It was given a time to go live.
    Scheduled,
    /// That time was taken back.
    Unscheduled,
    /// Its head was made public.
    Published,
    /// It was taken away from readers.
    Archived,
    /// It is worked on again.
    Reopened,
    /// It was changed in public, with a note.
    Corrected,
    /// An old revision was made the head.
    Restored,
}

/// Who made a revision.
#[derive(SimpleObject)]
pub(crate) struct Editor {
    /// The name shown to colleagues.
    name: String,
}

/// One revision of an article, as the history lists it.
#[derive(SimpleObject)]
#[graphql(name = "Revision")]
pub(crate) struct RevisionEntry {
    /// From 1, without gaps; the newest one's is the article's version.
    number: i32,
    /// When it was made.
    created_at: DateTime,
    /// Who made it. `null`: the program, when a schedule's time came; an import; or someone whose login is gone.
    editor: Option<Editor>,
    /// What made it.
    change: RevisionChange,
    /// Why, in the editor's words: of a correction its note, of a restored revision the old number. `null` where nothing
    /// was said.
    reason: Option<String>,
    /// The headline then.
    title: String,
    /// Whether it is the published one.
    is_published: bool,
}

impl From<revision::Revision> for RevisionEntry {
    fn from(revision: revision::Revision) -> Self {
        Self {
            number: revision.number,
            created_at: DateTime(revision.created_at),
            editor: revision.editor.map(|name| Editor { name }),
            change: revision.change.into(),
            reason: revision.reason,
            title: revision.title,
            is_published: revision.is_published,
        }
    }
}

pub(super) async fn revisions(
    desk: &ArticleDesk,
    arguments: &PageArguments,
) -> Result<Connection<RevisionEntry>, Failure> {
    let page = arguments.read(Order::Revisions, PageSize::LIST)?;
    let found = desk.edition.session.reads.article_revisions(desk.id, &page).await?;
    Ok(Connection::plain(found, Order::Revisions, RevisionEntry::from))
}
