//! The schema as it describes itself: what the walk's documents are made from. It must not know any type by name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// What the schema is asked about itself.
pub const INTROSPECTION: &str = "{ __schema { queryType { name } mutationType { name } types { kind name isOneOf \
    fields(includeDeprecated: true) { name args { ...I } type { ...R } } inputFields { ...I } \
    enumValues(includeDeprecated: true) { name } possibleTypes { name } } } } \
    fragment I on __InputValue { name description defaultValue type { ...R } } \
    fragment R on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } }";

/// The types of a schema by name.
pub struct Shape {
    /// The name of the type of queries.
    pub query: String,
    /// The name of the type of mutations.
    pub mutation: String,
    types: BTreeMap<String, Type>,
    /// Types from which a path of fields leads back to them.
    cyclic: BTreeSet<String>,
}

/// One type.
#[derive(Default)]
pub struct Type {
    kind: String,
    /// Of an object or an interface.
    pub fields: Vec<Field>,
    /// Of an input object.
    pub inputs: Vec<Input>,
    /// Of an enum.
    pub values: Vec<String>,
    /// Of an interface or a union.
    pub possible: Vec<String>,
    /// Whether an input object takes exactly one of its fields.
    pub one_of: bool,
}

/// A field with its arguments.
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its arguments.
    pub args: Vec<Input>,
    /// What it answers.
    pub of: Of,
}

/// An argument, or a field of an input object.
pub struct Input {
    /// Its name.
    pub name: String,
    /// What it takes.
    pub of: Of,
    /// Whether it must be given.
    pub required: bool,
    /// The greatest number that its description allows: "1 to 100".
    pub most: Option<u32>,
}

/// A type's name, and whether a list of it.
pub struct Of {
    /// The name of the innermost type.
    pub name: String,
    /// Whether it is a list.
    pub list: bool,
}

impl Shape {
    /// Reads the answer to [`INTROSPECTION`].
    pub fn read(answer: &Value) -> Self {
        let schema = &answer["data"]["__schema"];
        let types: BTreeMap<String, Type> =
            list(&schema["types"]).map(|one| (text(&one["name"]), Type::read(one))).collect();
        let mut shape = Self {
            query: text(&schema["queryType"]["name"]),
            mutation: text(&schema["mutationType"]["name"]),
            types,
            cyclic: BTreeSet::new(),
        };
        shape.cyclic = shape.types.keys().filter(|name| shape.leads_back(name)).cloned().collect();
        shape
    }

    /// A type by its name.
    pub fn of(&self, name: &str) -> &Type {
        self.types.get(name).unwrap_or_else(|| panic!("the schema has no type {name}"))
    }

    /// Whether it has no fields: a scalar or an enum.
    pub fn is_leaf(&self, name: &str) -> bool {
        matches!(self.of(name).kind.as_str(), "SCALAR" | "ENUM")
    }

    /// Whether a path of fields leads from the type back to it.
    pub fn is_cyclic(&self, name: &str) -> bool {
        self.cyclic.contains(name)
    }

    /// Whether it is one page of a list.
    pub fn is_connection(&self, name: &str) -> bool {
        self.has(name, "edges") && self.has(name, "pageInfo")
    }

    /// Whether it is an item of a page.
    pub fn is_edge(&self, name: &str) -> bool {
        self.has(name, "cursor") && self.has(name, "node")
    }

    /// The names of the objects that have a global id: the nouns in these ids.
    pub fn nouns(&self) -> impl Iterator<Item = &str> {
        let own = self.types.iter().filter(|(name, one)| {
            one.kind == "OBJECT"
                && one.fields.iter().any(|field| field.name == "id" && field.of.name == "ID")
                && !name.starts_with("__")
        });
        own.map(|(name, _)| name.as_str())
    }

    fn has(&self, name: &str, field: &str) -> bool {
        self.of(name).fields.iter().any(|own| own.name == field)
    }

    fn leads_back(&self, name: &str) -> bool {
        let mut open = vec![name];
        let mut seen = BTreeSet::new();
        while let Some(next) = open.pop() {
            let of = self.of(next);
            let fields = of.fields.iter().map(|field| field.of.name.as_str());
            for reached in fields.chain(of.possible.iter().map(String::as_str)) {
                if reached == name {
                    return true;
                }
                if seen.insert(reached) {
                    open.push(reached);
                }
            }
        }
        false
    }
}

impl Type {
    fn read(one: &Value) -> Self {
        let names = |values: &Value| list(values).map(|value| text(&value["name"])).collect();
        let field = |field: &Value| Field {
            name: text(&field["name"]),
            args: list(&field["args"]).map(Input::read).collect(),
            of: Of::read(&field["type"]),
        };
        Self {
            kind: text(&one["kind"]),
            fields: list(&one["fields"]).map(field).collect(),
            inputs: list(&one["inputFields"]).map(Input::read).collect(),
            values: names(&one["enumValues"]),
            possible: names(&one["possibleTypes"]),
            one_of: one["isOneOf"] == true,
        }
    }
}

impl Input {
    fn read(one: &Value) -> Self {
        let most =
            one["description"].as_str().and_then(|words| words.split("1 to ").nth(1)).and_then(|rest| {
                let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
                digits.parse().ok()
            });
        Self {
            name: text(&one["name"]),
            required: one["type"]["kind"] == "NON_NULL" && one["defaultValue"].is_null(),
            of: Of::read(&one["type"]),
            most,
        }
    }
}

impl Of {
    fn read(mut one: &Value) -> Self {
        let mut is_list = false;
        while !one["ofType"].is_null() {
            is_list |= one["kind"] == "LIST";
            one = &one["ofType"];
        }
        Self { name: text(&one["name"]), list: is_list }
    }
}

fn list(values: &Value) -> impl Iterator<Item = &Value> {
    values.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
