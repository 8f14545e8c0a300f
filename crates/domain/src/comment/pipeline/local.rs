//! Where a section or an article has rules of its own for comments. It must not know where they are kept, nor how sections
//! stand in their tree.
//!
//! What a place says nothing of is as above it: an article's rules go before its section's, a section's before those of
//! the section above it, and these before the site's. Only what concerns one conversation can differ; word lists, links and
//! thresholds are the site's. The policy has columns of its own, because lists show it.

use serde::{Deserialize, Serialize};

use super::Rules;
use super::rules::{
    APPROVALS, CLOSE_AFTER_DAYS, EDIT_WINDOW, Faulty, MAX_DEPTH, MAX_LENGTH, MIN_LENGTH, guidelines, within,
};
use crate::article::ArticleId;
use crate::section::SectionId;
use crate::text::Localized;

/// The rules of one section or one article. Stored as JSON; `None`, and a field that is missing, is as above.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LocalRules {
    /// See [`Rules::min_length`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u32>,
    /// See [`Rules::max_length`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// See [`Rules::max_depth`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_depth: Option<u32>,
    /// See [`Rules::edit_window`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit_window: Option<u32>,
    /// When its comments close by age.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub close_after_days: Option<Closing>,
    /// See [`Rules::first_time_approvals`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_time_approvals: Option<u32>,
    /// In the languages that it has. In others as above.
    #[serde(skip_serializing_if = "Localized::is_empty")]
    pub guidelines: Localized<String>,
}

/// What can have rules of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RulesOf {
    /// One article.
    Article(ArticleId),
    /// A section, for all below it.
    Section(SectionId),
}

/// When comments close by an article's age. Stored and shown as a number of days, of which 0 stands for never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "u32", into = "u32")]
pub enum Closing {
    /// Never, whatever is said above.
    Never,
    /// After so many days.
    AfterDays(u32),
}

impl Closing {
    /// The days; `None`: never.
    #[must_use]
    pub const fn days(self) -> Option<u32> {
        match self {
            Self::Never => None,
            Self::AfterDays(days) => Some(days),
        }
    }
}

impl From<u32> for Closing {
    fn from(days: u32) -> Self {
        if days == 0 { Self::Never } else { Self::AfterDays(days) }
    }
}

impl From<Closing> for u32 {
    fn from(closing: Closing) -> Self {
        closing.days().unwrap_or(0)
    }
}

impl LocalRules {
    /// Whether it says nothing, so that all is as above.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What holds below a place with these rules, where `above` holds above it.
    #[must_use]
    pub fn over(&self, above: &Self) -> Self {
        let mut texts = above.guidelines.clone();
        for (locale, text) in self.guidelines.iter() {
            texts.insert(locale.clone(), text.clone());
        }
        Self {
            min_length: self.min_length.or(above.min_length),
            max_length: self.max_length.or(above.max_length),
            max_depth: self.max_depth.or(above.max_depth),
            edit_window: self.edit_window.or(above.edit_window),
            close_after_days: self.close_after_days.or(above.close_after_days),
            first_time_approvals: self.first_time_approvals.or(above.first_time_approvals),
            guidelines: texts,
        }
    }

    /// The site's rules as they hold here.
    #[must_use]
    pub fn of(&self, mut site: Rules) -> Rules {
        site.max_length = self.max_length.unwrap_or(site.max_length);
        // Where the shortest text asked for is longer than the longest allowed, whichever was said nearer: what is allowed
        // is enough.
        site.min_length = self.min_length.unwrap_or(site.min_length).min(site.max_length);
        site.max_depth = self.max_depth.unwrap_or(site.max_depth);
        site.edit_window = self.edit_window.unwrap_or(site.edit_window);
        site.close_after_days = self.close_after_days.map_or(site.close_after_days, Closing::days);
        site.first_time_approvals = self.first_time_approvals.unwrap_or(site.first_time_approvals);
        for (locale, text) in self.guidelines.iter() {
            site.guidelines.insert(locale.clone(), text.clone());
        }
        site
    }

    /// Whether every rule is within its bounds, which are those of the site's. Names the first field that is not.
    pub fn check(&self) -> Result<(), Faulty> {
        let numbers = [
            ("min_length", self.min_length, MIN_LENGTH),
            ("max_length", self.max_length, MAX_LENGTH),
            ("max_depth", self.max_depth, MAX_DEPTH),
            ("edit_window_minutes", self.edit_window, EDIT_WINDOW),
            ("close_after_days", self.close_after_days.and_then(Closing::days), CLOSE_AFTER_DAYS),
            ("first_time_approvals", self.first_time_approvals, APPROVALS),
        ];
        for (field, value, bounds) in numbers {
            if let Some(value) = value {
                within(field, value, bounds)?;
            }
        }
        if self.min_length.zip(self.max_length).is_some_and(|(min, max)| min > max) {
            return Err(Faulty::new("min_length", "is more than the longest text"));
        }
        guidelines(&self.guidelines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::LanguageTag;

    fn texts(pairs: &[(&str, &str)]) -> Localized<String> {
        pairs.iter().map(|&(tag, text)| (LanguageTag::parse(tag).unwrap(), text.to_owned())).collect()
    }

    #[test]
    fn the_nearest_word_counts() {
        let site = Rules {
            max_depth: 9,
            close_after_days: Some(30),
            guidelines: texts(&[("en", "Be kind."), ("fr", "Restez courtois.")]),
            ..Rules::default()
        };
        let section = LocalRules {
            max_depth: Some(2),
            close_after_days: Some(Closing::AfterDays(7)),
            guidelines: texts(&[("en", "Sport only.")]),
            ..LocalRules::default()
        };
        let article = LocalRules {
            close_after_days: Some(Closing::Never),
            edit_window: Some(0),
            ..LocalRules::default()
        };
        let here = article.over(&section).of(site.clone());
        assert_eq!((here.max_depth, here.close_after_days, here.edit_window), (2, None, 0));
        assert_eq!(here.guidelines, texts(&[("en", "Sport only."), ("fr", "Restez courtois.")]));
        assert_eq!(here.max_length, site.max_length);
        assert_eq!(LocalRules::default().over(&section), section);
        assert_eq!(LocalRules::default().of(site.clone()), site);
    }

    #[test]
    fn a_shorter_longest_text_bounds_the_shortest() {
        let site = Rules { min_length: 50, ..Rules::default() };
        let short = LocalRules { max_length: Some(20), ..LocalRules::default() };
        assert_eq!(short.of(site).min_length, 20);
    }

    #[test]
    fn never_is_told_from_not_said() {
        let never: LocalRules = serde_json::from_str(r#"{"close_after_days": 0}"#).unwrap();
        assert_eq!(never.close_after_days, Some(Closing::Never));
        assert_eq!(serde_json::to_string(&never).unwrap(), r#"{"close_after_days":0}"#);
        assert!(serde_json::from_str::<LocalRules>("{}").unwrap().is_empty());
        assert!(!never.is_empty());
    }

    #[test]
    fn the_faulty_field_is_named() {
        assert_eq!(LocalRules::default().check(), Ok(()));
        let none = LocalRules::default;
        let cases: [(&str, LocalRules); 7] = [
            ("min_length", LocalRules { min_length: Some(0), ..none() }),
            ("min_length", LocalRules { min_length: Some(30), max_length: Some(20), ..none() }),
            ("max_length", LocalRules { max_length: Some(10_001), ..none() }),
            ("max_depth", LocalRules { max_depth: Some(101), ..none() }),
            ("edit_window_minutes", LocalRules { edit_window: Some(1441), ..none() }),
            ("close_after_days", LocalRules { close_after_days: Some(Closing::AfterDays(3651)), ..none() }),
            ("guidelines", LocalRules { guidelines: texts(&[("en", &"x".repeat(5001))]), ..none() }),
        ];
        for (field, rules) in cases {
            assert_eq!(rules.check().unwrap_err().field, field);
        }
    }
}
