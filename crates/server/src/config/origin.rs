//! A web origin that may use the API from a browser. It must not know how browsers are told.

use std::fmt;
use std::str::FromStr;

use http::HeaderValue;
use serde::{Deserialize, Deserializer};
use url::Url;

/// `https://news.example`, `http://localhost:5173`, or `*` for any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Every origin.
    Any,
    /// One, as browsers write it in the Origin header.
    Exactly(HeaderValue),
}

/// The text is no origin.
#[derive(Debug, thiserror::Error)]
#[error("an origin is scheme://host or scheme://host:port without a path, or * for any")]
pub struct InvalidOrigin;

impl FromStr for Origin {
    type Err = InvalidOrigin;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.trim() == "*" {
            return Ok(Self::Any);
        }
        let url = Url::parse(text.trim()).map_err(|_| InvalidOrigin)?;
        let bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty();
        match url.origin() {
            origin if bare && origin.is_tuple() => HeaderValue::from_str(&origin.ascii_serialization())
                .map(Self::Exactly)
                .map_err(|_| InvalidOrigin),
            _ => Err(InvalidOrigin),
        }
    }
}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("*"),
            Self::Exactly(value) => f.write_str(value.to_str().unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_as_browsers_write_them() {
        for (given, written) in [
            ("*", "*"),
            ("https://news.example", "https://news.example"),
            ("HTTPS://News.Example:443/", "https://news.example"),
            ("http://localhost:5173", "http://localhost:5173"),
            ("https://صحيفة.example", "https://xn--ogbhx3c3b.example"),
        ] {
            let origin: Origin = given.parse().unwrap();
            assert_eq!(origin.to_string(), written);
        }
        for given in
            ["", "news.example", "https://news.example/path", "https://a@b", "file:///etc", "https://x/?q"]
        {
            assert!(given.parse::<Origin>().is_err(), "{given}");
        }
    }
}
