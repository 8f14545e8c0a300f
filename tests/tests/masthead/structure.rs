//! The house is as ARCHITECTURE.md draws it: who imports whom, who may name which library, and which crates there are.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Every arrow between our crates that may be there.
const ARROWS: [(&str, &[&str]); 9] = [
    ("masthead-domain", &[]),
    ("masthead-migrations", &[]),
    ("masthead-interchange", &["masthead-domain"]),
    ("masthead-persistence", &["masthead-domain", "masthead-migrations"]),
    ("masthead-actions", &["masthead-domain", "masthead-interchange", "masthead-persistence"]),
    (
        "masthead-graphql",
        &["masthead-actions", "masthead-domain", "masthead-interchange", "masthead-persistence"],
    ),
    (
        "masthead-server",
        &[
            "masthead-actions",
            "masthead-domain",
            "masthead-graphql",
            "masthead-interchange",
            "masthead-migrations",
            "masthead-persistence",
        ],
    ),
    ("xtask", &[]),
    ("masthead-tests", &ANY),
];

const ANY: [&str; 7] = [
    "masthead-actions",
    "masthead-domain",
    "masthead-graphql",
    "masthead-interchange",
    "masthead-migrations",
    "masthead-persistence",
    "masthead-server",
];

/// The folders in which a library may be named, from the root.
const NAMED_IN: [(&str, &[&str]); 5] = [
    ("sea_orm", &["crates/persistence", "migrations"]),
    ("rusqlite", &["crates/persistence"]),
    (
        "async_graphql",
        &[
            "crates/graphql",
            "crates/server/src/addresses.rs",
            "crates/server/src/api.rs",
            "crates/server/src/examples.rs",
            "crates/server/src/http/graphql",
            "crates/server/tests",
        ],
    ),
    ("object_store", &["crates/persistence"]),
    ("poem", &["crates/server"]),
];

/// What `graphql` may name of persistence: who reads, what is asked of it, what it answers, and that it failed. What a
/// [`Reads`](masthead_persistence::Reads) is asked or answers may be added; nothing that writes may.
const READING: [&str; 20] = [
    "AddressStanding",
    "ArticleLookup",
    "ArticlePage",
    "AuditFilter",
    "CommentsPlan",
    "DeskFilter",
    "DeskOrder",
    "Destination",
    "PagePlan",
    "Preview",
    "QueueFilter",
    "Reads",
    "Related",
    "ReportedWithin",
    "StoreError",
    "StoredApiToken",
    "StoredFollow",
    "StoredInvitation",
    "StoredSession",
    "Waiting",
];

/// The one file of `graphql` that names the store: it builds `Reads` of it, and hands it to actions.
const NAMES_THE_STORE: &str = "crates/graphql/src/context.rs";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests stands in the root").to_owned()
}

#[test]
fn imports_run_one_way() {
    let out = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--locked", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let metadata: Value = serde_json::from_slice(&out.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let allowed: BTreeMap<&str, BTreeSet<&str>> =
        ARROWS.iter().map(|(from, to)| (*from, to.iter().copied().collect())).collect();
    assert_eq!(
        packages.len(),
        allowed.len(),
        "a crate is missing from the test's list, or the list names one too many"
    );
    for package in packages {
        let from = package["name"].as_str().expect("a name");
        let may = allowed.get(from).unwrap_or_else(|| panic!("{from} is not in the test's list"));
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let to = dependency["name"].as_str().expect("a name");
            // What a crate's own tests use is not part of the house.
            if dependency["kind"].as_str() == Some("dev") || !(to.starts_with("masthead-") || to == "xtask") {
                continue;
            }
            assert!(may.contains(to), "{from} must not import {to}");
        }
    }
}

#[test]
fn libraries_are_named_where_they_belong() {
    for file in sources() {
        let text = std::fs::read_to_string(&file).expect("readable");
        let relative = file.strip_prefix(root()).expect("below the root").to_string_lossy().into_owned();
        // What a crate's own tests use is not part of the house.
        if relative.starts_with("tests/") || relative.ends_with("tests.rs") {
            continue;
        }
        for (library, folders) in NAMED_IN {
            let named =
                text.lines().map(str::trim_start).filter(|line| !line.starts_with("//")).any(|line| {
                    line.contains(&format!("{library}::"))
                        || line.contains(&format!("use {library}"))
                        || line.contains(&format!("extern crate {library}"))
                });
            let may = folders.iter().any(|folder| relative.starts_with(folder));
            assert!(!named || may, "{relative} names {library}");
        }
    }
}

#[test]
fn the_schema_only_reads() {
    let mut found = 0;
    for file in sources() {
        let relative = file.strip_prefix(root()).expect("below the root").to_string_lossy().into_owned();
        if !relative.starts_with("crates/graphql/src") || relative.ends_with("tests.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&file).expect("readable");
        let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for name in named_of_persistence(&code) {
            found += 1;
            let may = READING.contains(&name.as_str()) || (name == "Store" && relative == NAMES_THE_STORE);
            assert!(may, "{relative} names {name} of masthead_persistence, which is no part of reading");
        }
        assert!(!code.contains(".begin("), "{relative} begins a change; actions do");
        assert!(
            !code.contains(".reads_as(") || relative == NAMES_THE_STORE,
            "{relative} reads past the request's viewer"
        );
    }
    assert!(found > 10, "the names were found: {found}");
}

/// The names behind each `masthead_persistence::` of a source without comments.
fn named_of_persistence(code: &str) -> Vec<String> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut names = Vec::new();
    for (at, path) in code.match_indices("masthead_persistence::") {
        let mut rest = &code[at + path.len()..];
        // Through its modules.
        while let Some((module, inner)) = rest.split_once("::")
            && module.chars().all(is_name)
        {
            rest = inner;
        }
        let list = match rest.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default(),
            None => rest.split(|c| !is_name(c)).next().unwrap_or_default(),
        };
        names.extend(list.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()));
    }
    names
}

#[test]
fn the_map_draws_the_arrows_that_are_held() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let (_, list) = text.split_once("Imports run one way:").expect("the list of arrows");
    let drawn: Vec<&str> =
        list.lines().skip_while(|line| line.is_empty()).take_while(|line| !line.is_empty()).collect();
    let plain = |name: &str| name.strip_prefix("masthead-").unwrap_or(name).to_owned();
    for (from, to) in ARROWS.iter().filter(|(from, _)| *from != "masthead-tests") {
        let name = format!("`{}`", plain(from));
        let line = drawn.iter().find(|line| {
            line.starts_with("- ") && line.split(':').next().is_some_and(|names| names.contains(&name))
        });
        let line = line.unwrap_or_else(|| panic!("ARCHITECTURE.md says nothing of what {from} imports"));
        let targets = line.split_once(':').map_or("", |(_, targets)| targets);
        for other in ARROWS.iter().map(|(name, _)| plain(name)).filter(|other| *other != plain(from)) {
            let says = targets.contains("all,")
                || targets.split(|c: char| !c.is_alphanumeric()).any(|word| word == other);
            let may = to.iter().any(|to| plain(to) == other)
                || (other == "xtask" || other == "tests") && targets.contains("all,");
            assert_eq!(says, may, "of {from} and {other} ARCHITECTURE.md says: {line}");
        }
    }
}

#[test]
fn the_map_shows_the_crates_that_are_there() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let map = text.split("\n## ").find(|part| part.starts_with("The map")).expect("a map");
    let drawn: BTreeSet<String> = map
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`').map(|(name, _)| name.to_owned()))
        .collect();
    let mut there: BTreeSet<String> = std::fs::read_dir(root().join("crates"))
        .expect("crates")
        .map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned())
        .collect();
    there.insert("migrations".to_owned());
    assert_eq!(drawn, there);
}

#[test]
fn every_file_says_what_it_is_for() {
    for file in sources() {
        let text = std::fs::read_to_string(&file).expect("readable");
        assert!(text.starts_with("//!"), "{} does not open with //!", file.display());
    }
}

/// Every Rust source of ours.
fn sources() -> Vec<PathBuf> {
    let mut open = vec![root().join("crates"), root().join("migrations"), root().join("tests")];
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if path.is_dir() && !matches!(name.as_str(), "node_modules" | "target" | "dist") {
                open.push(path);
            } else if name.ends_with(".rs") {
                files.push(path);
            }
        }
    }
    assert!(files.len() > 50, "the sources were found");
    files
}
