//! From a document's text to a document that may be validated: scanned, parsed, held against the limits, and kept,
//! so that an operation sent again is not parsed again. It must not know variables or who asks.

use std::sync::Arc;

use async_graphql::ServerError;
use async_graphql::parser::{self, parse_query};
use masthead_graphql::error::Code;
use masthead_graphql::limits::scan::{self, TextRefused};
use masthead_graphql::limits::{CheckedDocument, DocumentRefused, Limits};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// Bytes of text of all documents that are kept; a parsed document takes some twenty times its text.
const KEPT_BYTES: u64 = 1024 * 1024;

/// A longer document is parsed each time: clients' operations are shorter, and few long ones would drive them out.
const LONGEST_KEPT: usize = 16 * 1024;

/// The documents seen lately. Only those within the limits are kept.
#[derive(Debug)]
pub struct Documents {
    limits: Limits,
    kept: Cache<Box<str>, Arc<CheckedDocument>, ByText>,
}

impl Documents {
    /// None yet.
    pub fn new(limits: Limits) -> Self {
        Self { limits, kept: Cache::with_weighter(1_000, KEPT_BYTES, ByText) }
    }

    /// The checked document of a text, or the error to answer with.
    pub fn get(&self, text: &str) -> Result<Arc<CheckedDocument>, ServerError> {
        if let Some(document) = self.kept.get(text) {
            return Ok(document);
        }
        scan::check_document(text, &self.limits).map_err(|refused| match refused {
            TextRefused::Limit(exceeded) => exceeded.into(),
            open @ TextRefused::OpenBlockString { .. } => Code::BadRequest.error(open.to_string()),
        })?;
        let document = parse_query(text).map_err(syntax_error)?;
        let document = CheckedDocument::check(document, &self.limits).map_err(|refused| match refused {
            DocumentRefused::Limit(exceeded) => exceeded.into(),
            circle @ DocumentRefused::FragmentCycle { .. } => Code::Validation.error(circle.to_string()),
        })?;
        let document = Arc::new(document);
        if text.len() <= LONGEST_KEPT {
            self.kept.insert(text.into(), Arc::clone(&document));
        }
        Ok(document)
    }
}

#[derive(Debug, Clone)]
struct ByText;

impl Weighter<Box<str>, Arc<CheckedDocument>> for ByText {
    fn weight(&self, text: &Box<str>, _: &Arc<CheckedDocument>) -> u64 {
        text.len() as u64 + 1
    }
}

/// The parser's error in one line; its own has five, with the text and an arrow in it.
fn syntax_error(error: parser::Error) -> ServerError {
    let full = error.to_string();
    let reason = full.rsplit_once("= ").map_or(full.as_str(), |(_, reason)| reason.trim());
    let mut refused = Code::BadRequest.error(format!("Syntax error: {reason}."));
    refused.locations = error.positions().collect();
    refused
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> serde_json::Value {
        serde_json::to_value(Documents::new(Limits::DEFAULT).get(text).unwrap_err()).unwrap()
    }

    #[test]
    fn a_document_is_parsed_once() {
        let documents = Documents::new(Limits::DEFAULT);
        let first = documents.get("{ a }").unwrap();
        assert!(Arc::ptr_eq(&first, &documents.get("{ a }").unwrap()));
        assert!(!Arc::ptr_eq(&first, &documents.get("{ b }").unwrap()));
        let long = format!("{{ a }} #{}", "م".repeat(LONGEST_KEPT));
        assert!(!Arc::ptr_eq(&documents.get(&long).unwrap(), &documents.get(&long).unwrap()));
    }

    #[test]
    fn what_is_kept_stays_within_its_bounds() {
        let documents = Documents::new(Limits::DEFAULT);
        for n in 0..2_000 {
            documents.get(&format!("{{ a{n} }} #{}", "-".repeat(1_000))).unwrap();
        }
        assert!(documents.kept.weight() <= KEPT_BYTES, "{}", documents.kept.weight());
        assert!(documents.kept.len() > 100);
    }

    #[test]
    fn refusals_have_one_line_a_place_and_a_code() {
        let syntax = error("{ a(\n");
        assert_eq!(syntax["message"], "Syntax error: expected name.");
        assert_eq!(syntax["locations"], serde_json::json!([{"line": 2, "column": 1}]));
        assert_eq!(syntax["extensions"]["code"], "BAD_REQUEST");
        for (text, code) in [
            ("", "BAD_REQUEST"),
            ("query A { a } query A { a }", "BAD_REQUEST"),
            ("fragment F on T { a }", "BAD_REQUEST"),
            ("{ a(s: \"\"\") }", "BAD_REQUEST"),
            ("{ ...F } fragment F on Query { ...F }", "VALIDATION"),
            (&"{a".repeat(70), "LIMIT_EXCEEDED"),
        ] {
            let error = error(text);
            assert_eq!(error["extensions"]["code"], code, "{text}");
            assert!(!error["message"].as_str().unwrap().contains('\n'), "{text}");
        }
    }
}
