//! What is done to something hidden is refused with the same words as what is done to nothing: every mutation, with every
//! id that it takes. And a preview's link opens its article, and nothing else.

use std::collections::BTreeSet;

use masthead_actions::article::preview::issue;

use super::documents::{Call, Document, Documents, MISSING, bracketed, id, made_up, paged, part, quoted};
use super::planted::{GUEST, Planted, bit};
use super::shape::{Field, Input, Shape};
use super::{ask, difference, look};

/// What a preview shows of its article: the head as it would be read.
const PREVIEWED: [&str; 9] = [
    "draft: title",
    "draft: subtitle",
    "draft: excerpt",
    "draft: the text",
    "draft: a picture in the text",
    "draft: a caption in the text",
    "draft: the picture's alt",
    "draft: the picture's credit",
    "draft: the picture's caption",
];
/// How the ids of articles begin: `Article` in base64.
const ARTICLE: &str = "QXJ0aWNsZ";
/// The field that a preview's token opens.
const PREVIEW: &str = "articlePreview";

/// Tries the token of a preview wherever a text is taken.
pub async fn previews(
    planted: &Planted,
    shape: &Shape,
    documents: &mut Documents<'_>,
    faults: &mut Vec<String>,
) {
    let secret = planted.newsroom.store.begin().await.expect("begins").site_secret().await.expect("reads");
    let token = issue(&secret, planted.previewed.expect("an article"), planted.later());
    let fields = shape.of(&shape.query).fields.iter();
    let calls = fields.flat_map(|field| {
        let texts = field.args.iter().filter(|arg| arg.of.name == "String" && !arg.of.list);
        texts
            .map(|arg| with(shape, field, arg, quoted(&token), &id("Article", MISSING), 2))
            .collect::<Vec<_>>()
    });
    let (previews, others): (Vec<Call>, Vec<Call>) = calls.partition(|call| call.field == PREVIEW);
    assert!(!previews.is_empty(), "previews have another name");
    let sent: Vec<Document> =
        [previews, others].iter().flat_map(|calls| documents.of("query", calls, 20)).collect();
    for watcher in 0..planted.watchers.len() {
        for document in &sent {
            let answer = ask(planted, watcher, &document.text).await;
            let shown = document.calls[0].field == PREVIEW;
            let allowed = |what: &str| shown && PREVIEWED.contains(&what);
            let mut found = BTreeSet::new();
            let mut told = Vec::new();
            look(planted, watcher, document, &answer, &mut found, &mut told);
            let words =
                planted.secrets.iter().filter(|secret| allowed(&secret.what)).map(|secret| &secret.word);
            let words: Vec<&String> = words.collect();
            told.retain(|fault| !words.iter().any(|word| fault.contains(word.as_str())));
            faults.extend(told.into_iter().map(|fault| format!("with a preview's link {fault}")));
            if shown && watcher == GUEST {
                let hidden = words.iter().filter(|word| !found.contains(**word));
                faults.extend(hidden.map(|word| format!("a preview does not show {word}")));
            }
        }
    }
}

/// Tries every mutation on everything that is hidden from each, and on nothing.
pub async fn mutations(
    planted: &Planted,
    shape: &Shape,
    documents: &mut Documents<'_>,
    faults: &mut Vec<String>,
) {
    for field in &shape.of(&shape.mutation).fields {
        for (arg, input) in places(shape, field) {
            let others = if needs_another_id(shape, field, arg, input) { 2 } else { 1 };
            for public in planted.public.iter().take(others) {
                let call = |target: &str| {
                    let value = match input {
                        None if arg.of.list => format!("[{}]", quoted(target)),
                        None => quoted(target),
                        Some(input) => object(shape, arg, input, target, public),
                    };
                    with(shape, field, arg, value, public, 1)
                };
                for watcher in 0..planted.watchers.len() {
                    compare(planted, watcher, &call, documents, faults).await;
                }
            }
        }
    }
}

async fn compare(
    planted: &Planted,
    watcher: usize,
    call: &impl Fn(&str) -> Call,
    documents: &mut Documents<'_>,
    faults: &mut Vec<String>,
) {
    let hidden = planted.hidden.iter().filter(|(_, sees)| sees & bit(watcher) == 0).map(|(id, _)| id);
    let hidden: Vec<&String> = hidden.collect();
    let nothing = ["Article", "Comment"].map(|noun| id(noun, MISSING));
    let calls: Vec<Call> = nothing.iter().chain(hidden.iter().copied()).map(|target| call(target)).collect();
    for document in documents.of("mutation", &calls, calls.len()) {
        let answer = ask(planted, watcher, &document.text).await;
        look(planted, watcher, &document, &answer, &mut BTreeSet::new(), faults);
        let nothing = [part(&answer, 0), part(&answer, 1)];
        for (n, target) in hidden.iter().enumerate() {
            let own = part(&answer, n + 2);
            let alike = if target.starts_with(ARTICLE) { &nothing[0] } else { &nothing[1] };
            if let Some(difference) = difference(&own, alike) {
                let Call { field, args, .. } = &document.calls[n + 2];
                faults.push(format!(
                    "{} is told that there is something by {field}{args}: {difference}",
                    planted.watchers[watcher].0
                ));
            }
        }
    }
}

/// Where a mutation takes an id: as an argument, or as a field of one.
fn places<'a>(shape: &'a Shape, field: &'a Field) -> Vec<(&'a Input, Option<&'a Input>)> {
    let mut places = Vec::new();
    for arg in &field.args {
        if arg.of.name == "ID" {
            places.push((arg, None));
        }
        let inputs = &shape.of(&arg.of.name).inputs;
        if !inputs.iter().any(|input| input.of.name == "Upload") {
            places
                .extend(inputs.iter().filter(|input| input.of.name == "ID").map(|input| (arg, Some(input))));
        }
    }
    places
}

fn needs_another_id(shape: &Shape, field: &Field, arg: &Input, input: Option<&Input>) -> bool {
    let args = field
        .args
        .iter()
        .filter(|other| other.required && other.name != arg.name && other.of.name == "ID")
        .count();
    let inputs = shape.of(&arg.of.name).inputs.iter();
    let inside = inputs.filter(|other| {
        other.required && other.of.name == "ID" && input.is_some_and(|input| input.name != other.name)
    });
    args + inside.count() > 0
}

/// An input object with the target in one field, and what else it needs.
fn object(shape: &Shape, arg: &Input, target_in: &Input, target: &str, public: &str) -> String {
    let mut fields = vec![match target_in.of.list {
        true => format!("{}: [{}]", target_in.name, quoted(target)),
        false => format!("{}: {}", target_in.name, quoted(target)),
    }];
    let needed =
        shape.of(&arg.of.name).inputs.iter().filter(|input| input.required && input.name != target_in.name);
    fields.extend(needed.map(|input| format!("{}: {}", input.name, made_up(shape, &input.of, 0, public))));
    format!("{{ {} }}", fields.join(", "))
}

/// A field with one argument given, and what else it needs.
fn with(shape: &Shape, field: &Field, arg: &Input, value: String, public: &str, depth: u8) -> Call {
    let mut args = vec![(arg.name.as_str(), value)];
    let needed = field.args.iter().filter(|other| other.required && other.name != arg.name);
    args.extend(needed.map(|other| (other.name.as_str(), made_up(shape, &other.of, 0, public))));
    args.extend(paged(&field.args).map(|most| ("first", most.to_string())));
    Call { field: field.name.clone(), args: bracketed(&args), of: field.of.name.clone(), depth }
}
