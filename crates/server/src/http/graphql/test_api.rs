//! The endpoint over a schema of its own, for its tests: fields that answer, fail, panic and dawdle.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_graphql::{Context, EmptySubscription, Object, Schema};
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

pub(super) type TestSchema = Schema<Query, Mutation, EmptySubscription>;

impl Service for TestSchema {
    async fn execute(&self, request: GraphqlRequest, caller: Caller) -> GraphqlResponse {
        TestSchema::execute(self, request.data(caller)).await
    }

    async fn takes_files(&self, caller: &Caller) -> bool {
        caller.accept_language.as_deref() != Some("nobody")
    }
}

pub(super) struct Api {
    endpoint: Graphql<TestSchema>,
    pub(super) runs: Arc<AtomicU32>,
}

impl Api {
    pub(super) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(super) fn with(change: impl FnOnce(&mut Options)) -> Self {
        let mutation = Mutation::default();
        let runs = Arc::clone(&mutation.runs);
        let schema = Schema::new(Query, mutation, EmptySubscription);
        let mut options = Options {
            limits: Limits::DEFAULT,
            list_sizes: ListSizes::DEFAULT,
            introspection: true,
            body_timeout: Duration::from_secs(5),
            request_timeout: Duration::from_secs(5),
            cookie: SessionCookie::new("https://news.example"),
            proxies: TrustedProxies::default(),
            uploads: UploadLimits::new(1_000, 2, Duration::from_secs(5)),
        };
        change(&mut options);
        let sdl = schema.sdl();
        Self { endpoint: Graphql::new(schema, &sdl, options).unwrap(), runs }
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
