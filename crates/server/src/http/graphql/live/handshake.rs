//! From a request to a WebSocket connection (RFC 6455, 4.2): who may open one, and the response that does. It must not
//! know what is said on it.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use masthead_graphql::error::Code;
use poem::{Request, Response};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::super::answer::Refused;
use super::super::{Core, Service};
use super::socket;

/// The one protocol that is spoken.
const PROTOCOL: &str = "graphql-transport-ws";

const VERSION: HeaderValue = HeaderValue::from_static("13");

/// Whether a request wants to become a WebSocket connection.
pub fn asks_for_upgrade(request: &Request) -> bool {
    *request.method() == Method::GET && has_token(request.headers(), &header::UPGRADE, "websocket")
}

/// The response that opens the connection, on which the conversation then goes on by itself.
pub async fn accept<S: Service>(
    core: &Arc<Core<S>>,
    request: &Request,
    request_id: &str,
) -> Result<Response, Refused> {
    let headers = request.headers();
    if headers.get(header::SEC_WEBSOCKET_VERSION) != Some(&VERSION) {
        return Err(Refused::Upgrade);
    }
    let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(|key| key.len() == 24);
    let (Some(key), true) = (key, has_token(headers, &header::CONNECTION, "upgrade")) else {
        return Err(Refused::Malformed(Code::BadRequest.error("This is no WebSocket handshake.")));
    };
    let live = &core.options.live;
    let origin = headers.get(header::ORIGIN);
    // A page of any site may open a connection, and browsers send our cookie along and let it read the answers: neither
    // CORS nor a preflight stands in its way.
    if core.options.cookie.is_of_another_site(headers)
        && !origin.is_some_and(|origin| live.cors.allows(origin))
    {
        return Err(Refused::OtherSite);
    }
    let caller = core.caller(request, request_id)?;
    let place = live.audience.admit(caller.address).ok_or(Refused::Full)?;
    let upgrade = request
        .take_upgrade()
        .map_err(|_| Refused::Malformed(Code::BadRequest.error("This connection cannot be upgraded.")))?;

    let speaks = has_token(headers, &header::SEC_WEBSOCKET_PROTOCOL, PROTOCOL);
    let mut response = Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(header::CONNECTION, "upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_ACCEPT, derive_accept_key(key.as_bytes()));
    if speaks {
        response = response.header(header::SEC_WEBSOCKET_PROTOCOL, PROTOCOL);
    }
    let core = Arc::clone(core);
    tokio::spawn(async move {
        // The client is gone where this fails.
        if let Ok(connection) = upgrade.await {
            socket::serve(core, connection, caller, speaks).await;
        }
        drop(place);
    });
    Ok(response.finish())
}

/// Whether a list of words in a header holds this one.
fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|word| word.trim().eq_ignore_ascii_case(token))
}
