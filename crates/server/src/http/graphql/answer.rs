//! From a GraphQL answer, or a refusal, to an HTTP response: status, headers and bytes, serialised once. It must not
//! know how the answer came about.

use std::collections::BTreeMap;
use std::io;

use async_graphql::{ErrorExtensionValues, Response as GraphqlResponse, ServerError, Value};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use masthead_graphql::error::Code;
use masthead_graphql::limits::LimitExceeded;
use poem::web::{Compress, CompressionAlgo, CompressionLevel};
use poem::{IntoResponse, Response};
use serde::Serialize;

use super::body::BodyRefused;
use super::credential::Forged;
use super::json;
use super::multipart::FormRefused;
use super::negotiation::MediaType;
use super::parameters::InvalidParameters;

/// Shorter answers are sent as they are: compressing them costs more than it saves.
const SHORTEST_COMPRESSED: usize = 1024;

/// Most errors of one answer, and characters of one message, that leave. A request can make the library write
/// thousands, each quoting a part of it.
const MOST_ERRORS: usize = 50;
const LONGEST_MESSAGE: usize = 500;

/// Why a request has no GraphQL answer.
pub(super) enum Refused {
    /// 406: neither media type is taken.
    NotAcceptable,
    /// 405.
    Method { allow: &'static str },
    /// 403: a page of another site sent it with our cookie.
    Forged,
    /// 403: a page of another site, which was not permitted to, opens a WebSocket connection.
    OtherSite,
    /// 426: another version of the WebSocket protocol.
    Upgrade,
    /// 503: too many watch, in all or from this address.
    Full,
    /// 415: the body is declared to be something else.
    NotJson,
    /// 415: a form without the header that no page of another site sends unasked.
    NoPreflight,
    /// 413.
    TooLarge(ServerError),
    /// 408.
    Late(ServerError),
    /// 400: no GraphQL request at all.
    Malformed(ServerError),
    /// A GraphQL request that is refused before its execution: its status follows the media type.
    Request(Vec<ServerError>),
}

/// The HTTP response to what became of a request.
pub(super) fn respond(
    answered: Result<GraphqlResponse, Refused>,
    media_type: MediaType,
    coding: Option<CompressionAlgo>,
) -> Response {
    match answered {
        Ok(response) => graphql_response(response, media_type, coding),
        Err(Refused::Request(errors)) => {
            graphql_response(GraphqlResponse::from_errors(errors), media_type, coding)
        }
        Err(refused) => refused.into_response(),
    }
}

fn graphql_response(
    mut response: GraphqlResponse,
    media_type: MediaType,
    coding: Option<CompressionAlgo>,
) -> Response {
    let headers = std::mem::take(&mut response.http_headers);
    let (status, body) = if is_refused(&response) {
        (refused_status(media_type, &response.errors), to_json(&WithoutData::of(&response)))
    } else {
        (StatusCode::OK, response_to_json(&response))
    };
    let compress = coding.filter(|_| body.len() >= SHORTEST_COMPRESSED);
    let mut response =
        Response::builder().status(status).header(header::CONTENT_TYPE, media_type.content_type()).body(body);
    response.headers_mut().extend(headers);
    match compress {
        Some(coding) => {
            Compress::new(response, coding).with_quality(CompressionLevel::Fastest).into_response()
        }
        None => response,
    }
}

impl Refused {
    fn into_response(self) -> Response {
        let refused = |status, error| (status, vec![error]);
        let mut headers = HeaderMap::new();
        let (status, errors) = match self {
            Self::NotAcceptable => refused(
                StatusCode::NOT_ACCEPTABLE,
                Code::BadRequest
                    .error("Answers are application/graphql-response+json or application/json; Accept takes neither."),
            ),
            Self::Method { allow } => {
                headers.insert(header::ALLOW, HeaderValue::from_static(allow));
                let message = match allow {
                    "POST" => "GET runs queries only: send this operation by POST.",
                    _ => "GraphQL is asked by GET or POST.",
                };
                refused(StatusCode::METHOD_NOT_ALLOWED, Code::BadRequest.error(message))
            }
            Self::NotJson => {
                headers.insert(HeaderName::from_static("accept-post"), HeaderValue::from_static("application/json"));
                let message = "The body must be declared as Content-Type: application/json, in UTF-8.";
                refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::BadRequest.error(message))
            }
            Self::NoPreflight => {
                let message = "multipart/form-data is refused without the header GraphQL-Require-Preflight, whose value may be anything: send it, or application/json.";
                refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::BadRequest.error(message))
            }
            Self::Forged => refused(
                StatusCode::FORBIDDEN,
                Code::Forbidden.error(
                    "A page of another site sent this with a cookie of this site: the cookie counts on this site's pages only.",
                ),
            ),
            Self::OtherSite => refused(
                StatusCode::FORBIDDEN,
                Code::Forbidden.error("Pages of this site may not open a connection here, unless it is named among the CORS origins."),
            ),
            Self::Upgrade => {
                headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
                refused(StatusCode::UPGRADE_REQUIRED, Code::BadRequest.error("WebSocket is spoken in version 13 only."))
            }
            Self::Full => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
                refused(
                    StatusCode::SERVICE_UNAVAILABLE,
                    Code::LimitExceeded.error("Too many connections are open for subscriptions; try again later."),
                )
            }
            Self::TooLarge(error) => refused(StatusCode::PAYLOAD_TOO_LARGE, error),
            Self::Late(error) => refused(StatusCode::REQUEST_TIMEOUT, error),
            Self::Malformed(error) => refused(StatusCode::BAD_REQUEST, error),
            Self::Request(errors) => (StatusCode::BAD_REQUEST, errors),
        };
        let body = WithoutData { errors: &errors, extensions: None };
        let mut response = Response::builder()
            .status(status)
            .header(header::CONTENT_TYPE, MediaType::Json.content_type())
            .body(to_json(&body));
        response.headers_mut().extend(headers);
        response
    }
}

/// What every response of the endpoint carries.
pub(super) fn add_headers(headers: &mut HeaderMap, request_id: &str) {
    // Answers depend on who asks; what may be kept, and by whom, a response cache says.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept, Accept-Language, Accept-Encoding"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
}

/// A fault of ours, as a client sees it.
pub fn fault(request_id: &str) -> ServerError {
    let mut error = Code::Internal.error("Something went wrong on our side.");
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("requestId", request_id);
    error
}

/// Keeps the errors of an answer to a number and a length.
pub(super) fn bound_errors(errors: &mut Vec<ServerError>) {
    errors.truncate(MOST_ERRORS);
    for error in errors {
        if let Some((at, _)) = error.message.char_indices().nth(LONGEST_MESSAGE) {
            error.message.truncate(at);
            error.message.push('…');
        }
    }
}

/// Whether nothing was executed, or nothing can be said of what was: an error that is not one of a field.
pub(super) fn is_refused(response: &GraphqlResponse) -> bool {
    response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty())
}

/// The specification's status; `application/json` is older than it and says 200 to whatever was well-formed. Who is
/// refused for a bad token is told so in either type: that has nothing to do with what was asked.
fn refused_status(media_type: MediaType, errors: &[ServerError]) -> StatusCode {
    let code = |error: &ServerError| error.extensions.as_ref().and_then(|values| values.get("code").cloned());
    match errors.first().and_then(code) {
        Some(Value::String(code)) if code == Code::Unauthenticated.name() => StatusCode::UNAUTHORIZED,
        _ if media_type == MediaType::Json => StatusCode::OK,
        Some(Value::String(code)) if code == Code::Internal.name() => StatusCode::INTERNAL_SERVER_ERROR,
        Some(Value::String(code)) if code == Code::Timeout.name() => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_REQUEST,
    }
}

impl From<ServerError> for Refused {
    fn from(error: ServerError) -> Self {
        Self::Request(vec![error])
    }
}

impl From<Forged> for Refused {
    fn from(_: Forged) -> Self {
        Self::Forged
    }
}

impl From<LimitExceeded> for Refused {
    fn from(exceeded: LimitExceeded) -> Self {
        ServerError::from(exceeded).into()
    }
}

impl From<InvalidParameters> for Refused {
    fn from(invalid: InvalidParameters) -> Self {
        match invalid {
            // A well-formed request for too much, like those that the document's limits refuse.
            InvalidParameters::Limit(exceeded) => exceeded.into(),
            malformed => Self::Malformed(malformed.into()),
        }
    }
}

impl From<FormRefused> for Refused {
    fn from(refused: FormRefused) -> Self {
        match refused {
            FormRefused::Body(refused) => refused.into(),
            malformed => Self::Malformed(Code::BadRequest.error(malformed.to_string())),
        }
    }
}

impl From<BodyRefused> for Refused {
    fn from(refused: BodyRefused) -> Self {
        match refused {
            BodyRefused::TooLarge(exceeded) => Self::TooLarge(exceeded.into()),
            late @ BodyRefused::Late(_) => Self::Late(Code::BadRequest.error(late.to_string())),
            broken @ BodyRefused::Broken => Self::Malformed(Code::BadRequest.error(broken.to_string())),
        }
    }
}

/// A refusal has no `data`, not even null (GraphQL specification, 7.1.2).
#[derive(Serialize)]
struct WithoutData<'a> {
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    extensions: Option<&'a BTreeMap<String, Value>>,
}

impl<'a> WithoutData<'a> {
    fn of(response: &'a GraphqlResponse) -> Self {
        let extensions = Some(&response.extensions).filter(|extensions| !extensions.is_empty());
        Self { errors: &response.errors, extensions }
    }
}

pub(super) fn response_to_json(response: &GraphqlResponse) -> Vec<u8> {
    written(|bytes| json::write_response(response, bytes))
}

fn to_json(value: &impl Serialize) -> Vec<u8> {
    written(|bytes| Ok(serde_json::to_writer(bytes, value)?))
}

/// Writes JSON. Names, texts and numbers of GraphQL all have a place in it, so the fallback is for what nobody
/// foresaw, and leaves a trace.
fn written(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(16 * 1024);
    match write(&mut bytes) {
        Ok(()) => bytes,
        Err(cause) => {
            tracing::error!(%cause, "an answer could not be written as JSON");
            br#"{"errors":[{"message":"The answer could not be written.","extensions":{"code":"INTERNAL"}}]}"#
                .to_vec()
        }
    }
}
