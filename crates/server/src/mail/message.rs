//! A letter as Internet mail (RFC 5322). The library encodes every header; what could begin another is refused before.

use std::time::{Duration, SystemTime};

use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue, MIME_VERSION_1_0};
use lettre::message::{Mailbox, Message};
use masthead_actions::mail::{Letter, NotSent};
use masthead_domain::user::EmailAddress;

pub(super) fn message(letter: &Letter) -> Result<Message, NotSent> {
    // Letters are written line by line; what is not could begin another header, and the library's answer to that is
    // no error everywhere.
    let list = letter.list.iter().flat_map(|list| [&list.id, &list.unsubscribe]);
    let single = [&letter.from_name, &letter.to_name, &letter.subject, &letter.message_id];
    if single.into_iter().chain(list).any(|text| text.chars().any(char::is_control)) {
        return Err(NotSent::ForGood("a header of the letter has more than one line".to_owned()));
    }
    let micros = u64::try_from(letter.at.timestamp_micros()).unwrap_or(0);
    let mut message = Message::builder()
        .from(mailbox(&letter.from_name, &letter.from)?)
        .to(mailbox(&letter.to_name, &letter.to)?)
        .subject(letter.subject.as_str())
        .date(SystemTime::UNIX_EPOCH + Duration::from_micros(micros))
        .message_id(Some(format!("<{}>", letter.message_id)))
        .header(AutoSubmitted)
        .header(ContentLanguage(letter.language.to_owned()));
    if let Some(list) = &letter.list {
        message = message.header(ListId(list.id.clone())).header(ListUnsubscribe(list.unsubscribe.clone()));
        // One click is for addresses that nobody on the way can read.
        if list.unsubscribe.starts_with("https://") {
            message = message.header(ListUnsubscribePost);
        }
    }
    message
        .header(MIME_VERSION_1_0)
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

/// Which list the letter is one of (RFC 2919).
#[derive(Debug, Clone)]
struct ListId(String);

impl Header for ListId {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Id")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), format!("<{}>", self.0))
    }
}

/// Where the list is ended (RFC 2369).
#[derive(Debug, Clone)]
struct ListUnsubscribe(String);

impl Header for ListUnsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), format!("<{}>", self.0))
    }
}

/// That a mail program may end it by itself, with one click (RFC 8058).
#[derive(Debug, Clone, Copy)]
struct ListUnsubscribePost;

impl Header for ListUnsubscribePost {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe-Post")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "List-Unsubscribe=One-Click".to_owned())
    }
}
