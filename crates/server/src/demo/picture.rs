//! The demo's pictures: their sizes, and under which names they come to the library.
//!
//! In bodies and on bylines a picture goes by its own name. At the head of an article it is an entry of that article's,
//! because the library keeps a picture's texts with it and they are in the article's language: three translations
//! that show the same scene have three entries, as they would if an editor had uploaded it for each.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Cursor;

use image::{ImageFormat, ImageReader};
use masthead_domain::media::ImageSource;
use masthead_persistence::media::{Files, FilesError, NewImage};

use super::content::{ContentError, Fault, Source};

/// The folder of the demo's pictures below `/media/`.
const FOLDER: &str = "demo";

/// Every picture there is, and every name that one is needed under.
#[derive(Debug)]
pub(super) struct Pictures {
    /// By their own names, without ending.
    originals: BTreeMap<String, Original>,
    /// Name below the media folder, and whose bytes it has.
    files: BTreeMap<String, String>,
}

#[derive(Debug)]
struct Original {
    bytes: Cow<'static, [u8]>,
    width: u32,
    height: u32,
    /// Whether a body or byline names it.
    named: bool,
}

impl Pictures {
    pub(super) fn read(source: &impl Source) -> Result<Self, ContentError> {
        let mut originals = BTreeMap::new();
        for path in source.paths() {
            let Some(name) = path.strip_prefix("images/").and_then(|file| file.strip_suffix(".jpg")) else {
                continue;
            };
            let bytes = source.bytes(&path).ok_or_else(|| Fault::Missing.of(&path))?;
            let size = ImageReader::with_format(Cursor::new(&bytes), ImageFormat::Jpeg).into_dimensions();
            let (width, height) = size.map_err(|error| Fault::NotAPicture(error).of(&path))?;
            originals.insert(name.to_owned(), Original { bytes, width, height, named: false });
        }
        Ok(Self { originals, files: BTreeMap::new() })
    }

    /// The path by which bodies and bylines name a picture; `None`: there is none of this name.
    pub(super) fn name(&mut self, picture: &str) -> Option<String> {
        let original = self.originals.get_mut(picture)?;
        original.named = true;
        self.files.insert(format!("{FOLDER}/{picture}.jpg"), picture.to_owned());
        Some(format!("/media/{FOLDER}/{picture}.jpg"))
    }

    /// The picture's own name in a path of our media; `None`: the path leads elsewhere.
    pub(super) fn named_by(path: &str) -> Option<&str> {
        path.strip_prefix("/media/")?.strip_prefix(FOLDER)?.strip_prefix('/')?.strip_suffix(".jpg")
    }

    /// An entry of the library for the head of an article, still without texts; `None`: there is no such picture.
    pub(super) fn lead(&mut self, picture: &str, article: &str) -> Option<NewImage> {
        let Original { width, height, .. } = *self.originals.get(picture)?;
        let file = format!("{FOLDER}/{article}.jpg");
        self.files.insert(file.clone(), picture.to_owned());
        Some(entry(file, width, height))
    }

    /// An entry of the library for each picture that was named. Its texts are where it is named.
    pub(super) fn named(&self) -> Vec<NewImage> {
        let named = self.originals.iter().filter(|(_, original)| original.named);
        named
            .map(|(name, original)| entry(format!("{FOLDER}/{name}.jpg"), original.width, original.height))
            .collect()
    }

    /// Writes every file that is needed, over one of the same name.
    pub(super) async fn write(&self, files: &Files) -> Result<(), FilesError> {
        for (file, picture) in &self.files {
            if let Some(original) = self.originals.get(picture) {
                files.put(file, original.bytes.to_vec().into()).await?;
            }
        }
        Ok(())
    }
}

fn entry(file: String, width: u32, height: u32) -> NewImage {
    NewImage {
        source: ImageSource::Stored(file),
        width: Some(width),
        height: Some(height),
        alt: String::new(),
        credit: None,
        caption: None,
    }
}
