//! Leaving a comment: what is asked of it, and what becomes of it.

use thiserror::Error;

use super::{Policy, Status};
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
    #[error("This thread is {MAX_DEPTH} levels deep: answer further up, please.")]
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
                let name = clean_text(&name, Field::AuthorName)?;
                if name.chars().any(|c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')) {
                    return Err(Refused::Invalid {
                        field: Field::AuthorName,
                        why: "A name holds no marks that turn the direction of what follows.",
                    });
                }
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

/// What becomes of a fit comment under `policy`. `approved_before`: this writer, known by session or writer
/// key, has a published comment.
pub fn first_status(policy: Policy, fit: &Fit, approved_before: bool) -> Result<Status, Refused> {
    match policy {
        Policy::Closed => Err(Refused::Closed),
        Policy::Members => Err(Refused::MembersOnly),
        _ if fit.looks_automatic => Ok(Status::Pending),
        Policy::Moderated => Ok(Status::Pending),
        Policy::FirstTime if !approved_before => Ok(Status::Pending),
        Policy::FirstTime | Policy::Open => Ok(Status::Published),
    }
}

/// The level of an answer to a comment at `parent_depth`; `None` for the top of a thread.
pub fn depth_below(parent_depth: Option<u32>) -> Result<u32, Refused> {
    match parent_depth {
        None => Ok(0),
        Some(depth) if depth >= MAX_DEPTH => Err(Refused::TooDeep),
        Some(depth) => Ok(depth + 1),
    }
}

/// Characters that show nothing: zero-width ones, marks and overrides of direction, and what is no character at all.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

fn clean_text(text: &str, field: Field) -> Result<String, Refused> {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    if text.chars().any(|c| (c.is_control() && !matches!(c, '\n' | '\t')) || u32::from(c) & 0xfffe == 0xfffe)
    {
        return Err(Refused::Invalid {
            field,
            why: "This holds a control character; type it again, please.",
        });
    }
    if text.chars().all(|c| c.is_whitespace() || is_invisible(c)) {
        return Ok(String::new());
    }
    Ok(text.trim().to_owned())
}

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
        assert_eq!(submission("a\r\nb").check().map(|fit| fit.body), Ok("a\nb".into()));
        let named = Submission { author_name: Some("A\nB".into()), ..submission("x") };
        assert!(matches!(named.check(), Err(Refused::Invalid { field: Field::AuthorName, .. })));
        let mailed = Submission { author_email: Some("nobody".into()), ..submission("x") };
        assert!(matches!(mailed.check(), Err(Refused::Invalid { field: Field::AuthorEmail, .. })));
        let keyed = Submission { idempotency_key: Some("short".into()), ..submission("x") };
        assert!(matches!(keyed.check(), Err(Refused::Invalid { field: Field::IdempotencyKey, .. })));
    }

    #[test]
    fn the_policy_decides() {
        let fit = submission("x").check().expect("fit");
        assert_eq!(first_status(Policy::Open, &fit, false), Ok(Status::Published));
        assert_eq!(first_status(Policy::FirstTime, &fit, false), Ok(Status::Pending));
        assert_eq!(first_status(Policy::FirstTime, &fit, true), Ok(Status::Published));
        assert_eq!(first_status(Policy::Moderated, &fit, true), Ok(Status::Pending));
        assert_eq!(first_status(Policy::Closed, &fit, true), Err(Refused::Closed));
        assert_eq!(first_status(Policy::Members, &fit, true), Err(Refused::MembersOnly));
        let bot = Submission { website: Some("https://spam.example".into()), ..submission("x") }
            .check()
            .expect("fit");
        assert_eq!(first_status(Policy::Open, &bot, true), Ok(Status::Pending));
    }

    #[test]
    fn threads_end_at_a_hundred_levels() {
        assert_eq!(depth_below(None), Ok(0));
        assert_eq!(depth_below(Some(99)), Ok(100));
        assert_eq!(depth_below(Some(100)), Err(Refused::TooDeep));
    }
}
