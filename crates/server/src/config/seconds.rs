//! A span of time as people set it: in seconds, fractions allowed. It must not know what is timed.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer};

/// A span of time, written in seconds: `10`, `0.5`. At least a millisecond, at most a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seconds(
    /// The span. Inside the program any will do; bounds are for what people write.
    pub Duration,
);

/// The text is no number of seconds, or not between a millisecond and a day.
#[derive(Debug, thiserror::Error)]
#[error("a time is in seconds, from 0.001 to 86400")]
pub struct InvalidSeconds;

impl Seconds {
    fn new(seconds: f64) -> Result<Self, InvalidSeconds> {
        match Duration::try_from_secs_f64(seconds) {
            Ok(span) if (0.001..=86_400.0).contains(&seconds) => Ok(Self(span)),
            _ => Err(InvalidSeconds),
        }
    }
}

impl FromStr for Seconds {
    type Err = InvalidSeconds;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::new(text.trim().parse().map_err(|_| InvalidSeconds)?)
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(f64::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.as_secs_f64())
    }
}
