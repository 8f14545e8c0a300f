//! Answers as a stream of Server-Sent Events, after "GraphQL over Server-Sent Events", distinct connections: an event
//! `next` for each answer, and one `complete` in the end. It must not know how the answers come about.

use std::time::Duration;

use async_graphql::Response as GraphqlResponse;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use http::{HeaderName, HeaderValue, StatusCode, header};
use masthead_graphql::error::Code;
use poem::{Body, Response};
use tokio::sync::watch;
use tokio::time::sleep;

use super::super::answer::response_to_json;
use super::{Leave, leave, stopping};
use crate::http::connections::admission::Admitted;

/// Proxies hold back what they take for an ordinary answer.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Opens a stream, and keeps it open: a line that says nothing.
const COMMENT: &[u8] = b":\n\n";
const COMPLETE: &[u8] = b"event: complete\ndata:\n\n";

/// What may end a stream before its answers do; held as long as the stream is.
pub struct Ends {
    /// The person may not stay.
    pub leave: Option<Leave>,
    /// The program stops.
    pub closing: watch::Receiver<bool>,
    /// A place among those who stay.
    pub _place: Option<Admitted>,
}

struct Running {
    answers: BoxStream<'static, GraphqlResponse>,
    ends: Ends,
    heartbeat: Duration,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Opening,
    Open,
    Complete,
    Over,
}

/// The response. Nothing is read from `answers` before what came last has been taken by the client.
pub fn event_stream(
    answers: BoxStream<'static, GraphqlResponse>,
    ends: Ends,
    heartbeat: Duration,
) -> Response {
    let running = Running { answers, ends, heartbeat, state: State::Opening };
    let bytes = stream::unfold(running, |mut running| async move {
        let bytes = running.next().await?;
        Some((Ok::<_, std::io::Error>(bytes), running))
    });
    Response::builder()
        .status(StatusCode::OK)
        .header(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8"))
        .header(X_ACCEL_BUFFERING, HeaderValue::from_static("no"))
        // It is not counted among the connections any more, and so must not be used for another request.
        .header(header::CONNECTION, HeaderValue::from_static("close"))
        .body(Body::from_bytes_stream(bytes))
}

impl Running {
    async fn next(&mut self) -> Option<Bytes> {
        match self.state {
            State::Opening => {
                self.state = State::Open;
                return Some(Bytes::from_static(COMMENT));
            }
            State::Open => {}
            State::Complete => {
                self.state = State::Over;
                return Some(Bytes::from_static(COMPLETE));
            }
            State::Over => return None,
        }
        let answer = tokio::select! {
            biased;
            // Without `complete`: the client is to come again.
            () = stopping(&mut self.ends.closing) => return None,
            () = leave(&mut self.ends.leave) => {
                self.state = State::Complete;
                let message = "The session has ended, or other rights hold now.";
                return Some(event(&GraphqlResponse::from_errors(vec![Code::Unauthenticated.error(message)])));
            }
            answer = self.answers.next() => answer,
            () = sleep(self.heartbeat) => return Some(Bytes::from_static(COMMENT)),
        };
        match answer {
            Some(answer) => Some(event(&answer)),
            None => {
                self.state = State::Over;
                Some(Bytes::from_static(COMPLETE))
            }
        }
    }
}

/// JSON has no line breaks of its own.
fn event(answer: &GraphqlResponse) -> Bytes {
    let mut bytes = b"event: next\ndata: ".to_vec();
    bytes.extend_from_slice(&response_to_json(answer));
    bytes.extend_from_slice(b"\n\n");
    bytes.into()
}

impl Ends {
    /// For one answer that comes soon.
    pub fn soon(closing: watch::Receiver<bool>) -> Self {
        Self { leave: None, closing, _place: None }
    }
}
