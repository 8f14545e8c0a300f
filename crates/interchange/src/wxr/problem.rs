//! What went wrong in an export, in words: every repair and every loss, with its line.
//! It must not know how the file is read, nor what becomes of the entries.

use std::fmt;

use super::text::{self, Mended};
use super::window::Lines;

/// One repair or one loss. Several of one kind within one entry are told as one, with a count in the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line in the file, from 1: where the first of them stands.
    pub line: u64,
    /// What sort of trouble it is.
    pub kind: ProblemKind,
    /// Title of the entry it happened in, else its slug or id, else None.
    pub item: Option<String>,
    /// One sentence in plain English, without the line and without the entry's name.
    pub what: String,
    /// True when something of the file does not come in; false when it was repaired.
    pub lost: bool,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(item) = &self.item {
            write!(f, ", “{item}”")?;
        }
        write!(f, ": {}", self.what)
    }
}

/// The sorts of trouble. Reports count by these; the names printed are those of [`ProblemKind::as_str`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemKind {
    /// The file is no WordPress export at all, or is packed.
    NotAnExport,
    /// The declared encoding is unknown or is not the one that the bytes have.
    Encoding,
    /// Bytes that are no text in the file's encoding; each became U+FFFD.
    InvalidBytes,
    /// Control characters that XML forbids; dropped.
    ControlCharacters,
    /// `&` that begins no reference, or names an unknown entity; kept as text.
    Ampersand,
    /// `<` that begins no tag of the format; kept as text.
    LessThan,
    /// `]]>` inside a text that should have been split there; kept as text.
    CdataTerminator,
    /// A CDATA section that is never closed; ended at its element's closing tag.
    UnclosedCdata,
    /// A prefix that is used without being declared; its usual meaning was taken.
    UndeclaredPrefix,
    /// `<rss>` or `<channel>` is not there.
    MissingWrapper,
    /// No version of the format is told, or one that does not exist.
    Version,
    /// Text or tags that stand where none belong (PHP messages, for one).
    StrayText,
    /// An element without its closing tag.
    MissingEndTag,
    /// An element without its opening tag.
    MissingStartTag,
    /// A closing tag that closes nothing, or another element than the one that is open.
    MismatchedTag,
    /// The file ends inside an entry.
    Truncated,
    /// An entry above the limit of size; skipped.
    TooLarge,
    /// An entry without a field it should have.
    MissingField,
    /// A date that is none.
    BadDate,
    /// A number that is none.
    BadNumber,
    /// Serialized PHP that cannot be read.
    BadSerialized,
    /// A date without its offset from UTC.
    LocalTime,
    /// An entry with nothing in it.
    EmptyEntry,
    /// An element that this reader does not know; not read.
    ForeignElement,
    /// More follows after the end of the export.
    AfterTheEnd,
}

impl ProblemKind {
    /// The stable name for reports, in lower case with hyphens.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotAnExport => "not-an-export",
            Self::Encoding => "encoding",
            Self::InvalidBytes => "invalid-bytes",
            Self::ControlCharacters => "control-characters",
            Self::Ampersand => "ampersand",
            Self::LessThan => "less-than",
            Self::CdataTerminator => "cdata-terminator",
            Self::UnclosedCdata => "unclosed-cdata",
            Self::UndeclaredPrefix => "undeclared-prefix",
            Self::MissingWrapper => "missing-wrapper",
            Self::Version => "version",
            Self::StrayText => "stray-text",
            Self::MissingEndTag => "missing-end-tag",
            Self::MissingStartTag => "missing-start-tag",
            Self::MismatchedTag => "mismatched-tag",
            Self::Truncated => "truncated",
            Self::TooLarge => "too-large",
            Self::MissingField => "missing-field",
            Self::BadDate => "bad-date",
            Self::BadNumber => "bad-number",
            Self::BadSerialized => "bad-serialized",
            Self::LocalTime => "local-time",
            Self::EmptyEntry => "empty-entry",
            Self::ForeignElement => "foreign-element",
            Self::AfterTheEnd => "after-the-end",
        }
    }
}

/// How the file ended. The last thing that the reader yields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// Every tag found its partner, to the last one.
    Whole,
    /// The file stops inside an element.
    Truncated {
        /// The line where the entry that is cut off begins; the last line where the file stops between entries.
        line: u64,
    },
    /// The file goes to its end, with tags on the way that do not match.
    Mismatched {
        /// The first such line.
        line: u64,
        /// The first such tag, in plain English.
        what: String,
    },
    /// Nothing of an export was found; a [`Problem`] before this one says what the file looks like.
    NotAnExport,
}

/// One trouble while an entry is read; `at` counts bytes from where the entry begins.
#[derive(Debug)]
struct Trouble {
    kind: ProblemKind,
    lost: bool,
    at: usize,
    count: u64,
    what: String,
}

/// The troubles of one entry, gathered: the first of each kind is kept, the others are counted.
#[derive(Debug, Default)]
pub(super) struct Troubles(Vec<Trouble>);

impl Troubles {
    /// Notes one; the words are made only for the first of its kind.
    pub(super) fn note(&mut self, kind: ProblemKind, lost: bool, at: usize, what: impl FnOnce() -> String) {
        self.note_many(kind, lost, at, 1, what);
    }

    /// Notes `count` at once; none when the count is 0.
    pub(super) fn note_many(
        &mut self,
        kind: ProblemKind,
        lost: bool,
        at: usize,
        count: u64,
        what: impl FnOnce() -> String,
    ) {
        if count == 0 {
            return;
        }
        match self.0.iter_mut().find(|known| known.kind == kind && known.lost == lost) {
            Some(known) => known.count += count,
            None => self.0.push(Trouble { kind, lost, at, count, what: what() }),
        }
    }

    /// Where the first mismatch of tags is, and what it is.
    pub(super) fn first_mismatch(&self) -> Option<(usize, &str)> {
        let tags = |t: &&Trouble| {
            matches!(
                t.kind,
                ProblemKind::MismatchedTag | ProblemKind::MissingEndTag | ProblemKind::MissingStartTag
            )
        };
        self.0.iter().filter(tags).min_by_key(|t| t.at).map(|t| (t.at, t.what.as_str()))
    }

    /// Turns them into problems of the entry `item`.
    pub(super) fn into_problems(mut self, item: Option<&str>, mut lines: Lines<'_>) -> Vec<Problem> {
        self.0.sort_by_key(|trouble| trouble.at);
        self.0
            .into_iter()
            .map(|trouble| Problem {
                line: lines.at(trouble.at),
                kind: trouble.kind,
                item: item.map(str::to_owned),
                what: match trouble.count {
                    1 => trouble.what,
                    more => format!("{} (in all {more} times here)", trouble.what),
                },
                lost: trouble.lost,
            })
            .collect()
    }
}

/// What to say of a text that stands where none belongs: whether it may be something of the site's, and the words.
pub(super) fn stray_text(bytes: &[u8]) -> (bool, String) {
    const ENOUGH: usize = 600;
    let text = text::decode(&bytes[..bytes.len().min(ENOUGH)], &mut Mended::default());
    let of_php = ["Warning", "Notice", "Deprecated", "Fatal error", "Parse error", "Strict Standards"];
    let is_message = of_php.iter().any(|word| text.contains(word));
    let mut words = String::new();
    let mut in_tag = false;
    for character in text.chars() {
        match character {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ if !in_tag => words.push(character),
            _ => {}
        }
    }
    let shown = snippet(&words);
    let what = match (is_message, shown.is_empty()) {
        (true, _) => format!("a message of PHP was printed into the file, passed over: “{shown}”"),
        (false, true) => "tags that are not of the format, passed over".to_owned(),
        (false, false) => format!("text between elements, passed over: “{shown}”"),
    };
    (!is_message && shown.contains(char::is_alphanumeric), what)
}

/// The beginning of a text, on one line, for the words of a problem: at most 80 characters.
pub(super) fn snippet(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut words = String::new();
    // Only the beginning is looked at: the text may be megabytes.
    for word in text.split_whitespace().take(LONGEST) {
        if !words.is_empty() {
            words.push(' ');
        }
        words.extend(word.chars().take(LONGEST));
        if words.chars().count() > LONGEST {
            words = words.chars().take(LONGEST).collect();
            words.push('…');
            break;
        }
    }
    words
}
