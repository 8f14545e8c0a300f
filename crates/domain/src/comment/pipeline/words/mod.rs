//! A site's word lists: which listed words and phrases a text holds, whatever disguise they are in, and where. It must not
//! know who sets the lists.
//!
//! Whole words are found, never parts of others. Case, accents, vowel marks, tatweel, hamza forms and letters drawn alike
//! are folded away (see [`crate::text::skeleton`]); digits and signs for letters, stretched, masked and spaced-out
//! letters are seen through (see `lexicon.rs`). Arabic words are found behind the particles و ف ب ك ل and the article;
//! French words behind an elided one; an entry of several words also where they are run together.

mod lexicon;
mod prefix;

use std::collections::HashMap;
use std::ops::Range;

use self::lexicon::{Lexicon, Reading, WordId};
use super::{Case, Finding, Phase, Rules, Verdict};
use crate::text::skeleton::{Kind, Unit, skeleton};

/// Most matches that are looked for in one text; more would tell a moderator nothing new.
const MOST_MATCHES: usize = 50;
/// From this many letters on a phrase is found run together.
const RUN_TOGETHER: usize = 8;

/// One list, compiled.
#[derive(Debug, Clone, Default)]
pub struct WordList {
    lexicon: Lexicon,
    entries: Vec<Entry>,
    /// The entries that begin with a word.
    beginning: HashMap<WordId, Vec<usize>>,
}

#[derive(Debug, Clone)]
struct Entry {
    written: String,
    words: Vec<WordId>,
}

/// A listed word or phrase that a text holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match<'a> {
    /// The entry as it stands in the list.
    pub entry: &'a str,
    /// The bytes of the text that are taken for it, on character borders.
    pub span: Range<usize>,
}

impl WordList {
    /// Compiles a list of words and phrases. To be done once for as long as the list stays the same: takes about as long
    /// as reading the list. `*` at the end of an entry stands for any ending, none included. Entries that hold no letter
    /// and no digit are passed over.
    #[must_use]
    pub fn compile(entries: &[String]) -> Self {
        let mut list = Self::default();
        for entry in entries {
            let open = entry.trim_end().ends_with('*');
            let parts = parts(entry);
            let last = parts.len().saturating_sub(1);
            let add = |(n, word): (usize, &String)| list.lexicon.add(word, open && n == last);
            let words: Vec<_> = parts.iter().enumerate().map(add).collect();
            list.enter(entry, words);
            let together = parts.concat();
            if last > 0 && together.chars().count() >= RUN_TOGETHER {
                let word = list.lexicon.add(&together, open);
                list.enter(entry, vec![word]);
            }
        }
        list
    }

    fn enter(&mut self, written: &str, words: Vec<WordId>) {
        if let Some(&first) = words.first() {
            self.beginning.entry(first).or_default().push(self.entries.len());
            self.entries.push(Entry { written: written.trim().to_owned(), words });
        }
    }

    /// What a text holds of the list, in the order of the text, at most 50; of places that overlap and are taken for the
    /// same entry, the first.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Match<'_>> {
        if self.entries.is_empty() {
            return Vec::new();
        }
        let units = skeleton(text);
        let starts = self.readings(&units);
        let mut found: Vec<(usize, Match<'_>)> = Vec::new();
        for (&begin, readings) in &starts {
            for reading in readings {
                for &entry in self.beginning.get(&reading.word).into_iter().flatten() {
                    if let Some(end) = self.ends_at(entry, 1, reading.to, &units, &starts) {
                        let span = units[reading.from].start as usize..units[end - 1].end as usize;
                        found.push((begin, Match { entry: &self.entries[entry].written, span }));
                    }
                }
            }
        }
        found.sort_by_key(|(begin, found)| (*begin, found.span.start, std::cmp::Reverse(found.span.end)));
        let mut kept: Vec<Match<'_>> = Vec::new();
        for (_, new) in found {
            let known = kept.iter().any(|old| old.entry == new.entry && old.span.end > new.span.start);
            if !known && kept.len() < MOST_MATCHES {
                kept.push(new);
            }
        }
        kept
    }

    /// What can be read where a word begins: by the unit at which that is, also where a particle stands before it.
    fn readings(&self, units: &[Unit]) -> std::collections::BTreeMap<usize, Vec<Reading>> {
        let mut starts = std::collections::BTreeMap::new();
        let mut readings = Vec::new();
        for at in 0..units.len() {
            let behind_word = at > 0 && units[at - 1].kind.is_word();
            if behind_word || units[at].kind == Kind::Space {
                continue;
            }
            self.lexicon.read(units, at, &mut readings);
            for length in prefix::lengths(&units[at..]) {
                self.lexicon.read(units, at + length, &mut readings);
            }
            if !readings.is_empty() {
                starts.insert(at, std::mem::take(&mut readings));
            }
        }
        starts
    }

    /// Where an entry ends whose first `n` words end at unit `to`.
    fn ends_at(
        &self,
        entry: usize,
        n: usize,
        to: usize,
        units: &[Unit],
        starts: &std::collections::BTreeMap<usize, Vec<Reading>>,
    ) -> Option<usize> {
        let Some(&word) = self.entries[entry].words.get(n) else { return Some(to) };
        // The next word begins at the next letter, or at a sign before it that stands for one.
        let next = to + units.get(to..)?.iter().take_while(|unit| !unit.kind.is_word()).count();
        starts
            .range(to..=next)
            .flat_map(|(_, readings)| readings)
            .filter(|reading| reading.word == word)
            .find_map(|reading| self.ends_at(entry, n + 1, reading.to, units, starts))
    }
}

/// The words of an entry, folded.
fn parts(entry: &str) -> Vec<String> {
    let units = skeleton(entry);
    let word = |piece: &[Unit]| -> String {
        let letter = |unit: &Unit| match unit.kind {
            Kind::Letter(c) | Kind::Digit(c) => Some(c),
            Kind::Space | Kind::Mark(_) => None,
        };
        piece.iter().filter_map(letter).collect()
    };
    units.split(|unit| !unit.kind.is_word()).filter(|piece| !piece.is_empty()).map(word).collect()
}

/// A site's two lists, compiled.
#[derive(Debug, Clone, Default)]
pub struct WordLists {
    /// What holds a comment.
    pub suspect: WordList,
    /// What is not taken.
    pub banned: WordList,
}

impl WordLists {
    /// Compiles both lists of `rules`. To be done once for as long as the rules stay the same.
    #[must_use]
    pub fn compile(rules: &Rules) -> Self {
        Self {
            suspect: WordList::compile(&rules.suspect_words),
            banned: WordList::compile(&rules.banned_words),
        }
    }
}

/// Whether an entry has at least two letters or digits once it is folded: a single one would be found everywhere.
#[must_use]
pub fn is_usable(entry: &str) -> bool {
    parts(entry).iter().map(|word| word.chars().count()).sum::<usize>() >= 2
}

/// Listed words in the text, each with its place, and in the name.
pub(super) fn phase(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (list, verdict) in [(&case.words.banned, Verdict::Reword), (&case.words.suspect, Verdict::Hold)] {
        let say = |entry: &str| match verdict {
            Verdict::Reword => format!("“{entry}” is not used here: find another word, please."),
            _ => format!("“{entry}” is a suspect word."),
        };
        let in_text = list.find(case.text).into_iter();
        findings.extend(in_text.map(|hit| Finding::new(Phase::Words, verdict, say(hit.entry)).at(hit.span)));
        let in_name = case.author_name.map(|name| list.find(name)).unwrap_or_default();
        findings.extend(
            in_name
                .into_iter()
                .map(|hit| Finding::new(Phase::Words, verdict, format!("In the name: {}", say(hit.entry)))),
        );
    }
    findings
}

#[cfg(test)]
mod tests;
