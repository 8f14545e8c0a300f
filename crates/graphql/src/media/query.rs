//! Where the library is asked for.

use async_graphql::{Context, Object};
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};

use super::Image;
use crate::connection::{Connection, Order, PageArguments, PageSize};
use crate::context::Visit;
use crate::edition::Edition;
use crate::error::Failure;

/// The root fields for pictures.
#[derive(Default)]
pub(crate) struct MediaQuery;

#[Object]
impl MediaQuery {
    /// The library's pictures, the latest first: what the desk chooses from. Counted where `totalCount` is asked for, up
    /// to 10,000, then `null`. Needs UPLOAD_IMAGES; without it the answer is `null` and an error (UNAUTHENTICATED or
    /// FORBIDDEN).
    async fn images(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100. Absent, as `last`: 20.")] first: Option<i64>,
        #[graphql(desc = "The last so many, 1 to 100. Not together with `first`.")] last: Option<i64>,
        #[graphql(desc = "Only those behind this cursor of this list.")] after: Option<String>,
        #[graphql(desc = "Only those ahead of this cursor of this list.")] before: Option<String>,
    ) -> Option<Result<Connection<Image>, Failure>> {
        Some(images(ctx, PageArguments { first, last, after, before }).await)
    }
}

async fn images(ctx: &Context<'_>, page: PageArguments) -> Result<Connection<Image>, Failure> {
    may(Visit::of(ctx).viewer(), Action::Use(Permission::UploadImages))?;
    let page = page.read(Order::NewestImage, PageSize::LIST)?;
    let counted = ctx.look_ahead().field("totalCount").exists();
    let edition = Edition::open(ctx, None).await?;
    let images = edition.session.reads.image_library(&page, counted).await?;
    Ok(Connection::plain(images, Order::NewestImage, |image| Image::new(image, edition.clone())))
}
