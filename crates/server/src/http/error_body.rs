//! Errors of paths that are not GraphQL's, in the shape that its clients already read. It must not know any path.

use http::{HeaderValue, StatusCode, header};
use poem::Response;

/// A JSON body `{"errors":[{"message":…,"extensions":{"code":…}}]}`.
pub fn error_response(status: StatusCode, code: &str, message: &str) -> Response {
    let body = serde_json::json!({"errors": [{"message": message, "extensions": {"code": code}}]});
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"))
        .body(body.to_string())
}
