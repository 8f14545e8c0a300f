//! An author as clients see one: the line of a byline, or the whole profile once it was read.

use std::sync::Arc;

use async_graphql::{ID, Object, SimpleObject};
use masthead_domain::author::{self, AuthorLine};
use masthead_domain::page::Page;
use masthead_domain::site::permalink::listing;
use masthead_domain::text::Localized;

use super::AuthorById;
use super::load::ArticlesBy;
use crate::article::Article;
use crate::connection::{Connection, Order, PageArguments, PageSize};
use crate::eager::{Eager, EagerList};
use crate::edition::Edition;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::media::Image;
use crate::scalar::Url;
use crate::site::Direction;

/// An author with what is known of them, and the edition they are shown in.
pub(crate) struct Author {
    known: Known,
    edition: Arc<Edition>,
}

enum Known {
    Line(AuthorLine),
    Whole(Arc<author::Author>),
}

/// A labelled web address.
#[derive(SimpleObject)]
pub(crate) struct AuthorLink {
    /// What the link says, plain text: the name of a site, or a handle.
    label: String,
    /// Where it leads; http or https.
    url: Url,
}

impl Author {
    /// An author as an article's card tells of them.
    pub(crate) fn of_line(line: AuthorLine, edition: Arc<Edition>) -> Self {
        Self { known: Known::Line(line), edition }
    }

    /// An author with the profile.
    pub(crate) fn whole(author: Arc<author::Author>, edition: Arc<Edition>) -> Self {
        Self { known: Known::Whole(author), edition }
    }

    fn known_line(&self) -> &AuthorLine {
        match &self.known {
            Known::Line(line) => line,
            Known::Whole(author) => &author.line,
        }
    }

    /// The full address of their page.
    pub(crate) fn address(&self) -> Url {
        self.edition.absolute(listing("author", &self.edition.locale, &self.known_line().slug))
    }

    fn shown_name(&self) -> &str {
        let line = self.known_line();
        self.edition.name(&line.names, &line.slug)
    }

    async fn profile(&self) -> Result<Option<Arc<author::Author>>, Failure> {
        match &self.known {
            Known::Whole(author) => Ok(Some(author.clone())),
            Known::Line(line) => Ok(self.edition.session.load(AuthorById(line.id)).await?),
        }
    }

    async fn profile_text(
        &self,
        texts: impl FnOnce(&author::Author) -> &Localized<String>,
    ) -> Option<Result<String, Failure>> {
        let profile = self.profile().await;
        let text = profile
            .map(|profile| profile.and_then(|author| self.edition.text(texts(&author)).map(str::to_owned)));
        text.transpose()
    }

    async fn page(&self, arguments: &PageArguments) -> Result<Connection<Article>, Failure> {
        let page = arguments.read(Order::Newest, PageSize::LIST)?;
        let key = ArticlesBy { author: self.known_line().id, locale: self.edition.listed.clone(), page };
        let found = self.edition.session.load(key).await?.unwrap_or_else(Page::empty);
        Ok(Connection::plain(found, Order::Newest, |card| Article::of_card(card, self.edition.clone())))
    }
}

/// Someone with a byline. Needs no login. One slug in all languages; name, role and biography in each, falling back to
/// the site's own language.
#[Object]
impl Author {
    /// The global id, for `node` and for caches.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::Author(self.known_line().id).into()
    }

    /// The slug, the same in every language: what `author(slug:)` finds them by.
    fn slug(&self) -> &str {
        self.known_line().slug.as_str()
    }

    /// The name as written in the language asked for, else in the site's own, else in any; the slug where there is
    /// none.
    fn name(&self) -> &str {
        self.shown_name()
    }

    /// The reading direction of the name as given here.
    fn direction(&self) -> Direction {
        self.edition.direction(self.shown_name()).into()
    }

    /// What the author does at the paper, in the language asked for, else in the site's own: "Head of culture". `null`
    /// where nothing is said.
    async fn role(&self) -> Option<Result<String, Failure>> {
        self.profile_text(|author| &author.roles).await
    }

    /// A short biography, plain text, in the language asked for, else in the site's own. `null` where there is none.
    async fn bio(&self) -> Option<Result<String, Failure>> {
        self.profile_text(|author| &author.biographies).await
    }

    /// The address of the author's page in the language asked for.
    fn url(&self) -> Url {
        self.address()
    }

    /// A portrait. `null` where there is none.
    async fn avatar(&self) -> Option<Result<Eager<Image>, Failure>> {
        let profile = self.profile().await;
        let avatar = |profile: Option<Arc<author::Author>>| profile.and_then(|author| author.avatar.clone());
        profile
            .map(|profile| avatar(profile).map(|image| Eager(Image::new(image, self.edition.clone()))))
            .transpose()
    }

    /// Addresses the author wants to be found at, in their set order. Empty where there are none; `null` only together
    /// with an error.
    async fn links(&self) -> Option<Result<EagerList<Eager<AuthorLink>>, Failure>> {
        let links = |author: Arc<author::Author>| {
            let link = |link: &author::Link| {
                Eager(AuthorLink { label: link.label.clone(), url: Url(link.url.clone()) })
            };
            author.links.iter().map(link).collect()
        };
        self.profile().await.map(|profile| profile.map(links)).transpose()
    }

    /// The author's articles, newest first: those of the language that `locale` gave where the author was asked for,
    /// else of all languages. `null` only together with an error.
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
