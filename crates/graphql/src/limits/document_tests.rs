//! The document's limits at their edges, and the attacks that made them necessary.

use std::fmt::Write;

use async_graphql::parser::parse_query;
use async_graphql::parser::types::OperationType;

use super::{CheckedDocument, DocumentRefused, OperationMissing};
use crate::limits::{Figure, Limit, LimitExceeded, Limits};

fn check(text: &str, limits: &Limits) -> Result<CheckedDocument, DocumentRefused> {
    CheckedDocument::check(parse_query(text).unwrap(), limits)
}

const TIGHT: Limits = Limits {
    operations: 2,
    fragments: 2,
    selections: 12,
    depth: 3,
    recursion: 4,
    root_fields: 3,
    mutation_fields: 1,
    aliases: 2,
    directives: 2,
    ..Limits::DEFAULT
};

fn refused(text: &str, limits: &Limits) -> Option<(Limit, Figure)> {
    match check(text, limits) {
        Ok(_) => None,
        Err(DocumentRefused::Limit(LimitExceeded { limit, found, .. })) => Some((limit, found)),
        Err(DocumentRefused::FragmentCycle { name }) => panic!("{name} in {text}"),
    }
}

#[test]
fn each_limit_by_hand_at_its_edge_and_beyond() {
    use Figure::Exactly;
    for (text, expected) in [
        ("query A { a } query B { a }", None),
        ("query A { a } query B { a } query C { a }", Some((Limit::Operations, Exactly(3)))),
        ("{ ...F } fragment F on T { a } fragment G on T { a }", None),
        (
            "{ a } fragment F on T { a } fragment G on T { a } fragment H on T { a }",
            Some((Limit::Fragments, Exactly(3))),
        ),
        ("{ a { b { c } } }", None),
        ("{ a { b { c { d } } } }", Some((Limit::Depth, Exactly(4)))),
        // a fragment adds no depth of its own, but its fields do
        ("{ a { ...F } } fragment F on T { b { c } }", None),
        ("{ a { ...F } } fragment F on T { b { c { d } } }", Some((Limit::Depth, Exactly(4)))),
        ("{ a b c }", None),
        ("{ a b c d }", Some((Limit::RootFields, Exactly(4)))),
        ("{ a ... { b ...F } } fragment F on Q { c d }", Some((Limit::RootFields, Exactly(4)))),
        ("mutation { a }", None),
        ("mutation { a b: a }", Some((Limit::MutationFields, Exactly(2)))),
        ("{ x: a y: a }", None),
        ("{ x: a y: a z: a }", Some((Limit::Aliases, Exactly(3)))),
        ("{ a { ...F } b { ...F } } fragment F on T { x: c y: c }", Some((Limit::Aliases, Exactly(4)))),
        ("query($v: Int @d) { a @skip(if: true) }", None),
        (
            "query @d { a @skip(if: true) ... @include(if: true) { b } }",
            Some((Limit::Directives, Exactly(3))),
        ),
        ("{ a { ... { ... { ... { b } } } } }", None),
        ("{ a { ... { ... { ... { ... { b } } } } } }", Some((Limit::Recursion, Figure::AtLeast(5)))),
        ("{ a { b b b b b b b b b b b } }", None),
        ("{ a { b b b b b b b b b b b b } }", Some((Limit::Selections, Exactly(13)))),
    ] {
        assert_eq!(refused(text, &TIGHT), expected, "{text}");
    }
}

/// `{ ...F0 }` and `length` fragments, each spreading the next one twice.
fn doubling(length: usize) -> String {
    let mut text = String::from("{ ...F0 }");
    for n in 0..length {
        write!(text, " fragment F{n} on Query {{ ...F{0} ...F{0} }}", n + 1).unwrap();
    }
    write!(text, " fragment F{length} on Query {{ __typename }}").unwrap();
    text
}

#[test]
fn doubled_fragments_are_counted_and_not_followed() {
    assert_eq!(refused(&doubling(4), &Limits::DEFAULT), None);
    // F(n) weighs 2 + 2 F(n+1): 2^31 + 2^30 - 2 for F0, so no more than a count can end here
    let refusal = refused(&doubling(30), &Limits { root_fields: u64::MAX, ..Limits::DEFAULT });
    assert!(matches!(refusal, Some((Limit::Selections, _))), "{refusal:?}");
    let no_end = refused(&doubling(90), &Limits { recursion: u64::MAX, ..Limits::DEFAULT });
    assert!(no_end.is_some());
}

#[test]
fn unused_fragments_are_weighed_too() {
    let unused = doubling(30).replace("{ ...F0 }", "{ __typename }");
    assert!(matches!(refused(&unused, &Limits::DEFAULT), Some((Limit::Selections, _))));
}

#[test]
fn a_circle_of_fragments_is_named() {
    for text in [
        "{ ...A } fragment A on Q { ...A }",
        "{ ...A } fragment A on Q { a { ...B } } fragment B on Q { ... { ...A } }",
        "{ a } fragment A on Q { ...B } fragment B on Q { ...A }",
    ] {
        let refusal = check(text, &Limits::DEFAULT);
        assert!(matches!(refusal, Err(DocumentRefused::FragmentCycle { .. })), "{text}: {refusal:?}");
    }
}

#[test]
fn a_chain_of_deep_fragments_ends_at_the_recursion_limit() {
    let deep = |n: usize, inner: &str| {
        format!("fragment F{n} on T {{ {}{inner}{} }}", "... { ".repeat(60), " }".repeat(60))
    };
    let mut text = String::from("{ a ");
    text.push('}');
    for n in 0..99 {
        text.push_str(&deep(n, &format!("...F{}", n + 1)));
    }
    text.push_str(&deep(99, "a"));
    assert!(matches!(refused(&text, &Limits::DEFAULT), Some((Limit::Recursion, _))));
}

#[test]
fn introspection_is_noticed_anywhere() {
    for (text, expected) in [
        ("{ a }", false),
        ("{ __typename }", false),
        ("{ __schema { types { name } } }", true),
        ("{ ... { x: __type(name: \"A\") { name } } }", true),
        ("{ a } fragment F on Query { __schema { types { name } } }", true),
    ] {
        assert_eq!(check(text, &Limits::DEFAULT).unwrap().introspects(), expected, "{text}");
    }
}

#[test]
fn the_operation_is_the_named_or_the_only_one() {
    let operation = |text: &str, name: Option<&str>| {
        check(text, &Limits::DEFAULT).unwrap().operation(name).map(|operation| operation.ty)
    };
    assert_eq!(operation("{ a }", None), Ok(OperationType::Query));
    assert_eq!(operation("mutation M { a }", None), Ok(OperationType::Mutation));
    assert_eq!(operation("query Q { a } mutation M { a }", Some("M")), Ok(OperationType::Mutation));
    assert_eq!(operation("query Q { a } mutation M { a }", None), Err(OperationMissing::Ambiguous));
    assert_eq!(operation("query Q { a }", Some("R")), Err(OperationMissing::Unknown("R".into())));
    assert_eq!(operation("{ a }", Some("Q")), Err(OperationMissing::Unknown("Q".into())));
}
