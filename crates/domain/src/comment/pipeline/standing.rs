//! The phases that look at the circumstances rather than at the words: how long the text is, whether the article is open,
//! and who its writer is.

use chrono::TimeDelta;
use unicode_segmentation::UnicodeSegmentation;

use super::{Case, Finding, History, Phase, Rules, Verdict};
use crate::comment::Policy;

/// Longer than is allowed here, or shorter than is asked for: blanks, and marks on a letter, make no text longer.
pub(super) fn length(case: &Case<'_>) -> Option<Finding> {
    let (min, max, len) = (case.rules.min_length, case.rules.max_length, case.text.chars().count());
    let visible = case.text.graphemes(true).filter(|cluster| !cluster.trim().is_empty()).count();
    if visible < min as usize {
        let detail = format!("At least {min} characters, please: this has {visible}.");
        return Some(Finding::new(Phase::Length, Verdict::Reword, detail));
    }
    (len > max as usize).then(|| {
        let detail = format!("At most {max} characters, please: this has {len}.");
        Finding::new(Phase::Length, Verdict::Refuse, detail)
    })
}

/// Closed by policy or by age.
pub(super) fn closed(case: &Case<'_>) -> Option<Finding> {
    let refused = |detail| Some(Finding::new(Phase::Closed, Verdict::Refuse, detail));
    if !case.policy.is_open() {
        return refused("Comments on this article are closed.".to_owned());
    }
    let days = case.rules.close_after_days?;
    if !is_over(Some(days), case.article_age) {
        return None;
    }
    refused(format!("Comments close {days} days after an article is published."))
}

/// Whether an article of this age takes comments no more, where a site closes them after so many days.
#[must_use]
pub fn is_over(close_after_days: Option<u32>, age: Option<TimeDelta>) -> bool {
    close_after_days.zip(age).is_some_and(|(days, age)| age >= TimeDelta::days(days.into()))
}

/// A ban in force: said to the writer, or not.
pub(super) fn banned(case: &Case<'_>) -> Option<Finding> {
    let ban = case.ban?;
    Some(if ban.shadow {
        Finding::new(Phase::Banned, Verdict::Hold, "The writer is banned without being told.")
    } else {
        let detail = match ban.until {
            Some(until) => format!("You cannot comment until {}.", until.format("%Y-%m-%d %H:%M UTC")),
            None => "You cannot comment here.".to_owned(),
        };
        Finding::new(Phase::Banned, Verdict::Refuse, detail)
    })
}

/// What programs do and people do not. Held, never refused: a browser that fills in forms by itself is no crime.
pub(super) fn trap(case: &Case<'_>) -> Option<Finding> {
    let held = |detail: String| Some(Finding::new(Phase::Trap, Verdict::Hold, detail));
    if case.honeypot {
        return held("A field was filled in that people do not see.".to_owned());
    }
    if case.throttles_off {
        return None;
    }
    match case.open_for {
        None if case.rules.needs_form_token => held("It came without a form.".to_owned()),
        Some(open) if open < TimeDelta::seconds(case.rules.min_seconds.into()) => {
            // A token from the future is a clock that runs wrong, and as good as none.
            let seconds = open.num_milliseconds().max(0) as f64 / 1000.0;
            held(format!("The form was sent after {seconds:.1} seconds."))
        }
        _ => None,
    }
}

/// Rejections in the last 30 days that hold what follows.
const RECENT_REJECTIONS: u32 = 2;

/// Writers whose comments were turned down lately, or more often than not.
pub(super) fn history(case: &Case<'_>) -> Option<Finding> {
    let History { published, rejected, spam, recent_rejections, .. } = case.history;
    let held = |detail: String| Some(Finding::new(Phase::History, Verdict::Hold, detail));
    if recent_rejections >= RECENT_REJECTIONS {
        return held(format!(
            "{recent_rejections} of the writer's comments were rejected in the last 30 days."
        ));
    }
    let against = rejected.saturating_add(spam);
    if against > 0 && against >= published {
        return held(format!("{against} of the writer's comments were rejected, {published} published."));
    }
    None
}

/// What the article's policy asks for.
pub(super) fn policy(case: &Case<'_>) -> Option<Finding> {
    let (verdict, detail) = match case.policy {
        // A closed article is the business of [`closed`].
        Policy::Closed | Policy::Open => return None,
        Policy::Members if case.signed_in => return None,
        Policy::Members => (Verdict::Refuse, "Sign in to comment on this article.".to_owned()),
        Policy::Moderated => (Verdict::Hold, "Every comment on this article is held.".to_owned()),
        Policy::FirstTime => {
            let (approved, needed) = (case.history.approved.unwrap_or(0), case.rules.first_time_approvals);
            if approved >= needed {
                return None;
            }
            (Verdict::Hold, format!("The writer has {approved} approved comments and needs {needed}."))
        }
    };
    Some(Finding::new(Phase::Policy, verdict, detail))
}

/// What so many readers' reports do to a published comment. `None` below the threshold.
#[must_use]
pub fn reports(count: u32, rules: &Rules) -> Option<Finding> {
    (count >= rules.report_threshold)
        .then(|| Finding::new(Phase::Reports, Verdict::Hold, format!("{count} readers reported it.")))
}
