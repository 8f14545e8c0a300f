//! The refusal of a request that asks for too much, and how it reads to a client.
//!
//! Names are part of the contract: clients switch on `extensions.limit`. It must not know how anything is
//! measured.

use std::fmt;

use async_graphql::{ErrorExtensionValues, ServerError};

use crate::error::Code;

/// What was limited. The name is stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Bytes of the body.
    Body,
    /// Requests in the body: a list of them is not taken at all.
    Batch,
    /// Bytes of the document.
    Document,
    /// Tokens of the document.
    Tokens,
    /// Brackets open at once in the document.
    Nesting,
    /// Arrays and objects within each other in the variables.
    VariableNesting,
    /// Values in the variables.
    Variables,
    /// Operations in the document.
    Operations,
    /// Fragments in the document.
    Fragments,
    /// Selections after expansion.
    Selections,
    /// Fields within each other.
    Depth,
    /// Selection sets within each other, through fragments.
    Recursion,
    /// Fields of a query's or a subscription's root.
    RootFields,
    /// Fields of a mutation's root.
    MutationFields,
    /// Aliased fields after expansion.
    Aliases,
    /// Directives in the document.
    Directives,
    /// Cost of the operation.
    Complexity,
    /// Bytes of arguments after expansion.
    Arguments,
}

impl Limit {
    /// Every limit, in the order in which a request meets them.
    pub const ALL: [Self; 18] = [
        Self::Body,
        Self::Batch,
        Self::Document,
        Self::Tokens,
        Self::Nesting,
        Self::VariableNesting,
        Self::Variables,
        Self::Operations,
        Self::Fragments,
        Self::Selections,
        Self::Depth,
        Self::Recursion,
        Self::RootFields,
        Self::MutationFields,
        Self::Aliases,
        Self::Directives,
        Self::Complexity,
        Self::Arguments,
    ];

    /// The value of `extensions.limit`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Body => "BODY",
            Self::Batch => "BATCH",
            Self::Document => "DOCUMENT",
            Self::Tokens => "TOKENS",
            Self::Nesting => "NESTING",
            Self::VariableNesting => "VARIABLE_NESTING",
            Self::Variables => "VARIABLES",
            Self::Operations => "OPERATIONS",
            Self::Fragments => "FRAGMENTS",
            Self::Selections => "SELECTIONS",
            Self::Depth => "DEPTH",
            Self::Recursion => "RECURSION",
            Self::RootFields => "ROOT_FIELDS",
            Self::MutationFields => "MUTATION_FIELDS",
            Self::Aliases => "ALIASES",
            Self::Directives => "DIRECTIVES",
            Self::Complexity => "COMPLEXITY",
            Self::Arguments => "ARGUMENTS",
        }
    }

    /// The refusal for this limit in other words than its figures. `extensions`: `code` LIMIT_EXCEEDED, `limit` the
    /// limit's name, `max` what is allowed.
    pub fn error(self, message: impl Into<String>, max: u64) -> ServerError {
        let mut error = Code::LimitExceeded.error(message);
        let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
        extensions.set("limit", self.name());
        extensions.set("max", max);
        error
    }

    /// What would help, where the limit's name does not say it.
    const fn advice(self) -> &'static str {
        match self {
            Self::Complexity => {
                " Each list multiplies what is asked of its items by its `first` or `last`: ask for smaller pages of \
                 those within each other, or for fewer fields."
            }
            _ => "",
        }
    }

    /// What is counted, as the subject of "… is N; at most M is allowed".
    const fn subject(self) -> &'static str {
        match self {
            Self::Body => "The size of the body, in bytes,",
            Self::Batch => "The number of requests in the body",
            Self::Document => "The size of the document, in bytes,",
            Self::Tokens => "The number of tokens in the document",
            Self::Nesting => "The nesting of brackets in the document",
            Self::VariableNesting => "The nesting of the variables",
            Self::Variables => "The number of values in the variables",
            Self::Operations => "The number of operations in the document",
            Self::Fragments => "The number of fragments in the document",
            Self::Selections => "The number of selections, with all fragments expanded,",
            Self::Depth => "The depth of nested fields",
            Self::Recursion => "The depth of nested selections and fragments",
            Self::RootFields => "The number of fields at the root of the operation",
            Self::MutationFields => "The number of fields at the root of the mutation",
            Self::Aliases => "The number of aliases, with all fragments expanded,",
            Self::Directives => "The number of directives in the document",
            Self::Complexity => "The complexity of the operation",
            Self::Arguments => {
                "The size of the arguments, with all fragments and variables expanded, in bytes,"
            }
        }
    }
}

/// The request's own figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Counted to the end.
    Exactly(u64),
    /// Counting stopped here.
    AtLeast(u64),
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(n) => write!(f, "{n}"),
            Self::AtLeast(n) => write!(f, "at least {n}"),
        }
    }
}

/// A request asked for more than a limit allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{} is {found}; at most {max} is allowed.{}", .limit.subject(), .limit.advice())]
pub struct LimitExceeded {
    /// Which limit.
    pub limit: Limit,
    /// The most that is allowed.
    pub max: u64,
    /// What the request has.
    pub found: Figure,
}

impl LimitExceeded {
    /// `Ok` where `found` is allowed, else the refusal with the exact figure.
    pub(super) fn check(limit: Limit, found: u64, max: u64) -> Result<(), Self> {
        if found <= max { Ok(()) } else { Err(Self { limit, max, found: Figure::Exactly(found) }) }
    }

    /// The refusal of a request whose counting stopped at `found`.
    pub(super) fn at_least(limit: Limit, found: u64, max: u64) -> Self {
        Self { limit, max, found: Figure::AtLeast(found) }
    }
}

impl From<LimitExceeded> for ServerError {
    fn from(exceeded: LimitExceeded) -> Self {
        exceeded.limit.error(exceeded.to_string(), exceeded.max)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Limit, LimitExceeded, ServerError};

    #[test]
    fn each_limit_has_a_name_of_its_own() {
        let names: HashSet<_> = Limit::ALL.iter().map(|limit| limit.name()).collect();
        assert_eq!(names.len(), Limit::ALL.len());
    }

    #[test]
    fn the_error_says_the_limit_and_the_figure_and_carries_both_codes() {
        let refused = LimitExceeded::check(Limit::Depth, 21, 20).unwrap_err();
        let error = serde_json::to_value(ServerError::from(refused)).unwrap();
        assert_eq!(
            error,
            serde_json::json!({
                "message": "The depth of nested fields is 21; at most 20 is allowed.",
                "extensions": {"code": "LIMIT_EXCEEDED", "limit": "DEPTH", "max": 20},
            })
        );
        assert_eq!(
            LimitExceeded::at_least(Limit::Body, 11, 10).to_string(),
            "The size of the body, in bytes, is at least 11; at most 10 is allowed."
        );
        assert!(LimitExceeded::check(Limit::Depth, 20, 20).is_ok());
        let batch = serde_json::to_value(Limit::Batch.error("Send one.", 1)).unwrap();
        assert_eq!(
            batch["extensions"],
            serde_json::json!({"code": "LIMIT_EXCEEDED", "limit": "BATCH", "max": 1})
        );
    }
}
