//! What the loader is asked about pictures. Whoever asks has the key from something that the viewer may see.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use masthead_domain::media::{Image, ImageId};
use masthead_persistence::StoreError;

use crate::load::Loads;

/// A picture of the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ImageById(pub(crate) ImageId);

impl Loader<ImageById> for Loads {
    type Value = Image;
    type Error = StoreError;

    async fn load(&self, keys: &[ImageById]) -> Result<HashMap<ImageById, Self::Value>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = self.reads.images_by_id(&ids).await?;
        Ok(found.into_iter().map(|(id, image)| (ImageById(id), image)).collect())
    }
}

/// A picture that is asked for by itself, by nothing but its key: for whoever works with the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct LibraryImage(pub(crate) ImageId);

impl Loader<LibraryImage> for Loads {
    type Value = Image;
    type Error = StoreError;

    async fn load(&self, keys: &[LibraryImage]) -> Result<HashMap<LibraryImage, Self::Value>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = self.reads.library_images(&ids).await?;
        Ok(found.into_iter().map(|(id, image)| (LibraryImage(id), image)).collect())
    }
}
