//! The explorer at `/graphiql`: GraphiQL as bundled by `crates/server/explorer`, or, where that was not built, a plain
//! page of ours that says so and still runs operations; `/graphiql/plain` is that page always. Both work without the
//! network, under a strict policy.
//! It must not know the schema, the store, or who asks: what its tabs open on is handed to it for each page.

mod examples;

use std::borrow::Cow;
use std::future::Future;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use poem::web::headers::{ETag, HeaderMapExt, IfNoneMatch};
use poem::{Endpoint, Request, Response, Result};
use rust_embed::{EmbeddedFile, RustEmbed};
use serde::Serialize;

pub use self::examples::{ArticleSubject, ExampleTab, Subjects, example_tabs};
use super::quality::choices;

/// Scripts, styles and connections of this origin only. Monaco writes `style` attributes as it draws, which no nonce
/// or hash can allow; GraphiQL's style sheet carries its fonts as `data:`.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     font-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'",
);

/// What both pages contain where their settings go.
const CONFIG_OPENS: &str = r#"<script type="application/json" id="graphiql-config">"#;

/// GraphiQL, as Vite left it: hashed names under `assets/`, a `.br` and a `.gz` beside what gains from them. Empty
/// where the front end was not built. A debug build reads the folder at each request.
#[derive(RustEmbed)]
#[folder = "explorer/dist"]
#[allow_missing = true]
struct Bundle;

/// The plain page: for a program that was built without Node, and for who wants no more.
#[derive(RustEmbed)]
#[folder = "explorer/plain"]
struct PlainPage;

/// Serves the explorer and its files; to be nested at `/graphiql`.
///
/// `graphql_path` is where the page posts to, a path on this origin. `tabs` is called once for each page that is
/// loaded, so that the examples fit the articles there are now; with an empty list the page opens on an empty tab.
/// Answers GET and HEAD, 405 otherwise, 404 for unknown files.
pub fn explorer<Tabs, Found>(graphql_path: impl Into<String>, tabs: Tabs) -> impl Endpoint<Output = Response>
where
    Tabs: Fn() -> Found + Send + Sync,
    Found: Future<Output = Vec<ExampleTab>> + Send,
{
    Explorer { graphql_path: graphql_path.into(), tabs }
}

struct Explorer<Tabs> {
    graphql_path: String,
    tabs: Tabs,
}

/// What the page's script reads.
#[derive(Serialize)]
struct PageConfig<'a> {
    endpoint: &'a str,
    /// Whether the program has GraphiQL: the plain page says how to get it where not.
    graphiql: bool,
    tabs: Vec<ExampleTab>,
}

impl<Tabs, Found> Endpoint for Explorer<Tabs>
where
    Tabs: Fn() -> Found + Send + Sync,
    Found: Future<Output = Vec<ExampleTab>> + Send,
{
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let mut response = match *request.method() {
            Method::GET | Method::HEAD => match request.uri().path().trim_matches('/') {
                "" => self.page(Bundle::get("index.html").or_else(|| PlainPage::get("plain.html"))).await?,
                "plain" => self.page(PlainPage::get("plain.html")).await?,
                name => asset(name, &request),
            },
            _ => Response::builder()
                .status(StatusCode::METHOD_NOT_ALLOWED)
                .header(header::ALLOW, "GET, HEAD")
                .finish(),
        };
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        Ok(response)
    }
}

impl<Tabs, Found> Explorer<Tabs>
where
    Tabs: Fn() -> Found + Send + Sync,
    Found: Future<Output = Vec<ExampleTab>> + Send,
{
    /// A page with its settings filled in; never cached, since the examples follow the data.
    async fn page(&self, html: Option<EmbeddedFile>) -> Result<Response> {
        let html = html.ok_or(PageError::Missing)?;
        let config = PageConfig {
            endpoint: &self.graphql_path,
            graphiql: Bundle::get("index.html").is_some(),
            tabs: (self.tabs)().await,
        };
        let html = std::str::from_utf8(&html.data).map_err(|_| PageError::NotText)?;
        let html = page_with(html, &config)?;
        Ok(Response::builder()
            .content_type("text/html; charset=utf-8")
            .header(header::CACHE_CONTROL, "no-store")
            .body(html))
    }
}

/// The page could not be put together: a fault of the build, told to the log and answered as 500.
#[derive(Debug, thiserror::Error)]
enum PageError {
    #[error("the explorer's page is not in the program")]
    Missing,
    #[error("the explorer's page is not UTF-8")]
    NotText,
    #[error("the explorer's page has no place for its settings")]
    NoPlaceForConfig,
    #[error("the explorer's settings: {0}")]
    Config(#[from] serde_json::Error),
}

impl poem::error::ResponseError for PageError {
    fn status(&self) -> StatusCode {
        StatusCode::INTERNAL_SERVER_ERROR
    }
}

/// Writes the settings into the page's data element. `<` is escaped, so that no text of an article ends the element.
fn page_with(html: &str, config: &PageConfig<'_>) -> Result<String, PageError> {
    let (before, after) = html.split_once(CONFIG_OPENS).ok_or(PageError::NoPlaceForConfig)?;
    let after = after.strip_prefix("{}").ok_or(PageError::NoPlaceForConfig)?;
    let json = serde_json::to_string(config)?.replace('<', r"\u003c");
    Ok([before, CONFIG_OPENS, &json, after].concat())
}

/// A file of the bundle, or of the plain page.
fn file(name: &str) -> Option<EmbeddedFile> {
    Bundle::get(name).or_else(|| PlainPage::get(name))
}

/// One file, in the smallest form the browser takes, or 304 where it has it already, or 404.
fn asset(name: &str, request: &Request) -> Response {
    let variant = [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .filter(|(coding, _)| accepts(request.headers(), coding))
        .find_map(|(coding, suffix)| Some((Some(coding), file(&format!("{name}{suffix}"))?)));
    let Some((coding, file)) = variant.or_else(|| Some((None, file(name)?))) else {
        return Response::builder().status(StatusCode::NOT_FOUND).finish();
    };

    let tag = entity_tag(&file);
    let unchanged = match (request.headers().typed_get::<IfNoneMatch>(), tag.parse::<ETag>()) {
        (Some(held), Ok(tag)) => !held.precondition_passes(&tag),
        _ => false,
    };
    let response =
        Response::builder().header(header::ETAG, tag).header(header::VARY, "Accept-Encoding").header(
            header::CACHE_CONTROL,
            if is_hashed(name) { "public, max-age=31536000, immutable" } else { "no-cache" },
        );
    if unchanged {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    let response = match coding {
        Some(coding) => response.header(header::CONTENT_ENCODING, coding),
        None => response,
    };
    response.content_type(content_type(name)).body(match file.data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => Bytes::from(data),
    })
}

/// Quoted, and of the bytes that are sent: each variant of a file has its own.
fn entity_tag(file: &EmbeddedFile) -> String {
    let hash = file.metadata.sha256_hash();
    let hex: String = hash[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}

/// Vite puts a hash of the contents into the names under `assets/`, and nowhere else.
fn is_hashed(name: &str) -> bool {
    name.starts_with("assets/")
}

/// Whether the browser takes a coding: named, or covered by `*`, and not with a quality of zero (RFC 9110,
/// 12.5.3). Among those it takes we choose; its finer preference is not honoured.
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let quality_of = |wanted: &str| {
        choices(headers, header::ACCEPT_ENCODING)
            .find(|choice| choice.value.eq_ignore_ascii_case(wanted))
            .map(|choice| choice.quality)
    };
    quality_of(coding).or_else(|| quality_of("*")).is_some_and(|quality| quality > 0)
}

/// The types of what Vite emits.
fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("ttf") => "font/ttf",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        Some("md") => "text/markdown; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests;
