//! The page behind an invitation's link: says what the invitation is for, takes a password, and leaves the browser signed
//! in. It asks the API like any client, so that another front end can take its place; the token stays in the address and
//! is looked at by the API only.

use http::{HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, Request, Response, Result};

/// Scripts, styles and connections of this origin only.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'",
);

/// Serves the page and its files; to be nested at `/invitation`. The page is the same whatever the token: whether it holds
/// is told by the API.
#[derive(Debug, Clone, Copy)]
pub struct InvitationPage;

impl Endpoint for InvitationPage {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let mut response = match *request.method() {
            Method::GET | Method::HEAD => match request.uri().path().trim_matches('/') {
                "page.js" => {
                    file("text/javascript; charset=utf-8", include_str!("../../pages/invitation/page.js"))
                }
                "page.css" => {
                    file("text/css; charset=utf-8", include_str!("../../pages/invitation/page.css"))
                }
                token if token.is_empty() || token.contains('/') => {
                    Response::builder().status(StatusCode::NOT_FOUND).finish()
                }
                _token => file("text/html; charset=utf-8", include_str!("../../pages/invitation/page.html")),
            },
            _ => Response::builder()
                .status(StatusCode::METHOD_NOT_ALLOWED)
                .header(header::ALLOW, "GET, HEAD")
                .finish(),
        };
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        // The address holds the token: no other page is told of it.
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        Ok(response)
    }
}

fn file(content_type: &'static str, text: &'static str) -> Response {
    Response::builder().content_type(content_type).body(text)
}

#[cfg(test)]
mod tests {
    use poem::Route;
    use poem::test::TestClient;

    use super::*;

    #[tokio::test]
    async fn the_page_is_the_same_for_every_token_and_keeps_it_to_itself() {
        let client = TestClient::new(Route::new().nest("/invitation", InvitationPage));
        for path in ["/invitation/AQAAAAAA", "/invitation/nonsense", "/invitation/nonsense/"] {
            let response = client.get(path).send().await.0;
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            assert_eq!(response.headers()["referrer-policy"], "no-referrer");
            assert_eq!(response.headers()["cache-control"], "no-store");
            let policy = response.headers()["content-security-policy"].to_str().unwrap();
            assert!(
                policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"),
                "{policy}"
            );
        }
        for (file, content_type) in
            [("page.js", "text/javascript; charset=utf-8"), ("page.css", "text/css; charset=utf-8")]
        {
            let response = client.get(format!("/invitation/{file}")).send().await.0;
            assert_eq!(response.headers()["content-type"], content_type);
        }
        for path in ["/invitation", "/invitation/", "/invitation/a/b"] {
            client.get(path).send().await.assert_status(StatusCode::NOT_FOUND);
        }
        client.post("/invitation/AQAAAAAA").send().await.assert_status(StatusCode::METHOD_NOT_ALLOWED);
    }
}
