//! Each attack that a bare server of this stack does not survive, fired at a running one over loopback; afterwards the
//! process is alive and answers. The rows are those of the project's security notes.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

#[path = "hostile/client.rs"]
mod client;
#[path = "hostile/places.rs"]
mod places;
#[path = "hostile/server.rs"]
mod server;

use std::fmt::Write;
use std::time::Duration;

use client::{Connection, ask, assert_alive, post, post_as, send};
use masthead_server::config::{self, Connections};
use masthead_server::http::Cors;
use masthead_server::http::graphql::LiveOptions;
use serde_json::{Value, json};
use server::{Server, hasty};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::sleep;

const REFUSED: &str = "LIMIT_EXCEEDED";

fn limit(name: &str) -> (String, String) {
    (REFUSED.to_owned(), name.to_owned())
}

/// Row 1: the parser recurses on each level of a value, and overflows its stack.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nested_values_do_not_reach_the_parser() {
    let server = Server::start().await;
    // Some 500 overflow the stack of a debug build; from about 1,000 on the parser has a guard of its own.
    for levels in [65, 500, 700, 1_500, 7_500] {
        let list = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        let object = format!("{}1{}", "{not:".repeat(levels), "}".repeat(levels));
        for value in [&list, &object] {
            for query in [
                format!("{{ article(slug: {value}) {{ title }} }}"),
                format!("query($v: [String] = {value}) {{ article {{ title }} }}"),
                format!("{{ article @skip(if: {value}) {{ title }} }}"),
                format!("query @a(b: {value}) {{ article {{ title }} }}"),
                format!("fragment F on Query @a(b: {value}) {{ article {{ title }} }} {{ ...F }}"),
            ] {
                let reply = ask(&server, &query, Value::Null).await;
                assert_eq!((reply.status, reply.codes()), (400, limit("NESTING")), "{levels}: {query:.60}");
            }
        }
        let ty =
            format!("query($v: {}Int{}) {{ article {{ title }} }}", "[".repeat(levels), "]".repeat(levels));
        assert_eq!(ask(&server, &ty, Value::Null).await.codes(), limit("NESTING"));
    }
    for hidden in ["\"\"\" x\"", "\"\" # \"\"\"\n", "\"\\\"\" \"\\\\\"", "\"\"\"\\\"\"\" {{ \"\"\""] {
        let query = format!("{{ article(slug: [{hidden} {}]) {{ title }} }}", "[".repeat(5_000));
        let reply = ask(&server, &query, Value::Null).await;
        assert_eq!(reply.status, 400, "{hidden}");
    }
    assert_alive(&server).await;
}

/// Row 1: selection sets, tokens and size, which the parser copes with at a price.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deep_long_and_large_documents_are_refused() {
    let server = Server::start().await;
    let deep = format!("{{ article {}", "{ related ".repeat(3_000));
    assert_eq!(ask(&server, &deep, Value::Null).await.codes(), limit("NESTING"));
    let long = format!("{{ article {{ {} }} }}", "title ".repeat(15_000));
    assert_eq!(ask(&server, &long, Value::Null).await.codes(), limit("TOKENS"));
    let unspaced = format!("{{ article(slug: [{}]) {{ title }} }}", "0".repeat(20_000));
    assert_eq!(ask(&server, &unspaced, Value::Null).await.codes(), limit("TOKENS"));
    let large = format!("{{ article {{ title }} }} # {}", "م".repeat(100_000));
    assert_eq!(ask(&server, &large, Value::Null).await.codes(), limit("DOCUMENT"));
    assert_alive(&server).await;
}

/// Row 1: the same by way of the variables, and of recursive input objects within the limit.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nested_variables_do_not_reach_anything() {
    let server = Server::start().await;
    let query = "query($filter: Filter) { article(filter: $filter) { title } }";
    for levels in [65, 1_000, 100_000] {
        for (open, close) in [("[", "]"), (r#"{"not":"#, "}")] {
            let value = format!(
                "{}{}{}",
                open.repeat(levels),
                if open == "[" { "" } else { "1" },
                close.repeat(levels)
            );
            let body = format!(r#"{{"query": "{query}", "variables": {{"filter": {value}}}}}"#);
            let reply = send(&server, &post(&body)).await;
            assert_eq!((reply.status, reply.codes()), (400, limit("VARIABLE_NESTING")), "{levels}");
        }
    }
    let deepest = (0..30).fold(json!({"word": "x"}), |inner, _| json!({"and": [inner]}));
    let reply = ask(&server, query, json!({"filter": deepest})).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let many = ask(&server, query, json!({"filter": {"and": vec![json!({}); 10_000]}})).await;
    assert_eq!(many.codes(), limit("VARIABLES"));
    assert_alive(&server).await;
}

/// Row 2: each fragment spreads the next one twice; validation would take 2^30 steps, and no time limit stops it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn doubled_fragments_are_counted_before_validation() {
    let server = Server::start().await;
    for (n, expected) in [(25, "SELECTIONS"), (30, "SELECTIONS"), (90, "RECURSION"), (200, "FRAGMENTS")] {
        let mut query = String::from("{ article { ...F0 } }");
        for i in 0..n {
            write!(query, " fragment F{i} on Article {{ ...F{0} ...F{0} }}", i + 1).unwrap();
        }
        write!(query, " fragment F{n} on Article {{ title }}").unwrap();
        // as many at once as there are threads, and more: any that hung would starve the rest
        let (a, b, c, d) = tokio::join!(
            ask(&server, &query, Value::Null),
            ask(&server, &query, Value::Null),
            ask(&server, &query, Value::Null),
            ask(&server, &query, Value::Null),
        );
        for reply in [a, b, c, d] {
            let (code, name) = reply.codes();
            assert_eq!(code, REFUSED, "n = {n}");
            // a long chain is too much in two ways; which is met first depends on the fragments' order in memory
            assert!(name == expected || n == 90 && name == "SELECTIONS", "n = {n}: {name}");
        }
    }
    for circle in [
        "{ article { ...A } } fragment A on Article { ...A }",
        "{ article { ...A } } fragment A on Article { related { ...B } } fragment B on Article { related { ...A } }",
    ] {
        let reply = ask(&server, circle, Value::Null).await;
        assert_eq!((reply.status, reply.codes().0.as_str()), (400, "VALIDATION"));
    }
    assert_alive(&server).await;
}

/// Row 3: what a page of another site can make a browser send.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mutations_are_run_only_for_json_by_post() {
    let server = Server::start().await;
    let mutation = r#"{"query": "mutation { leave }"}"#;
    let by_get = send(&server, "GET /graphql?query=mutation%7Bleave%7D HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert_eq!(by_get.status, 405);
    assert!(by_get.head.contains("allow: post"), "{}", by_get.head);
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/octet-stream",
        "multipart/form-data; boundary=x",
    ] {
        assert_eq!(send(&server, &post_as(content_type, mutation)).await.status, 415, "{content_type}");
    }
    let without = post(mutation).replace("content-type: application/json\r\n", "");
    assert_eq!(send(&server, &without).await.status, 415);
    assert_eq!(server.runs(), 0);
    assert_eq!(send(&server, &post(mutation)).await.status, 200);
    assert_eq!(server.runs(), 1);
    assert_alive(&server).await;
}

/// Row 4: two megabytes, announced and not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_bodies_are_refused_and_the_client_learns_why() {
    let server = Server::start().await;
    let large =
        format!(r#"{{"query": "{{ article {{ title }} }}", "x": "{}"}}"#, "a".repeat(2 * 1024 * 1024));
    let told = send(&server, &post(&large)).await;
    assert_eq!((told.status, told.codes()), (413, limit("BODY")));

    // announced, and never sent: refused without waiting for it
    let mut connection = Connection::open(&server).await;
    connection.write("POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 2000000\r\n\r\n").await;
    assert_eq!(connection.reply().await.status, 413);

    let mut connection = Connection::open(&server).await;
    connection
        .write("POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n")
        .await;
    for piece in large.as_bytes().chunks(64 * 1024) {
        connection.write(format!("{:x}\r\n", piece.len())).await;
        connection.write(piece).await;
        connection.write("\r\n").await;
    }
    connection.write("0\r\n\r\n").await;
    let untold = connection.reply().await;
    assert_eq!((untold.status, untold.codes()), (413, limit("BODY")));
    assert_alive(&server).await;
}

/// Row 5: a byte now and then keeps a connection for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dribbled_requests_are_cut_off() {
    let server = Server::with(hasty(), |_| {}).await;

    let mut silent = Connection::open(&server).await;
    silent.rest().await;

    let mut headers = Connection::open(&server).await;
    headers.write("GET /healthz HTTP/1.1\r\nhost: a\r\n").await;
    for n in 0..6 {
        headers.write(format!("x-{n}: a\r\n")).await;
        sleep(Duration::from_millis(60)).await;
    }
    let said = headers.rest().await;
    assert!(!said.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&said));

    let mut body = Connection::open(&server).await;
    body.write(
        "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n",
    )
    .await;
    for _ in 0..6 {
        body.write(" ").await;
        sleep(Duration::from_millis(60)).await;
    }
    let said = String::from_utf8(body.rest().await).unwrap();
    assert!(said.starts_with("HTTP/1.1 408"), "{said}");

    // one that has been answered and says no more
    let mut idle = Connection::open(&server).await;
    idle.write("GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert_eq!(idle.reply().await.status, 200);
    idle.rest().await;

    let mut huge = Connection::open(&server).await;
    huge.write(format!("GET /healthz HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "a".repeat(1024 * 1024))).await;
    let said = huge.rest().await;
    assert!(!said.starts_with(b"HTTP/1.1 200"));
    assert_alive(&server).await;
}

/// Row 5: a client that asks and asks, and takes no answer, fills what it is given to wait in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_take_no_answer_are_cut_off() {
    const REQUESTS: usize = 40;
    let server = Server::with(hasty(), |_| {}).await;
    let request = post(r#"{"query": "{ article { text(length: 500000) } }"}"#); // a megabyte each
    let answer = send(&server, &request).await.body.len();
    let (mut answers, mut questions) = Connection::open(&server).await.0.into_split();
    let asking = tokio::spawn(async move {
        for _ in 0..REQUESTS {
            if questions.write_all(request.as_bytes()).await.is_err() {
                break;
            }
        }
    });
    sleep(Duration::from_millis(1_500)).await;
    let mut taken = Vec::new();
    let _ = answers.read_to_end(&mut taken).await; // ends, well or in a reset, because the server has gone
    assert!(taken.len() < answer * REQUESTS, "every answer was waited for");
    asking.await.unwrap();
    assert_alive(&server).await;
}

/// Row 6: many operations in one request.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn batches_are_not_run() {
    let server = Server::start().await;
    let one = r#"{"query":"mutation{leave}"}"#;
    let batch = format!("[{}]", vec![one; 20_000].join(","));
    let reply = send(&server, &post(&batch)).await;
    assert_eq!((reply.status, reply.codes()), (400, limit("BATCH")));
    // A list of one is a list, and what no list may hold is not looked at.
    for list in [format!("[{one}]"), "[]".to_owned(), format!(" [{}", "[".repeat(100_000))] {
        let reply = send(&server, &post(&list)).await;
        assert_eq!((reply.status, reply.codes()), (400, limit("BATCH")), "{list:.40}");
    }
    let many: String = (0..20_000).map(|n| format!("query Q{n}{{article{{title}}}}")).collect();
    assert_eq!(ask(&server, &many, Value::Null).await.codes().0, REFUSED);
    let several: String = (0..51).map(|n| format!("query Q{n}{{article{{title}}}}")).collect();
    assert_eq!(ask(&server, &several, Value::Null).await.codes(), limit("OPERATIONS"));
    assert_eq!(server.runs(), 0);
    assert_alive(&server).await;
}

/// Row 7: lists within lists, and the same dear field a hundred times.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dear_operations_are_refused() {
    let server = Server::start().await;
    let ladder = |first: &str, steps: usize| {
        let (open, close) = (format!("related(first: {first}) {{ ").repeat(steps), "} ".repeat(steps));
        format!(
            "query($n: Int = 100) {{ article {{ other: related(first: $n) {{ title }} {open} title {close} }} }}"
        )
    };
    assert_eq!(ask(&server, &ladder("100", 6), Value::Null).await.codes(), limit("COMPLEXITY"));
    assert_eq!(ask(&server, &ladder("$n", 6), json!({"n": 100})).await.codes(), limit("COMPLEXITY"));
    assert_eq!(ask(&server, &ladder("$n", 6), json!({})).await.codes(), limit("COMPLEXITY"));
    assert_eq!(ask(&server, &ladder("2", 6), Value::Null).await.status, 200);

    let aliases: String = (0..100).map(|n| format!("a{n}: related(first: 100) {{ title }} ")).collect();
    assert_eq!(
        ask(&server, &format!("{{ article {{ {aliases} }} }}"), Value::Null).await.codes(),
        limit("ALIASES")
    );
    let roots: String = (0..21).map(|n| format!("a{n}: article {{ title }} ")).collect();
    assert_eq!(ask(&server, &format!("{{ {roots} }}"), Value::Null).await.codes(), limit("ROOT_FIELDS"));
    let guesses: String = (0..6).map(|n| format!("a{n}: leave ")).collect();
    assert_eq!(
        ask(&server, &format!("mutation {{ {guesses} }}"), Value::Null).await.codes(),
        limit("MUTATION_FIELDS")
    );
    assert_eq!(server.runs(), 0);
    let directives = "@skip(if: false) ".repeat(101);
    assert_eq!(
        ask(&server, &format!("{{ article {directives} {{ title }} }}"), Value::Null).await.codes(),
        limit("DIRECTIVES")
    );
    let deep = format!("{{ article {{ {} title {} }} }}", "related(first: 1) { ".repeat(20), "} ".repeat(20));
    assert_eq!(ask(&server, &deep, Value::Null).await.codes(), limit("DEPTH"));
    // a megabyte in one variable, copied by validation and resolvers wherever it stands
    let uses = format!("query($s: String) {{ {} }}", "article(slug: $s) { title } ".repeat(15));
    let copied = ask(&server, &uses, json!({"s": "x".repeat(600_000)})).await;
    assert_eq!(copied.codes(), limit("ARGUMENTS"));
    assert_alive(&server).await;
}

/// Row 7: introspection is a graph too, and its lists are long.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn circular_introspection_is_refused() {
    let server = Server::start().await;
    let rounds = 5;
    let query = format!(
        "{{ __schema {{ types {{ {} name {} }} }} }}",
        "fields { type { ".repeat(rounds),
        "} } ".repeat(rounds)
    );
    assert_eq!(ask(&server, &query, Value::Null).await.codes(), limit("COMPLEXITY"));
    assert_alive(&server).await;
}

/// Row 8: statuses and headers, so that no proxy and no browser takes a refusal for an answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_have_a_status_a_code_and_no_data() {
    let server = Server::start().await;
    for (query, code) in
        [("{", "BAD_REQUEST"), ("{ unknown }", "VALIDATION"), ("subscription { a }", "BAD_REQUEST")]
    {
        let reply = ask(&server, query, Value::Null).await;
        assert_eq!((reply.status, reply.codes().0.as_str()), (400, code), "{query}");
        assert!(reply.json().get("data").is_none());
        assert!(reply.head.contains("x-content-type-options: nosniff"), "{}", reply.head);
        assert!(
            reply.head.contains("content-type: application/graphql-response+json; charset=utf-8"),
            "{}",
            reply.head
        );
    }
    assert_alive(&server).await;
}

/// Asked to stop, the server answers what it has begun, and takes nothing new.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn open_requests_are_answered_before_the_end() {
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let server = Server::until(Connections::default(), |_| {}, async { drop(stopped.await) }).await;
    let request = post(r#"{"query": "{ article { title } }"}"#);
    let (first, rest) = request.split_at(request.len() - 5);
    let mut open = Connection::open(&server).await;
    open.write(first).await;
    sleep(Duration::from_millis(100)).await; // until the server waits for the rest
    stop.send(()).unwrap();
    sleep(Duration::from_millis(100)).await;
    open.write(rest).await;
    let said = String::from_utf8(open.rest().await).unwrap();
    assert!(said.starts_with("HTTP/1.1 200") && said.contains("وزيرة"), "{said}");
    assert!(tokio::net::TcpStream::connect(server.address).await.is_err());
}

/// Row 9: who may open a socket at all. What is said on it is held by `http/graphql/live/tests.rs`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_are_opened_by_those_who_may() {
    let listed = "https://app.example".parse().unwrap();
    let server = Server::with(Connections::default(), |options| {
        options.live.cors = Cors::new(&[listed]);
    })
    .await;
    for (change, status) in [
        ("", 101),
        ("origin: http://127.0.0.1:8000\r\n", 101),
        ("origin: http://a\r\n", 101),
        ("origin: https://app.example\r\ncookie: masthead-session=x\r\n", 101),
        ("sec-fetch-site: same-origin\r\norigin: http://a\r\n", 101),
        ("origin: https://evil.example\r\n", 403),
        ("origin: null\r\n", 403),
        ("sec-fetch-site: cross-site\r\n", 403),
        ("sec-fetch-site: same-site\r\norigin: https://b.a\r\n", 403),
    ] {
        let mut connection = Connection::open(&server).await;
        connection.write(handshake(change)).await;
        assert_eq!(connection.status().await, status, "{change}");
    }
    let whole = handshake("");
    for (request, status) in [
        (whole.replace("sec-websocket-version: 13", "sec-websocket-version: 8"), 426),
        (whole.replace("sec-websocket-key: ", "x-key: "), 400),
        (whole.replace("dGhlIHNhbXBsZSBub25jZQ==", "short"), 400),
        (whole.replace("connection: Upgrade", "connection: keep-alive"), 400),
        // A POST is a request like any other.
        (whole.replace("GET ", "POST "), 415),
    ] {
        let mut connection = Connection::open(&server).await;
        connection.write(&request).await;
        assert_eq!(connection.status().await, status, "{request}");
    }
    assert_alive(&server).await;
}

/// Row 9: sockets and streams have places of their own, counted by address, and hold none of the connections'.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_and_streams_are_limited_and_places_come_back() {
    let settings = config::Live { max_per_address: 4, ..config::Live::default() };
    let connections = Connections { max_per_address: 3, ..Connections::default() };
    let server = Server::with(connections, |options| {
        options.live = LiveOptions::new(settings, Duration::from_secs(5), Cors::default());
    })
    .await;
    let stream = "GET /graphql?query=subscription%7Bsilence%7Btitle%7D%7D HTTP/1.1\r\nhost: a\r\naccept: text/event-stream\r\n\r\n";
    let mut held = Vec::new();
    for n in 0..4 {
        let mut connection = Connection::open(&server).await;
        let (request, status) = if n % 2 == 0 { (handshake(""), 101) } else { (stream.to_owned(), 200) };
        connection.write(&request).await;
        assert_eq!(connection.status().await, status);
        held.push(connection);
        // The connections' own three places are free all the time.
        sleep(Duration::from_millis(30)).await;
        assert_alive(&server).await;
        sleep(Duration::from_millis(30)).await;
    }
    for request in [handshake(""), stream.to_owned()] {
        let mut fifth = Connection::open(&server).await;
        fifth.write(&request).await;
        assert_eq!(fifth.status().await, 503);
    }
    drop(held);
    sleep(Duration::from_millis(200)).await;
    let mut again = Connection::open(&server).await;
    again.write(handshake("")).await;
    assert_eq!(again.status().await, 101);
    assert_alive(&server).await;
}

/// Row 9: what is open outlives the limits of requests, and ends when the program stops.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_and_streams_outlive_the_limits_of_requests_and_not_the_program() {
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let mut audience = None;
    let mut asked = Some(stopped);
    let server = {
        let audience = &mut audience;
        let stopped = asked.take().unwrap();
        Server::until(hasty(), |options| *audience = Some(options.live.audience.clone()), async move {
            let _ = stopped.await;
        })
        .await
    };
    let audience = audience.unwrap();
    let mut socket = Connection::open(&server).await;
    socket.write(handshake("")).await;
    assert_eq!(socket.status().await, 101);
    // `{"type":"connection_init"}`, masked with zeros.
    socket.write([&[0x81, 0x80 | 26, 0, 0, 0, 0][..], br#"{"type":"connection_init"}"#].concat()).await;
    let mut stream = Connection::open(&server).await;
    stream
        .write("GET /graphql?query=subscription%7Bsilence%7Btitle%7D%7D HTTP/1.1\r\nhost: a\r\naccept: text/event-stream\r\n\r\n")
        .await;
    assert_eq!(stream.status().await, 200);
    sleep(Duration::from_secs(1)).await;
    for connection in [&mut socket, &mut stream] {
        let waited = tokio::time::timeout(Duration::from_millis(300), connection.ended()).await;
        assert!(waited.is_err(), "it is still open");
    }
    assert_alive(&server).await;
    audience.close(Duration::from_secs(2)).await;
    let said = socket.rest().await;
    assert_eq!(said[..4], [0x88, 2 + 23, 0x03, 0xe9], "closed with 1001: {said:?}");
    stream.rest().await;
    stop.send(()).unwrap();
}

fn handshake(headers: &str) -> String {
    format!(
        "GET /graphql HTTP/1.1\r\nhost: a\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
         sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: graphql-transport-ws\r\n{headers}\r\n"
    )
}
