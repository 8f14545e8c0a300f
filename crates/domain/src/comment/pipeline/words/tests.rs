//! What counts as a listed word, case by case; the long tables are in `tests/`.

use proptest::prelude::*;

use super::*;

fn list(entries: &[&str]) -> WordList {
    WordList::compile(&entries.iter().map(|&entry| entry.to_owned()).collect::<Vec<_>>())
}

fn found<'a>(list: &WordList, text: &'a str) -> Vec<&'a str> {
    list.find(text).into_iter().map(|hit| &text[hit.span]).collect()
}

#[test]
fn the_place_is_kept() {
    let list = list(&["casino", "crétin", "كازينو", "buy now", "مراهنات رياضية", "xxx", "gambl*"]);
    for (text, places) in [
        ("Le casino, le CASINO.", &["casino", "CASINO"][..]),
        ("C'est un crétin !", &["crétin"]),
        ("l'crėtin", &["crėtin"]),
        ("c a s i n o", &["c a s i n o"]),
        ("go to c.a.s.i.n.o today", &["c.a.s.i.n.o"]),
        ("b u y  c a s i n o  n o w", &["c a s i n o"]),
        ("my ca$in0!", &["ca$in0"]),
        ("caaaasiiiino", &["caaaasiiiino"]),
        ("c*s*no", &["c*s*no"]),
        ("زوروا الكازينو وكازينو", &["كازينو", "كازينو"]),
        ("كَـا.زِ.ينو", &["كَـا.زِ.ينو"]),
        ("buy  n0w and buynow", &["buy  n0w"]),
        ("المراهنات الرياضية", &["مراهنات الرياضية"]),
        ("xxx xxxx", &["xxx", "xxxx"]),
        ("gambling, gamblers", &["gambling", "gamblers"]),
        ("casinos and occasion", &[]),
        ("buy it now", &[]),
    ] {
        assert_eq!(found(&list, text), places, "{text}");
    }
}

#[test]
fn an_empty_list_finds_nothing() {
    assert!(found(&list(&[]), "casino").is_empty());
    assert!(found(&list(&["", "…", "*"]), "casino … *").is_empty());
    assert!(is_usable("con") && !is_usable("*") && !is_usable("a*") && is_usable("ab c"));
}

#[test]
fn what_nobody_writes_takes_no_long_time() {
    let entries: Vec<String> = (0..5000).map(|n| format!("a{n:x}il{n}st")).collect();
    let list = WordList::compile(&entries);
    for piece in ["a", "a*", "a ", "1!", "il", "a!1|", "****", "a-1-"] {
        let text: String = piece.chars().cycle().take(10_000).collect();
        // It ends: the number of matches is beside the point.
        assert!(list.find(&text).len() <= MOST_MATCHES);
    }
}

proptest! {
    #[test]
    fn places_are_on_character_borders(text in "\\PC{0,80}|[casino0$@!* .\u{301}\u{200B}كازينو\u{640}]{0,80}") {
        for hit in list(&["casino", "كازينو", "no no", "as*"]).find(&text) {
            prop_assert!(text.get(hit.span).is_some_and(|place| !place.is_empty()));
        }
    }

    #[test]
    fn a_listed_word_is_found_between_others(before in "[a-z]{1,8}", after in "[ء-ي]{1,8}") {
        let text = format!("{before} casino {after}");
        prop_assert_eq!(found(&list(&["casino"]), &text), ["casino"]);
    }
}
