//! The protocol `graphql-transport-ws`, every close code and every bound, and streams of events; over a pipe in memory,
//! with a clock that is put forward.

use std::sync::atomic::Ordering;

use futures_util::{SinkExt, StreamExt};
use http::StatusCode;
use poem::{Endpoint, Request};
use serde_json::{Value, json};
use tokio::io::DuplexStream;
use tokio::time::{Duration, Instant, sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::super::test_api::Api;
use super::super::{Caller, Credential};
use super::*;

/// A client of a connection.
struct Client {
    socket: WebSocketStream<DuplexStream>,
    served: tokio::task::JoinHandle<()>,
}

impl Client {
    async fn open(api: &Api) -> Self {
        Self::with(api, 64 * 1024, true, Credential::Nothing).await
    }

    /// Over a pipe that holds so many bytes.
    async fn with(api: &Api, pipe: usize, speaks: bool, credential: Credential) -> Self {
        let (ours, theirs) = tokio::io::duplex(pipe);
        let caller = Caller { request_id: "first".to_owned(), credential, ..Caller::default() };
        let served = tokio::spawn(socket::serve(Arc::clone(&api.endpoint.0), theirs, caller, speaks));
        Self { socket: WebSocketStream::from_raw_socket(ours, Role::Client, None).await, served }
    }

    async fn greeted(api: &Api) -> Self {
        let mut client = Self::open(api).await;
        client.say(json!({"type": "connection_init"})).await;
        assert_eq!(client.hear().await, json!({"type": "connection_ack"}));
        client
    }

    async fn say(&mut self, message: Value) {
        self.say_text(&message.to_string()).await;
    }

    async fn say_text(&mut self, text: &str) {
        // Where the other side has closed, what it said is still to be heard.
        let _ = self.socket.send(Message::text(text)).await;
    }

    async fn subscribe(&mut self, id: &str, query: &str) {
        self.say(json!({"type": "subscribe", "id": id, "payload": {"query": query}})).await;
    }

    /// The next message that is no ping.
    async fn hear(&mut self) -> Value {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).unwrap(),
                Some(Ok(Message::Ping(_))) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// The code that it is closed with; what is said before is passed over.
    async fn closed(mut self) -> u16 {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Close(Some(frame)))) => {
                    let _ = self.socket.flush().await;
                    self.served.await.unwrap();
                    return frame.code.into();
                }
                Some(Ok(_)) => {}
                other => panic!("it was not closed: {other:?}"),
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn each_breach_has_its_code() {
    let api = Api::new();
    let init = json!({"type": "connection_init"}).to_string();
    let subscribe =
        json!({"type": "subscribe", "id": "1", "payload": {"query": "subscription { silence }"}}).to_string();
    let bad = |authorization: &str| {
        json!({"type": "connection_init", "payload": {"authorization": authorization}}).to_string()
    };
    for (messages, code) in [
        (vec!["hello"], 4400),
        (vec!["{"], 4400),
        (vec![r#"{"type":"start"}"#], 4400),
        (vec![r#"{"type":"connection_init","payload":[]}"#], 4400),
        (vec![&init, r#"{"type":"subscribe","id":"","payload":{"query":"{greeting}"}}"#], 4400),
        (vec![&init, r#"{"type":"subscribe","id":"1"}"#], 4400),
        (vec![&init, r#"{"type":"subscribe","id":"1","payload":{}}"#], 4400),
        (vec![&init, r#"{"type":"subscribe","id":"1","payload":[]}"#], 4400),
        (vec![&init, r#"{"type":"subscribe","id":"1","payload":{"query":1}}"#], 4400),
        (vec![&subscribe], 4401),
        (vec![&bad("Bearer bad")], 4403),
        (vec![&bad("good")], 4403),
        (vec![&bad("")], 4403),
        (vec![&init, &subscribe, &subscribe], 4409),
        (vec![&init, &init], 4429),
        (vec![], 4408),
        // Whoever says something else in time has not said who they are.
        (vec![r#"{"type":"ping"}"#], 4408),
    ] {
        let mut client = Client::open(&api).await;
        for message in &messages {
            client.say_text(message).await;
        }
        assert_eq!(client.closed().await, code, "{messages:?}");
    }
    let client = Client::with(&api, 1024, false, Credential::Nothing).await;
    assert_eq!(client.closed().await, 4406);
    for credential in [Credential::Malformed, Credential::Bearer("bad".into())] {
        let mut client = Client::with(&api, 1024, true, credential).await;
        client.say_text(&init).await;
        assert_eq!(client.closed().await, 4403, "what came with the handshake counts too");
    }
    let mut binary = Client::greeted(&api).await;
    binary.socket.send(Message::binary(vec![1, 2, 3])).await.unwrap();
    assert_eq!(binary.closed().await, 4400);
    let mut large = Client::greeted(&api).await;
    large.say(json!({"type": "ping", "payload": {"x": "x".repeat(64 * 1024)}})).await;
    assert_eq!(large.closed().await, 1009);
}

#[tokio::test(start_paused = true)]
async fn operations_of_every_kind_are_answered() {
    let api = Api::new();
    let mut client = Client::greeted(&api).await;
    client.subscribe("q", "{ greeting(name: \"Rima\") }").await;
    assert_eq!(
        client.hear().await,
        json!({"id": "q", "type": "next", "payload": {"data": {"greeting": "مرحبا Rima"}}})
    );
    assert_eq!(client.hear().await, json!({"id": "q", "type": "complete"}));
    client.subscribe("q", "mutation { count }").await;
    assert_eq!(client.hear().await["payload"]["data"], json!({"count": 1}));
    assert_eq!(client.hear().await["type"], "complete");
    client.subscribe("s", "subscription { numbers(to: 2) }").await;
    for n in 1..=2 {
        assert_eq!(
            client.hear().await,
            json!({"id": "s", "type": "next", "payload": {"data": {"numbers": n}}})
        );
    }
    assert_eq!(client.hear().await, json!({"id": "s", "type": "complete"}));
    // A field that fails leaves the rest; an operation that fails has no answer.
    client.subscribe("f", "{ broken greeting }").await;
    let partly = client.hear().await;
    assert_eq!(
        (&partly["type"], &partly["payload"]["errors"][0]["path"]),
        (&json!("next"), &json!(["broken"]))
    );
    assert_eq!(client.hear().await["type"], "complete");
    for (query, code) in [
        ("subscription { refused }", "INTERNAL"),
        ("subscription { panicking }", "INTERNAL"),
        ("subscription { nothing }", "VALIDATION"),
        ("subscription {", "BAD_REQUEST"),
        ("{ nothing }", "VALIDATION"),
    ] {
        client.subscribe("e", query).await;
        let error = client.hear().await;
        assert_eq!((&error["id"], &error["type"]), (&json!("e"), &json!("error")), "{error}");
        assert_eq!(error["payload"][0]["extensions"]["code"], code, "{query}");
    }
    client.say(json!({"type": "ping", "payload": {"any": "thing"}})).await;
    assert_eq!(client.hear().await, json!({"type": "pong"}));
    // What is ended is heard of no more, and its name is free.
    client.subscribe("gone", "subscription { silence }").await;
    client.say(json!({"type": "complete", "id": "gone"})).await;
    client.say(json!({"type": "complete", "id": "never was"})).await;
    client.subscribe("gone", "subscription { numbers(to: 1) }").await;
    assert_eq!(client.hear().await["payload"]["data"], json!({"numbers": 1}));
    assert_eq!(client.hear().await, json!({"id": "gone", "type": "complete"}));
    // The request's id is each operation's own.
    let mut ids = std::collections::HashSet::new();
    for _ in 0..2 {
        client.subscribe("id", "{ requestId }").await;
        ids.insert(client.hear().await["payload"]["data"]["requestId"].as_str().unwrap().to_owned());
        client.hear().await;
    }
    assert_eq!(ids.len(), 2);
}

/// The limits of HTTP hold, asked before the parser and before validation.
#[tokio::test(start_paused = true)]
async fn the_limits_of_a_request_hold() {
    let api = Api::with(|options| options.limits.complexity = 50);
    let mut client = Client::greeted(&api).await;
    let nested = format!("subscription {{ numbers(to: {}1{}) }}", "[".repeat(1_500), "]".repeat(1_500));
    let mut doubled = String::from("subscription { ...F0 }");
    for i in 0..30 {
        doubled.push_str(&format!(" fragment F{i} on Watching {{ ...F{0} ...F{0} }}", i + 1));
    }
    doubled.push_str(" fragment F30 on Watching { silence }");
    let many =
        format!("subscription {{ {} }}", (0..21).map(|n| format!("a{n}: silence ")).collect::<String>());
    let dear = format!(
        "{{ {} }}",
        (0..20).map(|n| format!("a{n}: greeting b{n}: language c{n}: requestId ")).collect::<String>()
    );
    for (query, limits) in [
        (nested.as_str(), &["NESTING"][..]),
        (&doubled, &["SELECTIONS", "RECURSION"]),
        (&many, &["ROOT_FIELDS"]),
        (&dear, &["ROOT_FIELDS", "COMPLEXITY"]),
        (&"{ greeting ".repeat(70), &["NESTING"]),
    ] {
        client.subscribe("1", query).await;
        let error = client.hear().await;
        assert_eq!(error["type"], "error", "{error}");
        let extensions = &error["payload"][0]["extensions"];
        assert_eq!(extensions["code"], "LIMIT_EXCEEDED", "{query:.40}: {error}");
        assert!(limits.contains(&extensions["limit"].as_str().unwrap()), "{query:.40}: {error}");
    }
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    client
        .say_text(&format!(
            r#"{{"type":"subscribe","id":"v","payload":{{"query":"subscription($v: Int!) {{ numbers(to: $v) }}","variables":{{"v":{deep}}}}}}}"#
        ))
        .await;
    assert_eq!(client.hear().await["payload"][0]["extensions"]["limit"], "VARIABLE_NESTING");
    client.subscribe("alive", "{ greeting }").await;
    assert_eq!(client.hear().await["type"], "next");
}

#[tokio::test(start_paused = true)]
async fn a_connection_runs_so_many_operations_at_a_time() {
    let api = Api::new();
    let most = api.endpoint.0.options.live.settings.max_operations;
    let mut client = Client::greeted(&api).await;
    for n in 0..most {
        client.subscribe(&n.to_string(), "subscription { silence }").await;
    }
    client.subscribe("more", "{ greeting }").await;
    let error = client.hear().await;
    assert_eq!(
        (&error["id"], &error["payload"][0]["extensions"]["code"]),
        (&json!("more"), &json!("LIMIT_EXCEEDED"))
    );
    client.say(json!({"type": "complete", "id": "0"})).await;
    client.subscribe("more", "{ greeting }").await;
    assert_eq!(client.hear().await["type"], "next");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_gives_no_sign_of_life_is_gone() {
    let api = Api::new();
    let heartbeat = api.endpoint.0.options.live.settings.heartbeat.0;
    // One that reads answers the pings, which its library does by itself.
    let mut alive = Client::greeted(&api).await;
    alive.subscribe("1", "subscription { silence }").await;
    let waited = timeout(heartbeat * 20, alive.socket.next());
    let mut pings = 0;
    let began = Instant::now();
    let mut next = waited.await;
    while let Ok(Some(Ok(Message::Ping(_)))) = next {
        pings += 1;
        if began.elapsed() > heartbeat * 10 {
            break;
        }
        next = timeout(heartbeat * 2, alive.socket.next()).await;
    }
    assert!(pings >= 9, "{pings}");
    // One that does not is cut off.
    let silent = Client::greeted(&api).await;
    let began = Instant::now();
    silent.served.await.unwrap();
    assert!(began.elapsed() < heartbeat * 4, "{:?}", began.elapsed());
    assert!(began.elapsed() >= heartbeat * 2, "{:?}", began.elapsed());
}

/// Nothing is taken from an operation that its client does not take, and who takes nothing is cut off.
#[tokio::test(start_paused = true)]
async fn a_slow_client_costs_no_more_than_another() {
    let api = Api::new();
    let mut client = Client::with(&api, 8 * 1024, true, Credential::Nothing).await;
    client.say(json!({"type": "connection_init"})).await;
    client.hear().await;
    client.subscribe("1", "subscription { flood(length: 1000) }").await;
    sleep(Duration::from_secs(1)).await;
    let pulled = api.pulled.load(Ordering::SeqCst);
    assert!((1..=12).contains(&pulled), "{pulled} of a pipe that holds 8");
    // It takes some (what its own buffer holds, rather), and is told as much more.
    for _ in 0..5 {
        client.hear().await;
    }
    sleep(Duration::from_secs(1)).await;
    assert!(api.pulled.load(Ordering::SeqCst) <= pulled + 20);
    let began = Instant::now();
    client.served.await.unwrap();
    assert!(began.elapsed() <= Duration::from_secs(7), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn whoever_may_not_stay_is_sent_away() {
    let api = Api::new();
    let mut member = Client::open(&api).await;
    member.say(json!({"type": "connection_init", "payload": {"authorization": "Bearer good"}})).await;
    member.hear().await;
    let mut by_header = Client::with(&api, 1024, true, Credential::Bearer("good".into())).await;
    by_header.say(json!({"type": "connection_init", "payload": null})).await;
    by_header.hear().await;
    let mut guest = Client::greeted(&api).await;
    for client in [&mut member, &mut by_header, &mut guest] {
        client.subscribe("1", "subscription { silence }").await;
        client.say(json!({"type": "ping"})).await;
        client.hear().await;
    }
    api.out.notify_waiters();
    assert_eq!(member.closed().await, 4403);
    assert_eq!(by_header.closed().await, 4403);
    guest.say(json!({"type": "ping"})).await;
    assert_eq!(guest.hear().await, json!({"type": "pong"}));
    // The program stops.
    api.endpoint.0.options.live.audience.close(Duration::from_secs(1)).await;
    assert_eq!(guest.closed().await, 1001);
}

#[tokio::test(start_paused = true)]
async fn a_client_may_leave() {
    let api = Api::new();
    let mut client = Client::greeted(&api).await;
    client.subscribe("1", "subscription { silence }").await;
    client.socket.close(None).await.unwrap();
    while let Some(Ok(_)) = client.socket.next().await {}
    client.served.await.unwrap();
    let rude = Client::greeted(&api).await;
    drop(rude.socket);
    rude.served.await.unwrap();
}

const EVENTS: &str = "text/event-stream";

async fn stream_of(api: &Api, headers: &[(&str, &str)], query: &str) -> poem::Response {
    let request = headers.iter().fold(
        Request::builder().method(http::Method::POST).header("content-type", "application/json"),
        |request, (name, value)| request.header(*name, *value),
    );
    api.endpoint.call(request.body(json!({ "query": query }).to_string())).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn one_operation_is_answered_as_events() {
    let api = Api::new();
    let accept = [("accept", EVENTS)];
    let response = stream_of(&api, &accept, "subscription { numbers(to: 2) }").await;
    assert_eq!(response.status(), StatusCode::OK);
    for (name, value) in [
        ("content-type", "text/event-stream; charset=utf-8"),
        ("cache-control", "no-store"),
        ("x-accel-buffering", "no"),
    ] {
        assert_eq!(response.headers()[name], value);
    }
    assert_eq!(
        response.into_body().into_string().await.unwrap(),
        ":\n\nevent: next\ndata: {\"data\":{\"numbers\":1}}\n\nevent: next\ndata: {\"data\":{\"numbers\":2}}\n\nevent: complete\ndata:\n\n"
    );
    // A query, where nothing else is taken; and a refusal.
    for (query, data) in [
        ("{ greeting }", "{\"data\":{\"greeting\":\"مرحبا \"}}"),
        ("{ nothing }", "\"code\":\"VALIDATION\""),
        ("subscription { refused }", "\"code\":\"INTERNAL\""),
        ("subscription {", "\"code\":\"BAD_REQUEST\""),
    ] {
        let body = stream_of(&api, &accept, query).await.into_body().into_string().await.unwrap();
        assert!(body.starts_with(":\n\nevent: next\ndata: {"), "{body}");
        assert!(body.contains(data) && body.ends_with("event: complete\ndata:\n\n"), "{body}");
    }
    // Both are taken: what ends is answered whole.
    let both = [("accept", "application/graphql-response+json, text/event-stream")];
    let whole = stream_of(&api, &both, "{ greeting }").await;
    assert_eq!(whole.headers()["content-type"], "application/graphql-response+json; charset=utf-8");
    let events = stream_of(&api, &both, "subscription { numbers(to: 1) }").await;
    assert_eq!(events.headers()["content-type"], "text/event-stream; charset=utf-8");
    // By GET: what changes nothing.
    let get = async |query: &str| {
        let address = format!("/graphql?query={query}").parse().unwrap();
        api.endpoint.call(Request::builder().uri(address).header("accept", EVENTS).finish()).await.unwrap()
    };
    let body = get("subscription{numbers(to:1)}").await.into_body().into_string().await.unwrap();
    assert!(body.contains("{\"numbers\":1}"), "{body}");
    assert_eq!(get("mutation{count}").await.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(api.runs.load(Ordering::SeqCst), 0);
    let only_whole =
        stream_of(&api, &[("accept", "application/json")], "subscription { numbers(to: 1) }").await;
    assert!(only_whole.into_body().into_string().await.unwrap().contains("text/event-stream"));
    // A token that does not hold.
    let refused =
        stream_of(&api, &[("accept", EVENTS), ("authorization", "Bearer bad")], "subscription { silence }")
            .await;
    assert_ne!(refused.headers()["content-type"], "text/event-stream; charset=utf-8");
}

#[tokio::test(start_paused = true)]
async fn a_stream_lives_and_ends_as_a_connection_does() {
    let settings = config::Live { max: 2, ..config::Live::default() };
    let api = Api::with(|options| {
        options.live = LiveOptions::new(settings, options.live.write_timeout, Cors::default())
    });
    let member = [("accept", EVENTS), ("authorization", "Bearer good")];
    let signed_in = stream_of(&api, &member, "subscription { silence }").await;
    let guest = stream_of(&api, &[("accept", EVENTS)], "subscription { silence }").await;
    let full = stream_of(&api, &[("accept", EVENTS)], "subscription { silence }").await;
    assert_eq!(full.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(full.headers()["retry-after"], "5");

    let mut chunks = guest.into_body().into_bytes_stream();
    for _ in 0..3 {
        assert_eq!(chunks.next().await.unwrap().unwrap(), ":\n\n");
    }
    let mut taken = signed_in.into_body().into_bytes_stream();
    assert_eq!(taken.next().await.unwrap().unwrap(), ":\n\n");
    let told = tokio::spawn(async move {
        let mut all = Vec::new();
        while let Some(chunk) = taken.next().await {
            all.extend_from_slice(&chunk.unwrap());
        }
        String::from_utf8(all).unwrap()
    });
    sleep(Duration::from_millis(10)).await;
    api.out.notify_waiters();
    let told = told.await.unwrap();
    assert!(told.contains("UNAUTHENTICATED") && told.ends_with("event: complete\ndata:\n\n"), "{told}");
    // Its place is free.
    let next = stream_of(&api, &[("accept", EVENTS)], "subscription { silence }").await;
    assert_eq!(next.status(), StatusCode::OK);
    // The program stops: without `complete`, so that the client comes again.
    let audience = api.endpoint.0.options.live.audience.clone();
    let stopping = tokio::spawn(async move { audience.close(Duration::from_secs(5)).await });
    assert!(chunks.next().await.is_none());
    drop((chunks, next));
    stopping.await.unwrap();
    let late = stream_of(&api, &[("accept", EVENTS)], "subscription { silence }").await;
    assert_eq!(late.status(), StatusCode::SERVICE_UNAVAILABLE);
}
