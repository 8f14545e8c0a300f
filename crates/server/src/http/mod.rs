//! The program's doors: which path leads where, and what every response carries. Nothing outside this crate names poem.
//!
//! Paths are put together here and nowhere else. It must not know the schema, the store or the settings' sources.

pub mod address;
pub mod client_address;
pub mod connections;
mod cors;
mod error_body;
pub mod explorer;
pub mod graphql;
mod health;
mod link_page;
pub mod media;
mod quality;
pub mod thread_letters;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use poem::endpoint::BoxEndpoint;
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response, Route};

use self::address::{Addresses, Directory};
pub use self::cors::Cors;
use self::error_body::error_response;
use self::graphql::{Graphql, Service};
pub use self::health::Ready;
use self::health::{Health, Readiness};
use self::link_page::LinkPage;
use self::thread_letters::{Keeper, ThreadLetters};

/// All paths: `/graphql`, `/graphiql` where there is an explorer, `/media`, `/invitation`, `/password-reset`,
/// `/thread-letters`, `/healthz` and `/readyz`; every other is looked up among the addresses of articles and lists.
pub fn routes<S: Service>(
    graphql: Graphql<S>,
    ready: impl Ready,
    explorer: Option<BoxEndpoint<'static>>,
    media: impl Endpoint<Output = Response> + 'static,
    directory: impl Directory,
    keeper: impl Keeper,
    cors: Cors,
) -> impl Endpoint<Output = Response> {
    let mut routes = Route::new()
        .at("/graphql", graphql)
        .nest("/media", media)
        .nest("/invitation", LinkPage::INVITATION)
        .nest("/password-reset", LinkPage::PASSWORD_RESET)
        .nest("/thread-letters", ThreadLetters(keeper))
        .at("/healthz", Health)
        .at("/readyz", Readiness(ready));
    let addresses = Addresses { directory, explorer: explorer.is_some() };
    if let Some(explorer) = explorer {
        routes = routes.nest("/graphiql", explorer);
    }
    // `/` is among them.
    let routes = routes.at("/*path", addresses);
    Site { routes: routes.boxed(), cors }
}

/// Everything that is served, with what holds for every path.
struct Site {
    routes: BoxEndpoint<'static>,
    cors: Cors,
}

impl Endpoint for Site {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        if let Some(preflight) = self.cors.preflight(&request) {
            return Ok(preflight);
        }
        let origin = request.headers().get(header::ORIGIN).cloned();
        let mut response = match self.routes.call(request).await {
            Ok(response) => response.into_response(),
            Err(error) => refusal(&error),
        };
        harden(response.headers_mut());
        self.cors.permit(origin.as_ref(), response.headers_mut());
        Ok(response)
    }
}

/// What poem refuses by itself: a path that leads nowhere, and faults of endpoints.
fn refusal(error: &poem::Error) -> Response {
    match error.status() {
        StatusCode::NOT_FOUND => {
            error_response(StatusCode::NOT_FOUND, "NOT_FOUND", "There is nothing at this path.")
        }
        status if status.is_server_error() => {
            tracing::error!(%error, "a path failed");
            error_response(status, "INTERNAL", "Something went wrong on our side.")
        }
        status => error_response(
            status,
            "BAD_REQUEST",
            status.canonical_reason().unwrap_or("The request is wrong."),
        ),
    }
}

/// Headers for browsers, where an endpoint says nothing else: what is here is no page, no frame and no other type than
/// it says.
fn harden(headers: &mut HeaderMap) {
    const HEADERS: [(HeaderName, HeaderValue); 3] = [
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
        ),
    ];
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(value);
    }
}

#[cfg(test)]
mod tests;
