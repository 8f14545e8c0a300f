//! The shape of a text: shouting, repetition, floods. It must not know what words mean.
//!
//! What can be mended is asked to be mended; nothing here refuses. Limits are generous: laughter (ههههههه), a cry, a row of
//! hearts are how people talk.

use std::collections::HashMap;

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use super::{Case, Finding, Phase, Verdict};
use crate::text::fold;

/// Capitals are looked at from so many letters that have a case.
const FEWEST_CASED: usize = 24;
/// And from this share of them on are shouting.
const SHOUTING: f64 = 0.7;
/// Most of one character in a row; of characters that draw lines twice as many.
const LONGEST_RUN: usize = 30;
/// Repetition is looked at from so many words.
const FEWEST_WORDS: usize = 20;
/// And a text of which fewer words are different is repetition.
const FEWEST_DIFFERENT: f64 = 0.2;
/// Most emoji.
const MOST_EMOJI: usize = 40;
/// Longest word in user-perceived characters, addresses excepted.
const LONGEST_WORD: usize = 100;
/// Most lines.
const MOST_LINES: usize = 200;
/// Letters with three accents or more that make a text hard to read.
const MOST_STACKS: usize = 10;

/// What of a text's shape a reader should be spared.
pub(super) fn phase(case: &Case<'_>) -> Vec<Finding> {
    let text = case.text;
    let checks = [
        shouts(text).then(|| "Without capitals throughout, please.".to_owned()),
        runs_on(text).then(|| format!("One character stands more than {LONGEST_RUN} times in a row.")),
        repeats(text).then(|| "It says the same words over and over.".to_owned()),
        (emoji(text) > MOST_EMOJI).then(|| format!("At most {MOST_EMOJI} emoji, please.")),
        has_endless_word(text).then(|| format!("A word has more than {LONGEST_WORD} letters.")),
        (text.lines().count() > MOST_LINES).then(|| format!("At most {MOST_LINES} lines, please.")),
        (stacks(text) > MOST_STACKS).then(|| "Too many marks stand on its letters.".to_owned()),
    ];
    checks.into_iter().flatten().map(|detail| Finding::new(Phase::Shape, Verdict::Reword, detail)).collect()
}

/// Only scripts with capitals can shout.
fn shouts(text: &str) -> bool {
    let upper = text.chars().filter(|c| c.is_uppercase()).count();
    let cased = upper + text.chars().filter(|c| c.is_lowercase()).count();
    cased >= FEWEST_CASED && upper as f64 >= SHOUTING * cased as f64
}

fn runs_on(text: &str) -> bool {
    let (mut last, mut run) = ("", 0);
    text.graphemes(true).any(|cluster| {
        run = if cluster == last { run + 1 } else { 1 };
        last = cluster;
        let draws_lines = matches!(cluster, "-" | "_" | "=" | "*" | "~" | "." | "—" | "ـ" | " ");
        run > if draws_lines { 2 * LONGEST_RUN } else { LONGEST_RUN }
    })
}

fn repeats(text: &str) -> bool {
    let folded = fold(text);
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut words = 0_usize;
    for word in folded.split_word_bounds().filter(|word| word.chars().any(char::is_alphanumeric)) {
        *seen.entry(word).or_default() += 1;
        words += 1;
    }
    // A long text has few different words by nature (Heaps' law): what counts is the share among so many of them.
    words >= FEWEST_WORDS && (seen.len() as f64) < FEWEST_DIFFERENT * words.min(200) as f64
}

fn emoji(text: &str) -> usize {
    text.graphemes(true).filter(|cluster| cluster.chars().next().is_some_and(is_emoji)).count()
}

/// The blocks that emoji are in; arrows, dingbats and other signs of old that some systems draw as such are left out but
/// for the commonest.
const fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1F1FF}' | '\u{1F300}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{2B50}' | '\u{2B55}')
}

fn has_endless_word(text: &str) -> bool {
    text.split(char::is_whitespace)
        .filter(|word| word.len() > LONGEST_WORD && !word.contains("://") && !word.starts_with("www."))
        // What is written without spaces has no words in this sense.
        .filter(|word| word.chars().all(|c| !matches!(c, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{20000}'..='\u{3FFFF}')))
        .any(|word| word.graphemes(true).count() > LONGEST_WORD)
}

/// Letters of scripts that do not pile marks up, with three or more on them.
fn stacks(text: &str) -> usize {
    text.graphemes(true)
        .filter(|cluster| {
            let mut chars = cluster.chars();
            let base = chars
                .next()
                .is_some_and(|c| c.is_ascii() || matches!(c, '\u{80}'..='\u{52F}' | '\u{1E00}'..='\u{1FFF}'));
            base && chars.filter(|&c| is_combining_mark(c)).count() >= 3
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comment::pipeline::{Rules, SpamModel, WordLists};

    #[test]
    fn what_is_asked_to_be_mended() {
        let (rules, words, spam) = (Rules::default(), WordLists::default(), SpamModel::default());
        let long = "Le port a été réparé deux fois en dix ans, et personne n’a demandé qui avait payé. "
            .to_owned()
            + "La mairie promet un rapport pour le printemps ; on verra bien ce qu’il en reste.";
        for (text, faults) in [
            (long, 0),
            ("WHY DOES NOBODY ANSWER THE QUESTION".into(), 1),
            ("The WHO, the UN and UNESCO met in Geneva.".into(), 0),
            ("OK!!!".into(), 0),
            ("لماذا لا يجيب أحد عن السؤال؟".into(), 0),
            ("ههههههههههههههههههههه".into(), 0),
            ("looooooooool".into(), 0),
            ("a".repeat(31), 1),
            ("!".repeat(31), 1),
            ("-".repeat(60), 0),
            ("buy buy buy buy buy now now now now now ".repeat(3), 1),
            ("كذب كذب كذب كذب كذب ".repeat(5), 1),
            ("❤️ 🎉 👏".repeat(10), 0),
            ("❤️ 🎉 👏".repeat(20), 1),
            ("ab".repeat(60), 1),
            (format!("https://example.org/{}", "ab".repeat(100)), 0),
            (('\u{4E00}'..).take(150).collect(), 0),
            ("x\ny\n".repeat(101), 2),
            ("Z\u{30D}\u{30E}\u{304}a\u{30D}\u{30E}\u{304}l\u{30D}\u{30E}\u{304} ".repeat(4), 1),
            ("Tie\u{302}\u{301}ng Vie\u{323}\u{302}t ".repeat(5), 0),
            ("بِسْمِ ٱللَّهِ ٱلرَّحْمَٰنِ ٱلرَّحِيمِ".into(), 0),
        ] {
            let found = phase(&Case::of(&text, &rules, &words, &spam));
            assert_eq!(found.len(), faults, "{text}: {found:?}");
            assert!(found.iter().all(|finding| finding.verdict == Verdict::Reword));
        }
    }
}
