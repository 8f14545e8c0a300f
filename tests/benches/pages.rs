//! What a page of the contract costs this machine, from the request's bytes to the answer's: processor time for each,
//! in one process, without sockets. `cargo xtask bench` says how the program fares as a whole; this says where to look.
//!
//! `cargo bench -p masthead-tests --bench pages -- DATABASE [PAGE] [TIMES]` asks the pages of a database that was imported
//! by `cargo xtask bench` (`sqlite:target/bench/bench.sqlite`, or `postgres://…`). Give a profiler one page and a number.

#![allow(clippy::expect_used, reason = "a bench that cannot be set up has failed")]

use std::sync::Arc;
use std::time::Instant;

use async_graphql::{Request, Response};
use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use masthead_actions::comment::Conversation;
use masthead_actions::live::Live;
use masthead_actions::media::Workshop;
use masthead_actions::user::{Door, Lifetimes};
use masthead_domain::viewer::Viewer;
use masthead_graphql::limits::{Limits, ListSizes};
use masthead_graphql::{Introspection, PublicUrl, Schema, Settings, Visit, execute, schema, sdl};
use masthead_persistence::media::Files;
use masthead_persistence::{Options as StoreOptions, Store};
use masthead_server::config::Live as LiveSettings;
use masthead_server::http::Cors;
use masthead_server::http::client_address::TrustedProxies;
use masthead_server::http::graphql::{
    Caller, Credential, Graphql, Leave, LiveOptions, NotAdmitted, Options, Service, SessionCookie,
    UploadLimits,
};
use poem::Endpoint;

#[path = "../tests/masthead/documents.rs"]
mod documents;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// An operation of the contract, and the variables of the n-th request for it.
type Page = (&'static str, &'static str, fn(usize) -> String);

const PAGES: [Page; 3] = [
    ("article", "ArticlePage", |n| format!(r#"{{"slug":"story-{}"}}"#, n * 7919 % 10_000)),
    ("front", "FrontPage", |n| format!(r#"{{"locale":"{}"}}"#, ["ar", "fr", "en"][n % 3])),
    ("section", "SectionPage", |n| {
        [r#"{"slug":"city"}"#, r#"{"slug":"sport","locale":"ar"}"#, r#"{"slug":"culture","locale":"fr"}"#]
            [n % 3]
            .to_owned()
    }),
];

struct Api {
    schema: Schema,
    settings: Settings,
}

impl Service for Api {
    async fn execute(&self, request: Request, caller: Caller) -> Response {
        let visit = Visit::new(&self.settings, Viewer::Guest, now(), None, caller.request_id);
        execute(&self.schema, request, visit).await
    }

    async fn takes_files(&self, _: &Caller) -> bool {
        false
    }

    async fn subscribe(&self, _: Request, _: Caller) -> BoxStream<'static, Response> {
        stream::pending().boxed()
    }

    async fn stays(&self, _: &Credential) -> Result<Option<Leave>, NotAdmitted> {
        Ok(None)
    }
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).expect("an instant")
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|text| text != "--bench").collect();
    let Some(database) = arguments.first() else {
        println!("usage: cargo bench -p masthead-tests --bench pages -- DATABASE [PAGE] [TIMES]");
        return;
    };
    let wanted = arguments.get(1).map(String::as_str);
    let times = arguments.get(2).map_or(2_000, |text| text.parse().expect("a number"));
    let store = Store::open(&StoreOptions::new(database.as_str())).await.expect("opens");
    store.migrate().await.expect("is brought up to date");
    let api = Api {
        schema: schema(Introspection::Open),
        settings: Settings {
            store: store.clone(),
            workshop: Workshop::new(Files::in_memory(), 1_000_000),
            public_url: PublicUrl::new("https://news.example"),
            conversation: Conversation::new(None, false, None),
            entropy: Arc::new(|| [9; 32]),
            live: Live::new(store.clone()),
            clock: Arc::new(now),
            door: Door::new(false, Lifetimes::default()),
        },
    };
    let options = Options {
        limits: Limits::DEFAULT,
        list_sizes: ListSizes::DEFAULT,
        introspection: true,
        body_timeout: std::time::Duration::from_secs(10),
        request_timeout: std::time::Duration::from_secs(10),
        cookie: SessionCookie::new("https://news.example"),
        proxies: TrustedProxies::default(),
        uploads: UploadLimits::new(1_000, 1, std::time::Duration::from_secs(10)),
        live: LiveOptions::new(LiveSettings::default(), std::time::Duration::from_secs(10), Cors::default()),
    };
    let endpoint = Arc::new(Graphql::new(api, &sdl(), options).expect("the schema is readable"));
    println!("{:<10}{:>12}{:>12}{:>12}", "", "cpu us", "wall us", "bytes");
    for (name, operation, variables) in PAGES {
        if wanted.is_none_or(|wanted| wanted == name) {
            let document = documents::operation(operation);
            let endpoint = endpoint.clone();
            // On a worker of the runtime, as in the program.
            let run = tokio::spawn(async move {
                ask(&*endpoint, &document, variables, times / 10 + 1).await;
                let (started, cpu) = (Instant::now(), cpu_seconds());
                let bytes = ask(&*endpoint, &document, variables, times).await;
                (cpu_seconds() - cpu, started.elapsed().as_secs_f64(), bytes)
            });
            let (cpu, wall, bytes) = run.await.expect("no panic");
            let each = |seconds: f64| seconds * 1e6 / times as f64;
            println!("{name:<10}{:>12.0}{:>12.0}{:>12}", each(cpu), each(wall), bytes / times);
        }
    }
    drop(endpoint);
    store.close().await.expect("closes");
}

/// Asks so many times, one after the other; the bytes that were answered.
async fn ask(
    endpoint: &impl Endpoint<Output = poem::Response>,
    document: &str,
    variables: fn(usize) -> String,
    times: usize,
) -> usize {
    let document = serde_json::to_string(document).expect("JSON");
    let mut bytes = 0;
    for n in 0..times {
        let request = poem::Request::builder()
            .method(http::Method::POST)
            .content_type("application/json")
            .header("accept", "application/graphql-response+json")
            .body(format!(r#"{{"query":{document},"variables":{}}}"#, variables(n)));
        let mut answer = endpoint.call(request).await.expect("an answer");
        let body = answer.take_body().into_vec().await.expect("a body");
        assert!(
            answer.status().is_success() && !body.starts_with(br#"{"errors""#),
            "{}",
            String::from_utf8_lossy(&body)
        );
        bytes += body.len();
    }
    bytes
}

/// The processor time this process has had, in all its threads.
fn cpu_seconds() -> f64 {
    let threads = std::fs::read_dir("/proc/self/task").expect("this is Linux");
    let nanoseconds: u64 = threads
        .filter_map(|thread| std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok())
        .filter_map(|text| text.split_whitespace().next()?.parse::<u64>().ok())
        .sum();
    nanoseconds as f64 / 1e9
}
