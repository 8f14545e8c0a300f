//! WebP files (RFC 9649) as a row of chunks: pixels, their transparency and their profile are kept, nothing else is.
//! Also wraps pixels that the encoder gives without a profile.

use masthead_domain::media::PictureRefused;

use super::Parts;

const HAS_PROFILE: u8 = 0b0010_0000;
const HAS_ALPHA: u8 = 0b0001_0000;
const MOVES: u8 = 0b0000_0010;

/// The chunks of a still picture.
#[derive(Clone, Copy)]
pub(super) struct Still<'a> {
    /// Transparency, where it is apart from the pixels.
    alpha: Option<&'a [u8]>,
    /// `VP8 ` or `VP8L`.
    kind: [u8; 4],
    pixels: &'a [u8],
    /// Whether the file says that it has transparency.
    is_transparent: bool,
}

/// Reads all chunks.
///
/// # Errors
/// The file is damaged or cut off, or moves.
pub(super) fn read(file: &[u8]) -> Result<Still<'_>, PictureRefused> {
    walk(Parts(file)).unwrap_or(Err(PictureRefused::NotAnImage))
}

impl Still<'_> {
    /// Whether the pixels are kept without loss.
    pub(super) fn is_lossless(&self) -> bool {
        &self.kind == b"VP8L"
    }

    /// The file of these chunks and nothing else, of this size in pixels, with a profile.
    pub(super) fn write(&self, (width, height): (u32, u32), profile: Option<&[u8]>) -> Vec<u8> {
        let mut chunks = Vec::with_capacity(self.pixels.len() + 64);
        if profile.is_some() || self.alpha.is_some() {
            let mut flags = if profile.is_some() { HAS_PROFILE } else { 0 };
            flags |= if self.alpha.is_some() || self.is_transparent { HAS_ALPHA } else { 0 };
            let size = |pixels: u32| pixels.saturating_sub(1).to_le_bytes();
            let (w, h) = (size(width), size(height));
            chunk(&mut chunks, b"VP8X", &[flags, 0, 0, 0, w[0], w[1], w[2], h[0], h[1], h[2]]);
            if let Some(profile) = profile {
                chunk(&mut chunks, b"ICCP", profile);
            }
            if let Some(alpha) = self.alpha {
                chunk(&mut chunks, b"ALPH", alpha);
            }
        }
        chunk(&mut chunks, &self.kind, self.pixels);
        let mut file = Vec::with_capacity(chunks.len() + 12);
        file.extend(b"RIFF");
        file.extend(u32::try_from(chunks.len() + 4).unwrap_or(u32::MAX).to_le_bytes());
        file.extend(b"WEBP");
        file.extend(chunks);
        file
    }
}

/// `None`: the file ends within a chunk.
fn walk<'a>(mut file: Parts<'a>) -> Option<Result<Still<'a>, PictureRefused>> {
    file.take(4)?;
    let length = u32::from_le_bytes(file.array()?) as usize;
    let mut chunks = Parts(file.take(length)?);
    chunks.take(4)?;
    let (mut flags, mut alpha, mut pixels) = (0, None, None);
    while !chunks.0.is_empty() {
        let kind: [u8; 4] = chunks.array()?;
        let length = u32::from_le_bytes(chunks.array()?) as usize;
        let data = chunks.take(length)?;
        // Some writers leave out the last chunk's filling.
        if length % 2 == 1 && !chunks.0.is_empty() {
            chunks.take(1)?;
        }
        match &kind {
            b"VP8X" => flags = *data.first()?,
            b"ANIM" | b"ANMF" => return Some(Err(PictureRefused::Animated)),
            b"ALPH" if alpha.is_none() && pixels.is_none() => alpha = Some(data),
            b"VP8 " | b"VP8L" if pixels.is_none() => pixels = Some((kind, data)),
            _ => {}
        }
    }
    if flags & MOVES != 0 {
        return Some(Err(PictureRefused::Animated));
    }
    let (kind, pixels) = pixels?;
    // Lossless pixels have their transparency with them.
    let alpha = alpha.filter(|_| &kind == b"VP8 ");
    Some(Ok(Still { alpha, kind, pixels, is_transparent: flags & HAS_ALPHA != 0 }))
}

fn chunk(out: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    out.extend(kind);
    out.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend(data);
    if data.len() % 2 == 1 {
        out.push(0);
    }
}
