//! The words of `graphql-transport-ws`: what a client says, what it is told, and why a connection is closed. It must not
//! know operations.

use std::borrow::Cow;

use async_graphql::{Response as GraphqlResponse, ServerError};
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::super::json;

/// Characters of an operation's id: clients number them, or draw a UUID.
const LONGEST_ID: usize = 128;

/// What a client says.
#[derive(Debug)]
pub enum Said<'a> {
    /// The first thing: who it is, if it says.
    Init(Option<&'a RawValue>),
    /// Begin this operation.
    Subscribe {
        /// What the client calls it.
        id: Cow<'a, str>,
        /// As the body of a POST.
        payload: &'a RawValue,
    },
    /// It wants no more of this operation.
    Complete(Cow<'a, str>),
    /// Is somebody there?
    Ping,
    /// Somebody is.
    Pong,
}

#[derive(Deserialize)]
struct Raw<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
}

impl<'a> Said<'a> {
    /// `None`: nothing that a client may say.
    pub fn parse(text: &'a str) -> Option<Self> {
        // Serde would take a list for an object whose members come in order.
        if !text.trim_ascii_start().starts_with('{') {
            return None;
        }
        let Raw { kind, id, payload } = serde_json::from_str(text).ok()?;
        let id = || id.filter(|id| (1..=LONGEST_ID).contains(&id.chars().count()));
        Some(match &*kind {
            "connection_init" => Self::Init(payload),
            "subscribe" => Self::Subscribe { id: id()?, payload: payload? },
            "complete" => Self::Complete(id()?),
            "ping" => Self::Ping,
            "pong" => Self::Pong,
            _ => return None,
        })
    }
}

/// What `connection_init` says in `authorization`; names of headers are spelt in several ways.
#[derive(Deserialize)]
struct Introduction<'a> {
    #[serde(borrow, alias = "Authorization")]
    authorization: Option<Cow<'a, str>>,
}

/// The text of `authorization`, where there is any. `Err`: this is no introduction.
pub fn authorization(payload: Option<&RawValue>) -> Result<Option<String>, NoIntroduction> {
    match payload.map(RawValue::get) {
        None | Some("null") => Ok(None),
        Some(text) if text.starts_with('{') => {
            let introduction: Introduction<'_> = serde_json::from_str(text).map_err(|_| NoIntroduction)?;
            Ok(introduction.authorization.map(Cow::into_owned))
        }
        Some(_) => Err(NoIntroduction),
    }
}

/// The payload of `connection_init` is no object, or its `authorization` no text.
#[derive(Debug)]
pub struct NoIntroduction;

/// The answer to `connection_init`.
pub const ACKNOWLEDGED: &str = r#"{"type":"connection_ack"}"#;
/// The answer to a ping.
pub const PONG: &str = r#"{"type":"pong"}"#;

/// An answer to an operation.
pub fn next(id: &str, response: &GraphqlResponse) -> String {
    let mut bytes = opening(id, "next");
    let at = bytes.len();
    if let Err(cause) = json::write_response(response, &mut bytes) {
        tracing::error!(%cause, "an answer could not be written as JSON");
        bytes.truncate(at);
        bytes.extend_from_slice(br#"{"errors":[{"message":"The answer could not be written.","extensions":{"code":"INTERNAL"}}]}"#);
    }
    closing(bytes)
}

/// The end of an operation that was refused or failed.
pub fn error(id: &str, errors: &[ServerError]) -> String {
    let mut bytes = opening(id, "error");
    if serde_json::to_writer(&mut bytes, errors).is_err() {
        bytes = opening(id, "error");
        bytes.extend_from_slice(b"[]");
    }
    closing(bytes)
}

/// The end of an operation.
pub fn complete(id: &str) -> String {
    serde_json::json!({ "id": id, "type": "complete" }).to_string()
}

fn opening(id: &str, kind: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1024);
    bytes.extend_from_slice(b"{\"id\":");
    bytes.extend_from_slice(serde_json::Value::from(id).to_string().as_bytes());
    bytes.extend_from_slice(b",\"type\":\"");
    bytes.extend_from_slice(kind.as_bytes());
    bytes.extend_from_slice(b"\",\"payload\":");
    bytes
}

fn closing(mut bytes: Vec<u8>) -> String {
    bytes.push(b'}');
    // JSON of texts that are UTF-8.
    String::from_utf8(bytes).unwrap_or_default()
}

/// Why a connection is closed: the code, and words for whoever looks into a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Close(u16, Cow<'static, str>);

impl Close {
    /// The program stops; come again.
    pub const AWAY: Self = Self(1001, Cow::Borrowed("The server is stopping."));
    /// The frames break the WebSocket protocol.
    pub const PROTOCOL: Self = Self(1002, Cow::Borrowed("The WebSocket protocol is broken."));
    /// The text is no text.
    pub const NO_TEXT: Self = Self(1007, Cow::Borrowed("A message is not UTF-8."));
    /// The message is too large.
    pub const TOO_LARGE: Self = Self(1009, Cow::Borrowed("The message is too large."));
    /// Our fault.
    pub const FAULT: Self = Self(1011, Cow::Borrowed("Something went wrong on our side."));
    /// Nothing that a client may say.
    pub const MALFORMED: Self = Self(4400, Cow::Borrowed("Malformed message"));
    /// An operation before `connection_init`.
    pub const UNAUTHORIZED: Self = Self(4401, Cow::Borrowed("Unauthorized"));
    /// The token does not hold.
    pub const FORBIDDEN: Self = Self(4403, Cow::Borrowed("Forbidden"));
    /// The session is over, or what the person may do has changed.
    pub const SESSION_ENDED: Self =
        Self(4403, Cow::Borrowed("The session has ended, or other rights hold now"));
    /// No protocol that is spoken here.
    pub const NO_PROTOCOL: Self = Self(4406, Cow::Borrowed("Subprotocol not acceptable"));
    /// No `connection_init` in time.
    pub const INIT_TIMEOUT: Self = Self(4408, Cow::Borrowed("Connection initialisation timeout"));
    /// A second `connection_init`.
    pub const TWICE: Self = Self(4429, Cow::Borrowed("Too many initialisation requests"));

    /// An id that is in use.
    pub fn duplicate(id: &str) -> Self {
        // A frame that closes holds 123 bytes.
        let shown: String = id.chars().take(20).collect();
        Self(4409, Cow::Owned(format!("Subscriber for {shown} already exists")))
    }

    /// As it is sent.
    pub fn frame(&self) -> CloseFrame {
        CloseFrame { code: CloseCode::from(self.0), reason: self.1.as_ref().into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_may_not_say_is_nothing() {
        for text in [
            "",
            "hello",
            "[]",
            r#"["subscribe","1",{}]"#,
            "{}",
            r#"{"type":1}"#,
            r#"{"type":"start","id":"1","payload":{}}"#,
            r#"{"type":"subscribe","payload":{}}"#,
            r#"{"type":"subscribe","id":"","payload":{}}"#,
            r#"{"type":"subscribe","id":1,"payload":{}}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"complete"}"#,
            r#"{"type":"next","id":"1"}"#,
            r#"{"type":"ping"} x"#,
        ] {
            assert!(Said::parse(text).is_none(), "{text}");
        }
        let long = format!(r#"{{"type":"complete","id":"{}"}}"#, "x".repeat(LONGEST_ID + 1));
        assert!(Said::parse(&long).is_none());
        assert!(matches!(Said::parse(r#"{"type":"connection_init"}"#), Some(Said::Init(None))));
        assert!(matches!(Said::parse(r#" {"type":"ping","payload":{"a":[1]}}"#), Some(Said::Ping)));
        assert!(
            matches!(Said::parse(r#"{"id":"ا","type":"complete"}"#), Some(Said::Complete(id)) if id == "ا")
        );
    }

    #[test]
    fn an_introduction_is_an_object() {
        let read = |json: &str| authorization(Some(&RawValue::from_string(json.to_owned()).unwrap()));
        assert_eq!(authorization(None).unwrap(), None);
        assert_eq!(read("null").unwrap(), None);
        assert_eq!(read(r#"{"x":1}"#).unwrap(), None);
        assert_eq!(read(r#"{"authorization":"Bearer a"}"#).unwrap().as_deref(), Some("Bearer a"));
        assert_eq!(read(r#"{"Authorization":"Bearer a"}"#).unwrap().as_deref(), Some("Bearer a"));
        for wrong in ["1", "[]", r#""Bearer a""#, r#"{"authorization":1}"#] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_reason_fits_into_a_frame() {
        for close in [Close::duplicate(&"م".repeat(128)), Close::SESSION_ENDED, Close::AWAY] {
            assert!(close.frame().reason.len() <= 123, "{close:?}");
        }
    }

    #[test]
    fn what_is_told_is_json() {
        let told: serde_json::Value = serde_json::from_str(&complete("a\"b")).unwrap();
        assert_eq!(told, serde_json::json!({"id": "a\"b", "type": "complete"}));
        let told = next("a\"b", &GraphqlResponse::new(async_graphql::Value::from("م")));
        assert_eq!(told, r#"{"id":"a\"b","type":"next","payload":{"data":"م"}}"#);
    }
}
