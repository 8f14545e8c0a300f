//! A picture as clients see it, in the sizes it can be had in.

use std::sync::Arc;

use async_graphql::Object;
use masthead_domain::article::body::{FigureImage, inline_text};
use masthead_domain::media::{self, ImageId, ImageSource};

use crate::connection::within;
use crate::edition::Edition;
use crate::error::Failure;
use crate::scalar::Url;

/// The widest wish that is taken, in pixels.
const MAX_WIDTH: u32 = 4000;

/// The key of a picture that is not in the library: no picture has it.
const UNLISTED: ImageId = ImageId::from_stored(0);

/// A picture, and the edition it is shown in.
pub(crate) struct Image {
    image: media::Image,
    edition: Arc<Edition>,
}

impl Image {
    pub(crate) fn new(image: media::Image, edition: Arc<Edition>) -> Self {
        Self { image, edition }
    }

    /// A picture in an article's text, with the words it has there.
    pub(crate) fn figure(figure: &FigureImage, edition: Arc<Edition>) -> Self {
        let source = match figure.src.strip_prefix("/media/") {
            Some(name) => ImageSource::Stored(name.to_owned()),
            None => ImageSource::Remote(figure.src.clone()),
        };
        let caption = inline_text(&figure.caption);
        let image = media::Image {
            id: figure.id.unwrap_or(UNLISTED),
            source,
            width: figure.width,
            height: figure.height,
            alt: figure.alt.clone(),
            credit: figure.credit.clone(),
            caption: (!caption.is_empty()).then_some(caption),
        };
        Self { image, edition }
    }
}

/// A picture with what must be printed beside it. Ours come in several widths; those of other sites in the one size
/// they have there.
#[Object]
impl Image {
    /// The address of the picture in a size that is offered: 160, 320, 480, 640, 960, 1200 or 1600 pixels wide, or the
    /// original.
    ///
    /// A `width` outside 1 to 4000 is an error (BAD_USER_INPUT).
    fn url(
        &self,
        #[graphql(
            desc = "How many pixels wide it will be shown, 1 to 4000: answered with the next offered width that is no \
                    narrower, never above the original. Absent: the original."
        )]
        width: Option<i64>,
    ) -> Result<Url, Failure> {
        let wanted = width.map(|width| within("width", width, MAX_WIDTH)).transpose()?;
        Ok(self.edition.absolute(self.image.location(wanted)))
    }

    /// Every size with its width, for HTML's `srcset`: `https://… 320w, https://… 640w`. `null` where there is only
    /// one size.
    fn src_set(&self) -> Option<String> {
        let widths = self.image.widths();
        let entry =
            |&width: &u32| format!("{} {width}w", self.edition.absolute(self.image.location(Some(width))).0);
        (widths.len() > 1).then(|| widths.iter().map(entry).collect::<Vec<_>>().join(", "))
    }

    /// What the picture shows, for those who do not see it, plain text. Empty where it is mere decoration.
    fn alt(&self) -> &str {
        &self.image.alt
    }

    /// The text below it, plain text. `null` where there is none.
    fn caption(&self) -> Option<&str> {
        self.image.caption.as_deref()
    }

    /// Who made it, to be printed beside it, plain text. `null` where nobody is named.
    fn credit(&self) -> Option<&str> {
        self.image.credit.as_deref()
    }

    /// The width of the original in pixels; its ratio to `height` holds for every size. `null` where it was never
    /// measured.
    fn width(&self) -> Option<u32> {
        self.image.width
    }

    /// The height of the original in pixels. `null` where it was never measured.
    fn height(&self) -> Option<u32> {
        self.image.height
    }
}
