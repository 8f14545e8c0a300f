//! Where authors are asked for.

use std::sync::Arc;

use async_graphql::{Context, Object};
use masthead_domain::text::SlugKey;

use super::Author;
use crate::eager::Eager;
use crate::edition::Edition;
use crate::error::Failure;
use crate::scalar::LanguageTag;

/// The root fields for authors.
#[derive(Default)]
pub(crate) struct AuthorQuery;

#[Object]
impl AuthorQuery {
    /// The author of this slug, or of one that they once had: where `slug` of the answer is another than was asked for,
    /// their page is at `url` now, and a client redirects. `null` where there is none.
    async fn author(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The author's slug, the same in every language, in any spelling of it.")]
        slug: String,
        #[graphql(
            desc = "The language whose texts are shown; where given, the author lists articles of this language only. \
                    Absent: texts by Accept-Language, else the site's language; articles of all languages."
        )]
        locale: Option<LanguageTag>,
    ) -> Option<Result<Eager<Author>, Failure>> {
        author(ctx, &slug, locale).await.map(|found| found.map(Eager)).transpose()
    }
}

async fn author(
    ctx: &Context<'_>,
    slug: &str,
    locale: Option<LanguageTag>,
) -> Result<Option<Author>, Failure> {
    let edition = Edition::open(ctx, locale).await?;
    let found = edition.session.reads.author_by_slug(&SlugKey::of(slug)).await?;
    Ok(found.map(|author| Author::whole(Arc::new(author), edition)))
}
