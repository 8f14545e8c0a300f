//! Asking for letters about a thread: for a login's own address at once, for any other after its reader has confirmed it.

use std::net::IpAddr;

use masthead_domain::article::{ArticleId, Status};
use masthead_domain::comment::following::{Frequency, Language};
use masthead_domain::comment::pipeline::is_over;
use masthead_domain::event::Event;
use masthead_domain::user::EmailAddress;
use masthead_domain::viewer::policy::{Action, may};
use masthead_persistence::comment::NewFollow;
use masthead_persistence::{Store, Tx};

use super::FollowError;
use crate::Occasion;
use crate::comment::conversation::Conversation;
use crate::comment::writer::{NO_KEY, Writer, is_key};
use crate::refused::{Fault, Refused};

const EMAIL: &str = "input.email";

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Of which article's thread.
    pub article: ArticleId,
    /// Where letters are to go; `None`: to the address of the login.
    pub email: Option<String>,
    /// How often.
    pub frequency: Frequency,
    /// In which language; `None`: in the article's, where letters are written in it.
    pub language: Option<Language>,
    /// The secret that a guest's browser keeps, so that own comments are known.
    pub writer_key: Option<String>,
    /// From which network address it comes, where that is known.
    pub address: Option<IpAddr>,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Letters come from now on.
    Following,
    /// A letter asks the address to confirm, unless it follows already or was asked often today.
    Asked,
}

/// Asks for letters about a thread. A hidden article is refused as one that does not exist.
pub async fn follow(
    store: &Store,
    conversation: &Conversation,
    occasion: &Occasion,
    wish: &Wish,
) -> Result<Outcome, FollowError> {
    may(&occasion.viewer, Action::SeeArticle(Status::Published)).map_err(|_| Refused::NotFound)?;
    let key = wish.writer_key.as_deref();
    if key.is_some_and(|key| !is_key(key)) {
        return Err(Refused::from(Fault::new("input.writerKey", NO_KEY)).into());
    }
    let email = wish.email.as_deref().map(|email| {
        let none = Fault::new(EMAIL, "This is no e-mail address, such as name@example.org.");
        EmailAddress::parse(email).map_err(|_| Refused::from(none))
    });
    let email = email.transpose()?;
    if email.is_none() && occasion.viewer.user().is_none() {
        let nowhere = Fault::new(EMAIL, "Say where letters are to go, or sign in.");
        return Err(Refused::from(nowhere).into());
    }
    conversation
        .follow_from(wish.address, occasion.now)
        .map_err(|too_fast| FollowError::TooFast { retry_after: too_fast.seconds })?;
    let tx = store.begin().await?;
    let below = tx.commentable(wish.article).await?.ok_or(Refused::NotFound)?;
    let policy = conversation.policy().unwrap_or(below.policy);
    let age = below.published_at.map(|at| occasion.now - at);
    let rules = tx.comment_rules_below(wish.article).await?.ok_or(Refused::NotFound)?;
    if !policy.is_open() || is_over(rules.close_after_days, age) {
        return Err(FollowError::Closed);
    }
    let writer = Writer::of(&tx.site_secret().await?, &occasion.viewer, key);
    let asking = Asking {
        article: wish.article,
        email: email.as_ref(),
        writer: writer.as_ref().map(Writer::hash),
        language: wish.language.unwrap_or_else(|| Language::of(&below.locale)),
        frequency: wish.frequency,
    };
    let outcome = put(&tx, conversation, occasion, &asking).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// What is asked for, below an article that takes comments.
pub(crate) struct Asking<'a> {
    pub(crate) article: ArticleId,
    /// `None`: the address of the login.
    pub(crate) email: Option<&'a EmailAddress>,
    pub(crate) writer: Option<&'a [u8]>,
    pub(crate) language: Language,
    pub(crate) frequency: Frequency,
}

/// Writes down that somebody follows, or asks to. The same rows are written and the same event whether an address follows
/// already or not: only the follower that makes the letter tells them apart.
pub(crate) async fn put(
    tx: &Tx,
    conversation: &Conversation,
    occasion: &Occasion,
    asking: &Asking<'_>,
) -> Result<Outcome, FollowError> {
    let own = match occasion.viewer.user() {
        Some(user) => tx.own_address(user).await?.map(|address| (user, address)),
        None => None,
    };
    let new = |email| NewFollow {
        article: asking.article,
        email,
        writer_key: asking.writer,
        language: asking.language,
        frequency: asking.frequency,
        at: occasion.now,
    };
    match (own, asking.email) {
        (Some((user, own)), email) if email.is_none_or(|email| email.key() == own.key()) => {
            tx.follow_own(&new(&own), user).await?;
            Ok(Outcome::Following)
        }
        (_, Some(email)) => {
            if conversation.follow_to(&email.key(), occasion.now).is_err() {
                // Who asks learns nothing of who asked before.
                return Ok(Outcome::Asked);
            }
            let follow = tx.follow_ask(&new(email)).await?;
            tx.append(Event::ThreadFollowAsked { follow }, occasion.now);
            Ok(Outcome::Asked)
        }
        (_, None) => {
            Err(Refused::from(Fault::new(EMAIL, "Your login has no address that letters can go to.")).into())
        }
    }
}
