//! The cost of an operation: every list multiplies what is asked of its items.
//!
//! A field costs 1, plus what is selected in it times its length: the page asked for (`first` or `last`,
//! variables resolved, at most the largest page), the schema's default where none is asked for, or the short
//! length taken for lists without pages. `article -> related(first: 100) -> related(first: 100) …` so grows as
//! what it would do. Both branches of a union count, and so does what `@skip` leaves out: the cost is a bound.
//!
//! The same walk adds up arguments, which validation and resolvers copy for every use: a megabyte in one
//! variable, used in a thousand places, is a gigabyte.
//!
//! It must not know resolvers or what a row costs.

use std::collections::HashMap;

use async_graphql::parser::types::{
    ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Value as ConstValue, Variables};
use async_graphql_value::Value;

use super::shape::{Length, TypeId};
use super::{CheckedDocument, Limit, LimitExceeded, Limits, SchemaShape};

/// What an operation costs. Sums and products saturate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    /// Fields that may be resolved.
    pub complexity: u64,
    /// Bytes of arguments that may be copied, each value counted as 16 and its text.
    pub argument_bytes: u64,
}

impl Cost {
    /// Measures one operation of the document. The time is linear in the document and the variables.
    ///
    /// Arguments in fragments that the operation does not use count once: validation reads them.
    pub fn measure(
        shape: &SchemaShape,
        document: &CheckedDocument,
        operation: &OperationDefinition,
        variables: &Variables,
    ) -> Self {
        let mut meter = Meter {
            shape,
            document: document.document(),
            variables: given_variables(operation, variables),
            fragments: HashMap::new(),
        };
        let root = match operation.ty {
            OperationType::Query => shape.query,
            OperationType::Mutation => shape.mutation,
            OperationType::Subscription => shape.subscription,
        };
        let mut cost = meter.set(&operation.selection_set.node, root);
        for name in document.document().fragments.keys() {
            if !meter.fragments.contains_key(name.as_str()) {
                let unused = meter.fragment(name);
                cost.argument_bytes = cost.argument_bytes.saturating_add(unused.argument_bytes);
            }
        }
        cost
    }

    /// Holds the cost against `complexity` and `argument_bytes`.
    pub fn check(self, limits: &Limits) -> Result<Self, LimitExceeded> {
        LimitExceeded::check(Limit::Complexity, self.complexity, limits.complexity)?;
        LimitExceeded::check(Limit::Arguments, self.argument_bytes, limits.argument_bytes)?;
        Ok(self)
    }

    fn plus(self, other: Self) -> Self {
        Self {
            complexity: self.complexity.saturating_add(other.complexity),
            argument_bytes: self.argument_bytes.saturating_add(other.argument_bytes),
        }
    }

    fn times(self, factor: u64) -> Self {
        Self {
            complexity: self.complexity.saturating_mul(factor),
            argument_bytes: self.argument_bytes.saturating_mul(factor),
        }
    }
}

struct Meter<'a> {
    shape: &'a SchemaShape,
    document: &'a ExecutableDocument,
    variables: HashMap<&'a str, GivenVariable<'a>>,
    /// A fragment's cost is the same wherever it is spread: its type is its own.
    fragments: HashMap<&'a str, Cost>,
}

impl<'a> Meter<'a> {
    /// `ty` is `None` beneath an unknown field, where nothing multiplies: validation refuses the document.
    fn set(&mut self, set: &'a SelectionSet, ty: Option<TypeId>) -> Cost {
        set.items.iter().fold(Cost::default(), |sum, selection| {
            sum.plus(match &selection.node {
                Selection::Field(field) => self.field(&field.node, ty),
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref();
                    let ty = condition.map_or(ty, |condition| self.shape.type_id(&condition.node.on.node));
                    self.set(&inline.node.selection_set.node, ty)
                }
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node),
            })
        })
    }

    fn field(&mut self, field: &'a Field, ty: Option<TypeId>) -> Cost {
        let directives = field.directives.iter().flat_map(|directive| &directive.node.arguments);
        let arguments = field.arguments.iter().chain(directives).map(|(_, value)| self.bytes(&value.node));
        let own = Cost { complexity: 1, argument_bytes: arguments.fold(0, u64::saturating_add) };
        if field.selection_set.node.items.is_empty() {
            return own;
        }
        let (of, length) = match (field.name.node.as_str(), ty) {
            ("__schema", _) => (self.shape.type_id("__Schema"), 1),
            ("__type", _) => (self.shape.type_id("__Type"), 1),
            (_, None) => (None, 1),
            (name, Some(ty)) => match self.shape.field(ty, name) {
                Some(shape) => (shape.of, self.length(field, &shape.length)),
                None => (None, 1),
            },
        };
        own.plus(self.set(&field.selection_set.node, of).times(length))
    }

    fn fragment(&mut self, name: &str) -> Cost {
        if let Some(cost) = self.fragments.get(name) {
            return *cost;
        }
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Cost::default();
        };
        let ty = self.shape.type_id(&fragment.node.type_condition.node.on.node);
        let cost = self.set(&fragment.node.selection_set.node, ty);
        self.fragments.insert(name.as_str(), cost);
        cost
    }

    /// How many items a field may give, at least 1: an empty page asks for its selections all the same.
    fn length(&self, field: &Field, length: &Length) -> u64 {
        let max = self.shape.sizes.max_page;
        match length {
            Length::One => 1,
            Length::About(n) => *n,
            Length::Page { default } => {
                let asked = ["first", "last"].iter().filter_map(|name| match self.argument(field, name)? {
                    Given::Null => None,
                    Given::Integer(n) => Some(u64::try_from(n).unwrap_or(0).clamp(1, max)),
                    Given::List(_) | Given::Other => Some(max), // no page size: the field will refuse it
                });
                asked.max().unwrap_or(*default)
            }
            Length::Argument(name) => match self.argument(field, name) {
                Some(Given::List(length)) => length.max(1),
                _ => 1,
            },
        }
    }

    /// `None` where the argument is not given, be it by a variable without value or default.
    fn argument(&self, field: &Field, name: &str) -> Option<Given> {
        Some(match &field.get_argument(name)?.node {
            Value::Variable(variable) => match self.variables.get(variable.as_str())?.value {
                ConstValue::Null => Given::Null,
                ConstValue::Number(number) => number.as_i64().map_or(Given::Other, Given::Integer),
                ConstValue::List(items) => Given::List(items.len() as u64),
                _ => Given::Other,
            },
            Value::Null => Given::Null,
            Value::Number(number) => number.as_i64().map_or(Given::Other, Given::Integer),
            Value::List(items) => Given::List(items.len() as u64),
            _ => Given::Other,
        })
    }

    fn bytes(&self, value: &Value) -> u64 {
        match value {
            Value::Variable(name) => {
                self.variables.get(name.as_str()).map_or(VALUE_BYTES, |variable| variable.bytes)
            }
            Value::String(text) => VALUE_BYTES + text.len() as u64,
            Value::List(items) => sum(items.iter().map(|item| self.bytes(item))),
            Value::Object(fields) => sum(fields.values().map(|field| self.bytes(field))),
            _ => VALUE_BYTES,
        }
    }
}

/// An argument's value, as far as it may say a length.
enum Given {
    Null,
    Integer(i64),
    List(u64),
    Other,
}

struct GivenVariable<'a> {
    value: &'a ConstValue,
    bytes: u64,
}

/// The variables with a value: the request's, else the operation's defaults.
fn given_variables<'a>(
    operation: &'a OperationDefinition,
    variables: &'a Variables,
) -> HashMap<&'a str, GivenVariable<'a>> {
    let defaults = operation.variable_definitions.iter().filter_map(|definition| {
        let default = definition.node.default_value.as_ref()?;
        Some((definition.node.name.node.as_str(), &default.node))
    });
    let given = variables.iter().map(|(name, value)| (name.as_str(), value));
    defaults
        .chain(given)
        .map(|(name, value)| (name, GivenVariable { value, bytes: const_bytes(value) }))
        .collect()
}

/// Taken for any value beside its text.
const VALUE_BYTES: u64 = 16;

fn const_bytes(value: &ConstValue) -> u64 {
    match value {
        ConstValue::String(text) => VALUE_BYTES + text.len() as u64,
        ConstValue::List(items) => sum(items.iter().map(const_bytes)),
        ConstValue::Object(fields) => sum(fields.values().map(const_bytes)),
        _ => VALUE_BYTES,
    }
}

/// A list or object: its items and itself.
fn sum(items: impl Iterator<Item = u64>) -> u64 {
    items.fold(VALUE_BYTES, u64::saturating_add)
}

#[cfg(test)]
#[path = "cost_tests.rs"]
mod tests;
