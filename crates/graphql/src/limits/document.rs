//! The parsed document, before validation: how much it is once every fragment is expanded.
//!
//! `fragment F0 { ...F1 ...F1 }`, thirty times over, is a kilobyte that validation would follow for days. Here
//! each fragment is weighed once and its weight added where it is spread, so the time is linear in the text.
//! Every definition is weighed, also what no operation uses, for validation visits all of it.
//!
//! What is found depends on the document alone: it may be kept with the parsed document. It must not know the
//! schema or the variables; see [`super::cost`].

use std::collections::HashMap;

use async_graphql::parser::types::{
    Directive, ExecutableDocument, FragmentDefinition, OperationDefinition, OperationType, Selection,
    SelectionSet,
};
use async_graphql::{Positioned, Variables};

use super::validated::{Given, Validated};
use super::{Limit, LimitExceeded, Limits};

/// Why a document is not validated, let alone executed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentRefused {
    /// It asks for too much.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// A fragment contains itself: invalid, and without end.
    #[error("The fragment \"{name}\" spreads itself.")]
    FragmentCycle {
        /// One of the fragments of the circle.
        name: String,
    },
}

/// Why a request names no operation of its document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OperationMissing {
    /// No operation has the name.
    #[error("The document has no operation named \"{0}\".")]
    Unknown(String),
    /// There are several, and no name was given.
    #[error("The document has several operations: operationName must say which to run.")]
    Ambiguous,
}

/// A document that may be validated and walked: finite, and within the limits.
#[derive(Debug)]
pub struct CheckedDocument {
    document: ExecutableDocument,
    introspects: bool,
    validated: Validated,
}

impl CheckedDocument {
    /// Holds a document against `operations`, `fragments`, `selections`, `depth`, `recursion`, `root_fields`,
    /// `mutation_fields`, `aliases` and `directives`, in time linear in the document.
    ///
    /// A spread of an unknown fragment counts as one selection; validation refuses it.
    pub fn check(document: ExecutableDocument, limits: &Limits) -> Result<Self, DocumentRefused> {
        let introspects = weigh(&document, limits)?;
        Ok(Self { document, introspects, validated: Validated::default() })
    }

    /// The document as it was parsed.
    pub fn document(&self) -> &ExecutableDocument {
        &self.document
    }

    /// How the variables are given, where validation could find no fault in them that it does not find in the document
    /// alone. `None`: they are to be validated. A document of several operations always is.
    pub fn given(&self, variables: &Variables) -> Option<Given> {
        let mut operations = self.document.operations.iter();
        match (operations.next(), operations.next()) {
            (Some((_, operation)), None) => Given::of(&operation.node, variables),
            _ => None,
        }
    }

    /// Whether the document has passed validation with variables given so.
    pub fn is_valid(&self, given: &Given) -> bool {
        self.validated.has(given)
    }

    /// Remembers that it has.
    pub fn set_valid(&self, given: Given) {
        self.validated.add(given);
    }

    /// Whether `__schema` or `__type` stands somewhere in it.
    pub fn introspects(&self) -> bool {
        self.introspects
    }

    /// The operation a request asks for: the named one, or without a name the only one.
    pub fn operation(&self, name: Option<&str>) -> Result<&OperationDefinition, OperationMissing> {
        let mut operations = self.document.operations.iter();
        let found = match name {
            Some(name) => operations.find(|(own, _)| own.is_some_and(|own| own == name)),
            None if operations.len() > 1 => return Err(OperationMissing::Ambiguous),
            None => operations.next(),
        };
        match (found, name) {
            (Some((_, operation)), _) => Ok(&operation.node),
            (None, Some(name)) => Err(OperationMissing::Unknown(name.to_owned())),
            (None, None) => Err(OperationMissing::Ambiguous),
        }
    }
}

/// Whether the document introspects, where it passes.
fn weigh(document: &ExecutableDocument, limits: &Limits) -> Result<bool, DocumentRefused> {
    LimitExceeded::check(Limit::Operations, document.operations.iter().len() as u64, limits.operations)?;
    LimitExceeded::check(Limit::Fragments, document.fragments.len() as u64, limits.fragments)?;

    let mut scales = Scales {
        document,
        max_recursion: limits.recursion,
        fragments: HashMap::with_capacity(document.fragments.len()),
        directives: 0,
        introspects: false,
    };
    let mut selections = 0_u64;
    let mut aliases = 0_u64;
    let mut check = |weight: &Weight| {
        selections = selections.saturating_add(weight.selections);
        aliases = aliases.max(weight.aliases);
        LimitExceeded::check(Limit::Recursion, weight.recursion, limits.recursion)?;
        LimitExceeded::check(Limit::Depth, weight.depth, limits.depth)?;
        LimitExceeded::check(Limit::Selections, selections, limits.selections)?;
        LimitExceeded::check(Limit::Aliases, aliases, limits.aliases)
    };
    for name in document.fragments.keys() {
        check(&scales.fragment(name, 0)?)?;
    }
    for (_, operation) in document.operations.iter() {
        let operation = &operation.node;
        scales.directives(&operation.directives);
        for variable in &operation.variable_definitions {
            scales.directives(&variable.node.directives);
        }
        let weight = scales.set(&operation.selection_set.node, 0)?;
        let (limit, max) = match operation.ty {
            OperationType::Mutation => (Limit::MutationFields, limits.mutation_fields),
            OperationType::Query | OperationType::Subscription => (Limit::RootFields, limits.root_fields),
        };
        LimitExceeded::check(limit, weight.fields, max)?;
        check(&weight)?;
    }
    LimitExceeded::check(Limit::Directives, scales.directives, limits.directives)?;
    Ok(scales.introspects)
}

/// What a selection set weighs with all its fragments expanded. Sums saturate.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    selections: u64,
    aliases: u64,
    /// Fields of this set itself, through fragments.
    fields: u64,
    /// Fields within each other.
    depth: u64,
    /// Selection sets within this one.
    recursion: u64,
}

enum FragmentState {
    Open,
    Weighed(Weight),
}

struct Scales<'a> {
    document: &'a ExecutableDocument,
    max_recursion: u64,
    fragments: HashMap<&'a str, FragmentState>,
    /// As written, not expanded: each is visited once.
    directives: u64,
    introspects: bool,
}

impl<'a> Scales<'a> {
    /// Weighs a set that stands `level` sets deep. The level bounds this function's own recursion.
    fn set(&mut self, set: &'a SelectionSet, level: u64) -> Result<Weight, DocumentRefused> {
        if level > self.max_recursion {
            return Err(LimitExceeded::at_least(Limit::Recursion, level, self.max_recursion).into());
        }
        let mut sum = Weight::default();
        for selection in &set.items {
            self.directives(selection.node.directives());
            let one = match &selection.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    self.introspects |= matches!(field.name.node.as_str(), "__schema" | "__type");
                    let inner = self.nested(&field.selection_set.node, level)?;
                    Weight {
                        aliases: inner.aliases.saturating_add(u64::from(field.alias.is_some())),
                        fields: 1,
                        depth: inner.depth + 1,
                        ..inner
                    }
                }
                Selection::InlineFragment(inline) => self.nested(&inline.node.selection_set.node, level)?,
                Selection::FragmentSpread(spread) => {
                    let inner = self.fragment(spread.node.fragment_name.node.as_str(), level + 1)?;
                    Weight { recursion: inner.recursion + 1, ..inner }
                }
            };
            sum = Weight {
                selections: sum.selections.saturating_add(one.selections).saturating_add(1),
                aliases: sum.aliases.saturating_add(one.aliases),
                fields: sum.fields.saturating_add(one.fields),
                depth: sum.depth.max(one.depth),
                recursion: sum.recursion.max(one.recursion),
            };
        }
        Ok(sum)
    }

    /// The set within a field or an inline fragment; a leaf has none.
    fn nested(&mut self, set: &'a SelectionSet, level: u64) -> Result<Weight, DocumentRefused> {
        if set.items.is_empty() {
            return Ok(Weight::default());
        }
        let inner = self.set(set, level + 1)?;
        Ok(Weight { recursion: inner.recursion + 1, ..inner })
    }

    fn fragment(&mut self, name: &str, level: u64) -> Result<Weight, DocumentRefused> {
        let document = self.document;
        let Some((name, fragment)) = document.fragments.get_key_value(name) else {
            return Ok(Weight::default());
        };
        match self.fragments.get(name.as_str()) {
            Some(FragmentState::Weighed(weight)) => return Ok(*weight),
            Some(FragmentState::Open) => {
                return Err(DocumentRefused::FragmentCycle { name: name.to_string() });
            }
            None => {}
        }
        self.fragments.insert(name.as_str(), FragmentState::Open);
        let FragmentDefinition { directives, selection_set, .. } = &fragment.node;
        self.directives(directives);
        let weight = self.set(&selection_set.node, level)?;
        self.fragments.insert(name.as_str(), FragmentState::Weighed(weight));
        Ok(weight)
    }

    fn directives(&mut self, directives: &[Positioned<Directive>]) {
        self.directives = self.directives.saturating_add(directives.len() as u64);
    }
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
