//! Requests that bring files: which are taken, which are refused, and how far they are read.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures_util::StreamExt;
use http::StatusCode;
use poem::Body;
use serde_json::json;

use super::test_api::{Api, NEW, Reply};
use super::*;

const FORM: (&str, &str) = ("content-type", "multipart/form-data; boundary=b");
const PREFLIGHT: (&str, &str) = ("graphql-require-preflight", "1");
const ACCEPT: (&str, &str) = ("accept", NEW);

/// The parts of a form: names, and what is in them. A file's name is that of the map's entry.
fn form(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, content) in parts {
        let file = if matches!(*name, "operations" | "map") { "" } else { "; filename=\"x.svg\"" };
        body.extend(format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes());
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(b"--b--\r\n");
    body
}

/// A mutation that tells how long the file is.
fn operations() -> String {
    json!({"query": "mutation($file: Upload!) { take(file: $file) }", "variables": {"file": null}})
        .to_string()
}

const MAP: &[u8] = b"{\"0\": [\"variables.file\"]}";

async fn send(api: &Api, body: impl Into<Body>) -> Reply {
    api.post(&[FORM, PREFLIGHT, ACCEPT], body).await
}

#[tokio::test]
async fn a_file_reaches_its_variable() {
    let api = Api::new();
    for length in [0, 1, 999, 1_000] {
        let file = vec![b'\n'; length];
        let body = form(&[("operations", operations().as_bytes()), ("map", MAP), ("0", &file)]);
        // All at once, and byte by byte.
        let whole = send(&api, body.clone()).await;
        assert_eq!(whole.json(), json!({"data": {"take": format!("{length} bytes")}}));
        let dribble =
            futures_util::stream::iter(body.into_iter().map(|byte| Ok::<_, std::io::Error>(vec![byte])));
        let dribbled = send(&api, Body::from_bytes_stream(dribble)).await;
        assert_eq!(dribbled.json(), json!({"data": {"take": format!("{length} bytes")}}));
    }
}

#[tokio::test]
async fn a_file_that_is_too_large_is_for_the_operation_to_refuse_and_not_read_to_its_end() {
    let api = Api::new();
    let head = form(&[("operations", operations().as_bytes()), ("map", MAP), ("0", &[])]);
    let head = head[..head.len() - b"\r\n--b--\r\n".len()].to_vec();
    let given = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = given.clone();
    let endless = futures_util::stream::once(async move { Ok::<_, std::io::Error>(head) }).chain(
        futures_util::stream::repeat_with(move || {
            counted.fetch_add(1, Ordering::SeqCst);
            Ok(vec![0; 1_000])
        }),
    );
    let reply = send(&api, Body::from_bytes_stream(endless)).await;
    assert_eq!(reply.json(), json!({"data": {"take": "too large"}}));
    // What is thrown away while the answer is sent has its own bound, behind what was read of the file itself.
    tokio::time::sleep(Duration::from_millis(50)).await;
    let most = 10 * 1024 * 1024 / 1_000;
    assert!(given.load(Ordering::SeqCst) < most, "{given:?} chunks were read");
}

#[tokio::test]
async fn whoever_may_not_upload_is_refused_by_the_operation_and_the_file_is_not_waited_for() {
    let api = Api::new();
    let head = form(&[("operations", operations().as_bytes()), ("map", MAP), ("0", b"begun")]);
    let head = head[..head.len() - b"\r\n--b--\r\n".len()].to_vec();
    let never = futures_util::stream::once(async move { Ok::<_, std::io::Error>(head) })
        .chain(futures_util::stream::pending());
    let headers = [FORM, PREFLIGHT, ACCEPT, ("accept-language", "nobody")];
    let reply = api.post(&headers, Body::from_bytes_stream(never)).await;
    assert_eq!(reply.json(), json!({"data": {"take": "unread"}}));
}

#[tokio::test]
async fn without_the_preflight_header_nothing_is_run() {
    let api = Api::new();
    let body = form(&[("operations", operations().as_bytes()), ("map", MAP), ("0", b"x")]);
    let reply = api.post(&[FORM], body).await;
    assert_eq!((reply.status, reply.code().as_str()), (StatusCode::UNSUPPORTED_MEDIA_TYPE, "BAD_REQUEST"));
    assert_eq!(api.runs.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn forms_that_are_none_of_the_specification_are_refused() {
    let api = Api::new();
    let operations = operations();
    let operations = operations.as_bytes();
    let two_files: &[u8] = br#"{"0": ["variables.file"], "1": ["variables.more.0"]}"#;
    let more = json!({"query": "mutation($file: Upload!) { take(file: $file) }", "variables": {"file": null, "more": [null, null, null]}});
    let more = more.to_string();
    let three: &[u8] = br#"{"0": ["variables.file"], "1": ["variables.more.0"], "2": ["variables.more.1"]}"#;
    let not_json = [b"{".as_slice(), operations].concat();
    let batch = [b"[".as_slice(), operations, b"]"].concat();
    let wrong: &[(&str, Vec<u8>, &str)] = &[
        ("no parts", form(&[]), "then"),
        ("no form", b"{}".to_vec(), "no multipart form"),
        ("cut off", form(&[("operations", operations)])[..60].to_vec(), "no multipart form"),
        ("no map", form(&[("operations", operations), ("0", b"x")]), "then"),
        ("map first", form(&[("map", MAP), ("operations", operations), ("0", b"x")]), "then"),
        ("file first", form(&[("0", b"x"), ("operations", operations), ("map", MAP)]), "then"),
        ("no file", form(&[("operations", operations), ("map", MAP)]), "each once"),
        ("another file", form(&[("operations", operations), ("map", MAP), ("1", b"x")]), "each once"),
        ("twice", form(&[("operations", operations), ("map", MAP), ("0", b"x"), ("0", b"x")]), "each once"),
        (
            "one of two",
            form(&[("operations", more.as_bytes()), ("map", two_files), ("1", b"x")]),
            "each once",
        ),
        ("too many", form(&[("operations", more.as_bytes()), ("map", three)]), "names 3 files; at most 2"),
        (
            "map of nonsense",
            form(&[("operations", operations), ("map", b"[]"), ("0", b"x")]),
            "\"map\" must be",
        ),
        (
            "no such place",
            form(&[("operations", operations), ("map", b"{\"0\":[\"variables.x\"]}"), ("0", b"x")]),
            "names a place",
        ),
        ("no JSON", form(&[("operations", &not_json), ("map", MAP), ("0", b"x")]), "not JSON"),
        (
            "a batch",
            form(&[("operations", &batch), ("map", b"{\"0\":[\"0.variables.file\"]}"), ("0", b"x")]),
            "Several operations",
        ),
    ];
    for (what, body, message) in wrong {
        let reply = send(&api, body.clone()).await;
        let code = if *what == "a batch" { "LIMIT_EXCEEDED" } else { "BAD_REQUEST" };
        assert_eq!((reply.status, reply.code().as_str()), (StatusCode::BAD_REQUEST, code), "{what}");
        let told = reply.json()["errors"][0]["message"].as_str().unwrap().to_owned();
        assert!(told.contains(message), "{what}: {told}");
    }
    for content_type in
        ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\""]
    {
        let reply = api.post(&[("content-type", content_type), PREFLIGHT, ACCEPT], form(&[])).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{content_type}");
    }
    assert_eq!(api.runs.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn the_operations_of_a_form_are_held_to_the_limits_of_any_other() {
    let api = Api::with(|options| options.limits.body_bytes = 2_000);
    let deep = json!({"query": "{a".repeat(65)}).to_string();
    let values = json!({"query": "{ greeting }", "variables": {"v": vec![0; 900], "file": null}}).to_string();
    let tight = Api::with(|options| options.limits.variable_values = 100);
    let subscription = json!({"query": "subscription { greeting }"}).to_string();
    let no_file = json!({"query": "mutation($file: Upload!) { take(file: $file) }"}).to_string();
    let as_text =
        json!({"query": "mutation($t: String!) { text(t: $t) }", "variables": {"t": null}}).to_string();
    let to_text: &[u8] = b"{\"0\": [\"variables.t\"]}";
    for (api, operations, map, code) in [
        (&api, &deep, b"{}".as_slice(), "LIMIT_EXCEEDED"),
        (&tight, &values, MAP, "LIMIT_EXCEEDED"),
        (&api, &subscription, b"{}", "BAD_REQUEST"),
        (&api, &no_file, b"{}", "VALIDATION"),
        (&api, &as_text, to_text, "VALIDATION"),
    ] {
        let reply = send(
            api,
            form(
                &[("operations", operations.as_bytes()), ("map", map), ("0", b"x")]
                    [..if map == b"{}" { 2 } else { 3 }],
            ),
        )
        .await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (StatusCode::BAD_REQUEST, code),
            "{operations:.60}"
        );
    }
    let long = json!({"query": "{ greeting }", "x": "x".repeat(2_000)}).to_string();
    let reply = send(&api, form(&[("operations", long.as_bytes()), ("map", b"{}")])).await;
    assert_eq!((reply.status, reply.code().as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "LIMIT_EXCEEDED"));
    let announced = api.post(&[FORM, PREFLIGHT, ("content-length", "10000000")], Body::empty()).await;
    assert_eq!(announced.status, StatusCode::PAYLOAD_TOO_LARGE);
    // A form without files is a request like any other.
    let plain = json!({"query": "{ greeting }"}).to_string();
    let reply = send(&api, form(&[("operations", plain.as_bytes()), ("map", b"{}")])).await;
    assert_eq!(reply.json(), json!({"data": {"greeting": "مرحبا "}}));
}

#[tokio::test]
async fn no_json_request_names_a_file() {
    let api = Api::new();
    for value in
        [json!("#__graphql_file__:0"), json!(0), json!([0, 0, 0, 0]), json!({"0": 0}), json!("\0\0\0\0")]
    {
        let body =
            json!({"query": "mutation($file: Upload!) { take(file: $file) }", "variables": {"file": value}});
        let reply = api.ask(NEW, &body).await;
        assert_eq!((reply.status, reply.code().as_str()), (StatusCode::BAD_REQUEST, "VALIDATION"), "{body}");
    }
}

#[tokio::test]
async fn a_form_that_does_not_come_is_408_before_and_within_the_file() {
    let api = Api::with(|options| {
        options.body_timeout = Duration::from_millis(20);
        options.uploads = UploadLimits::new(1_000, 1, Duration::from_millis(20));
    });
    let whole = form(&[("operations", operations().as_bytes()), ("map", MAP), ("0", b"xxxx")]);
    for length in [0, 30, whole.len() - 10] {
        let begun = whole[..length].to_vec();
        let stalled = futures_util::stream::once(async move { Ok::<_, std::io::Error>(begun) })
            .chain(futures_util::stream::pending());
        let reply = send(&api, Body::from_bytes_stream(stalled)).await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (StatusCode::REQUEST_TIMEOUT, "BAD_REQUEST"),
            "{length}"
        );
    }
}
