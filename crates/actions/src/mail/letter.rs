//! Writing a letter: from what it has to say to what is sent.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use masthead_domain::comment::following::UNCONFIRMED;
use masthead_domain::site::Site;
use masthead_domain::text::LanguageTag;
use masthead_domain::user::EmailAddress;
use masthead_domain::viewer::Viewer;
use masthead_persistence::mail::{About, DueLetter, LetterFacts, Recipient};
use masthead_persistence::{Store, StoreError};

use super::send::Letterhead;
use super::texts::{Language, line};
use super::thread_texts::Thread;
use crate::comment::follow::link;
use crate::keyed_hash::{Purpose, keyed_hash};
use crate::user::invite::invitation_link;
use crate::user::reset_password::{self, reset_link};

/// Most characters of a title in the subject.
const TITLE: usize = 150;

/// A letter as it is sent: plain text, to one person.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// The name it comes from; one line.
    pub from_name: String,
    /// The address it comes from.
    pub from: EmailAddress,
    /// The name of the person it goes to; one line.
    pub to_name: String,
    /// The address it goes to.
    pub to: EmailAddress,
    /// One line.
    pub subject: String,
    /// Plain text; lines end in `\n`.
    pub body: String,
    /// The language of both.
    pub language: &'static str,
    /// When what it is about happened.
    pub at: DateTime<Utc>,
    /// Of event and recipient, with the host of `from`, without angle brackets: a repeat has the same.
    pub message_id: String,
    /// A short name of the letter: of event and recipient too, fit for a file's name.
    pub name: String,
    /// What mail programs are told of letters that come again and again; `None`: it is none of these.
    pub list: Option<MailingList>,
}

/// The list that a letter is one of, and how to get no more of it.
#[derive(Clone, PartialEq, Eq)]
pub struct MailingList {
    /// Of the thread, with the host of the sender, without angle brackets (RFC 2919).
    pub id: String,
    /// The address that ends it where a mail program sends what RFC 8058 says, without asking anything.
    pub unsubscribe: String,
}

// Derived, it would print addresses, and links that are worth a login.
impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Writes a letter in the site's language, with a token of its own where it needs one, made of `entropy`. `None`: there is
/// no address.
pub(super) async fn write(
    store: &Store,
    due: &DueLetter,
    facts: LetterFacts,
    head: &Letterhead,
    entropy: &[u8; 32],
) -> Result<Option<Letter>, StoreError> {
    let Some(to) = facts.address.clone() else { return Ok(None) };
    let reads = store.reads_as(Viewer::Guest);
    let (site, secret) = (reads.site().await?, reads.site_secret().await?);
    drop(reads);
    let language = facts.language.map_or_else(|| Language::of(&site.default_locale), Language::from);
    let paper = paper(&site, language);
    let host = head.address.as_str().rsplit_once('@').map_or("localhost", |(_, host)| host);
    let mut list = None;
    let link = match &facts.about {
        About::ReviewRequested { .. }
        | About::ArticleReturned { .. }
        | About::Mentioned { .. }
        | About::NamedInNote { .. } => String::new(),
        About::FollowAsked { follow, .. } => {
            let expires_at = due.at + UNCONFIRMED;
            link::confirming(&secret, *follow, expires_at, language.into(), &head.public_url)
        }
        About::ThreadNews { follow, article, .. } => {
            let unsubscribe = link::ending(&secret, *follow, language.into(), &head.public_url);
            let id = format!("thread-{}.{host}", article.id.get());
            list = Some(MailingList { id, unsubscribe: unsubscribe.clone() });
            unsubscribe
        }
        About::Invitation(invitation) => {
            invitation_link(&secret, invitation.id, invitation.expires_at, &head.public_url)
        }
        About::PasswordReset(user) => {
            let expires_at = due.at + reset_password::LIFETIME;
            reset_link(store, *user, expires_at, entropy, &head.public_url).await?
        }
    };
    let text = Text { language, site: &site, paper: &paper, head, facts: &facts, at: due.at, link };
    let name = match due.to {
        Recipient::User(user) => format!("{}-user-{}", due.seq.get(), user.get()),
        Recipient::Invited(invitation) => format!("{}-invitation-{}", due.seq.get(), invitation.get()),
        Recipient::Follower(follow) => format!("{}-follower-{}", due.seq.get(), follow.get()),
    };
    // Two sites may send from one host: what tells them apart is known to each alone.
    let mark = keyed_hash(&secret, Purpose::MessageId, &[name.as_bytes()]);
    Ok(Some(Letter {
        from_name: head.name.as_deref().map_or_else(|| line(&paper), line),
        from: head.address.clone(),
        to_name: line(&facts.name),
        to,
        subject: text.subject(),
        body: text.body(),
        language: language.tag(),
        at: due.at,
        message_id: format!("masthead.{name}.{}@{host}", BASE64_URL_SAFE_NO_PAD.encode(&mark[..9])),
        name,
        list,
    }))
}

fn paper(site: &Site, language: Language) -> String {
    let wanted = LanguageTag::parse(language.tag()).unwrap_or_else(|_| site.default_locale.clone());
    site.names.get(&wanted, &site.default_locale).cloned().unwrap_or_else(|| "Masthead".to_owned())
}

struct Text<'a> {
    language: Language,
    site: &'a Site,
    paper: &'a str,
    head: &'a Letterhead,
    facts: &'a LetterFacts,
    at: DateTime<Utc>,
    /// Where the reader is sent; empty where nowhere.
    link: String,
}

impl Text<'_> {
    fn subject(&self) -> String {
        let short = |title: &str| {
            let cut: String = title.chars().take(TITLE).collect();
            if cut.len() < title.len() { format!("{cut}…") } else { cut }
        };
        match &self.facts.about {
            About::ReviewRequested { title } => self.language.review_subject(&short(title)),
            About::ArticleReturned { title, .. } => self.language.returned_subject(&short(title)),
            About::Invitation(_) => self.language.invitation_subject(self.paper),
            About::PasswordReset(_) => self.language.reset_subject(self.paper),
            About::FollowAsked { article, .. } => self.thread().asked_subject(&short(&article.title)),
            About::ThreadNews { article, .. } => self.thread().news_subject(&short(&article.title)),
            About::Mentioned { article, .. } => self.thread().mentioned_subject(&short(&article.title)),
            About::NamedInNote { article, .. } => self.thread().note_subject(&short(&article.title)),
        }
    }

    fn body(&self) -> String {
        let (language, by) = (self.language, self.facts.by.as_deref());
        let time = |at: DateTime<Utc>| {
            let zone = self.site.time_zone;
            format!("{} ({})", at.with_timezone(&zone.zone()).format("%Y-%m-%d %H:%M"), zone.name())
        };
        let text = match &self.facts.about {
            About::ReviewRequested { title } => language.review(title, by, &time(self.at)),
            About::ArticleReturned { title, note } => {
                language.returned(title, by, &time(self.at), note.as_deref())
            }
            About::Invitation(invitation) => {
                language.invitation(self.paper, invitation.role, by, &time(invitation.expires_at), &self.link)
            }
            About::PasswordReset(_) => {
                language.reset(self.paper, &time(self.at + reset_password::LIFETIME), &self.link)
            }
            About::FollowAsked { article, frequency, .. } => {
                self.thread().asked(article, *frequency, &time(self.at + UNCONFIRMED), &self.link)
            }
            About::ThreadNews { article, told, total, .. } => {
                self.thread().news(article, told, *total, &self.link)
            }
            About::Mentioned { article, comment } => self.thread().mentioned(article, comment),
            About::NamedInNote { article, comment, note } => self.thread().note(article, comment, note, by),
        };
        let greeting = language.greeting(&self.facts.name);
        let paper = line(self.paper);
        format!("{greeting}\n\n{text}\n\n-- \n{paper}\n{}\n", self.head.public_url)
    }

    fn thread(&self) -> Thread<'_> {
        let (permalink, public_url) = (&self.site.permalink, self.head.public_url.trim_end_matches('/'));
        Thread { language: self.language, permalink, public_url }
    }
}
