//! Where the demo's content comes from, and how a fault in it is told. It must not know what the files say.

use std::borrow::Cow;

use rust_embed::RustEmbed;
use serde::de::DeserializeOwned;
use thiserror::Error;

/// `crates/server/demo/` as it was when the program was built; a debug build reads the folder itself.
#[derive(RustEmbed)]
#[folder = "demo"]
#[exclude = "*.svg"]
struct Folder;

/// Files by their path below the content's folder.
pub(super) trait Source {
    /// The paths of all files, sorted.
    fn paths(&self) -> Vec<String>;
    /// A file's bytes.
    fn bytes(&self, path: &str) -> Option<Cow<'static, [u8]>>;
}

/// What the program carries.
pub(super) struct Embedded;

impl Source for Embedded {
    fn paths(&self) -> Vec<String> {
        let mut paths: Vec<String> = Folder::iter().map(Cow::into_owned).collect();
        paths.sort_unstable();
        paths
    }

    fn bytes(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        Folder::get(path).map(|file| file.data)
    }
}

/// A fault of the content, which is ours: the program was built with it.
#[derive(Debug, Error)]
#[error("the demo's content is wrong: {file}{}: {fault}", .line.map(|line| format!(", line {line}")).unwrap_or_default())]
pub struct ContentError {
    /// The file, below the content's folder.
    pub file: String,
    /// The line, counted from 1; `None` where it is of the whole file.
    pub line: Option<usize>,
    /// What is wrong.
    pub fault: Fault,
}

/// What can be wrong with a file.
#[derive(Debug, Error)]
pub enum Fault {
    /// It is not there.
    #[error("there is no such file")]
    Missing,
    /// It is no UTF-8.
    #[error("it is not UTF-8 text")]
    NotText,
    /// It is no JPEG, or none whose size can be read.
    #[error("it is not a picture: {0}")]
    NotAPicture(image::ImageError),
    /// It does not begin with front matter.
    #[error("the front matter stands between two lines of +++")]
    NoFrontMatter,
    /// A name that is not known, a value of the wrong kind.
    #[error("{0}")]
    Toml(String),
    /// A value that is none of what it must be.
    #[error("{what} {value:?} {why}")]
    Value {
        /// Which value.
        what: &'static str,
        /// What it is.
        value: String,
        /// What is wrong with it.
        why: &'static str,
    },
}

impl Fault {
    /// A value of the whole file, or of an unknown line of it.
    pub(super) fn value(what: &'static str, value: &str, why: &'static str) -> Self {
        Self::Value { what, value: value.to_owned(), why }
    }

    pub(super) fn of(self, file: &str) -> ContentError {
        ContentError { file: file.to_owned(), line: None, fault: self }
    }
}

/// The text of a file.
pub(super) fn text(source: &impl Source, path: &str) -> Result<String, ContentError> {
    let bytes = source.bytes(path).ok_or_else(|| Fault::Missing.of(path))?;
    String::from_utf8(bytes.into_owned()).map_err(|_| Fault::NotText.of(path))
}

/// Reads TOML that begins on `first_line` of a file.
pub(super) fn toml<T: DeserializeOwned>(
    file: &str,
    text: &str,
    first_line: usize,
) -> Result<T, ContentError> {
    toml::from_str(text).map_err(|error| ContentError {
        file: file.to_owned(),
        line: error.span().map(|span| first_line + text[..span.start].matches('\n').count()),
        fault: Fault::Toml(error.message().to_owned()),
    })
}
