//! What a site's moderators took for spam before, and how much a text is like it. It must not know where the counts are
//! kept.
//!
//! The method is Gary Robinson's, "A Statistical Approach to the Spam Problem", Linux Journal 107, 2003, as filters of mail
//! have used it since: each token has a probability of spam, drawn towards ignorance where it was seen seldom; Fisher's
//! method combines them, once for spam and once against it, so that a text that speaks for both is undecided. It needs
//! nothing but how many texts of each kind a token stood in, and says which tokens decided.

use std::collections::{HashMap, HashSet};

use super::{Case, Finding, Phase, Verdict};
use crate::text::skeleton::{Kind, skeleton};

/// Most tokens of a text.
pub const MAX_TOKENS: usize = 300;
/// Longest token in characters; longer words are cut.
pub const MAX_TOKEN: usize = 64;
/// So many texts of each kind have to be decided on before anything is said.
pub const FEWEST_TEXTS: u32 = 20;

/// Robinson's `s`: how many sightings ignorance is worth.
const STRENGTH: f64 = 0.45;
/// Robinson's `x`: what a token that was never seen says.
const UNKNOWN: f64 = 0.5;
/// Tokens that are nearer to ignorance than this say nothing.
const TELLING: f64 = 0.1;
/// The most telling tokens that are combined.
const MOST_TELLING: usize = 150;
/// Tokens given as the reason.
const REASONS: usize = 5;

/// What a site learnt from its moderators, as far as it concerns one text: how many texts they decided on, and in how
/// many of those each of the text's [`tokens`] stood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SpamModel {
    /// All texts of the site that were decided on.
    pub texts: Seen,
    /// The texts in which a token stood. A token that is missing was never seen.
    pub tokens: HashMap<String, Seen>,
}

/// Numbers of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seen {
    /// That a moderator published.
    pub good: u32,
    /// That a moderator took for spam.
    pub spam: u32,
}

/// How much a text looks like what was taken for spam before.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// 0: like what was published; 1: like spam; 0.5: could be either.
    pub probability: f64,
    /// The tokens that said most, at most five, the strongest first, each with its own probability of spam.
    pub because: Vec<(String, f64)>,
}

/// What is counted of a text, each once, at most [`MAX_TOKENS`] of at most [`MAX_TOKEN`] characters: its words, folded as
/// the word lists fold them; pairs of neighbouring words, with a space between; of longer words the four-letter pieces,
/// with `~` before, which see through changed endings. Words come first, so that a long text loses its pieces first.
#[must_use]
pub fn tokens(text: &str) -> Vec<String> {
    let units = skeleton(text);
    let words: Vec<String> = units
        .split(|unit| !unit.kind.is_word())
        .map(|word| {
            let letters = word.iter().filter_map(|unit| match unit.kind {
                Kind::Letter(c) | Kind::Digit(c) => Some(c),
                Kind::Space | Kind::Mark(_) => None,
            });
            letters.take(MAX_TOKEN / 2 - 1).collect::<String>()
        })
        .filter(|word| !word.is_empty())
        .collect();
    let single = words.iter().filter(|word| word.chars().nth(1).is_some()).cloned();
    let pairs = words.windows(2).map(|pair| pair.join(" "));
    let pieces = words.iter().flat_map(|word| {
        let letters: Vec<char> = word.chars().collect();
        let long = if letters.len() >= 6 { letters.as_slice() } else { &[] };
        long.windows(4).map(|piece| format!("~{}", piece.iter().collect::<String>())).collect::<Vec<_>>()
    });
    let mut known = HashSet::new();
    single.chain(pairs).chain(pieces).filter(|token| known.insert(token.clone())).take(MAX_TOKENS).collect()
}

impl Seen {
    /// Counts a text that a moderator decided on.
    pub fn count(&mut self, is_spam: bool) {
        let kind = if is_spam { &mut self.spam } else { &mut self.good };
        *kind = kind.saturating_add(1);
    }
}

impl SpamModel {
    /// Learns from a moderator's decision about a text. What is stored by others may count in their own way: one more text,
    /// and one more for each of its [`tokens`].
    pub fn learn(&mut self, text: &str, is_spam: bool) {
        self.texts.count(is_spam);
        for token in tokens(text) {
            self.tokens.entry(token).or_default().count(is_spam);
        }
    }

    /// How much `text` looks like spam. `None` until [`FEWEST_TEXTS`] of both kinds were decided on.
    #[must_use]
    pub fn score(&self, text: &str) -> Option<Score> {
        if self.texts.good.min(self.texts.spam) < FEWEST_TEXTS {
            return None;
        }
        let mut telling: Vec<(String, f64)> = tokens(text)
            .into_iter()
            .filter_map(|token| {
                let probability = self.probability(*self.tokens.get(&token)?);
                ((probability - UNKNOWN).abs() >= TELLING).then_some((token, probability))
            })
            .collect();
        // The strongest first; ties by the token, so that the same text always has the same score.
        let distance = |probability: f64| (probability - UNKNOWN).abs();
        telling.sort_by(|(a, p), (b, q)| distance(*q).total_cmp(&distance(*p)).then_with(|| a.cmp(b)));
        telling.truncate(MOST_TELLING);
        let spam = fisher(telling.iter().map(|(_, p)| 1.0 - p));
        let good = fisher(telling.iter().map(|(_, p)| *p));
        telling.truncate(REASONS);
        Some(Score { probability: (1.0 + good - spam) / 2.0, because: telling })
    }

    /// Robinson's f(w).
    fn probability(&self, seen: Seen) -> f64 {
        let share = |count: u32, texts: u32| f64::from(count) / f64::from(texts.max(1));
        let (spam, good) = (share(seen.spam, self.texts.spam), share(seen.good, self.texts.good));
        if spam + good == 0.0 {
            return UNKNOWN;
        }
        let n = f64::from(seen.spam) + f64::from(seen.good);
        (STRENGTH * UNKNOWN + n * spam / (spam + good)) / (STRENGTH + n)
    }
}

/// Fisher's method: how likely chance alone gives values as small as these: the upper tail of the chi-squared distribution
/// with twice as many degrees of freedom. 1 for none at all.
fn fisher(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = values.len();
    // The values are never 0: ignorance keeps them above.
    let m: f64 = values.map(|value| -value.max(f64::MIN_POSITIVE).ln()).sum();
    // e^-m Σ m^i / i!, in logarithms: e^-m alone underflows.
    let (mut log_term, mut sum) = (-m, (-m).exp());
    for i in 1..n {
        log_term += (m / i as f64).ln();
        sum += log_term.exp();
    }
    sum.min(1.0)
}

/// What looks like spam is held; what was learnt refuses nothing by itself.
pub(super) fn phase(case: &Case<'_>) -> Option<Finding> {
    let score = case.spam.score(case.text).filter(|score| score.probability >= case.rules.spam_threshold)?;
    let because: Vec<_> =
        score.because.iter().map(|(token, probability)| format!("“{token}” {probability:.2}")).collect();
    let detail = format!("Looks like spam ({:.2}): {}.", score.probability, because.join(", "));
    Some(Finding::new(Phase::Spam, Verdict::Hold, detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAM: [&str; 6] = [
        "Win big at our casino tonight, free bonus for new players",
        "Bonus gratuit au casino en ligne, inscrivez-vous vite",
        "اربح المال الآن مع مراهنات مجانية ومكافأة كبيرة",
        "Cheap watches and bags, message me for prices",
        "I earn 500 dollars a day from home, ask me how",
        "قروض سريعة بدون كفيل، راسلني على الخاص",
    ];
    const GOOD: [&str; 6] = [
        "The harbour wall needs repair before the winter storms",
        "Le maire n’a pas répondu à la question du journaliste",
        "المقال مهم لكنه لا يذكر أسعار الخبز في القرى",
        "I disagree with the author about the school budget",
        "Merci pour cet article, très clair sur la réforme",
        "شكراً للكاتبة على هذا التحقيق الدقيق عن المرفأ",
    ];

    fn learnt(rounds: usize) -> SpamModel {
        let mut model = SpamModel::default();
        for _ in 0..rounds {
            SPAM.iter().for_each(|text| model.learn(text, true));
            GOOD.iter().for_each(|text| model.learn(text, false));
        }
        model
    }

    #[test]
    fn it_says_nothing_before_it_has_learnt() {
        assert_eq!(SpamModel::default().score(SPAM[0]), None);
        assert_eq!(learnt(3).score(SPAM[0]), None);
        assert!(learnt(4).score(SPAM[0]).is_some());
    }

    #[test]
    fn it_tells_what_it_learnt_apart_and_says_why() {
        let model = learnt(4);
        for (text, low, high) in [
            ("free casino bonus", 0.95, 1.0),
            ("FREE CАSІNO BÓNUS", 0.95, 1.0),
            ("مكافأة مجانية من المراهنات", 0.9, 1.0),
            ("l’article sur la réforme du maire", 0.0, 0.1),
            ("تحقيق دقيق عن أسعار الخبز", 0.0, 0.1),
            ("xylophones quietly vanish", 0.4, 0.6),
            ("", 0.4, 0.6),
        ] {
            let score = model.score(text).unwrap();
            assert!((low..=high).contains(&score.probability), "{text}: {score:?}");
        }
        let because = model.score("free casino bonus, says the mayor").unwrap().because;
        assert_eq!(because.len(), 5);
        assert!(because.iter().any(|(token, p)| token.contains("casino") && *p > 0.9), "{because:?}");
    }

    #[test]
    fn tokens_are_bounded_and_folded() {
        assert_eq!(tokens("Le Càsino !"), ["le", "casino", "le casino", "~casi", "~asin", "~sino"]);
        let long: String = (0..5000).map(|n| format!("word{n} ")).collect();
        assert_eq!(tokens(&long).len(), MAX_TOKENS);
        assert!(tokens(&"x".repeat(10_000)).iter().all(|token| token.chars().count() <= MAX_TOKEN));
    }

    proptest::proptest! {
        #[test]
        fn scores_are_probabilities(text in "\\PC{0,200}", spam in 0..1000_u32, good in 0..1000_u32) {
            let mut model = learnt(4);
            for token in tokens(&text) {
                model.tokens.insert(token, Seen { spam, good });
            }
            let score = model.score(&text).unwrap();
            proptest::prop_assert!((0.0..=1.0).contains(&score.probability), "{score:?}");
        }
    }
}
