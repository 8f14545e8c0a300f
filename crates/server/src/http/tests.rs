//! The site around the endpoints: health, unknown paths, headers for browsers, other origins.

use async_graphql::{Request as GraphqlRequest, Response as GraphqlResponse};
use http::Method;
use masthead_graphql::limits::{Limits, ListSizes};
use std::time::Duration;

use super::client_address::TrustedProxies;
use super::graphql::{Caller, Options, SessionCookie};
use super::*;

struct Nothing;

impl Service for Nothing {
    async fn execute(&self, _: GraphqlRequest, _: Caller) -> GraphqlResponse {
        GraphqlResponse::new(async_graphql::Value::Null)
    }
}

struct Is(bool);

impl Ready for Is {
    async fn ready(&self) -> bool {
        self.0
    }
}

struct Never;

impl Ready for Never {
    async fn ready(&self) -> bool {
        std::future::pending().await
    }
}

fn graphql() -> Graphql<Nothing> {
    let options = Options {
        limits: Limits::DEFAULT,
        list_sizes: ListSizes::DEFAULT,
        introspection: true,
        body_timeout: Duration::from_secs(5),
        request_timeout: Duration::from_secs(5),
        cookie: SessionCookie::new("https://news.example"),
        proxies: TrustedProxies::default(),
    };
    Graphql::new(Nothing, "type Query { a: Int }", options).unwrap()
}

fn site(ready: impl Ready, origins: &[&str]) -> impl Endpoint<Output = Response> {
    let origins: Vec<_> = origins.iter().map(|origin| origin.parse().unwrap()).collect();
    routes(graphql(), ready, None, media::media("no-media".as_ref()), Cors::new(&origins))
}

async fn send(
    site: &impl Endpoint<Output = Response>,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
) -> (StatusCode, HeaderMap, String) {
    let request = Request::builder().method(method).uri(path.parse().unwrap());
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let (parts, body) = site.get_response(request.finish()).await.into_parts();
    (parts.status, parts.headers, body.into_string().await.unwrap())
}

#[tokio::test]
async fn health_is_the_process_and_readiness_what_it_depends_on() {
    for (path, ready, status, body) in [
        ("/healthz", true, StatusCode::OK, r#"{"status":"ok"}"#),
        ("/healthz", false, StatusCode::OK, r#"{"status":"ok"}"#),
        ("/readyz", true, StatusCode::OK, r#"{"status":"ready"}"#),
        ("/readyz", false, StatusCode::SERVICE_UNAVAILABLE, r#"{"status":"unavailable"}"#),
    ] {
        let (found, headers, text) = send(&site(Is(ready), &[]), Method::GET, path, &[]).await;
        assert_eq!((found, text.as_str()), (status, body), "{path}");
        assert_eq!(headers["cache-control"], "no-store");
    }
}

#[tokio::test(start_paused = true)]
async fn a_dependency_that_does_not_answer_is_not_ready() {
    let (status, ..) = send(&site(Never, &[]), Method::GET, "/readyz", &[]).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn unknown_paths_and_methods_are_answered_in_json() {
    let site = site(Is(true), &[]);
    let (status, headers, body) = send(&site, Method::GET, "/wp-login.php", &[]).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(headers["content-type"], "application/json; charset=utf-8");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["content-security-policy"], "default-src 'none'; frame-ancestors 'none'");
    assert!(body.contains(r#""code":"NOT_FOUND""#), "{body}");
    let (status, headers, body) = send(&site, Method::POST, "/healthz", &[]).await;
    assert_eq!((status, headers["allow"].to_str().unwrap()), (StatusCode::METHOD_NOT_ALLOWED, "GET, HEAD"));
    assert!(body.contains(r#""code":"METHOD_NOT_ALLOWED""#), "{body}");
}

const PREFLIGHT: [(&str, &str); 2] =
    [("origin", "https://news.example"), ("access-control-request-method", "POST")];

#[tokio::test]
async fn without_a_list_no_origin_is_permitted_and_ours_is_not_hindered() {
    let site = site(Is(true), &[]);
    let (status, headers, _) = send(&site, Method::OPTIONS, "/graphql", &PREFLIGHT).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(!headers.contains_key("access-control-allow-origin"));
    // as a browser sends it from a page of the same origin
    let (status, headers, _) =
        send(&site, Method::GET, "/graphql?query={a}", &[("origin", "http://127.0.0.1:8000")]).await;
    assert_eq!(status, StatusCode::OK);
    assert!(!headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn listed_origins_are_permitted_and_others_are_not() {
    let site = site(Is(true), &["https://news.example", "http://localhost:5173"]);
    let (status, headers, _) = send(&site, Method::OPTIONS, "/graphql", &PREFLIGHT).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(headers["access-control-allow-origin"], "https://news.example");
    assert!(headers["access-control-allow-headers"].to_str().unwrap().contains("graphql-require-preflight"));
    let other = [("origin", "https://evil.example"), PREFLIGHT[1]];
    let (_, headers, _) = send(&site, Method::OPTIONS, "/graphql", &other).await;
    assert!(!headers.contains_key("access-control-allow-origin"));

    for (origin, allowed) in
        [("http://localhost:5173", true), ("https://evil.example", false), ("null", false)]
    {
        let (status, headers, _) =
            send(&site, Method::GET, "/graphql?query={a}", &[("origin", origin)]).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(
            headers.get("access-control-allow-origin").is_some_and(|it| it == origin),
            allowed,
            "{origin}"
        );
        assert!(headers.get_all("vary").iter().any(|vary| vary == "origin"));
        assert!(!headers.contains_key("access-control-allow-credentials"));
    }
}

#[tokio::test]
async fn a_star_permits_any_origin() {
    let site = site(Is(true), &["*"]);
    let (_, headers, _) = send(&site, Method::GET, "/healthz", &[("origin", "https://any.example")]).await;
    assert_eq!(headers["access-control-allow-origin"], "*");
}
