//! `/healthz`, whether the process answers, and `/readyz`, whether it can do its work: for supervisors and balancers.
//! It must not know what readiness takes.

use std::future::Future;
use std::time::Duration;

use http::{HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, Request, Response};

use super::error_body::error_response;

/// Longer than this, and what the program depends on counts as away.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether what the program depends on answers.
pub trait Ready: Send + Sync + 'static {
    /// Asks now. `false` is told to the log by whoever knows why.
    fn ready(&self) -> impl Future<Output = bool> + Send;
}

/// `/healthz`: 200 as long as the process takes requests.
pub struct Health;

/// `/readyz`: 200, or 503 where the dependency does not answer in two seconds.
pub struct Readiness<R>(
    /// What to ask.
    pub R,
);

impl Endpoint for Health {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        Ok(if is_read(&request) { status(StatusCode::OK, r#"{"status":"ok"}"#) } else { read_only() })
    }
}

impl<R: Ready> Endpoint for Readiness<R> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        if !is_read(&request) {
            return Ok(read_only());
        }
        Ok(match tokio::time::timeout(PATIENCE, self.0.ready()).await {
            Ok(true) => status(StatusCode::OK, r#"{"status":"ready"}"#),
            Ok(false) | Err(_) => status(StatusCode::SERVICE_UNAVAILABLE, r#"{"status":"unavailable"}"#),
        })
    }
}

fn is_read(request: &Request) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
}

fn read_only() -> Response {
    let mut response = error_response(
        StatusCode::METHOD_NOT_ALLOWED,
        "METHOD_NOT_ALLOWED",
        "This path is only read: GET or HEAD.",
    );
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}

fn status(status: StatusCode, body: &'static str) -> Response {
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"))
        .header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))
        .body(body)
}
