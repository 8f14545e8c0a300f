//! A database's address, which may hold a password: parsed at the door, shown without it. It must not open anything.

use std::fmt;
use std::path::Path;

use serde::{Deserialize, Deserializer};
use url::Url;

/// `sqlite:PATH` or `postgres://…`. Only [`DatabaseUrl::expose`] gives all of it.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    full: String,
    /// The same without password and options.
    shown: String,
}

/// The address is of no kind that is known. Does not repeat it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a database's address is sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/NAME")]
pub struct InvalidDatabaseUrl;

impl DatabaseUrl {
    /// Takes `sqlite:PATH`, `postgres://…` or `postgresql://…`.
    pub fn parse(text: &str) -> Result<Self, InvalidDatabaseUrl> {
        let full = text.trim().to_owned();
        let shown = match full.split_once(':') {
            Some(("sqlite", path)) if !path.trim_start_matches('/').is_empty() => {
                let path = path.split_once('?').map_or(path, |(path, _options)| path);
                format!("sqlite:{path}")
            }
            Some(("postgres" | "postgresql", _)) => {
                let url = Url::parse(&full).map_err(|_| InvalidDatabaseUrl)?;
                let host = url.host_str().unwrap_or_default();
                let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
                format!("postgres://{host}{port}{}", url.path())
            }
            _ => return Err(InvalidDatabaseUrl),
        };
        Ok(Self { full, shown })
    }

    /// A SQLite file.
    pub fn sqlite(path: &Path) -> Self {
        let address = format!("sqlite:{}", path.display());
        Self { full: address.clone(), shown: address }
    }

    /// All of it, password included: for opening the database and nothing else.
    pub fn expose(&self) -> &str {
        &self.full
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({})", self.shown)
    }
}

impl<'de> Deserialize<'de> for DatabaseUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_secrets_and_used_with_them() {
        for (given, shown) in [
            ("sqlite:masthead-data/masthead.sqlite", "sqlite:masthead-data/masthead.sqlite"),
            ("sqlite:///srv/صحيفة.sqlite?mode=ro", "sqlite:///srv/صحيفة.sqlite"),
            ("sqlite::memory:", "sqlite::memory:"),
            ("postgres://desk:hunter2@db.example:5433/news", "postgres://db.example:5433/news"),
            ("postgresql://desk:p%40ss@[::1]/news?password=hunter2", "postgres://[::1]/news"),
            ("postgres:///news?host=/run/postgresql&password=hunter2", "postgres:///news"),
        ] {
            let url = DatabaseUrl::parse(given).unwrap();
            assert_eq!(url.to_string(), shown);
            assert_eq!(format!("{url:?}"), format!("DatabaseUrl({shown})"));
            assert_eq!(url.expose(), given);
        }
    }

    #[test]
    fn other_addresses_are_refused_without_being_repeated() {
        for given in
            ["", "sqlite", "sqlite:", "mysql://root:hunter2@db/news", "postgres://[hunter2", "news.sqlite"]
        {
            let error = DatabaseUrl::parse(given).unwrap_err().to_string();
            assert!(!error.contains("hunter2"), "{given}: {error}");
        }
    }
}
