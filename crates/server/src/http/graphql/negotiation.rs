//! Which representation of an answer a client takes: its media type and its coding. It must not know the answer.

use http::HeaderMap;
use http::header::{ACCEPT, ACCEPT_ENCODING, HeaderValue};
use poem::web::CompressionAlgo;

use crate::http::quality::{Choice, choices};

/// The media type of an answer, which also decides the status of a refused request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaType {
    /// `application/graphql-response+json`: a refused request is a 4xx.
    GraphqlResponse,
    /// `application/json`, from before the specification: a well-formed request is a 200, whatever became of it.
    Json,
}

impl MediaType {
    const ALL: [Self; 2] = [Self::GraphqlResponse, Self::Json];

    /// Chooses by quality, then what is named before what a wildcard covers, then the newer type. Without a header,
    /// and where only wildcards match, it is `application/json`, as old clients expect. `None`: neither is taken.
    pub fn negotiate(headers: &HeaderMap) -> Option<Self> {
        if !headers.contains_key(ACCEPT) {
            return Some(Self::Json);
        }
        let mut best: Option<(Preference, Self)> = None;
        for media_type in Self::ALL {
            if let Some(preference) = media_type.preference(headers)
                && best.is_none_or(|(so_far, _)| preference > so_far)
            {
                best = Some((preference, media_type));
            }
        }
        best.map(|(_, media_type)| media_type)
    }

    /// The value of Content-Type.
    pub const fn content_type(self) -> HeaderValue {
        match self {
            Self::GraphqlResponse => {
                HeaderValue::from_static("application/graphql-response+json; charset=utf-8")
            }
            Self::Json => HeaderValue::from_static("application/json; charset=utf-8"),
        }
    }

    /// The quality of the most specific choice that covers this type (RFC 9110, 12.5.1), `None` where it is 0 or none
    /// does.
    fn preference(self, headers: &HeaderMap) -> Option<Preference> {
        let specificity = |choice: &Choice<'_>| match (self, choice.value.to_ascii_lowercase().as_str()) {
            (Self::GraphqlResponse, "application/graphql-response+json")
            | (Self::Json, "application/json") => Some(2),
            (_, "application/*") => Some(1),
            (_, "*/*") => Some(0),
            _ => None,
        };
        let (specific, choice) = choices(headers, ACCEPT)
            .filter_map(|choice| Some((specificity(&choice)?, choice)))
            .max_by_key(|(specific, _)| *specific)?;
        let tie = match (self, specific) {
            (Self::GraphqlResponse, 2) | (Self::Json, 0 | 1) => 1,
            _ => 0,
        };
        (choice.quality > 0).then_some((choice.quality, specific, tie))
    }
}

/// Whether a stream of events is taken: only where it is named.
pub fn takes_events(headers: &HeaderMap) -> bool {
    choices(headers, ACCEPT)
        .any(|choice| choice.value.eq_ignore_ascii_case("text/event-stream") && choice.quality > 0)
}

/// Quality, specificity and what decides between equals; more is better.
type Preference = (u16, u8, u8);

/// The coding to compress an answer with, only where the client names one. Between equals gzip: it takes the least
/// memory for answers of this size.
pub fn coding(headers: &HeaderMap) -> Option<CompressionAlgo> {
    choices(headers, ACCEPT_ENCODING)
        .filter(|choice| choice.quality > 0)
        .filter_map(|choice| match choice.value.to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => Some((choice.quality, 1, CompressionAlgo::GZIP)),
            "br" => Some((choice.quality, 0, CompressionAlgo::BR)),
            _ => None,
        })
        .max_by_key(|(quality, tie, _)| (*quality, *tie))
        .map(|(_, _, coding)| coding)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: http::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn the_media_type_follows_the_clients_wish() {
        use MediaType::{GraphqlResponse, Json};
        assert_eq!(MediaType::negotiate(&HeaderMap::new()), Some(Json));
        for (accept, expected) in [
            ("application/graphql-response+json", Some(GraphqlResponse)),
            ("Application/Graphql-Response+JSON; charset=utf-8", Some(GraphqlResponse)),
            ("application/json", Some(Json)),
            ("*/*", Some(Json)),
            ("application/*", Some(Json)),
            ("application/*, application/graphql-response+json", Some(GraphqlResponse)),
            ("application/json, application/graphql-response+json", Some(GraphqlResponse)),
            ("application/graphql-response+json;q=0.9, application/json", Some(Json)),
            ("application/graphql-response+json, application/json;q=0.9", Some(GraphqlResponse)),
            ("application/json;q=0.5, */*;q=0.8", Some(GraphqlResponse)),
            ("*/*, application/json;q=0", Some(GraphqlResponse)),
            ("application/graphql-response+json;q=0, */*;q=0.1", Some(Json)),
            ("text/html, text/event-stream, multipart/mixed, application/json;q=0.2", Some(Json)),
            ("text/html", None),
            ("application/json;q=0", None),
            ("*/*;q=0", None),
            ("", None),
        ] {
            assert_eq!(MediaType::negotiate(&headers(ACCEPT, accept)), expected, "{accept}");
        }
    }

    #[test]
    fn events_are_for_those_who_name_them() {
        for (accept, expected) in [
            ("text/event-stream", true),
            ("application/json, Text/Event-Stream;q=0.1", true),
            ("text/event-stream;q=0", false),
            ("*/*", false),
            ("text/*", false),
        ] {
            assert_eq!(takes_events(&headers(ACCEPT, accept)), expected, "{accept}");
        }
    }

    #[test]
    fn answers_are_compressed_only_for_those_who_ask() {
        assert_eq!(coding(&HeaderMap::new()), None);
        for (accept, expected) in [
            ("gzip, deflate, br, zstd", Some(CompressionAlgo::GZIP)),
            ("br;q=1.0, gzip;q=0.8", Some(CompressionAlgo::BR)),
            ("br", Some(CompressionAlgo::BR)),
            ("gzip;q=0", None),
            ("identity", None),
            ("*", None),
        ] {
            assert_eq!(coding(&headers(ACCEPT_ENCODING, accept)), expected, "{accept}");
        }
    }
}
