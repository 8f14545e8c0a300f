//! The scan against cases by hand and against the parser itself: what the parser builds was counted.

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql_value::Value;
use proptest::prelude::*;

use super::{Measure, TextRefused, check_document, check_variables, measure_document, measure_json};
use crate::limits::{Figure, Limit, LimitExceeded, Limits};

fn document(text: &str) -> (u64, u64) {
    let Measure { tokens, nesting, .. } = measure_document(text.as_bytes()).unwrap();
    (tokens, nesting)
}

#[test]
fn tokens_and_nesting_by_hand() {
    for (text, tokens, nesting) in [
        ("", 0, 0),
        ("{ a }", 3, 1),
        ("\u{feff}{a,b,\r\nc}", 5 + 3, 1), // the byte order mark counts by its bytes: too many, never too few
        ("query Q($s: [String!]!) { a(s: $s) { b } }", 24, 2),
        ("{ a ...F ... on B { c } }", 11, 2),
        ("{ a(s: \"مرحبا } ] ) # {{{\") }", 8, 2),
        ("{ a(s: \"\"\"} \" { \\\"\"\" [[[ \"\"\") }", 8, 2),
        ("{ a(s: \"\\\"{{{\") }", 8, 2),
        ("{ a # { { {\n b }", 4, 1),
        ("{ a # { {\r { b } }", 6, 2),
        ("[truetruenull00-0-1.5e+3\"\"\"\"\"\"\"a\"]", 11, 1),
        ("}}}}{{", 6, 2),
        ("\"never closed { [\n{", 2, 1),
        ("\"\\\n{{", 3, 2),
        ("{a...b...c}", 7, 1),
    ] {
        assert_eq!(document(text), (tokens, nesting), "{text:?}");
    }
}

#[test]
fn brackets_behind_an_open_block_string_are_never_skipped() {
    // The parser reads `"" " x"` here, and then structure.
    let hidden = format!("{{ a(s: [\"\"\" x\" {} ]) }}", "[".repeat(5_000));
    assert_eq!(
        check_document(&hidden, &Limits::DEFAULT),
        Err(TextRefused::OpenBlockString { line: 1 }),
        "{hidden:.40}"
    );
    assert!(check_document("{ a(s: \"\"\"\n\\\"\"\"", &Limits::DEFAULT).is_err());
}

#[test]
fn each_limit_of_the_text_is_inclusive_and_says_the_figure() {
    let limits = Limits { document_bytes: 40, tokens: 11, nesting: 3, ..Limits::DEFAULT };
    let refused = |text: &str| match check_document(text, &limits) {
        Err(TextRefused::Limit(LimitExceeded { limit, found: Figure::Exactly(found), .. })) => (limit, found),
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(check_document("{ a(b: [c d]) }", &limits), Ok(()));
    assert_eq!(refused("{ a(b: [c [d]]) }"), (Limit::Nesting, 4));
    assert_eq!(refused("{ a b c d e f g h i j }"), (Limit::Tokens, 12));
    assert_eq!(refused(&"# كلمة\n".repeat(4)), (Limit::Document, 44));
}

#[test]
fn variables_by_hand() {
    for (json, values, nesting) in [
        ("{}", 2, 1),
        (r#"{"a": 1, "b": [1, 2, {"c": []}]}"#, 8, 4),
        (r#"{"a": "[[[[,,,,\"{{"}"#, 2, 1),
        (r#"{"slug": "وزيرة, [الشباب]"}"#, 2, 1),
        ("[[[[", 5, 4),
        (r#""never closed [[["#, 1, 0),
    ] {
        let Measure { tokens, nesting: depth, .. } = measure_json(json.as_bytes());
        assert_eq!((tokens, depth), (values, nesting), "{json}");
    }
    let limits = Limits { variable_nesting: 2, variable_values: 3, ..Limits::DEFAULT };
    assert_eq!(check_variables(r#"{"a": [1, 2]}"#, &limits), Err(too_many(Limit::Variables, 4, 3)));
    assert_eq!(check_variables(r#"{"a": [[1]]}"#, &limits), Err(too_many(Limit::VariableNesting, 3, 2)));
    assert_eq!(check_variables(r#"{"a": [1]}"#, &limits), Ok(()));
}

fn too_many(limit: Limit, found: u64, max: u64) -> LimitExceeded {
    LimitExceeded { limit, max, found: Figure::Exactly(found) }
}

/// Pieces of which some texts are values, some are not, and every lexical corner occurs.
fn soup(length: usize) -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "true",
        "null",
        "0",
        "-1",
        "00",
        "1.5",
        "2e3",
        "\"s\"",
        "\"\"",
        "\"\"\"b\"\"\"",
        "\"\"\"",
        "\"",
        "\\",
        "\\\"",
        "[",
        "]",
        "{k:",
        "}",
        "$v",
        "E",
        "#c",
        "\n",
        "\r",
        " ",
        ",",
        "[",
        "]",
        "é",
        "\\\"\"\"",
        "[[",
        "]]",
    ]);
    prop::collection::vec(piece, 0..length).prop_map(|pieces| pieces.concat())
}

fn value_size(value: &Value) -> (u64, u64) {
    let children: Vec<(u64, u64)> = match value {
        Value::List(items) => items.iter().map(value_size).collect(),
        Value::Object(fields) => fields.values().map(value_size).collect(),
        _ => return (1, 0),
    };
    let (count, depth) = children.iter().fold((1, 0), |(n, d), (count, depth)| (n + count, d.max(*depth)));
    (count, depth + 1)
}

fn document_size(document: &ExecutableDocument) -> (u64, u64) {
    fn set_size(set: &SelectionSet) -> (u64, u64) {
        let mut size = (0, 1);
        for item in &set.items {
            if let Selection::Field(field) = &item.node {
                let inner = set_size(&field.node.selection_set.node);
                size = (size.0 + 1 + inner.0, size.1.max(inner.1));
                for (_, value) in &field.node.arguments {
                    let (count, depth) = value_size(&value.node);
                    size = (size.0 + count, size.1.max(depth + 2)); // within the selection set and the argument list
                }
            }
        }
        size
    }
    document.operations.iter().fold((0, 0), |(n, d), (_, operation)| {
        let (count, depth) = set_size(&operation.node.selection_set.node);
        (n + count, d.max(depth))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_the_parser_builds_was_counted(values in soup(14)) {
        let text = format!("{{a(x:[{values}])}}");
        if let Ok(parsed) = parse_query(&text) {
            let (count, depth) = document_size(&parsed);
            match measure_document(text.as_bytes()) {
                Ok(measure) => {
                    prop_assert!(measure.tokens >= count, "{} < {count} in {text}", measure.tokens);
                    prop_assert!(measure.nesting >= depth, "{} < {depth} in {text}", measure.nesting);
                }
                Err(refused) => {
                    let expected = matches!(refused, TextRefused::OpenBlockString { .. });
                    prop_assert!(expected);
                }
            }
        }
    }

    #[test]
    fn whatever_the_json_parser_builds_was_counted(json in "[\\[\\]{},:1\"a\\\\ ]{0,24}") {
        fn size(value: &serde_json::Value) -> (u64, u64) {
            let children: Vec<(u64, u64)> = match value {
                serde_json::Value::Array(items) => items.iter().map(size).collect(),
                serde_json::Value::Object(fields) => fields.values().map(size).collect(),
                _ => return (1, 0),
            };
            let (count, depth) = children.iter().fold((1, 0), |(n, d), (count, depth)| (n + count, d.max(*depth)));
            (count, depth + 1)
        }
        if let Ok(value) = serde_json::from_str(&json) {
            let (count, depth) = size(&value);
            let measure = measure_json(json.as_bytes());
            prop_assert!(measure.tokens >= count && measure.nesting >= depth, "{json}");
        }
    }

    #[test]
    fn the_scan_ends_on_any_text(text in "\\PC{0,64}") {
        let _ = measure_document(text.as_bytes());
        let _ = measure_json(text.as_bytes());
    }
}
