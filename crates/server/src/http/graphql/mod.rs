//! GraphQL over HTTP, after the specification of that name (all of graphql-http's audits hold), and stricter where
//! security asks for it:
//! - POST takes `application/json` only, and `multipart/form-data` with a header that no form can carry: what a form or
//!   a plain-text request can carry, any site could send with a reader's cookies (CSRF);
//! - a browser's cookie counts on this site's own pages only, see [`SessionCookie`];
//! - GET runs queries only;
//! - one operation a request; no batches;
//! - everything is bounded before it is read, parsed, validated or executed, see [`masthead_graphql::limits`].
//!
//! It must not know the schema or the viewer: [`Service`] does.

mod answer;
mod body;
mod credential;
mod documents;
mod json;
mod multipart;
mod negotiation;
mod parameters;
mod request_id;

use std::future::Future;
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser::types::{OperationDefinition, OperationType};
use async_graphql::{Request as GraphqlRequest, Response as GraphqlResponse, ServerError, Value, Variables};
use futures_util::FutureExt;
use http::{HeaderMap, Method, header};
use masthead_graphql::error::{Code, finish};
use masthead_graphql::limits::{Cost, InvalidSdl, LimitExceeded, Limits, ListSizes, SchemaShape};
use masthead_graphql::{Uploaded, Uploads};
use poem::{Endpoint, Request, Response};

use self::answer::Refused;
pub use self::answer::fault;
use self::body::BodyRefused;
use self::credential::Forged;
pub use self::credential::{Credential, SessionCookie};
use self::documents::Documents;
pub use self::multipart::UploadLimits;
use self::multipart::{Form, FormRefused};
use self::negotiation::MediaType;
use self::parameters::{InvalidParameters, Parameters};
use self::request_id::RequestIds;
use super::client_address::TrustedProxies;

/// What answers an operation: the schema, with whatever it needs for one request.
pub trait Service: Send + Sync + 'static {
    /// Runs one operation. It was parsed and is within the limits; it was not validated.
    fn execute(
        &self,
        request: GraphqlRequest,
        caller: Caller,
    ) -> impl Future<Output = GraphqlResponse> + Send;

    /// Whether the files that a caller sends are to be read. Where not, the operation is run without them, and refuses
    /// the caller in its own words.
    fn takes_files(&self, caller: &Caller) -> impl Future<Output = bool> + Send;
}

/// Who sent a request, as far as HTTP says.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// The Accept-Language header as it came; `None` where absent or no text.
    pub accept_language: Option<String>,
    /// Finds the request in the log; also sent as `x-request-id`.
    pub request_id: String,
    /// What it shows of who sends it.
    pub credential: Credential,
    /// Whether a browser sent it for a page of another site: such a request must not sign the browser in here.
    pub is_of_another_site: bool,
    /// Where on the network it came from.
    pub address: Option<IpAddr>,
}

/// How the endpoint behaves.
#[derive(Debug, Clone)]
pub struct Options {
    /// What one request may ask for.
    pub limits: Limits,
    /// How long lists are taken to be.
    pub list_sizes: ListSizes,
    /// Whether the schema may be asked for. Where not, [`Service`]'s own errors must not suggest names either.
    pub introspection: bool,
    /// How long the body may take to arrive.
    pub body_timeout: Duration,
    /// How long the operation may take.
    pub request_timeout: Duration,
    /// By which browsers show who they are.
    pub cookie: SessionCookie,
    /// Which peers say whom they ask for.
    pub proxies: TrustedProxies,
    /// What files a request may bring.
    pub uploads: UploadLimits,
}

/// The endpoint at `/graphql`.
pub struct Graphql<S> {
    service: S,
    options: Options,
    shape: SchemaShape,
    documents: Documents,
    request_ids: RequestIds,
}

impl<S: Service> Graphql<S> {
    /// `sdl` is the schema that `service` answers; lists in it are weighed by it.
    pub fn new(service: S, sdl: &str, options: Options) -> Result<Self, InvalidSdl> {
        Ok(Self {
            service,
            shape: SchemaShape::from_sdl(sdl, options.list_sizes)?,
            documents: Documents::new(options.limits),
            options,
            request_ids: RequestIds::new(),
        })
    }

    async fn answer(&self, mut request: Request, request_id: &str) -> Result<GraphqlResponse, Refused> {
        let (max, time) = (self.options.limits.body_bytes, self.options.body_timeout);
        match *request.method() {
            Method::GET => {
                let caller = self.caller(&request, request_id)?;
                let query = request.uri().query().unwrap_or_default();
                let parameters = Parameters::from_address(query, &self.options.limits)?;
                let prepared = self.prepare(parameters, Transport::Get)?;
                Ok(self.run(prepared, caller).await)
            }
            Method::POST => {
                let body = request.take_body();
                let taken = Content::declared(request.headers())
                    .and_then(|content| Ok((content, self.caller(&request, request_id)?)));
                let (content, caller) = match taken {
                    Ok(taken) => taken,
                    Err(refused) => {
                        body::discard(request.headers(), body, max);
                        return Err(refused);
                    }
                };
                if content == Content::Form {
                    let form = Form::open(request.headers(), body, max, &self.options.uploads)?;
                    return self.answer_form(form, caller).await;
                }
                let bytes = body::read(request.headers(), body, max, time).await?;
                let parameters = Parameters::from_json(&bytes, &self.options.limits)?;
                let prepared = self.prepare(parameters, Transport::Post)?;
                Ok(self.run(prepared, caller).await)
            }
            _ => Err(Refused::Method { allow: "GET, POST" }),
        }
    }

    fn caller(&self, request: &Request, request_id: &str) -> Result<Caller, Refused> {
        let headers = request.headers();
        let accept_language = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Ok(Caller {
            accept_language: accept_language.map(str::to_owned),
            request_id: request_id.to_owned(),
            credential: self.options.cookie.credential(request.method(), headers)?,
            is_of_another_site: self.options.cookie.is_of_another_site(headers),
            address: self.options.proxies.client(request),
        })
    }

    /// A request with files. Everything else is looked at before any of them is read, and they are read only for those
    /// who may upload.
    async fn answer_form(&self, mut form: Form, caller: Caller) -> Result<GraphqlResponse, Refused> {
        let prepared = async {
            let (operations, map) = form.head(self.options.body_timeout).await?;
            let mut parameters = Parameters::from_json(&operations, &self.options.limits)?;
            map.fill(&mut parameters.variables).map_err(FormRefused::from)?;
            Ok::<_, Refused>((self.prepare(parameters, Transport::Post)?, map))
        };
        let (prepared, map) = match prepared.await {
            Ok(prepared) => prepared,
            Err(refused) => {
                form.discard();
                return Err(refused);
            }
        };
        if !self.service.takes_files(&caller).await {
            form.discard();
            let uploads = Uploads(vec![Uploaded::Unread; map.len()]);
            return Ok(self.run(prepared.data(uploads), caller).await);
        }
        let files = form.files(&map).await?;
        let response = self.run(prepared.data(Uploads(files.files)), caller).await;
        drop(files.held);
        Ok(response)
    }

    /// Everything that is asked of a request before its operation may run.
    fn prepare(&self, parameters: Parameters<'_>, transport: Transport) -> Result<GraphqlRequest, Refused> {
        let document = self.documents.get(&parameters.query)?;
        let operation = document
            .operation(parameters.operation_name.as_deref())
            .map_err(|missing| Code::BadRequest.error(missing.to_string()))?;
        match (operation.ty, transport) {
            (OperationType::Query, _) | (OperationType::Mutation, Transport::Post) => {}
            (_, Transport::Get) => return Err(Refused::Method { allow: "POST" }),
            (OperationType::Subscription, Transport::Post) => {
                return Err(Code::BadRequest
                    .error("Subscriptions are not answered over this transport.")
                    .into());
            }
        }
        if document.introspects() && !self.options.introspection {
            return Err(Code::Validation.error("Introspection is switched off on this server.").into());
        }
        require_variables(operation, &parameters.variables)?;
        Cost::measure(&self.shape, &document, operation, &parameters.variables)
            .check(&self.options.limits)?;

        let mut request =
            GraphqlRequest::new(String::new()).variables(parameters.variables).data(Arc::clone(&document));
        request.operation_name = parameters.operation_name.map(Into::into);
        request.set_parsed_query(document.document().clone());
        Ok(request)
    }

    async fn run(&self, request: GraphqlRequest, caller: Caller) -> GraphqlResponse {
        let request_id = caller.request_id.clone();
        let mut response = finish(self.execute(request, caller).await, &request_id);
        answer::bound_errors(&mut response.errors);
        response
    }

    /// Runs the operation for as long as it may take. A panic in it is a fault of ours, told like any other.
    async fn execute(&self, request: GraphqlRequest, caller: Caller) -> GraphqlResponse {
        let request_id = caller.request_id.clone();
        let running = AssertUnwindSafe(self.service.execute(request, caller)).catch_unwind();
        let error = match tokio::time::timeout(self.options.request_timeout, running).await {
            Ok(Ok(response)) => return response,
            Ok(Err(_panic)) => {
                tracing::error!(%request_id, "the operation panicked");
                answer::fault(&request_id)
            }
            Err(_elapsed) => {
                let seconds = self.options.request_timeout.as_secs_f64();
                tracing::warn!(%request_id, seconds, "the operation took too long and was given up");
                Code::Timeout
                    .error(format!("The operation took longer than {seconds} seconds and was given up."))
            }
        };
        GraphqlResponse::from_errors(vec![error])
    }
}

impl<S: Service> Endpoint for Graphql<S> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let request_id = self.request_ids.next();
        let media_type = MediaType::negotiate(request.headers());
        let coding = negotiation::coding(request.headers());
        let answered = if media_type.is_some() {
            self.answer(request, &request_id).await
        } else {
            let body = request.take_body();
            body::discard(request.headers(), body, self.options.limits.body_bytes);
            Err(Refused::NotAcceptable)
        };
        let mut response = answer::respond(answered, media_type.unwrap_or(MediaType::Json), coding);
        answer::add_headers(response.headers_mut(), &request_id);
        Ok(response)
    }
}

/// How a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Transport {
    Get,
    Post,
}

/// What a body is declared to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Json,
    /// With files.
    Form,
}

impl Content {
    /// `application/json`, in UTF-8 if it says; or `multipart/form-data`, with a header that a page of another site may
    /// send only if it was permitted to (a CORS preflight).
    fn declared(headers: &HeaderMap) -> Result<Self, Refused> {
        let content_type =
            headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut parts = content_type.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default();
        if essence.eq_ignore_ascii_case("multipart/form-data") {
            let asked = headers.contains_key("graphql-require-preflight");
            return if asked { Ok(Self::Form) } else { Err(Refused::NoPreflight) };
        }
        let utf8 = parts.filter_map(|parameter| parameter.split_once('=')).all(|(name, value)| {
            !name.trim().eq_ignore_ascii_case("charset")
                || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        });
        if essence.eq_ignore_ascii_case("application/json") && utf8 {
            Ok(Self::Json)
        } else {
            Err(Refused::NotJson)
        }
    }
}

/// Refuses an operation whose required variables have no value. async-graphql looks at them only where they are used,
/// and there lets a missing one pass for null.
fn require_variables(operation: &OperationDefinition, variables: &Variables) -> Result<(), Refused> {
    let errors: Vec<ServerError> = operation
        .variable_definitions
        .iter()
        .filter(|definition| {
            !definition.node.var_type.node.nullable && definition.node.default_value.is_none()
        })
        .filter_map(|definition| {
            let (name, expected) = (&definition.node.name.node, &definition.node.var_type.node);
            let wrong = match variables.get(name.as_str()) {
                None => "was not provided",
                Some(Value::Null) => "must not be null",
                Some(_) => return None,
            };
            let mut error =
                Code::Validation.error(format!("The variable \"${name}\" of type \"{expected}\" {wrong}."));
            error.locations = vec![definition.pos];
            Some(error)
        })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(Refused::Request(errors)) }
}

impl From<ServerError> for Refused {
    fn from(error: ServerError) -> Self {
        Self::Request(vec![error])
    }
}

impl From<Forged> for Refused {
    fn from(_: Forged) -> Self {
        Self::Forged
    }
}

impl From<LimitExceeded> for Refused {
    fn from(exceeded: LimitExceeded) -> Self {
        ServerError::from(exceeded).into()
    }
}

impl From<InvalidParameters> for Refused {
    fn from(invalid: InvalidParameters) -> Self {
        match invalid {
            // A well-formed request for too much, like those that the document's limits refuse.
            InvalidParameters::Limit(exceeded) => exceeded.into(),
            malformed => Self::Malformed(malformed.into()),
        }
    }
}

impl From<FormRefused> for Refused {
    fn from(refused: FormRefused) -> Self {
        match refused {
            FormRefused::Body(refused) => refused.into(),
            malformed => Self::Malformed(Code::BadRequest.error(malformed.to_string())),
        }
    }
}

impl From<BodyRefused> for Refused {
    fn from(refused: BodyRefused) -> Self {
        match refused {
            BodyRefused::TooLarge(exceeded) => Self::TooLarge(exceeded.into()),
            late @ BodyRefused::Late(_) => Self::Late(Code::BadRequest.error(late.to_string())),
            broken @ BodyRefused::Broken => Self::Malformed(Code::BadRequest.error(broken.to_string())),
        }
    }
}

#[cfg(test)]
mod multipart_tests;
#[cfg(test)]
mod test_api;
#[cfg(test)]
mod tests;
