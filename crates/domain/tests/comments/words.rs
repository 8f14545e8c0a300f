//! Listed words in disguise, all of which are found where they stand, and innocent words, in none of which anything is.

use masthead_domain::comment::pipeline::WordList;

use super::rows;

fn list() -> WordList {
    let entries: Vec<String> =
        rows(include_str!("list.txt")).into_iter().filter_map(|row| row.into_iter().next()).collect();
    WordList::compile(&entries)
}

#[test]
fn evasions_are_found_where_they_stand() {
    let (list, rows) = (list(), rows(include_str!("evasions.tsv")));
    assert!(rows.len() >= 200, "{}", rows.len());
    let mut missed = Vec::new();
    for row in &rows {
        let (entry, marked) = (&row[0], &row[1]);
        let place = marked.split(['⟦', '⟧']).nth(1).expect("a place between ⟦ and ⟧");
        let start = marked.find('⟦').expect("a place");
        let text = marked.replace(['⟦', '⟧'], "");
        let found = list.find(&text);
        if !found.iter().any(|hit| hit.entry == entry && hit.span == (start..start + place.len())) {
            let found: Vec<_> = found.iter().map(|hit| (hit.entry, &text[hit.span.clone()])).collect();
            missed.push(format!("{entry}: {marked:?}, found {found:?}"));
        }
    }
    assert!(missed.is_empty(), "{} of {}:\n{}", missed.len(), rows.len(), missed.join("\n"));
}

#[test]
fn innocent_words_pass() {
    let (list, rows) = (list(), rows(include_str!("innocents.tsv")));
    assert!(rows.len() >= 200, "{}", rows.len());
    let mut taken = Vec::new();
    for row in &rows {
        let text = &row[0];
        for hit in list.find(text) {
            taken.push(format!("{}: {:?} in {text:?}", hit.entry, &text[hit.span]));
        }
    }
    assert!(taken.is_empty(), "{} of {}:\n{}", taken.len(), rows.len(), taken.join("\n"));
}
