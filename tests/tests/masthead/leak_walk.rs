//! No leak, whatever the schema grows: words that hide in unpublished articles are looked for by walking the whole schema,
//! as it describes itself, as everyone; each is found by whoever may see it, and by nobody else.
//!
//! Whoever sees nothing that is hidden also gets, to every question, the very answer that a twin newsroom gives in which
//! nothing is hidden: so no count, order, filter, error or `null` tells of it either. A new field, argument or type is
//! walked without a change here.

mod attempts;
mod calls;
mod documents;
mod planted;
mod shape;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, resume_unwind};

use futures_util::FutureExt;
use masthead_tests::TestStore;
use serde_json::{Value, json};

use self::calls::{calls, pool};
use self::documents::{Document, Documents, part};
use self::planted::{ADMIN, Extent, GUEST, MARK, Planted};
use self::shape::{INTROSPECTION, Shape};
use crate::newsroom::Newsroom;

/// Errors that an argument may be answered with; all others are faults.
const EXPECTED: [&str; 3] = ["BAD_USER_INPUT", "FORBIDDEN", "UNAUTHENTICATED"];
#[tokio::test]
async fn what_is_hidden_on_sqlite_is_found_only_by_those_who_may_see_it() {
    let faults =
        walked([TestStore::sqlite().await, TestStore::sqlite().await, TestStore::sqlite().await]).await;
    assert_none(&faults);
}

#[tokio::test]
async fn what_is_hidden_on_postgres_is_found_only_by_those_who_may_see_it() {
    let Some(first) = TestStore::postgres().await else { return };
    let mut stores = vec![first];
    while stores.len() < 3 {
        stores.push(TestStore::postgres().await.expect("there was one"));
    }
    let stores = stores.try_into().expect("three");
    assert_none(&walked(stores).await);
}

fn assert_none(faults: &[String]) {
    let told: String = faults.iter().take(30).map(|fault| format!("- {fault}\n")).collect();
    assert!(faults.is_empty(), "{} faults:\n{told}", faults.len());
}

/// Everything that is wrong; the databases are gone then.
async fn walked(stores: [TestStore; 3]) -> Vec<String> {
    let outcome = AssertUnwindSafe(walked_on(&stores)).catch_unwind().await;
    for store in stores {
        store.discard().await;
    }
    outcome.unwrap_or_else(|panic| resume_unwind(panic))
}

async fn walked_on(stores: &[TestStore; 3]) -> Vec<String> {
    for store in stores {
        // So that links are signed alike.
        let secret = if is_sqlite(store) { "zeroblob(32)" } else { "decode(repeat('00', 32), 'hex')" };
        store.execute(&format!("UPDATE site SET secret = {secret}")).await;
    }
    let [whole, bare, library] = stores;
    let planted = Planted::plant(Newsroom::empty((**whole).clone()), Extent::Whole).await;
    let twins = [
        Planted::plant(Newsroom::empty((**bare).clone()), Extent::Public).await,
        Planted::plant(Newsroom::empty((**library).clone()), Extent::Library).await,
    ];
    walk(whole, &planted, &twins).await
}

fn is_sqlite(store: &TestStore) -> bool {
    store.url().starts_with("sqlite")
}

async fn walk(store: &TestStore, whole: &Planted, twins: &[Planted; 2]) -> Vec<String> {
    let mut faults = Vec::new();
    let described = ask(whole, ADMIN, INTROSPECTION).await;
    assert!(!described.to_string().contains(MARK), "the schema itself tells");
    let shape = Shape::read(&described);
    let pool = pool(store, whole, &shape).await;
    let mut documents = Documents::new(&shape);
    let calls = calls(whole, &shape, &pool, &mut documents).await;
    let walked = documents.of("query", &calls, 12);
    for watcher in 0..whole.watchers.len() {
        let mut found = BTreeSet::new();
        for document in &walked {
            let answer = ask(whole, watcher, &document.text).await;
            look(whole, watcher, document, &answer, &mut found, &mut faults);
            if let Some(twin) = twin_of(twins, watcher) {
                let other = ask(twin, watcher, &document.text).await;
                compare(whole, watcher, document, &answer, &other, &mut faults);
            }
        }
        for secret in &whole.secrets {
            if secret.must_be_found_by(watcher) && !found.contains(&secret.word) {
                faults.push(format!(
                    "{} does not find {}: the walk is blind, or a right is lost",
                    whole.watchers[watcher].0, secret.what
                ));
            }
        }
    }
    for mistyped in [
        "{ artcle { titel } }",
        "{ article(slug: 1) { title } }",
        "{ articles(filter: { status: DRAFTS }) { totalCount } }",
    ] {
        let answer = ask(whole, GUEST, mistyped).await;
        assert!(!answer.to_string().contains(MARK), "{answer:#}");
    }
    attempts::previews(whole, &shape, &mut documents, &mut faults).await;
    attempts::mutations(whole, &shape, &mut documents, &mut faults).await;
    faults
}

/// The newsroom that looks the same to a watcher from whom everything is hidden.
fn twin_of(twins: &[Planted; 2], watcher: usize) -> Option<&Planted> {
    match watcher {
        planted::GUEST | planted::READER => Some(&twins[0]),
        planted::WRITER.. => None,
        _ => Some(&twins[1]),
    }
}

async fn ask(planted: &Planted, watcher: usize, document: &str) -> Value {
    planted.newsroom.ask_as(&planted.watchers[watcher].1, planted.later(), document, json!({})).await
}

/// Notes the secrets in an answer; the ones that are not for the watcher, and errors that are none of theirs, are faults.
fn look(
    planted: &Planted,
    watcher: usize,
    document: &Document,
    answer: &Value,
    found: &mut BTreeSet<String>,
    faults: &mut Vec<String>,
) {
    let who = planted.watchers[watcher].0;
    for error in answer["errors"].as_array().into_iter().flatten() {
        if !error["extensions"]["code"].as_str().is_some_and(|code| EXPECTED.contains(&code)) {
            faults.push(format!("{who}: {error} to {}", shortened(&document.text)));
        }
    }
    if answer["data"].is_null() {
        faults.push(format!("{who} gets no answer to {}", shortened(&document.text)));
    }
    let text = answer.to_string();
    for secret in planted.in_text(&text) {
        found.insert(secret.word.clone());
        if secret.may_be_found_by(watcher) {
            continue;
        }
        for (n, call) in document.calls.iter().enumerate() {
            let mut part = part(answer, n);
            // A message may repeat what was asked.
            if call.args.contains(&secret.word) {
                part["errors"] = Value::Null;
            }
            if let Some(place) = place_of(&part, &secret.word) {
                faults.push(format!(
                    "{who} finds {} ({}) by {}{} at {place}",
                    secret.what, secret.word, call.field, call.args
                ));
            }
        }
    }
}

/// An answer that differs from the twin's tells of what is hidden.
fn compare(
    planted: &Planted,
    watcher: usize,
    document: &Document,
    answer: &Value,
    other: &Value,
    faults: &mut Vec<String>,
) {
    if answer == other {
        return;
    }
    for (n, call) in document.calls.iter().enumerate() {
        let (own, twins) = (part(answer, n), part(other, n));
        if let Some(difference) = difference(&own, &twins) {
            faults.push(format!(
                "{} is told of something hidden by {}{}: {difference}",
                planted.watchers[watcher].0, call.field, call.args
            ));
        }
    }
}

/// The path at which a text stands.
fn place_of(value: &Value, word: &str) -> Option<String> {
    match value {
        Value::String(text) => text.contains(word).then(String::new),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(n, item)| place_of(item, word).map(|rest| format!(".{n}{rest}"))),
        Value::Object(fields) => {
            fields.iter().find_map(|(name, item)| place_of(item, word).map(|rest| format!(".{name}{rest}")))
        }
        _ => None,
    }
}

/// Where and how two answers differ first.
fn difference(own: &Value, other: &Value) -> Option<String> {
    match (own, other) {
        _ if own == other => None,
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            a.iter().find_map(|(name, item)| difference(item, &b[name]).map(|rest| format!(".{name}{rest}")))
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .enumerate()
            .find_map(|(n, (x, y))| difference(x, y).map(|rest| format!(".{n}{rest}"))),
        _ => Some(format!(
            ": {} where nothing is hidden, and here {}",
            shortened(&other.to_string()),
            shortened(&own.to_string())
        )),
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(300).collect()
}
