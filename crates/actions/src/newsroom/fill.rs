//! Storing a whole described newsroom, at once or not at all, where there is none yet.
//!
//! What is there stays: a site that has a name keeps its settings, a section, tag or author whose slug is taken is the
//! one that has it, an address that has a login keeps it.

mod library;

use chrono::{DateTime, Utc};
use masthead_domain::article::ArticleId;
use masthead_domain::comment::text;
use masthead_domain::event::Event;
use masthead_domain::text::Direction;
use masthead_domain::user::EmailAddress;
use masthead_persistence::comment::{NewComment, Parent};
use masthead_persistence::{Store, StoreError, Tx};
use thiserror::Error;

use self::library::Library;
use super::described::{Article, Comment, Member, Newsroom};
use crate::keyed_hash::{Purpose, keyed_hash};
use crate::user::password::HashingFailed;

/// What was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// How many articles and pages.
    pub articles: usize,
    /// How many comments.
    pub comments: usize,
    /// Who got a login; those who had one already are not among them.
    pub logins: Vec<EmailAddress>,
}

/// Why nothing was stored.
#[derive(Debug, Clone, Error)]
pub enum FillError {
    /// The description names something that is not in it.
    #[error("{by} names the {noun} {name}, which is not described")]
    Unknown {
        /// What kind of thing.
        noun: &'static str,
        /// What it is named by.
        name: String,
        /// Where.
        by: String,
    },
    /// A password could not be hashed.
    #[error(transparent)]
    Hashing(#[from] HashingFailed),
    /// Our fault.
    #[error(transparent)]
    Fault(#[from] StoreError),
}

/// Whether [`fill`] would store something: whether there is no article yet, public or not.
pub async fn is_empty(store: &Store) -> Result<bool, StoreError> {
    Ok(!store.begin().await?.has_articles().await?)
}

/// Stores all of `newsroom`, with its dates counted from `now`, in one transaction. `None`: there are articles already,
/// and nothing was changed. Two that start at once take turns, and the second finds the first one's articles.
///
/// `entropy` is 32 random bytes for this call alone.
pub async fn fill(
    store: &Store,
    now: DateTime<Utc>,
    entropy: [u8; 32],
    newsroom: &Newsroom,
) -> Result<Option<Filled>, FillError> {
    let hashes = password_hashes(&newsroom.members, entropy).await?;
    let tx = store.begin().await?;
    // The first statement takes the site's row, so that others wait here.
    site(&tx, newsroom, now).await?;
    if tx.has_articles().await? {
        return Ok(None);
    }
    let mut library = Library::default();
    library.sections(&tx, newsroom, now).await?;
    library.pictures(&tx, newsroom, now).await?;
    library.authors(&tx, newsroom, now).await?;
    library.tags(&tx, newsroom, now).await?;
    let mut comments = 0;
    for article in &newsroom.articles {
        let stored = library.article(&tx, article, now).await?;
        comments += threads(&tx, stored, article, now).await?;
    }
    library.pins(&tx, newsroom).await?;
    let mut logins = Vec::new();
    for (member, password_hash) in newsroom.members.iter().zip(hashes) {
        if library.login(&tx, member, password_hash, now).await? {
            logins.push(member.person.email.clone());
        }
    }
    tx.commit().await?;
    Ok(Some(Filled { articles: newsroom.articles.len(), comments, logins }))
}

/// Hashes before the transaction, so that nobody waits for it, and one after the other: each takes 19 MiB.
async fn password_hashes(members: &[Member], entropy: [u8; 32]) -> Result<Vec<String>, HashingFailed> {
    let mut hashes = Vec::with_capacity(members.len());
    for (n, member) in members.iter().enumerate() {
        let salt = keyed_hash(&entropy, Purpose::Salt, &[&n.to_be_bytes()]);
        hashes.push(member.person.password.hash(salt).await?);
    }
    Ok(hashes)
}

async fn site(tx: &Tx, newsroom: &Newsroom, now: DateTime<Utc>) -> Result<(), StoreError> {
    let there = tx.site().await?;
    let unnamed = there.names.is_empty();
    tx.site_update(if unnamed { &newsroom.site } else { &there }).await?;
    if unnamed {
        tx.append(Event::SiteChanged, now);
    }
    Ok(())
}

/// Stores an article's comments, each after the one that it answers; how many.
async fn threads(tx: &Tx, id: ArticleId, article: &Article, now: DateTime<Utc>) -> Result<usize, FillError> {
    let fallback = Direction::first_strong(&article.title).unwrap_or_else(|| article.locale.direction());
    let mut stored = 0;
    let mut waiting: Vec<(Option<Parent>, &Comment)> =
        article.threads.iter().rev().map(|top| (None, top)).collect();
    while let Some((parent, comment)) = waiting.pop() {
        let new = NewComment {
            article: id,
            parent,
            status: comment.status,
            author_name: comment.author_name.clone(),
            author_email: None,
            writer_key: None,
            user: None,
            address_hash: None,
            by_staff: comment.by_staff,
            direction: text::direction(&comment.text, fallback),
            text: comment.text.clone(),
            html: text::html(&comment.text),
            created_at: now - comment.ago,
        };
        let key = tx.comment_add(&new).await?;
        if comment.status.is_public() {
            tx.append(Event::CommentPublished { comment: key, article: id }, now);
        }
        stored += 1;
        let own = Parent {
            id: key,
            root: parent.map_or(key, |parent| parent.root),
            depth: parent.map_or(0, |parent| parent.depth + 1),
            status: comment.status,
        };
        waiting.extend(comment.replies.iter().rev().map(|reply| (Some(own), reply)));
    }
    Ok(stored)
}
