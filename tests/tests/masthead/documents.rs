//! The contract's operations as clients send them: each with the fragments it spreads, and no other.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The operation of this name, ready to send.
pub fn operation(name: &str) -> String {
    let all = definitions();
    let mut out = all.get(name).unwrap_or_else(|| panic!("the contract has no operation {name}")).clone();
    let mut added = vec![name.to_owned()];
    loop {
        let missing = all.iter().find(|(other, text)| {
            text.starts_with("fragment ") && !added.contains(other) && spreads(&out, other)
        });
        let Some((other, text)) = missing else { return out };
        added.push(other.clone());
        out.push('\n');
        out.push_str(text);
    }
}

fn spreads(text: &str, name: &str) -> bool {
    text.match_indices(&format!("...{name}"))
        .any(|(at, found)| !text[at + found.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// Every operation and fragment by name.
fn definitions() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("contract");
    let mut all = BTreeMap::new();
    for file in files(&folder) {
        let text = fs::read_to_string(&file).expect("readable");
        let plain: String =
            text.lines().map(|line| line.split('#').next().unwrap_or("")).collect::<Vec<_>>().join("\n");
        let (mut depth, mut start) = (0, 0);
        for (at, c) in plain.char_indices() {
            depth += match c {
                '{' => 1,
                '}' => -1,
                _ => continue,
            };
            if c == '}' && depth == 0 {
                let definition = plain[start..=at].trim().to_owned();
                let name: String = definition
                    .split_whitespace()
                    .nth(1)
                    .expect("a name")
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                all.insert(name, definition);
                start = at + 1;
            }
        }
    }
    all
}

fn files(folder: &Path) -> Vec<PathBuf> {
    ["reader", "desk"]
        .iter()
        .flat_map(|part| fs::read_dir(folder.join(part)).expect("a folder"))
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "graphql"))
        .collect()
}
