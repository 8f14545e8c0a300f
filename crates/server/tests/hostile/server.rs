//! A server of its own for each test: the real routes, connections and limits over loopback, with a small schema that
//! has what attacks are made of: recursion, lists, arguments of every shape, a mutation.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_graphql::{
    Enum, InputObject, Object, Request as GraphqlRequest, Response as GraphqlResponse, Schema, Subscription,
};
use futures_util::stream::{self, BoxStream, StreamExt};
use masthead_actions::media::Workshop;
use masthead_graphql::limits::{Limits, ListSizes};
use masthead_persistence::media::Files;
use masthead_server::config::{self, Connections, Seconds};
use masthead_server::http::address::{Directory, Found, Page, Unknown};
use masthead_server::http::client_address::TrustedProxies;
use masthead_server::http::graphql::{
    Caller, Credential, Graphql, Leave, LiveOptions, NotAdmitted, Options, Service, SessionCookie,
    UploadLimits,
};
use masthead_server::http::media::media;
use masthead_server::http::thread_letters::Keeper;
use masthead_server::http::{Cors, Ready, connections, routes};
use tokio::net::TcpListener;

pub struct Query;

/// An input that contains itself, as filters do.
#[derive(InputObject)]
pub struct Filter {
    and: Option<Vec<Filter>>,
    not: Option<Box<Filter>>,
    word: Option<String>,
}

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    Blue,
}

pub struct Article;

#[Object]
impl Query {
    async fn article(&self, slug: Option<String>, filter: Option<Filter>, colour: Option<Colour>) -> Article {
        drop((slug, filter.and_then(|it| it.word), colour));
        Article
    }
}

#[Object]
impl Article {
    async fn title(&self) -> &str {
        "وزيرة شؤون الشباب"
    }
    async fn text(&self, length: u32) -> String {
        "م".repeat(length as usize)
    }
    async fn related(&self, first: Option<i32>) -> Vec<Article> {
        (0..first.unwrap_or(20)).map(|_| Article).collect()
    }
}

#[derive(Default)]
pub struct Mutation {
    runs: Arc<AtomicU32>,
}

#[Object]
impl Mutation {
    async fn leave(&self, text: Option<String>) -> u32 {
        drop(text);
        self.runs.fetch_add(1, Ordering::SeqCst) + 1
    }
}

pub struct Watching;

#[Subscription]
impl Watching {
    /// Says nothing, and stays.
    async fn silence(&self) -> BoxStream<'static, Article> {
        stream::pending().boxed()
    }
    /// As much as anybody takes.
    async fn flood(&self) -> BoxStream<'static, Article> {
        stream::repeat_with(|| Article).boxed()
    }
}

#[derive(Clone)]
struct TestSchema(Schema<Query, Mutation, Watching>);

impl Service for TestSchema {
    async fn execute(&self, request: GraphqlRequest, _: Caller) -> GraphqlResponse {
        self.0.execute(request).await
    }

    async fn takes_files(&self, _: &Caller) -> bool {
        true
    }

    async fn subscribe(&self, request: GraphqlRequest, _: Caller) -> BoxStream<'static, GraphqlResponse> {
        self.0.execute_stream(request)
    }

    async fn stays(&self, _: &Credential) -> Result<Option<Leave>, NotAdmitted> {
        Ok(None)
    }
}

struct Always;

impl Ready for Always {
    async fn ready(&self) -> bool {
        true
    }
}

/// Nothing stands at any other path.
#[derive(Clone)]
struct NoAddresses;

impl Directory for NoAddresses {
    async fn find(&self, _: &str) -> Result<Option<Found>, Unknown> {
        Ok(None)
    }

    async fn front(&self) -> Result<Page, Unknown> {
        Err(Unknown)
    }
}

impl Keeper for NoAddresses {
    async fn confirm(&self, _: &str) -> Result<bool, Unknown> {
        Ok(false)
    }

    async fn end(&self, _: &str) -> Result<bool, Unknown> {
        Ok(false)
    }
}

/// A running server; it ends with the test's runtime.
pub struct Server {
    pub address: SocketAddr,
    runs: Arc<AtomicU32>,
}

impl Server {
    /// With the defaults for everything.
    pub async fn start() -> Self {
        Self::with(Connections::default(), |_| {}).await
    }

    /// With other limits on connections and requests.
    pub async fn with(connections: Connections, change: impl FnOnce(&mut Options)) -> Self {
        Self::until(connections, change, std::future::pending()).await
    }

    /// The same until `stop` is done.
    pub async fn until(
        limits: Connections,
        change: impl FnOnce(&mut Options),
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Self {
        let mutation = Mutation::default();
        let runs = Arc::clone(&mutation.runs);
        let schema = Schema::new(Query, mutation, Watching);
        let mut options = Options {
            limits: Limits::DEFAULT,
            list_sizes: ListSizes::DEFAULT,
            introspection: true,
            body_timeout: limits.body_timeout.0,
            request_timeout: Duration::from_secs(10),
            cookie: SessionCookie::new("http://127.0.0.1:8000"),
            proxies: TrustedProxies::default(),
            uploads: UploadLimits::new(1_000, 1, limits.body_timeout.0),
            live: LiveOptions::new(config::Live::default(), limits.write_timeout.0, Cors::default()),
        };
        change(&mut options);
        let sdl = schema.sdl();
        let graphql = Graphql::new(TestSchema(schema), &sdl, options).unwrap();
        let site = routes(graphql, Always, None, no_media(), NoAddresses, NoAddresses, Cors::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(connections::serve(listener, site, limits, stop));
        Self { address, runs }
    }

    /// How many mutations ran.
    pub fn runs(&self) -> u32 {
        self.runs.load(Ordering::SeqCst)
    }
}

/// Pictures of which there are none.
fn no_media() -> impl poem::Endpoint<Output = poem::Response> {
    media(Workshop::new(Files::in_memory(), 1), "no-media".as_ref())
}

/// Time limits short enough for a test to wait for.
pub fn hasty() -> Connections {
    let short = Seconds(Duration::from_millis(200));
    Connections {
        header_timeout: short,
        body_timeout: short,
        write_timeout: short,
        drain_timeout: short,
        ..Connections::default()
    }
}
