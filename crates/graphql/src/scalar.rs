//! The scalars of the schema: text with a meaning. What comes in is parsed here, once, at the door.
//!
//! It must not know which fields use them.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{SecondsFormat, Utc};
use masthead_domain::text;

/// An instant in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateTime(pub chrono::DateTime<Utc>);

/// An instant in UTC as RFC 3339 writes it: `2026-11-22T09:30:00Z`, with up to six digits of a second's fraction where
/// there is one. Given to us in any offset, answered with `Z`.
#[Scalar(name = "DateTime", specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = string(value)?;
        Ok(Self(chrono::DateTime::parse_from_rfc3339(&text)?.with_timezone(&Utc)))
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(text) if chrono::DateTime::parse_from_rfc3339(text).is_ok())
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

/// A language tag, well-formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageTag(pub text::LanguageTag);

/// A language as BCP 47 writes it: `ar`, `fr`, `fr-CA`. Taken in any case, answered in the usual one.
#[Scalar(name = "LanguageTag", specified_by_url = "https://www.rfc-editor.org/info/bcp47")]
impl ScalarType for LanguageTag {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(text::LanguageTag::parse(&string(value)?)?))
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(tag) if text::LanguageTag::parse(tag).is_ok())
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.as_str().to_owned())
    }
}

/// A time zone by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeZone(pub masthead_domain::site::TimeZone);

/// A time zone by its name in the IANA database: `Asia/Beirut`, `Europe/Paris`, `UTC`. Only answered: an input takes a
/// String, so that a name that is unknown is refused beside its field.
#[Scalar(name = "TimeZone", specified_by_url = "https://www.iana.org/time-zones")]
impl ScalarType for TimeZone {
    fn parse(_: Value) -> InputValueResult<Self> {
        Err(InputValueError::custom(ONLY_ANSWERED))
    }

    fn is_valid(_: &Value) -> bool {
        false
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.name().to_owned())
    }
}

/// Sanitised HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Html(pub String);

/// A fragment of HTML, sanitised: it may be inserted into a page as it stands. Never holds scripts, styles, event
/// handlers or addresses that run.
#[Scalar(
    name = "HTML",
    specified_by_url = "https://html.spec.whatwg.org/multipage/parsing.html#parsing-html-fragments"
)]
impl ScalarType for Html {
    fn parse(_: Value) -> InputValueResult<Self> {
        Err(InputValueError::custom(ONLY_ANSWERED))
    }

    fn is_valid(_: &Value) -> bool {
        false
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// An absolute web address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url(pub String);

/// An absolute address on the web, percent-encoded. Ours begin with the site's public address.
#[Scalar(name = "URL", specified_by_url = "https://url.spec.whatwg.org/")]
impl ScalarType for Url {
    fn parse(_: Value) -> InputValueResult<Self> {
        Err(InputValueError::custom(ONLY_ANSWERED))
    }

    fn is_valid(_: &Value) -> bool {
        false
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// What was given as an e-mail address; the rule of whoever takes it reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailAddress(
    /// What was typed; the mutation's own rule reads it.
    pub String,
);

/// An e-mail address, at most 254 characters. A mutation that is given something else refuses it in its payload, as
/// INVALID, so that a form can say so beside the field.
#[Scalar(name = "EmailAddress", specified_by_url = "https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2")]
impl ScalarType for EmailAddress {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(string(value)?))
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(_))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// No argument takes such a value yet; the first one to do so brings the rule that reads it.
const ONLY_ANSWERED: &str = "this type is only answered, never taken";

fn string<T: async_graphql::InputType>(value: Value) -> Result<String, InputValueError<T>> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(InputValueError::expected_type(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::String(text.to_owned())
    }

    #[test]
    fn instants_are_answered_in_utc() {
        for (given, answered) in [
            ("2026-11-22T09:30:00Z", "2026-11-22T09:30:00Z"),
            ("2026-11-22T11:30:00+02:00", "2026-11-22T09:30:00Z"),
            ("2026-11-22T09:30:00.250Z", "2026-11-22T09:30:00.250Z"),
        ] {
            let instant = DateTime::parse(text(given)).map_err(|_| given).expect("an instant");
            assert_eq!(instant.to_value(), text(answered));
        }
        for refused in ["2026-11-22", "2026-11-22T09:30:00", "yesterday", "2026-13-01T00:00:00Z", ""] {
            assert!(!DateTime::is_valid(&text(refused)), "{refused}");
            assert!(DateTime::parse(text(refused)).is_err(), "{refused}");
        }
        assert!(!DateTime::is_valid(&Value::from(1_700_000_000)));
    }

    #[test]
    fn languages_are_answered_in_the_usual_case() {
        for (given, answered) in [("AR", "ar"), ("fr-ca", "fr-CA"), ("zh-hant", "zh-Hant")] {
            assert!(LanguageTag::is_valid(&text(given)));
            let tag = LanguageTag::parse(text(given)).map_err(|_| given).expect("a tag");
            assert_eq!(tag.to_value(), text(answered));
        }
        for refused in ["", "français", "العربية", "fr_FR!", "und"] {
            assert!(!LanguageTag::is_valid(&text(refused)), "{refused}");
        }
        assert!(!LanguageTag::is_valid(&Value::from(1)));
    }
}
