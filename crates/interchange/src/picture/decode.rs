//! Unpacking a picture: its size is looked at first, and it gets so much memory and no more.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, ImageResult, Limits};
use masthead_domain::media::{MAX_SIDE, PictureRefused, check_size};

use super::profile;

/// Most bytes that unpacking may take.
const MAX_MEMORY: u64 = 300_000_000;

/// A picture whose size is known and within the limits, not yet unpacked.
pub(super) struct Opened<D> {
    decoder: D,
    /// How it must be turned to stand upright.
    pub(super) orientation: Orientation,
    /// Its size as it is stored, before it is turned.
    pub(super) size: (u32, u32),
}

/// Reads a picture's head.
///
/// # Errors
/// Why it may not, or cannot, be unpacked.
pub(super) fn open(
    file: &[u8],
    format: ImageFormat,
) -> Result<Opened<impl ImageDecoder + '_>, PictureRefused> {
    let limits = limits();
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    reader.limits(limits.clone());
    let mut decoder = match reader.into_decoder() {
        Ok(decoder) => decoder,
        // The library says that a side is too long, and not how long: the same reader without limits does, and
        // unpacks nothing for it.
        Err(ImageError::Limits(_)) => {
            let mut reader = ImageReader::with_format(Cursor::new(file), format);
            reader.no_limits();
            let (width, height) = reader.into_dimensions().map_err(|_| PictureRefused::NotAnImage)?;
            return Err(too_many(width, height));
        }
        Err(_) => return Err(PictureRefused::NotAnImage),
    };
    let size = decoder.dimensions();
    check_size(size.0, size.1)?;
    let (mut left, bytes) = (limits, decoder.total_bytes());
    left.reserve(bytes).map_err(|_| too_many(size.0, size.1))?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok(Opened { decoder, orientation, size })
}

impl<D: ImageDecoder> Opened<D> {
    /// The picture's size when it stands upright.
    pub(super) fn upright_size(&self) -> (u32, u32) {
        let (width, height) = self.size;
        if self.is_turned() { (height, width) } else { (width, height) }
    }

    /// Whether width and height change places.
    pub(super) fn is_turned(&self) -> bool {
        matches!(
            self.orientation,
            Orientation::Rotate90
                | Orientation::Rotate270
                | Orientation::Rotate90FlipH
                | Orientation::Rotate270FlipH
        )
    }

    /// Its colour profile, where it has one that fits.
    pub(super) fn profile(&mut self) -> Option<Vec<u8>> {
        let in_colour = self.decoder.color_type().has_color();
        profile::fitting(self.decoder.icc_profile().ok().flatten(), in_colour)
    }

    /// Its pixels, as they are stored.
    pub(super) fn unpack(self) -> ImageResult<DynamicImage> {
        DynamicImage::from_decoder(self.decoder)
    }
}

/// What unpacking may take.
pub(super) fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    limits
}

/// Also for a picture within the sides and pixels whose pixels take twice as much as others'.
fn too_many(width: u32, height: u32) -> PictureRefused {
    PictureRefused::TooManyPixels { width, height }
}
