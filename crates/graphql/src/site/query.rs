//! Where the site is asked for.

use async_graphql::{Context, Object};

use super::object::Site;
use crate::eager::Eager;
use crate::edition::Edition;
use crate::error::Failure;
use crate::scalar::LanguageTag;

/// The root field for the site.
#[derive(Default)]
pub(crate) struct SiteQuery;

#[Object]
impl SiteQuery {
    /// The paper itself: what stands above and below every page. `null` only together with an error.
    async fn site(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language whose texts are shown. Absent: the best of Accept-Language, else the site's own."
        )]
        locale: Option<LanguageTag>,
    ) -> Option<Result<Eager<Site>, Failure>> {
        Some(Edition::open(ctx, locale).await.map(|edition| Eager(Site::new(edition))))
    }
}
