//! Where tags are asked for.

use std::sync::Arc;

use async_graphql::{Context, Object};
use masthead_domain::text::SlugKey;

use super::Tag;
use crate::edition::Edition;
use crate::error::Failure;
use crate::scalar::LanguageTag;

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
    ) -> Option<Result<Tag, Failure>> {
        tag(ctx, &slug, locale).await.transpose()
    }
}

async fn tag(ctx: &Context<'_>, slug: &str, locale: Option<LanguageTag>) -> Result<Option<Tag>, Failure> {
    let edition = Edition::open(ctx, locale).await?;
    let found = edition.session.reads.tag_by_slug(&SlugKey::of(slug)).await?;
    Ok(found.map(|tag| Tag::new(Arc::new(tag), edition)))
}
