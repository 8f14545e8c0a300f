//! The bytes of the file as UTF-8, a window at a time.
//! It must not know the format, but for the first line that tells the encoding.

use std::io::{self, BufRead};

use encoding_rs::{CoderResult, Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::window::Window;

/// How much of the file is looked at to find its encoding: one step, within these bounds.
const HEAD: std::ops::RangeInclusive<usize> = 1024..=64 * 1024;

/// Stands in the window for a sequence that is no text in the file's encoding; it is no UTF-8, so it is counted
/// and replaced where the text is decoded.
const NO_TEXT: u8 = 0xFF;

/// A reader of bytes and the window on it.
pub(super) struct Source<R> {
    input: R,
    step: usize,
    decoder: Option<Decoder>,
    buffer: Vec<u8>,
    start: usize,
    done: bool,
}

/// What the first bytes of the file told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Opening {
    /// It can be read; with a remark about its encoding if there is one.
    Readable(Option<String>),
    /// It cannot be read, and why.
    Refused(String),
}

impl<R: BufRead> Source<R> {
    /// `step`: how many bytes are fetched at a time, at least 1.
    pub(super) fn new(input: R, step: usize) -> Self {
        Self { input, step: step.max(1), decoder: None, buffer: Vec::new(), start: 0, done: false }
    }

    /// Reads the beginning and finds out the encoding. To be called once, first.
    pub(super) fn open(&mut self) -> io::Result<Opening> {
        let mut head = Vec::new();
        let wanted = self.step.clamp(*HEAD.start(), *HEAD.end());
        while head.len() < wanted {
            let chunk = self.input.fill_buf();
            let taken = match chunk {
                Ok([]) => break,
                Ok(chunk) => {
                    let taken = chunk.len().min(wanted - head.len());
                    head.extend_from_slice(&chunk[..taken]);
                    taken
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
                Err(error) => return Err(error),
            };
            self.input.consume(taken);
        }
        let (encoding, mark, opening) = detect(&head);
        self.decoder = (encoding != UTF_8).then(|| encoding.new_decoder_without_bom_handling());
        self.append(&head[mark..]);
        Ok(opening)
    }

    pub(super) fn window(&self) -> Window<'_> {
        Window { bytes: &self.buffer[self.start..], last: self.done }
    }

    /// Moves the window's beginning forward.
    pub(super) fn consume(&mut self, length: usize) {
        self.start = (self.start + length).min(self.buffer.len());
    }

    /// Makes the window about twice as long, but not longer than `most`. False when it cannot grow.
    pub(super) fn grow(&mut self, most: usize) -> io::Result<bool> {
        self.buffer.drain(..self.start);
        self.start = 0;
        let before = self.buffer.len();
        if self.done || before >= most {
            return Ok(false);
        }
        // Doubling keeps it linear to look at an entry again from its beginning.
        let wanted = before.saturating_mul(2).max(before + self.step).min(most);
        while self.buffer.len() < wanted && !self.done {
            let taken = match self.input.fill_buf() {
                Ok(chunk) => {
                    let taken = chunk.len().min(wanted - self.buffer.len());
                    match &mut self.decoder {
                        None => self.buffer.extend_from_slice(&chunk[..taken]),
                        Some(decoder) => transcode(decoder, &chunk[..taken], &mut self.buffer),
                    }
                    self.done = chunk.is_empty();
                    taken
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
                Err(error) => return Err(error),
            };
            self.input.consume(taken);
        }
        if self.done
            && let Some(mut decoder) = self.decoder.take()
        {
            finish(&mut decoder, &mut self.buffer);
        }
        Ok(true)
    }

    fn append(&mut self, bytes: &[u8]) {
        match &mut self.decoder {
            None => self.buffer.extend_from_slice(bytes),
            Some(decoder) => transcode(decoder, bytes, &mut self.buffer),
        }
    }
}

fn transcode(decoder: &mut Decoder, mut bytes: &[u8], out: &mut Vec<u8>) {
    let mut room = [0_u8; 4096];
    loop {
        let (result, read, written) = decoder.decode_to_utf8_without_replacement(bytes, &mut room, false);
        out.extend_from_slice(&room[..written]);
        bytes = &bytes[read..];
        match result {
            DecoderResult::InputEmpty => return,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => out.push(NO_TEXT),
        }
    }
}

/// What the decoder still holds when the file ends, half a character perhaps.
fn finish(decoder: &mut Decoder, out: &mut Vec<u8>) {
    let mut room = [0_u8; 64];
    let (result, _, written, _) = decoder.decode_to_utf8(&[], &mut room, true);
    out.extend_from_slice(&room[..written]);
    debug_assert_eq!(result, CoderResult::InputEmpty, "64 bytes hold what a decoder holds back");
}

/// The encoding, the length of the byte order mark, and what is to be said.
fn detect(head: &[u8]) -> (&'static Encoding, usize, Opening) {
    let readable = Opening::Readable(None);
    if let Some(refusal) = refuse(head) {
        return (UTF_8, 0, Opening::Refused(refusal));
    }
    if let Some((encoding, mark)) = Encoding::for_bom(head) {
        return (encoding, mark, readable);
    }
    // Without a mark, every second byte of the first tag is null.
    match head {
        [0, b'<', 0, _, ..] => return (UTF_16BE, 0, readable),
        [b'<', 0, _, 0, ..] => return (UTF_16LE, 0, readable),
        _ => {}
    }
    let Some(label) = declared(head) else { return (UTF_8, 0, readable) };
    let shown = String::from_utf8_lossy(label).into_owned();
    let remark = |words: String| Opening::Readable(Some(words));
    match Encoding::for_label(label) {
        None => (
            UTF_8,
            0,
            remark(format!("the file declares the encoding “{shown}”, which is not known; read as UTF-8")),
        ),
        Some(encoding) if encoding == UTF_8 => (UTF_8, 0, readable),
        // The declaration was read as single bytes, so it cannot be true.
        Some(encoding) if !encoding.is_ascii_compatible() => {
            (UTF_8, 0, remark(format!("the file declares “{shown}” but is not; read as UTF-8")))
        }
        Some(_) if is_surely_utf8(head) => {
            (UTF_8, 0, remark(format!("the file declares “{shown}” but is UTF-8; read as UTF-8")))
        }
        Some(encoding) => {
            (encoding, 0, remark(format!("the file is in “{shown}”; it was converted to UTF-8")))
        }
    }
}

fn refuse(head: &[u8]) -> Option<String> {
    let packed = |name: &str| format!("this is a {name} archive: unpack it first, the export is inside");
    match head {
        [b'P', b'K', 3, 4, ..] => Some(packed("ZIP")),
        [0x1F, 0x8B, ..] => Some(packed("gzip")),
        [b'B', b'Z', b'h', ..] => Some(packed("bzip2")),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(packed("Zstandard")),
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => {
            Some("this file is in UTF-32, which is not read: convert it to UTF-8 first".to_owned())
        }
        _ => None,
    }
}

/// The encoding that the XML declaration names. Junk may stand before the declaration.
fn declared(head: &[u8]) -> Option<&[u8]> {
    let from = memchr::memmem::find(head, b"<?xml")?;
    const LONGEST: usize = 256;
    let rest = &head[from..head.len().min(from + LONGEST)];
    let declaration = &rest[..memchr::memmem::find(rest, b"?>")?];
    let at = memchr::memmem::find(declaration, b"encoding")? + b"encoding".len();
    let value = declaration[at..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, value) = value.split_first()?;
    let end = memchr::memchr(*quote, value)?;
    matches!(quote, b'"' | b'\'').then(|| value[..end].trim_ascii())
}

/// Letters beyond ASCII, and all of them well-formed: in another encoding that does not come by chance.
fn is_surely_utf8(head: &[u8]) -> bool {
    match std::str::from_utf8(head) {
        Ok(text) => !text.is_ascii(),
        Err(error) => error.error_len().is_none() && !head[..error.valid_up_to()].is_ascii(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8], step: usize) -> (Vec<u8>, Opening) {
        let mut source = Source::new(io::BufReader::with_capacity(3, bytes), step);
        let opening = source.open().unwrap();
        while source.grow(usize::MAX).unwrap() {}
        (source.window().bytes.to_vec(), opening)
    }

    #[test]
    fn encodings_become_utf8() {
        let (arabic, french) = ("<a>مرحبا 🌲</a>", "été à l’œuvre");
        let utf16 = |le: bool| -> Vec<u8> {
            arabic.encode_utf16().flat_map(|u| if le { u.to_le_bytes() } else { u.to_be_bytes() }).collect()
        };
        let with_mark = [vec![0xFF, 0xFE], utf16(true)].concat();
        for bytes in [utf16(true), utf16(false), with_mark] {
            let (text, opening) = all(&bytes, 5);
            assert_eq!(String::from_utf8(text).unwrap(), arabic);
            assert_eq!(opening, Opening::Readable(None));
        }
        let declaration = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>";
        let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(french);
        let (text, opening) = all(&[declaration.as_bytes(), &latin].concat(), 1);
        assert_eq!(String::from_utf8(text).unwrap(), format!("{declaration}{french}"));
        assert!(matches!(opening, Opening::Readable(Some(words)) if words.contains("ISO-8859-1")));
        // Declared wrongly: the bytes decide.
        let wrong = format!("{declaration}{french}");
        let (text, opening) = all(wrong.as_bytes(), 7);
        assert_eq!(String::from_utf8(text).unwrap(), wrong);
        assert!(matches!(opening, Opening::Readable(Some(words)) if words.contains("but is UTF-8")));
    }

    #[test]
    fn half_a_character_at_the_end_is_no_text() {
        let mut bytes: Vec<u8> = "<a>م".encode_utf16().flat_map(u16::to_be_bytes).collect();
        bytes.extend_from_slice(&[0xD8, 0x3C, 0x00, 0x20]);
        let (text, _) = all(&bytes, 2);
        assert_eq!(&text[..5], "<a>م".as_bytes());
        assert!(text[5..].starts_with(&[NO_TEXT]), "{text:?}");
    }

    #[test]
    fn archives_are_refused_by_name() {
        for (bytes, word) in [(&b"PK\x03\x04rest"[..], "ZIP"), (b"\x1f\x8b\x08", "gzip")] {
            let (_, opening) = all(bytes, 9);
            assert!(matches!(opening, Opening::Refused(words) if words.contains(word)));
        }
    }
}
