//! Connections: taken, counted, timed, and let go. HTTP/1.1 only: HTTP/2 and TLS are for the proxy in front, which
//! speaks HTTP/1.1 to us.
//!
//! poem's own server is not used: it has no time limit for headers, no limit on connections and no `TCP_NODELAY`, so
//! a client that dribbles a byte now and then stays for ever. Time limits for bodies are the endpoints', for only they
//! know what they expect. It must not know any path.

pub(crate) mod admission;

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use poem::endpoint::BoxEndpoint;
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Endpoint, EndpointExt, Request, Response};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_io_timeout::TimeoutStream;

use self::admission::{Admission, Admitted};
use crate::config::Connections;

/// A connection's place among all, which an endpoint may give up for it. In every request's extensions.
#[derive(Debug, Clone)]
pub struct Place(Arc<Mutex<Option<Admitted>>>);

impl Place {
    fn new(admitted: Admitted) -> Self {
        Self(Arc::new(Mutex::new(Some(admitted))))
    }

    /// Counts the connection no more: who calls this counts it otherwise, and ends it with the answer.
    pub fn give_up(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

/// Bytes of a request's head; longer ones are answered with 431.
const MAX_HEAD: usize = 64 * 1024;

/// What a client over the limits reads before it is cut off.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// Serves `site` on `listener` until `stop` is done; then takes no more connections, ends idle ones, and waits for open
/// requests as long as `drain_timeout`.
pub async fn serve(
    listener: TcpListener,
    site: impl Endpoint<Output = Response> + 'static,
    limits: Connections,
    stop: impl Future<Output = ()>,
) {
    let site: Arc<BoxEndpoint<'static>> = Arc::new(site.boxed());
    let admission = Arc::new(Admission::new(limits.max, limits.max_per_address));
    let stopping = watch::Sender::new(());
    tracing::info!(address = listener.local_addr().ok().map(tracing::field::display), "taking connections");
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, remote) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                pause_after(&error).await;
                continue;
            }
        };
        let Some(admitted) = Admission::admit(&admission, remote.ip()) else {
            tracing::debug!("a connection over the limit was closed");
            // Whether the client reads it or not, the connection is dropped.
            let _ = stream.try_write(FULL);
            continue;
        };
        serve_connection(stream, remote, admitted, Arc::clone(&site), limits, stopping.subscribe());
    }
    drop(listener);
    tracing::info!("stopping");
    stopping.send_replace(());
    // Closed when the last connection has ended.
    if tokio::time::timeout(limits.drain_timeout.0, stopping.closed()).await.is_err() {
        tracing::warn!("some requests were still open and were cut off");
    }
}

/// Done when the process is asked to stop: SIGINT, or SIGTERM where there is one.
pub async fn stop_signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

fn serve_connection(
    stream: TcpStream,
    remote: SocketAddr,
    admitted: Admitted,
    site: Arc<BoxEndpoint<'static>>,
    limits: Connections,
    mut stopping: watch::Receiver<()>,
) {
    // Without it an answer's last packet waits for the client to confirm the one before. An error here means that the
    // client is gone already, which the next read finds out.
    let _ = stream.set_nodelay(true);
    let local = LocalAddr(stream.local_addr().map_or_else(|_| Addr::custom("tcp", ""), Addr::SocketAddr));
    let remote = RemoteAddr(Addr::SocketAddr(remote));
    let place = Place::new(admitted);
    let held = place.clone();
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        let site = Arc::clone(&site);
        request.extensions_mut().insert(place.clone());
        let request = Request::from((request, local.clone(), remote.clone(), http::uri::Scheme::HTTP));
        async move { Ok::<_, Infallible>(hyper::Response::from(site.get_response(request).await)) }
    });

    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.write_timeout.0));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout.0)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(Box::pin(stream)), service)
        // A connection that is upgraded is over here, and goes on elsewhere, with the same limit for writing.
        .with_upgrades();
    tokio::spawn(async move {
        let mut connection = std::pin::pin!(connection);
        let ended = tokio::select! {
            biased;
            ended = connection.as_mut() => ended,
            _ = stopping.changed() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        // A connection that ends badly ended by the client's doing, or by a time limit: nothing to mend.
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection broke off");
        }
        held.give_up();
    });
}

/// Errors of accepting are of one connection, gone before it was taken, or of the process, out of file descriptors:
/// then taking the next at once would spin.
async fn pause_after(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::warn!(%error, "connections cannot be taken");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
