//! What an import did: counts of what came in, and a line for everything that did not come in as it stood.
//! It must not know WordPress, nor what the numbers are shown on.
//!
//! Lines are spooled to a temporary file beyond their first MiB, so that a report of a million lines costs no
//! memory. What a batch did is told only once the batch is committed.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Seek, Write};

use serde::Serialize;
use tempfile::SpooledTempFile;

use super::reason::{Effect, Reason};

/// What comes in, by the newsroom's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Noun {
    /// Posts.
    Articles,
    /// Pages.
    Pages,
    /// Pictures of the old site's library. Those that only a text shows come in with it and are not counted.
    Images,
    /// Categories.
    Sections,
    /// Tags.
    Tags,
    /// Bylines.
    Authors,
    /// Comments of people.
    Comments,
}

/// What is counted, each with the line of the first, and not told one by one: it never comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Items that are neither posts nor pages nor attachments: menus, templates, revisions, custom types.
    OtherItems,
    /// Metadata of themes and plugins, by key.
    CustomFields,
    /// Terms of taxonomies other than categories and tags: each time one is declared, and each time an item carries it.
    Taxonomies,
    /// Post formats.
    PostFormats,
    /// What was turned into what articles have, with nothing missing for readers.
    Conversions,
    /// Pingbacks and trackbacks.
    LinkBacks,
    /// Data about persons that is dropped.
    PersonalData,
    /// Numbers that several items have which do not come in.
    RepeatedNumbers,
}

/// How many there were of something that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// How many.
    pub count: u64,
    /// The line of the first.
    pub first_line: u64,
}

/// One line of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Line in the export, from 1; in the authors' file where `reason` is `authors-file` or `unknown-author`.
    /// None where nothing in particular stands for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The title or name of what it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// The slug that the article got here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// Why.
    pub reason: Reason,
    /// One sentence in plain English.
    pub what: String,
}

/// All counts. A map holds no entry for what there was none of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// What came in now.
    pub came_in: BTreeMap<Noun, u64>,
    /// What had come in before, or was here already.
    pub already_here: BTreeMap<Noun, u64>,
    /// Articles, pages and comments that came in, by their status here (`PUBLISHED` …).
    pub statuses: BTreeMap<Noun, BTreeMap<&'static str, u64>>,
    /// How many lines each reason has, under what became of them.
    pub reasons: BTreeMap<Effect, BTreeMap<Reason, u64>>,
    /// What is only counted.
    pub counted: BTreeMap<Group, BTreeMap<String, Tally>>,
}

/// The report of one run.
#[derive(Debug)]
pub struct Report {
    counts: Counts,
    pending: Pending,
    samples: BTreeMap<Reason, Vec<Note>>,
    lines: SpooledTempFile,
    damaged: bool,
}

/// What the running batch did, not yet true.
#[derive(Debug, Default)]
struct Pending {
    came_in: Vec<(Noun, Option<&'static str>)>,
    already_here: BTreeMap<Noun, u64>,
    counted: Vec<(Group, String, Tally)>,
    notes: Vec<Note>,
}

/// Kept in memory before lines go to a temporary file.
const SPOOL: usize = 1 << 20;
/// Lines of each reason that a summary shows.
pub const SAMPLES: usize = 3;
/// Different names in a group; what a hostile file has beyond is counted together.
const MOST_NAMES: usize = 1000;

impl Default for Report {
    fn default() -> Self {
        Self {
            counts: Counts::default(),
            pending: Pending::default(),
            samples: BTreeMap::new(),
            lines: SpooledTempFile::new(SPOOL),
            damaged: false,
        }
    }
}

impl Report {
    /// All counts, of what is committed.
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// The first lines of each reason.
    pub const fn samples(&self) -> &BTreeMap<Reason, Vec<Note>> {
        &self.samples
    }

    /// Whether a part of the file is missing here because the file is broken.
    pub const fn is_damaged(&self) -> bool {
        self.damaged
    }

    /// How many lines there are, in all or for one reason.
    pub fn count(&self, reason: Reason) -> u64 {
        self.counts.reasons.get(&reason.effect()).and_then(|of| of.get(&reason)).copied().unwrap_or(0)
    }

    /// Something came in, with its status where it has one.
    pub(super) fn came_in(&mut self, noun: Noun, status: Option<&'static str>) {
        self.pending.came_in.push((noun, status));
    }

    /// Something was here before.
    pub(super) fn already_here(&mut self, noun: Noun) {
        *self.pending.already_here.entry(noun).or_default() += 1;
    }

    /// Counts one of a group.
    pub(super) fn tally(&mut self, group: Group, name: impl Into<String>, line: u64) {
        self.tally_many(group, name, line, 1);
    }

    /// Counts several at once.
    pub(super) fn tally_many(&mut self, group: Group, name: impl Into<String>, line: u64, count: u32) {
        self.pending.counted.push((
            group,
            printable(name.into()),
            Tally { count: count.into(), first_line: line },
        ));
    }

    /// Adds a line. What the file says in it could command a terminal: control characters become `�`.
    pub(super) fn note(&mut self, note: Note) {
        let Note { line, item, slug, reason, what } = note;
        self.pending.notes.push(Note {
            line,
            item: item.map(printable),
            slug,
            reason,
            what: printable(what),
        });
    }

    /// What was told since the last call is true now.
    pub(super) fn settle(&mut self) -> io::Result<()> {
        let Pending { came_in, already_here, counted, notes } = std::mem::take(&mut self.pending);
        for (noun, status) in came_in {
            *self.counts.came_in.entry(noun).or_default() += 1;
            if let Some(status) = status {
                *self.counts.statuses.entry(noun).or_default().entry(status).or_default() += 1;
            }
        }
        for (noun, count) in already_here {
            *self.counts.already_here.entry(noun).or_default() += count;
        }
        for (group, name, tally) in counted {
            let names = self.counts.counted.entry(group).or_default();
            let name =
                if names.len() < MOST_NAMES || names.contains_key(&name) { name } else { "…".into() };
            names.entry(name).or_insert(Tally { count: 0, ..tally }).count += tally.count;
        }
        for note in notes {
            let of_effect = self.counts.reasons.entry(note.reason.effect()).or_default();
            *of_effect.entry(note.reason).or_default() += 1;
            self.damaged |= note.reason.is_damage();
            serde_json::to_writer(&mut self.lines, &note)?;
            self.lines.write_all(b"\n")?;
            let samples = self.samples.entry(note.reason).or_default();
            if samples.len() < SAMPLES {
                samples.push(note);
            }
        }
        Ok(())
    }

    /// Forgets what was told since the last [`settle`](Self::settle): it was taken back.
    pub(super) fn unsettle(&mut self) {
        self.pending = Pending::default();
    }

    /// Writes the report as one JSON object: the fields of `head`, the counts, then `notes`, a line each.
    ///
    /// # Errors
    /// Those of `out` and of the temporary file.
    pub fn write_json(
        &mut self,
        head: &serde_json::Map<String, serde_json::Value>,
        mut out: impl Write,
    ) -> io::Result<()> {
        out.write_all(b"{\n")?;
        for (name, value) in head {
            writeln!(out, "  {}: {},", serde_json::to_string(name)?, serde_json::to_string(value)?)?;
        }
        let counts = serde_json::to_value(&self.counts)?;
        for (name, value) in counts.as_object().into_iter().flatten() {
            let value = serde_json::to_string_pretty(value)?.replace('\n', "\n  ");
            writeln!(out, "  {}: {value},", serde_json::to_string(name)?)?;
        }
        out.write_all(b"  \"notes\": [")?;
        self.lines.rewind()?;
        let mut divider = "\n    ";
        for line in BufReader::new(&mut self.lines).lines() {
            write!(out, "{divider}{}", line?)?;
            divider = ",\n    ";
        }
        self.lines.seek(io::SeekFrom::End(0))?;
        out.write_all(b"\n  ]\n}\n")?;
        out.flush()
    }
}

/// Without what commands a terminal.
pub(super) fn printable(text: String) -> String {
    if text.contains(char::is_control) { text.replace(char::is_control, "\u{FFFD}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(line: u64, reason: Reason) -> Note {
        Note { line: Some(line), item: Some("Le port".into()), slug: None, reason, what: "words".into() }
    }

    #[test]
    fn a_file_cannot_command_a_terminal() {
        let mut report = Report::default();
        report.note(Note { what: "a \u{1b}[2J b\n".into(), ..note(1, Reason::NoTitle) });
        report.settle().unwrap();
        assert_eq!(report.samples()[&Reason::NoTitle][0].what, "a �[2J b�");
    }

    #[test]
    fn what_was_taken_back_is_not_told() {
        let mut report = Report::default();
        report.came_in(Noun::Articles, Some("PUBLISHED"));
        report.note(note(1, Reason::NoTitle));
        report.unsettle();
        report.came_in(Noun::Articles, Some("DRAFT"));
        report.settle().unwrap();
        assert_eq!(report.counts().came_in, [(Noun::Articles, 1)].into());
        assert_eq!(report.counts().statuses[&Noun::Articles], [("DRAFT", 1)].into());
        assert_eq!(report.count(Reason::NoTitle), 0);
    }

    #[test]
    fn the_json_has_counts_and_a_line_for_each_note() {
        let mut report = Report::default();
        for line in 1..=40_000 {
            report.note(note(line, Reason::TakenSlug));
        }
        report.tally(Group::OtherItems, "nav_menu_item", 7);
        report.tally(Group::OtherItems, "nav_menu_item", 9);
        report.settle().unwrap();
        let mut json = Vec::new();
        let head = serde_json::json!({"file": "a.xml"});
        report.write_json(head.as_object().unwrap(), &mut json).unwrap();
        let read: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(read["file"], "a.xml");
        assert_eq!(read["reasons"]["changed"]["taken-slug"], 40_000);
        assert_eq!(read["counted"]["other_items"]["nav_menu_item"]["first_line"], 7);
        assert_eq!(read["notes"].as_array().unwrap().len(), 40_000);
        assert_eq!(read["notes"][39_999]["line"], 40_000);
        assert_eq!(report.samples()[&Reason::TakenSlug].len(), SAMPLES);
    }
}
