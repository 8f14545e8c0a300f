//! Every list that a reader can ask for comes out of an index in its order, from the place that is asked for: SQLite is
//! asked how it would go about the very statements that the program sends.

use std::sync::LazyLock;

use masthead_tests::TestStore;
use serde_json::{Value, json};

use crate::budgets::{COUNTED, TURN};
use crate::newsroom::Newsroom;

/// A list: how it is asked for, and the index that it comes out of.
struct List {
    document: &'static str,
    index: &'static str,
}

const fn list(document: &'static str, index: &'static str) -> List {
    List { document, index }
}

/// `PAGE` stands for the page's arguments, `$id` for an article's id.
const ARTICLES: [List; 9] = [
    list("{ articles(PAGE) { PLACES } }", "articles_by_date"),
    list("{ articles(locale: \"ar\", PAGE) { PLACES } }", "articles_by_date_in_locale"),
    list("{ articles(filter: { tag: \"port\" }, PAGE) { PLACES } }", "articles_by_date"),
    list("{ section(slug: \"city\") { articles(PAGE) { PLACES } } }", "section_articles_by_date"),
    list(
        "{ section(slug: \"city\", locale: \"ar\") { articles(PAGE) { PLACES } } }",
        "section_articles_by_date_in_locale",
    ),
    list("{ tag(slug: \"port\") { articles(PAGE) { PLACES } } }", "article_tags_by_date"),
    list(
        "{ tag(slug: \"port\", locale: \"ar\") { articles(PAGE) { PLACES } } }",
        "article_tags_by_date_in_locale",
    ),
    list("{ author(slug: \"rania-khoury\") { articles(PAGE) { PLACES } } }", "article_authors_by_date"),
    list(
        "{ author(slug: \"rania-khoury\", locale: \"ar\") { articles(PAGE) { PLACES } } }",
        "article_authors_by_date_in_locale",
    ),
];

const COMMENTS: [List; 3] = [
    list(
        "query($id: ID!) { node(id: $id) { ... on Article { comments(orderBy: OLDEST, PAGE) { PLACES } } } }",
        "comments_threads",
    ),
    list(
        "query($id: ID!) { node(id: $id) { ... on Article { comments(orderBy: NEWEST, PAGE) { PLACES } } } }",
        "comments_threads",
    ),
    list(
        "query($id: ID!) { node(id: $id) { ... on Article { comments(orderBy: MOST_LIKED, PAGE) { PLACES } } } }",
        "comments_liked",
    ),
];

#[tokio::test]
async fn each_list_comes_out_of_an_index() {
    let _turn = TURN.lock().await;
    LazyLock::force(&COUNTED);
    let file = TestStore::sqlite().await;
    let newsroom = Newsroom::logging(&file).await;
    let id = newsroom.article_id(&newsroom.an_article_with_a_former_slug().await.0).await;
    for List { document, index } in ARTICLES.iter().chain(&COMMENTS) {
        let ask = async |page: &str| {
            let document = document
                .replace("PAGE", page)
                .replace("PLACES", "pageInfo { startCursor endCursor } nodes { id }");
            COUNTED.take_read();
            let answer = newsroom.ask(&document, json!({"id": id})).await;
            assert!(answer.get("errors").is_none(), "{document}: {answer:#}");
            (document, answer, COUNTED.take_read())
        };
        let first = ask("first: 1").await;
        let cursor =
            cursor(&first.1).unwrap_or_else(|| panic!("{document} holds nothing: {:#}", first.1)).to_owned();
        let after = ask(&format!("first: 1, after: \"{cursor}\"")).await;
        let before = ask(&format!("last: 1, before: \"{cursor}\"")).await;
        for ((document, _, statements), goes_on) in
            [(first, false), (ask("last: 1").await, false), (after, true), (before, true)]
        {
            let mut steps = Vec::new();
            for sql in &statements {
                let plan = file.query_plan(sql).await;
                refuse_detours(&document, sql, &plan);
                steps.extend(plan.into_iter().map(|(_, step)| step));
            }
            let step = steps.iter().find(|step| step.split(' ').any(|word| word == *index));
            let step = step.unwrap_or_else(|| panic!("{document} does not use {index}: {steps:#?}"));
            // A page in the middle is sought, not counted up to.
            assert!(!goes_on || step.contains('<') || step.contains('>'), "{document}: {step}");
        }
    }
    let telling = newsroom.store.clone();
    drop(newsroom);
    telling.close().await.expect("closes");
    file.discard().await;
}

/// Fails where a part of the plan reads a table from end to end, or sorts what it reads. What stands outermost are the
/// rows of one page, and tables of a few rows: the sections, the counts of each language.
fn refuse_detours(document: &str, sql: &str, plan: &[(i64, String)]) {
    for (part_of, step) in plan {
        let is_small = ["SCAN article_counts", "SCAN sections", "SCAN json_each", "SCAN CONSTANT ROW"]
            .iter()
            .any(|small| step.starts_with(small));
        let reads_all = step.starts_with("SCAN ") && !step.contains(" INDEX ") && !is_small;
        let sorts = step == "USE TEMP B-TREE FOR ORDER BY";
        assert!(*part_of == 0 || !(reads_all || sorts), "{document}\n{step}\n{sql}\n{plan:#?}");
    }
}

/// The cursor of the list's first page, wherever in the answer it stands.
fn cursor(answer: &Value) -> Option<&str> {
    match answer {
        Value::Object(fields) => match fields.get("endCursor") {
            Some(cursor) => cursor.as_str(),
            None => fields.values().find_map(cursor),
        },
        _ => None,
    }
}
