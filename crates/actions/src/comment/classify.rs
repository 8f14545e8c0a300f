//! The newsroom's own classifier: what it is asked, what it may answer, and what counts when it does not. How it is
//! reached is the program's affair.

use std::future::Future;
use std::pin::Pin;

use masthead_domain::comment::pipeline::{Finding, Phase, Verdict};
use masthead_domain::text::LanguageTag;

/// What a classifier is told of a comment: nothing of its writer but the name that everyone would see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The text.
    pub text: String,
    /// The name to show.
    pub author_name: Option<String>,
    /// The article's language.
    pub locale: LanguageTag,
    /// What the phases before found, by name and verdict.
    pub findings: Vec<(Phase, Verdict)>,
}

/// Asks the classifier, within its own time limit. What it answers is a finding of the phase
/// [`EXTERNAL`](Phase::External), or none where it has nothing to say.
pub trait Classify: Send + Sync {
    /// One question. Never fails: an answer that does not come is the default that the operator set.
    fn classify<'a>(
        &'a self,
        question: &'a Question,
    ) -> Pin<Box<dyn Future<Output = Option<Finding>> + Send + 'a>>;
}
