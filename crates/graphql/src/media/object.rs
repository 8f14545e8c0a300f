//! A picture as clients see it, in the sizes it can be had in.

use std::sync::Arc;

use async_graphql::{ID, Object, SimpleObject};
use masthead_domain::article::body::{FigureImage, inline_text};
use masthead_domain::media::{self, ImageId, ImageSource};
use sha2::{Digest, Sha256};

use crate::connection::within;
use crate::edition::Edition;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::scalar::Url;

/// The widest wish that is taken, in pixels.
const MAX_WIDTH: u32 = 4000;

/// The key of a picture that is not in the library: no picture has it.
const UNLISTED: ImageId = ImageId::from_stored(0);

/// A picture, and the edition it is shown in.
pub(crate) struct Image {
    image: media::Image,
    edition: Arc<Edition>,
    id: GlobalId,
}

impl Image {
    pub(crate) fn new(image: media::Image, edition: Arc<Edition>) -> Self {
        let id = GlobalId::Image(image.id);
        Self { image, edition, id }
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
            focal_point: None,
            own_work: false,
        };
        // With the words that it has here it is another thing than the library's entry, also for a client that keeps
        // what it was told by id.
        let id = GlobalId::Figure(digest(&image));
        Self { image, edition, id }
    }
}

/// A point of a picture.
#[derive(SimpleObject)]
pub(crate) struct FocalPoint {
    /// From the left edge, 0, to the right one, 1.
    x: f64,
    /// From the upper edge, 0, to the lower one, 1.
    y: f64,
}

/// A number made of all that is said of a picture in a text; above 0, and the same for the same words.
fn digest(image: &media::Image) -> i64 {
    let mut hasher = Sha256::new();
    let size = |pixels: Option<u32>| pixels.unwrap_or(0).to_string();
    let (width, height) = (size(image.width), size(image.height));
    let none = String::new();
    let location = image.location(None);
    let texts = [
        &location,
        &image.alt,
        image.credit.as_ref().unwrap_or(&none),
        image.caption.as_ref().unwrap_or(&none),
        &width,
        &height,
    ];
    for text in texts {
        hasher.update(text.as_bytes());
        // No text holds it, so that no two rows of texts run together.
        hasher.update([0]);
    }
    let digest: [u8; 32] = hasher.finalize().into();
    let [a, b, c, d, e, f, g, h, ..] = digest;
    (i64::from_be_bytes([a, b, c, d, e, f, g, h]) & i64::MAX).max(1)
}

/// A picture with what must be printed beside it. Ours come in several widths; those of other sites in the one size
/// they have there.
#[Object]
impl Image {
    /// The global id. A picture in an article's text has one of its own, made of what is said of it there; `node` answers
    /// pictures of the library, for whoever has UPLOAD_IMAGES.
    pub(crate) async fn id(&self) -> ID {
        self.id.into()
    }

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

    /// What must stay in sight where the picture is cropped, as CSS's `object-position` takes it. `null` where nothing in
    /// particular must.
    fn focal_point(&self) -> Option<FocalPoint> {
        self.image.focal_point.map(|point| FocalPoint { x: point.x(), y: point.y() })
    }

    /// Whether it is the newsroom's own work, so that `credit` may be `null`.
    fn own_work(&self) -> bool {
        self.image.own_work
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
