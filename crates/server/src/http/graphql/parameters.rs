//! The parameters of a GraphQL request as HTTP brings them: in a JSON body or in the address. Typed here, once, with
//! refusals that name the parameter. It must not know what the document says.

use std::borrow::Cow;

use async_graphql::{ServerError, Variables};
use masthead_graphql::error::Code;
use masthead_graphql::limits::{Limit, LimitExceeded, Limits, scan};
use serde::Deserialize;
use serde_json::value::RawValue;
use url::form_urlencoded;

/// A request's parameters. `extensions` was looked at and has no meaning here.
#[derive(Debug)]
pub struct Parameters<'a> {
    /// The document's text.
    pub query: Cow<'a, str>,
    /// Which of its operations to run; `None` where absent, null or empty.
    pub operation_name: Option<Cow<'a, str>>,
    /// Values for its variables.
    pub variables: Variables,
}

/// Why there are no parameters.
#[derive(Debug, thiserror::Error)]
pub enum InvalidParameters {
    /// The body is no JSON.
    #[error("The body is not JSON: {0}.")]
    NotJson(serde_json::Error),
    /// The body is a list.
    #[error("Several operations in one request are not supported: send an object, not a list.")]
    Batch,
    /// The body is some other JSON.
    #[error("The body must be a JSON object with the parameter \"query\".")]
    NotAnObject,
    /// There is no document.
    #[error("The parameter \"query\" is missing.")]
    NoQuery,
    /// A parameter is of another type.
    #[error("The parameter \"{name}\" must be {expected}.")]
    WrongType {
        /// The parameter.
        name: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// A text holds half of a character.
    #[error(
        "The parameter \"{0}\" holds an escape that is no character: of a surrogate pair such as \\uD83D\\uDE00 one half stands alone."
    )]
    LoneSurrogate(&'static str),
    /// JSON that looks right and cannot be kept: a number beyond all bounds.
    #[error("The parameter \"{name}\" cannot be read: {why}.")]
    Unreadable {
        /// The parameter.
        name: &'static str,
        /// What the reader of JSON says.
        why: serde_json::Error,
    },
    /// A parameter stands in the address twice.
    #[error("The parameter \"{0}\" is given more than once.")]
    Twice(&'static str),
    /// The variables hold too much.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
}

impl From<InvalidParameters> for ServerError {
    fn from(invalid: InvalidParameters) -> Self {
        match invalid {
            InvalidParameters::Limit(exceeded) => exceeded.into(),
            InvalidParameters::Batch => Limit::Batch.error(invalid.to_string(), 1),
            other => Code::BadRequest.error(other.to_string()),
        }
    }
}

/// The parameters before their types are known: text that is still JSON.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw<'a> {
    #[serde(borrow)]
    query: Option<&'a RawValue>,
    #[serde(borrow)]
    operation_name: Option<&'a RawValue>,
    #[serde(borrow)]
    variables: Option<&'a RawValue>,
    #[serde(borrow)]
    extensions: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'a> Parameters<'a> {
    /// Reads the body of a POST. Other members of the object have no meaning.
    pub fn from_json(body: &'a [u8], limits: &Limits) -> Result<Self, InvalidParameters> {
        match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{') | None => {}
            // Serde would take a list for an object whose members come in order.
            Some(b'[') => return Err(InvalidParameters::Batch),
            Some(_) => {
                return Err(match serde_json::from_slice::<serde::de::IgnoredAny>(body) {
                    Ok(_) => InvalidParameters::NotAnObject,
                    Err(error) => InvalidParameters::NotJson(error),
                });
            }
        }
        let raw: Raw<'a> = serde_json::from_slice(body).map_err(InvalidParameters::NotJson)?;
        if let Some(extensions) = raw.extensions {
            require_object("extensions", extensions.get())?;
        }
        Ok(Self {
            query: text("query", raw.query)?.ok_or(InvalidParameters::NoQuery)?,
            operation_name: text("operationName", raw.operation_name)?.filter(|name| !name.is_empty()),
            variables: variables(raw.variables.map_or("null", RawValue::get), limits)?,
        })
    }

    /// Reads the query of an address, as it stands behind the question mark; variables and extensions are JSON.
    pub fn from_address(query: &'a str, limits: &Limits) -> Result<Self, InvalidParameters> {
        let [mut document, mut operation_name, mut values, mut extensions] = [const { None }; 4];
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let (place, name) = match name.as_ref() {
                "query" => (&mut document, "query"),
                "operationName" => (&mut operation_name, "operationName"),
                "variables" => (&mut values, "variables"),
                "extensions" => (&mut extensions, "extensions"),
                _ => continue,
            };
            if place.replace(value).is_some() {
                return Err(InvalidParameters::Twice(name));
            }
        }
        let given = |json: Option<Cow<'a, str>>| json.filter(|json| !json.is_empty());
        if let Some(extensions) = given(extensions) {
            require_object("extensions", &extensions)?;
        }
        Ok(Self {
            query: document.ok_or(InvalidParameters::NoQuery)?,
            operation_name: given(operation_name),
            variables: variables(given(values).as_deref().unwrap_or("null"), limits)?,
        })
    }
}

/// A string or null.
fn text<'a>(
    name: &'static str,
    json: Option<&'a RawValue>,
) -> Result<Option<Cow<'a, str>>, InvalidParameters> {
    let Some(json) = json else { return Ok(None) };
    match serde_json::from_str::<Option<Text<'a>>>(json.get()) {
        Ok(text) => Ok(text.map(|Text(text)| text)),
        Err(error) if is_lone_surrogate(&error) => Err(InvalidParameters::LoneSurrogate(name)),
        Err(_) => Err(InvalidParameters::WrongType { name, expected: "a string" }),
    }
}

fn variables(json: &str, limits: &Limits) -> Result<Variables, InvalidParameters> {
    if json == "null" {
        return Ok(Variables::default());
    }
    scan::check_variables(json, limits)?;
    require_object("variables", json)?;
    serde_json::from_str(json).map_err(|error| {
        if is_lone_surrogate(&error) {
            InvalidParameters::LoneSurrogate("variables")
        } else {
            InvalidParameters::Unreadable { name: "variables", why: error }
        }
    })
}

/// The library's errors can only be told apart by their words; a test holds them.
fn is_lone_surrogate(error: &serde_json::Error) -> bool {
    error.to_string().contains("hex escape")
}

/// An object or null, by its first character: whoever reads it finds the rest.
fn require_object(name: &'static str, json: &str) -> Result<(), InvalidParameters> {
    let json = json.trim_ascii();
    if json.starts_with('{') || json == "null" {
        Ok(())
    } else {
        Err(InvalidParameters::WrongType { name, expected: "a JSON object" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(body: &str) -> Result<(String, Option<String>, String), String> {
        read(Parameters::from_json(body.as_bytes(), &Limits::DEFAULT))
    }

    fn address(query: &str) -> Result<(String, Option<String>, String), String> {
        read(Parameters::from_address(query, &Limits::DEFAULT))
    }

    fn read(
        parameters: Result<Parameters<'_>, InvalidParameters>,
    ) -> Result<(String, Option<String>, String), String> {
        parameters
            .map(|it| {
                (
                    it.query.into_owned(),
                    it.operation_name.map(Cow::into_owned),
                    serde_json::to_string(&it.variables).unwrap(),
                )
            })
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_body_is_read_by_its_types() {
        let parameters = |query: &str, name: Option<&str>, variables: &str| {
            Ok((query.to_owned(), name.map(str::to_owned), variables.to_owned()))
        };
        assert_eq!(json(r#"{"query":"{ a }"}"#), parameters("{ a }", None, "{}"));
        assert_eq!(
            json(
                r#" {"query":"{\n \"\u0645\" }","operationName":"Q","variables":{"slug":"وزيرة"},"extensions":{},"id":[1]}"#
            ),
            parameters("{\n \"م\" }", Some("Q"), r#"{"slug":"وزيرة"}"#)
        );
        assert_eq!(
            json(r#"{"query":"{a}","operationName":null,"variables":null,"extensions":null}"#),
            parameters("{a}", None, "{}")
        );
        assert_eq!(json(r#"{"query":"{a}","operationName":""}"#), parameters("{a}", None, "{}"));
    }

    #[test]
    fn a_wrong_body_is_refused_by_name() {
        for (body, reason) in [
            ("", "The body is not JSON"),
            ("{", "The body is not JSON"),
            ("{\"query\":\"{a}\"} x", "The body is not JSON"),
            ("nonsense", "The body is not JSON"),
            ("\"{a}\"", "must be a JSON object"),
            ("null", "must be a JSON object"),
            ("[]", "send an object, not a list"),
            ("[\"{a}\", null, {}, {}]", "send an object, not a list"),
            ("{}", "\"query\" is missing"),
            (r#"{"query":null}"#, "\"query\" is missing"),
            (r#"{"query":1}"#, "\"query\" must be a string"),
            (r#"{"query":["{a}"]}"#, "\"query\" must be a string"),
            (r#"{"query":"{a}","query":"{b}"}"#, "duplicate field `query`"),
            (r#"{"query":"{a}","operationName":1}"#, "\"operationName\" must be a string"),
            (r#"{"query":"{a}","variables":"{}"}"#, "\"variables\" must be a JSON object"),
            (r#"{"query":"{a}","variables":[1]}"#, "\"variables\" must be a JSON object"),
            (r#"{"query":"{a}","variables":7}"#, "\"variables\" must be a JSON object"),
            (r#"{"query":"{a}","extensions":"x"}"#, "\"extensions\" must be a JSON object"),
        ] {
            let error = json(body).unwrap_err();
            assert!(error.contains(reason), "{body}: {error}");
        }
        assert!(Parameters::from_json(b"{\"query\":\"\xff\"}", &Limits::DEFAULT).is_err());
    }

    #[test]
    fn half_a_character_and_boundless_numbers_are_named() {
        for text in [r"\ud83d", r"\ud83dx", r"\ude00", r"\ud83d\ud83d", r"a\ud83d\n"] {
            for body in [
                format!(r#"{{"query":"{{a}}","variables":{{"v":"{text}"}}}}"#),
                format!(r#"{{"query":"{{a}}","variables":{{"{text}":1}}}}"#),
            ] {
                let error = json(&body).unwrap_err();
                assert!(
                    error.starts_with("The parameter \"variables\" holds an escape that is no character"),
                    "{body}: {error}"
                );
            }
            let error = json(&format!(r#"{{"query":"{{a(b: \"{text}\")}}"}}"#)).unwrap_err();
            assert!(error.starts_with("The parameter \"query\" holds an escape"), "{text}: {error}");
        }
        assert!(json(r#"{"query":"{a}","variables":{"v":"\ud83d\ude00"}}"#).is_ok());
        let error = json(r#"{"query":"{a}","variables":{"v":1e999}}"#).unwrap_err();
        assert!(error.contains("\"variables\" cannot be read: number out of range"), "{error}");
    }

    #[test]
    fn an_address_is_read_by_its_names() {
        assert_eq!(
            address(
                "query=query+Q%7B+a%7D&operationName=Q&variables=%7B%22n%22%3A1%7D&extensions=%7B%7D&utm=x"
            ),
            Ok(("query Q{ a}".into(), Some("Q".into()), "{\"n\":1}".into()))
        );
        assert_eq!(address("query={a}&variables=&operationName="), Ok(("{a}".into(), None, "{}".into())));
        assert_eq!(address("query=%D9%85"), Ok(("م".into(), None, "{}".into())));
        for (query, reason) in [
            ("", "\"query\" is missing"),
            ("q={a}", "\"query\" is missing"),
            ("query={a}&query={b}", "\"query\" is given more than once"),
            ("query={a}&variables=1", "\"variables\" must be a JSON object"),
            ("query={a}&variables={", "\"variables\" cannot be read"),
            ("query={a}&extensions=x", "\"extensions\" must be a JSON object"),
        ] {
            let error = address(query).unwrap_err();
            assert!(error.contains(reason), "{query}: {error}");
        }
    }

    #[test]
    fn deep_and_wide_values_are_refused_before_they_are_parsed() {
        let nested = format!(
            r#"{{"query":"{{a}}","variables":{{"v":{}{}}}}}"#,
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        assert!(json(&nested).unwrap_err().contains("nesting of the variables is 100001"));
        let wide = format!(r#"{{"query":"{{a}}","variables":{{"v":[{}0]}}}}"#, "0,".repeat(20_000));
        assert!(json(&wide).unwrap_err().contains("number of values in the variables"));
        // also where nothing looks at them
        let elsewhere = format!(r#"{{"query":"{{a}}","id":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert!(json(&elsewhere).is_ok());
        let wrong = format!(r#"{{"query":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert!(json(&wrong).unwrap_err().contains("must be a string"));
    }
}
