//! Escaping the few characters that must be in texts that are mostly others. It must not know which they are.

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

/// Writes a text with some of its characters escaped. `special` knows them by their first byte, which others may have, too:
/// `escaped` tells what is written for each, `None`: itself.
pub fn push_escaped(
    out: &mut String,
    text: &str,
    special: impl Fn(u8) -> bool,
    escaped: impl Fn(char) -> Option<&'static str>,
) {
    let mut rest = text;
    loop {
        // First bytes only, so a character is never cut.
        let (plain, from) = rest.split_at(span_without(rest.as_bytes(), &special));
        out.push_str(plain);
        let Some(found) = from.chars().next() else { return };
        let (itself, behind) = from.split_at(found.len_utf8());
        out.push_str(escaped(found).unwrap_or(itself));
        rest = behind;
    }
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

    #[test]
    fn only_what_is_told_is_escaped_and_no_character_is_cut() {
        let mut out = String::new();
        let escaped = |c| (c == '\u{a0}').then_some("&nbsp;");
        push_escaped(&mut out, "«a\u{a0}ب»\u{a0}", |byte| byte == 0xC2, escaped);
        assert_eq!(out, "«a&nbsp;ب»&nbsp;");
    }
}
