//! Under which names pictures are stored, and which of them share a file.
//!
//! A name is given to one entry of the library and never again, so what was fetched by it once stays right. An upload's
//! name says what its bytes are; the same bytes uploaded with other texts are another entry, with a number behind the
//! same name, and one file.

use std::borrow::Cow;

use super::PictureKind;
use crate::text::Slug;

/// Hexadecimal digits of a SHA-256.
const DIGITS: usize = 64;
/// Letters before the first two digits in an upload's folder: no folder is a number, for a number is a width.
const FOLDER: &str = "u";
/// Bytes of the longest part of a name, as file systems have it.
const MAX_PART: usize = 255;

/// A name under which an image may be stored: letters of a slug and an ending, no folders but one.
pub fn is_stored_name(name: &str) -> bool {
    let Some((stem, _)) = name.rsplit_once('.') else { return false };
    PictureKind::of_name(name).is_some()
        && name.split('/').all(|part| part.len() <= MAX_PART)
        && stem.split('/').count() <= 2
        && stem
            .split('/')
            .all(|part| Slug::import(part).is_some_and(|s| s.as_str() == part && !part.contains("..")))
}

/// The name of an uploaded picture, by its content.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UploadName {
    digest: String,
    kind: PictureKind,
}

impl UploadName {
    /// The name of a picture whose stored bytes have this SHA-256.
    pub fn new(sha256: &[u8; 32], kind: PictureKind) -> Self {
        let digest = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        Self { digest, kind }
    }

    /// Reads the name of an entry or of a file. `None`: it was not made here.
    pub fn parse(name: &str) -> Option<Self> {
        let (folder, file) = name.split_once('/')?;
        let (stem, _) = file.rsplit_once('.')?;
        let (digest, number) = match stem.split_once('-') {
            Some((digest, number)) => (digest, Some(number)),
            None => (stem, None),
        };
        let kind = PictureKind::of_name(file)?;
        let parsed = Self { digest: digest.to_owned(), kind };
        let is_digest = digest.len() == DIGITS
            && digest.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        let number = match number {
            None => 1,
            Some(number) => number.parse().ok().filter(|&n: &u32| n > 1)?,
        };
        (is_digest && folder == parsed.folder() && name == parsed.entry(number)).then_some(parsed)
    }

    /// The name of the file.
    pub fn file(&self) -> String {
        self.entry(1)
    }

    /// The name of the `number`th entry that has this file, from 1 on.
    pub fn entry(&self, number: u32) -> String {
        let (folder, digest, ending) = (self.folder(), &self.digest, self.kind.ending());
        match number {
            0 | 1 => format!("{folder}/{digest}.{ending}"),
            n => format!("{folder}/{digest}-{n}.{ending}"),
        }
    }

    /// The name of the file that has the bytes of an entry: its own, unless it is an upload's with a number.
    pub fn file_of(entry: &str) -> Cow<'_, str> {
        match Self::parse(entry) {
            Some(name) => Cow::Owned(name.file()),
            None => Cow::Borrowed(entry),
        }
    }

    fn folder(&self) -> String {
        format!("{FOLDER}{}", self.digest.get(..2).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_names_cannot_climb() {
        for good in ["a.jpg", "demo/port-dawn.jpg", "ab12.webp"] {
            assert!(is_stored_name(good), "{good}");
        }
        for bad in
            ["../a.jpg", "a/../b.jpg", "a.svg", "a/b/c.jpg", ".jpg", "a.jpg/..", "/etc/passwd", "a\\b.jpg"]
        {
            assert!(!is_stored_name(bad), "{bad}");
        }
        assert!(!is_stored_name(&format!("{}.jpg", "م".repeat(130))), "no file system takes it");
    }

    #[test]
    fn entries_of_the_same_bytes_share_a_file_and_nothing_else_is_taken_for_one() {
        let digest: [u8; 32] = std::array::from_fn(|n| if n == 0 { 0x12 } else { 0xab });
        let name = UploadName::new(&digest, PictureKind::Jpeg);
        let file = name.file();
        assert_eq!(file, format!("u12/12{}.jpg", "ab".repeat(31)));
        assert!(is_stored_name(&file) && is_stored_name(&name.entry(17)));
        for entry in [name.entry(1), name.entry(2), name.entry(4_000_000_000)] {
            assert_eq!(UploadName::file_of(&entry), file);
        }
        for other in [
            "demo/port-2.jpg",
            "u12/12-2.jpg",
            &file.replace("u12/", "u13/"),
            &file.replace(".jpg", "-1.jpg"),
            &file.replace(".jpg", "-02.jpg"),
            &file.replace(".jpg", "-+2.jpg"),
            &file.replace(".jpg", "-2-3.jpg"),
            &file.replace(".jpg", ".jpeg"),
            &file.replace("ab", "AB"),
        ] {
            assert_eq!(UploadName::parse(other), None, "{other}");
            assert_eq!(UploadName::file_of(other), other);
        }
    }
}
