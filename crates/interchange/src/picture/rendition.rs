//! Making a picture smaller, for readers: upright, at a width, as WebP for those who take it and else as JPEG, or as PNG
//! where it has holes.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::error::{EncodingError, ImageFormatHint};
use image::imageops::FilterType;
use image::{DynamicImage, ImageError, ImageFormat, ImageResult};
use masthead_domain::media::{PictureKind, PictureRefused};

use super::clean::write;
use super::sniff::sniff;
use super::{decode, profile, webp};

/// Of 100; what photographs bear without a difference that readers see.
const JPEG_QUALITY: u8 = 82;
/// Of 100, by WebP's count; looks like the other.
const WEBP_QUALITY: f32 = 80.0;

/// What a reader's browser takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// WebP, the smallest.
    WebP,
    /// What every browser takes: JPEG, or PNG where the picture has holes.
    Plain,
}

/// A smaller picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendition {
    /// The file.
    pub bytes: Vec<u8>,
    /// What it is.
    pub kind: PictureKind,
}

/// The picture at `width` pixels, upright. `None`: it is no wider than that.
///
/// Colour profiles are kept, everything else that is written into a picture file (place, camera, name) is not. Work for
/// a whole processor: not for the threads that answer requests.
///
/// # Errors
/// It is too large to be unpacked, or no sound picture.
pub fn rendition(original: &[u8], width: u32, format: Format) -> Result<Option<Rendition>, PictureRefused> {
    let mut opened = decode::open(original, sniff(original)?)?;
    let (own_width, own_height) = opened.upright_size();
    if width >= own_width {
        return Ok(None);
    }
    let height = scaled(own_height, width, own_width);
    let (orientation, turned, profile) = (opened.orientation, opened.is_turned(), opened.profile());
    let image = opened.unpack().map_err(|_| PictureRefused::NotAnImage)?;
    // Smaller first: turning is then cheap. Eight bits a colour are what screens show.
    let (w, h) = if turned { (height, width) } else { (width, height) };
    let mut image = eight_bits(image.resize_exact(w, h, FilterType::Lanczos3));
    image.apply_orientation(orientation);
    encode(image, format, profile).map(Some).map_err(|_| PictureRefused::NotAnImage)
}

fn encode(image: DynamicImage, format: Format, profile: Option<Vec<u8>>) -> ImageResult<Rendition> {
    let (bytes, kind) = match format {
        Format::WebP => (lossy_webp(image, WEBP_QUALITY, profile)?, PictureKind::WebP),
        Format::Plain if image.has_alpha() => {
            let mut bytes = Vec::new();
            write(&image, PngEncoder::new(&mut bytes), profile)?;
            (bytes, PictureKind::Png)
        }
        Format::Plain => {
            let mut bytes = Vec::new();
            write(&image, JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY), profile)?;
            (bytes, PictureKind::Jpeg)
        }
    };
    Ok(Rendition { bytes, kind })
}

/// With transparency only where some of it is seen.
fn eight_bits(image: DynamicImage) -> DynamicImage {
    let in_colour = image.color().has_color();
    if image.has_alpha() {
        let rgba = image.into_rgba8();
        if rgba.pixels().any(|pixel| pixel.0[3] < u8::MAX) {
            return DynamicImage::ImageRgba8(rgba);
        }
        let rgb = DynamicImage::ImageRgba8(rgba).into_rgb8();
        return if in_colour {
            DynamicImage::ImageRgb8(rgb)
        } else {
            DynamicImage::ImageLuma8(DynamicImage::ImageRgb8(rgb).into_luma8())
        };
    }
    if in_colour {
        DynamicImage::ImageRgb8(image.into_rgb8())
    } else {
        DynamicImage::ImageLuma8(image.into_luma8())
    }
}

/// Packs a picture as WebP with loss; the library `image` has none of that.
pub(super) fn lossy_webp(
    image: DynamicImage,
    quality: f32,
    profile: Option<Vec<u8>>,
) -> ImageResult<Vec<u8>> {
    let (width, height) = (image.width(), image.height());
    // WebP has no grey; a profile for it would now be wrong.
    let profile = profile::fitting(profile, true);
    let packed = if image.has_alpha() {
        let pixels = image.into_rgba8();
        ::webp::Encoder::from_rgba(&pixels, width, height).encode_simple(false, quality)
    } else {
        let pixels = image.into_rgb8();
        ::webp::Encoder::from_rgb(&pixels, width, height).encode_simple(false, quality)
    };
    let failed = |why: String| {
        ImageError::Encoding(EncodingError::new(ImageFormatHint::Exact(ImageFormat::WebP), why))
    };
    let packed = packed.map_err(|error| failed(format!("{error:?}")))?;
    match webp::read(&packed) {
        Ok(still) => Ok(still.write((width, height), profile.as_deref())),
        Err(refused) => Err(failed(refused.to_string())),
    }
}

/// `length * to / from`, rounded, at least 1.
fn scaled(length: u32, to: u32, from: u32) -> u32 {
    let (length, to, from) = (u64::from(length), u64::from(to), u64::from(from.max(1)));
    u32::try_from((length * to + from / 2) / from).unwrap_or(u32::MAX).max(1)
}
