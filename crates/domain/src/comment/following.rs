//! Following the thread below an article by e-mail: how often letters come, in which language, and when the next is due.
//! It must not know who follows, nor how letters are sent.

use chrono::{DateTime, Days, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::site::TimeZone;
use crate::text::LanguageTag;

/// The key of a follow.
pub type FollowId = crate::Id<Follow>;

/// That somebody follows a thread. Marks keys only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Follow;

/// A follow that its address does not confirm is forgotten after this long, and its letter's link holds no longer.
pub const UNCONFIRMED: TimeDelta = TimeDelta::days(7);
/// Letters at once come at most one in this long; what happens meanwhile is in the next.
pub const GAP: TimeDelta = TimeDelta::minutes(10);
/// The hour at which letters once a day come, on the site's clock.
const MORNING: u32 = 8;

/// How often letters come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Frequency {
    /// At once, but see [`GAP`].
    Immediate,
    /// Once a day, in the morning.
    Daily,
}

impl Frequency {
    /// The name used in the database and in GraphQL.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Immediate => "IMMEDIATE",
            Self::Daily => "DAILY",
        }
    }

    /// When the next letter is due, where there is something to tell since `now` and the last letter was written at
    /// `told_at`.
    #[must_use]
    pub fn due(self, told_at: Option<DateTime<Utc>>, now: DateTime<Utc>, zone: TimeZone) -> DateTime<Utc> {
        match self {
            Self::Immediate => told_at.map_or(now, |at| now.max(at + GAP)),
            Self::Daily => next_morning(now, zone),
        }
    }
}

/// The next time that it is 8:00 on the site's clock; where that clock leaves it out, when it goes on.
#[must_use]
pub fn next_morning(now: DateTime<Utc>, zone: TimeZone) -> DateTime<Utc> {
    let today = now.with_timezone(&zone.zone()).date_naive();
    let mornings = (0..3).filter_map(|days| today.checked_add_days(Days::new(days))).filter_map(|day| {
        // Left out by a clock that is set forward: an hour later it is there.
        (0..3).find_map(|hours| {
            day.and_hms_opt(MORNING + hours, 0, 0)?.and_local_timezone(zone.zone()).earliest()
        })
    });
    let mut mornings = mornings.map(|morning| morning.with_timezone(&Utc));
    mornings.find(|morning| *morning > now).unwrap_or(now + TimeDelta::days(1))
}

/// A language that letters to readers are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// Arabic.
    #[serde(rename = "ar")]
    Arabic,
    /// French.
    #[serde(rename = "fr")]
    French,
    /// English.
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// The language of a locale; English where letters are not written in it.
    #[must_use]
    pub fn of(locale: &LanguageTag) -> Self {
        Self::parse(locale.primary()).unwrap_or(Self::English)
    }

    /// The language of this tag, exactly.
    pub fn parse(tag: &str) -> Option<Self> {
        [Self::Arabic, Self::French, Self::English].into_iter().find(|language| language.tag() == tag)
    }

    /// Its tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Arabic => "ar",
            Self::French => "fr",
            Self::English => "en",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn zone(name: &str) -> TimeZone {
        TimeZone::parse(name).expect("a zone")
    }

    #[test]
    fn letters_at_once_keep_a_distance() {
        for (told_at, now, due) in [
            (None, "2026-05-28T20:00:00Z", "2026-05-28T20:00:00Z"),
            (Some("2026-05-28T19:50:00Z"), "2026-05-28T20:00:00Z", "2026-05-28T20:00:00Z"),
            (Some("2026-05-28T19:50:01Z"), "2026-05-28T20:00:00Z", "2026-05-28T20:00:01Z"),
            (Some("2026-05-28T20:00:00Z"), "2026-05-28T20:00:00Z", "2026-05-28T20:10:00Z"),
            (Some("2026-01-01T00:00:00Z"), "2026-05-28T20:00:00Z", "2026-05-28T20:00:00Z"),
        ] {
            assert_eq!(Frequency::Immediate.due(told_at.map(at), at(now), TimeZone::UTC), at(due), "{now}");
        }
    }

    #[test]
    fn letters_once_a_day_come_at_eight_on_the_sites_clock() {
        for (name, now, due) in [
            ("UTC", "2026-05-28T07:59:59Z", "2026-05-28T08:00:00Z"),
            ("UTC", "2026-05-28T08:00:00Z", "2026-05-29T08:00:00Z"),
            ("UTC", "2026-12-31T20:00:00Z", "2027-01-01T08:00:00Z"),
            ("Asia/Beirut", "2026-01-15T05:00:00Z", "2026-01-15T06:00:00Z"),
            ("Asia/Beirut", "2026-07-15T05:00:00Z", "2026-07-16T05:00:00Z"),
            // The night in which the clocks change.
            ("Europe/Paris", "2026-03-28T20:00:00Z", "2026-03-29T06:00:00Z"),
            ("Europe/Paris", "2026-10-24T20:00:00Z", "2026-10-25T07:00:00Z"),
            // It is tomorrow there already.
            ("Pacific/Auckland", "2026-05-28T19:00:00Z", "2026-05-28T20:00:00Z"),
            // A day that was left out: Samoa had no 30 December 2011.
            ("Pacific/Apia", "2011-12-29T20:00:00Z", "2011-12-30T18:00:00Z"),
        ] {
            let told_at = Some(at(now));
            assert_eq!(Frequency::Daily.due(told_at, at(now), zone(name)), at(due), "{name} {now}");
        }
    }

    #[test]
    fn the_language_is_the_locales_or_english() {
        for (locale, language) in [
            ("ar-LB", Language::Arabic),
            ("fr", Language::French),
            ("en-GB", Language::English),
            ("de", Language::English),
        ] {
            assert_eq!(Language::of(&LanguageTag::parse(locale).expect("a tag")), language);
        }
        assert_eq!(Language::parse("fr"), Some(Language::French));
        assert_eq!(Language::parse("FR"), None);
    }
}
