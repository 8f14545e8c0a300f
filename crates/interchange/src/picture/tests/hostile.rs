//! What is refused, and what is left of the rest.

use image::codecs::gif::GifEncoder;
use image::{Delay, Frame, ImageFormat};
use masthead_domain::media::PictureRefused as Refused;
use proptest::prelude::*;

use super::super::clean;
use super::*;

/// A WebP of two frames, 4 by 4.
const MOVING_WEBP: &[u8] = b"RIFF\xb6\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\x03\0\0\x03\0\0ANIM\x06\0\0\0\0\0\0\0\0\0ANMF@\0\0\0\0\0\0\0\0\
    \0\x03\0\0\x03\0\0d\0\0\x02VP8\x20(\0\0\x000\x01\0\x9d\x01*\x04\0\x04\0\x07@\x96%\xa0\0\x03p\0\xfe\xe5\x0a\
    \xff\xe0\xdc\x8d\xbe[\xbf\xff\xe3x\xff%\xdf\xdb\xbe\xca\0\0ANMFB\0\0\0\0\0\0\0\0\0\x03\0\0\x03\0\0d\0\0\0\
    VP8\x20*\0\0\x004\x01\0\x9d\x01*\x04\0\x04\0\0\0\x96%\xa0\0\x03p\0\xfe\xc0\xcf\xff\xf5\xb7\xd1_\xbd\xb2\x83\
    \xff\xfe\x15\xaf\xe5k\xf9Z\xb7\xc0\0\0";

fn moving_gif() -> Vec<u8> {
    let mut bytes = Vec::new();
    let frame = |shade| {
        let image = RgbaImage::from_pixel(4, 4, image::Rgba([shade, 0, 0, 255]));
        Frame::from_parts(image, 0, 0, Delay::from_numer_denom_ms(100, 1))
    };
    GifEncoder::new(&mut bytes).encode_frames([frame(0), frame(255)]).unwrap();
    bytes
}

/// A JPEG whose head says that it has this size, and whose pixels are those of a small one.
fn jpeg_that_says(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = jpeg(gradient());
    let at = bytes.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
    bytes[at + 5..at + 7].copy_from_slice(&height.to_be_bytes());
    bytes[at + 7..at + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

fn png_that_says(width: u32, height: u32, depth: u8) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[depth, 6, 0, 0, 0]].concat();
    let (head, data) = (chunk(b"IHDR", &header), chunk(b"IDAT", b"\x78\x9c"));
    [&b"\x89PNG\r\n\x1a\n"[..], &head, &data, &chunk(b"IEND", b"")].concat()
}

#[test]
fn what_is_no_picture_is_refused_whatever_it_is_called() {
    let bmp = encoded_bmp();
    for (file, what) in [
        (&b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"[..], Some("an SVG drawing")),
        (b"\xef\xbb\xbf<?xml version='1.0'?><!-- x --><svg/>", Some("an SVG drawing")),
        (b"<?xml version='1.0'?><rss/>", Some("an XML document")),
        (b"<!DOCTYPE html><p>", Some("a web page")),
        (b"  <script>alert(1)</script>", Some("a web page")),
        (b"%PDF-1.7 \xff\xd8\xff", Some("a PDF document")),
        (b"PK\x03\x04....[Content_Types].xml", Some("an archive or an office document")),
        (b"%!PS-Adobe-3.0 EPSF-3.0", Some("a PostScript document")),
        (b"\0\0\0\x18ftypheic\0\0\0\0", Some("a HEIC picture")),
        (b"\0\0\0\x18ftypavif\0\0\0\0", Some("an AVIF picture")),
        (b"\0\0\0\x18ftypisom\0\0\0\0", Some("a video")),
        (b"II*\0\x08\0\0\0", Some("a TIFF or raw picture")),
        (&bmp, Some("a BMP picture")),
        (b"\x7fELF\x02\x01\x01", Some("a program")),
        (b"hello", None),
        // One byte is not enough to be taken for what it would be.
        (b"\x00\xff\xd8\xff\xe0", None),
    ] {
        assert_eq!(clean(file), Err(Refused::UnsupportedType(what)), "{:?}", String::from_utf8_lossy(file));
    }
}

fn encoded_bmp() -> Vec<u8> {
    [&b"BM"[..], &[0; 64]].concat()
}

#[test]
fn what_only_begins_as_a_picture_is_refused() {
    let (jpeg, png) = (jpeg(gradient()), encoded(gradient(), ImageFormat::Png));
    let webp = encoded(gradient(), ImageFormat::WebP);
    let page = b"<html><script>alert(1)</script></html>";
    let cut = |bytes: &[u8], part: usize| bytes[..bytes.len() * part / 10].to_vec();
    for (what, file) in [
        ("nothing", Vec::new()),
        ("a JPEG's first bytes", b"\xff\xd8\xff".to_vec()),
        ("a JPEG's first bytes and a page", [&b"\xff\xd8\xff"[..], page].concat()),
        ("a JPEG cut off in its pixels", cut(&jpeg, 7)),
        ("a JPEG cut off in its tables", cut(&jpeg, 2)),
        ("a JPEG without its end", jpeg[..jpeg.len() - 2].to_vec()),
        ("a JPEG without pixels", [&jpeg[..20], b"\xff\xd9"].concat()),
        ("a GIF's first bytes and a page", [&b"GIF89a\x04\0\x04\0\0\0\0"[..], page].concat()),
        ("a PNG cut off in its pixels", cut(&png, 7)),
        ("a PNG without its end", png[..png.len() - 12].to_vec()),
        ("a PNG's first bytes and a page", [&b"\x89PNG\r\n\x1a\n"[..], page].concat()),
        ("a PNG with a chunk that nobody knows and all must", with_chunks(&png, &[(b"ABCD", SECRET)])),
        ("a WebP cut off", cut(&webp, 7)),
        ("a WebP's first bytes and a page", [&b"RIFF\x40\0\0\0WEBP"[..], page].concat()),
        ("a PNG of no width", png_that_says(0, 10, 8)),
    ] {
        assert_eq!(clean(&file), Err(Refused::NotAnImage), "{what}");
    }
    assert!(clean(&[&b"GIF89a/*"[..], page, b"*/"].concat()).is_err());
}

#[test]
fn what_would_unpack_to_too_much_is_refused_before_it_is_unpacked() {
    let gif = |w: [u8; 2], h: [u8; 2]| [&b"GIF89a"[..], &w, &h, b"\0\0\0;"].concat();
    for (file, width, height) in [
        (png_that_says(16_000, 16_000, 8), 16_000, 16_000),
        (png_that_says(100_000, 1, 8), 100_000, 1),
        (png_that_says(200_000, 200_000, 8), 200_000, 200_000),
        // Within the pixels, and each of them takes eight bytes.
        (png_that_says(8_000, 8_000, 16), 8_000, 8_000),
        (jpeg_that_says(65_500, 65_500), 65_500, 65_500),
        (jpeg_that_says(9_000, 9_000), 9_000, 9_000),
    ] {
        assert_eq!(clean(&file), Err(Refused::TooManyPixels { width, height }), "{width} {height}");
    }
    assert!(clean(&png_that_says(0x7fff_ffff, 0x7fff_ffff, 8)).is_err());
    assert!(clean(&gif([0xff, 0xff], [0xff, 0xff])).is_err());
}

#[test]
fn what_moves_is_refused() {
    let png = encoded(gradient(), ImageFormat::Png);
    let moving_png = with_chunks(&png, &[(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0])]);
    for file in [moving_gif(), moving_png, MOVING_WEBP.to_vec()] {
        assert_eq!(clean(&file), Err(Refused::Animated));
    }
}

#[test]
fn whatever_is_hidden_in_a_picture_is_gone() {
    let (plain_jpeg, png) = (jpeg(gradient()), encoded(gradient(), ImageFormat::Png));
    let (webp, gif) = (encoded(gradient(), ImageFormat::WebP), encoded(with_holes(), ImageFormat::Gif));
    let behind = |file: &[u8]| [file, b"\xff\xd9PK\x03\x04", SECRET].concat();
    let xmp = [b"http://ns.adobe.com/xap/1.0/\0", SECRET].concat();
    let exif_segment = [b"Exif\0\0", &exif(1)[..]].concat();
    let jfif_with_thumbnail = [&b"JFIF\0\x01\x02\0\0\x01\0\x01\x02\x04"[..], SECRET].concat();
    let adobe = [&b"Adobe\0\x64\0\0\0\0\x01"[..], SECRET].concat();
    let false_profile = [&b"ICC_PROFILE\0\x01\x01"[..], SECRET].concat();
    for (what, file) in [
        ("JPEG, behind its end", behind(&plain_jpeg)),
        ("JPEG, comment", with_segments(&plain_jpeg, &[(0xfe, SECRET)])),
        ("JPEG, XMP", with_segments(&plain_jpeg, &[(0xe1, &xmp)])),
        ("JPEG, Exif with GPS", with_segments(&plain_jpeg, &[(0xe1, &exif_segment)])),
        ("JPEG, thumbnail", with_segments(&plain_jpeg, &[(0xe0, &jfif_with_thumbnail)])),
        ("JPEG, behind Adobe's twelve bytes", with_segments(&plain_jpeg, &[(0xee, &adobe)])),
        ("JPEG, Photoshop", with_segments(&plain_jpeg, &[(0xed, SECRET)])),
        ("JPEG, a profile that is none", with_segments(&plain_jpeg, &[(0xe2, &false_profile)])),
        ("JPEG, reserved", with_segments(&plain_jpeg, &[(0xf0, SECRET)])),
        ("PNG, behind its end", behind(&png)),
        ("PNG, text", with_chunks(&png, &[(b"tEXt", SECRET), (b"iTXt", SECRET), (b"zTXt", SECRET)])),
        ("PNG, Exif", with_chunks(&png, &[(b"eXIf", &exif(1))])),
        ("PNG, private", with_chunks(&png, &[(b"prVt", SECRET)])),
        ("PNG, a gamma too long", with_chunks(&png, &[(b"cHRM", SECRET)])),
        ("WebP, behind its end", behind(&webp)),
        ("WebP, Exif and XMP", with_riff_chunks(&webp, (64, 48), &[(b"EXIF", &exif(1)), (b"XMP ", SECRET)])),
        ("WebP, unknown", with_riff_chunks(&webp, (64, 48), &[(b"ABCD", SECRET)])),
        ("GIF, behind its end", behind(&gif)),
    ] {
        assert!(holds(&file, SECRET), "{what}");
        let cleaned = clean(&file).unwrap_or_else(|refused| panic!("{what}: {refused}"));
        for needle in [SECRET, &GPS, b"Exif", b"PK\x03\x04"] {
            assert!(!holds(&cleaned.bytes, needle), "{what}");
        }
        let decoded = image::load_from_memory(&cleaned.bytes).unwrap();
        assert_eq!((decoded.width(), decoded.height()), (cleaned.width, cleaned.height), "{what}");
        assert_eq!(clean(&cleaned.bytes), Ok(cleaned), "{what}: what is clean stays as it is");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn no_damage_makes_it_stumble(
        which in 0..4_usize,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let small = image::imageops::thumbnail(&gradient(), 16, 12);
        let mut file = match which {
            0 => jpeg(small),
            1 => encoded(small, ImageFormat::Png),
            2 => encoded(small, ImageFormat::WebP),
            _ => encoded(small, ImageFormat::Gif),
        };
        for (at, byte) in damage {
            let at = at.index(file.len());
            file[at] = byte;
        }
        file.truncate(file.len() / 2 + cut.index(file.len()));
        if let Ok(cleaned) = clean(&file) {
            prop_assert_eq!(clean(&cleaned.bytes), Ok(cleaned));
        }
    }
}
