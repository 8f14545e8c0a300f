//! Where articles are asked for.

use std::sync::Arc;

use async_graphql::{Context, Object};
use masthead_domain::text::SlugKey;
use masthead_persistence::ArticleLookup;

use super::{Article, Planned};
use crate::connection::{Connection, Order, PageArguments, PageSize, shared};
use crate::edition::Edition;
use crate::error::Failure;
use crate::scalar::LanguageTag;

/// The root fields for articles.
#[derive(Default)]
pub(crate) struct ArticleQuery;

#[Object]
impl ArticleQuery {
    /// The article or page of this slug, published ones only for whoever has no right to see others. A former slug finds
    /// it too: redirect when the answered `slug` differs from the one that was asked for. `null` where there is none, or
    /// none for you.
    async fn article(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Its slug in any spelling: percent-encoded or not, with or without vowel marks, a slash at the end."
        )]
        slug: String,
        #[graphql(
            desc = "Only an article in this language; section, authors and tags are named in it. Absent: of several that \
                    share the slug the one in the language of Accept-Language, else in the site's own, else any."
        )]
        locale: Option<LanguageTag>,
    ) -> Option<Result<Article, Failure>> {
        article(ctx, &slug, locale).await.transpose()
    }

    /// All articles of the paper, newest first. Pages (`kind: PAGE`) are in no list. `null` only together with an error.
    async fn articles(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Only articles in this language; section and authors are named in it. Absent: articles of all languages, \
                    names by Accept-Language, else in the site's own."
        )]
        locale: Option<LanguageTag>,
        #[graphql(
            desc = "How many from the beginning, behind `after`: 1 to 100. Default 20. Not together with `last`."
        )]
        first: Option<i64>,
        #[graphql(desc = "Only articles behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, ahead of `before`: 1 to 100. Not together with `first`.")]
        last: Option<i64>,
        #[graphql(desc = "Only articles ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Connection<Article>, Failure>> {
        Some(articles(ctx, locale, &PageArguments { first, last, after, before }).await)
    }
}

async fn article(
    ctx: &Context<'_>,
    slug: &str,
    locale: Option<LanguageTag>,
) -> Result<Option<Article>, Failure> {
    let edition = Edition::open(ctx, locale).await?;
    let lookup = ArticleLookup::Slug {
        key: SlugKey::of(slug),
        locale: edition.listed.clone(),
        preferred: vec![edition.locale.clone(), edition.site.default_locale.clone()],
    };
    let found = Planned::read(ctx, &edition.session, &lookup).await?;
    Ok(found.map(|planned| Article::of_planned(planned, edition)))
}

async fn articles(
    ctx: &Context<'_>,
    locale: Option<LanguageTag>,
    arguments: &PageArguments,
) -> Result<Connection<Article>, Failure> {
    let page = arguments.read(Order::Newest, PageSize::LIST)?;
    let edition = Edition::open(ctx, locale).await?;
    let found = edition.session.reads.article_list(edition.listed.as_ref(), &page).await?;
    Ok(Connection::plain(shared(found), Order::Newest, |card: Arc<_>| {
        Article::of_card(card, edition.clone())
    }))
}
