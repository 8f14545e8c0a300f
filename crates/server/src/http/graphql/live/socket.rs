//! One WebSocket connection, from its opening to its end: a loop over what the client says, what its operations come to,
//! and the time.
//!
//! Nothing is sent before what was sent before has left: while a client takes nothing, its operations wait, and keep no
//! more than their places. So a connection costs the same however slow its client is, and a client that takes nothing for
//! too long is cut off.

use std::ops::ControlFlow::{self, Break, Continue};
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use http::HeaderValue;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::super::answer::Refused;
use super::super::credential::{Credential, bearer};
use super::super::parameters::{InvalidParameters, Parameters};
use super::super::{Caller, Core, Service, Transport};
use super::operations::{Operations, Outcome};
use super::protocol::{self, ACKNOWLEDGED, Close, PONG, Said};
use super::{Leave, NotAdmitted, leave, stopping};
use masthead_graphql::error::Code;

/// What is read at a time, and is held as long as the connection is: most messages of a client are shorter.
const READ_BUFFER: usize = 2 * 1024;

/// How long the other side may take to answer that a connection is closed.
const FAREWELL: Duration = Duration::from_secs(1);

/// Talks until one side closes.
pub async fn serve<S, C>(core: Arc<Core<S>>, connection: C, caller: Caller, speaks: bool)
where
    S: Service,
    C: AsyncRead + AsyncWrite + Unpin + Send,
{
    let most = core.options.live.settings.message_bytes;
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_message_size(Some(most))
        .max_frame_size(Some(most));
    let socket = WebSocketStream::from_raw_socket(connection, Role::Server, Some(config)).await;
    let patience = core.options.live.write_timeout;
    let mut talk = Talk {
        core,
        socket,
        patience,
        caller,
        greeted: false,
        leave: None,
        operations: Operations::default(),
    };
    let ended = if speaks { talk.go_on().await } else { End::With(Close::NO_PROTOCOL) };
    talk.close(ended).await;
}

/// How a connection ends.
enum End {
    /// We close it.
    With(Close),
    /// The client has closed it, and is to be answered so.
    Answered,
    /// There is nobody to be told.
    Gone,
}

struct Talk<S, C> {
    core: Arc<Core<S>>,
    socket: WebSocketStream<C>,
    /// How long the client may take none of a message.
    patience: Duration,
    caller: Caller,
    /// Whether `connection_init` was answered.
    greeted: bool,
    leave: Option<Leave>,
    operations: Operations,
}

impl<S, C> Talk<S, C>
where
    S: Service,
    C: AsyncRead + AsyncWrite + Unpin + Send,
{
    async fn go_on(&mut self) -> End {
        let settings = self.core.options.live.settings;
        let heartbeat = settings.heartbeat.0;
        let mut closing = self.core.options.live.audience.closing();
        let mut heard = Instant::now();
        let mut due = heard + settings.init_timeout.0;
        loop {
            let step = tokio::select! {
                biased;
                () = stopping(&mut closing) => Break(End::With(Close::AWAY)),
                () = leave(&mut self.leave) => Break(End::With(Close::SESSION_ENDED)),
                () = sleep_until(due) => {
                    due = Instant::now() + heartbeat;
                    if !self.greeted {
                        Break(End::With(Close::INIT_TIMEOUT))
                    } else if heard.elapsed() >= heartbeat * 2 {
                        Break(End::Gone)
                    } else {
                        self.send(Message::Ping(bytes::Bytes::new())).await
                    }
                }
                message = self.socket.next() => {
                    heard = Instant::now();
                    let was_greeted = self.greeted;
                    let step = self.hear(message).await;
                    if self.greeted && !was_greeted {
                        due = heard + heartbeat;
                    }
                    step
                }
                (id, outcome) = self.operations.next() => self.tell(&id, outcome).await,
            };
            if let Break(end) = step {
                return end;
            }
        }
    }

    async fn hear(&mut self, message: Option<Result<Message, Error>>) -> ControlFlow<End> {
        match message {
            Some(Ok(Message::Text(text))) => match Said::parse(&text) {
                Some(said) => self.answer(said).await,
                None => Break(End::With(Close::MALFORMED)),
            },
            Some(Ok(Message::Binary(_))) => Break(End::With(Close::MALFORMED)),
            // The library has prepared the pong, which leaves with whatever is read next.
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Continue(()),
            Some(Ok(Message::Close(_))) => Break(End::Answered),
            Some(Err(Error::Capacity(_))) => Break(End::With(Close::TOO_LARGE)),
            Some(Err(Error::Utf8(_))) => Break(End::With(Close::NO_TEXT)),
            Some(Err(Error::Protocol(_))) => Break(End::With(Close::PROTOCOL)),
            Some(Err(_)) | None => Break(End::Gone),
        }
    }

    async fn answer(&mut self, said: Said<'_>) -> ControlFlow<End> {
        match said {
            Said::Init(_) if self.greeted => Break(End::With(Close::TWICE)),
            Said::Init(payload) => match protocol::authorization(payload) {
                Ok(authorization) => self.greet(authorization).await,
                Err(_) => Break(End::With(Close::MALFORMED)),
            },
            Said::Ping => self.send(PONG.into()).await,
            Said::Pong => Continue(()),
            Said::Complete(id) => {
                self.operations.end(&id);
                Continue(())
            }
            Said::Subscribe { .. } if !self.greeted => Break(End::With(Close::UNAUTHORIZED)),
            Said::Subscribe { id, .. } if self.operations.contains(&id) => {
                Break(End::With(Close::duplicate(&id)))
            }
            Said::Subscribe { id, payload } => self.begin(id.into_owned(), payload.get()).await,
        }
    }

    /// Finds out who it is: by what `connection_init` says, else by the cookie or header that came with the handshake.
    async fn greet(&mut self, authorization: Option<String>) -> ControlFlow<End> {
        if let Some(authorization) = authorization {
            self.caller.credential = match HeaderValue::from_str(&authorization) {
                Ok(value) => bearer(&value),
                Err(_) => Credential::Malformed,
            };
        }
        match self.core.service.stays(&self.caller.credential).await {
            Ok(leave) => self.leave = leave,
            Err(NotAdmitted::Refused) => return Break(End::With(Close::FORBIDDEN)),
            Err(NotAdmitted::Fault) => return Break(End::With(Close::FAULT)),
        }
        self.greeted = true;
        self.send(ACKNOWLEDGED.into()).await
    }

    async fn begin(&mut self, id: String, payload: &str) -> ControlFlow<End> {
        let limits = &self.core.options.limits;
        let most = self.core.options.live.settings.max_operations;
        if self.operations.len() >= most {
            let message = format!("At most {most} operations run at a time on one connection.");
            let errors = vec![Code::LimitExceeded.error(message)];
            return self.tell(&id, Outcome::Error(errors)).await;
        }
        let prepared = Parameters::from_json(payload.as_bytes(), limits)
            .map_err(|invalid| match invalid {
                InvalidParameters::Limit(exceeded) => exceeded.into(),
                malformed => Refused::Malformed(malformed.into()),
            })
            .and_then(|parameters| self.core.prepare(parameters, Transport::SOCKET));
        match prepared {
            Ok(prepared) => {
                let lasts = prepared.lasts;
                let caller = Caller { request_id: self.core.request_ids.next(), ..self.caller.clone() };
                self.operations.add(id, Core::answers(&self.core, prepared, caller), lasts);
                Continue(())
            }
            Err(Refused::Request(errors)) => self.tell(&id, Outcome::Error(errors)).await,
            Err(_) => Break(End::With(Close::MALFORMED)),
        }
    }

    async fn tell(&mut self, id: &str, outcome: Outcome) -> ControlFlow<End> {
        let text = match outcome {
            Outcome::Next(response) => protocol::next(id, &response),
            Outcome::Error(errors) => protocol::error(id, &errors),
            Outcome::Complete => protocol::complete(id),
        };
        self.send(text.into()).await
    }

    async fn send(&mut self, message: Message) -> ControlFlow<End> {
        match timeout(self.patience, self.socket.send(message)).await {
            Ok(Ok(())) => Continue(()),
            Ok(Err(_)) | Err(_) => Break(End::Gone),
        }
    }

    /// Says why, and waits a little for the answer: a connection that is simply cut off loses what was said last.
    async fn close(mut self, end: End) {
        self.operations = Operations::default();
        let farewell = async {
            match end {
                End::With(close) => self.socket.close(Some(close.frame())).await.ok(),
                End::Answered => self.socket.flush().await.ok(),
                End::Gone => None,
            }?;
            while let Some(Ok(_)) = self.socket.next().await {}
            Some(())
        };
        let _ = timeout(FAREWELL, farewell).await;
    }
}
