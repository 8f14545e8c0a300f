//! What stays of a picture: its pixels, upright, and its colours.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader};
use masthead_domain::media::PictureKind;

use super::super::clean;
use super::*;

/// A photograph for print, 8 by 8, all red.
const CMYK: &[u8] = b"\xff\xd8\xff\xee\0\x0eAdobe\0d\0\0\0\0\0\xff\xdb\0C\0\x10\x0b\x0c\x0e\x0c\x0a\x10\x0e\x0d\x0e\x12\x11\x10\
    \x13\x18(\x1a\x18\x16\x16\x181#%\x1d(:3=<9387@H\\N@DWE78PmQW_bghg>Mqypdx\\egc\xff\xc0\0\x14\x08\0\x08\0\
    \x08\x04C\x11\0M\x11\0Y\x11\0K\x11\0\xff\xc4\0\x1f\0\0\x01\x05\x01\x01\x01\x01\x01\x01\0\0\0\0\0\0\0\0\
    \x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\xff\xc4\0\xb5\x10\0\x02\x01\x03\x03\x02\x04\x03\x05\x05\x04\
    \x04\0\0\x01}\x01\x02\x03\0\x04\x11\x05\x12!1A\x06\x13Qa\x07\"q\x142\x81\x91\xa1\x08#B\xb1\xc1\x15R\xd1\
    \xf0$3br\x82\x09\x0a\x16\x17\x18\x19\x1a%&'()*456789:CDEFGHIJSTUVWXYZcdefghijstuvwxyz\x83\x84\x85\x86\x87\
    \x88\x89\x8a\x92\x93\x94\x95\x96\x97\x98\x99\x9a\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xb2\xb3\xb4\xb5\xb6\
    \xb7\xb8\xb9\xba\xc2\xc3\xc4\xc5\xc6\xc7\xc8\xc9\xca\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xd9\xda\xe1\xe2\xe3\xe4\
    \xe5\xe6\xe7\xe8\xe9\xea\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9\xfa\xff\xda\0\x0e\x04C\0M\0Y\0K\0\0?\0\xf4\
    \x0a\xf3\xfa\xf3\xfa\xf4\x0a\xff\xd9";

fn decoded(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory(bytes).unwrap()
}

fn profile_of(bytes: &[u8]) -> Option<Vec<u8>> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().unwrap();
    reader.into_decoder().unwrap().icc_profile().unwrap()
}

#[test]
fn a_picture_that_stands_upright_keeps_every_pixel() {
    for (format, kind) in [
        (ImageFormat::Jpeg, PictureKind::Jpeg),
        (ImageFormat::Png, PictureKind::Png),
        (ImageFormat::WebP, PictureKind::WebP),
    ] {
        let file = if format == ImageFormat::Jpeg { jpeg(gradient()) } else { encoded(gradient(), format) };
        let cleaned = clean(&file).unwrap();
        assert_eq!((cleaned.kind, cleaned.width, cleaned.height), (kind, 64, 48));
        assert_eq!(decoded(&cleaned.bytes), decoded(&file), "{kind:?}");
    }
    let holes = clean(&encoded(with_holes(), ImageFormat::WebP)).unwrap();
    assert_eq!(decoded(&holes.bytes).into_rgba8(), with_holes());
}

#[test]
fn a_picture_is_turned_before_what_says_so_is_removed() {
    for orientation in 1..=8 {
        let block = exif(orientation);
        let segment = [b"Exif\0\0", &block[..]].concat();
        let mut expected = DynamicImage::from(lying());
        expected.apply_orientation(Orientation::from_exif(orientation).unwrap());
        let webp = encoded(lying(), ImageFormat::WebP);
        let png = encoded(lying(), ImageFormat::Png);
        for file in [
            with_segments(&jpeg(lying()), &[(0xe1, &segment)]),
            with_riff_chunks(&webp, (80, 40), &[(b"EXIF", &block)]),
            with_chunks(&png, &[(b"eXIf", &block)]),
        ] {
            let cleaned = clean(&file).unwrap();
            assert_eq!((cleaned.width, cleaned.height), (expected.width(), expected.height()));
            let (found, expected) = (decoded(&cleaned.bytes).into_luma8(), expected.to_luma8());
            for (x, y) in [(5, 5), (cleaned.width - 5, 5), (5, cleaned.height - 5)] {
                let (found, expected) = (found.get_pixel(x, y).0[0], expected.get_pixel(x, y).0[0]);
                assert!(
                    found.abs_diff(expected) < 20,
                    "{orientation} {:?}: {found} {expected}",
                    cleaned.kind
                );
            }
            assert!(!holds(&cleaned.bytes, &GPS) && !holds(&cleaned.bytes, SECRET));
        }
    }
}

#[test]
fn a_lossy_webp_is_turned_too() {
    let packed = ::webp::Encoder::from_rgb(&lying(), 80, 40).encode(90.0);
    let cleaned = clean(&with_riff_chunks(&packed, (80, 40), &[(b"EXIF", &exif(6))])).unwrap();
    assert_eq!((cleaned.kind, cleaned.width, cleaned.height), (PictureKind::WebP, 40, 80));
    assert!(decoded(&cleaned.bytes).into_luma8().get_pixel(20, 5).0[0] > 230);
    assert!(cleaned.bytes.len() < 2_000 && holds(&cleaned.bytes, b"VP8 "), "with loss, as it was");
}

#[test]
fn a_colour_profile_stays_where_it_fits() {
    let photograph = DynamicImage::from(gradient());
    let grey = DynamicImage::from(photograph.to_luma8());
    for (image, colours, stays) in [
        (&photograph, b"RGB ", true),
        (&photograph, b"CMYK", false),
        (&photograph, b"GRAY", false),
        (&grey, b"GRAY", true),
    ] {
        let profile = profile(colours);
        let mut files = [Vec::new(), Vec::new(), Vec::new()];
        let [jpeg, png, webp] = &mut files;
        let mut encoder = JpegEncoder::new(jpeg);
        encoder.set_icc_profile(profile.clone()).unwrap();
        image.write_with_encoder(encoder).unwrap();
        let mut encoder = PngEncoder::new(png);
        encoder.set_icc_profile(profile.clone()).unwrap();
        image.write_with_encoder(encoder).unwrap();
        let mut encoder = WebPEncoder::new_lossless(webp);
        encoder.set_icc_profile(profile.clone()).unwrap();
        image.write_with_encoder(encoder).unwrap();
        for file in &files {
            assert_eq!(profile_of(file).as_ref(), Some(&profile));
            let cleaned = clean(file).unwrap();
            // WebP has no grey.
            let stays = stays && !(cleaned.kind == PictureKind::WebP && colours == b"GRAY");
            assert_eq!(
                profile_of(&cleaned.bytes),
                stays.then(|| profile.clone()),
                "{colours:?} {:?}",
                cleaned.kind
            );
        }
    }
}

#[test]
fn a_long_profile_comes_in_several_segments() {
    let mut long = profile(b"RGB ");
    long.resize(150_000, 9);
    long[..4].copy_from_slice(&150_000_u32.to_be_bytes());
    let mut file = Vec::new();
    let mut encoder = JpegEncoder::new(&mut file);
    encoder.set_icc_profile(long.clone()).unwrap();
    DynamicImage::from(gradient()).write_with_encoder(encoder).unwrap();
    let cleaned = clean(&file).unwrap();
    assert_eq!(profile_of(&cleaned.bytes), Some(long));
    assert_eq!(clean(&cleaned.bytes), Ok(cleaned));
}

#[test]
fn what_screens_do_not_show_is_packed_anew() {
    let cleaned = clean(CMYK).unwrap();
    assert_eq!((cleaned.kind, cleaned.width, cleaned.height), (PictureKind::Jpeg, 8, 8));
    let [red, green, blue] = decoded(&cleaned.bytes).into_rgb8().get_pixel(4, 4).0;
    assert!(red > 200 && green < 60 && blue < 60, "{red} {green} {blue}");

    let still = clean(&encoded(with_holes(), ImageFormat::Gif)).unwrap();
    assert_eq!((still.kind, still.width, still.height), (PictureKind::Png, 40, 40));
    assert_eq!(decoded(&still.bytes).into_rgba8().get_pixel(3, 3).0[3], 0, "holes stay holes");

    let deep =
        image::ImageBuffer::from_fn(30, 20, |x, y| image::Rgb([(x * 2_000) as u16, (y * 3_000) as u16, 9]));
    let file = encoded(DynamicImage::ImageRgb16(deep.clone()), ImageFormat::Png);
    assert_eq!(decoded(&clean(&file).unwrap().bytes), DynamicImage::ImageRgb16(deep), "sixteen bits stay");
}
