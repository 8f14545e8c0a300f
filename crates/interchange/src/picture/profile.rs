//! Colour profiles (ICC.1): the only thing besides its pixels that a picture keeps, because its colours are wrong
//! without.

/// Longest profile that is kept. Those of cameras, screens and phones have less than a hundredth of it.
const MAX_BYTES: usize = 1024 * 1024;

/// The profile, where it is one for colours of this kind. One for others (CMYK) would now be wrong (ICC.1, 7.2.6), and
/// what is none could be anything.
pub(super) fn fitting(profile: Option<Vec<u8>>, in_colour: bool) -> Option<Vec<u8>> {
    let colours: &[u8] = if in_colour { b"RGB " } else { b"GRAY" };
    profile.filter(|profile| {
        let length = profile.first_chunk::<4>().map(|length| u32::from_be_bytes(*length) as usize);
        profile.len() <= MAX_BYTES
            && length == Some(profile.len())
            && profile.get(36..40) == Some(b"acsp")
            && profile.get(16..20) == Some(colours)
    })
}
