//! Where letters go and whom they come from: parsed at the door, shown without the password. It must not send anything.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use masthead_domain::user::EmailAddress;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Deserializer};
use url::{Host, Url};

/// `log`, `file:FOLDER`, or the address of a mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailSink {
    /// The program's log tells of a letter, and nothing of what it says.
    Log,
    /// Each letter becomes a file in this folder.
    File(PathBuf),
    /// A mail server.
    Smtp(MailServer),
}

/// A mail server, with the password where it wants one.
#[derive(Clone, PartialEq, Eq)]
pub struct MailServer {
    /// Its name or address.
    pub host: String,
    /// The port; `None` is the usual one for the security.
    pub port: Option<u16>,
    /// How what is said to it is kept secret.
    pub security: Security,
    /// User and password.
    pub credentials: Option<(String, String)>,
}

/// How what is said to a mail server is kept secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte on (`smtps://`, port 465).
    Tls,
    /// TLS after a greeting (`smtp://`, port 587); without it nothing is sent.
    StartTls,
    /// None (`smtp://…?tls=none`, port 25): for a server on the same machine only.
    None,
}

/// The text names no place for letters. Does not repeat it: it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "letters go to log, to file:FOLDER, or to a mail server: smtps://USER:PASSWORD@HOST:PORT (TLS), smtp://… (STARTTLS), \
     or smtp://localhost?tls=none"
)]
pub struct InvalidMailSink;

impl MailSink {
    /// Takes `log`, `file:FOLDER`, `smtps://…`, `smtp://…`.
    pub fn parse(text: &str) -> Result<Self, InvalidMailSink> {
        let text = text.trim();
        match text.split_once(':') {
            None if text == "log" => Ok(Self::Log),
            Some(("file", folder)) if !folder.is_empty() => Ok(Self::File(PathBuf::from(folder))),
            Some(("smtp" | "smtps", _)) => server(text).map(Self::Smtp).ok_or(InvalidMailSink),
            _ => Err(InvalidMailSink),
        }
    }
}

fn server(text: &str) -> Option<MailServer> {
    let url = Url::parse(text).ok()?;
    let host = url.host_str()?.trim_start_matches('[').trim_end_matches(']').to_owned();
    let security = match (url.scheme(), url.query()) {
        ("smtps", None) => Security::Tls,
        ("smtp", None) => Security::StartTls,
        ("smtp", Some("tls=none")) if is_this_machine(&host) => Security::None,
        _ => return None,
    };
    let decoded = |part: &str| percent_decode_str(part).decode_utf8().ok().map(std::borrow::Cow::into_owned);
    let credentials = match (url.username(), url.password()) {
        ("", None) => None,
        (user, Some(password)) if !user.is_empty() => Some((decoded(user)?, decoded(password)?)),
        _ => return None,
    };
    let bare = matches!(url.path(), "" | "/") && url.fragment().is_none() && !host.is_empty();
    bare.then_some(MailServer { host, port: url.port(), security, credentials })
}

fn is_this_machine(host: &str) -> bool {
    match Host::parse(host) {
        Ok(Host::Domain(name)) => name == "localhost",
        Ok(Host::Ipv4(address)) => address.is_loopback(),
        Ok(Host::Ipv6(address)) => address.is_loopback(),
        // An IPv6 address stands without its brackets here.
        Err(_) => host.parse::<std::net::Ipv6Addr>().is_ok_and(|address| address.is_loopback()),
    }
}

impl fmt::Display for MailSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Log => f.write_str("log"),
            Self::File(folder) => write!(f, "file:{}", folder.display()),
            Self::Smtp(server) => write!(f, "{server:?}"),
        }
    }
}

// Derived, it would print the password.
impl fmt::Debug for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{:?} ({:?})", self.host, self.port, self.security)
    }
}

impl<'de> Deserialize<'de> for MailSink {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Whom letters come from: `desk@news.example`, or `Harbour Voice <desk@news.example>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The name shown; `None` is the site's.
    pub name: Option<String>,
    /// The address.
    pub address: EmailAddress,
}

/// The text is no sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("letters come from an address, as in desk@news.example or Harbour Voice <desk@news.example>")]
pub struct InvalidSender;

impl FromStr for Sender {
    type Err = InvalidSender;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text.chars().any(char::is_control) {
            return Err(InvalidSender);
        }
        let (name, address) = match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
            Some((name, address)) => (name.trim().trim_matches('"').trim(), address),
            None => ("", text),
        };
        let address = EmailAddress::parse(address).map_err(|_| InvalidSender)?;
        Ok(Self { name: (!name.is_empty()).then(|| name.to_owned()), address })
    }
}

impl Default for Sender {
    #[expect(clippy::expect_used, reason = "a constant, which a test parses")]
    fn default() -> Self {
        "masthead@localhost".parse().expect("a sender")
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{name} <{}>", self.address.as_str()),
            None => f.write_str(self.address.as_str()),
        }
    }
}

impl<'de> Deserialize<'de> for Sender {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_is_reached_safely_or_not_at_all() {
        for (given, security, port, user) in [
            ("smtps://desk:p%40ss@mail.example", Security::Tls, None, Some(("desk", "p@ss"))),
            (
                "smtp://desk%40news.example:pass@mail.example:2525",
                Security::StartTls,
                Some(2525),
                Some(("desk@news.example", "pass")),
            ),
            ("smtp://mail.example/", Security::StartTls, None, None),
            ("smtp://localhost:1025?tls=none", Security::None, Some(1025), None),
            ("smtp://127.0.0.1?tls=none", Security::None, None, None),
            ("smtp://[::1]:25?tls=none", Security::None, Some(25), None),
        ] {
            let MailSink::Smtp(server) = MailSink::parse(given).unwrap() else { panic!("{given}") };
            assert_eq!((server.security, server.port), (security, port), "{given}");
            let credentials =
                server.credentials.as_ref().map(|(user, password)| (user.as_str(), password.as_str()));
            assert_eq!(credentials, user, "{given}");
        }
        for given in [
            "",
            "smtp",
            "smtp:",
            "smtp://",
            "smtp://mail.example?tls=none",
            "smtps://mail.example?tls=none",
            "smtp://hunter2@mail.example",
            "smtp://mail.example/path",
            "http://mail.example",
            "file:",
            "logs",
            "smtp://user:hunter2@mail.example?tls=maybe",
        ] {
            let error = MailSink::parse(given).unwrap_err().to_string();
            assert!(!error.contains("hunter2"), "{given}");
        }
    }

    #[test]
    fn a_password_is_not_shown() {
        let sink = MailSink::parse("smtps://desk:hunter2@mail.example").unwrap();
        for text in [format!("{sink:?}"), sink.to_string()] {
            assert!(
                text.contains("mail.example") && !text.contains("hunter2") && !text.contains("desk"),
                "{text}"
            );
        }
        assert_eq!(MailSink::parse("file:/srv/letters").unwrap().to_string(), "file:/srv/letters");
    }

    #[test]
    fn a_sender_has_an_address_and_perhaps_a_name() {
        for (given, name, shown) in [
            ("desk@news.example", None, "desk@news.example"),
            ("صوت المرفأ <desk@news.example>", Some("صوت المرفأ"), "صوت المرفأ <desk@news.example>"),
            (
                "\"Voice, Harbour\" <desk@news.example>",
                Some("Voice, Harbour"),
                "Voice, Harbour <desk@news.example>",
            ),
            ("<desk@news.example>", None, "desk@news.example"),
        ] {
            let sender: Sender = given.parse().unwrap();
            assert_eq!((sender.name.as_deref(), sender.to_string().as_str()), (name, shown), "{given}");
        }
        for given in [
            "",
            "desk",
            "Desk <desk>",
            "Desk\r\nBcc: x@y.example <desk@news.example>",
            "a@b.example, c@d.example",
        ] {
            assert!(given.parse::<Sender>().is_err(), "{given}");
        }
        assert_eq!(Sender::default().address.as_str(), "masthead@localhost");
    }
}
