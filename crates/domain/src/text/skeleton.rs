//! What a text looks like to a reader who is not meant to be fooled: [`super::fold`], and on top of it characters of other
//! alphabets that are drawn like Latin letters, or like Arabic ones, taken for those. Every unit knows the bytes it came
//! from. It must not know of word lists, nor guess: digits that stand for letters, gaps and stretched letters are its
//! users' business.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use super::characters::is_tashkeel;
use super::fold;

/// One character of a skeleton.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// What it is taken for.
    pub kind: Kind,
    /// First byte in the text of the user-perceived character it came from.
    pub start: u32,
    /// One past the last byte of that.
    pub end: u32,
}

/// What a unit is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A letter, folded.
    Letter(char),
    /// A digit as `0` to `9`, or another number.
    Digit(char),
    /// White space.
    Space,
    /// Punctuation, a symbol, an emoji: its first character.
    Mark(char),
}

impl Kind {
    /// Whether it is part of a word.
    #[must_use]
    pub const fn is_word(self) -> bool {
        matches!(self, Self::Letter(_) | Self::Digit(_))
    }
}

/// The skeleton of a text of less than 4 GiB, unit by unit. What shows nothing (zero-width characters, tatweel, vowel
/// marks, accents) leaves no unit.
///
/// After [`fold()`]: combining marks are dropped on letters of every script that does not write with them (they stay in the
/// Indic and south-east Asian ones); letters of Greek, Cyrillic, Armenian, Hebrew, Cherokee, the phonetic alphabet and the
/// squared, circled and small capitals drawn like Latin letters become these; letters of the wider Arabic script become
/// those of Arabic that they are drawn like. The pairs are a selection, made for this, of what Unicode Technical Standard
/// #39 calls confusables. A word in another alphabet whose letters are not all drawn like Latin ones remains a word that
/// nobody takes for a Latin one.
///
/// Two regional indicators in a row are a flag and no letters.
#[must_use]
pub fn skeleton(text: &str) -> Vec<Unit> {
    let mut units = Vec::with_capacity(text.len());
    for (start, cluster) in text.grapheme_indices(true) {
        let span = start..start + cluster.len();
        match cluster.as_bytes() {
            // Most of most texts; folding these alone is lowering their case.
            [b] if b.is_ascii() => push(&mut units, char::from(b.to_ascii_lowercase()), &span),
            _ => push_folded(&mut units, cluster, &span),
        }
    }
    units
}

/// The letters and digits of a skeleton, and nothing else.
#[must_use]
pub fn word(text: &str) -> String {
    skeleton(text)
        .into_iter()
        .filter_map(|unit| match unit.kind {
            Kind::Letter(c) | Kind::Digit(c) => Some(c),
            Kind::Space | Kind::Mark(_) => None,
        })
        .collect()
}

fn push_folded(units: &mut Vec<Unit>, cluster: &str, span: &Range<usize>) {
    let first = cluster.chars().next();
    if let Some(c @ '\u{1F1E6}'..='\u{1F1FF}') = first {
        let alone = cluster.chars().nth(1).is_none_or(|c| !matches!(c, '\u{1F1E6}'..='\u{1F1FF}'));
        push(units, if alone { boxed(c).unwrap_or(c) } else { '\u{1F3F3}' }, span);
        return;
    }
    let plain: String = cluster.chars().map(|c| boxed(c).unwrap_or(c)).collect();
    for c in fold(&plain).chars().filter(|&c| !is_dropped(c)) {
        push(units, lookalike(c), span);
    }
}

fn push(units: &mut Vec<Unit>, c: char, span: &Range<usize>) {
    let kind = match c {
        c if c.is_whitespace() => Kind::Space,
        // Blank, though a symbol to Unicode: BRAILLE PATTERN BLANK.
        '\u{2800}' => Kind::Space,
        // A mark that was not dropped is written as part of a word.
        c if c.is_alphabetic() || is_combining_mark(c) => Kind::Letter(c),
        c if c.is_numeric() => Kind::Digit(c),
        c => Kind::Mark(c),
    };
    // An emoji of many characters is one mark.
    let repeats = |last: &Unit| matches!((last.kind, kind), (Kind::Mark(_), Kind::Mark(_)));
    if units.last().is_some_and(|last| last.start as usize == span.start && repeats(last)) {
        return;
    }
    units.push(Unit { kind, start: offset(span.start), end: offset(span.end) });
}

/// Texts are bounded far below 4 GiB before they come here; a longer one has its last offsets wrong and nothing else.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Marks that a reader reads over, whatever the letter below: the general ones, Cyrillic, Hebrew and Arabic ones.
const fn is_dropped(c: char) -> bool {
    is_tashkeel(c)
        || matches!(c,
            '\u{0300}'..='\u{036F}'
            | '\u{0483}'..='\u{0489}'
            | '\u{0591}'..='\u{05BD}' | '\u{05BF}' | '\u{05C1}'..='\u{05C2}' | '\u{05C4}'..='\u{05C5}' | '\u{05C7}'
            | '\u{0653}'..='\u{0655}'
            | '\u{1AB0}'..='\u{1AFF}'
            | '\u{1DC0}'..='\u{1DFF}'
            | '\u{20D0}'..='\u{20FF}'
            | '\u{FE20}'..='\u{FE2F}'
        )
}

/// The letter in a box or a disc that Unicode does not decompose (negative circled and squared capitals, regional
/// indicators), and the letter drawn like a `c` that folding takes for a sigma.
fn boxed(c: char) -> Option<char> {
    let first = match c {
        '\u{03F2}' | '\u{03F9}' => return Some('c'),
        '\u{1F150}'..='\u{1F169}' => 0x1F150,
        '\u{1F170}'..='\u{1F189}' => 0x1F170,
        '\u{1F1E6}'..='\u{1F1FF}' => 0x1F1E6,
        _ => return None,
    };
    char::from_u32(u32::from('a') + u32::from(c) - first)
}

/// The letter that a folded character is drawn like; itself where there is none.
const fn lookalike(c: char) -> char {
    match c {
        // Cyrillic
        'а' | 'ӑ' | 'ӓ' => 'a',
        'в' | 'ь' | 'ъ' => 'b',
        'с' | 'ҫ' => 'c',
        'ԁ' => 'd',
        'е' | 'ё' | 'ҽ' | 'є' => 'e',
        'ԍ' => 'g',
        'һ' | 'н' => 'h',
        'і' | 'ї' | 'ӏ' => 'i',
        'ј' => 'j',
        'к' | 'қ' | 'ҝ' | 'ҟ' | 'ҡ' => 'k',
        'ԛ' => 'q',
        'м' => 'm',
        'п' | 'ԥ' => 'n',
        'о' | 'ө' => 'o',
        'р' | 'ҏ' => 'p',
        'г' | 'ґ' => 'r',
        'ѕ' => 's',
        'т' | 'ҭ' => 't',
        'ц' => 'u',
        'ѵ' => 'v',
        'ԝ' | 'ш' | 'щ' => 'w',
        'х' | 'ҳ' => 'x',
        'у' | 'ү' | 'ұ' => 'y',
        'ӡ' => 'z',
        // Greek
        'α' => 'a',
        'β' => 'b',
        'ε' => 'e',
        'η' => 'n',
        'ι' => 'i',
        'ϳ' => 'j',
        'κ' => 'k',
        'ν' => 'v',
        'μ' => 'u',
        'ο' | 'σ' => 'o',
        'ρ' => 'p',
        'τ' => 't',
        'υ' => 'u',
        'ω' => 'w',
        'χ' => 'x',
        'γ' => 'y',
        'ζ' => 'z',
        // Armenian, Hebrew, Cherokee
        'ա' => 'w',
        'ե' => 't',
        'հ' => 'h',
        'ո' => 'n',
        'ս' => 'u',
        'օ' => 'o',
        'ց' => 'g',
        'ք' => 'p',
        'ס' => 'o',
        'Ꭺ' => 'a',
        'Ᏼ' => 'b',
        'Ꮯ' => 'c',
        'Ꭰ' => 'd',
        'Ꭼ' => 'e',
        'Ꮐ' => 'g',
        'Ꮋ' => 'h',
        'Ꭵ' => 'i',
        'Ꭻ' => 'j',
        'Ꮶ' => 'k',
        'Ꮮ' => 'l',
        'Ꮇ' => 'm',
        'Ꮲ' => 'p',
        'Ꭱ' => 'r',
        'Ꮪ' => 's',
        'Ꭲ' => 't',
        'Ꮩ' => 'v',
        'Ꮃ' => 'w',
        'Ꮓ' => 'z',
        // Small capitals, the phonetic alphabet, letters turned or struck through
        'ᴀ' | 'ɑ' | 'ɐ' | 'ⱥ' | 'ɒ' => 'a',
        'ʙ' | 'ƀ' | 'ɓ' | 'ƃ' => 'b',
        'ᴄ' | 'ƈ' | 'ȼ' | 'ɔ' => 'c',
        'ᴅ' | 'ɖ' | 'ɗ' | 'ƌ' => 'd',
        'ᴇ' | 'ə' | 'ɇ' | 'ɛ' | 'ɜ' | 'ǝ' => 'e',
        'ꜰ' | 'ƒ' => 'f',
        'ɡ' | 'ɢ' | 'ǥ' | 'ɠ' => 'g',
        'ʜ' | 'ɦ' | 'ɥ' => 'h',
        'ɪ' | 'ɨ' | 'ɩ' | 'ᴉ' => 'i',
        'ᴊ' | 'ʝ' | 'ɉ' | 'ɟ' => 'j',
        'ᴋ' | 'ƙ' | 'ʞ' => 'k',
        'ʟ' | 'ƚ' | 'ɫ' | 'ɬ' => 'l',
        'ᴍ' | 'ɱ' | 'ɯ' => 'm',
        'ɴ' | 'ɲ' | 'ɳ' | 'ƞ' => 'n',
        'ᴏ' | 'ɵ' => 'o',
        'ᴘ' | 'ƥ' => 'p',
        'ɋ' | 'ʠ' => 'q',
        'ʀ' | 'ɹ' | 'ɾ' | 'ɽ' | 'ɍ' => 'r',
        'ꜱ' | 'ʂ' | 'ȿ' => 's',
        'ᴛ' | 'ʇ' | 'ƫ' | 'ʈ' => 't',
        'ᴜ' | 'ʉ' | 'ʋ' => 'u',
        'ᴠ' | 'ʌ' => 'v',
        'ᴡ' | 'ʍ' => 'w',
        'ʏ' | 'ɏ' | 'ʎ' => 'y',
        'ᴢ' | 'ƶ' | 'ʐ' | 'ʑ' => 'z',
        // The wider Arabic script; what keyboards have and what stands without its dots
        'پ' | 'ٮ' | 'ٻ' => 'ب',
        'ٹ' | 'ٺ' | 'ټ' => 'ت',
        'چ' | 'ڃ' | 'ڄ' => 'ج',
        'څ' => 'خ',
        'ڈ' | 'ډ' | 'ڊ' => 'د',
        'ڑ' | 'ڕ' | 'ړ' => 'ر',
        'ژ' | 'ږ' => 'ز',
        'ښ' => 'س',
        'ڤ' | 'ڡ' | 'ڢ' | 'ڥ' => 'ف',
        'ٯ' | 'ڧ' | 'ڨ' => 'ق',
        'گ' | 'ڭ' | 'ݣ' | 'ګ' => 'ك',
        'ڵ' | 'ڶ' => 'ل',
        'ں' | 'ڻ' | 'ڼ' => 'ن',
        'ۆ' | 'ۇ' | 'ۈ' | 'ۋ' => 'و',
        'ې' | 'ۍ' | 'ێ' => 'ي',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn disguises_of_a_word_have_one_skeleton() {
        for (plain, disguises) in [
            (
                "casino",
                &["cаsіnо", "ᴄᴀꜱɪɴᴏ", "🅲🅰🆂🅸🅽🅾", "ⓒⓐⓢⓘⓝⓞ", "ｃａｓｉｎｏ", "𝕔𝕒𝕤𝕚𝕟𝕠", "c\u{200B}asi\u{2060}no"]
                    [..],
            ),
            (
                "casino",
                &[
                    "c\u{336}a\u{336}s\u{336}i\u{336}n\u{336}o",
                    "🇨\u{200B}🇦\u{200B}🇸\u{200B}🇮\u{200B}🇳\u{200B}🇴",
                ],
            ),
            ("viagra", &["νιаgrа", "ѵіɑɡгɑ", "Vïàgrà"]),
            (
                "كازينو",
                &["كَازِينُو", "كـــازينو", "ڪازینو", "گازينو", "ﻛﺎﺯﻳﻨﻮ", "كا\u{0301}زينو", "ك\u{200D}ازينو"],
            ),
            ("احمق", &["أحمق", "إحمق", "أحمٯ", "احمـق"]),
        ] {
            for disguise in disguises {
                assert_eq!(word(disguise), plain, "{disguise}");
            }
        }
    }

    #[test]
    fn a_flag_is_no_word_and_a_word_of_another_alphabet_stays_one() {
        assert_eq!(word("🇱🇧"), "");
        assert_eq!(word("Москва"), "mockba");
        assert_ne!(word("жизнь"), word("xu3hb"));
        assert_eq!(word("हिन्दी"), "हिन्दी");
    }

    #[test]
    fn units_point_at_what_they_came_from() {
        let text = "É\u{200B}œ — كَ 👩‍👩‍👧";
        let seen: Vec<_> = skeleton(text)
            .into_iter()
            .map(|unit| (unit.kind, &text[unit.start as usize..unit.end as usize]))
            .collect();
        assert_eq!(
            seen,
            [
                (Kind::Letter('e'), "É"),
                (Kind::Letter('o'), "œ"),
                (Kind::Letter('e'), "œ"),
                (Kind::Space, " "),
                (Kind::Mark('—'), "—"),
                (Kind::Space, " "),
                (Kind::Letter('ك'), "كَ"),
                (Kind::Space, " "),
                (Kind::Mark('👩'), "👩‍👩‍👧"),
            ]
        );
    }

    proptest! {
        #[test]
        fn units_stand_in_order_on_character_borders(text in "\\PC{0,60}|[a-zأ-ي \u{300}-\u{330}\u{200B}-\u{200F}🇦-🇿🅰]{0,60}") {
            let mut last = 0;
            for unit in skeleton(&text) {
                prop_assert!(unit.start >= last && unit.end > unit.start);
                prop_assert!(text.get(unit.start as usize..unit.end as usize).is_some());
                last = unit.start;
            }
        }
    }
}
