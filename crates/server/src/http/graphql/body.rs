//! Reading a request's body: never more than the limit, never longer than the time allowed, and not at all where its
//! length is announced and too much. It must not know what the bytes mean.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use http::{HeaderMap, header};
use masthead_graphql::limits::{Figure, Limit, LimitExceeded};
use poem::Body;
use tokio::time::timeout;

/// Why there is no body.
#[derive(Debug, thiserror::Error)]
pub enum BodyRefused {
    /// It is too large.
    #[error(transparent)]
    TooLarge(#[from] LimitExceeded),
    /// It did not come in time.
    #[error("The body did not arrive within {} seconds.", .0.as_secs_f64())]
    Late(Duration),
    /// The connection broke off, or its framing did.
    #[error("The body could not be read to its end.")]
    Broken,
}

/// Reads a body of at most `max` bytes within `time`.
pub async fn read(headers: &HeaderMap, body: Body, max: u64, time: Duration) -> Result<Bytes, BodyRefused> {
    let announced =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if let Some(announced) = announced.filter(|announced| *announced > max) {
        discard(headers, body, max);
        return Err(BodyRefused::TooLarge(too_large(Figure::Exactly(announced), max)));
    }
    let mut chunks = body.into_bytes_stream();
    match timeout(time, collect(&mut chunks, max)).await {
        Ok(Err(BodyRefused::TooLarge(exceeded))) => {
            tokio::spawn(drain(chunks, max));
            Err(BodyRefused::TooLarge(exceeded))
        }
        Ok(result) => result,
        Err(_) => Err(BodyRefused::Late(time)),
    }
}

/// Lets go of a body that nobody will read. A connection that is closed while its client still sends loses the answer
/// on its way, so a part is taken and thrown away while the answer is sent. A client that waits for `100 Continue`
/// needs no such help.
pub fn discard(headers: &HeaderMap, body: Body, max: u64) {
    if !headers.contains_key(header::EXPECT) {
        tokio::spawn(drain(body.into_bytes_stream(), max));
    }
}

/// How many times the allowed size, and how long, is thrown away before the connection is closed on its client.
const DRAIN_TIMES: u64 = 8;
const DRAIN_TIME: Duration = Duration::from_secs(5);

async fn drain(mut chunks: impl Stream<Item = std::io::Result<Bytes>> + Unpin, max: u64) {
    let mut left = max.saturating_mul(DRAIN_TIMES);
    let taken = async {
        while let Some(Ok(chunk)) = chunks.next().await
            && chunk.len() as u64 <= left
        {
            left -= chunk.len() as u64;
        }
    };
    // Out of time or not, the stream is dropped and the connection with it: nothing to tell anyone.
    let _ = timeout(DRAIN_TIME, taken).await;
}

async fn collect(
    chunks: &mut (impl Stream<Item = std::io::Result<Bytes>> + Unpin),
    max: u64,
) -> Result<Bytes, BodyRefused> {
    let first = match chunks.next().await {
        Some(chunk) => chunk.map_err(|_| BodyRefused::Broken)?,
        None => return Ok(Bytes::new()),
    };
    let mut whole: Option<BytesMut> = None; // most bodies are one chunk, and are not copied
    loop {
        let length = whole.as_ref().map_or(first.len(), BytesMut::len) as u64;
        if length > max {
            return Err(BodyRefused::TooLarge(too_large(Figure::AtLeast(length), max)));
        }
        match chunks.next().await {
            Some(chunk) => {
                let chunk = chunk.map_err(|_| BodyRefused::Broken)?;
                whole.get_or_insert_with(|| BytesMut::from(&first[..])).extend_from_slice(&chunk);
            }
            None => return Ok(whole.map_or(first, BytesMut::freeze)),
        }
    }
}

fn too_large(found: Figure, max: u64) -> LimitExceeded {
    LimitExceeded { limit: Limit::Body, max, found }
}
