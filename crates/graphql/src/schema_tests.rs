//! The schema's face: described throughout, named in one style, nullable where it must be, and the one that is committed.
//! No database: introspection reads nothing.

use async_graphql::Request;
use serde_json::Value;

use super::{Introspection, schema, sdl};

const INTROSPECTION: &str = "{ __schema { types { kind name description specifiedByURL \
    fields(includeDeprecated: true) { name description type { ...Type } args { name description type { ...Type } } } \
    inputFields { name description type { ...Type } } \
    enumValues(includeDeprecated: true) { name description } \
    interfaces { name } } } } \
    fragment Type on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// All types that are ours, as introspection tells of them.
async fn types() -> Vec<Value> {
    let response = schema(Introspection::Open).execute(INTROSPECTION).await;
    assert!(response.errors.is_empty(), "{:?}", response.errors);
    let data = response.data.into_json().expect("JSON");
    let types = data["__schema"]["types"].as_array().expect("types").clone();
    types.into_iter().filter(|of| !name(of).starts_with("__")).collect()
}

fn is_built_in(of: &Value) -> bool {
    matches!(name(of), "Int" | "Float" | "String" | "Boolean" | "ID")
}

fn name(of: &Value) -> &str {
    of["name"].as_str().expect("a name")
}

fn list<'a>(of: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    of[key].as_array().into_iter().flatten()
}

/// The name of a type without `!` and `[]`.
fn core(mut of: &Value) -> &str {
    while !of["ofType"].is_null() {
        of = &of["ofType"];
    }
    name(of)
}

fn nullable(of: &Value) -> bool {
    of["kind"] != "NON_NULL"
}

#[tokio::test]
async fn everything_is_described() {
    let mut missing = Vec::new();
    let mut check = |path: String, of: &Value| {
        if of["description"].as_str().is_none_or(|text| text.trim().len() < 4) {
            missing.push(path);
        }
    };
    for of in types().await.into_iter().filter(|of| !is_built_in(of)) {
        let of_name = name(&of);
        check(of_name.to_owned(), &of);
        for member in ["fields", "inputFields", "enumValues"].into_iter().flat_map(|key| list(&of, key)) {
            let path = format!("{of_name}.{}", name(member));
            for argument in list(member, "args") {
                check(format!("{path}({})", name(argument)), argument);
            }
            check(path, member);
        }
    }
    assert!(missing.is_empty(), "without a description: {missing:#?}");
}

#[tokio::test]
async fn names_keep_the_contracts_style() {
    let camel = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(|c| c.is_ascii_alphanumeric())
    };
    let pascal = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(|c| c.is_ascii_alphanumeric())
    };
    let screaming =
        |name: &str| name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    for of in types().await {
        assert!(pascal(name(&of)), "{of:#}");
        for field in list(&of, "fields").chain(list(&of, "inputFields")) {
            assert!(camel(name(field)), "{}.{}", name(&of), name(field));
            for argument in list(field, "args") {
                assert!(camel(name(argument)), "{}.{}({})", name(&of), name(field), name(argument));
            }
        }
        for value in list(&of, "enumValues") {
            assert!(screaming(name(value)), "{}.{}", name(&of), name(value));
        }
    }
}

#[tokio::test]
async fn a_failing_part_never_takes_the_page_along() {
    for of in types().await {
        for field in list(&of, "fields") {
            let path = format!("{}.{}", name(&of), name(field));
            let is_list = core(&field["type"]).ends_with("Connection");
            let is_root = matches!(name(&of), "Query" | "Mutation");
            assert!(!(is_list || is_root) || nullable(&field["type"]), "{path} must be nullable");
            if is_list {
                let arguments: Vec<_> = list(field, "args").map(name).collect();
                for wanted in ["first", "last", "after", "before"] {
                    assert!(arguments.contains(&wanted), "{path} lacks {wanted}");
                }
            }
        }
    }
}

#[tokio::test]
async fn every_connection_has_the_same_four_fields_and_every_payload_its_errors() {
    let types = types().await;
    let of_kind = |ending: &'static str| types.iter().filter(move |of| name(of).ends_with(ending));
    assert!(of_kind("Connection").count() >= 3);
    for connection in of_kind("Connection") {
        let fields: Vec<_> = list(connection, "fields").map(name).collect();
        for wanted in ["edges", "nodes", "pageInfo", "totalCount"] {
            assert!(fields.contains(&wanted), "{} lacks {wanted}", name(connection));
        }
    }
    for payload in of_kind("Payload") {
        let errors = list(payload, "fields").find(|field| name(field) == "errors").expect("errors");
        assert!(!nullable(&errors["type"]), "{}.errors is [XError!]!", name(payload));
        let code = types.iter().find(|of| name(of) == core(&errors["type"])).expect("the error's type");
        let code = list(code, "fields").find(|field| name(field) == "code").expect("a code");
        let code = types.iter().find(|of| name(of) == core(&code["type"])).expect("the code's type");
        let codes: Vec<_> = list(code, "enumValues").map(name).collect();
        for wanted in ["UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "INVALID"] {
            assert!(codes.contains(&wanted), "{} lacks {wanted}", name(code));
        }
    }
}

#[tokio::test]
async fn scalars_of_ours_say_where_they_are_specified() {
    for of in types().await.iter().filter(|of| of["kind"] == "SCALAR") {
        assert!(is_built_in(of) || of["specifiedByURL"].is_string(), "{}", name(of));
    }
}

#[tokio::test]
async fn what_has_a_global_id_is_a_node() {
    let nodes = ["Article", "Author", "Comment", "Image", "Section", "Tag"];
    for of in types().await.iter().filter(|of| of["kind"] == "OBJECT") {
        let is_node = list(of, "interfaces").any(|interface| name(interface) == "Node");
        assert_eq!(is_node, nodes.contains(&name(of)), "{}", name(of));
    }
}

#[tokio::test]
async fn a_closed_schema_tells_nothing_of_itself() {
    let closed = schema(Introspection::Closed);
    for question in ["{ __schema { types { name } } }", "{ __type(name: \"Article\") { name } }"] {
        let answer = closed.execute(Request::new(question)).await;
        let told = answer.data.into_json().expect("JSON").to_string();
        assert!(!told.contains("Article"), "{told}");
    }
    let open = schema(Introspection::Open).execute("{ artcle }").await;
    assert!(open.errors[0].message.contains("article"), "{}", open.errors[0].message);
    let closed = closed.execute("{ artcle }").await;
    assert!(!closed.errors[0].message.contains("article"), "{}", closed.errors[0].message);
}

#[test]
fn the_committed_schema_is_the_one_we_answer_with() {
    let committed = include_str!("../../../schema.graphql");
    let stale = committed.lines().zip(sdl().lines().map(str::to_owned)).find(|(a, b)| a != b);
    assert!(committed == sdl(), "schema.graphql is stale; run `just schema`. First difference: {stale:?}");
}
