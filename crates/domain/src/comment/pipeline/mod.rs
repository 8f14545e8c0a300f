//! What stands between a text and its readers: an ordered list of small phases, each of which says nothing or leaves a
//! [`Finding`] for moderators. The gravest finding decides.
//!
//! Everything a phase knows is in its [`Case`]; nothing is looked up here. What needs a clock, a counter or another
//! machine (the token bucket of [`Phase::Rate`], the newsroom's own classifier of [`Phase::External`]) happens
//! elsewhere and adds its findings to these. It must not know of storage, GraphQL or HTTP.

mod case;
pub mod duplicates;
pub mod links;
mod local;
mod rules;
pub mod shape;
pub mod spam;
mod standing;
mod verdict;
pub mod words;

pub use case::{Ban, Case, History, Recent};
pub use local::{Closing, LocalRules, RulesOf};
pub use rules::{Faulty, Rules};
pub use spam::SpamModel;
pub use standing::{is_over, reports};
pub use verdict::{Finding, Phase, Verdict};
pub use words::{WordList, WordLists};

use crate::comment::leave::{Field, Refused};

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

/// What the writer is told of a text with these findings, where it is not stored. `None`: it is, published or held.
///
/// Of refusals the first counts, in the order of the phases; what is to be reworded is said all at once. A refusal by
/// [`Phase::Rate`] comes without the time to wait: whoever counts says [`Refused::TooFast`] first.
#[must_use]
pub fn refused(text: &str, rules: &Rules, findings: &[Finding]) -> Option<Refused> {
    let first = findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Refuse)
        .min_by_key(|finding| finding.phase);
    if let Some(finding) = first {
        return Some(match finding.phase {
            Phase::Length => Refused::TooLong {
                field: Field::Body,
                max: rules.max_length as usize,
                len: text.chars().count(),
            },
            Phase::Closed => Refused::Closed,
            Phase::Banned => Refused::Banned,
            Phase::Duplicate => Refused::Duplicate,
            Phase::Policy => Refused::MembersOnly,
            _ => Refused::Reword { why: finding.detail.clone() },
        });
    }
    let mut why: Vec<&str> = Vec::new();
    for finding in findings.iter().filter(|finding| finding.verdict == Verdict::Reword) {
        // A word that stands there ten times is said once.
        if !why.contains(&finding.detail.as_str()) {
            why.push(&finding.detail);
        }
    }
    (!why.is_empty()).then(|| Refused::Reword { why: why.join(" ") })
}

#[cfg(test)]
mod tests;
