//! `masthead import` as the program it is: how it ends, what it prints, and the report that it leaves.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use masthead_tests::{each_store, texts_at};
use serde_json::{Value, json};
use tempfile::TempDir;

/// An export of three articles, one of which needs a password, by one author.
const EXPORT: &str = include_str!("import/export.xml");

/// A folder of the files of one import, and the database that it goes to.
struct Desk<'a> {
    folder: TempDir,
    database: &'a str,
}

/// How a run ended, and what it printed.
struct Ended {
    code: i32,
    told: String,
    errors: String,
}

impl<'a> Desk<'a> {
    fn at(database: &'a str) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), database }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn import(&self, file: &Path, more: &[&str]) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_masthead"));
        // What the machine that runs the tests has set is none of theirs.
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MASTHEAD_")) {
            command.env_remove(name);
        }
        command.args(["import", "wordpress"]).arg(file).args(more);
        command.args(["--database", self.database, "--data"]).arg(self.path("data"));
        let Output { status, stdout, stderr } =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
        let [told, errors] = [stdout, stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        // Neither is a terminal: lines, and no bar drawn over itself.
        assert!(!told.contains(['\u{1b}', '\r']) && !errors.contains(['\u{1b}', '\r']), "{told}{errors}");
        Ended { code: status.code().unwrap(), told, errors }
    }

    /// Imports with a report, and reads it back.
    fn import_reporting(&self, file: &Path, more: &[&str]) -> (Ended, Value) {
        let report = self.path("report.json");
        let ended = self.import(file, &[&["--report", report.to_str().unwrap()][..], more].concat());
        let report = std::fs::read_to_string(&report).unwrap();
        (ended, serde_json::from_str(&report).unwrap())
    }
}

const ARTICLES: &str =
    "SELECT slug || ' ' || status || CASE WHEN live THEN ' live' ELSE '' END FROM articles ORDER BY slug";

#[tokio::test]
async fn a_whole_file_ends_with_0_and_a_second_run_changes_nothing() {
    each_store(async |store| {
        let desk = Desk::at(store.url());
        let file = desk.write("export.xml", EXPORT);
        let (first, report) = desk.import_reporting(&file, &[]);
        assert_eq!((first.code, first.errors.as_str()), (0, ""), "{}", first.told);
        let here = store.texts(ARTICLES).await;
        assert_eq!(here, ["budget PUBLISHED live", "harbour PUBLISHED live", "sealed DRAFT"]);
        assert_eq!((&report["whole"], &report["ending"]), (&json!(true), &json!("The file is whole.")));
        assert_eq!((&report["site"], &report["origin"]), (&json!("The Pier"), &json!("old.example")));
        assert_eq!(report["file"], json!(file.to_str().unwrap()));
        assert_eq!(report["came_in"], json!({"articles": 3, "authors": 1}));
        assert_eq!(report["statuses"]["articles"], json!({"DRAFT": 1, "PUBLISHED": 2}));
        assert_eq!(report["reasons"]["changed"], json!({"password": 1}));
        let notes = report["notes"].as_array().unwrap();
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert_eq!((&notes[0]["item"], &notes[0]["slug"]), (&json!("Sealed"), &json!("sealed")));
        for line in ["From “The Pier” (old.example)", "The file is whole.", "The report is in "] {
            assert!(first.told.contains(line), "{line}: {}", first.told);
        }

        let events = "SELECT CAST(COUNT(*) AS TEXT) FROM events";
        let before = store.texts(events).await;
        let (second, report) = desk.import_reporting(&file, &[]);
        assert_eq!(second.code, 0, "{}", second.errors);
        assert_eq!((&report["came_in"], &report["notes"]), (&json!({}), &json!([])));
        assert_eq!(report["already_here"], json!({"articles": 3, "authors": 1}));
        assert_eq!((store.texts(ARTICLES).await, store.texts(events).await), (here, before));
    })
    .await;
}

#[tokio::test]
async fn a_cut_file_ends_with_3_and_the_whole_one_goes_on() {
    each_store(async |store| {
        let desk = Desk::at(store.url());
        let cut = desk.write("cut.xml", &EXPORT[..EXPORT.find("<wp:post_password>").unwrap()]);
        let (ended, report) = desk.import_reporting(&cut, &[]);
        assert_eq!(ended.code, 3, "{}{}", ended.told, ended.errors);
        assert!(
            ended.told.contains("The file is cut off: it ends within what begins in line "),
            "{}",
            ended.told
        );
        assert_eq!(report["whole"], json!(false));
        // The last one's password is behind the cut.
        assert_eq!(
            store.texts(ARTICLES).await,
            ["budget PUBLISHED live", "harbour PUBLISHED live", "sealed DRAFT"]
        );
        let (ended, _) = desk.import_reporting(&desk.write("export.xml", EXPORT), &[]);
        assert_eq!(ended.code, 0, "{}", ended.errors);
        assert_eq!(store.texts(ARTICLES).await.len(), 3);
    })
    .await;
}

#[test]
fn what_is_no_export_ends_with_1_and_its_report() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("new.sqlite").display());
    let desk = Desk::at(&database);
    for text in ["", "Dear editors,", "<html><body><p>404</p></body></html>"] {
        let (ended, report) = desk.import_reporting(&desk.write("other.xml", text), &[]);
        assert_eq!(ended.code, 1, "{text}");
        assert!(ended.errors.contains("other.xml: this is no WordPress export"), "{}", ended.errors);
        assert!(ended.told.contains("Nothing was changed."), "{}", ended.told);
        assert_eq!((&report["whole"], &report["site"]), (&json!(false), &Value::Null));
    }
}

#[tokio::test]
async fn the_authors_file_is_read_before_anything_comes_in() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.sqlite");
    let database = format!("sqlite:{}", path.display());
    let desk = Desk::at(&database);
    let file = desk.write("export.xml", EXPORT);
    let wrong = desk.write("authors.csv", "login,name,bio\nsamira,Samira,Writes.\n");
    let ended = desk.import(&file, &["--authors", wrong.to_str().unwrap()]);
    assert_eq!(ended.code, 1, "{}", ended.told);
    let reason = "line 1: the column “bio” is not known; known are login, name, role, biography, locale";
    assert!(ended.errors.contains(reason), "{}", ended.errors);
    assert!(!path.exists(), "no database was made");

    let right = desk.write("authors.csv", "login,role,locale\nsamira,Editor,en\nnobody,Editor,en\n");
    let (ended, report) = desk.import_reporting(&file, &["--authors", right.to_str().unwrap()]);
    assert_eq!(ended.code, 0, "{}", ended.errors);
    assert_eq!(report["reasons"]["left_out"], json!({"unknown-author": 1}));
    let line = "line 3 of the authors' file: “nobody”";
    assert!(ended.told.contains(line), "{}", ended.told);
    assert_eq!(texts_at(&database, "SELECT roles FROM authors").await, [r#"{"en":"Editor"}"#]);
}

#[test]
fn a_file_that_cannot_be_opened_ends_with_1_and_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.sqlite");
    let database = format!("sqlite:{}", path.display());
    let desk = Desk::at(&database);
    let file = desk.write("export.xml", EXPORT);
    let nowhere = desk.path("no-such-folder/report.json");
    for (file, more) in [
        (desk.path("missing.xml"), &[][..]),
        (file.clone(), &["--report", nowhere.to_str().unwrap()]),
        (file.clone(), &["--authors", nowhere.to_str().unwrap()]),
    ] {
        let ended = desk.import(&file, more);
        assert_eq!(ended.code, 1, "{more:?}: {}", ended.told);
        assert!(ended.errors.contains("No such file"), "{more:?}: {}", ended.errors);
        assert!(!path.exists(), "{more:?}: no database was made");
    }
    assert_eq!(desk.import(&file, &["--rapport", "x.json"]).code, 2);
}
