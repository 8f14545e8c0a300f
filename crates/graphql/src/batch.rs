//! When the loaders' batches run: on the request's own task, once every field that could join them has.
//!
//! async-graphql's DataLoader hands a batch to a spawner, and waits a timer for stragglers. On tokio's own spawner
//! another thread may begin a batch while fields still join it, so the number of statements would vary from run to
//! run; and a timer costs a millisecond a level. Here nothing is waited for: [`Batches::drive`] polls the request until
//! it can go on no further without a batch, and only then runs the batches, full by construction. A cancelled
//! request takes its batches along. It must not know what is loaded.

use std::future::{Future, poll_fn, ready};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use async_graphql::runtime::Timer;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use futures_util::task::{FutureObj, Spawn, SpawnError};

/// The batches that a request has asked for and that have not begun. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Batches(Arc<Mutex<Vec<FutureObj<'static, ()>>>>);

impl Batches {
    /// Runs a request to its end, and every batch it asks for.
    pub(crate) async fn drive<F: Future>(&self, request: F) -> F::Output {
        let mut request = pin!(request);
        let mut running = FuturesUnordered::new();
        poll_fn(|context| {
            loop {
                if let Poll::Ready(answer) = request.as_mut().poll(context) {
                    return Poll::Ready(answer);
                }
                running.extend(self.take());
                // A batch that has ended lets some fields go on; they may ask for the next ones.
                if !matches!(running.poll_next_unpin(context), Poll::Ready(Some(()))) {
                    return Poll::Pending;
                }
            }
        })
        .await
    }

    fn take(&self) -> Vec<FutureObj<'static, ()>> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Spawn for Batches {
    fn spawn_obj(&self, batch: FutureObj<'static, ()>) -> Result<(), SpawnError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(batch);
        Ok(())
    }
}

/// A timer that has always rung: a batch that runs has waited long enough.
pub(crate) struct NoDelay;

impl Timer for NoDelay {
    fn delay(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(ready(()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::convert::Infallible;
    use std::sync::Mutex;

    use async_graphql::dataloader::{DataLoader, HashMapCache, Loader};
    use futures_util::future::join_all;

    use super::*;

    #[derive(Default)]
    struct Doubles(Arc<Mutex<Vec<usize>>>);

    impl Loader<u32> for Doubles {
        type Value = u32;
        type Error = Infallible;

        async fn load(&self, keys: &[u32]) -> Result<HashMap<u32, u32>, Infallible> {
            self.0.lock().expect("no panic").push(keys.len());
            tokio::task::yield_now().await;
            Ok(keys.iter().map(|&key| (key, key * 2)).collect())
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn every_batch_is_full_whatever_the_threads_do() {
        for _ in 0..50 {
            let sizes = Arc::<Mutex<Vec<usize>>>::default();
            let batches = Batches::default();
            let loader = DataLoader::with_cache(
                Doubles(sizes.clone()),
                batches.clone(),
                NoDelay,
                HashMapCache::default(),
            );
            let request = async {
                // Two levels: each item asks for its double, then for that one's.
                join_all((1..=40).map(|key| {
                    let loader = &loader;
                    async move {
                        let double = loader.load_one(key).await.expect("infallible").expect("loaded");
                        loader.load_one(double + 1000).await.expect("infallible").expect("loaded")
                    }
                }))
                .await
            };
            let answers = batches.drive(request).await;
            assert_eq!(answers, (1..=40).map(|key| (key * 2 + 1000) * 2).collect::<Vec<_>>());
            assert_eq!(*sizes.lock().expect("no panic"), [40, 40]);
        }
    }
}
