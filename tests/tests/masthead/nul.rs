//! A NUL in every text that the schema takes, one at a time, found by introspection: PostgreSQL stores none, and what it
//! refuses must not come out as a fault of ours. A new argument is tried without a change here.

use std::collections::BTreeMap;

use masthead_domain::user::Role;
use masthead_domain::viewer::Viewer;
use serde_json::{Value, json};

use crate::newsroom::{Newsroom, global_id, now, on_each_database};

const INTROSPECTION: &str = "{ __schema { queryType { fields { ...F } } mutationType { fields { ...F } } \
    types { kind name isOneOf inputFields { name type { ...T } } enumValues { name } } } } \
    fragment F on __Field { name args { name type { ...T } } type { ...T } } \
    fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } }";

/// With a NUL within and with one at the end.
const TEXTS: [&str; 2] = ["a\0b", "the-port\0"];
/// What an argument may be answered with.
const EXPECTED: [&str; 2] = ["BAD_USER_INPUT", "VALIDATION"];

/// Makes up values, and counts the texts in them: the one whose turn it is holds a NUL.
struct MakingUp<'a> {
    types: &'a BTreeMap<String, Value>,
    turn: usize,
    texts: usize,
    nul: &'a str,
}

impl MakingUp<'_> {
    fn value(&mut self, of: &Value, depth: usize) -> Value {
        match of["kind"].as_str() {
            Some("NON_NULL") => return self.value(&of["ofType"], depth),
            Some("LIST") => return json!([self.value(&of["ofType"], depth)]),
            _ => {}
        }
        let name = of["name"].as_str().unwrap_or_default();
        let usual = match name {
            "Int" => return json!(1),
            "Float" => return json!(0.5),
            "Boolean" => return json!(false),
            "ID" => global_id("Article:1"),
            "DateTime" => "2030-01-01T00:00:00Z".to_owned(),
            "LanguageTag" => "en".to_owned(),
            "EmailAddress" => "nobody@example.org".to_owned(),
            "URL" => "https://news.example/the-port".to_owned(),
            _ => "the-port".to_owned(),
        };
        let of = self.types.get(name).cloned().unwrap_or_default();
        match of["kind"].as_str() {
            Some("ENUM") => of["enumValues"][0]["name"].clone(),
            Some("INPUT_OBJECT") => {
                let fields = of["inputFields"].as_array().cloned().unwrap_or_default();
                let most = if of["isOneOf"] == true { 1 } else { fields.len() };
                let filled =
                    fields.iter().filter(|field| depth < 4 || field["type"]["kind"] == "NON_NULL").take(most);
                let one = |field: &Value| {
                    let name = field["name"].as_str().unwrap_or_default().to_owned();
                    (name, self.value(&field["type"], depth + 1))
                };
                Value::Object(filled.map(one).collect())
            }
            _ => {
                self.texts += 1;
                json!(if self.texts == self.turn { self.nul } else { &usual })
            }
        }
    }
}

/// A type as a document spells it.
fn written(of: &Value) -> String {
    match of["kind"].as_str() {
        Some("NON_NULL") => format!("{}!", written(&of["ofType"])),
        Some("LIST") => format!("[{}]", written(&of["ofType"])),
        _ => of["name"].as_str().unwrap_or_default().to_owned(),
    }
}

fn core(mut of: &Value) -> &Value {
    while !of["ofType"].is_null() {
        of = &of["ofType"];
    }
    of
}

/// Sends a root field once a text in its arguments; how often.
async fn try_field(
    newsroom: &Newsroom,
    viewer: &Viewer,
    types: &BTreeMap<String, Value>,
    operation: &str,
    field: &Value,
    faults: &mut Vec<String>,
) -> usize {
    let name = field["name"].as_str().expect("a name");
    let args = field["args"].as_array().cloned().unwrap_or_default();
    // Both ends of a page at once are refused before anything else is looked at; a file is no text.
    let args: Vec<&Value> =
        args.iter().filter(|arg| !matches!(arg["name"].as_str(), Some("last" | "before"))).collect();
    let is_leaf = matches!(core(&field["type"])["kind"].as_str(), Some("SCALAR" | "ENUM"));
    let selection = if is_leaf { "" } else { " { __typename }" };
    let declared: Vec<String> = args
        .iter()
        .map(|arg| format!("${}: {}", arg["name"].as_str().unwrap_or_default(), written(&arg["type"])))
        .collect();
    let passed: Vec<String> =
        args.iter().map(|arg| format!("{0}: ${0}", arg["name"].as_str().unwrap_or_default())).collect();
    if args.is_empty() {
        return 0;
    }
    let document =
        format!("{operation}({}) {{ {name}({}){selection} }}", declared.join(", "), passed.join(", "));
    let mut sent = 0;
    for nul in TEXTS {
        for turn in 1.. {
            let mut making = MakingUp { types, turn, texts: 0, nul };
            let variables: serde_json::Map<_, _> = args
                .iter()
                .map(|arg| {
                    (arg["name"].as_str().unwrap_or_default().to_owned(), making.value(&arg["type"], 0))
                })
                .collect();
            if making.texts < turn {
                break;
            }
            let variables = Value::Object(variables);
            let answer = newsroom.ask_as(viewer, now(), &document, variables.clone()).await;
            for error in answer["errors"].as_array().into_iter().flatten() {
                let code = error["extensions"]["code"].as_str().unwrap_or_default();
                if !EXPECTED.contains(&code) {
                    faults.push(format!("{name} with {variables}: {error}"));
                }
            }
            sent += 1;
        }
    }
    sent
}

#[tokio::test]
async fn a_nul_is_the_callers_mistake_or_names_nothing() {
    on_each_database(async |newsroom| {
        let admin = newsroom.person("Huda", Role::Admin, &[]).await;
        let described = newsroom.ask(INTROSPECTION, json!({})).await;
        let schema = &described["data"]["__schema"];
        let types: BTreeMap<String, Value> = schema["types"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|of| (of["name"].as_str().unwrap_or_default().to_owned(), of.clone()))
            .collect();
        let (mut sent, mut faults) = (0, Vec::new());
        for (operation, root) in [("query", "queryType"), ("mutation", "mutationType")] {
            for field in schema[root]["fields"].as_array().into_iter().flatten() {
                // A file comes by another door, and is looked at there.
                if field["name"] != "uploadImage" {
                    sent += try_field(newsroom, &admin, &types, operation, field, &mut faults).await;
                }
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        assert!(sent > 150, "only {sent} were sent");
        for viewer in [&Viewer::Guest, &admin] {
            let answer = newsroom
                .ask_as(
                    viewer,
                    now(),
                    "{ article(slug: \"a\\u0000b\") { title } tag(slug: \"a\\u0000b\") { name } }",
                    json!({}),
                )
                .await;
            assert_eq!(answer, json!({"data": {"article": null, "tag": null}}));
        }
    })
    .await;
}
