//! `masthead doctor`: looks whether everything is as the program left it, and mends nothing. What happened and cannot be
//! undone, it names until it is told to forget it.

mod log;

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;
use masthead_domain::media::{UploadName, is_stored_name};
use masthead_persistence::media::Files;
use masthead_persistence::{Options, Store, StoreError, WrongCount};
use serde::Serialize;

use super::{CommandError, Done, print};
use crate::api;
use crate::config::{MediaStore, Settings};
use crate::http::media::FOLDER;

/// Faults of one check that are printed for people; the others are counted.
const SHOWN: usize = 20;

/// How the findings are told.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Print one JSON object with every fault
    #[arg(long)]
    json: bool,
    /// Forget the events that were set aside, after naming them: what they asked for stays undone. Letters that failed are
    /// dealt with by `masthead mail`
    #[arg(long)]
    clear_set_aside: bool,
}

/// What was looked at, in order.
#[derive(Debug, Serialize)]
struct Findings {
    /// Whether no check found a fault.
    ok: bool,
    checks: Vec<Check>,
}

#[derive(Debug, Serialize)]
struct Check {
    check: &'static str,
    outcome: Outcome,
    faults: Vec<String>,
    /// What there is to know, and is no fault.
    notes: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Ok,
    Fault,
    /// Not looked at, because of an earlier fault.
    Skipped,
}

/// Looks at everything; fails with exit status 1 where there is a fault.
pub async fn run(args: Doctor, settings: Settings) -> Result<Done, CommandError> {
    let options = Options { create: false, ..Options::new(settings.database().expose()) };
    // A folder that is not there is not made.
    let is_there = settings.media.store == MediaStore::S3 || settings.data.join(FOLDER).is_dir();
    let files = if is_there { Some(settings.media.files(&settings.data)?) } else { None };
    let findings = examine(&options, files.as_ref(), api::now(), args.clear_set_aside).await;
    let told = if args.json {
        serde_json::to_string_pretty(&findings).map_err(std::io::Error::from).map_err(CommandError::Output)?
            + "\n"
    } else {
        findings.lines()
    };
    print(&told)?;
    if findings.ok { Ok(Done::Fully) } else { Err(CommandError::Faults) }
}

const REACHABLE: &str = "the database answers";
const CURRENT: &str = "the database has this program's shape";
const FILE: &str = "the database's file is sound";
const COUNTS: &str = "every kept count is what counting gives";
const ROWS: &str = "rows that belong together do";
const PICTURES: &str = "every stored picture has its file";
const UPLOADS: &str = "every uploaded file belongs to a picture";
const FOLLOWERS: &str = "the event log is followed";
const LETTERS: &str = "letters are sent";

/// What is looked at in a database that has this program's shape.
const INSIDE: [&str; 6] = [COUNTS, ROWS, PICTURES, UPLOADS, FOLLOWERS, LETTERS];

/// A file that was written so lately may be of an upload that is going on.
const GOING_ON: TimeDelta = TimeDelta::hours(1);

async fn examine(
    options: &Options,
    files: Option<&Files>,
    now: DateTime<Utc>,
    clear_set_aside: bool,
) -> Findings {
    let mut findings = Findings { ok: true, checks: Vec::new() };
    let store = match Store::open(options).await {
        Ok(store) => store,
        Err(error @ StoreError::Newer(_)) => {
            findings.add(REACHABLE, vec![]);
            findings.add(CURRENT, vec![error.to_string()]);
            findings.skip(&[FILE]);
            findings.skip(&INSIDE);
            return findings;
        }
        Err(error) => {
            findings.add(REACHABLE, vec![error.to_string()]);
            findings.skip(&[CURRENT, FILE]);
            findings.skip(&INSIDE);
            return findings;
        }
    };
    findings.add(REACHABLE, vec![]);
    let current = store.require_current().await;
    let is_current = current.is_ok();
    findings.add(CURRENT, current.err().iter().map(StoreError::to_string).collect());
    findings.add(FILE, each(store.integrity_faults().await, |fault| fault));
    if is_current {
        findings.add(COUNTS, each(store.wrong_counts().await, |wrong| wrong_count(&wrong)));
        findings.add(ROWS, each(store.misplaced().await, |row| format!("{}: {}", row.what, row.key)));
        match compare(&store, files, now).await {
            Ok((missing, orphans)) => {
                findings.add(PICTURES, missing.iter().map(|name| format!("{name} is not there")).collect());
                findings.add_with_notes(UPLOADS, (vec![], orphans));
            }
            Err(error) => {
                findings.add(PICTURES, vec![error.to_string()]);
                findings.skip(&[UPLOADS]);
            }
        }
        findings.add_with_notes(FOLLOWERS, log::followers(&store, now, clear_set_aside).await);
        findings.add_with_notes(LETTERS, log::letters(&store).await);
    } else {
        findings.skip(&INSIDE);
    }
    if let Err(error) = store.close().await {
        tracing::warn!(%error, "the database was not closed in order");
    }
    findings
}

/// What was found, in words. A question that the database does not answer is a finding too: it may be damaged.
fn each<T>(found: Result<Vec<T>, StoreError>, words: impl Fn(T) -> String) -> Vec<String> {
    match found {
        Ok(found) => found.into_iter().map(words).collect(),
        Err(error) => vec![error.to_string()],
    }
}

fn wrong_count(WrongCount { count, key, locale, kept, counted }: &WrongCount) -> String {
    let locale = locale.as_ref().map(|locale| format!(" in {locale}")).unwrap_or_default();
    format!("{count} of {key}{locale} is {kept}, and counting gives {counted}")
}

/// The names of pictures whose file is missing, and uploaded files that no picture has: an upload whose row was not
/// written leaves one.
async fn compare(
    store: &Store,
    files: Option<&Files>,
    now: DateTime<Utc>,
) -> Result<(Vec<String>, Vec<String>), StoreError> {
    let names = store.stored_picture_names().await?;
    let files = match files {
        Some(files) => files.all().await?,
        None => Vec::new(),
    };
    let there: HashSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let wanted: HashSet<_> = names.iter().map(|name| UploadName::file_of(name)).collect();
    let is_orphan = |name: &str| UploadName::parse(name).is_some() && !wanted.contains(name);
    let orphans = files.iter().filter(|file| is_orphan(&file.name) && now - file.changed > GOING_ON);
    let orphans = orphans.map(|file| file.name.clone()).collect();
    let is_missing = |name: &&String| !is_stored_name(name) || !there.contains(&*UploadName::file_of(name));
    Ok((names.iter().filter(is_missing).cloned().collect(), orphans))
}

impl Findings {
    fn add(&mut self, check: &'static str, faults: Vec<String>) {
        self.add_with_notes(check, (faults, vec![]));
    }

    fn add_with_notes(&mut self, check: &'static str, (faults, notes): (Vec<String>, Vec<String>)) {
        let outcome = if faults.is_empty() { Outcome::Ok } else { Outcome::Fault };
        self.ok &= faults.is_empty();
        self.checks.push(Check { check, outcome, faults, notes });
    }

    fn skip(&mut self, checks: &[&'static str]) {
        self.checks.extend(checks.iter().map(|check| Check {
            check,
            outcome: Outcome::Skipped,
            faults: vec![],
            notes: vec![],
        }));
    }

    /// A line a check, and below it what is wrong.
    fn lines(&self) -> String {
        let mut out = String::new();
        for Check { check, outcome, faults, notes } in &self.checks {
            let word = match outcome {
                Outcome::Ok => "ok     ",
                Outcome::Fault => "FAULT  ",
                Outcome::Skipped => "skipped",
            };
            out.push_str(&format!("{word} {check}\n"));
            for fault in faults.iter().take(SHOWN) {
                out.push_str(&format!("        {fault}\n"));
            }
            if let Some(more) = faults.len().checked_sub(SHOWN).filter(|more| *more > 0) {
                out.push_str(&format!("        and {more} more: see --json\n"));
            }
            for note in notes {
                out.push_str(&format!("        {note}\n"));
            }
        }
        out
    }
}

#[cfg(test)]
mod tests;
