//! Which files are taken as pictures, and how large they may be. How one is read is not known here.

use thiserror::Error;

/// Most pixels of an original, a little above what the largest cameras of newsrooms take. Such a one is unpacked in
/// 200 MB.
pub const MAX_PIXELS: u64 = 64_000_000;
/// Longest side of an original, in pixels.
pub const MAX_SIDE: u32 = 16_384;

/// What a stored picture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PictureKind {
    /// Photographs.
    Jpeg,
    /// Drawings, and what has holes.
    Png,
    /// Either.
    WebP,
}

impl PictureKind {
    /// By the ending of a name; `None`: no picture that is stored.
    pub fn of_name(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1 {
            "jpg" | "jpeg" => Some(Self::Jpeg),
            "png" => Some(Self::Png),
            "webp" => Some(Self::WebP),
            _ => None,
        }
    }

    /// The ending of a name.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
        }
    }

    /// The media type.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }
}

/// Why a file is not taken as a picture. Fit to be shown to whoever sent it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PictureRefused {
    /// It is something else, which may be known.
    #[error(
        "This file is {}: pictures are taken as JPEG, PNG, WebP, or GIF that does not move. What a file is called does not matter.",
        .0.unwrap_or("none of the kinds that are taken")
    )]
    UnsupportedType(Option<&'static str>),
    /// It moves.
    #[error("This picture is animated: only still pictures are taken.")]
    Animated,
    /// It has too many bytes.
    #[error("The file has more than {max} bytes, which is the most that is taken.")]
    TooLarge {
        /// The limit in bytes.
        max: u64,
    },
    /// It has too many pixels, said before any of them is unpacked.
    #[error(
        "The picture has {width} by {height} pixels: at most {MAX_SIDE} on a side and {MAX_PIXELS} in all are taken."
    )]
    TooManyPixels {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
    },
    /// It begins as a picture, and is none: cut off, damaged or made up.
    #[error("This is no sound picture: the file is damaged, cut off, or something else in disguise.")]
    NotAnImage,
}

/// Whether a picture of this size may be unpacked.
pub const fn check_size(width: u32, height: u32) -> Result<(), PictureRefused> {
    if width == 0 || height == 0 {
        return Err(PictureRefused::NotAnImage);
    }
    // Widened without `From`, which is not const.
    if width > MAX_SIDE || height > MAX_SIDE || width as u64 * height as u64 > MAX_PIXELS {
        return Err(PictureRefused::TooManyPixels { width, height });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_within_its_sides_and_its_pixels() {
        for (width, height) in [(1, 1), (16_384, 3_906), (8_000, 8_000), (1, 16_384)] {
            assert_eq!(check_size(width, height), Ok(()), "{width} {height}");
        }
        for (width, height) in [(16_385, 1), (1, 16_385), (8_001, 8_000), (u32::MAX, u32::MAX)] {
            assert_eq!(check_size(width, height), Err(PictureRefused::TooManyPixels { width, height }));
        }
        assert_eq!(check_size(0, 5), Err(PictureRefused::NotAnImage));
    }
}
