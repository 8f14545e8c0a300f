//! Operations that last: over a WebSocket connection, several at a time and after the protocol `graphql-transport-ws`, or
//! as a stream of Server-Sent Events, one a request.
//!
//! All that holds for a request over HTTP holds for an operation here: the same limits, asked in the same order by the
//! same code. What is different is that a client may stay: how many may, and for how long a silent one is kept, is bounded
//! here. It must not know what is watched.

mod handshake;
mod operations;
mod protocol;
mod socket;
mod sse;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::watch;

use crate::config;
use crate::http::Cors;
use crate::http::connections::admission::{Admission, Admitted};

pub(super) use self::handshake::{accept, asks_for_upgrade};
pub(super) use self::sse::{Ends, event_stream};

/// How those who stay are dealt with.
#[derive(Debug, Clone)]
pub struct LiveOptions {
    /// How many may stay, and how long a silent one is kept.
    pub settings: config::Live,
    /// How long a client may take none of what it is sent.
    pub write_timeout: Duration,
    /// Which other sites' pages may open a WebSocket connection.
    pub cors: Cors,
    /// Those who are here.
    pub audience: Audience,
}

impl LiveOptions {
    /// For an audience that is not here yet.
    pub fn new(settings: config::Live, write_timeout: Duration, cors: Cors) -> Self {
        Self { settings, write_timeout, cors, audience: Audience::new(settings) }
    }
}

/// Done when the person behind a connection may not stay: the session is over, or what the person may do has changed.
pub type Leave = BoxFuture<'static, ()>;

/// Why nobody is let in with what was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAdmitted {
    /// The token is none that holds.
    Refused,
    /// Our fault.
    Fault,
}

/// Those who are here. Clones are the same.
#[derive(Debug, Clone)]
pub struct Audience {
    places: Arc<Admission>,
    closing: Arc<watch::Sender<bool>>,
}

impl Audience {
    /// Room for so many.
    pub fn new(settings: config::Live) -> Self {
        Self {
            places: Arc::new(Admission::new(settings.max, settings.max_per_address)),
            closing: Arc::new(watch::Sender::new(false)),
        }
    }

    /// Asks all who are here to leave, lets nobody in from now on, and waits until they have left, so long at most.
    pub async fn close(&self, patience: Duration) {
        self.closing.send_replace(true);
        let left = async {
            while !self.places.is_empty() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        // Who is still here is cut off with its connection.
        let _ = tokio::time::timeout(patience, left).await;
    }

    /// A place, held until it is dropped; `None` where none is left, or the program stops. Who comes by no network counts
    /// for one address.
    pub(super) fn admit(&self, address: Option<IpAddr>) -> Option<Admitted> {
        if *self.closing.borrow() {
            return None;
        }
        Admission::admit(&self.places, address.unwrap_or(IpAddr::from([0, 0, 0, 0])))
    }

    pub(super) fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }
}

/// Waits for [`Leave`]; for ever where there is none.
async fn leave(leave: &mut Option<Leave>) {
    match leave {
        Some(leave) => leave.await,
        None => std::future::pending().await,
    }
}

/// Waits until the program stops.
async fn stopping(closing: &mut watch::Receiver<bool>) {
    if closing.wait_for(|closing| *closing).await.is_err() {
        // Whoever could ask to leave is gone: nobody does.
        std::future::pending::<()>().await;
    }
}
