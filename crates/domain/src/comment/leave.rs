//! Leaving a comment: what is asked of it, and what becomes of it.

use thiserror::Error;

use super::tidy::{is_noncharacter, tidy, turns};
use crate::user::EmailAddress;

/// Longest text in characters.
pub const MAX_BODY: usize = 10_000;
/// Longest name in characters.
pub const MAX_NAME: usize = 100;
/// Deepest level of a reply; the top of a thread is level 0.
pub const MAX_DEPTH: u32 = 100;
/// Length of an idempotency key in characters.
pub const KEY_LENGTH: std::ops::RangeInclusive<usize> = 16..=200;

/// What a writer hands in, as it came.
#[derive(Debug, Clone, Default)]
pub struct Submission {
    /// The text.
    pub body: String,
    /// The name to show.
    pub author_name: Option<String>,
    /// An address for the newsroom only.
    pub author_email: Option<String>,
    /// A random key that makes a repeated request harmless.
    pub idempotency_key: Option<String>,
    /// A secret that the reader's browser keeps; tells one guest from another.
    pub writer_key: Option<String>,
    /// A field that people do not see and leave empty.
    pub website: Option<String>,
}

/// A submission that is fit to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit {
    /// The text, line ends as `\n`, without outer blanks.
    pub body: String,
    /// The name to show.
    pub author_name: Option<String>,
    /// An address for the newsroom only.
    pub author_email: Option<EmailAddress>,
    /// The key against doubles.
    pub idempotency_key: Option<String>,
    /// The reader's own secret.
    pub writer_key: Option<String>,
    /// The honeypot was filled in.
    pub looks_automatic: bool,
}

/// Which field of the submission is at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The text.
    Body,
    /// The name.
    AuthorName,
    /// The address.
    AuthorEmail,
    /// The idempotency key.
    IdempotencyKey,
    /// The writer's key.
    WriterKey,
    /// The comment that is answered.
    ParentId,
}

/// Why a comment is not taken. Each has a sentence for the writer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refused {
    /// The article takes no comments.
    #[error("Comments on this article are closed.")]
    Closed,
    /// Only people with a login may comment.
    #[error("Sign in to comment on this article.")]
    MembersOnly,
    /// A field is empty, malformed or holds what cannot be stored.
    #[error("{why}")]
    Invalid {
        /// Which one.
        field: Field,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The text or the name is too long.
    #[error("At most {max} characters, please: this has {len}.")]
    TooLong {
        /// Which field.
        field: Field,
        /// The limit in characters.
        max: usize,
        /// What it has.
        len: usize,
    },
    /// The thread is as deep as it may get.
    #[error("This thread is as deep as it may get: answer further up, please.")]
    TooDeep,
    /// The idempotency key was used for another comment.
    #[error("This idempotency key was used for another comment.")]
    KeyReused,
    /// No such article, or none that the writer may see.
    #[error("There is no such article.")]
    NotFound,
    /// No such comment to answer, below this article.
    #[error("There is no such comment to answer.")]
    ParentNotFound,
    /// Too many comments in too short a time.
    #[error("Too many comments in a short time: try again in {retry_after} seconds, please.")]
    TooFast {
        /// After how many seconds there is room for another, at least 1.
        retry_after: u32,
    },
    /// The same writer left the same text shortly before.
    #[error("You have already said this.")]
    Duplicate,
    /// The writer can leave it after changing something.
    #[error("{why}")]
    Reword {
        /// What to change, as the finding says it.
        why: String,
    },
    /// The writer may not comment at present.
    #[error("You cannot comment here at present.")]
    Banned,
}

impl Submission {
    /// Checks every field by itself.
    pub fn check(self) -> Result<Fit, Refused> {
        let body = clean_text(&self.body, Field::Body)?;
        if body.is_empty() {
            return Err(Refused::Invalid { field: Field::Body, why: "Write something first." });
        }
        at_most(&body, MAX_BODY, Field::Body)?;
        let author_name = match self.author_name {
            Some(name) => {
                if name.chars().any(turns) {
                    return Err(Refused::Invalid {
                        field: Field::AuthorName,
                        why: "A name holds no marks that turn the direction of what follows.",
                    });
                }
                let name = clean_text(&name, Field::AuthorName)?;
                if name.contains(['\n', '\t']) {
                    return Err(Refused::Invalid {
                        field: Field::AuthorName,
                        why: "A name stands on one line.",
                    });
                }
                at_most(&name, MAX_NAME, Field::AuthorName)?;
                (!name.is_empty()).then_some(name)
            }
            None => None,
        };
        let author_email = match self.author_email.filter(|text| !text.trim().is_empty()) {
            Some(text) => Some(EmailAddress::parse(&text).map_err(|_| Refused::Invalid {
                field: Field::AuthorEmail,
                why: "This is not an e-mail address.",
            })?),
            None => None,
        };
        let idempotency_key = key(self.idempotency_key, Field::IdempotencyKey)?;
        let writer_key = key(self.writer_key, Field::WriterKey)?;
        let looks_automatic = self.website.is_some_and(|text| !text.trim().is_empty());
        Ok(Fit { body, author_name, author_email, idempotency_key, writer_key, looks_automatic })
    }
}

/// The level of an answer to a comment at `parent_depth` (`None` for the top of a thread), on a site whose threads are at
/// most `max_depth` levels deep; never more than [`MAX_DEPTH`].
pub fn depth_below(parent_depth: Option<u32>, max_depth: u32) -> Result<u32, Refused> {
    match parent_depth {
        None => Ok(0),
        Some(depth) if depth >= max_depth.min(MAX_DEPTH) => Err(Refused::TooDeep),
        Some(depth) => Ok(depth + 1),
    }
}

/// Characters that show nothing: zero-width ones, marks and overrides of direction, fillers and the blank of Braille.
pub(super) fn is_invisible(c: char) -> bool {
    crate::text::is_invisible(c) || c == '\u{2800}'
}

/// What no keyboard writes: control characters, lines and the tabulator excepted, and noncharacters. A lone surrogate
/// cannot come this far: Rust's strings hold none, and JSON that has one is refused where it is read.
fn is_refused(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{85}')) || is_noncharacter(c)
}

/// The sentence that names a refused character.
fn refusal(c: char) -> &'static str {
    macro_rules! named {
        ($($code:literal)*) => {
            match u32::from(c) {
                $(code if code == u32_of($code) => {
                    concat!("This holds the control character U+00", $code, "; type it again, please.")
                })*
                _ => "This holds a code point that is no character, such as U+FFFE; type it again, please.",
            }
        };
    }
    named!("00" "01" "02" "03" "04" "05" "06" "07" "08" "0B" "0C" "0E" "0F"
        "10" "11" "12" "13" "14" "15" "16" "17" "18" "19" "1A" "1B" "1C" "1D" "1E" "1F" "7F"
        "80" "81" "82" "83" "84" "86" "87" "88" "89" "8A" "8B" "8C" "8D" "8E" "8F"
        "90" "91" "92" "93" "94" "95" "96" "97" "98" "99" "9A" "9B" "9C" "9D" "9E" "9F")
}

/// Two hexadecimal digits as a number; the literals above are nothing else.
const fn u32_of(hex: &str) -> u32 {
    match u32::from_str_radix(hex, 16) {
        Ok(code) => code,
        Err(_) => u32::MAX,
    }
}

fn clean_text(text: &str, field: Field) -> Result<String, Refused> {
    if let Some(c) = text.chars().find(|&c| is_refused(c)) {
        return Err(Refused::Invalid { field, why: refusal(c) });
    }
    let text = tidy(text);
    if text.chars().all(|c| c.is_whitespace() || is_invisible(c)) {
        return Ok(String::new());
    }
    Ok(text.trim().to_owned())
}

/// Tidying adds at most the ends of what was left open, so the limit is looked at behind it.
fn at_most(text: &str, max: usize, field: Field) -> Result<(), Refused> {
    let len = text.chars().count();
    if len > max { Err(Refused::TooLong { field, max, len }) } else { Ok(()) }
}

fn key(key: Option<String>, field: Field) -> Result<Option<String>, Refused> {
    match key {
        Some(key) if !KEY_LENGTH.contains(&key.chars().count()) || key.chars().any(char::is_control) => {
            Err(Refused::Invalid { field, why: "A key is random and has 16 to 200 characters." })
        }
        other => Ok(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn submission(body: &str) -> Submission {
        Submission { body: body.into(), ..Default::default() }
    }

    #[test]
    fn every_field_is_checked() {
        let long = "م".repeat(MAX_BODY + 1);
        assert!(submission(&"م".repeat(MAX_BODY)).check().is_ok());
        assert_eq!(
            submission(&long).check(),
            Err(Refused::TooLong { field: Field::Body, max: MAX_BODY, len: MAX_BODY + 1 })
        );
        assert!(matches!(submission(" \n ").check(), Err(Refused::Invalid { field: Field::Body, .. })));
        for invisible in ["\u{200b}", "\u{202e}\u{2066}", " \u{feff}\n"] {
            assert!(
                matches!(submission(invisible).check(), Err(Refused::Invalid { field: Field::Body, .. })),
                "{invisible:?}"
            );
        }
        for name in ["\u{202e}evil", "A\u{2028}B", "A\tB"] {
            let named = Submission { author_name: Some(name.into()), ..submission("x") };
            assert!(
                matches!(named.check(), Err(Refused::Invalid { field: Field::AuthorName, .. })),
                "{name:?}"
            );
        }
        assert!(matches!(submission("a\0b").check(), Err(Refused::Invalid { field: Field::Body, .. })));
        for (text, name) in
            [("a\0", "U+0000"), ("\u{1b}[2J", "U+001B"), ("\u{9b}", "U+009B"), ("\u{ffff}", "U+FFFE")]
        {
            let refused = submission(text).check().expect_err(name);
            assert!(refused.to_string().contains(name), "{refused}");
        }
        assert_eq!(submission("\u{202e}abc").check().map(|fit| fit.body), Ok("abc".into()));
        assert_eq!(submission("a\r\nb").check().map(|fit| fit.body), Ok("a\nb".into()));
        let named = Submission { author_name: Some("A\nB".into()), ..submission("x") };
        assert!(matches!(named.check(), Err(Refused::Invalid { field: Field::AuthorName, .. })));
        let mailed = Submission { author_email: Some("nobody".into()), ..submission("x") };
        assert!(matches!(mailed.check(), Err(Refused::Invalid { field: Field::AuthorEmail, .. })));
        let keyed = Submission { idempotency_key: Some("short".into()), ..submission("x") };
        assert!(matches!(keyed.check(), Err(Refused::Invalid { field: Field::IdempotencyKey, .. })));
    }

    #[test]
    fn threads_end_at_a_hundred_levels() {
        assert_eq!(depth_below(None, MAX_DEPTH), Ok(0));
        assert_eq!(depth_below(Some(99), MAX_DEPTH), Ok(100));
        assert_eq!(depth_below(Some(100), MAX_DEPTH), Err(Refused::TooDeep));
        assert_eq!(depth_below(Some(0), 0), Err(Refused::TooDeep));
        assert_eq!(depth_below(Some(4), 5), Ok(5));
        assert_eq!(depth_below(Some(100), u32::MAX), Err(Refused::TooDeep));
    }
}
