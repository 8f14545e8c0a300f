//! Where tags are asked for.

use std::sync::Arc;

use async_graphql::{Context, Object};
use masthead_domain::text::SlugKey;

use super::Tag;
use crate::connection::{Connection, Order, PageArguments, PageSize};
use crate::eager::Eager;
use crate::edition::Edition;
use crate::error::Failure;
use crate::scalar::LanguageTag;

/// Longest `query` in characters.
const MAX_QUERY: usize = 100;

/// The root fields for tags.
#[derive(Default)]
pub(crate) struct TagQuery;

#[Object]
impl TagQuery {
    /// The tag of this slug, or of one that it, or a tag that became part of it, once had: where `slug` of the answer is
    /// another than was asked for, its page is at `url` now, and a client redirects. `null` where there is none.
    async fn tag(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The tag's slug, the same in every language, in any spelling of it.")] slug: String,
        #[graphql(
            desc = "The language whose name is shown; where given, the tag lists articles of this language only. \
                    Absent: the name by Accept-Language, else the site's language; articles of all languages."
        )]
        locale: Option<LanguageTag>,
    ) -> Option<Result<Eager<Tag>, Failure>> {
        tag(ctx, &slug, locale).await.map(|found| found.map(Eager)).transpose()
    }

    /// The paper's tags, those with most public articles first: readers get the ones that a public article carries, the
    /// desk all. For a field in which one types a tag, give `query`. Counted nowhere: `totalCount` is `null`. `null` only
    /// together with an error.
    #[allow(clippy::too_many_arguments, reason = "a field's arguments are what they are")]
    async fn tags(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "What someone has begun to type, at most 100 characters: only tags of which the slug, a name in any \
                    language, or a word of one begins so, whatever its accents, vowel marks and letter case. Of the 10,000 \
                    most used. Absent, `null` or empty: all."
        )]
        query: Option<String>,
        #[graphql(
            desc = "The language whose names are shown; where given, the tags list articles of this language only. Absent: \
                    names by Accept-Language, else the site's language; articles of all languages."
        )]
        locale: Option<LanguageTag>,
        #[graphql(
            desc = "How many from the beginning, behind `after`: 1 to 100. Default 20. Not together with `last`."
        )]
        first: Option<i64>,
        #[graphql(desc = "Only tags behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, ahead of `before`: 1 to 100. Not together with `first`.")]
        last: Option<i64>,
        #[graphql(desc = "Only tags ahead of this cursor.")] before: Option<String>,
    ) -> Option<Result<Eager<Connection<Tag>>, Failure>> {
        let page = PageArguments { first, last, after, before };
        Some(tags(ctx, query.as_deref(), locale, &page).await.map(Eager))
    }
}

async fn tags(
    ctx: &Context<'_>,
    query: Option<&str>,
    locale: Option<LanguageTag>,
    arguments: &PageArguments,
) -> Result<Connection<Tag>, Failure> {
    let page = arguments.read(Order::MostUsed, PageSize::LIST)?;
    if query.is_some_and(|query| query.chars().count() > MAX_QUERY) {
        return Err(Failure::input("query", format!("`query` has at most {MAX_QUERY} characters.")));
    }
    let edition = Edition::open(ctx, locale).await?;
    let found = edition.session.reads.tag_list(query, &page).await?;
    Ok(Connection::plain(found, Order::MostUsed, |tag| Tag::new(Arc::new(tag), edition.clone())))
}

async fn tag(ctx: &Context<'_>, slug: &str, locale: Option<LanguageTag>) -> Result<Option<Tag>, Failure> {
    let edition = Edition::open(ctx, locale).await?;
    let found = edition.session.reads.tag_by_slug(&SlugKey::of(slug)).await?;
    Ok(found.map(|tag| Tag::new(Arc::new(tag), edition)))
}
