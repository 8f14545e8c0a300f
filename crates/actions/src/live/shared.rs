//! A value that many ask for at a time, and that is read once for all of them. It must not know what it is.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OnceCell;
use tokio::time::Instant;

/// How long a value serves: those who are told of one thing at one time, and nobody who comes later.
const FRESH: Duration = Duration::from_secs(2);

/// See the module.
pub(super) struct Shared<T>(Mutex<Option<(Instant, Arc<OnceCell<T>>)>>);

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Shared<T> {
    /// The value that is there, or what `read` gives. Those who come while it is being read wait for it; where reading
    /// fails, who asked is told, and the next one tries again.
    pub(super) async fn get<E, Reading>(&self, read: impl FnOnce() -> Reading) -> Result<T, E>
    where
        Reading: Future<Output = Result<T, E>>,
    {
        let cell = {
            let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            match &*held {
                Some((since, cell)) if since.elapsed() < FRESH => Arc::clone(cell),
                _ => {
                    let cell = Arc::new(OnceCell::new());
                    *held = Some((Instant::now(), Arc::clone(&cell)));
                    cell
                }
            }
        };
        cell.get_or_try_init(read).await.cloned()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_is_read_once_for_all_who_come_in_time() {
        let (shared, reads) = (Shared::default(), AtomicU32::new(0));
        let get = async || {
            let read = || async {
                tokio::task::yield_now().await;
                Ok::<_, Infallible>(reads.fetch_add(1, Ordering::SeqCst))
            };
            shared.get(read).await.unwrap()
        };
        assert_eq!(tokio::join!(get(), get(), get()), (0, 0, 0));
        tokio::time::sleep(FRESH).await;
        assert_eq!(get().await, 1);
    }
}
