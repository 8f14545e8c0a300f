//! Smaller sizes of pictures: made when one is first asked for, once however many ask, and kept as files.
//!
//! They are kept on this machine wherever the originals are. It must not know which addresses ask for them.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use bytes::Bytes;
use masthead_actions::media::{Busy, Workshop};
use masthead_domain::media::PictureKind;
use masthead_interchange::picture::{Format, rendition};
use masthead_persistence::media::FilesError;
use quick_cache::sync::Cache;
use tokio::fs::File;

use super::Original;

/// How many sizes are remembered as made. Those beyond are looked for among the files again.
const REMEMBERED: usize = 10_000;

/// The sizes of one store's pictures.
pub(super) struct Sizes {
    workshop: Workshop,
    folder: PathBuf,
    made: Cache<Size, Made>,
}

/// One size of one original as it was at one time.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Size {
    original: Original,
    width: u32,
    format: Format,
}

/// What stands for a size.
#[derive(Debug, Clone, Copy)]
enum Made {
    /// A file of its own, of this kind.
    Smaller(PictureKind),
    /// The original: it is no wider, or cannot be made smaller.
    Original,
    /// Nothing: there is no original.
    Nothing,
}

/// What is to be sent.
pub(super) enum Opened {
    /// A size.
    Smaller {
        /// Its file.
        file: File,
        /// What it is.
        kind: PictureKind,
        /// Its length in bytes.
        length: u64,
    },
    /// The original: a reader had rather wait for more bytes than see nothing.
    Original,
    /// Nothing: there is no original.
    NotThere,
}

/// Why nothing can be sent.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unmade {
    /// Too many wait for theirs.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// The originals' store failed.
    #[error(transparent)]
    Failed(#[from] FilesError),
}

impl Sizes {
    pub(super) fn new(workshop: Workshop, folder: PathBuf) -> Self {
        Self { workshop, folder, made: Cache::new(REMEMBERED) }
    }

    /// The picture at a width.
    pub(super) async fn open(
        &self,
        original: &Original,
        width: u32,
        format: Format,
    ) -> Result<Opened, Unmade> {
        let size = Size { original: original.clone(), width, format };
        // Once more, where a file that was made has been removed since.
        for _ in 0..2 {
            match self.made.get_or_insert_async(&size, self.make(&size)).await? {
                Made::Original => return Ok(Opened::Original),
                Made::Nothing => {
                    // It may come.
                    self.made.remove(&size);
                    return Ok(Opened::NotThere);
                }
                Made::Smaller(kind) => match open(&self.path(&size, kind)).await {
                    Ok((file, length)) => return Ok(Opened::Smaller { file, kind, length }),
                    Err(error) => {
                        if error.kind() != io::ErrorKind::NotFound {
                            let file = &size.original.file;
                            tracing::warn!(%error, file, width, "a kept size of a picture cannot be read");
                        }
                        self.made.remove(&size);
                    }
                },
            }
        }
        Ok(Opened::Original)
    }

    async fn make(&self, size: &Size) -> Result<Made, Unmade> {
        let kinds: &[PictureKind] = match size.format {
            Format::WebP => &[PictureKind::WebP],
            Format::Plain => &[PictureKind::Jpeg, PictureKind::Png],
        };
        for &kind in kinds {
            if is_of(&self.path(size, kind), size.original.changed).await {
                return Ok(Made::Smaller(kind));
            }
        }
        let file = &size.original.file;
        let Some(original) = self.workshop.files().read(file).await? else { return Ok(Made::Nothing) };
        let (width, format) = (size.width, size.format);
        let made = self.workshop.work(move || rendition(&Bytes::clone(&original), width, format)).await?;
        let rendition = match made {
            Ok(Some(rendition)) => rendition,
            Ok(None) => return Ok(Made::Original),
            Err(refused) => {
                tracing::warn!(%refused, file, width, "a picture cannot be made smaller");
                return Ok(Made::Original);
            }
        };
        let (target, kind) = (self.path(size, rendition.kind), rendition.kind);
        let kept = tokio::task::spawn_blocking(move || keep(&target, &rendition.bytes)).await;
        match kept.unwrap_or_else(|stopped| Err(io::Error::other(stopped))) {
            Ok(()) => Ok(Made::Smaller(kind)),
            Err(error) => {
                tracing::warn!(%error, file, width, "a size of a picture cannot be kept");
                Ok(Made::Original)
            }
        }
    }

    fn path(&self, size: &Size, kind: PictureKind) -> PathBuf {
        let name = format!("{}.{}", size.original.file, kind.ending());
        self.folder.join(size.width.to_string()).join(name)
    }
}

async fn open(path: &Path) -> io::Result<(File, u64)> {
    let file = File::open(path).await?;
    let length = file.metadata().await?.len();
    Ok((file, length))
}

/// Whether a file was made of an original that was last changed at this time.
async fn is_of(file: &Path, changed: Option<SystemTime>) -> bool {
    let made = tokio::fs::metadata(file).await.and_then(|metadata| metadata.modified());
    match (made, changed) {
        (Ok(_), None) => true,
        (Ok(made), Some(changed)) => made >= changed,
        (Err(_), _) => false,
    }
}

/// Writes a file so that nobody ever sees half of it. It can be made again, so that it need not be on disk.
fn keep(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = target.parent().unwrap_or(target);
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.persist(target)?;
    Ok(())
}
