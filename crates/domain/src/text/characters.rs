//! Classes of characters that slugs and folding share. It must not know what either does with them.

use unicode_normalization::char::is_combining_mark;

/// Arabic vowel and recitation marks (tashkeel, superscript alef, Quranic signs): a word is the same word
/// with or without them. Hamza and madda above or below (U+0653 to U+0655) make other letters, so they are
/// not among these.
pub(super) const fn is_tashkeel(c: char) -> bool {
    matches!(c,
        '\u{0610}'..='\u{061A}'
        | '\u{064B}'..='\u{0652}'
        | '\u{0656}'..='\u{065F}'
        | '\u{0670}'
        | '\u{06D6}'..='\u{06DC}'
        | '\u{06DF}'..='\u{06E4}'
        | '\u{06E7}'..='\u{06E8}'
        | '\u{06EA}'..='\u{06ED}'
        | '\u{0897}'..='\u{089F}'
        | '\u{08CA}'..='\u{08E1}'
        | '\u{08E3}'..='\u{08FF}'
    )
}

/// The Arabic letter-stretcher, which carries no meaning.
pub(super) const TATWEEL: char = '\u{0640}';

/// Characters without a glyph of their own: Unicode's `Default_Ignorable_Code_Point` (joiners, bidi marks
/// and isolates, soft hyphen, variation selectors, the byte order mark, fillers, tags).
pub(crate) const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}'
        | '\u{115F}'..='\u{1160}'
        | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFF8}'
        | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Whether a letter is of the Latin script, so that marks on it are accents to drop. Marks of other scripts
/// (Devanagari vowels, Japanese voicing, й) are part of the letter.
pub(super) const fn is_latin(c: char) -> bool {
    matches!(c,
        'a'..='z' | 'A'..='Z'
        | '\u{00C0}'..='\u{00D6}'
        | '\u{00D8}'..='\u{00F6}'
        | '\u{00F8}'..='\u{02AF}'
        | '\u{1D00}'..='\u{1D25}'
        | '\u{1D6B}'..='\u{1D9A}'
        | '\u{1E00}'..='\u{1EFF}'
        | '\u{2C60}'..='\u{2C7F}'
        | '\u{A722}'..='\u{A787}'
        | '\u{A78B}'..='\u{A7FF}'
        | '\u{AB30}'..='\u{AB64}'
    )
}

/// What a small Latin letter that Unicode does not decompose is written with where only a to z are at hand.
pub(super) const fn latin_base(c: char) -> Option<&'static str> {
    Some(match c {
        'œ' => "oe",
        'æ' => "ae",
        'ß' => "ss",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ł' => "l",
        'ħ' => "h",
        'ı' => "i",
        'ŧ' => "t",
        'þ' => "th",
        'ŋ' => "n",
        _ => return None,
    })
}

/// Drops combining marks that follow a Latin letter; everything else passes. Wants decomposed text (NFD or
/// NFKD).
pub(super) fn without_latin_accents(decomposed: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    let mut on_latin = false;
    decomposed.filter(move |&c| {
        if is_combining_mark(c) {
            return !on_latin;
        }
        on_latin = is_latin(c);
        true
    })
}

/// Whether an apostrophe is typed in one of the ways that keyboards, word processors and transliterations
/// have: all of them are `'` to a reader.
pub(super) const fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{02BC}' | '\u{02BB}' | '\u{2032}' | '\u{FF07}'
    )
}

/// Every character of the first two planes but ideographs and Hangul syllables, which are all alike to
/// normalization: what tests walk through.
#[cfg(test)]
pub(super) fn varied() -> impl Iterator<Item = char> {
    (0..0x2_0000)
        .filter(|c| !matches!(c, 0x3400..=0x9FFF | 0xAC00..=0xD7A3 | 0x1_7000..=0x1_8CFF))
        .filter_map(char::from_u32)
}
