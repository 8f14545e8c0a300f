//! The same text, or nearly the same, left twice. It must not know where the earlier texts are kept, or for how long.
//!
//! Near-duplicates by the resemblance of two documents, A. Z. Broder, "On the resemblance and containment of documents",
//! 1997: the Jaccard index of their sets of word shingles. The threshold of one half is that of Broder, Glassman, Manasse
//! and Zweig, "Syntactic Clustering of the Web", 1997; shingles are of three words, comments being shorter than pages.

use std::collections::HashSet;

use chrono::TimeDelta;

use super::{Case, Finding, Phase, Verdict};
use crate::text::skeleton::{Kind, skeleton};

/// Words of a shingle.
const SHINGLE: usize = 3;
/// From this resemblance on two texts are nearly the same.
pub const THRESHOLD: f64 = 0.5;
/// Texts of fewer words resemble each other by chance.
const FEWEST_WORDS: usize = 8;
/// Up to so many words a text is an exclamation ("Bravo !"), which people repeat and share.
const EXCLAMATION: usize = 3;
/// Within this time even an exclamation that comes twice was sent twice.
const SENT_TWICE: TimeDelta = TimeDelta::minutes(2);

/// What a text is compared by: its words, folded as the word lists fold them, so that a changed letter or mark makes no
/// other text.
#[derive(Debug, Clone)]
pub struct Print {
    words: Vec<String>,
}

impl Print {
    /// The print of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let units = skeleton(text);
        let mut words: Vec<String> = units
            .split(|unit| !unit.kind.is_word())
            .filter(|word| !word.is_empty())
            .map(|word| {
                word.iter()
                    .filter_map(|unit| match unit.kind {
                        Kind::Letter(c) | Kind::Digit(c) => Some(c),
                        Kind::Space | Kind::Mark(_) => None,
                    })
                    .collect()
            })
            .collect();
        if words.is_empty() {
            // Nothing but signs: those are the text.
            words = text.split_whitespace().map(str::to_owned).collect();
        }
        Self { words }
    }

    /// Whether two texts are the same once folded.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.words == other.words
    }

    /// The resemblance of two texts: 0 where they share no shingle, 1 where they share all.
    #[must_use]
    pub fn resemblance(&self, other: &Self) -> f64 {
        let (a, b) = (self.shingles(), other.shingles());
        let shared = a.intersection(&b).count();
        let all = a.len() + b.len() - shared;
        if all == 0 { 0.0 } else { shared as f64 / all as f64 }
    }

    fn shingles(&self) -> HashSet<&[String]> {
        self.words.windows(SHINGLE).collect()
    }
}

/// The same writer repeats a text: refused. Nearly so, or somebody else's text: held.
pub(super) fn phase(case: &Case<'_>) -> Option<Finding> {
    let found = |verdict, detail: &str| Some(Finding::new(Phase::Duplicate, verdict, detail));
    if case.recent.is_empty() {
        return None;
    }
    let print = Print::of(case.text);
    let brief = print.words.len() <= EXCLAMATION;
    let mut held = None;
    for recent in case.recent {
        let other = Print::of(&recent.text);
        if print.is_same(&other) {
            if recent.same_writer && (!brief || recent.age < SENT_TWICE) {
                return found(Verdict::Refuse, "You have already said this.");
            }
            if !recent.same_writer && !brief {
                held = held.or(found(Verdict::Hold, "Somebody else left the same text."));
            }
            continue;
        }
        if case.throttles_off || print.words.len().min(other.words.len()) < FEWEST_WORDS {
            continue;
        }
        let resemblance = print.resemblance(&other);
        if held.is_none() && resemblance >= THRESHOLD {
            let whose =
                if recent.same_writer { "an earlier text of the writer" } else { "somebody else's text" };
            let percent = (resemblance * 100.0).round();
            held = found(Verdict::Hold, &format!("Nearly {whose}: {percent} % of both is the same."));
        }
    }
    held
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comment::pipeline::{Recent, Rules, SpamModel, WordLists};

    const LONG: &str =
        "The harbour wall was repaired twice in ten years and nobody asked who had paid for it";

    #[test]
    fn repeated_texts() {
        use Verdict::{Hold, Publish, Refuse};
        let (rules, words, spam) = (Rules::default(), WordLists::default(), SpamModel::default());
        let near = LONG.replace("ten", "eleven");
        let cases = [
            (LONG, LONG, 60, true, Refuse),
            (LONG, LONG, 60, false, Hold),
            (
                LONG,
                "THE HARBOUR wall — was repaired twice in ten years, and nobody asked who had paid for it!!",
                60,
                true,
                Refuse,
            ),
            (LONG, near.as_str(), 60, true, Hold),
            (LONG, near.as_str(), 60, false, Hold),
            (
                LONG,
                "The harbour wall is high and the sea was calm on the day when we came to look at it",
                60,
                true,
                Publish,
            ),
            ("Bravo !", "bravo", 60, true, Refuse),
            ("Bravo !", "bravo", 3600, true, Publish),
            ("Bravo !", "bravo", 60, false, Publish),
            ("شكراً جزيلاً", "شكرا جزيلا", 1, false, Publish),
            ("هذا الخبر غير صحيح أبداً", "هٰذا الخبر غير صحيح ابدا", 600, true, Refuse),
            ("👍👍", "👍👍", 10, true, Refuse),
            ("👍👍", "👎", 10, true, Publish),
        ];
        for (text, before, age, same_writer, expected) in cases {
            let recent = [Recent { text: before.into(), age: TimeDelta::seconds(age), same_writer }];
            let case = Case { recent: &recent, ..Case::of(text, &rules, &words, &spam) };
            let verdict = phase(&case).map_or(Publish, |finding| finding.verdict);
            assert_eq!(verdict, expected, "{text} / {before}");
        }
        let recent = [Recent { text: near, age: TimeDelta::zero(), same_writer: true }];
        let case = Case { recent: &recent, throttles_off: true, ..Case::of(LONG, &rules, &words, &spam) };
        assert_eq!(phase(&case), None);
    }

    proptest::proptest! {
        #[test]
        fn resemblance_is_a_share_and_the_same_both_ways(a in "([abc]{1,2} ){0,12}", b in "([abc]{1,2} ){0,12}") {
            let (a, b) = (Print::of(&a), Print::of(&b));
            let there = a.resemblance(&b);
            proptest::prop_assert!((0.0..=1.0).contains(&there));
            proptest::prop_assert!((there - b.resemblance(&a)).abs() < 1e-9);
            if a.words.len() >= SHINGLE {
                proptest::prop_assert!((a.resemblance(&a) - 1.0).abs() < 1e-9);
            }
        }
    }
}
