//! A tag as clients see it.

use std::sync::Arc;

use async_graphql::{ID, Object};
use masthead_domain::page::Page;
use masthead_domain::site::permalink::listing;
use masthead_domain::tag;

use super::load::ArticlesTagged;
use crate::article::Article;
use crate::connection::{Connection, Order, PageArguments, PageSize};
use crate::eager::Eager;
use crate::edition::Edition;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::scalar::Url;
use crate::site::Direction;

/// A tag, and the edition it is shown in.
pub(crate) struct Tag {
    tag: Arc<tag::Tag>,
    edition: Arc<Edition>,
}

impl Tag {
    pub(crate) fn new(tag: Arc<tag::Tag>, edition: Arc<Edition>) -> Self {
        Self { tag, edition }
    }

    /// The full address of its page.
    pub(crate) fn address(&self) -> Url {
        self.edition.absolute(listing("tag", &self.edition.locale, &self.tag.slug))
    }

    fn shown_name(&self) -> &str {
        self.edition.name(&self.tag.names, &self.tag.slug)
    }

    async fn page(&self, arguments: &PageArguments) -> Result<Connection<Article>, Failure> {
        let page = arguments.read(Order::Newest, PageSize::LIST)?;
        let key = ArticlesTagged { tag: self.tag.id, locale: self.edition.listed.clone(), page };
        let found = self.edition.session.load(key).await?.unwrap_or_else(Page::empty);
        Ok(Connection::plain(found, Order::Newest, |card| Article::of_card(card, self.edition.clone())))
    }
}

/// A subject that articles of any section share. One slug in all languages; a name in each, falling back to the site's
/// own language.
#[Object]
impl Tag {
    /// The global id, for `node` and for caches.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::Tag(self.tag.id).into()
    }

    /// The slug, the same in every language: what `tag(slug:)` finds it by.
    fn slug(&self) -> &str {
        self.tag.slug.as_str()
    }

    /// The name in the language asked for, else in the site's own, else in any; the slug where it has none.
    fn name(&self) -> &str {
        self.shown_name()
    }

    /// The reading direction of the name as given here.
    fn direction(&self) -> Direction {
        self.edition.direction(self.shown_name()).into()
    }

    /// The address of the tag's page in the language asked for.
    fn url(&self) -> Url {
        self.address()
    }

    /// The articles that carry this tag, newest first: those of the language that `locale` gave where the tag was
    /// asked for, else of all languages. `null` only together with an error.
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
