//! A body that is read no further than it may be: what parses it takes all that it is given at once, so it is given one
//! chunk at a time, and nothing beyond an allowance.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream::BoxStream;

/// How often the end of the allowance is met before it is an error: what was given already may be enough.
const DRY: u32 = 4;

/// What may still be read of a body. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Meter(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    left: AtomicU64,
    dry: AtomicU32,
}

impl Meter {
    /// Lets so many bytes more be read.
    pub(super) fn allow(&self, bytes: u64) {
        self.0.left.fetch_add(bytes, Ordering::Relaxed);
    }

    /// To be called before each step of parsing.
    pub(super) fn step(&self) {
        self.0.dry.store(0, Ordering::Relaxed);
    }

    /// Whether more was wanted than allowed.
    pub(super) fn is_exceeded(&self) -> bool {
        self.0.dry.load(Ordering::Relaxed) > DRY
    }

    /// The body, read by this meter.
    pub(super) fn meter(&self, body: BoxStream<'static, io::Result<Bytes>>) -> Metered {
        Metered { body, meter: self.clone(), gave: false }
    }
}

/// See [`Meter::meter`].
pub(super) struct Metered {
    body: BoxStream<'static, io::Result<Bytes>>,
    meter: Meter,
    /// The last question was answered with a chunk.
    gave: bool,
}

impl Stream for Metered {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if std::mem::take(&mut self.gave) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let Counters { left, dry } = &*self.meter.0;
        if left.load(Ordering::Relaxed) == 0 {
            if dry.fetch_add(1, Ordering::Relaxed) >= DRY {
                return Poll::Ready(Some(Err(io::Error::other("more than allowed"))));
            }
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let chunk = std::task::ready!(self.body.as_mut().poll_next(cx));
        if let Some(Ok(chunk)) = &chunk {
            let length = chunk.len() as u64;
            let left = &self.meter.0.left;
            // Only this reader takes away.
            left.store(left.load(Ordering::Relaxed).saturating_sub(length), Ordering::Relaxed);
            self.gave = true;
        }
        Poll::Ready(chunk)
    }
}
