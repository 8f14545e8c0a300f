//! What the cost of an operation needs to know of the schema: which field leads to which type, and how long a
//! list it may give.
//!
//! Read from the schema's own SDL, so a new list is weighed from the day it exists. It must not know any
//! operation.

use std::collections::HashMap;

use async_graphql::Value;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, SchemaDefinition, Type, TypeKind, TypeSystemDefinition,
};

use super::ListSizes;

/// The SDL could not be read: a fault of the program, not of a client.
#[derive(Debug, thiserror::Error)]
#[error("the schema's SDL could not be read: {0}")]
pub struct InvalidSdl(#[from] async_graphql::parser::Error);

/// The schema, reduced to types, fields and the lengths of lists.
#[derive(Debug)]
pub struct SchemaShape {
    types: Vec<HashMap<String, FieldShape>>,
    by_name: HashMap<String, TypeId>,
    pub(super) query: Option<TypeId>,
    pub(super) mutation: Option<TypeId>,
    pub(super) subscription: Option<TypeId>,
    pub(super) sizes: ListSizes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TypeId(usize);

#[derive(Debug)]
pub(super) struct FieldShape {
    /// Where its selections lead; `None` for scalars and enums.
    pub(super) of: Option<TypeId>,
    pub(super) length: Length,
}

/// How many of its type a field gives.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Length {
    /// One; also the lists within a connection, for the connection's field was multiplied already.
    One,
    /// A list or connection that takes `first` or `last`, and what it gives when neither is said.
    Page { default: u64 },
    /// A list as long as the list in this argument: `nodes(ids:)`.
    Argument(String),
    /// Any other list: this long.
    About(u64),
}

impl SchemaShape {
    /// Reads the SDL of a schema. Root types are those of its `schema { … }`, else Query, Mutation and
    /// Subscription.
    pub fn from_sdl(sdl: &str, sizes: ListSizes) -> Result<Self, InvalidSdl> {
        let mut shape = Self {
            types: Vec::new(),
            by_name: HashMap::new(),
            query: None,
            mutation: None,
            subscription: None,
            sizes,
        };
        let introspection = parse_schema(INTROSPECTION)?;
        let own = parse_schema(sdl)?;
        let definitions = || introspection.definitions.iter().chain(&own.definitions);
        for definition in definitions() {
            if let TypeSystemDefinition::Type(ty) = definition
                && !matches!(ty.node.kind, TypeKind::Scalar | TypeKind::Enum(_) | TypeKind::InputObject(_))
            {
                let next = TypeId(shape.types.len());
                let id = *shape.by_name.entry(ty.node.name.node.to_string()).or_insert(next);
                if id == next {
                    shape.types.push(HashMap::new());
                }
            }
        }
        let mut root = RootNames::default();
        for definition in definitions() {
            match definition {
                TypeSystemDefinition::Type(ty) => {
                    let (TypeKind::Object(async_graphql::parser::types::ObjectType { fields, .. })
                    | TypeKind::Interface(async_graphql::parser::types::InterfaceType { fields, .. })) =
                        &ty.node.kind
                    else {
                        continue;
                    };
                    let connection = fields.iter().any(|field| field.node.name.node == "pageInfo");
                    for field in fields {
                        shape.add_field(&ty.node.name.node, &field.node, connection);
                    }
                }
                TypeSystemDefinition::Schema(schema) => root.read(&schema.node),
                TypeSystemDefinition::Directive(_) => {}
            }
        }
        shape.query = shape.type_id(&root.query);
        shape.mutation = shape.type_id(&root.mutation);
        shape.subscription = shape.type_id(&root.subscription);
        Ok(shape)
    }

    pub(super) fn type_id(&self, name: &str) -> Option<TypeId> {
        self.by_name.get(name).copied()
    }

    /// `None` for a field the type does not have: validation refuses it.
    pub(super) fn field(&self, ty: TypeId, name: &str) -> Option<&FieldShape> {
        self.types.get(ty.0)?.get(name)
    }

    fn add_field(&mut self, ty: &str, field: &FieldDefinition, connection: bool) {
        let name = field.name.node.as_str();
        let is_list = matches!(field.ty.node.base, BaseType::List(_));
        let page = field
            .arguments
            .iter()
            .find(|argument| matches!(argument.node.name.node.as_str(), "first" | "last"));
        let list_argument = field.arguments.iter().find(|argument| is_list_type(&argument.node.ty.node));
        let length = if let Some(page) = page {
            Length::Page {
                default: default_page(page.node.default_value.as_ref().map(|v| &v.node), self.sizes),
            }
        } else if !is_list || connection {
            Length::One
        } else if let Some(argument) = list_argument {
            Length::Argument(argument.node.name.node.to_string())
        } else if ty.starts_with("__") {
            Length::About(introspection_length(name))
        } else if type_name(&field.ty.node) == "Section" {
            Length::About(self.sizes.sections)
        } else {
            Length::About(self.sizes.plain)
        };
        let of = self.type_id(type_name(&field.ty.node));
        if let Some(id) = self.type_id(ty)
            && let Some(fields) = self.types.get_mut(id.0)
        {
            fields.insert(name.to_owned(), FieldShape { of, length });
        }
    }
}

struct RootNames {
    query: String,
    mutation: String,
    subscription: String,
}

impl Default for RootNames {
    fn default() -> Self {
        Self { query: "Query".into(), mutation: "Mutation".into(), subscription: "Subscription".into() }
    }
}

impl RootNames {
    fn read(&mut self, schema: &SchemaDefinition) {
        for (name, given) in [
            (&mut self.query, &schema.query),
            (&mut self.mutation, &schema.mutation),
            (&mut self.subscription, &schema.subscription),
        ] {
            if let Some(given) = given {
                *name = given.node.to_string();
            }
        }
    }
}

fn type_name(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(inner) => type_name(inner),
    }
}

fn is_list_type(ty: &Type) -> bool {
    matches!(ty.base, BaseType::List(_))
}

fn default_page(value: Option<&async_graphql::Value>, sizes: ListSizes) -> u64 {
    match value {
        Some(Value::Number(number)) => number.as_u64().unwrap_or(sizes.page).min(sizes.max_page),
        _ => sizes.page,
    }
}

/// Lengths taken for lists of introspection: about a third of those of a schema of ours, for its fields are
/// read from memory and cost a small part of a field that is stored.
fn introspection_length(name: &str) -> u64 {
    match name {
        "types" => 40,
        "fields" => 5,
        "directives" | "inputFields" | "enumValues" => 3,
        _ => 2, // args, interfaces, possibleTypes, locations
    }
}

/// The introspection types of GraphQL (specification of October 2021, section 4.2, and `isOneOf`), as far as
/// they lead on; no schema prints its own.
const INTROSPECTION: &str = "
type __Schema { types: [__Type] queryType: __Type mutationType: __Type subscriptionType: __Type directives: [__Directive] }
type __Type {
  fields: [__Field] interfaces: [__Type] possibleTypes: [__Type] enumValues: [__EnumValue] inputFields: [__InputValue]
  ofType: __Type
}
type __Field { args: [__InputValue] type: __Type }
type __InputValue { type: __Type }
type __EnumValue { name: String }
type __Directive { locations: [String] args: [__InputValue] }
";

#[cfg(test)]
mod tests {
    use super::*;

    const SDL: &str = r#"
        "Where reading begins"
        type Query {
            article(slug: String!): Article
            articles(first: Int, last: Int): ArticleConnection!
            related(first: Int = 7): [Article!]!
            everything(first: Int = 1000): [Article!]!
            nodes(ids: [ID!]!): [Node]!
        }
        interface Node { id: ID! }
        union Hit = Article
        type Article implements Node { id: ID! tags: [String!]! authors: [Author!]! self: Article }
        type Author { name: String }
        type ArticleConnection { nodes: [Article!]! edges: [Edge!]! pageInfo: PageInfo! }
        type Edge { node: Article! }
        type PageInfo { hasNextPage: Boolean! }
        input Filter { ids: [ID!] }
        enum E { A }
        scalar DateTime
        directive @x on FIELD
    "#;

    #[test]
    fn lengths_come_from_arguments_defaults_and_types() {
        let shape = SchemaShape::from_sdl(SDL, ListSizes::DEFAULT).unwrap();
        for (ty, field, of, length) in [
            ("Query", "article", Some("Article"), Length::One),
            ("Query", "articles", Some("ArticleConnection"), Length::Page { default: 20 }),
            ("Query", "related", Some("Article"), Length::Page { default: 7 }),
            ("Query", "everything", Some("Article"), Length::Page { default: 100 }),
            ("Query", "nodes", Some("Node"), Length::Argument("ids".into())),
            ("ArticleConnection", "nodes", Some("Article"), Length::One),
            ("ArticleConnection", "pageInfo", Some("PageInfo"), Length::One),
            ("Article", "authors", Some("Author"), Length::About(5)),
            ("Article", "self", Some("Article"), Length::One),
            ("Article", "tags", None, Length::About(5)),
            ("Node", "id", None, Length::One),
            ("__Schema", "types", Some("__Type"), Length::About(40)),
            ("__Type", "ofType", Some("__Type"), Length::One),
        ] {
            let found = shape.field(shape.type_id(ty).unwrap(), field).unwrap();
            assert_eq!(
                (found.of, &found.length),
                (of.map(|of| shape.type_id(of).unwrap()), &length),
                "{ty}.{field}"
            );
        }
        assert!(shape.field(shape.query.unwrap(), "unknown").is_none());
        assert!(shape.mutation.is_none());
    }

    #[test]
    fn root_types_may_have_other_names() {
        let sdl =
            "schema { query: Reading mutation: Writing } type Reading { a: Int } type Writing { b: Int }";
        let shape = SchemaShape::from_sdl(sdl, ListSizes::DEFAULT).unwrap();
        assert_eq!(shape.query, shape.type_id("Reading"));
        assert_eq!(shape.mutation, shape.type_id("Writing"));
        assert!(SchemaShape::from_sdl("type {", ListSizes::DEFAULT).is_err());
    }
}
