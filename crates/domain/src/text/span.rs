//! Looking for the few bytes that must be escaped in texts that are mostly none of them. It must not know what they are.

/// Longer than most words, short enough that one such byte in a text does not make much of it slow.
const PIECE: usize = 32;

/// How many bytes stand ahead of the first one that is `special`; all, where none is. They are looked at in pieces without
/// a branch for each byte, so that the compiler takes many at once.
#[inline]
#[must_use]
pub fn span_without(bytes: &[u8], special: impl Fn(u8) -> bool) -> usize {
    let (pieces, _) = bytes.as_chunks::<PIECE>();
    let clean =
        pieces.iter().take_while(|piece| !piece.iter().fold(false, |any, &byte| any | special(byte))).count()
            * PIECE;
    let rest = &bytes[clean..];
    clean + rest.iter().position(|&byte| special(byte)).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_ends_at_the_first_special_byte_wherever_that_stands() {
        for length in 0..100 {
            let mut text = vec![b'a'; length];
            assert_eq!(span_without(&text, |byte| byte == b'<'), length);
            for at in 0..length {
                text[at] = b'<';
                assert_eq!(span_without(&text, |byte| byte == b'<'), at);
                text[at] = b'a';
            }
        }
    }
}
