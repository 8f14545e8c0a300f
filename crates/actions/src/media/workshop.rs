//! Where pictures are unpacked and packed: beside the threads that answer requests, few at a time, and with room for few
//! to wait. Also the way to their files.

use std::sync::Arc;

use masthead_persistence::media::Files;
use thiserror::Error;
use tokio::sync::Semaphore;

/// How many may wait for a processor. Each of them is somebody's request.
const WAITING: usize = 200;

/// The files of pictures, and the processors that work on them. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Workshop {
    files: Files,
    max_bytes: u64,
    /// Work on a picture takes a whole processor and up to some hundred megabytes; half of the processors stay free for
    /// requests.
    processors: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

/// Too many are waiting already: nothing was done, and it may be tried again in a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Too many pictures are being worked on: try again in a moment.")]
pub struct Busy;

impl Workshop {
    /// Works on the pictures of `files`; takes files of at most `max_bytes` from outside.
    pub fn new(files: Files, max_bytes: u64) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, |n| n.get().div_ceil(2));
        Self {
            files,
            max_bytes,
            processors: Arc::new(Semaphore::new(processors)),
            places: Arc::new(Semaphore::new(processors + WAITING)),
        }
    }

    /// Where the pictures are.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// The longest file that is taken from outside, in bytes.
    pub fn max_bytes(&self) -> u64 {
        self.max_bytes
    }

    /// Does `job` on a thread of its own, when its turn has come. A panic in it becomes one of the caller.
    pub async fn work<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| Busy)?;
        // Neither semaphore is ever closed.
        let processor = Arc::clone(&self.processors).acquire_owned().await.map_err(|_| Busy)?;
        let done = tokio::task::spawn_blocking(move || {
            // Held to the end also where nobody waits any more.
            let _held = (place, processor);
            job()
        });
        match done.await {
            Ok(done) => Ok(done),
            Err(failed) => match failed.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The program is stopping.
                Err(_) => Err(Busy),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;

    use super::*;

    #[tokio::test]
    async fn few_work_at_a_time_and_those_beyond_the_places_are_turned_away() {
        let workshop = Workshop::new(Files::in_memory(), 1);
        let processors = workshop.processors.available_permits();
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let jobs = (0..processors + WAITING + 10).map(|_| {
            let (running, most) = (running.clone(), most.clone());
            workshop.work(move || {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::yield_now();
                running.fetch_sub(1, Ordering::SeqCst);
            })
        });
        let done = join_all(jobs).await;
        assert_eq!(done.iter().filter(|done| done.is_err()).count(), 10);
        assert!(most.load(Ordering::SeqCst) <= processors);
        assert_eq!(workshop.work(|| 7).await, Ok(7), "the places are free again");
    }
}
