//! A site's rules for comments: what its editors set. It must not know where they are kept.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::comment::leave;
use crate::text::Localized;

/// A site's settings for comments. Stored as JSON; a field that is missing has its default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// Shortest text in visible characters: 1 to 1000, and no more than `max_length`.
    pub min_length: u32,
    /// Longest text in characters: 1 to 10 000.
    pub max_length: u32,
    /// Deepest level of a reply, the top being 0: 0 to 100.
    pub max_depth: u32,
    /// For how many minutes a writer may change or take back a comment: 0 (never) to 1440.
    pub edit_window: u32,
    /// After how many days an article takes no more comments: 1 to 3650. `None`: never.
    pub close_after_days: Option<u32>,
    /// How many comments of a writer moderators must have approved before the next is published at once under
    /// `FIRST_TIME`: 0 to 100.
    pub first_time_approvals: u32,
    /// Words and phrases that hold a comment. `*` at the end of an entry stands for any ending. At most 10 000 entries
    /// of at most 100 characters.
    pub suspect_words: Vec<String>,
    /// Words and phrases with which a comment is not taken: its writer is asked to reword it. Limits as above.
    pub banned_words: Vec<String>,
    /// With more links than this a comment is held, with far more its writer is asked to reword it: 0 to 100.
    pub max_links: u32,
    /// Hosts that hide where a link leads; links to them, or below them, hold a comment. At most 1000.
    pub shorteners: Vec<String>,
    /// A form that is sent within fewer seconds is held: 0 (never) to 3600.
    pub min_seconds: u32,
    /// A comment that comes without a form's token is held.
    pub needs_form_token: bool,
    /// So many readers' reports hold a published comment: 1 to 1000.
    pub report_threshold: u32,
    /// From this probability on a text is held as spam: 0.5 to 1.
    pub spam_threshold: f64,
    /// What the site asks of writers, shown beside the form: plain text of at most 5000 characters a locale.
    pub guidelines: Localized<String>,
}

/// Well-known services that shorten links, as hosts.
pub const SHORTENERS: [&str; 24] = [
    "adf.ly",
    "bit.ly",
    "bl.ink",
    "buff.ly",
    "clck.ru",
    "cutt.ly",
    "goo.gl",
    "goo.su",
    "is.gd",
    "j.mp",
    "lnkd.in",
    "ow.ly",
    "qr.ae",
    "rb.gy",
    "rebrand.ly",
    "s.id",
    "shorte.st",
    "shorturl.at",
    "soo.gd",
    "t.co",
    "t.ly",
    "tiny.cc",
    "tinyurl.com",
    "v.gd",
];

impl Default for Rules {
    fn default() -> Self {
        Self {
            min_length: 1,
            max_length: 10_000,
            max_depth: 100,
            edit_window: 15,
            close_after_days: None,
            first_time_approvals: 1,
            suspect_words: Vec::new(),
            banned_words: Vec::new(),
            max_links: 2,
            shorteners: SHORTENERS.map(str::to_owned).to_vec(),
            min_seconds: 3,
            needs_form_token: false,
            report_threshold: 3,
            spam_threshold: 0.9,
            guidelines: Localized::new(),
        }
    }
}

/// A setting that is out of bounds.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{field}: {why}")]
pub struct Faulty {
    /// The field's name as in [`Rules`].
    pub field: &'static str,
    /// What is wrong with it, without its value.
    pub why: String,
}

impl Faulty {
    pub(super) fn new(field: &'static str, why: impl Into<String>) -> Self {
        Self { field, why: why.into() }
    }
}

/// Most entries of a word list, and the longest in characters.
const MAX_WORDS: (usize, usize) = (10_000, 100);
/// Most shorteners.
const MAX_SHORTENERS: usize = 1000;
/// Longest guidelines in characters.
const MAX_GUIDELINES: usize = 5000;

pub(super) const MIN_LENGTH: RangeInclusive<u32> = 1..=1000;
// Far below 2³².
pub(super) const MAX_LENGTH: RangeInclusive<u32> = 1..=leave::MAX_BODY as u32;
pub(super) const MAX_DEPTH: RangeInclusive<u32> = 0..=leave::MAX_DEPTH;
pub(super) const EDIT_WINDOW: RangeInclusive<u32> = 0..=1440;
pub(super) const CLOSE_AFTER_DAYS: RangeInclusive<u32> = 1..=3650;
pub(super) const APPROVALS: RangeInclusive<u32> = 0..=100;

impl Rules {
    /// Whether every setting is within its bounds. Names the first field that is not.
    pub fn check(&self) -> Result<(), Faulty> {
        within("min_length", self.min_length, MIN_LENGTH)?;
        within("max_length", self.max_length, MAX_LENGTH)?;
        if self.min_length > self.max_length {
            return Err(Faulty::new("min_length", "is more than the longest text"));
        }
        within("max_depth", self.max_depth, MAX_DEPTH)?;
        within("edit_window_minutes", self.edit_window, EDIT_WINDOW)?;
        if let Some(days) = self.close_after_days {
            within("close_after_days", days, CLOSE_AFTER_DAYS)?;
        }
        within("first_time_approvals", self.first_time_approvals, APPROVALS)?;
        words("suspect_words", &self.suspect_words)?;
        words("banned_words", &self.banned_words)?;
        within("max_links", self.max_links, 0..=100)?;
        if self.shorteners.len() > MAX_SHORTENERS {
            return Err(Faulty::new("shorteners", format!("has at most {MAX_SHORTENERS} entries")));
        }
        if self.shorteners.iter().any(|host| url::Host::parse(host).is_err() || host.contains('/')) {
            return Err(Faulty::new("shorteners", "holds hosts such as `bit.ly`, without a path"));
        }
        within("min_seconds", self.min_seconds, 0..=3600)?;
        within("report_threshold", self.report_threshold, 1..=1000)?;
        if !(0.5..=1.0).contains(&self.spam_threshold) {
            return Err(Faulty::new("spam_threshold", "is 0.5 to 1"));
        }
        guidelines(&self.guidelines)
    }
}

pub(super) fn guidelines(texts: &Localized<String>) -> Result<(), Faulty> {
    for (_, text) in texts.iter() {
        crate::text::plain::lines(text, MAX_GUIDELINES)
            .map_err(|unfit| Faulty::new("guidelines", unfit.to_string()))?;
    }
    Ok(())
}

pub(super) fn within(field: &'static str, value: u32, bounds: RangeInclusive<u32>) -> Result<(), Faulty> {
    if bounds.contains(&value) {
        return Ok(());
    }
    Err(Faulty::new(field, format!("is {} to {}", bounds.start(), bounds.end())))
}

fn words(field: &'static str, entries: &[String]) -> Result<(), Faulty> {
    let (most, longest) = MAX_WORDS;
    if entries.len() > most {
        return Err(Faulty::new(field, format!("has at most {most} entries")));
    }
    for (n, entry) in entries.iter().enumerate() {
        crate::text::plain::needed_line(entry, longest)
            .map_err(|unfit| Faulty::new(field, format!("entry {}: {unfit}", n + 1)))?;
        if !super::words::is_usable(entry) {
            return Err(Faulty::new(field, format!("entry {}: needs two letters or digits", n + 1)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_faulty_field_is_named() {
        assert_eq!(Rules::default().check(), Ok(()));
        let cases: [(&str, Rules); 16] = [
            ("min_length", Rules { min_length: 0, ..Rules::default() }),
            ("min_length", Rules { min_length: 11, max_length: 10, ..Rules::default() }),
            ("max_length", Rules { max_length: 0, ..Rules::default() }),
            ("max_length", Rules { max_length: 10_001, ..Rules::default() }),
            ("max_depth", Rules { max_depth: 101, ..Rules::default() }),
            ("edit_window_minutes", Rules { edit_window: 1441, ..Rules::default() }),
            ("close_after_days", Rules { close_after_days: Some(0), ..Rules::default() }),
            ("first_time_approvals", Rules { first_time_approvals: 101, ..Rules::default() }),
            ("suspect_words", Rules { suspect_words: vec![" ".into()], ..Rules::default() }),
            ("banned_words", Rules { banned_words: vec!["…".into()], ..Rules::default() }),
            ("banned_words", Rules { banned_words: vec!["a\nb".into()], ..Rules::default() }),
            ("shorteners", Rules { shorteners: vec!["https://bit.ly/".into()], ..Rules::default() }),
            ("min_seconds", Rules { min_seconds: 3601, ..Rules::default() }),
            ("report_threshold", Rules { report_threshold: 0, ..Rules::default() }),
            ("spam_threshold", Rules { spam_threshold: f64::NAN, ..Rules::default() }),
            ("max_links", Rules { max_links: 101, ..Rules::default() }),
        ];
        for (field, rules) in cases {
            assert_eq!(rules.check().unwrap_err().field, field);
        }
    }

    #[test]
    fn what_is_missing_has_its_default() {
        assert_eq!(serde_json::from_str::<Rules>("{}").unwrap(), Rules::default());
        let some: Rules = serde_json::from_str(r#"{"max_links": 0, "banned_words": ["كازينو"]}"#).unwrap();
        assert_eq!((some.max_links, some.min_seconds), (0, 3));
        let back: Rules = serde_json::from_str(&serde_json::to_string(&some).unwrap()).unwrap();
        assert_eq!(back, some);
    }
}
