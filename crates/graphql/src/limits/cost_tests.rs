//! Costs by hand, the pages of the contract under the defaults, and the requests that must not run.

use std::fmt::Write;

use async_graphql::Variables;
use async_graphql::parser::parse_query;
use serde_json::json;

use super::Cost;
use crate::limits::{CheckedDocument, Limit, LimitExceeded, Limits, ListSizes, SchemaShape};

const SDL: &str = "
    type Query {
        article(slug: String!): Article
        articles(first: Int, last: Int, after: String): ArticleConnection!
        sections: [Section!]!
        nodes(ids: [ID!]!): [Article]!
    }
    type Mutation { leave(text: String!): Article }
    type Section { name: String! articles(first: Int): ArticleConnection! }
    interface Hit { id: ID! }
    type Article implements Hit {
        id: ID! title: String! tags: [String!]! authors: [Author!]!
        related(first: Int = 5): ArticleConnection!
    }
    type Author { name: String! articles(first: Int): ArticleConnection! }
    type ArticleConnection { nodes: [Article!]! totalCount: Int pageInfo: PageInfo! }
    type PageInfo { endCursor: String }
";

fn cost_with(text: &str, variables: serde_json::Value, limits: &Limits) -> Result<Cost, LimitExceeded> {
    let shape = SchemaShape::from_sdl(SDL, ListSizes::DEFAULT).unwrap();
    let document = CheckedDocument::check(parse_query(text).unwrap(), limits).unwrap();
    let operation = document.operation(None).unwrap();
    Cost::measure(&shape, &document, operation, &Variables::from_json(variables)).check(limits)
}

fn complexity(text: &str, variables: serde_json::Value) -> u64 {
    cost_with(text, variables, &Limits { complexity: u64::MAX, ..Limits::DEFAULT }).unwrap().complexity
}

#[test]
fn costs_by_hand() {
    let no = || json!({});
    for (text, variables, expected) in [
        ("{ article(slug: \"لا\") { id title } }", no(), 1 + 2),
        ("{ articles(first: 3) { nodes { id } } }", no(), 1 + 3 * (1 + 1)),
        ("{ articles(last: 3) { totalCount } }", no(), 1 + 3),
        ("{ articles { nodes { id } } }", no(), 1 + 20 * 2),
        ("{ articles(first: 100000) { nodes { id } } }", no(), 1 + 100 * 2),
        ("{ articles(first: -7) { nodes { id } } }", no(), 1 + 2),
        ("{ articles(first: 0) { nodes { id } } }", no(), 1 + 2),
        ("{ articles(first: \"many\") { nodes { id } } }", no(), 1 + 100 * 2),
        ("{ articles(first: null) { nodes { id } } }", no(), 1 + 20 * 2),
        ("{ articles(first: 2, last: 4) { nodes { id } } }", no(), 1 + 4 * 2),
        ("{ article(slug: \"a\") { related { nodes { id } } } }", no(), 1 + 1 + 5 * 2),
        ("{ sections { name } }", no(), 1 + 25),
        ("{ nodes(ids: [1, 2, 3]) { id } }", no(), 1 + 3),
        ("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({"ids": ["a", "b"]}), 1 + 2),
        ("query($n: Int) { articles(first: $n) { nodes { id } } }", json!({"n": 7}), 1 + 7 * 2),
        ("query($n: Int) { articles(first: $n) { nodes { id } } }", json!({"n": 9e99}), 1 + 100 * 2),
        ("query($n: Int) { articles(first: $n) { nodes { id } } }", json!({"n": null}), 1 + 20 * 2),
        ("query($n: Int) { articles(first: $n) { nodes { id } } }", no(), 1 + 20 * 2),
        ("query($n: Int = 4) { articles(first: $n) { nodes { id } } }", no(), 1 + 4 * 2),
        ("query($n: Int = 4) { articles(first: $n) { nodes { id } } }", json!({"n": 6}), 1 + 6 * 2),
        (
            "{ a: articles(first: 2) { nodes { ...F } } } fragment F on Article { tags authors { name } }",
            no(),
            1 + 2 * (1 + 1 + 1 + 5),
        ),
        ("{ nodes(ids: [1]) { ... on Hit { id } ... { id } ... on Article { tags } } }", no(), 1 + 3),
        ("{ unknown { far { away } } }", no(), 3),
        ("{ ...Missing }", no(), 0),
        ("mutation { leave(text: \"hello\") { related(first: 2) { totalCount } } }", no(), 1 + 1 + 2),
        ("{ __schema { types { name fields { name } } } }", no(), 1 + 1 + 40 * (1 + 1 + 5)),
    ] {
        assert_eq!(complexity(text, variables.clone()), expected, "{text} {variables}");
    }
}

#[test]
fn a_ladder_of_related_articles_is_refused() {
    let step = "related(first: 100) { nodes { ";
    let ladder = |steps: usize| {
        format!("{{ article(slug: \"a\") {{ {} id {} }} }}", step.repeat(steps), "} }".repeat(steps))
    };
    assert!(cost_with(&ladder(2), json!({}), &Limits::DEFAULT).is_ok());
    for steps in [3, 6, 9] {
        let refused = cost_with(&ladder(steps), json!({}), &Limits::DEFAULT).unwrap_err();
        assert_eq!(refused.limit, Limit::Complexity, "{steps} steps");
    }
    let hidden = "query($n: Int = 100) { article(slug: \"a\") { ...A } }
        fragment A on Article { related(first: $n) { nodes { ...B } } }
        fragment B on Article { related(first: $n) { nodes { ...C } } }
        fragment C on Article { related(first: $n) { nodes { title } } }";
    assert_eq!(cost_with(hidden, json!({}), &Limits::DEFAULT).unwrap_err().limit, Limit::Complexity);
    assert!(cost_with(hidden, json!({"n": 5}), &Limits::DEFAULT).is_ok());
}

#[test]
fn a_page_of_sections_with_cards_passes_and_a_hundred_dear_aliases_do_not() {
    let page = "query($perSection: Int = 10) { sections { name articles(first: $perSection) { nodes { ...Card } } } }
        fragment Card on Article { id title tags authors { name } }";
    assert!(cost_with(page, json!({"perSection": 100}), &Limits::DEFAULT).is_ok());
    let mut dear = String::from("{");
    for n in 0..100 {
        write!(dear, " a{n}: articles(first: 100) {{ nodes {{ id title tags authors {{ name }} }} }}")
            .unwrap();
    }
    dear.push('}');
    let only_cost = Limits { aliases: 1_000, root_fields: 1_000, ..Limits::DEFAULT };
    assert_eq!(cost_with(&dear, json!({}), &only_cost).unwrap_err().limit, Limit::Complexity);
}

#[test]
fn a_large_variable_used_often_is_counted_at_every_use() {
    let uses = |n: usize| {
        let fields = "article(slug: $s) { id } ".repeat(n);
        format!("query($s: String!) {{ {fields} }}")
    };
    let body = json!({"s": "نص".repeat(100_000)}); // 400,000 bytes
    let roomy = Limits { root_fields: 1_000, ..Limits::DEFAULT };
    assert!(cost_with(&uses(20), body.clone(), &roomy).is_ok());
    assert_eq!(cost_with(&uses(21), body.clone(), &roomy).unwrap_err().limit, Limit::Arguments);
    // also where lists repeat the use, and in a fragment that only validation reads
    let listed =
        "query($s: String!) { articles(first: 100) { nodes { related(after: $s) { totalCount } } } }";
    assert_eq!(cost_with(listed, body.clone(), &roomy).unwrap_err().limit, Limit::Arguments);
    let unused = format!(
        "query($s: String!) {{ article(slug: $s) {{ id }} }} fragment F on Query {{ {} }}",
        "article(slug: $s) { id }".repeat(30)
    );
    assert_eq!(cost_with(&unused, body, &roomy).unwrap_err().limit, Limit::Arguments);
}

#[test]
fn many_small_values_in_one_variable_count_as_much_as_a_long_text() {
    let list = json!({"ids": vec![0; 10_000]});
    let text = "query($ids: [ID!]!) { ".to_owned() + &"nodes(ids: $ids) ".repeat(60) + "}";
    let roomy = Limits { root_fields: 1_000, ..Limits::DEFAULT };
    assert_eq!(cost_with(&text, list, &roomy).unwrap_err().limit, Limit::Arguments);
}

#[test]
fn sums_do_not_wrap() {
    let step = "related(first: 100) { nodes { ";
    let ladder = format!("{{ article(slug: \"a\") {{ {} id {} }} }}", step.repeat(30), "} }".repeat(30));
    let deep = Limits { depth: 100, recursion: 100, complexity: u64::MAX - 1, ..Limits::DEFAULT };
    assert_eq!(cost_with(&ladder, json!({}), &deep).unwrap_err().limit, Limit::Complexity);
}
