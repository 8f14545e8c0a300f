//! Dates as exports write them.
//! It must not know which field a date is of.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};

/// What a text is, as a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Read<T> {
    /// A date.
    Date(T),
    /// Empty, or the zero date that WordPress writes for "not yet".
    None,
    /// Neither.
    Wrong,
}

/// `2012-01-05 14:30:46`, also with `T`, without seconds or without a time.
pub(super) fn local(text: &str) -> Read<NaiveDateTime> {
    let text = text.trim().trim_end_matches('Z');
    if is_zero(text) {
        return Read::None;
    }
    let with_time = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    let day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().and_then(|day| day.and_hms_opt(0, 0, 0));
    sane(with_time.or_else(day))
}

/// RSS's `Thu, 05 Jan 2012 14:30:46 +0000`, whatever its day of the week says; ISO 8601 as well.
pub(super) fn rss(text: &str) -> Read<DateTime<Utc>> {
    let text = text.trim();
    let without_day = text.split_once(',').map_or(text, |(_, rest)| rest).trim_start();
    if without_day.is_empty() || without_day.contains("-0001 ") || without_day.contains(" 0000 ") {
        return Read::None;
    }
    let read = DateTime::parse_from_rfc2822(without_day).or_else(|_| DateTime::parse_from_rfc3339(text));
    match sane(read.ok().map(|date| date.naive_utc())) {
        Read::Date(date) => Read::Date(date.and_utc()),
        Read::None => Read::None,
        Read::Wrong => Read::Wrong,
    }
}

/// `0000-00-00 00:00:00`, and `-0001-11-30 00:00:00`, which PHP makes of it.
fn is_zero(text: &str) -> bool {
    text.is_empty() || text.starts_with("0000-00-00") || text.starts_with("-0001") || text == "0"
}

fn sane(date: Option<NaiveDateTime>) -> Read<NaiveDateTime> {
    match date {
        Some(date) if (1..=9999).contains(&date.year()) => Read::Date(date),
        _ => Read::Wrong,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_dates() {
        let at = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap();
        let cases = [
            ("2012-01-05 14:30:46", Read::Date(at("2012-01-05 14:30:46"))),
            (" 2012-01-05T14:30:46Z ", Read::Date(at("2012-01-05 14:30:46"))),
            ("2012-01-05 14:30", Read::Date(at("2012-01-05 14:30:00"))),
            ("2012-01-05", Read::Date(at("2012-01-05 00:00:00"))),
            ("0000-00-00 00:00:00", Read::None),
            ("-0001-11-30 00:00:00", Read::None),
            ("", Read::None),
            ("2012-02-30 10:00:00", Read::Wrong),
            ("yesterday", Read::Wrong),
            ("99999-01-01 00:00:00", Read::Wrong),
        ];
        for (text, expected) in cases {
            assert_eq!(local(text), expected, "{text}");
        }
    }

    #[test]
    fn dates_of_rss() {
        let noon = DateTime::parse_from_rfc3339("2024-11-02T12:00:00Z").unwrap().to_utc();
        let cases = [
            ("Sat, 02 Nov 2024 12:00:00 +0000", Read::Date(noon)),
            // Hand-made exports count days of the week wrongly.
            ("Mon, 02 Nov 2024 15:00:00 +0300", Read::Date(noon)),
            ("2 Nov 2024 12:00:00 GMT", Read::Date(noon)),
            ("2024-11-02T13:00:00+01:00", Read::Date(noon)),
            ("Wed, 30 Nov -0001 00:00:00 +0000", Read::None),
            ("", Read::None),
            ("jeu, 05 jan 2012", Read::Wrong),
        ];
        for (text, expected) in cases {
            assert_eq!(rss(text), expected, "{text}");
        }
    }
}
