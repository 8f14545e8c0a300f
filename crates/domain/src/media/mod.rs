//! Pictures: where one is kept, how large it is, who made it.

mod description;
mod focal_point;
mod name;
mod picture;

pub use description::{Description, Field, Given, MAX_ALT, MAX_CAPTION, MAX_CREDIT, Wrong};
pub use focal_point::FocalPoint;
pub use name::{UploadName, is_stored_name};
pub use picture::{MAX_PIXELS, MAX_SIDE, PictureKind, PictureRefused, check_size};

/// The key of an image in the library.
pub type ImageId = crate::Id<Image>;

/// Where an image's bytes are.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ImageSource {
    /// In our own store, under this file name below `/media/`; other sizes can be made of it.
    Stored(String),
    /// At another address, in the one size it has there.
    Remote(String),
}

/// The widths in pixels that our own images are offered in. Others are rounded up to the next of these.
pub const WIDTHS: [u32; 7] = [160, 320, 480, 640, 960, 1200, 1600];

/// A picture with what must be printed beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Its key.
    pub id: ImageId,
    /// Where its bytes are.
    pub source: ImageSource,
    /// Width of the original in pixels; `None` where it was never measured.
    pub width: Option<u32>,
    /// Height of the original in pixels; `None` where it was never measured.
    pub height: Option<u32>,
    /// What the picture shows, for those who do not see it; empty for mere decoration.
    pub alt: String,
    /// Who made it.
    pub credit: Option<String>,
    /// The text below it.
    pub caption: Option<String>,
    /// What must stay in sight where it is cropped.
    pub focal_point: Option<FocalPoint>,
    /// Whether it is the newsroom's own, so that nobody need be named.
    pub own_work: bool,
}

impl Image {
    /// The width offered for a wish of `wanted` pixels: the next of [`WIDTHS`], never above the original.
    /// `None`: the original itself, because it is no larger, was never measured, or is not ours.
    pub fn offered_width(&self, wanted: u32) -> Option<u32> {
        let (ImageSource::Stored(_), Some(own)) = (&self.source, self.width) else { return None };
        WIDTHS.into_iter().find(|&w| w >= wanted).filter(|&w| w < own)
    }

    /// The path or address of the image at about `wanted` pixels wide; `None`: the original.
    ///
    /// Own images give a path below `/media/`, others their full address.
    pub fn location(&self, wanted: Option<u32>) -> String {
        match (&self.source, wanted.and_then(|w| self.offered_width(w))) {
            (ImageSource::Remote(url), _) => url.clone(),
            (ImageSource::Stored(name), None) => format!("/media/{name}"),
            (ImageSource::Stored(name), Some(width)) => format!("/media/{width}/{name}"),
        }
    }

    /// Every width that [`Image::location`] can answer with, smallest first, the original's last. Empty where
    /// there is only one size.
    pub fn widths(&self) -> Vec<u32> {
        match (&self.source, self.width) {
            (ImageSource::Stored(_), Some(own)) => {
                WIDTHS.into_iter().filter(|&w| w < own).chain([own]).collect()
            }
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(width: Option<u32>) -> Image {
        Image {
            id: ImageId::from_stored(1),
            source: ImageSource::Stored("demo/port-dawn.jpg".into()),
            width,
            height: width.map(|w| w * 9 / 16),
            alt: String::new(),
            credit: None,
            caption: None,
            focal_point: None,
            own_work: false,
        }
    }

    #[test]
    fn a_wish_is_rounded_up_and_never_above_the_original() {
        let image = stored(Some(1000));
        assert_eq!(image.location(Some(600)), "/media/640/demo/port-dawn.jpg");
        assert_eq!(image.location(Some(999)), "/media/demo/port-dawn.jpg");
        assert_eq!(image.location(Some(4000)), "/media/demo/port-dawn.jpg");
        assert_eq!(image.widths(), [160, 320, 480, 640, 960, 1000]);
    }

    #[test]
    fn an_image_elsewhere_has_one_size() {
        let image =
            Image { source: ImageSource::Remote("https://example.org/a.jpg".into()), ..stored(Some(900)) };
        assert_eq!(image.location(Some(160)), "https://example.org/a.jpg");
        assert!(image.widths().is_empty());
    }
}
