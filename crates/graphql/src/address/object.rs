//! An address as clients see it.

use async_graphql::{Context, Enum, Object};
use masthead_persistence::ArticleLookup;

use crate::article::{Article, Planned};
use crate::author::Author;
use crate::error::Failure;
use crate::scalar::Url;
use crate::section::Section;
use crate::tag::Tag;

/// What became of what stands, or stood, at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum AddressKind {
    /// It stands there. The address may be spelled otherwise than `url` spells it.
    Current,
    /// It has another address now, `url`: answer 308 with it.
    Moved,
    /// It was deleted: answer 410.
    Gone,
}

/// What an address leads to.
pub(super) enum Target {
    Article(Article),
    Section(Section),
    Tag(Tag),
    Author(Author),
}

/// Where an address of this site leads. Of `article`, `section`, `tag` and `author` one is there, none where the kind is
/// GONE.
pub(crate) struct Address {
    kind: AddressKind,
    target: Option<Target>,
}

impl Address {
    pub(super) const fn gone() -> Self {
        Self { kind: AddressKind::Gone, target: None }
    }

    pub(super) const fn of(kind: AddressKind, target: Target) -> Self {
        Self { kind, target: Some(target) }
    }
}

/// Where a path or an address of this site leads.
#[Object]
impl Address {
    /// What became of what stands, or stood, there.
    async fn kind(&self) -> AddressKind {
        self.kind
    }

    /// The address of today, in full and percent-encoded. `null` where the kind is GONE.
    async fn url(&self) -> Option<Url> {
        Some(match self.target.as_ref()? {
            Target::Article(article) => article.address(),
            Target::Section(section) => section.address(),
            Target::Tag(tag) => tag.address(),
            Target::Author(author) => author.address(),
        })
    }

    /// The article or page; its section, authors and tags are named in its language. `null` where the address is another thing's.
    async fn article(&self, ctx: &Context<'_>) -> Option<Result<Article, Failure>> {
        let Some(Target::Article(article)) = &self.target else { return None };
        let edition = article.edition();
        let lookup = ArticleLookup::Id(article.card().id);
        let found = Planned::read(ctx, &edition.session, &lookup).await;
        found.map(|found| found.map(|planned| Article::of_planned(planned, edition.clone()))).transpose()
    }

    /// The section, in the language of the address. `null` where the address is another thing's.
    async fn section(&self) -> Option<&Section> {
        match self.target.as_ref()? {
            Target::Section(section) => Some(section),
            _ => None,
        }
    }

    /// The tag, in the language of the address. `null` where the address is another thing's.
    async fn tag(&self) -> Option<&Tag> {
        match self.target.as_ref()? {
            Target::Tag(tag) => Some(tag),
            _ => None,
        }
    }

    /// The author, in the language of the address. `null` where the address is another thing's.
    async fn author(&self) -> Option<&Author> {
        match self.target.as_ref()? {
            Target::Author(author) => Some(author),
            _ => None,
        }
    }
}
