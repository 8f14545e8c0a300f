//! A text with all that is known of it and its writer. It must not know where any of it was looked up.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Rules, SpamModel, WordLists};
use crate::comment::Policy;

/// What phases know of a text and its writer: everything is a value, nothing is looked up.
#[derive(Debug, Clone)]
pub struct Case<'a> {
    /// The text, as [`crate::comment::leave::Submission::check`] gives it.
    pub text: &'a str,
    /// The name to show. `None`: anonymous.
    pub author_name: Option<&'a str>,
    /// The site's settings.
    pub rules: &'a Rules,
    /// The word lists of `rules`, compiled: see [`WordLists::compile`].
    pub words: &'a WordLists,
    /// What the site's moderators decided before, as far as it concerns the tokens of this text.
    pub spam: &'a SpamModel,
    /// The policy in force: the operator's, the article's, or the site's.
    pub policy: Policy,
    /// The writer has a login.
    pub signed_in: bool,
    /// How long the article has been public. `None`: unknown, so that it never closes by age.
    pub article_age: Option<TimeDelta>,
    /// How long the form was open. `None`: it came without a token that says so.
    pub open_for: Option<TimeDelta>,
    /// A field was filled in that people do not see.
    pub honeypot: bool,
    /// Texts left lately by the same writer, from the same address, or below the same article.
    pub recent: &'a [Recent],
    /// What became of the writer's earlier comments.
    pub history: History,
    /// The ban in force; one that ran out is none.
    pub ban: Option<Ban>,
    /// A setting for trials and tests: near-duplicates and forms sent too quickly pass.
    pub throttles_off: bool,
}

impl<'a> Case<'a> {
    /// A text without a writer that is known: signed out, no history, no ban, nothing recent, policy
    /// [`Policy::Open`]. To be filled in with what is known.
    #[must_use]
    pub fn of(text: &'a str, rules: &'a Rules, words: &'a WordLists, spam: &'a SpamModel) -> Self {
        Self {
            text,
            author_name: None,
            rules,
            words,
            spam,
            policy: Policy::Open,
            signed_in: false,
            article_age: None,
            open_for: None,
            honeypot: false,
            recent: &[],
            history: History::default(),
            ban: None,
            throttles_off: false,
        }
    }
}

/// A text that was left shortly before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recent {
    /// As it was written.
    pub text: String,
    /// How long ago.
    pub age: TimeDelta,
    /// By the same writer or from the same address; else by somebody else below the same article.
    pub same_writer: bool,
}

/// What became of a writer's earlier comments. All zero for a writer who is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct History {
    /// Published now, however they came to be.
    pub published: u32,
    /// Published now, by a moderator's decision. `None`: it was not asked, because no policy needs it.
    pub approved: Option<u32>,
    /// Rejected by a moderator, ever.
    pub rejected: u32,
    /// Taken for spam by a moderator, ever.
    pub spam: u32,
    /// Taken back by the writer, ever.
    pub withdrawn: u32,
    /// Rejected or taken for spam in the last 30 days.
    pub recent_rejections: u32,
}

/// A ban in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ban {
    /// When it ends. `None`: never.
    pub until: Option<DateTime<Utc>>,
    /// The writer is not told: comments are held, and shown to their writer as if they were public.
    pub shadow: bool,
}
