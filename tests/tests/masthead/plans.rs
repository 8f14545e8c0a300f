//! The planned page and the loaders answer alike, whatever is selected.

use masthead_graphql::Planning;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

use crate::newsroom::{Newsroom, on_each_database};

/// Parts of an article that the plan may take along, alone, twice under different names, or nested.
const PARTS: [&str; 22] = [
    "id slug title",
    "subtitle excerpt wordCount readingMinutes",
    "section { id slug name parent { slug } }",
    "tags { id slug name }",
    "authors { id slug name }",
    "authors { id slug name role bio url avatar { url(width: 160) alt } links { label url } articles(first: 2) { totalCount nodes { slug } } }",
    "leadImage { url(width: 640) srcSet alt credit caption width height }",
    "body { html text }",
    "body { blocks { __typename direction ... on ParagraphBlock { html text } ... on ListBlock { ordered start items { html } } } }",
    "translations { id slug locale title }",
    "corrections { publishedAt kind note }",
    "rights { licence notice syndicatable }",
    "seo { title description canonicalUrl jsonLd }",
    "related(first: 3) { totalCount edges { score reasons { kind label } node { slug authors { name } } } }",
    "more: related(first: 1, after: null) { nodes { slug tags { slug } } }",
    "comments(first: 3) { totalCount pageInfo { hasNextPage endCursor } nodes { id authorName body { html } replies(first: 2) { totalCount nodes { id parent { id } } } } }",
    "latest: comments(first: 2, orderBy: NEWEST) { nodes { id createdAt } }",
    "last: comments(last: 2) { pageInfo { hasPreviousPage startCursor } nodes { id replies { nodes { id replies { nodes { id } } } } } }",
    "commentsOpen commentCount",
    "... on Article { tags { articles(first: 1) { nodes { slug } } } }",
    "url publishedAt modifiedAt locale direction",
    "section { articles(first: 2) { nodes { slug related(first: 1) { nodes { slug } } } } }",
];

#[test]
fn both_paths_give_one_answer() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(on_each_database(async |newsroom: &Newsroom| {
        let slugs = newsroom.public_slugs().await;
        let mut runner =
            TestRunner::new(Config { cases: 48, failure_persistence: None, ..Config::default() });
        let strategy = (
            prop::sample::subsequence(PARTS.to_vec(), 1..=PARTS.len()),
            prop::sample::select(slugs),
            any::<bool>(),
        );
        for _ in 0..48 {
            let (parts, slug, by_node) = strategy.new_tree(&mut runner).expect("a case").current();
            // Conflicting selections of one name would not validate: the shorter form of a pair gives way.
            let parts: Vec<&str> = parts
                .iter()
                .copied()
                .filter(|part| !(part == &PARTS[2] && parts.contains(&PARTS[21])))
                .collect();
            let selection = parts.join(" ");
            let (document, variables) = if by_node {
                let id = newsroom.article_id(&slug).await;
                (
                    format!("query($id: ID!) {{ node(id: $id) {{ ... on Article {{ {selection} }} }} }}"),
                    json!({"id": id}),
                )
            } else {
                (
                    format!("query($slug: String!) {{ article(slug: $slug) {{ {selection} }} }}"),
                    json!({"slug": slug}),
                )
            };
            let planned = newsroom.ask_planned(&document, variables.clone(), Planning::On).await;
            let loaded = newsroom.ask_planned(&document, variables, Planning::Off).await;
            assert!(planned.get("errors").is_none(), "{document}\n{planned:#}");
            assert_eq!(planned, loaded, "{document}");
        }
    }));
}
