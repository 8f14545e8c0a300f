//! Every mutation of the schema, sent as every kind of person with made-up arguments: whoever lacks the permission that its
//! description names is answered so, whatever the target. Found by introspection, so that new mutations are tried too.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use masthead_domain::author::AuthorId;
use masthead_domain::section::SectionId;
use masthead_domain::user::{Role, UserId};
use masthead_domain::viewer::{ApiTokenId, Credential, Member, Permission, Scope, SessionId, Viewer};
use masthead_graphql::{Visit, execute};
use serde_json::{Map, Value, json};

use crate::newsroom::{Newsroom, global_id, now, on_each_database};

const INTROSPECTION: &str = "{ __schema { mutationType { fields { name description args { name type { ...T } } type { ...T } } } \
    types { kind name isOneOf fields { name type { ...T } } inputFields { name type { ...T } } enumValues { name } } } } \
    fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } }";

/// Stands for a file; see [`put_file`].
const FILE: &str = "a file";

/// The kinds of things that an id may name.
const NOUNS: [&str; 10] = [
    "Article",
    "Author",
    "Comment",
    "Section",
    "Tag",
    "Image",
    "User",
    "Invitation",
    "ApiToken",
    "AuditEntry",
];

struct Schema {
    types: BTreeMap<String, Value>,
    mutations: Vec<Mutation>,
}

struct Mutation {
    name: String,
    arguments: Vec<Value>,
    needs: Needs,
    /// Whether its payload tells errors.
    tells: bool,
}

/// What a description says that a mutation needs.
#[derive(Debug, PartialEq, Eq)]
enum Needs {
    /// One of these.
    Permission(Vec<Permission>),
    /// Nothing but to be signed in.
    SigningIn,
    /// Nothing.
    Nothing,
}

/// `PublishArticles` as clients spell it.
fn spelt(permission: Permission) -> String {
    let mut out = String::new();
    for c in format!("{permission:?}").chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_uppercase());
    }
    out
}

impl Needs {
    fn read(name: &str, description: &str) -> Self {
        let text = description.split_whitespace().collect::<Vec<_>>().join(" ").replace(" needs ", " Needs ");
        let sentences: Vec<&str> = text.split("Needs ").skip(1).collect();
        assert!(
            !sentences.is_empty() || text.contains("guests"),
            "{name} does not say what it needs: {text}"
        );
        let said = sentences.join(" ");
        let words: BTreeSet<&str> = said.split(|c: char| !c.is_ascii_uppercase() && c != '_').collect();
        let named: Vec<_> = Permission::ALL
            .into_iter()
            .filter(|permission| words.contains(spelt(*permission).as_str()))
            .collect();
        if !named.is_empty() {
            Self::Permission(named)
        } else if said.starts_with("to be signed in") {
            Self::SigningIn
        } else {
            Self::Nothing
        }
    }

    /// The code by which `viewer` must be refused, if so.
    fn refuses(&self, viewer: &Viewer) -> Option<&'static str> {
        match (self, viewer.member()) {
            (Self::Nothing, _) | (Self::SigningIn, Some(_)) => None,
            (Self::SigningIn | Self::Permission(_), None) => Some("UNAUTHENTICATED"),
            (Self::Permission(named), Some(member)) => {
                (!named.iter().any(|permission| permission.is_of(member))).then_some("FORBIDDEN")
            }
        }
    }
}

fn text(of: &Value, key: &str) -> String {
    of[key].as_str().unwrap_or_default().to_owned()
}

fn list(of: &Value, key: &str) -> Vec<Value> {
    of[key].as_array().cloned().unwrap_or_default()
}

/// The name of a type without `!` and `[]`.
fn core(mut of: &Value) -> String {
    while !of["ofType"].is_null() {
        of = &of["ofType"];
    }
    text(of, "name")
}

/// A type as a document spells it.
fn written(of: &Value) -> String {
    match of["kind"].as_str() {
        Some("NON_NULL") => format!("{}!", written(&of["ofType"])),
        Some("LIST") => format!("[{}]", written(&of["ofType"])),
        _ => text(of, "name"),
    }
}

impl Schema {
    async fn read(newsroom: &Newsroom) -> Self {
        let answer = newsroom.ask(INTROSPECTION, json!({})).await;
        assert!(answer.get("errors").is_none(), "{answer:#}");
        let schema = &answer["data"]["__schema"];
        let types: BTreeMap<_, _> =
            list(schema, "types").into_iter().map(|of| (text(&of, "name"), of)).collect();
        let tells =
            |of: &Value| list(&types[&core(of)], "fields").iter().any(|field| field["name"] == "errors");
        let mutation = |field: &Value| Mutation {
            name: text(field, "name"),
            arguments: list(field, "args"),
            needs: Needs::read(&text(field, "name"), &text(field, "description")),
            tells: tells(&field["type"]),
        };
        let mutations = list(&schema["mutationType"], "fields").iter().map(mutation).collect();
        Self { types, mutations }
    }

    /// A value of a type, made up; every id in it is `id`, every field filled in.
    fn value(&self, of: &Value, id: &str, depth: usize) -> Value {
        match of["kind"].as_str() {
            Some("NON_NULL") => return self.value(&of["ofType"], id, depth),
            Some("LIST") => return json!([self.value(&of["ofType"], id, depth)]),
            _ => {}
        }
        let name = text(of, "name");
        match name.as_str() {
            "ID" => return json!(id),
            "Int" => return json!(1),
            "Float" => return json!(0.5),
            "Boolean" => return json!(false),
            "DateTime" => return json!("2030-01-01T00:00:00Z"),
            "LanguageTag" => return json!("fr"),
            "EmailAddress" => return json!("nobody@example.org"),
            "Upload" => return json!(FILE),
            _ => {}
        }
        let Some(of) = self.types.get(&name) else { return json!("") };
        match of["kind"].as_str() {
            Some("ENUM") => of["enumValues"][0]["name"].clone(),
            Some("INPUT_OBJECT") => {
                let mut fields = list(of, "inputFields");
                if of["isOneOf"] == true {
                    fields.truncate(1);
                }
                // Inputs may hold inputs of their own type.
                let filled = fields.iter().filter(|field| depth < 4 || field["type"]["kind"] == "NON_NULL");
                let one = |field: &Value| (text(field, "name"), self.value(&field["type"], id, depth + 1));
                Value::Object(filled.map(one).collect::<Map<_, _>>())
            }
            _ => json!(""),
        }
    }

    fn takes_files(&self, of: &Value) -> bool {
        let name = core(of);
        name == "Upload"
            || self.types.get(&name).is_some_and(|of| {
                of["kind"] == "INPUT_OBJECT"
                    && list(of, "inputFields").iter().any(|field| core(&field["type"]) == "Upload")
            })
    }

    /// Sends a mutation; its payload.
    async fn send(&self, newsroom: &Newsroom, viewer: &Viewer, mutation: &Mutation, id: &str) -> Value {
        let Mutation { name, arguments, tells, .. } = mutation;
        let declared = arguments
            .iter()
            .map(|argument| format!("${}: {}", text(argument, "name"), written(&argument["type"])));
        let passed = arguments.iter().map(|argument| format!("{0}: ${0}", text(argument, "name")));
        let (declared, passed) =
            (declared.collect::<Vec<_>>().join(", "), passed.collect::<Vec<_>>().join(", "));
        let (declared, passed) = if arguments.is_empty() {
            (declared, passed)
        } else {
            (format!("({declared})"), format!("({passed})"))
        };
        let errors = if *tells { " errors { code message }" } else { "" };
        let document = format!("mutation{declared} {{ {name}{passed} {{ __typename{errors} }} }}");
        let variables: Map<_, _> = arguments
            .iter()
            .map(|argument| (text(argument, "name"), self.value(&argument["type"], id, 0)))
            .collect();
        let visit = Visit::new(newsroom.settings(), viewer.clone(), now(), None, "test".to_owned());
        let mut variables = async_graphql::Variables::from_json(Value::Object(variables));
        variables.values_mut().for_each(put_file);
        let request = async_graphql::Request::new(&document).variables(variables);
        let answer = execute(newsroom.schema(), request, visit).await;
        let answer = serde_json::to_value(answer).expect("JSON");
        assert!(answer.get("errors").is_none(), "{name} with {id}: {answer:#}");
        answer["data"][name].clone()
    }
}

/// Puts in the place of [`FILE`] what the server puts there for a file that came along: its number.
fn put_file(value: &mut async_graphql::Value) {
    match value {
        async_graphql::Value::String(text) if text == FILE => {
            *value = async_graphql::Value::Binary(0_u32.to_be_bytes().to_vec().into());
        }
        async_graphql::Value::List(items) => items.iter_mut().for_each(put_file),
        async_graphql::Value::Object(fields) => fields.values_mut().for_each(put_file),
        _ => {}
    }
}

fn codes(payload: &Value) -> Vec<&str> {
    list_of(payload).iter().map(|error| error["code"].as_str().expect("a code")).collect()
}

fn list_of(payload: &Value) -> &[Value] {
    payload["errors"].as_array().map_or(&[], Vec::as_slice)
}

/// Every kind of person that permissions tell apart; none of them is in the database.
fn viewers() -> Vec<(String, Viewer)> {
    let member = |role: Role, scope: Scope, credential| {
        let author = Some(AuthorId::from_stored(1_000_000));
        let user = UserId::from_stored(1_000_000);
        Viewer::Member(Arc::new(Member { user, name: "Nobody".into(), role, author, scope, credential }))
    };
    let session = Credential::Session(SessionId::from_stored(1_000_000));
    let token = Credential::ApiToken(ApiTokenId::from_stored(1_000_000));
    let one = || Scope::Sections(BTreeSet::from([SectionId::from_stored(1)]));
    let mut viewers = vec![("GUEST".to_owned(), Viewer::Guest)];
    for role in Role::ALL {
        viewers.push((role.as_str().to_owned(), member(role, Scope::Everywhere, session)));
        viewers.push((format!("{} of one section", role.as_str()), member(role, one(), session)));
        viewers.push((format!("{}'s token", role.as_str()), member(role, Scope::Everywhere, token)));
    }
    viewers
}

/// How much was ever done: events and lines of the audit log.
async fn done(newsroom: &Newsroom, admin: &Viewer) -> Value {
    let log = newsroom.field_as(admin, "Audit", json!({"first": 100})).await;
    log["nodes"].clone()
}

#[tokio::test]
async fn whoever_lacks_the_permission_is_told_so_whatever_the_target() {
    on_each_database(async |newsroom| {
        let schema = Schema::read(newsroom).await;
        let admin = newsroom.person("Huda", Role::Admin, &[]).await;
        let before = done(newsroom, &admin).await;
        let mut ids = vec!["nonsense".to_owned(), String::new()];
        for noun in NOUNS {
            ids.push(global_id(&format!("{noun}:1")));
            ids.push(global_id(&format!("{noun}:999999")));
        }
        let mut refused = 0;
        for (who, viewer) in viewers() {
            for mutation in &schema.mutations {
                let Some(code) = mutation.needs.refuses(&viewer).filter(|_| mutation.tells) else { continue };
                let mut first = None;
                for id in &ids {
                    let payload = schema.send(newsroom, &viewer, mutation, id).await;
                    assert_eq!(codes(&payload), [code], "{} as {who} with {id}: {payload:#}", mutation.name);
                    let first = first.get_or_insert_with(|| payload.clone());
                    assert_eq!(&payload, first, "{} as {who} tells {id} from others", mutation.name);
                }
                refused += 1;
            }
        }
        assert!(refused > 100, "only {refused} were refused: permissions are not read");
        assert_eq!(done(newsroom, &admin).await, before, "what is refused is not done");
    })
    .await;
}

#[tokio::test]
async fn whoever_has_the_permission_is_told_what_else_is_wrong() {
    on_each_database(async |newsroom| {
        let schema = Schema::read(newsroom).await;
        let admin = newsroom.person("Huda", Role::Admin, &[]).await;
        let mut tried = 0;
        for mutation in &schema.mutations {
            let takes_files = mutation.arguments.iter().any(|argument| schema.takes_files(&argument["type"]));
            let Needs::Permission(_) = &mutation.needs else { continue };
            if takes_files || !mutation.tells {
                continue;
            }
            for id in ["nonsense".to_owned(), global_id("Comment:999999"), global_id("Article:999999")] {
                let payload = schema.send(newsroom, &admin, mutation, &id).await;
                let codes = codes(&payload);
                let denied = codes.iter().any(|code| matches!(*code, "UNAUTHENTICATED" | "FORBIDDEN"));
                assert!(!denied, "{} with {id}: {payload:#}", mutation.name);
            }
            tried += 1;
        }
        assert!(tried > 15, "only {tried} were tried");
    })
    .await;
}
