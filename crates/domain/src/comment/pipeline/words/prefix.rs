//! What Arabic writes before a word without a space: the conjunctions و and ف, the prepositions ب ك ل, and the article. It
//! must not know of the words behind them.

use crate::text::skeleton::{Kind, Unit};

/// The particles and their chains, folded; ل and the article are written لل. The flag: the chain ends in the article.
const CHAINS: [(&str, bool); 23] = [
    ("و", false),
    ("ف", false),
    ("ب", false),
    ("ك", false),
    ("ل", false),
    ("وب", false),
    ("وك", false),
    ("ول", false),
    ("فب", false),
    ("فك", false),
    ("فل", false),
    ("ال", true),
    ("لل", true),
    ("وال", true),
    ("فال", true),
    ("بال", true),
    ("كال", true),
    ("ولل", true),
    ("فلل", true),
    ("وبال", true),
    ("وكال", true),
    ("فبال", true),
    ("فكال", true),
];

/// Fewest letters that a word has behind a particle. The article is surer: behind it two letters are a word.
const fn fewest(article: bool) -> usize {
    if article { 2 } else { 3 }
}

/// How many units at the beginning of a word may be particles. Nothing for a word that is not Arabic.
pub(super) fn lengths(units: &[Unit]) -> impl Iterator<Item = usize> {
    let letters = units.iter().take_while(|unit| unit.kind.is_word()).count();
    // All particles begin with one of these.
    let may =
        matches!(units.first().map(|unit| unit.kind), Some(Kind::Letter('و' | 'ف' | 'ب' | 'ك' | 'ل' | 'ا')));
    CHAINS.iter().filter(move |_| may).filter_map(move |&(chain, article)| {
        let length = chain.chars().count();
        let stands = chain.chars().zip(units).all(|(c, unit)| unit.kind == Kind::Letter(c));
        (stands && letters >= length + fewest(article)).then_some(length)
    })
}
