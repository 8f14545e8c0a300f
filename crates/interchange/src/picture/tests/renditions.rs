//! Smaller pictures.

use image::{DynamicImage, GrayImage, ImageFormat};
use masthead_domain::media::{PictureKind, PictureRefused};

use super::super::{Format, Rendition, rendition};
use super::*;

fn made(file: &[u8], width: u32, format: Format) -> (Rendition, DynamicImage) {
    let made = rendition(file, width, format).unwrap().unwrap();
    let image = image::load_from_memory(&made.bytes).unwrap();
    (made, image)
}

#[test]
fn a_picture_comes_in_the_kind_that_is_taken_and_holes_stay_holes() {
    let photograph = jpeg(gradient());
    let sign = encoded(with_holes(), ImageFormat::Png);
    let full = encoded(DynamicImage::from(gradient()).into_rgba8(), ImageFormat::Png);
    let grey = encoded(GrayImage::from_pixel(50, 50, image::Luma([77])), ImageFormat::Png);
    let deep = DynamicImage::from(gradient()).into_rgb16();
    let deep = encoded(DynamicImage::ImageRgb16(deep), ImageFormat::Png);
    for (file, format, kind) in [
        (&photograph, Format::WebP, PictureKind::WebP),
        (&photograph, Format::Plain, PictureKind::Jpeg),
        (&sign, Format::WebP, PictureKind::WebP),
        (&sign, Format::Plain, PictureKind::Png),
        (&full, Format::WebP, PictureKind::WebP),
        (&full, Format::Plain, PictureKind::Jpeg),
        (&grey, Format::WebP, PictureKind::WebP),
        (&grey, Format::Plain, PictureKind::Jpeg),
        (&deep, Format::WebP, PictureKind::WebP),
        (&deep, Format::Plain, PictureKind::Jpeg),
    ] {
        let (made, image) = made(file, 20, format);
        assert_eq!((made.kind, image.width()), (kind, 20));
        let begins: &[u8] = match kind {
            PictureKind::Jpeg => b"\xff\xd8\xff",
            PictureKind::Png => b"\x89PNG",
            PictureKind::WebP => b"RIFF",
        };
        assert!(made.bytes.starts_with(begins));
        if std::ptr::eq(file, &sign) {
            let image = image.into_rgba8();
            assert!(image.get_pixel(3, 10).0[3] < 20 && image.get_pixel(17, 10).0[3] > 235, "{kind:?}");
        }
    }
}

#[test]
fn a_picture_is_never_made_larger() {
    let file = jpeg(gradient());
    for (width, is_made) in [(63, true), (64, false), (65, false), (4_000, false)] {
        for format in [Format::WebP, Format::Plain] {
            assert_eq!(rendition(&file, width, format).unwrap().is_some(), is_made, "{width}");
        }
    }
}

#[test]
fn a_picture_that_was_put_there_as_it_came_is_turned_upright_and_loses_what_its_camera_wrote() {
    let segment = [b"Exif\0\0", &exif(6)[..]].concat();
    let photograph = with_segments(&jpeg(lying()), &[(0xe1, &segment)]);
    for format in [Format::WebP, Format::Plain] {
        let (made, image) = made(&photograph, 20, format);
        assert_eq!((image.width(), image.height()), (20, 40));
        let upright = image.into_luma8();
        assert!(upright.get_pixel(10, 5).0[0] > 240 && upright.get_pixel(10, 35).0[0] < 15);
        assert!(!holds(&made.bytes, SECRET) && !holds(&made.bytes, &GPS));
        assert_eq!(rendition(&photograph, 40, format), Ok(None), "upright it is 40 wide");
    }
}

#[test]
fn colours_stay_right() {
    let profile = profile(b"RGB ");
    let mut file = Vec::new();
    let mut encoder = JpegEncoder::new(&mut file);
    encoder.set_icc_profile(profile.clone()).unwrap();
    DynamicImage::from(gradient()).write_with_encoder(encoder).unwrap();
    for format in [Format::WebP, Format::Plain] {
        assert!(holds(&made(&file, 20, format).0.bytes, &profile), "{format:?}");
    }
}

#[test]
fn what_cannot_be_unpacked_is_refused() {
    let side = 16_000_u32.to_be_bytes();
    let header = [&side[..], &side, &[8, 6, 0, 0, 0]].concat();
    let bomb = [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"IHDR", &header), &chunk(b"IDAT", b"\x78\x9c")].concat();
    let refused = rendition(&bomb, 160, Format::WebP);
    assert_eq!(refused, Err(PictureRefused::TooManyPixels { width: 16_000, height: 16_000 }));
    assert_eq!(
        rendition(b"\xff\xd8\xff\xe0 no picture", 160, Format::Plain),
        Err(PictureRefused::NotAnImage)
    );
}
