//! JPEG files (ITU-T T.81) as a row of segments: those that the pixels need are kept byte for byte, nothing else is.

use masthead_domain::media::PictureRefused;

use super::Parts;

/// Longest segments of tables that any decoder has a use for.
const LONGEST_TABLES: usize = 4096;
/// Bytes of a profile in one segment.
const PROFILE_PART: usize = 65_519;
const PROFILE_NAME: &[u8] = b"ICC_PROFILE\0";
/// A JFIF header of one pixel an inch each way, without a thumbnail: only that it is there has a meaning (the colours
/// are YCbCr).
const JFIF: [u8; 18] = *b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00";

/// A JPEG without anything that is not needed for its pixels; without its profile too.
pub(super) struct Stripped {
    bytes: Vec<u8>,
    /// Where a profile goes.
    profile_at: usize,
    /// One for grey, three for colours, four for print.
    pub(super) components: u8,
}

/// Reads all segments and keeps what is needed.
///
/// # Errors
/// The file is damaged, cut off, or of a kind that browsers do not show.
pub(super) fn strip(file: &[u8]) -> Result<Stripped, PictureRefused> {
    walk(Parts(file)).unwrap_or(Err(PictureRefused::NotAnImage))
}

impl Stripped {
    /// The file, with a profile.
    pub(super) fn with_profile(mut self, profile: Option<&[u8]>) -> Vec<u8> {
        let Some(profile) = profile else { return self.bytes };
        let parts: Vec<_> = profile.chunks(PROFILE_PART).collect();
        let Ok(count) = u8::try_from(parts.len()) else { return self.bytes };
        let mut segments = Vec::with_capacity(profile.len() + parts.len() * 18);
        for (n, part) in (1..=count).zip(parts) {
            let length = u16::try_from(2 + PROFILE_NAME.len() + 2 + part.len()).unwrap_or(u16::MAX);
            segments.extend([0xff, 0xe2]);
            segments.extend(length.to_be_bytes());
            segments.extend(PROFILE_NAME);
            segments.extend([n, count]);
            segments.extend(part);
        }
        self.bytes.splice(self.profile_at..self.profile_at, segments);
        self.bytes
    }
}

/// `None`: the file ends before its end marker.
fn walk(mut file: Parts<'_>) -> Option<Result<Stripped, PictureRefused>> {
    let mut out = Vec::with_capacity(file.0.len());
    out.extend(file.take(2)?);
    let (mut components, mut scans, mut has_jfif, mut has_adobe) = (None, 0, false, false);
    let mut profile_at = out.len();
    loop {
        let marker = marker(&mut file)?;
        if marker == 0xd9 {
            out.extend([0xff, marker]);
            break;
        }
        if matches!(marker, 0x00 | 0x01 | 0xd0..=0xd8) {
            return Some(Err(PictureRefused::NotAnImage));
        }
        let length = usize::from(u16::from_be_bytes(file.array()?));
        let data = file.take(length.checked_sub(2)?)?;
        match marker {
            0xe0 if data.starts_with(b"JFIF\0") && !has_jfif && scans == 0 => {
                has_jfif = true;
                out.splice(2..2, JFIF);
                profile_at = 2 + JFIF.len();
            }
            // Says in which colours the components are; behind the first twelve bytes there is nothing to say.
            0xee if data.starts_with(b"Adobe") && data.len() >= 12 && !has_adobe && scans == 0 => {
                has_adobe = true;
                segment(&mut out, marker, &data[..12]);
            }
            0xe0..=0xfe => {}
            0xdb | 0xc4 | 0xdd if data.len() <= LONGEST_TABLES => segment(&mut out, marker, data),
            0xc0..=0xc2 if components.is_none() => {
                let (count, rest) = data.get(5..)?.split_first()?;
                if rest.len() != usize::from(*count) * 3 || !matches!(count, 1 | 3 | 4) {
                    return Some(Err(PictureRefused::NotAnImage));
                }
                components = Some(*count);
                segment(&mut out, marker, data);
            }
            0xda if components.is_some() && data.len() <= 12 => {
                scans += 1;
                segment(&mut out, marker, data);
                out.extend(scan(&mut file)?);
            }
            // Lossless, hierarchical and arithmetic coding: no browser shows them.
            0xc3 | 0xc5..=0xcf | 0xde | 0xdf => {
                return Some(Err(PictureRefused::UnsupportedType(Some(
                    "a JPEG of a kind that browsers do not show",
                ))));
            }
            _ => return Some(Err(PictureRefused::NotAnImage)),
        }
    }
    let components = components.filter(|_| scans > 0)?;
    Some(Ok(Stripped { bytes: out, profile_at, components }))
}

/// The next marker, with the bytes that may fill the space before it.
fn marker(file: &mut Parts<'_>) -> Option<u8> {
    if file.byte()? != 0xff {
        return None;
    }
    loop {
        match file.byte()? {
            0xff => {}
            marker => return Some(marker),
        }
    }
}

fn segment(out: &mut Vec<u8>, marker: u8, data: &[u8]) {
    out.extend([0xff, marker]);
    // It came from a segment, whose length has two bytes.
    out.extend(u16::try_from(data.len() + 2).unwrap_or(u16::MAX).to_be_bytes());
    out.extend(data);
}

/// The coded pixels up to the next marker that does not belong to them.
fn scan<'a>(file: &mut Parts<'a>) -> Option<&'a [u8]> {
    let mut at = 0;
    loop {
        at += memchr::memchr(0xff, file.0.get(at..)?)?;
        match file.0.get(at + 1)? {
            0x00 | 0xd0..=0xd7 => at += 2,
            _ => return file.take(at),
        }
    }
}
