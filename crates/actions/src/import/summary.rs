//! The report in words, for who runs the import.
//! It must not know where it is shown.

use std::fmt::{self, Display, Formatter};

use masthead_interchange::wxr::Ending;

use super::Outcome;
use super::reason::{Effect, Reason};
use super::report::{Counts, Group, Note, Noun, SAMPLES, printable};

const NOUNS: [(Noun, &str); 7] = [
    (Noun::Articles, "articles"),
    (Noun::Pages, "pages"),
    (Noun::Comments, "comments"),
    (Noun::Sections, "sections"),
    (Noun::Tags, "tags"),
    (Noun::Authors, "authors"),
    (Noun::Images, "images"),
];

const EFFECTS: [(Effect, &str); 4] = [
    (Effect::Lost, "Lost: in the file, or named by it, and could not come in"),
    (Effect::LeftOut, "Left out by a rule"),
    (Effect::Changed, "Came in otherwise than it stood in the file"),
    (Effect::Repaired, "Broken in the file and mended; nothing is missing"),
];

const GROUPS: [(Group, &str); 8] = [
    (Group::OtherItems, "items that are no articles"),
    (Group::LinkBacks, "notices of other sites' programs"),
    (Group::PersonalData, "data about persons, dropped"),
    (Group::CustomFields, "fields of themes and plugins"),
    (Group::Taxonomies, "terms of other taxonomies"),
    (Group::PostFormats, "post formats"),
    (Group::RepeatedNumbers, "items with the number of another"),
    (Group::Conversions, "turned into what articles have, nothing missing"),
];

/// Names of a group that are shown; the file of the report has all.
const NAMES: usize = 8;

impl Display for Outcome {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(origin) = &self.origin {
            writeln!(f, "From “{}” ({origin})\n", self.site.as_deref().unwrap_or("a site without a name"))?;
        }
        came_in(f, self.report.counts())?;
        for (effect, heading) in EFFECTS {
            self.reasons(f, effect, heading)?;
        }
        counted(f, self.report.counts())?;
        writeln!(f, "\n{}", self.ending())
    }
}

impl Outcome {
    /// How the file ended, or why the import stopped: one or two sentences.
    pub fn ending(&self) -> String {
        match &self.ended {
            Ok(Ending::Whole) => "The file is whole.".to_owned(),
            Ok(Ending::Truncated { line }) => format!(
                "The file is cut off: it ends within what begins in line {line}. What stands before came in."
            ),
            Ok(Ending::Mismatched { line, what }) => {
                let what = printable(what.clone());
                format!("The file was read to its end, but its tags do not match: line {line}, {what}.")
            }
            Ok(Ending::NotAnExport) => "This file is no WordPress export. Nothing was changed.".to_owned(),
            Err(error) => {
                format!("The import stopped: {error}. What came in before stays; run it again to go on.")
            }
        }
    }
}

impl Outcome {
    fn reasons(&self, f: &mut Formatter<'_>, effect: Effect, heading: &str) -> fmt::Result {
        let Some(reasons) = self.report.counts().reasons.get(&effect) else { return Ok(()) };
        writeln!(f, "\n{heading}: {}", reasons.values().sum::<u64>())?;
        for (reason, count) in reasons {
            writeln!(f, "{count:>7}  {}", reason.name())?;
            let samples = self.report.samples().get(reason).map_or(&[][..], Vec::as_slice);
            for note in samples {
                writeln!(f, "         {}", Line(note, *reason))?;
            }
            if *count > SAMPLES as u64 {
                writeln!(f, "         …")?;
            }
        }
        Ok(())
    }
}

/// One line of the report.
struct Line<'a>(&'a Note, Reason);

impl Display for Line<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(note, reason) = self;
        if let Some(line) = note.line {
            let file = if matches!(reason, Reason::UnknownAuthor | Reason::AuthorsFile) {
                " of the authors' file"
            } else {
                ""
            };
            write!(f, "line {line}{file}: ")?;
        }
        match &note.item {
            Some(item) => write!(f, "“{item}”: {}", note.what),
            None => f.write_str(&note.what),
        }
    }
}

fn came_in(f: &mut Formatter<'_>, counts: &Counts) -> fmt::Result {
    writeln!(f, "{:<12}{:>10}{:>14}", "", "came in", "already here")?;
    for (noun, name) in NOUNS {
        let came_in = counts.came_in.get(&noun).copied().unwrap_or(0);
        let already_here = counts.already_here.get(&noun).copied().unwrap_or(0);
        if came_in + already_here == 0 {
            continue;
        }
        write!(f, "{name:<12}{came_in:>10}{already_here:>14}")?;
        if let Some(statuses) = counts.statuses.get(&noun) {
            let statuses: Vec<String> =
                statuses.iter().map(|(status, count)| format!("{count} {status}")).collect();
            write!(f, "   {}", statuses.join(", "))?;
        }
        writeln!(f)?;
    }
    Ok(())
}

fn counted(f: &mut Formatter<'_>, counts: &Counts) -> fmt::Result {
    if counts.counted.is_empty() {
        return Ok(());
    }
    writeln!(f, "\nCounted only")?;
    for (group, heading) in GROUPS {
        let Some(names) = counts.counted.get(&group) else { continue };
        let mut sorted: Vec<_> = names.iter().collect();
        sorted.sort_by(|(a_name, a), (b_name, b)| b.count.cmp(&a.count).then(a_name.cmp(b_name)));
        let all: u64 = names.values().map(|tally| tally.count).sum();
        let mut shown: Vec<String> =
            sorted.iter().take(NAMES).map(|(name, tally)| format!("{} {name}", tally.count)).collect();
        if sorted.len() > NAMES {
            shown.push("…".to_owned());
        }
        writeln!(f, "{all:>7}  {heading}: {}", shown.join(", "))?;
    }
    Ok(())
}
