//! Files as people send them, in good faith and in bad.

mod hostile;
mod kept;
mod renditions;

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageEncoder, ImageFormat, RgbImage, RgbaImage};

/// What must be found in no file that was cleaned.
pub(super) const SECRET: &[u8] = b"<script>secret()</script>";

/// Lying, 80 by 40: its left half white, its right half black.
pub(super) fn lying() -> RgbImage {
    RgbImage::from_fn(80, 40, |x, _| image::Rgb(if x < 40 { [255; 3] } else { [0; 3] }))
}

/// 64 by 48, of many colours.
pub(super) fn gradient() -> RgbImage {
    RgbImage::from_fn(64, 48, |x, y| image::Rgb([(x * 4) as u8, (y * 5) as u8, 90]))
}

/// Half of it is a hole.
pub(super) fn with_holes() -> RgbaImage {
    RgbaImage::from_fn(40, 40, |x, _| image::Rgba([200, 30, 30, if x < 20 { 0 } else { 255 }]))
}

pub(super) fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.into().write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

pub(super) fn jpeg(image: RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    DynamicImage::from(image).write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90)).unwrap();
    bytes
}

/// A JPEG with more segments behind its beginning.
pub(super) fn with_segments(jpeg: &[u8], segments: &[(u8, &[u8])]) -> Vec<u8> {
    let mut bytes = jpeg[..2].to_vec();
    for (marker, data) in segments {
        bytes.extend([0xff, *marker]);
        bytes.extend(u16::try_from(data.len() + 2).unwrap().to_be_bytes());
        bytes.extend(*data);
    }
    bytes.extend(&jpeg[2..]);
    bytes
}

/// A PNG with more chunks behind its header.
pub(super) fn with_chunks(png: &[u8], chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let header = 8 + 25;
    let mut bytes = png[..header].to_vec();
    for (kind, data) in chunks {
        bytes.extend(chunk(kind, data));
    }
    bytes.extend(&png[header..]);
    bytes
}

/// A chunk of a PNG: length, kind, data, checksum.
pub(super) fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    let checked = [&kind[..], data].concat();
    [&length[..], &checked, &crc32(&checked).to_be_bytes()].concat()
}

/// A WebP with more chunks behind its pixels, and a head that says so.
pub(super) fn with_riff_chunks(webp: &[u8], (w, h): (u8, u8), chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let flag = |kind: &[u8; 4], flag: u8| if chunks.iter().any(|chunk| chunk.0 == kind) { flag } else { 0 };
    let flags = flag(b"EXIF", 0b1000) | flag(b"XMP ", 0b0100);
    let mut body = b"WEBP".to_vec();
    body.extend(riff_chunk(b"VP8X", &[flags, 0, 0, 0, w - 1, 0, 0, h - 1, 0, 0]));
    body.extend(&webp[12..]);
    for (kind, data) in chunks {
        body.extend(riff_chunk(kind, data));
    }
    [b"RIFF", &u32::try_from(body.len()).unwrap().to_le_bytes()[..], &body].concat()
}

fn riff_chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let padding = vec![0; data.len() % 2];
    [kind, &u32::try_from(data.len()).unwrap().to_le_bytes()[..], data, &padding].concat()
}

/// An Exif block (TIFF, big-endian) that says how to turn the picture, who made the camera, and where it was.
pub(super) fn exif(orientation: u8) -> Vec<u8> {
    [
        &b"MM\0\x2a\0\0\0\x08\0\x03"[..],
        b"\x01\x0f\0\x02\0\0\0\x19\0\0\0\x32",
        b"\x01\x12\0\x03\0\0\0\x01\0",
        &[orientation],
        b"\0\0\x88\x25\0\x04\0\0\0\x01\0\0\0\x4c\0\0\0\0",
        SECRET,
        b"\0",
        b"\0\x02\0\x01\0\x02\0\0\0\x02N\0\0\0\0\x02\0\x05\0\0\0\x03\0\0\0\x6a\0\0\0\0",
        &GPS,
    ]
    .concat()
}

/// 33° 53′ 1234.567″.
pub(super) const GPS: [u8; 24] =
    [0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 53, 0, 0, 0, 1, 0, 0x12, 0xd6, 0x87, 0, 0, 3, 0xe8];

/// A colour profile by its head: its length, for which colours, and its signature.
pub(super) fn profile(colours: &[u8; 4]) -> Vec<u8> {
    let mut profile = vec![7; 200];
    profile[..4].copy_from_slice(&200_u32.to_be_bytes());
    profile[16..20].copy_from_slice(colours);
    profile[36..40].copy_from_slice(b"acsp");
    profile
}

pub(super) fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// CRC-32 as PNG has it.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

#[test]
fn the_exif_block_of_these_tests_is_sound() {
    let exif = exif(6);
    assert_eq!(&exif[0x32..0x32 + SECRET.len()], SECRET);
    assert_eq!(&exif[0x6a..], GPS);
    assert_eq!(
        image::metadata::Orientation::from_exif_chunk(&exif),
        Some(image::metadata::Orientation::Rotate90)
    );
}
