//! Which other sites' pages may use the API from a browser (the Fetch standard's CORS protocol).
//!
//! poem's middleware is not used: it takes an empty list for "any", and refuses with 403 what carries an Origin that
//! is not listed, which is every POST of our own explorer. Here a foreign origin simply gets no permission; the
//! browser does the rest. Cookies are never shared with other origins: `Allow-Credentials` is not sent.

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use poem::{Request, Response};

use crate::config::Origin;

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST");
const HEADERS: HeaderValue =
    HeaderValue::from_static("content-type, authorization, graphql-require-preflight");
const EXPOSED: HeaderValue = HeaderValue::from_static("x-request-id, retry-after");
/// Two hours, the most that Chromium heeds.
const MAX_AGE: HeaderValue = HeaderValue::from_static("7200");

/// The origins that were permitted.
#[derive(Debug, Clone, Default)]
pub struct Cors {
    any: bool,
    listed: Vec<HeaderValue>,
}

impl Cors {
    /// Permits these; an empty list permits none.
    pub fn new(origins: &[Origin]) -> Self {
        let listed = origins.iter().filter_map(|origin| match origin {
            Origin::Any => None,
            Origin::Exactly(value) => Some(value.clone()),
        });
        Self { any: origins.contains(&Origin::Any), listed: listed.collect() }
    }

    /// The answer to a preflight of a permitted origin; any other request is `None` and goes its way.
    pub fn preflight(&self, request: &Request) -> Option<Response> {
        let asks = request.method() == Method::OPTIONS
            && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        if !asks {
            return None;
        }
        let allowed = self.allowed(request.headers().get(header::ORIGIN)?)?;
        let response = Response::builder()
            .status(StatusCode::NO_CONTENT)
            .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, allowed)
            .header(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS)
            .header(header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS)
            .header(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE)
            .header(header::VARY, header::ORIGIN.as_str());
        Some(response.finish())
    }

    /// Marks a response for the origin that asked.
    pub fn permit(&self, origin: Option<&HeaderValue>, response: &mut HeaderMap) {
        if self.listed.is_empty() && !self.any {
            return;
        }
        if let Some(allowed) = origin.and_then(|origin| self.allowed(origin)) {
            response.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
            response.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        }
        response.append(header::VARY, HeaderValue::from(HeaderName::from_static("origin")));
    }

    /// Whether pages of this origin may use the API.
    pub fn allows(&self, origin: &HeaderValue) -> bool {
        self.allowed(origin).is_some()
    }

    fn allowed(&self, origin: &HeaderValue) -> Option<HeaderValue> {
        if self.any {
            return Some(HeaderValue::from_static("*"));
        }
        self.listed.iter().find(|listed| *listed == origin).cloned()
    }
}
