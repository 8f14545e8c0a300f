//! The program's settings: one typed struct, filled in one order of precedence.
//!
//! A flag goes before the environment (`MASTHEAD_*`), the environment before the TOML file (`--config`), the file
//! before the default. A setting has one name: `--request-timeout`, `MASTHEAD_REQUEST_TIMEOUT` and
//! `request-timeout` in the file are the same. Those of one part of the program stand in the file in a table of its own,
//! without the part's name: `--mail-from` is `from` in `[mail]`. Unknown names in the file are errors.
//!
//! Secrets (the passwords of the database and the mail server, a storage's key) are shown nowhere: not by `Debug`,
//! `Display`, `--help` or an error. It must not know what the settings are used for.

mod classifier;
mod database;
mod flags;
mod live;
mod mail;
mod media;
mod origin;
mod seconds;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;
use masthead_domain::comment::Policy;
use masthead_graphql::limits::Limits;
use serde::{Deserialize, Deserializer};
use url::Url;

pub use self::classifier::{Classifier, Otherwise};
pub use self::database::{DatabaseUrl, InvalidDatabaseUrl};
pub use self::flags::Flags;
pub use self::live::Live;
pub use self::mail::{InvalidMailSink, InvalidSender, MailServer, MailSink, Security, Sender};
pub use self::media::{Media, MediaStore, SecretKey};
pub use self::origin::{InvalidOrigin, Origin};
pub use self::seconds::{InvalidSeconds, Seconds};

/// Everything that can be set. In the file the names are as here, with hyphens; `[limits]`, `[connections]`, `[live]`,
/// `[classifier]`, `[events]`, `[mail]`, `[media]` and `[log]` are tables.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Where everything is stored; `None` is `masthead.sqlite` in the data directory, see [`Settings::database`].
    database: Option<DatabaseUrl>,
    /// The address to listen on. Port 0 takes any free port. Default 127.0.0.1:8000.
    pub listen: SocketAddr,
    /// The directory of media and of the default database. Default `masthead-data`.
    pub data: PathBuf,
    /// What absolute addresses begin with; `None` is where the program listens, see [`Settings::public_url`].
    public_url: Option<Url>,
    /// Whether the schema may be asked for. Default on.
    pub introspection: Switch,
    /// Whether `/graphiql` is served. Default on.
    pub explorer: Switch,
    /// Web origins whose pages may use the API from a browser; `*` is any. Default none.
    pub cors_origins: Vec<Origin>,
    /// How long an operation may take. Default 10 seconds.
    pub request_timeout: Seconds,
    /// Reserved for keeping anonymous answers until something in them changes, which this version does not do yet: it is
    /// read, and changes nothing. Default on.
    pub response_cache: Switch,
    /// Whether comments are throttled; off also lets near-duplicates and too-quick forms pass. Default on.
    pub comment_rate: Switch,
    /// Whether attempts to sign in are throttled, by address and by account. Default on.
    pub sign_in_rate: Switch,
    /// Days after which a session ends that is not used. Default 14.
    pub session_idle_days: NonZeroU16,
    /// Days after which a session ends however much it is used. Default 90.
    pub session_max_days: NonZeroU16,
    /// Networks of proxies whose `X-Forwarded-For` says where a request came from. Default none.
    #[serde(deserialize_with = "networks")]
    pub trusted_proxies: Vec<IpNet>,
    /// Goes before the comment policy of the site, of sections and of articles. Default none.
    #[serde(deserialize_with = "policy")]
    pub comment_policy: Option<Policy>,
    /// What one request may ask for.
    pub limits: Limits,
    /// What one client may hold.
    pub connections: Connections,
    /// What those who watch may hold.
    pub live: Live,
    /// The newsroom's own classifier of comments.
    pub classifier: Classifier,
    /// The event log.
    pub events: Events,
    /// Letters to the people of the newsroom.
    pub mail: Mail,
    /// Where pictures are kept, and what may be uploaded.
    pub media: Media,
    /// What is told, and how.
    pub log: Log,
}

/// The event log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Events {
    /// Days for which events are kept, at least, once everything that follows them has passed. Default 30.
    pub keep_days: u16,
}

/// Letters to the people of the newsroom.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Mail {
    /// Whom letters come from. Default `masthead@localhost`, which no mail server takes, by the name of the site.
    pub from: Sender,
    /// Where letters go; `None` is the log, and for the demo a folder in the data directory.
    pub sink: Option<MailSink>,
}

/// How many connections are held, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Connections {
    /// Connections open at once. Default 1,000.
    pub max: usize,
    /// Connections open at once from one address; IPv6 addresses count by their /64. Behind a proxy all come from
    /// one. Default 256.
    pub max_per_address: usize,
    /// From the opening of a connection, or the end of the last answer, to the end of the next request's headers:
    /// so also how long an idle connection is kept. Default 10 seconds.
    pub header_timeout: Seconds,
    /// From the end of the headers to the end of the body. Default 20 seconds.
    pub body_timeout: Seconds,
    /// How long a client may take none of an answer. Default 20 seconds.
    pub write_timeout: Seconds,
    /// How long open requests are given when the program is asked to stop. Default 10 seconds.
    pub drain_timeout: Seconds,
}

/// The log, on standard error.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Log {
    /// Lines for people or for machines. Default text.
    pub format: LogFormat,
    /// Least level, also per module: `info`, `warn,masthead_server=debug`. Default `info`.
    pub filter: String,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Switch {
    /// It happens.
    On,
    /// It does not.
    Off,
}

impl Switch {
    /// Whether it is on.
    pub const fn is_on(self) -> bool {
        matches!(self, Self::On)
    }
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people; coloured on a terminal.
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            database: None,
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8000),
            data: PathBuf::from("masthead-data"),
            public_url: None,
            introspection: Switch::On,
            explorer: Switch::On,
            cors_origins: Vec::new(),
            request_timeout: Seconds(Duration::from_secs(10)),
            response_cache: Switch::On,
            comment_rate: Switch::On,
            sign_in_rate: Switch::On,
            session_idle_days: const { NonZeroU16::new(14).unwrap() },
            session_max_days: const { NonZeroU16::new(90).unwrap() },
            trusted_proxies: Vec::new(),
            comment_policy: None,
            limits: Limits::DEFAULT,
            connections: Connections::default(),
            live: Live::default(),
            classifier: Classifier::default(),
            events: Events::default(),
            mail: Mail::default(),
            media: Media::default(),
            log: Log::default(),
        }
    }
}

impl Default for Connections {
    fn default() -> Self {
        Self {
            max: 1_000,
            max_per_address: 256,
            header_timeout: Seconds(Duration::from_secs(10)),
            body_timeout: Seconds(Duration::from_secs(20)),
            write_timeout: Seconds(Duration::from_secs(20)),
            drain_timeout: Seconds(Duration::from_secs(10)),
        }
    }
}

impl Default for Events {
    fn default() -> Self {
        Self { keep_days: 30 }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, filter: "info".to_owned() }
    }
}

/// Why the settings cannot be used. Fit to be shown: quotes no line of the file, which may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum InvalidSettings {
    /// The file named by `--config` could not be read.
    #[error("cannot read {path}: {cause}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The file is no TOML, or has a name or value that is not known.
    #[error("{path}, line {line}: {message}")]
    File {
        /// The file.
        path: PathBuf,
        /// The line of the fault, counted from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// The database's address.
    #[error(transparent)]
    Database(#[from] InvalidDatabaseUrl),
    /// The public address is none of the web.
    #[error("the public URL must begin with http:// or https://")]
    PublicUrl,
    /// Letters would come from nobody.
    #[error("letters to a mail server need an address that they come from: set mail-from")]
    MailFrom,
    /// The address of the mail server.
    #[error(transparent)]
    MailSink(#[from] InvalidMailSink),
    /// Events that nobody could follow.
    #[error("events are kept for at least 1 day")]
    KeepDays,
    /// What is set for pictures does not go together.
    #[error("[media]: {0}")]
    Media(&'static str),
    /// A limit was raised beyond what the program's stack, or the library beneath, bears.
    #[error("the limit {name} can be at most {max}")]
    LimitTooHigh {
        /// The limit, as the file spells it.
        name: &'static str,
        /// The most it can be.
        max: u64,
    },
}

impl Settings {
    /// Fills the settings from the file that the flags name, if any, and then from the flags, which clap has filled
    /// from the command line and the environment.
    pub fn load(flags: Flags) -> Result<Self, InvalidSettings> {
        let mut settings = match &flags.config {
            Some(path) => Self::from_file(path)?,
            None => Self::default(),
        };
        flags.apply(&mut settings)?;
        settings.check()
    }

    /// What no single setting's type can say.
    fn check(self) -> Result<Self, InvalidSettings> {
        if self.public_url.as_ref().is_some_and(|url| !matches!(url.scheme(), "http" | "https")) {
            return Err(InvalidSettings::PublicUrl);
        }
        if self.events.keep_days == 0 {
            return Err(InvalidSettings::KeepDays);
        }
        if matches!(self.mail.sink, Some(MailSink::Smtp(_))) && self.mail.from == Sender::default() {
            return Err(InvalidSettings::MailFrom);
        }
        for (name, value, max) in [
            ("nesting", self.limits.nesting, 128), // 500 overflow a stack of 2 MiB in a debug build
            ("variable-nesting", self.limits.variable_nesting, 100), // serde_json stops at 128
            ("recursion", self.limits.recursion, Limits::DEFAULT.recursion), // async-graphql stops there
        ] {
            if value > max {
                return Err(InvalidSettings::LimitTooHigh { name, max });
            }
        }
        self.media.check()?;
        Ok(self)
    }

    /// Where everything is stored.
    pub fn database(&self) -> DatabaseUrl {
        self.database.clone().unwrap_or_else(|| DatabaseUrl::sqlite(&self.data.join("masthead.sqlite")))
    }

    /// What absolute addresses begin with, without a slash at the end. `listening` is the address in use, which
    /// stands in where none is set.
    pub fn public_url(&self, listening: SocketAddr) -> String {
        match &self.public_url {
            Some(url) => url.as_str().trim_end_matches('/').to_owned(),
            None => format!("http://{listening}"),
        }
    }

    fn from_file(path: &Path) -> Result<Self, InvalidSettings> {
        let text = std::fs::read_to_string(path)
            .map_err(|cause| InvalidSettings::Unreadable { path: path.to_owned(), cause })?;
        toml::from_str(&text).map_err(|error| InvalidSettings::File {
            path: path.to_owned(),
            line: 1 + error.span().map_or(0, |span| text[..span.start].matches('\n').count()),
            message: error.message().to_owned(),
        })
    }
}

fn policy<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Policy>, D::Error> {
    let name = String::deserialize(deserializer)?;
    parse_policy(&name).map(Some).map_err(serde::de::Error::custom)
}

fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IpNet>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    texts.iter().map(|text| parse_network(text)).collect::<Result<_, _>>().map_err(serde::de::Error::custom)
}

/// A network, or one address.
fn parse_network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let network = text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
    network.ok_or_else(|| "a network is an address, or an address and a length: 10.0.0.0/8".to_owned())
}

/// A comment policy by its name, in any case.
fn parse_policy(name: &str) -> Result<Policy, String> {
    let names = || Policy::ALL.map(Policy::as_str).join(", ");
    Policy::parse(name).ok_or_else(|| format!("a comment policy is one of {}", names()))
}

#[cfg(test)]
mod tests;
