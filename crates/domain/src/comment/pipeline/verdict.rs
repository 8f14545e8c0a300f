//! The words in which phases speak: a verdict, the phase's name, and what it saw. It must not know how any phase comes to
//! its verdict.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// What a phase says. Ordered: the gravest of all findings decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Verdict {
    /// Everyone may see it.
    Publish,
    /// A moderator sees it first.
    Hold,
    /// Its writer is told what to change, and nothing is stored.
    Reword,
    /// Nothing is stored.
    Refuse,
}

impl Verdict {
    /// Every verdict, the mildest first.
    pub const ALL: [Self; 4] = [Self::Publish, Self::Hold, Self::Reword, Self::Refuse];

    /// The name used in the database and in GraphQL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Publish => "PUBLISH",
            Self::Hold => "HOLD",
            Self::Reword => "REWORD",
            Self::Refuse => "REFUSE",
        }
    }

    /// The verdict of exactly that name. `None` for any other text.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.as_str() == name)
    }
}

/// The phases, in their order: cheap and certain ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Phase {
    /// The text is longer than is allowed below the article, or shorter.
    Length,
    /// The article takes no comments, or no longer.
    Closed,
    /// The writer is banned.
    Banned,
    /// Too many in too short a time. Counted outside of the domain.
    Rate,
    /// The same text, or nearly, was left shortly before.
    Duplicate,
    /// A word of the site's lists.
    Words,
    /// Too many links, or links that hide where they lead.
    Links,
    /// Shouting, repetition, floods of emoji or of marks.
    Shape,
    /// A field was filled in that people do not see, or the form was sent faster than people write.
    Trap,
    /// What became of the writer's earlier comments.
    History,
    /// The article's policy: who is published at once.
    Policy,
    /// What the site's moderators took for spam before.
    Spam,
    /// The newsroom's own classifier. Called outside of the domain.
    External,
    /// Readers reported a published comment.
    Reports,
}

impl Phase {
    /// Every phase in its order.
    pub const ALL: [Self; 14] = [
        Self::Length,
        Self::Closed,
        Self::Banned,
        Self::Rate,
        Self::Duplicate,
        Self::Words,
        Self::Links,
        Self::Shape,
        Self::Trap,
        Self::History,
        Self::Policy,
        Self::Spam,
        Self::External,
        Self::Reports,
    ];

    /// The name used in the database and in GraphQL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Length => "LENGTH",
            Self::Closed => "CLOSED",
            Self::Banned => "BANNED",
            Self::Rate => "RATE",
            Self::Duplicate => "DUPLICATE",
            Self::Words => "WORDS",
            Self::Links => "LINKS",
            Self::Shape => "SHAPE",
            Self::Trap => "TRAP",
            Self::History => "HISTORY",
            Self::Policy => "POLICY",
            Self::Spam => "SPAM",
            Self::External => "EXTERNAL",
            Self::Reports => "REPORTS",
        }
    }

    /// The phase of exactly that name. `None` for any other text.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.as_str() == name)
    }
}

/// What a phase saw in a text or its writer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Which phase.
    pub phase: Phase,
    /// What it would do.
    pub verdict: Verdict,
    /// One English sentence: for moderators, and with [`Verdict::Reword`] and [`Verdict::Refuse`] fit for the writer.
    pub detail: String,
    /// The bytes of the text that it is about, on character borders. `None`: the whole, the name, or no text at all.
    pub span: Option<Range<usize>>,
}

impl Finding {
    /// A finding about the whole.
    #[must_use]
    pub fn new(phase: Phase, verdict: Verdict, detail: impl Into<String>) -> Self {
        Self { phase, verdict, detail: detail.into(), span: None }
    }

    /// The same, about these bytes of the text.
    #[must_use]
    pub fn at(mut self, span: Range<usize>) -> Self {
        self.span = Some(span);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_are_those_of_serde() {
        for verdict in Verdict::ALL {
            assert_eq!(Verdict::parse(verdict.as_str()), Some(verdict));
            assert_eq!(serde_json::to_string(&verdict).unwrap(), format!("\"{}\"", verdict.as_str()));
        }
        for phase in Phase::ALL {
            assert_eq!(Phase::parse(phase.as_str()), Some(phase));
            assert_eq!(serde_json::to_string(&phase).unwrap(), format!("\"{}\"", phase.as_str()));
        }
        assert!(Phase::ALL.is_sorted() && Verdict::ALL.is_sorted());
        assert_eq!(Verdict::parse("hold"), None);
        assert_eq!(Phase::parse(""), None);
    }
}
