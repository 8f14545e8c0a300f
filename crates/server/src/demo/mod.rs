//! The demo newsroom: content of our own, carried in the program, read into a description that an action stores.
//!
//! The content lies in `crates/server/demo/`: `newsroom.toml`, an article a file with what threads there are beside
//! it, and pictures. A name that nothing here knows is an error that says file and line. Reads no clock and stores
//! nothing but picture files.

mod article;
mod content;
mod front_matter;
mod paper;
mod picture;
mod thread;

use masthead_actions::newsroom::described::Newsroom;
use masthead_actions::user::password::Password;
use masthead_persistence::media::{Files, FilesError};

pub use self::content::{ContentError, Fault};
use self::content::{Embedded, Source};
use self::picture::Pictures;

/// The demo newsroom, read and checked.
#[derive(Debug)]
pub struct Demo {
    /// What is to be stored in the database.
    pub newsroom: Newsroom,
    pictures: Pictures,
}

impl Demo {
    /// Reads all of the content. `password` is what its people sign in with.
    pub fn load(password: &Password) -> Result<Self, ContentError> {
        Self::read(&Embedded, password)
    }

    fn read(source: &impl Source, password: &Password) -> Result<Self, ContentError> {
        let mut pictures = Pictures::read(source)?;
        let mut newsroom = paper::read(source, password, &mut pictures)?;
        newsroom.articles = article::read_all(source, &mut pictures)?;
        newsroom.pictures = pictures.named();
        Ok(Self { newsroom, pictures })
    }

    /// Writes the newsroom's pictures, over those of the same names. To be done before the newsroom is
    /// stored, so that no row names a file that is not there.
    pub async fn write_pictures(&self, files: &Files) -> Result<(), FilesError> {
        self.pictures.write(files).await
    }
}

#[cfg(test)]
mod tests;
