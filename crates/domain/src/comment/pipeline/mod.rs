//! What stands between a text and its readers: an ordered list of small phases, each of which says nothing or leaves a
//! [`Finding`] for moderators. The gravest finding decides.
//!
//! Everything a phase knows is in its [`Case`]; nothing is looked up here. What needs a clock, a counter or another
//! machine (the token bucket of [`Phase::Rate`], the newsroom's own classifier of [`Phase::External`]) happens
//! elsewhere and adds its findings to these. It must not know of storage, GraphQL or HTTP.

mod case;
pub mod duplicates;
pub mod links;
mod rules;
pub mod shape;
pub mod spam;
mod standing;
mod verdict;
pub mod words;

pub use case::{Ban, Case, History, Recent};
pub use rules::{Faulty, Rules};
pub use spam::SpamModel;
pub use standing::reports;
pub use verdict::{Finding, Phase, Verdict};
pub use words::{WordList, WordLists};

/// Runs every phase that needs nothing but the case, in the order of [`Phase::ALL`]. A quiet phase leaves no finding, a
/// phase may leave several. Refused comments go through all phases too: moderators see everything that speaks against a
/// text, not only what came first.
#[must_use]
pub fn judge(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(standing::length(case));
    findings.extend(standing::closed(case));
    findings.extend(standing::banned(case));
    findings.extend(duplicates::phase(case));
    findings.extend(words::phase(case));
    findings.extend(links::phase(case));
    findings.extend(shape::phase(case));
    findings.extend(standing::trap(case));
    findings.extend(standing::history(case));
    findings.extend(standing::policy(case));
    findings.extend(spam::phase(case));
    debug_assert!(findings.is_sorted_by_key(|finding| finding.phase));
    findings
}

/// What becomes of a text with these findings: the gravest verdict, and [`Verdict::Publish`] where there is none.
#[must_use]
pub fn outcome(findings: &[Finding]) -> Verdict {
    findings.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Publish)
}

#[cfg(test)]
mod tests;
