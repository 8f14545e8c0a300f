//! What a signed link shows of an article to a person without an account, and nothing else.

use std::sync::Arc;

use async_graphql::{Context, Object};
use masthead_domain::article::{Details, Rights, SavedBody, Seo};
use masthead_persistence::article::Preview;

use super::body::ArticleBody;
use crate::author::{Author, AuthorById};
use crate::context::Visit;
use crate::edition::Edition;
use crate::error::Failure;
use crate::media::{Image, ImageById};
use crate::scalar::LanguageTag;
use crate::site::Direction;

/// The root field for previews.
#[derive(Default)]
pub(crate) struct PreviewQuery;

#[Object]
impl PreviewQuery {
    /// What a signed link shows: an article's head, as it is now. `null` where the link is none of ours, has expired, or
    /// its article is gone.
    async fn article_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What stands behind `/preview/` in `desk.previewUrl`.")] token: String,
    ) -> Option<Result<ArticlePreview, Failure>> {
        preview(Visit::of(ctx), ctx, &token).await.transpose()
    }
}

async fn preview(visit: &Visit, ctx: &Context<'_>, token: &str) -> Result<Option<ArticlePreview>, Failure> {
    let reads = &visit.session().reads;
    let secret = reads.site_secret().await?;
    let Some(id) = masthead_actions::article::preview::open(&secret, token, visit.now()) else {
        return Ok(None);
    };
    let edition = Edition::open(ctx, None).await?;
    let found = reads.article_preview(id).await?;
    Ok(found.map(|preview| ArticlePreview { preview, edition }))
}

/// An article's head, and the edition it is shown in.
pub(crate) struct ArticlePreview {
    preview: Preview,
    edition: Arc<Edition>,
}

impl ArticlePreview {
    fn text_direction(&self) -> masthead_domain::text::Direction {
        self.preview.content.direction(&self.preview.locale)
    }

    async fn authors_read(&self) -> Result<Vec<Author>, Failure> {
        let keys: Vec<_> = self.preview.content.authors.iter().copied().map(AuthorById).collect();
        let mut found = self.edition.session.loader().load_many(keys.iter().copied()).await?;
        let whole = |author| Author::whole(author, self.edition.clone());
        Ok(keys.iter().filter_map(|key| found.remove(key)).map(whole).collect())
    }

    async fn lead_image_read(&self) -> Result<Option<Image>, Failure> {
        let Some(id) = self.preview.content.lead_image else { return Ok(None) };
        let image = self.edition.session.loader().load_one(ImageById(id)).await?;
        Ok(image.map(|image| Image::new(image, self.edition.clone())))
    }
}

/// An article as it would look if its head were published now. Leads to nothing else that is not public.
#[Object]
impl ArticlePreview {
    /// The headline, plain text.
    fn title(&self) -> &str {
        &self.preview.content.title
    }

    /// A second line below it. `null` where there is none.
    fn subtitle(&self) -> Option<&str> {
        self.preview.content.subtitle.as_deref()
    }

    /// A teaser. `null` where there is none.
    fn excerpt(&self) -> Option<&str> {
        self.preview.content.excerpt.as_deref()
    }

    /// The language it is written in.
    fn locale(&self) -> LanguageTag {
        LanguageTag(self.preview.locale.clone())
    }

    /// The reading direction of headline and text.
    fn direction(&self) -> Direction {
        self.text_direction().into()
    }

    /// Who wrote it, in the order of the byline. `null` only together with an error.
    async fn authors(&self) -> Option<Result<Vec<Author>, Failure>> {
        Some(self.authors_read().await)
    }

    /// The picture shown with it. `null` where there is none; or together with an error.
    async fn lead_image(&self) -> Option<Result<Image, Failure>> {
        self.lead_image_read().await.transpose()
    }

    /// The text.
    async fn body(&self) -> ArticleBody {
        let details = Details {
            body: SavedBody {
                blocks: self.preview.content.body.clone(),
                html: self.preview.html.clone(),
                text: self.preview.text.clone(),
            },
            rights: Rights::default(),
            seo: Seo::default(),
        };
        ArticleBody::new(Arc::new(details), self.text_direction(), self.edition.clone())
    }
}
