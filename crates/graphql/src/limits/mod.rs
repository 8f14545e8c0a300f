//! What one request may ask for, checked before anything is executed.
//!
//! A request passes three gates, each cheaper than what it guards:
//! 1. [`scan`]: the raw text, before the parser, whose recursion a deep enough value overflows;
//! 2. [`CheckedDocument`]: the parsed document, before validation, which doubles with every doubled fragment;
//! 3. [`Cost`]: the chosen operation with its variables, before execution: lists multiply.
//!
//! async-graphql's own `limit_depth`, `limit_complexity`, `limit_aliases` and `limit_directives` are not
//! used: they run during or after the work they should prevent, follow fragments without memory (2^n), and
//! answer without a code. Its `limit_recursive_depth` (32 by default) stays on behind [`Limits::recursion`],
//! which is the same measure, taken earlier and for every definition.
//!
//! Pure: no I/O, no clock. It must not know HTTP, nor which resolvers stand behind a field.

mod cost;
mod document;
mod exceeded;
pub mod scan;
mod shape;
mod validated;

pub use cost::Cost;
pub use document::{CheckedDocument, DocumentRefused, OperationMissing};
pub use exceeded::{Figure, Limit, LimitExceeded};
pub use shape::{InvalidSdl, SchemaShape};
pub use validated::Given;

use serde::Deserialize;

/// Every limit on a request. All are inclusive: a request of exactly this much passes.
///
/// The defaults let pass GraphiQL's introspection and pages several times larger than the contract's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Bytes of a request's body, uploads apart. Default 1 MiB.
    pub body_bytes: u64,
    /// Bytes of the GraphQL document. Default 128 KiB.
    pub document_bytes: u64,
    /// Lexical tokens of the document. Default 15,000.
    pub tokens: u64,
    /// Brackets `( [ {` open at once, in the document's text. Default 64, the parser's own measure for
    /// selection sets; some 500 overflow a stack of 2 MiB in a debug build.
    pub nesting: u64,
    /// Arrays and objects within each other in the JSON variables. Default 64.
    pub variable_nesting: u64,
    /// Values of any kind in the JSON variables. Default 10,000.
    pub variable_values: u64,
    /// Operations defined in one document, executed or not. Default 50.
    pub operations: u64,
    /// Fragments defined in one document, used or not. Default 100.
    pub fragments: u64,
    /// Fields, spreads and inline fragments after every spread is replaced by what it names, summed over all
    /// definitions of the document, for each of them is validated. Default 10,000.
    pub selections: u64,
    /// Fields within each other. Default 20; the introspection query of graphql-js 16 has 15.
    pub depth: u64,
    /// Selection sets within each other, those of fragments included. Default 32, as async-graphql's.
    pub recursion: u64,
    /// Fields of a query's or a subscription's root. Default 20.
    pub root_fields: u64,
    /// Fields of a mutation's root: they run one after the other, and guesses are cheap in bulk. Default 5.
    pub mutation_fields: u64,
    /// Aliased fields after expansion. Default 60.
    pub aliases: u64,
    /// Directives written in the document. Default 100.
    pub directives: u64,
    /// Cost of the chosen operation, see [`Cost`]. Default 50,000.
    pub complexity: u64,
    /// Bytes of all arguments after every spread and every variable is replaced by what it names: what
    /// validation and resolvers copy. Default 8 MiB.
    pub argument_bytes: u64,
}

impl Limits {
    /// The defaults, each told at its field.
    pub const DEFAULT: Self = Self {
        body_bytes: 1024 * 1024,
        document_bytes: 128 * 1024,
        tokens: 15_000,
        nesting: 64,
        variable_nesting: 64,
        variable_values: 10_000,
        operations: 50,
        fragments: 100,
        selections: 10_000,
        depth: 20,
        recursion: 32,
        root_fields: 20,
        mutation_fields: 5,
        aliases: 60,
        directives: 100,
        complexity: 50_000,
        argument_bytes: 8 * 1024 * 1024,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// How long lists are taken to be where the request does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListSizes {
    /// Page size of a list with `first` or `last` where neither is given, nor a default in the schema.
    pub page: u64,
    /// Largest page a resolver gives; more is refused by it, so it counts as this much.
    pub max_page: u64,
    /// Length of a short, bounded list: tags, authors, corrections.
    pub plain: u64,
    /// Length of a list of sections: the whole tree, or a branch of it.
    pub sections: u64,
}

impl ListSizes {
    /// Pages of 20, at most 100; short lists of 5, and 25 sections.
    pub const DEFAULT: Self = Self { page: 20, max_page: 100, plain: 5, sections: 25 };
}

#[cfg(test)]
mod tests {
    use super::{CheckedDocument, Limits, scan};

    #[test]
    fn a_partial_table_keeps_the_other_defaults_and_an_unknown_name_is_refused() {
        let limits: Limits = serde_json::from_str(r#"{"depth": 7, "body-bytes": 10}"#).unwrap();
        assert_eq!(limits, Limits { depth: 7, body_bytes: 10, ..Limits::DEFAULT });
        assert!(serde_json::from_str::<Limits>(r#"{"detph": 7}"#).is_err());
    }

    #[test]
    fn an_ordinary_page_in_three_languages_passes_the_text_and_document_gates() {
        for slug in ["وزيرة-شؤون-الشباب", "election-presidentielle", "the-harbour-at-dawn"] {
            let text = format!(
                "query Page {{ article(slug: \"{slug}\") {{ ...Card comments(first: 20) {{ nodes {{ id }} }} }} }}
                 fragment Card on Article {{ id title authors {{ name }} }}"
            );
            scan::check_document(&text, &Limits::DEFAULT).unwrap();
            let parsed = async_graphql::parser::parse_query(&text).unwrap();
            CheckedDocument::check(parsed, &Limits::DEFAULT).unwrap();
        }
    }
}
