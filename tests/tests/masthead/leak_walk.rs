//! No leak, whatever the schema grows: words that hide in unpublished articles are looked for by walking the whole schema,
//! as it describes itself, as everyone; each is found by whoever may see it, and by nobody else.
//!
//! Whoever sees nothing that is hidden also gets, to every question, the very answer that a twin newsroom gives in which
//! nothing is hidden: so no count, order, filter, error or `null` tells of it either. A new field, argument or type is
//! walked without a change here.

mod attempts;
mod documents;
mod planted;
mod shape;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, resume_unwind};

use futures_util::FutureExt;
use masthead_tests::TestStore;
use serde_json::{Value, json};

use self::documents::{Call, Document, Documents, Pool, bracketed, candidates, id, paged, part};
use self::planted::{ADMIN, Extent, GUEST, MARK, Planted};
use self::shape::{Field, INTROSPECTION, Shape};
use crate::newsroom::Newsroom;

/// Errors that an argument may be answered with; all others are faults.
const EXPECTED: [&str; 3] = ["BAD_USER_INPUT", "FORBIDDEN", "UNAUTHENTICATED"];
/// How many keys of each noun are tried: more than there are.
const KEYS: i64 = 26;

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

/// What arguments are made up from: every key of every noun, every slug and address there is.
async fn pool(store: &TestStore, planted: &Planted, shape: &Shape) -> Pool {
    let mut strings = Vec::new();
    for (column, table) in [
        ("slug", "articles"),
        ("slug", "revisions"),
        ("slug_key", "former_slugs"),
        ("slug", "sections"),
        ("slug", "tags"),
        ("slug", "authors"),
        ("email", "users"),
    ] {
        strings.extend(store.texts(&format!("SELECT DISTINCT {column} FROM {table} ORDER BY 1")).await);
        let greatest = if matches!(table, "former_slugs" | "revisions") { "article_id" } else { "id" };
        assert!(
            store.number(&format!("SELECT CAST(COALESCE(MAX({greatest}), 0) AS BIGINT) FROM {table}")).await
                <= KEYS,
            "more keys than are tried"
        );
    }
    strings.extend(planted.secrets.iter().map(|secret| secret.word.clone()));
    strings.sort();
    strings.dedup();
    // The one person whose own type goes by another name.
    let nouns = shape.nouns().map(str::to_owned).chain(["User".to_owned()]);
    let ids = nouns.map(|noun| (noun.clone(), (1..=KEYS).map(|key| id(&noun, key)).collect())).collect();
    Pool { ids, strings, languages: vec!["en", "ar"], moment: planted.later().to_rfc3339() }
}

/// Every root field, with every argument that makes a difference to whoever sees everything, and with one of nothing.
async fn calls(planted: &Planted, shape: &Shape, pool: &Pool, documents: &mut Documents<'_>) -> Vec<Call> {
    let mut calls = Vec::new();
    for field in &shape.of(&shape.query).fields {
        let depth = if field.of.list || shape.is_connection(&field.of.name) { 1 } else { 2 };
        let needed = needed(planted, shape, pool, documents, field).await;
        calls.extend(needed.iter().map(|args| call(field, args, depth)));
        for base in needed.iter().take(2) {
            for args in optional(planted, shape, pool, documents, field, base).await {
                calls.push(args);
            }
        }
    }
    calls
}

type Args = Vec<(String, String)>;

/// Values for the arguments that a root field needs.
async fn needed(
    planted: &Planted,
    shape: &Shape,
    pool: &Pool,
    documents: &mut Documents<'_>,
    field: &Field,
) -> Vec<Args> {
    let mut all: Vec<Args> = vec![Vec::new()];
    for arg in field.args.iter().filter(|arg| arg.required) {
        let (values, nothing) = candidates(shape, pool, &arg.of);
        let mut longer = Vec::new();
        for args in &all {
            let with = |value: &String| {
                let mut args = args.clone();
                args.push((arg.name.clone(), value.clone()));
                args
            };
            longer.extend(values.iter().chain(&nothing).map(with));
        }
        all = longer;
    }
    let nothing = all.last().cloned().unwrap_or_default();
    let tried: Vec<Call> = all.iter().map(|args| call(field, args, 0)).collect();
    let mut telling = telling(planted, documents, &tried, &call(field, &nothing, 0)).await;
    if !nothing.is_empty() {
        telling.push(true);
    }
    let mut kept: Vec<Args> =
        all.into_iter().zip(telling).filter(|(_, telling)| *telling).map(|(args, _)| args).collect();
    if !nothing.is_empty() && !kept.contains(&nothing) {
        kept.push(nothing);
    }
    if kept.is_empty() {
        kept.push(Vec::new());
    }
    kept
}

/// Which calls are answered otherwise than the one that asks for nothing, by whoever sees everything.
async fn telling(
    planted: &Planted,
    documents: &mut Documents<'_>,
    tried: &[Call],
    nothing: &Call,
) -> Vec<bool> {
    let mut telling = Vec::with_capacity(tried.len());
    let mut compared = tried.to_vec();
    compared.push(nothing.clone());
    let mut parts = Vec::with_capacity(compared.len());
    for document in documents.of("query", &compared, 100) {
        let answer = ask(planted, ADMIN, &document.text).await;
        parts.extend((0..document.calls.len()).map(|n| part(&answer, n)));
    }
    let of_nothing = parts.pop().expect("it was asked");
    telling.extend(parts.iter().map(|part| *part != of_nothing));
    telling
}

/// A root field with each of its further arguments, and an input object's fields by one and by two.
async fn optional(
    planted: &Planted,
    shape: &Shape,
    pool: &Pool,
    documents: &mut Documents<'_>,
    field: &Field,
    base: &Args,
) -> Vec<Call> {
    let mut calls = Vec::new();
    for arg in field.args.iter().filter(|arg| !arg.required && arg.name != "first") {
        let with = |value: &str, depth: u8| {
            let mut args = base.clone();
            args.push((arg.name.clone(), value.to_owned()));
            call(field, &args, depth)
        };
        if arg.name == "last" {
            calls.push(with(&arg.most.unwrap_or(20).to_string(), 1));
            continue;
        }
        let inputs = &shape.of(&arg.of.name).inputs;
        if inputs.is_empty() {
            let (values, nothing) = candidates(shape, pool, &arg.of);
            let values = worth(planted, documents, values, nothing, &|value: &str| with(value, 0)).await;
            calls.extend(values.iter().map(|value| with(value, 1)));
            continue;
        }
        let object = |fields: &[(&str, &String)]| {
            let fields = fields.iter().map(|(name, value)| format!("{name}: {value}"));
            let object = format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "));
            if arg.of.list { format!("[{object}]") } else { object }
        };
        let mut by_one: Vec<(&str, Vec<String>, bool)> = Vec::new();
        for input in inputs {
            let (values, nothing) = candidates(shape, pool, &input.of);
            let is_enum = nothing.is_none();
            let values = worth(planted, documents, values, nothing, &|value: &str| {
                with(&object(&[(&input.name, &value.to_owned())]), 0)
            })
            .await;
            calls.extend(values.iter().map(|value| with(&object(&[(&input.name, value)]), 0)));
            by_one.push((&input.name, values, is_enum));
        }
        for (n, (one, ones, is_enum)) in by_one.iter().enumerate() {
            for (other, others, _) in by_one[n + 1..].iter().chain(&by_one[..n]).filter(|_| *is_enum) {
                let pairs = ones.iter().flat_map(|a| others.iter().map(move |b| (a, b)));
                calls.extend(pairs.map(|(a, b)| with(&object(&[(one, a), (other, b)]), 0)));
            }
        }
    }
    calls
}

/// The values that make a difference, and the one of nothing.
async fn worth(
    planted: &Planted,
    documents: &mut Documents<'_>,
    values: Vec<String>,
    nothing: Option<String>,
    call: &impl Fn(&str) -> Call,
) -> Vec<String> {
    let Some(nothing) = nothing else { return values };
    let tried: Vec<Call> = values.iter().map(|value| call(value)).collect();
    let telling = telling(planted, documents, &tried, &call(&nothing)).await;
    let mut worth: Vec<String> =
        values.into_iter().zip(telling).filter(|(_, telling)| *telling).map(|(value, _)| value).collect();
    worth.push(nothing);
    worth
}

fn call(field: &Field, args: &Args, depth: u8) -> Call {
    let mut given: Vec<(&str, String)> =
        args.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    if !given.iter().any(|(name, _)| *name == "last") {
        given.extend(paged(&field.args).map(|most| ("first", most.to_string())));
    }
    Call { field: field.name.clone(), args: bracketed(&given), of: field.of.name.clone(), depth }
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
