//! Adding pictures to the library and describing them. What is refused comes back in the payload; only a fault of ours is
//! an error.

use async_graphql::{Context, ID, Object};
use masthead_actions::media::update::update;
use masthead_actions::media::upload::{UploadError, upload};
use masthead_actions::refused::Refused;
use masthead_domain::media::{self, PictureRefused};
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};

use super::Image;
use super::input::{UpdateImageInput, UploadImageInput};
use super::payload::{UpdateImageErrorCode, UpdateImagePayload, UploadImagePayload, upload_errors};
use super::upload::Uploaded;
use crate::context::Visit;
use crate::edition::Edition;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::refusal::{key, outcome};

/// The mutations on pictures.
#[derive(Default)]
pub(crate) struct MediaMutation;

#[Object]
impl MediaMutation {
    /// Adds a picture to the library. The same file with the same description, sent again, is the picture that is there;
    /// with another description it is another picture, with an address of its own. Needs UPLOAD_IMAGES.
    async fn upload_image(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file, and what is said of it.")] input: UploadImageInput,
    ) -> Option<Result<UploadImagePayload, Failure>> {
        Some(upload_image(ctx, input).await)
    }

    /// Changes what is said of a picture, wherever it stands at the head of an article or on a byline. In an article's
    /// text a picture has the words that it was given there. Needs UPLOAD_IMAGES, and EDIT_ARTICLES for a picture that
    /// somebody else uploaded or that was imported.
    async fn update_image(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The picture's id.")] id: ID,
        #[graphql(desc = "What to change.")] input: UpdateImageInput,
    ) -> Option<Result<UpdateImagePayload, Failure>> {
        Some(update_image(Visit::of(ctx), &id, input).await)
    }
}

async fn upload_image(ctx: &Context<'_>, input: UploadImageInput) -> Result<UploadImagePayload, Failure> {
    let visit = Visit::of(ctx);
    match uploaded(ctx, input).await {
        Ok(image) => {
            let edition = Edition::after_writing(visit).await?;
            Ok(UploadImagePayload { image: Some(Image::new(image, edition)), errors: Vec::new() })
        }
        Err(NotUploaded::Refused(refused)) => {
            Ok(UploadImagePayload { image: None, errors: upload_errors(refused)? })
        }
        Err(NotUploaded::Failed(failure)) => Err(failure),
    }
}

/// Refused, or asked for what is not in the request.
enum NotUploaded {
    Refused(UploadError),
    Failed(Failure),
}

async fn uploaded(ctx: &Context<'_>, input: UploadImageInput) -> Result<media::Image, NotUploaded> {
    let visit = Visit::of(ctx);
    // Before the file is looked at, which may not even have been read.
    allowed(visit).map_err(|refused| NotUploaded::Refused(refused.into()))?;
    let settings = visit.settings();
    let max = settings.workshop.max_bytes();
    let file = match input.file.of(ctx).map_err(NotUploaded::Failed)? {
        Uploaded::File(file) => file,
        Uploaded::TooLarge => {
            return Err(NotUploaded::Refused(PictureRefused::TooLarge { max }.into()));
        }
        Uploaded::Unread => {
            return Err(NotUploaded::Failed(Failure::input("file", "The file was not read.")));
        }
    };
    upload(&settings.store, &settings.workshop, &visit.occasion(), file, input.given())
        .await
        .map_err(NotUploaded::Refused)
}

async fn update_image(
    visit: &Visit,
    id: &ID,
    input: UpdateImageInput,
) -> Result<UpdateImagePayload, Failure> {
    let done = async {
        allowed(visit)?;
        let id = key(id, "id", |id| match id {
            GlobalId::Image(image) => Some(image),
            _ => None,
        })?;
        update(&visit.settings().store, &visit.occasion(), id, input.change()).await
    };
    Ok(match outcome::<_, UpdateImageErrorCode>(done.await)? {
        Ok(image) => {
            let edition = Edition::after_writing(visit).await?;
            UpdateImagePayload { image: Some(Image::new(image, edition)), errors: Vec::new() }
        }
        Err(errors) => UpdateImagePayload { image: None, errors },
    })
}

fn allowed(visit: &Visit) -> Result<(), Refused> {
    may(visit.viewer(), Action::Use(Permission::UploadImages)).map_err(Refused::from)
}
