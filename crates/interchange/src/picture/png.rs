//! PNG files (W3C, third edition) as a row of chunks: those that the pixels and their colours need are kept byte for
//! byte, nothing else is.

use masthead_domain::media::PictureRefused;

use super::Parts;

const SIGNATURE: usize = 8;

/// The file without anything that is not needed for its pixels, and without whatever follows its end. The profile stays
/// where `keeps_profile` says so.
///
/// # Errors
/// The file is damaged or cut off, or moves.
pub(super) fn strip(file: &[u8], keeps_profile: bool) -> Result<Vec<u8>, PictureRefused> {
    walk(Parts(file), keeps_profile).unwrap_or(Err(PictureRefused::NotAnImage))
}

/// `None`: the file ends before its last chunk.
fn walk(mut file: Parts<'_>, keeps_profile: bool) -> Option<Result<Vec<u8>, PictureRefused>> {
    let mut out = Vec::with_capacity(file.0.len());
    out.extend(file.take(SIGNATURE)?);
    loop {
        let whole = file.0;
        let length = u32::from_be_bytes(file.array()?) as usize;
        let kind: [u8; 4] = file.array()?;
        let data = file.take(length)?;
        file.take(4)?;
        let kept = match &kind {
            b"IHDR" | b"IDAT" => true,
            b"IEND" => length == 0,
            b"PLTE" => length <= 768,
            b"tRNS" => length <= 256,
            b"gAMA" | b"cICP" => length == 4,
            b"cHRM" => length == 32,
            b"sRGB" => length == 1,
            b"iCCP" => keeps_profile,
            b"acTL" if data.first_chunk::<4>().is_some_and(|frames| u32::from_be_bytes(*frames) > 1) => {
                return Some(Err(PictureRefused::Animated));
            }
            // A letter in lower case says that the picture can be shown without.
            [first, ..] if first.is_ascii_lowercase() => false,
            _ => return Some(Err(PictureRefused::NotAnImage)),
        };
        if kept {
            out.extend(whole.get(..length + 12)?);
        }
        if &kind == b"IEND" {
            return Some(if kept { Ok(out) } else { Err(PictureRefused::NotAnImage) });
        }
    }
}
