//! What a file is, by how it begins. What it is called, or declared to be, is not asked.

use image::ImageFormat;
use masthead_domain::media::PictureRefused;

/// Beginnings of files that people send in good faith, or do not, with what to call them.
const OTHERS: [(&[u8], &str); 17] = [
    (b"%PDF-", "a PDF document"),
    (b"%!PS", "a PostScript document"),
    (b"PK\x03\x04", "an archive or an office document"),
    (b"Rar!", "an archive"),
    (b"7z\xbc\xaf\x27\x1c", "an archive"),
    (b"\x1f\x8b", "a compressed file"),
    (b"BM", "a BMP picture"),
    (b"II*\0", "a TIFF or raw picture"),
    (b"MM\0*", "a TIFF or raw picture"),
    (b"8BPS", "a Photoshop document"),
    (b"\0\0\x01\0", "an icon"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
    (b"\x1a\x45\xdf\xa3", "a video"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
];

/// How far into a text its first element is looked for.
const HEAD: usize = 4096;

/// The kind of picture, of the four that are taken.
pub(super) fn sniff(file: &[u8]) -> Result<ImageFormat, PictureRefused> {
    match file {
        [0xff, 0xd8, 0xff, ..] => Ok(ImageFormat::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(ImageFormat::Png),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Ok(ImageFormat::Gif),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(ImageFormat::WebP),
        [] => Err(PictureRefused::NotAnImage),
        _ => Err(PictureRefused::UnsupportedType(name_of(file))),
    }
}

fn name_of(file: &[u8]) -> Option<&'static str> {
    if let [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] = file {
        return Some(match brand.get(..4) {
            Some(b"avif" | b"avis") => "an AVIF picture",
            Some(b"heic" | b"heix" | b"hevc" | b"hevx" | b"mif1" | b"msf1") => "a HEIC picture",
            _ => "a video",
        });
    }
    if let Some((_, name)) = OTHERS.iter().find(|(beginning, _)| file.starts_with(beginning)) {
        return Some(name);
    }
    let head = String::from_utf8_lossy(file.get(..HEAD).unwrap_or(file)).to_ascii_lowercase();
    if head.contains("<svg") {
        Some("an SVG drawing")
    } else if head.contains("<html") || head.contains("<!doctype") || head.contains("<script") {
        Some("a web page")
    } else if head.trim_start_matches('\u{feff}').trim_start().starts_with("<?xml") {
        Some("an XML document")
    } else {
        None
    }
}
