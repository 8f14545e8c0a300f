//! GraphQL over HTTP, after the specification of that name (all of graphql-http's audits hold), and stricter where
//! security asks for it:
//! - POST takes `application/json` only, and `multipart/form-data` with a header that no form can carry: what a form or
//!   a plain-text request can carry, any site could send with a reader's cookies (CSRF);
//! - a browser's cookie counts on this site's own pages only, see [`SessionCookie`];
//! - GET runs queries only;
//! - one operation a request; no batches;
//! - subscriptions are answered as Server-Sent Events, or over WebSocket, see [`live`];
//! - everything is bounded before it is read, parsed, validated or executed, see [`masthead_graphql::limits`].
//!
//! It must not know the schema or the viewer: [`Service`] does.

mod answer;
mod body;
mod credential;
mod documents;
mod json;
mod live;
mod multipart;
mod negotiation;
mod parameters;
mod prepare;
mod request_id;

use std::future::Future;
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Request as GraphqlRequest, Response as GraphqlResponse};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use http::{HeaderMap, Method, header};
use masthead_graphql::error::finish;
use masthead_graphql::limits::{InvalidSdl, Limits, ListSizes, SchemaShape};
use masthead_graphql::{Uploaded, Uploads};
use poem::{Endpoint, Request, Response};

use self::answer::Refused;
pub use self::answer::fault;
pub use self::credential::{Credential, SessionCookie};
use self::documents::Documents;
use self::live::Ends;
pub use self::live::{Audience, Leave, LiveOptions, NotAdmitted};
pub use self::multipart::UploadLimits;
use self::multipart::{Form, FormRefused};
use self::negotiation::MediaType;
use self::parameters::Parameters;
use self::prepare::{Prepared, Transport};
use self::request_id::RequestIds;
use super::client_address::TrustedProxies;
use super::connections::Place;

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

    /// Begins a subscription, parsed and within the limits as for [`Service::execute`]. An answer without data is the
    /// last.
    fn subscribe(
        &self,
        request: GraphqlRequest,
        caller: Caller,
    ) -> impl Future<Output = BoxStream<'static, GraphqlResponse>> + Send;

    /// Whether who shows this may stay, and until when; `None`: as long as they like.
    fn stays(
        &self,
        credential: &Credential,
    ) -> impl Future<Output = Result<Option<Leave>, NotAdmitted>> + Send;
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
    /// How those who watch are dealt with.
    pub live: LiveOptions,
}

/// The endpoint at `/graphql`.
pub struct Graphql<S>(Arc<Core<S>>);

/// What all requests share.
struct Core<S> {
    service: S,
    options: Options,
    shape: SchemaShape,
    documents: Documents,
    request_ids: RequestIds,
}

impl<S: Service> Graphql<S> {
    /// `sdl` is the schema that `service` answers; lists in it are weighed by it.
    pub fn new(service: S, sdl: &str, options: Options) -> Result<Self, InvalidSdl> {
        Ok(Self(Arc::new(Core {
            service,
            shape: SchemaShape::from_sdl(sdl, options.list_sizes)?,
            documents: Documents::new(options.limits),
            options,
            request_ids: RequestIds::new(),
        })))
    }
}

impl<S: Service> Core<S> {
    async fn answer(
        self: &Arc<Self>,
        mut request: Request,
        takes: Takes,
        request_id: &str,
    ) -> Result<Answered, Refused> {
        let (max, time) = (self.options.limits.body_bytes, self.options.body_timeout);
        let place = request.extensions().get::<Place>().cloned();
        match *request.method() {
            Method::GET => {
                let caller = self.caller(&request, request_id)?;
                let query = request.uri().query().unwrap_or_default();
                let parameters = Parameters::from_address(query, &self.options.limits)?;
                let prepared = self.prepare(parameters, Transport { mutates: false, lasts: takes.events })?;
                self.begin(prepared, caller, takes, place).await
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
                    return self.answer_form(form, caller).await.map(Answered::Whole);
                }
                let bytes = body::read(request.headers(), body, max, time).await?;
                let parameters = Parameters::from_json(&bytes, &self.options.limits)?;
                let prepared = self.prepare(parameters, Transport { mutates: true, lasts: takes.events })?;
                self.begin(prepared, caller, takes, place).await
            }
            _ => Err(Refused::Method { allow: "GET, POST" }),
        }
    }

    /// Answers an operation whole, or, where it lasts or the client takes nothing else, as a stream of events.
    async fn begin(
        self: &Arc<Self>,
        prepared: Prepared,
        caller: Caller,
        takes: Takes,
        place: Option<Place>,
    ) -> Result<Answered, Refused> {
        let audience = &self.options.live.audience;
        if !prepared.lasts {
            let answer = self.run(prepared, caller).await;
            return Ok(match takes.whole {
                Some(_) => Answered::Whole(answer),
                None => Answered::Events(stream::iter([answer]).boxed(), Ends::soon(audience.closing())),
            });
        }
        let admitted = audience.admit(caller.address).ok_or(Refused::Full)?;
        let leave = match self.service.stays(&caller.credential).await {
            Ok(leave) => leave,
            // Refused in the words in which every operation is.
            Err(NotAdmitted::Refused) => return Ok(Answered::Whole(self.run(prepared, caller).await)),
            Err(NotAdmitted::Fault) => return Err(answer::fault(&caller.request_id).into()),
        };
        // It is counted among those who stay, and not among the connections.
        if let Some(place) = place {
            place.give_up();
        }
        let ends = Ends { leave, closing: audience.closing(), _place: Some(admitted) };
        Ok(Answered::Events(Self::answers(self, prepared, caller), ends))
    }

    /// The answers to an operation, for who takes them one after the other. Bounded as a whole answer is; a panic is a
    /// fault of ours, and the last.
    fn answers(core: &Arc<Self>, prepared: Prepared, caller: Caller) -> BoxStream<'static, GraphqlResponse> {
        let core = Arc::clone(core);
        if !prepared.lasts {
            return stream::once(async move { core.run(prepared, caller).await }).boxed();
        }
        let request_id = caller.request_id.clone();
        let begun = async move { core.service.subscribe(prepared.request, caller).await };
        let answers = AssertUnwindSafe(stream::once(begun).flatten()).catch_unwind();
        let bounded = move |answer: std::thread::Result<GraphqlResponse>| {
            let mut response = answer.unwrap_or_else(|_panic| {
                tracing::error!(%request_id, "a subscription panicked");
                GraphqlResponse::from_errors(vec![answer::fault(&request_id)])
            });
            response = finish(response, &request_id);
            answer::bound_errors(&mut response.errors);
            response
        };
        answers.map(bounded).boxed()
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
            Ok::<_, Refused>((self.prepare(parameters, Transport::FORM)?, map))
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
}

impl<S: Service> Endpoint for Graphql<S> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let core = &self.0;
        let request_id = core.request_ids.next();
        let takes = Takes::of(request.headers());
        let coding = negotiation::coding(request.headers());
        let answered = if live::asks_for_upgrade(&request) {
            match live::accept(core, &request, &request_id).await {
                Ok(response) => return Ok(response),
                Err(refused) => Err(refused),
            }
        } else if takes.whole.is_some() || takes.events {
            core.answer(request, takes, &request_id).await
        } else {
            let body = request.take_body();
            body::discard(request.headers(), body, core.options.limits.body_bytes);
            Err(Refused::NotAcceptable)
        };
        let mut response = match answered {
            Ok(Answered::Whole(response)) => answer::respond(Ok(response), takes.whole_type(), coding),
            Ok(Answered::Events(answers, ends)) => core.event_stream(answers, ends),
            // Who takes only events may be unable to read anything else.
            Err(Refused::Request(errors)) if takes.whole.is_none() => {
                let refused = stream::iter([GraphqlResponse::from_errors(errors)]).boxed();
                core.event_stream(refused, Ends::soon(core.options.live.audience.closing()))
            }
            Err(refused) => answer::respond(Err(refused), takes.whole_type(), coding),
        };
        answer::add_headers(response.headers_mut(), &request_id);
        Ok(response)
    }
}

impl<S: Service> Core<S> {
    fn event_stream(&self, answers: BoxStream<'static, GraphqlResponse>, ends: Ends) -> Response {
        live::event_stream(answers, ends, self.options.live.settings.heartbeat.0)
    }
}

/// What a client takes for an answer.
#[derive(Debug, Clone, Copy)]
struct Takes {
    whole: Option<MediaType>,
    events: bool,
}

impl Takes {
    fn of(headers: &HeaderMap) -> Self {
        Self { whole: MediaType::negotiate(headers), events: negotiation::takes_events(headers) }
    }

    /// The type of what is no event, such as a refusal.
    fn whole_type(self) -> MediaType {
        self.whole.unwrap_or(MediaType::Json)
    }
}

/// An answer, or answers.
enum Answered {
    Whole(GraphqlResponse),
    Events(BoxStream<'static, GraphqlResponse>, Ends),
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

#[cfg(test)]
mod multipart_tests;
#[cfg(test)]
mod test_api;
#[cfg(test)]
mod tests;
