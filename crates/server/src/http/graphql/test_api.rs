//! The endpoint over a schema of its own, for its tests: fields that answer, fail, panic and dawdle.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_graphql::{Context, Object, Schema, Subscription};
use http::StatusCode;
use masthead_graphql::Upload;
use poem::Body;
use serde_json::Value;

use super::*;

pub(super) struct Query;

#[Object]
impl Query {
    async fn greeting(&self, name: Option<String>) -> String {
        format!("مرحبا {}", name.unwrap_or_default())
    }
    async fn language(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.data_unchecked::<Caller>().accept_language.clone()
    }
    async fn request_id(&self, ctx: &Context<'_>) -> String {
        ctx.data_unchecked::<Caller>().request_id.clone()
    }
    async fn broken(&self) -> Option<async_graphql::Result<i32>> {
        Some(Err(std::io::Error::other("disk 7 is on fire").into()))
    }
    async fn long(&self, #[graphql(default = 2000)] length: i32) -> String {
        "é".repeat(usize::try_from(length).unwrap())
    }
    async fn panics(&self) -> i32 {
        i32::from_str_radix("on purpose", 2).unwrap()
    }
    async fn slow(&self) -> i32 {
        tokio::time::sleep(Duration::from_secs(600)).await;
        1
    }
}

#[derive(Default)]
pub(super) struct Mutation {
    runs: Arc<AtomicU32>,
}

#[Object]
impl Mutation {
    async fn count(&self) -> u32 {
        self.runs.fetch_add(1, Ordering::SeqCst) + 1
    }
    async fn take(&self, ctx: &Context<'_>, file: Upload) -> String {
        self.runs.fetch_add(1, Ordering::SeqCst);
        match file.of(ctx) {
            Ok(Uploaded::File(bytes)) => format!("{} bytes", bytes.len()),
            Ok(Uploaded::TooLarge) => "too large".to_owned(),
            Ok(Uploaded::Unread) => "unread".to_owned(),
            Err(error) => error.to_string(),
        }
    }
    async fn text(&self, t: String) -> String {
        t
    }
}

#[derive(Default)]
pub(super) struct Watching {
    /// How many were asked for.
    pub(super) pulled: Arc<AtomicU32>,
}

#[Subscription]
impl Watching {
    async fn numbers(&self, to: u32) -> BoxStream<'static, u32> {
        stream::iter(1..=to).boxed()
    }
    async fn silence(&self) -> BoxStream<'static, u32> {
        stream::pending().boxed()
    }
    async fn flood(&self, length: u32) -> BoxStream<'static, String> {
        let pulled = Arc::clone(&self.pulled);
        let text = move || {
            pulled.fetch_add(1, Ordering::SeqCst);
            "x".repeat(length as usize)
        };
        stream::repeat_with(text).boxed()
    }
    async fn refused(&self) -> async_graphql::Result<BoxStream<'static, u32>> {
        Err("No.".into())
    }
    async fn panicking(&self) -> BoxStream<'static, i32> {
        stream::repeat_with(|| i32::from_str_radix("on purpose", 2).unwrap()).boxed()
    }
}

pub(super) type TestSchema = Schema<Query, Mutation, Watching>;

/// Rings when whoever is here may not stay.
pub(super) type Out = Arc<tokio::sync::Notify>;

impl Service for TestSchema {
    async fn execute(&self, request: GraphqlRequest, caller: Caller) -> GraphqlResponse {
        TestSchema::execute(self, request.data(caller)).await
    }

    async fn takes_files(&self, caller: &Caller) -> bool {
        caller.accept_language.as_deref() != Some("nobody")
    }

    async fn subscribe(
        &self,
        request: GraphqlRequest,
        caller: Caller,
    ) -> BoxStream<'static, GraphqlResponse> {
        self.execute_stream(request.data(caller))
    }

    async fn stays(&self, credential: &Credential) -> Result<Option<Leave>, NotAdmitted> {
        match credential {
            Credential::Nothing => Ok(None),
            Credential::Bearer(token) if token == "good" => {
                let out = Arc::clone(self.data::<Out>().unwrap());
                Ok(Some(Box::pin(async move { out.notified().await })))
            }
            _ => Err(NotAdmitted::Refused),
        }
    }
}

pub(super) struct Api {
    pub(super) endpoint: Graphql<TestSchema>,
    pub(super) runs: Arc<AtomicU32>,
    pub(super) pulled: Arc<AtomicU32>,
    pub(super) out: Out,
}

impl Api {
    pub(super) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(super) fn with(change: impl FnOnce(&mut Options)) -> Self {
        let mutation = Mutation::default();
        let runs = Arc::clone(&mutation.runs);
        let (watching, out) = (Watching::default(), Out::default());
        let pulled = Arc::clone(&watching.pulled);
        let schema = Schema::build(Query, mutation, watching).data(Arc::clone(&out)).finish();
        let mut options = Options {
            limits: Limits::DEFAULT,
            list_sizes: ListSizes::DEFAULT,
            introspection: true,
            body_timeout: Duration::from_secs(5),
            request_timeout: Duration::from_secs(5),
            cookie: SessionCookie::new("https://news.example"),
            proxies: TrustedProxies::default(),
            uploads: UploadLimits::new(1_000, 2, Duration::from_secs(5)),
            live: LiveOptions::new(
                crate::config::Live::default(),
                Duration::from_secs(5),
                crate::http::Cors::default(),
            ),
        };
        change(&mut options);
        let sdl = schema.sdl();
        Self { endpoint: Graphql::new(schema, &sdl, options).unwrap(), runs, pulled, out }
    }

    pub(super) async fn post(&self, headers: &[(&str, &str)], body: impl Into<Body>) -> Reply {
        let request =
            headers.iter().fold(Request::builder().method(Method::POST), |request, (name, value)| {
                request.header(*name, *value)
            });
        self.send(request.body(body)).await
    }

    pub(super) async fn ask(&self, accept: &str, body: &Value) -> Reply {
        self.post(&[("content-type", "application/json"), ("accept", accept)], body.to_string()).await
    }

    pub(super) async fn get(&self, query: &str) -> Reply {
        let address = format!("/graphql?{query}").parse().unwrap();
        self.send(Request::builder().uri(address).header("accept", NEW).finish()).await
    }

    pub(super) async fn send(&self, request: Request) -> Reply {
        let response = self.endpoint.call(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Reply { status: parts.status, headers: parts.headers, body: body.into_vec().await.unwrap() }
    }
}

pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Reply {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
    pub(super) fn code(&self) -> String {
        self.json()["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

pub(super) const NEW: &str = "application/graphql-response+json";
pub(super) const OLD: &str = "application/json";
