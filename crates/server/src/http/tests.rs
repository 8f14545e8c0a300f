//! The site around the endpoints: health, unknown paths, headers for browsers, other origins.

use async_graphql::{Request as GraphqlRequest, Response as GraphqlResponse};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use http::Method;
use masthead_graphql::limits::{Limits, ListSizes};
use std::time::Duration;

use super::address::{Found, Link, Page, Text, Unknown};
use super::client_address::TrustedProxies;
use super::graphql::{
    Caller, Credential, Leave, LiveOptions, NotAdmitted, Options, SessionCookie, UploadLimits,
};
use super::*;

struct Nothing;

impl Service for Nothing {
    async fn execute(&self, _: GraphqlRequest, _: Caller) -> GraphqlResponse {
        GraphqlResponse::new(async_graphql::Value::Null)
    }

    async fn takes_files(&self, _: &Caller) -> bool {
        false
    }

    async fn subscribe(&self, _: GraphqlRequest, _: Caller) -> BoxStream<'static, GraphqlResponse> {
        stream::pending().boxed()
    }

    async fn stays(&self, _: &Credential) -> Result<Option<Leave>, NotAdmitted> {
        Ok(None)
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

/// Knows one path of each kind.
#[derive(Clone)]
struct Few;

fn page(title: &str) -> Page {
    Page {
        title: Text { text: title.to_owned(), lang: Some("ar".into()), right_to_left: true },
        line: "<سميرة>".to_owned(),
        canonical: Some("https://news.example/ar/x?a=1&b=2".to_owned()),
        html: "<p>نص <em>حي</em></p>".to_owned(),
        links: vec![Link {
            text: Text { text: "a < b".to_owned(), lang: None, right_to_left: false },
            url: "https://news.example/fr/y".to_owned(),
        }],
    }
}

impl Keeper for Few {
    async fn confirm(&self, _: &str) -> Result<bool, Unknown> {
        Ok(false)
    }

    async fn end(&self, token: &str) -> Result<bool, Unknown> {
        Ok(token == "known")
    }
}

impl Directory for Few {
    async fn find(&self, path: &str) -> Result<Option<Found>, Unknown> {
        match path {
            "/ar/%D8%A7?x=1" => Ok(Some(Found::Page(page("<script>alert(1)</script> \"…\"")))),
            "/2019/05/old/" | "/?p=7" => Ok(Some(Found::Moved("https://news.example/ar/%D8%A7".to_owned()))),
            "/ar/deleted" => Ok(Some(Found::Gone)),
            "/broken" => Err(Unknown),
            _ => Ok(None),
        }
    }

    async fn front(&self) -> Result<Page, Unknown> {
        Ok(page("صوت المرفأ"))
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
        uploads: UploadLimits::new(1_000, 1, Duration::from_secs(5)),
        live: LiveOptions::new(crate::config::Live::default(), Duration::from_secs(5), Cors::default()),
    };
    Graphql::new(Nothing, "type Query { a: Int }", options).unwrap()
}

/// Pictures of which there are none.
fn no_media() -> impl Endpoint<Output = Response> {
    let files = masthead_persistence::media::Files::in_memory();
    media::media(masthead_actions::media::Workshop::new(files, 1), "no-media".as_ref())
}

fn site(ready: impl Ready, origins: &[&str]) -> impl Endpoint<Output = Response> {
    let origins: Vec<_> = origins.iter().map(|origin| origin.parse().unwrap()).collect();
    routes(graphql(), ready, None, no_media(), Few, Few, Cors::new(&origins))
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

#[tokio::test]
async fn addresses_lead_to_pages_onwards_or_nowhere_any_more() {
    let site = site(Is(true), &[]);
    let (status, headers, body) = send(&site, Method::GET, "/ar/%D8%A7?x=1", &[]).await;
    assert_eq!(
        (status, &headers["content-type"]),
        (StatusCode::OK, &"text/html; charset=utf-8".parse().unwrap())
    );
    assert_eq!(headers["cache-control"], "no-store");
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none';") && !policy.contains("script-src"), "{policy}");
    for wanted in [
        "<html lang=\"ar\" dir=\"rtl\">",
        "<title>&lt;script&gt;alert(1)&lt;/script&gt; &quot;…&quot;</title>",
        "<link rel=\"canonical\" href=\"https://news.example/ar/x?a=1&amp;b=2\">",
        "<p>&lt;سميرة&gt;</p>",
        "<p>نص <em>حي</em></p>",
        "<li dir=\"ltr\"><a href=\"https://news.example/fr/y\">a &lt; b</a></li>",
    ] {
        assert!(body.contains(wanted), "{wanted}: {body}");
    }
    assert!(!body.contains("<script"), "{body}");
    for path in ["/2019/05/old/", "/?p=7"] {
        let (status, headers, body) = send(&site, Method::GET, path, &[]).await;
        assert_eq!((status, body.as_str()), (StatusCode::PERMANENT_REDIRECT, ""), "{path}");
        assert_eq!(headers["location"], "https://news.example/ar/%D8%A7");
    }
    for (method, path, status, code) in [
        (Method::GET, "/ar/deleted", StatusCode::GONE, "GONE"),
        (Method::GET, "/nowhere", StatusCode::NOT_FOUND, "NOT_FOUND"),
        (Method::GET, "/broken", StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL"),
        (Method::POST, "/ar/deleted", StatusCode::NOT_FOUND, "NOT_FOUND"),
        (Method::POST, "/", StatusCode::NOT_FOUND, "NOT_FOUND"),
    ] {
        let (found, headers, body) = send(&site, method, path, &[]).await;
        assert_eq!(found, status, "{path}");
        assert!(body.contains(&format!(r#""code":"{code}""#)), "{path}: {body}");
        assert_eq!(headers["content-security-policy"], "default-src 'none'; frame-ancestors 'none'");
    }
}

#[tokio::test]
async fn the_front_leads_to_the_explorer_or_shows_the_newest() {
    let (status, _, body) = send(&site(Is(true), &[]), Method::GET, "/", &[]).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("<h1>صوت المرفأ</h1>"), "{body}");
    let explorer = explorer::explorer("/graphql", || async { Vec::new() }).boxed();
    let media = no_media();
    let with_explorer = routes(graphql(), Is(true), Some(explorer), media, Few, Few, Cors::new(&[]));
    for (path, place) in
        [("/", "/graphiql"), ("/?utm_source=x", "/graphiql"), ("/?p=7", "https://news.example/ar/%D8%A7")]
    {
        let (status, headers, _) = send(&with_explorer, Method::GET, path, &[]).await;
        assert!(status.is_redirection(), "{path}: {status}");
        assert_eq!(headers["location"], place);
    }
    let (status, ..) = send(&with_explorer, Method::GET, "/graphiql", &[]).await;
    assert_eq!(status, StatusCode::OK);
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
