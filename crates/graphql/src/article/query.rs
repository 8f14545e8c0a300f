//! Where articles are asked for.

use async_graphql::{Context, Object};
use masthead_domain::text::SlugKey;
use masthead_persistence::ArticleLookup;

use super::filter::{ArticleFilter, ArticleOrder, articles};
use super::{Article, Planned};
use crate::connection::{Connection, PageArguments};
use crate::eager::Eager;
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
    ) -> Option<Result<Eager<Article>, Failure>> {
        article(ctx, &slug, locale).await.map(|found| found.map(Eager)).transpose()
    }

    /// All articles that you may see, newest first unless `orderBy` says otherwise: for readers the published ones, of
    /// which pages (`kind: PAGE`) are in no list; for people of the desk also what they work on. `null` only together with
    /// an error.
    #[expect(clippy::too_many_arguments, reason = "the contract's arguments")]
    async fn articles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones. Absent or `null`: all.")] filter: Option<ArticleFilter>,
        #[graphql(
            default_with = "Some(ArticleOrder::PublishedNewest)",
            desc = "The order. A cursor holds in one order only."
        )]
        order_by: Option<ArticleOrder>,
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
    ) -> Option<Result<Eager<Connection<Article>>, Failure>> {
        let arguments = PageArguments { first, last, after, before };
        Some(articles(ctx, filter, order_by.unwrap_or_default(), locale, &arguments).await.map(Eager))
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
