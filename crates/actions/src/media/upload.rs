//! Adding a picture to the library: its file, cleaned, and what is said of it.
//!
//! The file is on disk before the library tells of it. Where the row then fails, a file is left that nobody knows, which
//! is harmless, and `masthead doctor` names it.

use bytes::Bytes;
use masthead_domain::audit::{Act, Subject};
use masthead_domain::event::Event;
use masthead_domain::media::{Given, Image, PictureRefused, UploadName};
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, Denied, may};
use masthead_interchange::picture::{Cleaned, clean};
use masthead_persistence::media::{Entered, Upload};
use masthead_persistence::{Store, StoreError};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::describe::described;
use super::{Busy, Workshop};
use crate::Occasion;
use crate::refused::{DeskError, Refused};

/// Why a picture was not added.
#[derive(Debug, Clone, Error)]
pub enum UploadError {
    /// Refused for what was said of it or who said it; or a fault of ours.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// The file is none that is taken.
    #[error(transparent)]
    Picture(#[from] PictureRefused),
    /// Too many at a time.
    #[error(transparent)]
    Busy(#[from] Busy),
}

impl From<StoreError> for UploadError {
    fn from(fault: StoreError) -> Self {
        Self::Desk(fault.into())
    }
}

impl From<Refused> for UploadError {
    fn from(refused: Refused) -> Self {
        Self::Desk(refused.into())
    }
}

/// Adds a picture. The same file with the same description, sent again, is the picture that is there already; with
/// another description it is a picture of its own.
///
/// # Errors
/// The permission is asked for first, then the description is looked at, then the file.
pub async fn upload(
    store: &Store,
    workshop: &Workshop,
    occasion: &Occasion,
    file: Bytes,
    given: Given,
) -> Result<Image, UploadError> {
    may(&occasion.viewer, Action::Use(Permission::UploadImages)).map_err(Refused::from)?;
    let member = occasion.viewer.member().ok_or(Refused::Denied(Denied::Unauthenticated))?;
    let description = described(given)?;
    if file.len() as u64 > workshop.max_bytes() {
        return Err(PictureRefused::TooLarge { max: workshop.max_bytes() }.into());
    }
    let (name, picture) = workshop
        .work(move || {
            let picture = clean(&file)?;
            let digest: [u8; 32] = Sha256::digest(&picture.bytes).into();
            Ok::<_, PictureRefused>((UploadName::new(&digest, picture.kind), picture))
        })
        .await??;
    let Cleaned { bytes, width, height, .. } = picture;
    keep(workshop, &name.file(), bytes.into()).await?;

    let tx = store.begin().await?;
    let upload = Upload { name: &name, width, height, description: &description, by: member.user };
    let id = match tx.image_upload(upload, occasion.now).await? {
        Entered::Same(id) => id,
        Entered::New(id) => {
            tx.audit_append(member, Act::ImageUploaded, Subject::Image(id), None, occasion.now).await?;
            tx.append(Event::ImageChanged { image: id }, occasion.now);
            id
        }
    };
    let image = tx.image(id).await?.ok_or(Refused::NotFound)?;
    tx.commit().await?;
    Ok(image)
}

/// Keeps a file that is named after its bytes: one that is there is the same.
async fn keep(workshop: &Workshop, name: &str, bytes: Bytes) -> Result<(), StoreError> {
    let there = workshop.files().look(name).await?;
    if there.is_none_or(|there| there.length != bytes.len() as u64) {
        workshop.files().put(name, bytes).await?;
    }
    Ok(())
}
