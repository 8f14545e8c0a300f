//! What slugs promise, on real titles and on any text. It must not reach into how they are made.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::*;

fn made(title: &str) -> String {
    Slug::make(title).map_or_else(|| "(none)".to_owned(), String::from)
}

#[test]
fn titles_become_slugs_in_their_own_script() {
    for (title, slug) in [
        ("وزيرة شؤون الشباب", "وزيرة-شؤون-الشباب"),
        ("انتخابات 2026: ماذا بعد؟", "انتخابات-2026-ماذا-بعد"),
        ("«أُمُّ كُلْثُوم»… سيرة", "أم-كلثوم-سيرة"),
        ("مـــرحـــبا بكم", "مرحبا-بكم"),
        ("آراء: الإصلاح المؤجَّل في المرفأ", "آراء-الإصلاح-المؤجل-في-المرفأ"),
        ("موازنة ٢٠٢٦", "موازنة-٢٠٢٦"),
        ("ﻣﺮﺳﻰ ﻧﻮﺭ", "مرسى-نور"),
        ("می‌شود", "میشود"),
        ("Élection présidentielle", "election-presidentielle"),
        ("L’élection à Marsa Nour : « ça commence »", "l-election-a-marsa-nour-ca-commence"),
        ("Œuvres & cœurs", "oeuvres-coeurs"),
        ("Aujourd'hui, d’où vient l’eau ?", "aujourd-hui-d-ou-vient-l-eau"),
        ("T’es où, s’il te plaît", "t-es-ou-s-il-te-plait"),
        ("Straße nach Łódź, Ærø", "strasse-nach-lodz-aero"),
        ("The Mayor’s budget: why it can't wait", "the-mayors-budget-why-it-cant-wait"),
        ("What's next? (Part 2/3)", "whats-next-part-2-3"),
        ("Don't 'scoop' the '90s", "dont-scoop-the-90s"),
        ("  --Breaking--  ", "breaking"),
        ("ＦＵＬＬ　ｗｉｄｔｈ ½", "full-width-1-2"),
        ("हिन्दी समाचार", "हिन्दी-समाचार"),
        ("Ελλάδα και Кремль, йод", "ελλάδα-και-кремль-йод"),
        ("東京の春", "東京の春"),
        ("🎉 Fête ☀️", "fete"),
        ("؟!…", "(none)"),
        ("🎉", "(none)"),
        ("\u{064B}\u{0640}\u{200D}", "(none)"),
        ("", "(none)"),
    ] {
        assert_eq!(made(title), slug, "{title}");
    }
}

#[test]
fn a_long_title_is_cut_between_words() {
    let title =
        "قرار مجلس البلدية بشأن الموازنة الجديدة للمياه والطاقة الشمسية في أحياء المدينة القديمة والمرفأ";
    let slug = made(title);
    assert_eq!(slug, "قرار-مجلس-البلدية-بشأن-الموازنة-الجديدة-للمياه-والطاقة-الشمسية-في-أحياء-المدينة");
    assert!(slug.chars().count() <= 80);
    assert_eq!(made(&"ب".repeat(100)), "ب".repeat(80));
    // Exactly 80 characters and the word ends there: nothing is lost.
    let words = ["abcd"; 17].join(" ");
    assert_eq!(made(&words), ["abcd"; 16].join("-"));
    let fitting = format!("{} {}", "a".repeat(39), "b".repeat(40));
    assert_eq!(made(&format!("{fitting} c")), fitting.replace(' ', "-"));
}

#[test]
fn imported_slugs_are_kept() {
    let long = "ا".repeat(200);
    let too_long = "ا".repeat(201);
    for (given, kept) in [
        ("hello-world", Some("hello-world")),
        ("%d9%88%d8%b2%d9%8a%d8%b1%d8%a9", Some("وزيرة")),
        ("%D9%88%D8%B2%D9%8A%D8%B1%D8%A9", Some("وزيرة")),
        ("%25d9%2588", Some("و")),
        ("e\u{0301}lection", Some("élection")),
        ("/Keeps_Case--and.dots/", Some("Keeps_Case--and.dots")),
        ("مـرحبا", Some("مـرحبا")),
        // WordPress cuts at 200 bytes, within a letter too.
        ("%d9%88%d8", Some("و%d8")),
        ("100%", Some("100%")),
        (&long, Some(&long)),
        (&too_long, None),
        ("a/b", None),
        ("a%2Fb", None),
        ("a b", None),
        ("a\u{0}b", None),
        ("%00", None),
        ("..", None),
        ("%2e%2e", None),
        ("\u{200D}", None),
        ("", None),
        ("/", None),
    ] {
        assert_eq!(Slug::import(given).as_ref().map(Slug::as_str), kept, "{given}");
    }
}

#[test]
fn a_taken_slug_gets_a_number_within_the_limit() {
    let slug = Slug::make("وزيرة شؤون الشباب").unwrap();
    assert_eq!(slug.numbered(2).as_str(), "وزيرة-شؤون-الشباب-2");
    let full = Slug::make(&["abcd"; 16].join("-")).unwrap();
    assert_eq!(full.numbered(2).as_str(), ["abcd"; 15].join("-") + "-2");
    let one_word = Slug::make(&"ب".repeat(80)).unwrap();
    assert_eq!(one_word.numbered(1234).as_str(), "ب".repeat(75) + "-1234");
    let imported = Slug::import(&"é".repeat(200)).unwrap();
    assert_eq!(imported.numbered(10).as_str(), "é".repeat(197) + "-10");
}

/// Every spelling in a row must find the article whose slug stands first.
#[test]
fn every_spelling_of_a_slug_has_its_key() {
    for spellings in [
        &[
            "وزيرة-شؤون-الشباب",
            "/وزيرة-شؤون-الشباب/",
            " وزيرة-شؤون-الشباب ",
            "%d9%88%d8%b2%d9%8a%d8%b1%d8%a9-%d8%b4%d8%a4%d9%88%d9%86-%d8%a7%d9%84%d8%b4%d8%a8%d8%a7%d8%a8",
            "%D9%88%D8%B2%D9%8A%D8%B1%D8%A9-%D8%B4%D8%A4%D9%88%D9%86-%D8%A7%D9%84%D8%B4%D8%A8%D8%A7%D8%A8/",
            "%25d9%2588زيرة-شؤون-الشباب",
            "وزيرة-شو\u{0654}ون-الشباب",
            "وَزِيرَة-شُؤُون-الشَّبَاب",
            "وزيـــرة-شؤون-الشبـاب",
            "وزيرة-شؤون\u{200D}-الش\u{200C}باب",
            "\u{FEFF}\u{200F}وزيرة-شؤون-الشباب\u{202C}",
            "ﻭﺯﻳﺮﺓ-ﺷﺆﻭﻥ-ﺍﻟﺸﺒﺎﺏ",
        ][..],
        &["élection", "e\u{0301}lection", "%C3%A9lection", "e%CC%81lection", "ÉLECTION", "E\u{0301}lection/"],
        &["full-width", "ｆｕｌｌ－ｗｉｄｔｈ", "Full-Width", "fu\u{00AD}ll-width"],
        &["100%", "100%25", "100%2525", "100％"],
        &["a%d8", "a%D8", "a%25d8"],
    ] {
        let key = SlugKey::of(spellings[0]);
        for spelling in spellings {
            assert_eq!(SlugKey::of(spelling), key, "{spelling}");
        }
    }
}

#[test]
fn other_words_keep_other_keys() {
    for nul in ["a\0b", "a%00b", "a%2500b"] {
        assert_eq!(SlugKey::of(nul).as_str(), "a\u{FFFD}b", "what a database can be asked for, and has not");
    }
    for (a, b) in [
        ("سأل", "سال"),
        ("مدرسه", "مدرسة"),
        ("علي", "على"),
        ("péché", "pêche"),
        ("cafe", "café"),
        ("a-b", "ab"),
        ("a/b", "ab"),
        ("%d8", "d8"),
        ("2026", "٢٠٢٦"),
    ] {
        assert_ne!(SlugKey::of(a), SlugKey::of(b), "{a} {b}");
    }
}

#[test]
fn an_accent_does_not_hide_an_escape() {
    for spelling in ["%0c\u{327}", "%0\u{e7}", "%250%C3%A7", "%250c%CC%A7"] {
        assert_eq!(SlugKey::of(spelling), SlugKey::of("%0c\u{327}"), "{spelling}");
    }
}

const EVERY_BYTE: &AsciiSet = NON_ALPHANUMERIC;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn keys_are_total_and_stable(text in text()) {
        let key = SlugKey::of(&text);
        prop_assert_eq!(SlugKey::of(key.as_str()), key.clone());
        prop_assert_eq!(SlugKey::of(&text.nfd().collect::<String>()), key.clone());
        prop_assert_eq!(SlugKey::of(&text.nfc().collect::<String>()), key.clone());
        let once = utf8_percent_encode(&text, EVERY_BYTE).to_string();
        let twice = utf8_percent_encode(&once, EVERY_BYTE).to_string();
        prop_assert_eq!(SlugKey::of(&once), key.clone());
        prop_assert_eq!(SlugKey::of(&once.to_lowercase()), key.clone());
        prop_assert_eq!(SlugKey::of(&twice), key);
    }

    #[test]
    fn made_slugs_are_sound_and_stable(title in text()) {
        if let Some(slug) = Slug::make(&title) {
            prop_assert!(slug.as_str().chars().count() <= Slug::MAX_MADE);
            prop_assert!(!slug.as_str().starts_with('-') && !slug.as_str().ends_with('-'));
            prop_assert!(!slug.as_str().contains("--"));
            prop_assert_eq!(Slug::make(slug.as_str()), Some(slug.clone()));
            prop_assert_eq!(Slug::import(slug.as_str()), Some(slug.clone()));
            prop_assert!(!slug.key().as_str().is_empty());
            prop_assert!(slug.numbered(99).as_str().chars().count() <= Slug::MAX_MADE);
            prop_assert_ne!(slug.numbered(2).key(), slug.numbered(3).key());
        }
    }

    #[test]
    fn imported_slugs_are_sound_and_stable(text in text()) {
        if let Some(slug) = Slug::import(&text) {
            prop_assert_eq!(Slug::import(slug.as_str()), Some(slug.clone()));
            prop_assert_eq!(slug.key(), SlugKey::of(&text));
            prop_assert!(slug.numbered(99).as_str().chars().count() <= Slug::MAX_IMPORTED);
        }
    }
}

/// Anything, and often what slugs are made of and trip over.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,40}",
        "[ -~]{0,30}",
        "[ا-ي\u{0640}\u{064B}-\u{0655}\u{0670}ٱأإآ%/ '’a-f0-9\u{200B}-\u{200F}-]{0,30}",
        "(%[0-9a-fA-F]{2}|%|25|[％é\u{0301}\u{0327}ßİſK٪ﬁ]|-|a| ){0,25}",
    ]
}

#[test]
fn every_character_has_a_stable_key_and_slug() {
    for c in crate::text::characters::varied() {
        for text in [c.to_string(), format!("a{c}b"), format!("%{c}1")] {
            let key = SlugKey::of(&text);
            assert_eq!(SlugKey::of(key.as_str()), key, "{:04X}", c as u32);
            if let Some(slug) = Slug::make(&text) {
                assert_eq!(Slug::make(slug.as_str()), Some(slug), "{:04X}", c as u32);
            }
        }
    }
}
