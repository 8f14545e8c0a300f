//! Making a picture smaller. Bytes in, bytes out: it must not know of files or requests.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::error::{LimitError, LimitErrorKind};
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageError, ImageReader, ImageResult, Limits};

/// Most pixels of an original, a little above what the largest cameras of newsrooms take. Such a one is unpacked in
/// 200 MB.
const MAX_PIXELS: u64 = 64_000_000;
/// Most bytes that unpacking may take.
const MAX_MEMORY: u64 = 300_000_000;
/// Longest side of an original.
const MAX_SIDE: u32 = 16_384;
/// Of 100; what photographs bear without a difference that readers see.
const JPEG_QUALITY: u8 = 82;

/// What a picture is, by the ending of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Jpeg,
    Png,
    WebP,
}

impl Ending {
    /// `None`: no picture that is served.
    pub(super) fn of(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1 {
            "jpg" | "jpeg" => Some(Self::Jpeg),
            "png" => Some(Self::Png),
            "webp" => Some(Self::WebP),
            _ => None,
        }
    }

    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }
}

/// The picture at `width` pixels, upright, as a file of the kind that its ending says: JPEG, or PNG and WebP without
/// loss. `None`: it is no wider than that. Fails where it is too large to be unpacked, or none of the three kinds.
///
/// Colour profiles are kept, everything else that is written into a picture file (place, camera, name) is not.
pub(super) fn resize(original: &[u8], ending: Ending, width: u32) -> ImageResult<Option<Vec<u8>>> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    let mut reader = ImageReader::new(Cursor::new(original)).with_guessed_format()?;
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    let (stored_width, stored_height) = decoder.dimensions();
    if u64::from(stored_width) * u64::from(stored_height) > MAX_PIXELS {
        return Err(ImageError::Limits(LimitError::from_kind(LimitErrorKind::DimensionError)));
    }
    limits.reserve(decoder.total_bytes())?;

    let orientation = decoder.orientation()?;
    let turned = matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    );
    let (own_width, own_height) =
        if turned { (stored_height, stored_width) } else { (stored_width, stored_height) };
    if width >= own_width {
        return Ok(None);
    }
    let height = scaled(own_height, width, own_width);
    let profile = decoder.icc_profile()?;
    let image = DynamicImage::from_decoder(decoder)?;
    // Smaller first: turning is then cheap.
    let (w, h) = if turned { (height, width) } else { (width, height) };
    let mut image = image.resize_exact(w, h, FilterType::Lanczos3);
    image.apply_orientation(orientation);

    let mut out = Vec::new();
    match ending {
        Ending::Jpeg => write(&image, JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY), profile)?,
        Ending::Png => write(&image, PngEncoder::new(&mut out), profile)?,
        Ending::WebP => write(&image, WebPEncoder::new_lossless(&mut out), profile)?,
    }
    Ok(Some(out))
}

fn write(image: &DynamicImage, mut encoder: impl ImageEncoder, profile: Option<Vec<u8>>) -> ImageResult<()> {
    // The profile of a picture whose colours were of another kind (CMYK) would now be wrong: ICC.1, 7.2.6.
    let colours: &[u8] = if image.color().has_color() { b"RGB " } else { b"GRAY" };
    if let Some(profile) = profile.filter(|profile| profile.get(16..20) == Some(colours)) {
        // An encoder that cannot keep it writes the picture without.
        drop(encoder.set_icc_profile(profile));
    }
    image.write_with_encoder(encoder)
}

/// `length * to / from`, rounded, at least 1.
fn scaled(length: u32, to: u32, from: u32) -> u32 {
    let (length, to, from) = (u64::from(length), u64::from(to), u64::from(from.max(1)));
    u32::try_from((length * to + from / 2) / from).unwrap_or(u32::MAX).max(1)
}
