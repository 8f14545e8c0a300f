//! What is left of the paths: those of articles, previews and lists. Where a page has moved its readers are sent on, where it was
//! deleted they are told, and where one stands they get a plain page of it, so that an address works before the paper has
//! a site of its own in front. It must not know how an address is looked up.

mod page;

use std::future::Future;

use http::{HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, Request, Response};

pub use self::page::{Link, Page, Text};
use super::error_body::error_response;

/// Where a path leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// To what stands there.
    Page(Page),
    /// To this address, in full and percent-encoded.
    Moved(String),
    /// To nothing any more.
    Gone,
}

/// The answer could not be found out; the log has the cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unknown;

/// Who knows where paths lead.
pub trait Directory: Send + Sync + 'static {
    /// Where a path leads, with its query, as it was sent. `None`: nowhere.
    fn find(&self, path: &str) -> impl Future<Output = Result<Option<Found>, Unknown>> + Send;

    /// The page that the whole site begins with.
    fn front(&self) -> impl Future<Output = Result<Page, Unknown>> + Send;
}

/// Every path that is no other endpoint's. `/` leads on to the explorer where there is one, else it shows the newest
/// articles.
pub struct Addresses<D> {
    /// Whom to ask.
    pub directory: D,
    /// Whether there is an explorer.
    pub explorer: bool,
}

impl<D: Directory> Endpoint for Addresses<D> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Ok(nothing());
        }
        let uri = request.uri();
        let path = uri.path_and_query().map_or(uri.path(), |path| path.as_str());
        Ok(match self.directory.find(path).await {
            Ok(Some(Found::Page(page))) => page.response(),
            Ok(Some(Found::Moved(url))) => moved(&url),
            Ok(Some(Found::Gone)) => gone(),
            // WordPress named its articles by numbers behind this path: it has been looked up too.
            Ok(None) if uri.path() == "/" => self.front().await,
            Ok(None) => nothing(),
            Err(Unknown) => fault(),
        })
    }
}

impl<D: Directory> Addresses<D> {
    async fn front(&self) -> Response {
        if self.explorer {
            return Response::builder()
                .status(StatusCode::SEE_OTHER)
                .header(header::LOCATION, HeaderValue::from_static("/graphiql"))
                .finish();
        }
        self.directory.front().await.map_or_else(|Unknown| fault(), |page| page.response())
    }
}

/// No path of ours; the same for every method.
fn nothing() -> Response {
    error_response(
        StatusCode::NOT_FOUND,
        "NOT_FOUND",
        "There is nothing at this path. The API is at /graphql.",
    )
}

fn moved(url: &str) -> Response {
    match HeaderValue::try_from(url) {
        Ok(location) => Response::builder()
            .status(StatusCode::PERMANENT_REDIRECT)
            .header(header::LOCATION, location)
            .header(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"))
            .finish(),
        Err(error) => {
            tracing::error!(%error, "an address that no header can hold");
            fault()
        }
    }
}

fn gone() -> Response {
    let mut response = error_response(
        StatusCode::GONE,
        "GONE",
        "What stood at this path was deleted and does not come back.",
    );
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

fn fault() -> Response {
    error_response(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", "Something went wrong on our side.")
}
