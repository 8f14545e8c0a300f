//! A letter as Internet mail (RFC 5322). The library encodes every header and refuses what could begin another.

use std::time::{Duration, SystemTime};

use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use masthead_actions::mail::{Letter, NotSent};
use masthead_domain::user::EmailAddress;

pub(super) fn message(letter: &Letter) -> Result<Message, NotSent> {
    let micros = u64::try_from(letter.at.timestamp_micros()).unwrap_or(0);
    Message::builder()
        .from(mailbox(&letter.from_name, &letter.from)?)
        .to(mailbox(&letter.to_name, &letter.to)?)
        .subject(letter.subject.as_str())
        .date(SystemTime::UNIX_EPOCH + Duration::from_micros(micros))
        .message_id(Some(format!("<{}>", letter.message_id)))
        .header(AutoSubmitted)
        .header(ContentLanguage(letter.language.to_owned()))
        .header(ContentType::TEXT_PLAIN)
        .body(letter.body.replace('\n', "\r\n"))
        .map_err(|_| NotSent::ForGood("the letter cannot be put into a message".to_owned()))
}

fn mailbox(name: &str, address: &EmailAddress) -> Result<Mailbox, NotSent> {
    let address = address
        .as_str()
        .parse()
        .map_err(|_| NotSent::ForGood("the mail library does not take the address".to_owned()))?;
    Ok(Mailbox::new((!name.is_empty()).then(|| name.to_owned()), address))
}

/// Nobody wrote it, and no answering machine should (RFC 3834).
#[derive(Debug, Clone, Copy)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// The language of the text (RFC 3282).
#[derive(Debug, Clone)]
struct ContentLanguage(String);

impl Header for ContentLanguage {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Content-Language")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}
