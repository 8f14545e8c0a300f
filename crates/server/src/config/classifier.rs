//! The newsroom's own classifier of comments: where it is, and what counts when it does not answer. It must not know how
//! it is asked.

use std::time::Duration;

use clap::{Args, ValueEnum};
use masthead_domain::comment::pipeline::Verdict;
use serde::Deserialize;
use url::Url;

use super::{Seconds, SecretKey};

/// Where comments are classified besides. Without a `url` nobody is asked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Classifier {
    /// Takes a POST with JSON for each comment that nothing else refuses. Default none.
    pub url: Option<Url>,
    /// What requests are signed with. Needed with `url`.
    pub secret: Option<SecretKey>,
    /// How long an answer may take. Default 2 seconds.
    pub timeout: Seconds,
    /// What becomes of a comment to which no answer comes. Default hold.
    pub otherwise: Otherwise,
}

/// What becomes of a comment to which no answer comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Otherwise {
    /// What the other phases say.
    Publish,
    /// A moderator sees it first.
    Hold,
}

impl Otherwise {
    /// The verdict it stands for.
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::Publish => Verdict::Publish,
            Self::Hold => Verdict::Hold,
        }
    }
}

impl Default for Classifier {
    fn default() -> Self {
        Self { url: None, secret: None, timeout: Seconds(Duration::from_secs(2)), otherwise: Otherwise::Hold }
    }
}

/// The same as flags.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "The newsroom's own classifier of comments (`[classifier]` in the file)")]
pub(super) struct ClassifierFlags {
    /// Takes a signed POST with JSON for each comment [default: none is asked]
    #[arg(long, env = "MASTHEAD_CLASSIFIER_URL", global = true, hide_short_help = true, value_name = "URL")]
    classifier_url: Option<Url>,
    /// What requests are signed with [default: none]
    #[arg(
        long,
        env = "MASTHEAD_CLASSIFIER_SECRET",
        global = true,
        hide_short_help = true,
        hide_env_values = true,
        value_name = "SECRET"
    )]
    classifier_secret: Option<SecretKey>,
    /// How long an answer may take [default: 2]
    #[arg(
        long,
        env = "MASTHEAD_CLASSIFIER_TIMEOUT",
        global = true,
        hide_short_help = true,
        value_name = "SECONDS"
    )]
    classifier_timeout: Option<Seconds>,
    /// What becomes of a comment to which no answer comes [default: hold]
    #[arg(long, env = "MASTHEAD_CLASSIFIER_OTHERWISE", global = true, hide_short_help = true)]
    classifier_otherwise: Option<Otherwise>,
}

impl ClassifierFlags {
    /// Puts what was given in the place of what the settings hold.
    pub(super) fn apply(self, classifier: &mut Classifier) {
        classifier.url = self.classifier_url.or(classifier.url.take());
        classifier.secret = self.classifier_secret.or(classifier.secret.take());
        super::flags::set(&mut classifier.timeout, self.classifier_timeout);
        super::flags::set(&mut classifier.otherwise, self.classifier_otherwise);
    }
}
