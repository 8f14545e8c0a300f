//! One folding for search, tags and word lists: spellings that a reader takes for the same word become equal.
//! It must not know of stemming or stop words, and is too coarse for slugs: see [`super::SlugKey`].

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;

use super::characters::{
    TATWEEL, is_apostrophe, is_invisible, is_tashkeel, latin_base, without_latin_accents,
};

/// Folds a text of any length: compatibility forms (NFKC), letter case (Unicode's full case folding),
/// typographic apostrophes to `'`; invisible characters dropped.
///
/// Latin: accents dropped, ligatures taken apart (`œ` to `oe`, `ß` to `ss`). Arabic: vowel marks, superscript
/// alef and tatweel dropped; `أ إ آ ٱ` to `ا`, `ؤ` to `و`, `ئ` and `ى` to `ي`, `ة` to `ه`, Persian and Urdu
/// kaf, yeh and heh to the Arabic letters; Arabic and Persian digits to `0`-`9`. Other scripts keep their
/// marks. Folding twice is folding once.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Decomposed, a hamza or madda is a mark after its bearer, so dropping marks folds the bearer too.
    let letters = text.chars().map(|c| if is_apostrophe(c) { '\'' } else { c }).nfkd();
    let letters = letters
        .filter(|&c| !is_tashkeel(c) && !is_hamza_mark(c) && !is_invisible(c) && c != TATWEEL)
        .default_case_fold()
        .map(|c| arabic_base(if is_apostrophe(c) { '\'' } else { c }))
        // Case folding and dropping leave marks that are not in order.
        .nfkd();
    let mut folded = String::with_capacity(text.len());
    for c in without_latin_accents(letters).nfc() {
        match latin_base(c) {
            Some(base) => folded.push_str(base),
            None => folded.push(c),
        }
    }
    folded
}

/// Madda above, hamza above, hamza below.
const fn is_hamza_mark(c: char) -> bool {
    matches!(c, '\u{0653}'..='\u{0655}')
}

/// The Arabic letter or ASCII digit that a letter or digit of the wider Arabic script is folded to; any other
/// character is itself.
const fn arabic_base(c: char) -> char {
    match c {
        'ٱ' => 'ا',
        'ى' | 'ی' | 'ے' => 'ي',
        'ة' | 'ۃ' | 'ە' | 'ہ' | 'ھ' => 'ه',
        'ک' | 'ڪ' => 'ك',
        '\u{0660}'..='\u{0669}' => (b'0' + (c as u32 - 0x0660) as u8) as char,
        '\u{06F0}'..='\u{06F9}' => (b'0' + (c as u32 - 0x06F0) as u8) as char,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_of_a_word_fold_to_one() {
        for (folded, spellings) in [
            ("احمد", &["أحمد", "احمد", "أَحْمَد", "ا\u{0654}حمد", "أحـــمد"][..]),
            ("الامه", &["الأمة", "الامه", "الأُمَّة"]),
            ("اسلام", &["إسلام", "اسلام"]),
            ("قران", &["قرآن", "قرٰان", "قران"]),
            ("مستشفي", &["مستشفى", "مستشفي", "مستشفی"]),
            ("مسوول", &["مسؤول"]),
            ("رييس", &["رئيس"]),
            ("كتاب", &["کتاب", "كِتاب", "ﻛﺘﺎﺏ"]),
            ("ازاده", &["آزاده", "آزادہ", "آزادە"]),
            ("2026", &["٢٠٢٦", "۲۰۲۶", "２０２６"]),
            ("election", &["Élection", "ÉLECTION", "e\u{0301}lection"]),
            ("l'ecole", &["L’école", "l'école", "lʼÉcole"]),
            ("coeur", &["cœur", "CŒUR", "coeur"]),
            ("ca et la", &["Ça et là"]),
            ("strasse", &["Straße", "STRASSE", "STRAẞE"]),
            ("aeroskobing", &["Ærøskøbing"]),
            ("lodz", &["Łódź"]),
            ("vietnam", &["Việtnam"]),
            ("office", &["oﬃce", "Office", "of\u{00AD}fice"]),
            ("istanbul", &["İstanbul", "ıstanbul"]),
            ("οδοσ", &["οδος", "ΟΔΟΣ"]),
            ("йод", &["Йод"]),
            ("が", &["が", "か\u{3099}"]),
        ] {
            for spelling in spellings {
                assert_eq!(fold(spelling), folded, "{spelling}");
            }
        }
    }

    #[test]
    fn words_that_differ_stay_apart() {
        for (a, b) in [("سماء", "سما"), ("кот", "кит"), ("か", "が"), ("йод", "иод"), ("cat's", "cats")]
        {
            assert_ne!(fold(a), fold(b));
        }
    }

    #[test]
    fn folding_any_character_twice_is_folding_it_once() {
        for c in crate::text::characters::varied() {
            for text in [c.to_string(), format!("e{c}\u{0301}"), format!("ا{c}\u{0654}")] {
                let once = fold(&text);
                assert_eq!(fold(&once), once, "{:04X}", c as u32);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn folding_twice_is_folding_once(
            text in prop_oneof![".{0,40}", "[أ-ي\u{0640}-\u{0655}ٱکیہa-zÀ-ỹ\u{0300}-\u{0345}\u{200B}-\u{200F}’ßﬁ ]{0,30}"]
        ) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
