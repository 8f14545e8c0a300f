//! The files of pictures: in a folder, or in S3-compatible storage. Whole files under names that the library gave out.
//!
//! It must not know what is in them, or who may see them.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as Key;
use object_store::{GetOptions, ObjectMeta, ObjectStore, ObjectStoreExt};
use thiserror::Error;

/// A fault of the files' store; never the caller's mistake.
#[derive(Debug, Clone, Error)]
#[error("the store of pictures failed: {0}")]
pub struct FilesError(Arc<object_store::Error>);

impl From<object_store::Error> for FilesError {
    fn from(error: object_store::Error) -> Self {
        Self(Arc::new(error))
    }
}

/// Where the files are. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
}

/// What is known of a file without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Its name.
    pub name: String,
    /// Its length in bytes.
    pub length: u64,
    /// When it was last written.
    pub changed: DateTime<Utc>,
}

/// A file to be read.
pub struct Found {
    /// What is known of it.
    pub look: Look,
    /// Its bytes, as they come.
    pub bytes: BoxStream<'static, Result<Bytes, FilesError>>,
}

impl std::fmt::Debug for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Found").field("look", &self.look).finish_non_exhaustive()
    }
}

impl Files {
    /// Files in a folder, which is made where it is missing. What was written there is on disk before it is said to be.
    pub fn in_folder(folder: &Path) -> Result<Self, FilesError> {
        std::fs::create_dir_all(folder)
            .map_err(|error| object_store::Error::Generic { store: "folder", source: Box::new(error) })?;
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self { store: Arc::new(store) })
    }

    /// Files in memory, gone with the process: for tests.
    pub fn in_memory() -> Self {
        Self { store: Arc::new(InMemory::new()) }
    }

    #[cfg(feature = "s3")]
    pub(super) fn of(store: impl ObjectStore) -> Self {
        Self { store: Arc::new(store) }
    }

    /// Writes a file so that nobody ever sees half of it; over one of the same name.
    pub async fn put(&self, name: &str, bytes: Bytes) -> Result<(), FilesError> {
        self.store.put(&key(name)?, bytes.into()).await?;
        Ok(())
    }

    /// What is known of a file; `None`: there is none.
    pub async fn look(&self, name: &str) -> Result<Option<Look>, FilesError> {
        let Ok(key) = key(name) else { return Ok(None) };
        match self.store.head(&key).await {
            Ok(meta) => Ok(Some(look(meta))),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// A file; `None`: there is none.
    pub async fn get(&self, name: &str) -> Result<Option<Found>, FilesError> {
        let Ok(key) = key(name) else { return Ok(None) };
        match self.store.get_opts(&key, GetOptions::default()).await {
            Ok(found) => {
                let look = look(found.meta.clone());
                Ok(Some(Found { look, bytes: found.into_stream().map_err(FilesError::from).boxed() }))
            }
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// All bytes of a file; `None`: there is none.
    pub async fn read(&self, name: &str) -> Result<Option<Bytes>, FilesError> {
        let Ok(key) = key(name) else { return Ok(None) };
        match self.store.get(&key).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Every file that is there.
    pub async fn all(&self) -> Result<Vec<Look>, FilesError> {
        Ok(self.store.list(None).map_ok(look).try_collect().await?)
    }
}

fn look(meta: ObjectMeta) -> Look {
    Look { name: meta.location.to_string(), length: meta.size, changed: meta.last_modified }
}

fn key(name: &str) -> Result<Key, object_store::Error> {
    Ok(Key::parse(name)?)
}
