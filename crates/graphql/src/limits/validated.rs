//! Which requests need not be validated again: the same document passed before, with variables that cannot make a
//! difference.
//!
//! Validation is a good quarter of what GraphQL does for an article's page; clients send the same few documents all day. Its rules read
//! the document, and of the variables one thing: whether each value fits the type of the argument that it is put into.
//! That type is the variable's own (a rule of validation too). So what passed once passes again when the same variables
//! are given, and each is a value of its declared type. Where that cannot be told by the few scalars known here, the
//! request is validated, as ever. It must not know how an operation is executed.

use std::sync::{Mutex, PoisonError};

use async_graphql::parser::types::{BaseType, OperationDefinition, Type};
use async_graphql::{ScalarType, Value, Variables};

use crate::scalar::LanguageTag;

/// How many ways of giving a document's variables are remembered; clients use one or two.
const REMEMBERED: usize = 8;

/// What of a document has passed validation before. Kept with it.
#[derive(Debug, Default)]
pub(super) struct Validated(Mutex<Vec<Given>>);

/// Which variables of an operation are given, and which of them are null.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given(Box<[State]>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Absent,
    Null,
    /// A value of the declared type.
    Fits,
}

impl Given {
    /// `None` where a value does not fit its type, or it cannot be told here.
    pub(super) fn of(operation: &OperationDefinition, variables: &Variables) -> Option<Self> {
        let states = operation.variable_definitions.iter().map(|definition| {
            let declared = &definition.node.var_type.node;
            match variables.get(definition.node.name.node.as_str()) {
                None => Some(State::Absent),
                Some(Value::Null) => declared.nullable.then_some(State::Null),
                Some(value) => fits(value, declared).then_some(State::Fits),
            }
        });
        states.collect::<Option<_>>().map(Self)
    }
}

impl Validated {
    pub(super) fn has(&self, given: &Given) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(given)
    }

    pub(super) fn add(&self, given: Given) {
        let mut passed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if passed.len() < REMEMBERED && !passed.contains(&given) {
            passed.push(given);
        }
    }
}

/// Whether this is, for certain, a value of the type. Numbers are those that every kind of integer here
/// takes for its own: not zero, not negative, no more than 32 bits.
fn fits(value: &Value, declared: &Type) -> bool {
    let BaseType::Named(name) = &declared.base else { return false };
    match (name.as_str(), value) {
        ("String" | "ID", Value::String(_)) | ("Boolean", Value::Boolean(_)) => true,
        ("Int", Value::Number(number)) => number.as_i64().is_some_and(|n| (1..=0x7fff_ffff).contains(&n)),
        ("LanguageTag", value) => LanguageTag::is_valid(value),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::json;

    use super::*;

    fn given(variables: serde_json::Value) -> Option<Given> {
        let document = parse_query(
            "query($s: String!, $n: Int, $l: LanguageTag, $d: DateTime, $many: [String!]) { a(s: $s, n: $n, l: $l, d: $d, many: $many) }",
        )
        .unwrap();
        let operation = document.operations.iter().next().unwrap().1.node.clone();
        Given::of(&operation, &Variables::from_json(variables))
    }

    #[test]
    fn other_values_of_the_same_types_make_no_difference() {
        let first = given(json!({"s": "a", "n": 5, "l": "ar"})).unwrap();
        assert_eq!(given(json!({"s": "b", "n": 20, "l": "fr-CA", "unknown": [1]})).unwrap(), first);
        assert_ne!(given(json!({"s": "a", "n": 5})).unwrap(), first);
        assert_ne!(given(json!({"s": "a", "n": null, "l": "ar"})).unwrap(), first);
    }

    #[test]
    fn what_does_not_fit_or_is_not_known_here_is_validated() {
        for variables in [
            json!({"s": null}),
            json!({"s": 1}),
            json!({"s": "a", "n": "5"}),
            json!({"s": "a", "n": 5.5}),
            json!({"s": "a", "n": -5}),
            json!({"s": "a", "n": 9_000_000_000_u64}),
            json!({"s": "a", "l": "no language"}),
            json!({"s": "a", "d": "2026-11-22T09:30:00Z"}),
            json!({"s": "a", "many": ["b"]}),
        ] {
            assert_eq!(given(variables.clone()), None, "{variables}");
        }
    }
}
