//! A section as clients see it: its line on a card, or the whole of it once the tree was read.

use std::sync::Arc;

use async_graphql::{ID, Object};
use masthead_domain::page::Page;
use masthead_domain::section::{self, SectionLine};
use masthead_domain::site::permalink::listing;

use super::load::ArticlesIn;
use crate::article::Article;
use crate::article::CommentPolicy;
use crate::connection::{Connection, Order, PageArguments, PageSize};
use crate::eager::Eager;
use crate::edition::Edition;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::scalar::Url;
use crate::site::Direction;

/// A section with what is known of it, and the edition it is shown in.
pub(crate) struct Section {
    known: Known,
    edition: Arc<Edition>,
}

enum Known {
    Line(SectionLine),
    Whole(Arc<section::Section>),
}

impl Section {
    /// A section as an article's card tells of it.
    pub(crate) fn of_line(line: SectionLine, edition: Arc<Edition>) -> Self {
        Self { known: Known::Line(line), edition }
    }

    /// A section of the tree.
    pub(crate) fn whole(section: Arc<section::Section>, edition: Arc<Edition>) -> Self {
        Self { known: Known::Whole(section), edition }
    }

    fn known_line(&self) -> &SectionLine {
        match &self.known {
            Known::Line(line) => line,
            Known::Whole(section) => &section.line,
        }
    }

    /// The full address of its page.
    pub(crate) fn address(&self) -> Url {
        self.edition.absolute(listing("section", &self.edition.locale, &self.known_line().slug))
    }

    fn shown_name(&self) -> &str {
        let line = self.known_line();
        self.edition.name(&line.names, &line.slug)
    }

    async fn section(&self) -> Result<Option<Arc<section::Section>>, Failure> {
        match &self.known {
            Known::Whole(section) => Ok(Some(section.clone())),
            Known::Line(line) => Ok(self.edition.session.sections().await?.by_id(line.id).cloned()),
        }
    }

    fn sibling(&self, section: &Arc<section::Section>) -> Self {
        Self::whole(section.clone(), self.edition.clone())
    }

    async fn shown_description(&self) -> Result<Option<String>, Failure> {
        let section = self.section().await?;
        Ok(section.and_then(|section| self.edition.text(&section.descriptions).map(str::to_owned)))
    }

    async fn own_comment_policy(&self) -> Result<Option<CommentPolicy>, Failure> {
        let section = self.section().await?;
        Ok(section.and_then(|section| section.comment_policy).map(Into::into))
    }

    async fn above(&self) -> Result<Option<Self>, Failure> {
        let tree = self.edition.session.sections().await?;
        let parent = tree.by_id(self.known_line().id).and_then(|section| section.parent);
        Ok(parent.and_then(|parent| tree.by_id(parent)).map(|parent| self.sibling(parent)))
    }

    async fn page(&self, arguments: &PageArguments) -> Result<Connection<Article>, Failure> {
        let page = arguments.read(Order::Newest, PageSize::LIST)?;
        let key = ArticlesIn { section: self.known_line().id, locale: self.edition.listed.clone(), page };
        let found = self.edition.session.load(key).await?.unwrap_or_else(Page::empty);
        Ok(Connection::plain(found, Order::Newest, |card| Article::of_card(card, self.edition.clone())))
    }
}

/// A section of the paper: news, sport, culture. Sections form a tree, and a section's list holds its descendants'
/// articles too. One slug in all languages; names and descriptions in each, falling back to the site's own language.
#[Object]
impl Section {
    /// The global id, for `node` and for caches.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::Section(self.known_line().id).into()
    }

    /// The slug, the same in every language: what `section(slug:)` finds it by.
    fn slug(&self) -> &str {
        self.known_line().slug.as_str()
    }

    /// The name in the language asked for, else in the site's own, else in any; the slug where it has none.
    fn name(&self) -> &str {
        self.shown_name()
    }

    /// The reading direction of the name as given here.
    fn direction(&self) -> Direction {
        self.edition.direction(self.shown_name()).into()
    }

    /// What the section is about, plain text, in the language asked for, else in the site's own. `null` where nothing
    /// is said.
    async fn description(&self) -> Option<Result<String, Failure>> {
        self.shown_description().await.transpose()
    }

    /// Who may comment on its articles, where they say nothing themselves. `null`: as the section above says, or the site;
    /// or together with an error.
    async fn comment_policy(&self) -> Option<Result<CommentPolicy, Failure>> {
        self.own_comment_policy().await.transpose()
    }

    /// The address of the section's page in the language asked for.
    fn url(&self) -> Url {
        self.address()
    }

    /// The section above. `null` at the top of the tree.
    async fn parent(&self) -> Option<Result<Self, Failure>> {
        self.above().await.transpose()
    }

    /// The sections above, from the top of the tree down, without this one: the crumbs of a page. Empty at the top;
    /// `null` only together with an error.
    async fn ancestors(&self) -> Option<Result<Vec<Self>, Failure>> {
        let tree = self.edition.session.sections().await;
        Some(tree.map(|tree| {
            tree.above(self.known_line().id).into_iter().map(|above| self.sibling(above)).collect()
        }))
    }

    /// The sections right below, in their set order. Empty where there are none; `null` only together with an error.
    async fn children(&self) -> Option<Result<Vec<Self>, Failure>> {
        let tree = self.edition.session.sections().await;
        Some(
            tree.map(|tree| {
                tree.below(Some(self.known_line().id)).map(|below| self.sibling(below)).collect()
            }),
        )
    }

    /// The articles of this section and of all below it, newest first: those of the language that `locale` gave where
    /// the section was asked for, else of all languages. Pages (`kind: PAGE`) are in no list. `null` only together with
    /// an error.
    async fn articles(
        &self,
        #[graphql(
            desc = "How many from the beginning, behind `after`: 1 to 100. Default 20. Not together with `last`."
        )]
        first: Option<i64>,
        #[graphql(desc = "Only articles behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, ahead of `before`: 1 to 100. Not together with `first`.")]
        last: Option<i64>,
        #[graphql(desc = "Only articles ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Eager<Connection<Article>>, Failure>> {
        Some(self.page(&PageArguments { first, last, after, before }).await.map(Eager))
    }
}
