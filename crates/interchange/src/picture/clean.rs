//! Taking a file from outside as a picture of ours: sound, upright, and nothing in it but pixels and a colour profile.
//!
//! Where the pixels need no change, they are kept byte for byte and everything around them is dropped: unpacking a
//! photograph and packing it again would cost quality or space each time, and what is dropped is the same. The file is
//! taken apart by what is allowed, so that what nobody thought of is dropped too; and it is unpacked once to see that it
//! can be. What must be turned, or is not for screens (CMYK, GIF), is packed anew.

use std::io::Cursor;

use image::codecs::gif::GifDecoder;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::metadata::Orientation;
use image::{
    AnimationDecoder, DynamicImage, ImageDecoder, ImageEncoder, ImageError, ImageFormat, ImageResult,
};
use masthead_domain::media::{PictureKind, PictureRefused};

use super::decode::{self, Opened};
use super::sniff::sniff;
use super::{jpeg, png, webp};

/// Of 100; for originals that must be packed anew, which others will be made of.
const QUALITY: u8 = 95;

/// A picture that may be kept and shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleaned {
    /// The file.
    pub bytes: Vec<u8>,
    /// What it is.
    pub kind: PictureKind,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
}

/// Checks a file and cleans it. Its size in pixels is looked at before anything is unpacked.
///
/// Work for a whole processor, up to a second or two: not for the threads that answer requests.
///
/// # Errors
/// Why it is not taken, in words for whoever sent it.
pub fn clean(file: &[u8]) -> Result<Cleaned, PictureRefused> {
    let format = sniff(file)?;
    let mut opened = decode::open(file, format)?;
    let profile = opened.profile();
    let upright = opened.orientation == Orientation::NoTransforms;
    let size = opened.size;
    let kept = match format {
        ImageFormat::Jpeg => {
            let stripped = jpeg::strip(file)?;
            let is_for_screens = stripped.components < 4;
            Stripped {
                kind: PictureKind::Jpeg,
                bytes: (upright && is_for_screens).then(|| stripped.with_profile(profile.as_deref())),
                is_lossless: false,
            }
        }
        ImageFormat::Png => Stripped {
            kind: PictureKind::Png,
            bytes: Some(png::strip(file, profile.is_some())?).filter(|_| upright),
            is_lossless: true,
        },
        ImageFormat::WebP => {
            let still = webp::read(file)?;
            Stripped {
                kind: PictureKind::WebP,
                bytes: upright.then(|| still.write(size, profile.as_deref())),
                is_lossless: still.is_lossless(),
            }
        }
        _ => {
            require_still_gif(file)?;
            Stripped { kind: PictureKind::Png, bytes: None, is_lossless: true }
        }
    };
    match kept.bytes {
        Some(bytes) => {
            // What is kept is what must be sound: dropping a part may not have broken it.
            unpack(decode::open(&bytes, format)?)?;
            Ok(Cleaned { bytes, kind: kept.kind, width: size.0, height: size.1 })
        }
        None => pack(opened, kept.kind, kept.is_lossless, profile),
    }
}

/// What is left of a file, as it could be kept.
struct Stripped {
    kind: PictureKind,
    /// `None`: it must be packed anew.
    bytes: Option<Vec<u8>>,
    is_lossless: bool,
}

/// Turns a picture upright and packs it anew.
fn pack(
    opened: Opened<impl ImageDecoder>,
    kind: PictureKind,
    is_lossless: bool,
    profile: Option<Vec<u8>>,
) -> Result<Cleaned, PictureRefused> {
    let orientation = opened.orientation;
    let mut image = unpack(opened)?;
    image.apply_orientation(orientation);
    let (width, height) = (image.width(), image.height());
    let mut bytes = Vec::new();
    let packed = match kind {
        PictureKind::Jpeg => write(&image, JpegEncoder::new_with_quality(&mut bytes, QUALITY), profile),
        PictureKind::Png => write(&image, PngEncoder::new(&mut bytes), profile),
        PictureKind::WebP if is_lossless => {
            let image = if image.has_alpha() {
                DynamicImage::ImageRgba8(image.into_rgba8())
            } else {
                DynamicImage::ImageRgb8(image.into_rgb8())
            };
            write(&image, WebPEncoder::new_lossless(&mut bytes), profile)
        }
        PictureKind::WebP => {
            super::rendition::lossy_webp(image, f32::from(QUALITY), profile).map(|webp| bytes = webp)
        }
    };
    match packed {
        Ok(()) => Ok(Cleaned { bytes, kind, width, height }),
        Err(_) => Err(PictureRefused::NotAnImage),
    }
}

/// Packs a picture with its profile.
pub(super) fn write(
    image: &DynamicImage,
    mut encoder: impl ImageEncoder,
    profile: Option<Vec<u8>>,
) -> ImageResult<()> {
    if let Some(profile) = profile {
        // An encoder that cannot keep it writes the picture without.
        drop(encoder.set_icc_profile(profile));
    }
    image.write_with_encoder(encoder)
}

fn unpack(opened: Opened<impl ImageDecoder>) -> Result<DynamicImage, PictureRefused> {
    let (width, height) = opened.size;
    opened.unpack().map_err(|error| match error {
        ImageError::Limits(_) => PictureRefused::TooManyPixels { width, height },
        _ => PictureRefused::NotAnImage,
    })
}

fn require_still_gif(file: &[u8]) -> Result<(), PictureRefused> {
    let mut decoder = GifDecoder::new(Cursor::new(file)).map_err(|_| PictureRefused::NotAnImage)?;
    decoder.set_limits(decode::limits()).map_err(|_| PictureRefused::NotAnImage)?;
    let mut frames = decoder.into_frames();
    match (frames.next(), frames.next()) {
        (Some(Ok(_)), None) => Ok(()),
        (Some(Ok(_)), Some(Ok(_))) => Err(PictureRefused::Animated),
        _ => Err(PictureRefused::NotAnImage),
    }
}
