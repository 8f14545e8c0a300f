//! What is asked: every root field, with every value of every argument that makes a difference. It must not know what is
//! secret.

use masthead_tests::TestStore;

use super::ask;
use super::documents::{Call, Documents, Pool, bracketed, candidates, id, paged, part};
use super::planted::{ADMIN, Planted};
use super::shape::{Field, Shape};

/// How many keys of each noun are tried: more than there are.
const KEYS: i64 = 26;

/// What arguments are made up from: every key of every noun, every slug and address there is.
pub async fn pool(store: &TestStore, planted: &Planted, shape: &Shape) -> Pool {
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
pub async fn calls(
    planted: &Planted,
    shape: &Shape,
    pool: &Pool,
    documents: &mut Documents<'_>,
) -> Vec<Call> {
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
