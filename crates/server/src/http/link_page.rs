//! The pages behind the links of letters: an invitation's takes a password and leaves the browser signed in, and that of a
//! forgotten password takes a new one, or without a token asks for the letter. They ask the API like any client, so that
//! another front end can take their place; the token stays in the address and is looked at by the API only.

use http::{HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, Request, Response, Result};

/// Scripts, styles and connections of this origin only.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'",
);

/// Serves a page and its files; to be nested at the folder of the link's address. The page is the same whatever the token:
/// whether it holds is told by the API.
#[derive(Debug, Clone, Copy)]
pub struct LinkPage {
    html: &'static str,
    script: &'static str,
    /// Whether it has something to say also to those who have no token.
    without_token: bool,
}

impl LinkPage {
    /// To be nested at `/invitation`.
    pub const INVITATION: Self = Self {
        html: include_str!("../../pages/invitation/page.html"),
        script: include_str!("../../pages/invitation/page.js"),
        without_token: false,
    };
    /// To be nested at `/password-reset`.
    pub const PASSWORD_RESET: Self = Self {
        html: include_str!("../../pages/password-reset/page.html"),
        script: include_str!("../../pages/password-reset/page.js"),
        without_token: true,
    };
}

impl Endpoint for LinkPage {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        const SCRIPT: &str = "text/javascript; charset=utf-8";
        let mut response = match *request.method() {
            Method::GET | Method::HEAD => match request.uri().path().trim_matches('/') {
                "page.js" => file(SCRIPT, self.script),
                "common.js" => file(SCRIPT, include_str!("../../pages/common.js")),
                "page.css" => file("text/css; charset=utf-8", include_str!("../../pages/page.css")),
                token if token.contains('/') || (token.is_empty() && !self.without_token) => {
                    Response::builder().status(StatusCode::NOT_FOUND).finish()
                }
                _token => file("text/html; charset=utf-8", self.html),
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
        let pages = Route::new()
            .nest("/invitation", LinkPage::INVITATION)
            .nest("/password-reset", LinkPage::PASSWORD_RESET);
        let client = TestClient::new(pages);
        for path in [
            "/invitation/AQAAAAAA",
            "/invitation/nonsense",
            "/invitation/nonsense/",
            "/password-reset/nonsense",
            "/password-reset",
            "/password-reset/",
        ] {
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
        for (file, content_type) in [
            ("page.js", "text/javascript; charset=utf-8"),
            ("common.js", "text/javascript; charset=utf-8"),
            ("page.css", "text/css; charset=utf-8"),
        ] {
            for folder in ["invitation", "password-reset"] {
                let response = client.get(format!("/{folder}/{file}")).send().await.0;
                assert_eq!(response.headers()["content-type"], content_type);
            }
        }
        for path in ["/invitation", "/invitation/", "/invitation/a/b", "/password-reset/a/b"] {
            client.get(path).send().await.assert_status(StatusCode::NOT_FOUND);
        }
        client.post("/invitation/AQAAAAAA").send().await.assert_status(StatusCode::METHOD_NOT_ALLOWED);
    }
}
