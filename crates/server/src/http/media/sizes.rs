//! Smaller sizes of pictures: made when one is first asked for, once however many ask, and kept as files.
//!
//! It must not know which addresses ask for them.

use std::fs::Metadata;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use quick_cache::sync::Cache;
use tokio::fs::File;
use tokio::sync::Semaphore;

use super::Wanted;
use super::resize::{Ending, resize};

/// How many sizes are remembered as made. Those beyond are looked for among the files again.
const REMEMBERED: usize = 10_000;

/// The sizes of one data directory.
pub(super) struct Sizes {
    folder: PathBuf,
    made: Cache<Size, Made>,
    /// Decoding is work for a whole processor; half of them stay free for requests.
    processors: Arc<Semaphore>,
}

/// One size of one original as it was at one time.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Size {
    name: String,
    width: u32,
    changed: Option<SystemTime>,
}

/// What stands for a size.
#[derive(Debug, Clone, Copy)]
enum Made {
    /// A file of its own.
    Smaller,
    /// The original: it is no wider, or cannot be made smaller.
    Original,
}

impl Sizes {
    pub(super) fn new(folder: PathBuf) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, |n| n.get().div_ceil(2));
        Self { folder, made: Cache::new(REMEMBERED), processors: Arc::new(Semaphore::new(processors)) }
    }

    /// The picture at a width, or its original where there is none at that width: a reader had rather wait for more
    /// bytes than see nothing.
    pub(super) async fn open(
        &self,
        wanted: &Wanted,
        width: u32,
        original: &Path,
        metadata: &Metadata,
    ) -> io::Result<File> {
        let size = Size { name: wanted.name.clone(), width, changed: metadata.modified().ok() };
        let target = self.folder.join(width.to_string()).join(&wanted.name);
        // Once more, where a file that was made has been removed since.
        for _ in 0..2 {
            let make = self.make(&size, wanted.ending, original, &target);
            match self.made.get_or_insert_async(&size, make).await {
                Ok(Made::Smaller) => match File::open(&target).await {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => self.made.remove(&size),
                    opened => return opened,
                },
                Ok(Made::Original) => break,
                Err(error) => {
                    tracing::warn!(%error, name = size.name, width, "a size of a picture cannot be kept");
                    break;
                }
            };
        }
        File::open(original).await
    }

    async fn make(&self, size: &Size, ending: Ending, original: &Path, target: &Path) -> io::Result<Made> {
        if is_of(target, size.changed).await {
            return Ok(Made::Smaller);
        }
        let permit = Arc::clone(&self.processors).acquire_owned().await.map_err(io::Error::other)?;
        let (name, width) = (size.name.clone(), size.width);
        let (original, target) = (original.to_owned(), target.to_owned());
        let making = tokio::task::spawn_blocking(move || {
            // Held to the end also where nobody waits any more.
            let _permit = permit;
            match resize(&std::fs::read(original)?, ending, width) {
                Ok(Some(bytes)) => keep(&target, &bytes).map(|()| Made::Smaller),
                Ok(None) => Ok(Made::Original),
                Err(error) => {
                    tracing::warn!(%error, name, width, "a picture cannot be made smaller");
                    Ok(Made::Original)
                }
            }
        });
        making.await.map_err(io::Error::other)?
    }
}

/// Whether a file was made of an original that was last changed at this time.
async fn is_of(file: &Path, changed: Option<SystemTime>) -> bool {
    let made = tokio::fs::metadata(file).await.and_then(|metadata| metadata.modified());
    matches!((made, changed), (Ok(made), Some(changed)) if made >= changed)
}

/// Writes a file so that nobody ever sees half of it.
fn keep(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = target.parent().unwrap_or(target);
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.persist(target)?;
    Ok(())
}
