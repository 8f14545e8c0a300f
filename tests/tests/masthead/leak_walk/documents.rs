//! Documents made from the schema: every field of every type that a root field leads to, to a bounded depth.
//!
//! A selection is a fragment a type and a depth, so that a document grows with the schema and not with its paths. Going
//! on to another object takes one off the depth; pages and what leads nowhere (a text, a picture) take nothing. It must
//! not know what is looked for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::{Value, json};

use super::shape::{Field, Input, Of, Shape};

/// A root field with its arguments, and how deep to look below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The field.
    pub field: String,
    /// Its arguments, in brackets; or nothing.
    pub args: String,
    /// What it answers.
    pub of: String,
    /// The depth.
    pub depth: u8,
}

/// Several root fields to be sent at once.
pub struct Document {
    /// What is sent.
    pub text: String,
    /// The field behind each alias `c0`, `c1` …
    pub calls: Vec<Call>,
}

/// What arguments are made up from.
pub struct Pool {
    /// Global ids by noun.
    pub ids: BTreeMap<String, Vec<String>>,
    /// Every slug, name, address and token that may be an argument.
    pub strings: Vec<String>,
    /// Languages of the site.
    pub languages: Vec<&'static str>,
    /// A moment.
    pub moment: String,
}

/// A text of nothing.
const NOTHING: &str = "nothing-of-this-name";
/// A key of nothing.
pub const MISSING: i64 = 999_983;

/// Makes documents.
pub struct Documents<'a> {
    shape: &'a Shape,
    fragments: BTreeMap<String, Fragment>,
}

#[derive(Clone, Default)]
struct Fragment {
    text: String,
    spreads: BTreeSet<String>,
}

impl<'a> Documents<'a> {
    pub fn new(shape: &'a Shape) -> Self {
        Self { shape, fragments: BTreeMap::new() }
    }

    /// Puts calls into as few documents as `at_once` allows.
    pub fn of(&mut self, operation: &str, calls: &[Call], at_once: usize) -> Vec<Document> {
        calls.chunks(at_once).map(|some| self.one(operation, some)).collect()
    }

    fn one(&mut self, operation: &str, calls: &[Call]) -> Document {
        let mut text = format!("{operation} {{");
        let mut open: Vec<String> = Vec::new();
        for (n, call) in calls.iter().enumerate() {
            let _ = write!(text, " c{n}: {}{}", call.field, call.args);
            if let Some(fragment) = self.fragment(&call.of, call.depth) {
                let _ = write!(text, " {{ ...{fragment} }}");
                open.push(fragment);
            }
        }
        text.push_str(" }");
        let mut written = BTreeSet::new();
        while let Some(name) = open.pop() {
            if written.insert(name.clone()) {
                let fragment = &self.fragments[&name];
                text.push('\n');
                text.push_str(&fragment.text);
                open.extend(fragment.spreads.iter().cloned());
            }
        }
        Document { text, calls: calls.to_vec() }
    }

    /// The name of what is selected of a type at a depth; `None` of what has no fields.
    fn fragment(&mut self, name: &str, depth: u8) -> Option<String> {
        if self.shape.is_leaf(name) {
            return None;
        }
        let own = format!("D{depth}_{name}");
        if !self.fragments.contains_key(&own) {
            let mut made =
                Fragment { text: format!("fragment {own} on {name} {{ __typename"), ..Fragment::default() };
            let of = self.shape.of(name);
            for possible in &of.possible {
                let fragment = self.fragment(possible, depth).expect("an object");
                let _ = write!(made.text, " ...{fragment}");
                made.spreads.insert(fragment);
            }
            if of.possible.is_empty() {
                for field in &of.fields {
                    self.select(name, field, depth, &mut made);
                }
            }
            made.text.push_str(" }");
            self.fragments.insert(own.clone(), made);
        }
        Some(own)
    }

    fn select(&mut self, on: &str, field: &Field, depth: u8, made: &mut Fragment) {
        let Some(below) = self.depth_below(on, field, depth) else { return };
        for (n, args) in variants(self.shape, field, depth).into_iter().enumerate() {
            // Named after the type: fields of several types meet below an interface.
            let _ = write!(made.text, " {on}_{}_{n}: {}{args}", field.name, field.name);
            if let Some(fragment) = self.fragment(&field.of.name, below) {
                let _ = write!(made.text, " {{ ...{fragment} }}");
                made.spreads.insert(fragment);
            }
        }
    }

    /// How deep to look below a field; `None`: not at all.
    fn depth_below(&self, on: &str, field: &Field, depth: u8) -> Option<u8> {
        let of = field.of.name.as_str();
        if self.shape.is_leaf(of) {
            return Some(0);
        }
        if self.shape.is_connection(on) {
            return match field.name.as_str() {
                "edges" => Some(depth),
                "nodes" => (depth > 0).then_some(0),
                _ => Some(0),
            };
        }
        if self.shape.is_edge(on) && field.name == "node" {
            return Some(depth);
        }
        if depth == 0 {
            return None;
        }
        Some(if self.shape.is_cyclic(of) { depth - 1 } else { depth })
    }
}

/// The arguments with which a field below the root is asked: what it needs, as much as it gives; and where the depth
/// allows, every value of its enums, and the list's other end.
fn variants(shape: &Shape, field: &Field, depth: u8) -> Vec<String> {
    let base = |turn: usize| -> Vec<(&str, String)> {
        let needed = field.args.iter().filter(|arg| arg.required);
        needed
            .enumerate()
            .map(|(n, arg)| (arg.name.as_str(), made_up(shape, &arg.of, n + turn, &id("Article", MISSING))))
            .collect()
    };
    let with = |turn: usize, more: Option<(&str, String)>| {
        let mut args = base(turn);
        if more.as_ref().is_none_or(|(name, _)| *name != "last") {
            args.extend(paged(&field.args).map(|most| ("first", most.to_string())));
        }
        args.extend(more);
        bracketed(&args)
    };
    let mut all = vec![with(0, None)];
    if depth == 0 || field.args.is_empty() {
        return all;
    }
    if field.args.iter().any(|arg| arg.required) {
        all.push(with(1, None));
    }
    if depth >= 2 {
        for arg in field.args.iter().filter(|arg| !arg.required) {
            for value in &shape.of(&arg.of.name).values {
                let value = if arg.of.list { format!("[{value}]") } else { value.clone() };
                all.push(with(0, Some((&arg.name, value))));
            }
            if arg.name == "last" {
                all.push(with(0, Some(("last", arg.most.unwrap_or(20).to_string()))));
            }
        }
    }
    all
}

/// The most that a list gives at once.
pub fn paged(args: &[Input]) -> Option<u32> {
    args.iter().find(|arg| arg.name == "first").map(|arg| arg.most.unwrap_or(20))
}

/// A value that fits a type, without meaning; `given` wherever an id is needed.
pub fn made_up(shape: &Shape, of: &Of, turn: usize, given: &str) -> String {
    let own = shape.of(&of.name);
    let one = match of.name.as_str() {
        "Int" => (turn % 2 + 1).to_string(),
        "Float" => "0.5".to_owned(),
        "Boolean" => "true".to_owned(),
        "ID" => quoted(given),
        "DateTime" => quoted("2099-01-01T00:00:00Z"),
        "LanguageTag" => quoted("en"),
        "EmailAddress" => quoted("nobody@nowhere.example"),
        "URL" => quoted("https://nowhere.example/"),
        _ if !own.values.is_empty() => own.values[turn % own.values.len()].clone(),
        _ if !own.inputs.is_empty() => {
            let needed: Vec<_> = own.inputs.iter().filter(|input| input.required).collect();
            let chosen = if own.one_of { own.inputs.iter().take(1).collect() } else { needed };
            let fields = chosen
                .iter()
                .map(|input| format!("{}: {}", input.name, made_up(shape, &input.of, turn, given)));
            format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
        }
        _ => quoted(NOTHING),
    };
    if of.list { format!("[{one}]") } else { one }
}

/// Everything that an argument may be tried with, and a value of nothing to compare with where there is one.
pub fn candidates(shape: &Shape, pool: &Pool, of: &Of) -> (Vec<String>, Option<String>) {
    let own = shape.of(&of.name);
    let one = |values: &mut dyn Iterator<Item = String>| -> Vec<String> {
        if of.list { values.map(|value| format!("[{value}]")).collect() } else { values.collect() }
    };
    let quoted_all = |texts: &[String]| one(&mut texts.iter().map(|text| quoted(text)));
    match of.name.as_str() {
        "Int" => (one(&mut (1..=3).map(|n| n.to_string())), None),
        "Float" => (one(&mut ["0", "0.5"].map(str::to_owned).into_iter()), None),
        "Boolean" => (one(&mut ["true", "false"].map(str::to_owned).into_iter()), None),
        "LanguageTag" => (one(&mut pool.languages.iter().map(|tag| quoted(tag))), None),
        "DateTime" => (one(&mut std::iter::once(quoted(&pool.moment))), None),
        "Upload" => (Vec::new(), None),
        "ID" if of.list => {
            let chunks = pool
                .ids
                .values()
                .map(|ids| format!("[{}]", ids.iter().map(|id| quoted(id)).collect::<Vec<_>>().join(", ")));
            (chunks.collect(), Some(format!("[{}]", quoted(&id("Article", MISSING)))))
        }
        "ID" => (
            pool.ids.values().flatten().map(|id| quoted(id)).collect(),
            Some(quoted(&id("Article", MISSING))),
        ),
        _ if !own.values.is_empty() => {
            let mut values = one(&mut own.values.iter().cloned());
            if of.list {
                values.push(format!("[{}]", own.values.join(", ")));
            }
            (values, None)
        }
        _ => (quoted_all(&pool.strings), Some(one(&mut std::iter::once(quoted(NOTHING))).remove(0))),
    }
}

/// Arguments as they are written.
pub fn bracketed(args: &[(&str, String)]) -> String {
    if args.is_empty() {
        return String::new();
    }
    let args = args.iter().map(|(name, value)| format!("{name}: {value}"));
    format!("({})", args.collect::<Vec<_>>().join(", "))
}

/// A text as a document writes it.
pub fn quoted(text: &str) -> String {
    json!(text).to_string()
}

/// A global id.
pub fn id(noun: &str, key: i64) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(format!("{noun}:{key}"))
}

/// What an answer holds of the `n`th call: its data, and its errors without their places in the document.
pub fn part(answer: &Value, n: usize) -> Value {
    let alias = format!("c{n}");
    let errors = answer["errors"].as_array().into_iter().flatten();
    let own = errors
        .filter(|error| error["path"].as_array().is_none_or(|path| path.first() == Some(&json!(alias))));
    let told: Vec<Value> =
        own.map(|error| json!({"message": error["message"], "extensions": error["extensions"]})).collect();
    json!({"data": answer["data"][alias], "errors": told})
}
