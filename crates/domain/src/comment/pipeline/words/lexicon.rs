//! The words of a list as a tree of letters, and the walk of a text's skeleton down that tree that sees through disguises:
//! digits and signs for letters, letters stretched, masked, or set apart. It must not know of entries of several words.
//!
//! The tree bounds the walk: a guess that leads to no listed word ends at once, so that the time for a text is about
//! linear in its length however long the list is. Each disguise that a walk sees through is counted, and
//! [`Evidence::suffices`] says how much of it is taken for a word: too little of a word left over is no word.

use crate::text::skeleton::{Kind, Unit};

/// A word of the list; the same letters with and without any ending are two.
pub(super) type WordId = u32;

/// Most characters between two letters that are set apart.
const WIDEST_GAP: usize = 8;
/// From this length on a word set apart letter by letter is seen among others that are so as well.
const SEEN_AMONG_OTHERS: u8 = 5;

#[derive(Debug, Clone, Default)]
struct Node {
    /// In the order of the letters.
    next: Vec<(char, u32)>,
    /// The word that ends here.
    word: Option<WordId>,
    /// The word that begins so and may end in any way.
    open: Option<WordId>,
}

/// The tree.
#[derive(Debug, Clone)]
pub(super) struct Lexicon {
    nodes: Vec<Node>,
    words: WordId,
}

/// A place in a text that is taken for a word of the list: units, from one on, up to and without the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    pub word: WordId,
    pub from: usize,
    pub to: usize,
}

impl Default for Lexicon {
    fn default() -> Self {
        Self { nodes: vec![Node::default()], words: 0 }
    }
}

impl Lexicon {
    /// Adds a word, or finds it where it is there already.
    pub fn add(&mut self, letters: &str, open: bool) -> WordId {
        let mut at = 0;
        for c in letters.chars() {
            let fresh = self.nodes.len();
            at = match self.nodes[at].next.binary_search_by_key(&c, |&(c, _)| c) {
                Ok(found) => self.nodes[at].next[found].1 as usize,
                Err(place) => {
                    // A list has at most 10 000 entries of 100 characters.
                    self.nodes[at].next.insert(place, (c, u32::try_from(fresh).unwrap_or(0)));
                    self.nodes.push(Node::default());
                    fresh
                }
            };
        }
        let fresh = self.words;
        let node = &mut self.nodes[at];
        let id = *if open { &mut node.open } else { &mut node.word }.get_or_insert(fresh);
        self.words += u32::from(id == fresh);
        id
    }

    /// Every reading that begins at unit `from`.
    pub fn read(&self, units: &[Unit], from: usize, found: &mut Vec<Reading>) {
        let mut walk = Walk { lexicon: self, units, from, found };
        walk.step(State { at: from, node: 0, gap: 0, seen: Evidence::default() });
    }

    fn below(&self, node: usize, c: char) -> Option<usize> {
        let next = &self.nodes[node].next;
        next.binary_search_by_key(&c, |&(c, _)| c).ok().map(|found| next[found].1 as usize)
    }
}

/// What a walk has seen through so far; all counts stop at 255, longer than any word.
#[derive(Debug, Clone, Copy, Default)]
struct Evidence {
    /// Letters and digits of the word.
    length: u8,
    /// Of these, written as themselves.
    literal: u8,
    /// Digits that stand for letters.
    digits: u8,
    /// Signs that stand for letters.
    signs: u8,
    /// `l` for `i` and the other way round.
    swapped: u8,
    /// Signs that stand for any letter.
    masked: u8,
    /// Gaps that a space is in, and others.
    spaced: u8,
    joined: u8,
    /// Pieces between gaps of more than one letter, and the letters of the last piece.
    long_pieces: u8,
    piece: u8,
}

impl Evidence {
    /// Whether what was seen is taken for the word.
    fn suffices(&self) -> bool {
        // `$` and `@` are chosen to be read as letters; a digit may well be a number.
        let enough_left = match (self.digits, self.signs) {
            (0, 0) => true,
            (0, _) => self.length >= 3 && self.literal >= 1,
            (1, 0) => self.length >= 3 && self.literal >= 2,
            _ => self.length >= 4 && self.literal >= 2,
        };
        // Numbers of paragraphs, "5(e)(x)", are set apart too.
        let no_number = self.digits == 0
            || !self.is_apart()
            || (self.length >= 4 && usize::from(self.literal) * 2 >= usize::from(self.length));
        let masked =
            self.masked == 0 || (self.length >= 4 && self.literal >= 2 && self.masked <= self.literal);
        let swapped = self.swapped == 0 || (self.length >= 5 && self.swapped <= 2);
        let pieces = self.spaced + self.joined + 1;
        let apart = match (self.spaced, self.joined) {
            (0, 0) => true,
            // What is written without a space may be cut anywhere.
            (0, _) => self.length >= 4 || (pieces >= 3 && self.long_pieces == 0),
            // Across spaces only what no sentence has: single letters in a row, one piece excepted.
            _ => self.length >= 3 && pieces >= 3 && self.long_pieces <= 1,
        };
        enough_left && no_number && masked && swapped && apart
    }

    fn is_apart(&self) -> bool {
        self.spaced > 0 || self.joined > 0
    }

    /// All of it set apart, letter by letter.
    fn is_spelt(&self) -> bool {
        self.is_apart() && self.long_pieces == 0
    }
}

#[derive(Clone, Copy)]
struct State {
    /// The next unit.
    at: usize,
    node: usize,
    /// Units of the gap before the next unit.
    gap: usize,
    seen: Evidence,
}

struct Walk<'a> {
    lexicon: &'a Lexicon,
    units: &'a [Unit],
    from: usize,
    found: &'a mut Vec<Reading>,
}

impl Walk<'_> {
    fn step(&mut self, state: State) {
        if state.gap == 0 && state.at > self.from {
            self.accept(&state);
        }
        let Some(unit) = self.units.get(state.at) else { return };
        match unit.kind {
            Kind::Letter(c) => {
                self.take(state, c, |_| {});
                if let Some(other) = drawn_alike(c) {
                    self.take(state, other, |seen| seen.swapped += 1);
                }
            }
            Kind::Digit(c) => {
                self.take(state, c, |_| {});
                for letter in stands_for(c).chars() {
                    self.take(state, letter, |seen| seen.digits += 1);
                }
            }
            Kind::Mark(c) => {
                for letter in stands_for(c).chars() {
                    self.take(state, letter, |seen| seen.signs += 1);
                }
                self.mask(state, c);
                self.skip(state);
            }
            Kind::Space => self.skip(state),
        }
    }

    /// Takes the unit for `letter`, and with it those like it that follow: three or more of a letter stand for one, two
    /// or three of it.
    fn take(&mut self, state: State, letter: char, note: impl Fn(&mut Evidence)) {
        let kind = self.units[state.at].kind;
        let run = self.units[state.at..].iter().take_while(|unit| unit.kind == kind).count();
        let (most, length) = if run >= 3 { (3, run) } else { (1, 1) };
        let mut next = state;
        next.at += length;
        next.gap = 0;
        let Some(node) = self.lexicon.below(state.node, letter) else { return };
        if state.gap > 0 {
            let spaced =
                self.units[state.at - state.gap..state.at].iter().any(|unit| unit.kind == Kind::Space);
            *if spaced { &mut next.seen.spaced } else { &mut next.seen.joined } += 1;
            next.seen.piece = 0;
        }
        let before = next.seen;
        note(&mut next.seen);
        // A letter taken for itself left no note.
        next.seen.literal += u8::from(
            (before.digits, before.signs, before.swapped)
                == (next.seen.digits, next.seen.signs, next.seen.swapped),
        );
        next.seen.piece = next.seen.piece.saturating_add(1);
        next.seen.long_pieces += u8::from(next.seen.piece == 2);
        if next.seen.spaced > 0 && next.seen.long_pieces > 1 || next.seen.length > 120 {
            return;
        }
        next.node = node;
        for n in 0..most {
            if n > 0 {
                match self.lexicon.below(next.node, letter) {
                    Some(node) => next.node = node,
                    None => return,
                }
            }
            next.seen.length += 1;
            self.step(next);
        }
    }

    /// Takes a sign for any letter: within a word only, and at most three of them.
    fn mask(&mut self, state: State, c: char) {
        let within = state.gap == 0
            && state.seen.literal > 0
            && state.seen.masked < 3
            && self.units.get(state.at + 1).is_some_and(|unit| unit.kind != Kind::Space);
        if !within || !matches!(c, '*' | '#' | '•' | '●' | '×' | '■' | '█') {
            return;
        }
        let mut next = state;
        next.at += 1;
        next.seen.masked += 1;
        next.seen.length += 1;
        next.seen.piece = next.seen.piece.saturating_add(1);
        next.seen.long_pieces += u8::from(next.seen.piece == 2);
        let children = self.lexicon.nodes[state.node].next.len();
        for child in 0..children {
            next.node = self.lexicon.nodes[state.node].next[child].1 as usize;
            self.step(next);
        }
    }

    /// Reads over a unit between letters that are set apart.
    fn skip(&mut self, state: State) {
        if state.seen.length > 0 && state.gap < WIDEST_GAP {
            self.step(State { at: state.at + 1, gap: state.gap + 1, ..state });
        }
    }

    fn accept(&mut self, state: &State) {
        let node = &self.lexicon.nodes[state.node];
        if node.word.is_none() && node.open.is_none() || !state.seen.suffices() {
            return;
        }
        let ends_word = self.units.get(state.at).is_none_or(|unit| !unit.kind.is_word());
        if state.seen.is_spelt() && state.seen.length < SEEN_AMONG_OTHERS && self.stands_among_others(state) {
            return;
        }
        if let Some(word) = node.word.filter(|_| ends_word) {
            self.found.push(Reading { word, from: self.from, to: state.at });
        }
        if let Some(word) = node.open {
            let ending = self.units[state.at..].iter().take_while(|unit| unit.kind.is_word()).count();
            self.found.push(Reading { word, from: self.from, to: state.at + ending });
        }
    }

    /// Whether another single letter stands before or behind, no further off than these from each other: the word is then
    /// a part of a longer one that is spelt out.
    fn stands_among_others(&self, state: &State) -> bool {
        let stride = (state.at - self.from - 1).div_ceil(usize::from(state.seen.length.max(2)) - 1);
        let is_word = |at: usize| self.units.get(at).is_some_and(|unit| unit.kind.is_word());
        let single = |at: usize| is_word(at) && !is_word(at + 1) && (at == 0 || !is_word(at - 1));
        let before = (self.from.saturating_sub(stride)..self.from).any(single);
        before || (state.at..state.at + stride).any(single)
    }
}

/// The letters that a digit or a sign is written for: by its shape in Latin script, and in Arabic script by its shape or
/// by the custom of chat.
const fn stands_for(c: char) -> &'static str {
    match c {
        '0' => "oه",
        '1' => "ilا",
        '2' => "zا",
        '3' => "eع",
        '4' => "a",
        '5' => "sخه",
        '6' => "gbط",
        '7' => "tح",
        '8' => "b",
        '9' => "gqقص",
        '@' => "ao",
        '$' | '§' => "s",
        '!' | '|' | '¦' => "il",
        '¡' => "i",
        '+' | '†' => "t",
        '€' => "e",
        '£' => "l",
        '¢' | '©' => "c",
        '¥' => "y",
        '®' => "r",
        '×' => "x",
        '°' | '¤' | '●' | '○' | '♥' => "o",
        _ => "",
    }
}

/// The small L and the capital I, which many typefaces draw alike.
const fn drawn_alike(c: char) -> Option<char> {
    match c {
        'l' => Some('i'),
        'i' => Some('l'),
        _ => None,
    }
}
