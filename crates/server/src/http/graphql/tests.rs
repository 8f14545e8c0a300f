//! What the endpoint takes and refuses, with which status, headers and codes.

use std::sync::atomic::Ordering;

use http::StatusCode;
use poem::Body;
use serde_json::{Value, json};

use super::test_api::{Api, NEW, OLD};
use super::*;

#[tokio::test]
async fn an_operation_is_answered_in_the_type_that_was_asked_for() {
    let api = Api::new();
    for (accept, content_type) in [(NEW, NEW), (OLD, OLD), ("*/*", OLD)] {
        let reply = api.ask(accept, &json!({"query": "{ greeting }"})).await;
        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(reply.header("content-type"), format!("{content_type}; charset=utf-8"));
        assert_eq!(reply.json(), json!({"data": {"greeting": "مرحبا "}}));
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("vary"), "Accept, Accept-Language, Accept-Encoding");
        assert_eq!(reply.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn what_came_with_the_request_reaches_the_schema() {
    let api = Api::new();
    let body = json!({
        "query": "query A { no } query B($n: String) { greeting(name: $n) language requestId }",
        "operationName": "B",
        "variables": {"n": "Zoé"},
    });
    let body = body.to_string().replace("{ no }", "{ greeting }");
    let headers = [("content-type", "application/json; charset=UTF-8"), ("accept-language", "ar, fr;q=0.5")];
    let reply = api.post(&headers, body).await;
    let data = &reply.json()["data"];
    assert_eq!(data["greeting"], "مرحبا Zoé");
    assert_eq!(data["language"], "ar, fr;q=0.5");
    assert_eq!(data["requestId"], reply.header("x-request-id"));
}

#[tokio::test]
async fn a_refused_request_has_no_data_and_the_status_of_its_media_type() {
    let api = Api::new();
    for (body, code) in [
        (json!({"query": "{"}), "BAD_REQUEST"),
        (json!({"query": "{ unknown }"}), "VALIDATION"),
        (json!({"query": "query($n: String!) { greeting(name: $n) }"}), "VALIDATION"),
        (
            json!({"query": "query($n: String!) { greeting(name: $n) }", "variables": {"n": null}}),
            "VALIDATION",
        ),
        (json!({"query": "query($n: String) { greeting(name: $n) }", "variables": {"n": 7}}), "VALIDATION"),
        (json!({"query": "query A { greeting } query B { greeting }"}), "BAD_REQUEST"),
        (json!({"query": "query A { greeting }", "operationName": "B"}), "BAD_REQUEST"),
        (json!({"query": "subscription { greeting }"}), "BAD_REQUEST"),
        (json!({"query": "{ ...F } fragment F on Query { ...F }"}), "VALIDATION"),
        (json!({"query": "{a".repeat(65)}), "LIMIT_EXCEEDED"),
        (json!({"query": "{ greeting }", "variables": {"v": vec![0; 20_000]}}), "LIMIT_EXCEEDED"),
    ] {
        let shown = format!("{:.80}", body.to_string());
        for (accept, status) in [(NEW, StatusCode::BAD_REQUEST), (OLD, StatusCode::OK)] {
            let reply = api.ask(accept, &body).await;
            assert_eq!(reply.status, status, "{accept} {shown}");
            assert_eq!(reply.code(), code, "{shown}");
            assert!(reply.json().get("data").is_none(), "{shown}");
        }
    }
}

#[tokio::test]
async fn what_is_no_graphql_request_is_400_in_either_type() {
    let api = Api::new();
    for (body, code) in [
        ("", "BAD_REQUEST"),
        ("{", "BAD_REQUEST"),
        ("[]", "LIMIT_EXCEEDED"),
        ("[{\"query\":\"{greeting}\"}]", "LIMIT_EXCEEDED"),
        ("{}", "BAD_REQUEST"),
        ("{\"query\":1}", "BAD_REQUEST"),
        ("{\"query\":\"{greeting}\",\"variables\":[]}", "BAD_REQUEST"),
    ] {
        for accept in [NEW, OLD] {
            let reply = api.post(&[("content-type", "application/json"), ("accept", accept)], body).await;
            assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{body}");
            assert_eq!(reply.code(), code, "{body}");
            assert!(reply.json().get("data").is_none());
        }
    }
}

#[tokio::test]
async fn only_json_is_taken_so_that_no_form_of_another_site_can_post() {
    let api = Api::new();
    let mutation = json!({"query": "mutation { count }"}).to_string();
    for content_type in [
        "text/plain",
        "text/plain; charset=utf-8",
        "application/x-www-form-urlencoded",
        "application/octet-stream",
        "application/graphql",
        "application/json; charset=utf-16",
        "text/plain; application/json",
        "",
    ] {
        let reply = api.post(&[("content-type", content_type)], mutation.clone()).await;
        assert_eq!(reply.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{content_type}");
        assert_eq!(reply.header("accept-post"), "application/json");
        assert_eq!(reply.code(), "BAD_REQUEST");
    }
    assert_eq!(api.post(&[], mutation.clone()).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let multipart = ("content-type", "multipart/form-data; boundary=x");
    let without = api.post(&[multipart], mutation.clone()).await;
    assert_eq!(without.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(without.json()["errors"][0]["message"].as_str().unwrap().contains("GraphQL-Require-Preflight"));
    assert_eq!(api.runs.load(Ordering::SeqCst), 0, "nothing of it was run");

    let reply = api.post(&[("content-type", "Application/JSON ; Charset=\"UTF-8\"")], mutation).await;
    assert_eq!(reply.json(), json!({"data": {"count": 1}}));
}

#[tokio::test]
async fn get_runs_queries_and_nothing_else() {
    let api = Api::new();
    let reply = api.get("query=query+A{greeting}+query+B{language}&operationName=A").await;
    assert_eq!(reply.json(), json!({"data": {"greeting": "مرحبا "}}));
    let reply =
        api.get("query=query($n:String){greeting(name:$n)}&variables=%7B%22n%22:%22%D9%85%22%7D").await;
    assert_eq!(reply.json(), json!({"data": {"greeting": "مرحبا م"}}));

    for query in ["query=mutation{count}", "query=query+A{greeting}+mutation+B{count}&operationName=B"] {
        let reply = api.get(query).await;
        assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED, "{query}");
        assert_eq!(reply.header("allow"), "POST");
    }
    assert_eq!(api.runs.load(Ordering::SeqCst), 0);
    assert_eq!(api.get("query={").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(api.get("").await.status, StatusCode::BAD_REQUEST);

    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS, Method::HEAD] {
        let reply = api.send(Request::builder().method(method).finish()).await;
        assert_eq!((reply.status, reply.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET, POST"));
    }
}

#[tokio::test]
async fn a_client_that_takes_neither_type_is_told_so_and_nothing_runs() {
    let api = Api::new();
    let reply = api.ask("text/html", &json!({"query": "mutation { count }"})).await;
    assert_eq!(reply.status, StatusCode::NOT_ACCEPTABLE);
    assert_eq!(reply.code(), "BAD_REQUEST");
    assert_eq!(api.runs.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_body_over_the_limit_is_413_whether_its_length_is_told_or_not() {
    let api = Api::with(|options| options.limits.body_bytes = 100);
    let json = ("content-type", "application/json");
    let fits = format!("{:<100}", json!({"query": "{ greeting }"}).to_string());
    assert_eq!(api.post(&[json], fits.clone()).await.status, StatusCode::OK);

    let told = api.post(&[json, ("content-length", "101")], Body::empty()).await;
    assert_eq!(told.status, StatusCode::PAYLOAD_TOO_LARGE);
    let error = &told.json()["errors"][0];
    assert_eq!(error["extensions"], json!({"code": "LIMIT_EXCEEDED", "limit": "BODY", "max": 100}));
    assert_eq!(error["message"], "The size of the body, in bytes, is 101; at most 100 is allowed.");

    let chunks = [fits.clone(), " ".to_owned()].map(Ok::<_, std::io::Error>);
    let untold = api.post(&[json], Body::from_bytes_stream(futures_util::stream::iter(chunks))).await;
    assert_eq!(untold.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(untold.json()["errors"][0]["message"].as_str().unwrap().contains("at least 101"));
}

#[tokio::test]
async fn a_body_that_does_not_come_is_408() {
    let api = Api::with(|options| options.body_timeout = Duration::from_millis(20));
    let never = futures_util::stream::pending::<std::io::Result<Vec<u8>>>();
    let reply = api.post(&[("content-type", "application/json")], Body::from_bytes_stream(never)).await;
    assert_eq!(reply.status, StatusCode::REQUEST_TIMEOUT);
    assert_eq!(reply.code(), "BAD_REQUEST");
}

#[tokio::test]
async fn a_fault_of_ours_tells_its_id_and_nothing_else() {
    let api = Api::new();
    let reply = api.ask(NEW, &json!({"query": "{ greeting broken }"})).await;
    assert_eq!(reply.status, StatusCode::OK, "an error of a field");
    let json = reply.json();
    assert_eq!(json["data"]["broken"], Value::Null);
    assert_eq!(json["errors"][0]["path"], json!(["broken"]));
    assert_eq!(json["errors"][0]["extensions"]["requestId"], reply.header("x-request-id"));
    assert_eq!(reply.code(), "INTERNAL");
    assert!(!String::from_utf8(reply.body).unwrap().contains("fire"));

    for (accept, status) in [(NEW, StatusCode::INTERNAL_SERVER_ERROR), (OLD, StatusCode::OK)] {
        let reply = api.ask(accept, &json!({"query": "{ panics }"})).await;
        assert_eq!((reply.status, reply.code().as_str()), (status, "INTERNAL"));
        assert!(!String::from_utf8(reply.body).unwrap().contains("InvalidDigit"));
    }
}

#[tokio::test(start_paused = true)]
async fn an_operation_that_takes_too_long_is_given_up() {
    let api = Api::new();
    for (accept, status) in [(NEW, StatusCode::SERVICE_UNAVAILABLE), (OLD, StatusCode::OK)] {
        let reply = api.ask(accept, &json!({"query": "{ slow }"})).await;
        assert_eq!((reply.status, reply.code().as_str()), (status, "TIMEOUT"));
        assert!(reply.json().get("data").is_none());
    }
}

#[tokio::test]
async fn introspection_can_be_switched_off() {
    let asks = json!({"query": "{ __schema { queryType { name } } }"});
    assert_eq!(Api::new().ask(NEW, &asks).await.json()["data"]["__schema"]["queryType"]["name"], "Query");
    let closed = Api::with(|options| options.introspection = false);
    for query in ["{ __schema { queryType { name } } }", "{ ... { x: __type(name: \"Query\") { name } } }"] {
        let reply = closed.ask(NEW, &json!({ "query": query })).await;
        assert_eq!((reply.status, reply.code().as_str()), (StatusCode::BAD_REQUEST, "VALIDATION"));
    }
    assert_eq!(
        closed.ask(NEW, &json!({"query": "{ __typename }"})).await.json()["data"]["__typename"],
        "Query"
    );
}

#[tokio::test]
async fn errors_are_few_and_short_whatever_the_request_provokes() {
    let api = Api::with(|options| options.limits.root_fields = 1_000);
    let many: String = (0..500).map(|n| format!("unknown{n} ")).collect();
    let errors = api.ask(NEW, &json!({"query": format!("{{ {many} }}")})).await.json()["errors"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(errors, 50);
    let long = format!("{{ {} }}", "x".repeat(10_000));
    let json = api.ask(NEW, &json!({ "query": long })).await.json();
    assert!(json["errors"][0]["message"].as_str().unwrap().chars().count() <= 501);
}

#[tokio::test]
async fn a_long_answer_is_compressed_for_those_who_ask() {
    let api = Api::new();
    let json = ("content-type", "application/json");
    for (accept, length, coding) in
        [("gzip, deflate, br", 2000, "gzip"), ("br", 2000, "br"), ("identity", 2000, ""), ("gzip", 10, "")]
    {
        let body = json!({"query": format!("{{ long(length: {length}) }}")}).to_string();
        let reply = api.post(&[json, ("accept-encoding", accept)], body).await;
        assert_eq!((reply.status, reply.header("content-encoding")), (StatusCode::OK, coding), "{accept}");
        assert_eq!(reply.body.len() > 2000, coding.is_empty() && length == 2000);
    }
}

/// The query that graphql-js writes (16, with every option), which GraphiQL sends first.
#[tokio::test]
async fn the_introspection_of_graphiql_passes_under_the_defaults() {
    let of_type = "ofType { kind name ".repeat(9) + &"} ".repeat(9);
    let query = format!(
        "query IntrospectionQuery {{
           __schema {{
             description queryType {{ name kind }} mutationType {{ name kind }} subscriptionType {{ name kind }}
             types {{ ...FullType }}
             directives {{ name description isRepeatable locations args(includeDeprecated: true) {{ ...InputValue }} }}
           }}
         }}
         fragment FullType on __Type {{
           kind name description specifiedByURL isOneOf
           fields(includeDeprecated: true) {{
             name description args(includeDeprecated: true) {{ ...InputValue }} type {{ ...TypeRef }} isDeprecated deprecationReason
           }}
           inputFields(includeDeprecated: true) {{ ...InputValue }}
           interfaces {{ ...TypeRef }}
           enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }}
           possibleTypes {{ ...TypeRef }}
         }}
         fragment InputValue on __InputValue {{
           name description type {{ ...TypeRef }} defaultValue isDeprecated deprecationReason
         }}
         fragment TypeRef on __Type {{ kind name {of_type} }}"
    );
    let reply = Api::new().ask(NEW, &json!({ "query": query })).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.json()["errors"]);
    assert_eq!(reply.json()["data"]["__schema"]["queryType"]["name"], "Query");
}
