//! What is done by the links of letters, and by who is signed in: confirming a follow, changing and ending it.

use masthead_domain::article::ArticleId;
use masthead_domain::comment::following::{Frequency, Language};
use masthead_persistence::comment::StoredFollow;
use masthead_persistence::{Store, StoreError, Tx};

use super::token;
use crate::Occasion;
use crate::refused::{DeskError, Refused};

/// A follow that its address has confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// The follow.
    pub follow: StoredFollow,
    /// What changes and ends it.
    pub token: String,
}

/// Which follow is meant.
#[derive(Debug, Clone)]
pub enum Which {
    /// The one of this token, whoever shows it.
    Token(String),
    /// That of the person who is signed in, of this article's thread.
    Own(ArticleId),
}

/// Confirms the follow of a letter's token; again changes nothing. A token that does not hold, for whatever reason, is
/// NOT_FOUND.
pub async fn confirm(store: &Store, occasion: &Occasion, token: &str) -> Result<Confirmed, DeskError> {
    let tx = store.begin().await?;
    let secret = tx.site_secret().await?;
    let id = token::confirmed_by(&secret, token, occasion.now).ok_or(Refused::NotFound)?;
    let follow = tx.follow_confirm(id, occasion.now).await?.ok_or(Refused::NotFound)?;
    tx.commit().await?;
    Ok(Confirmed { follow, token: token::keeping(&secret, id) })
}

/// Changes how often letters come, or in which language; what is not given stays.
pub async fn change(
    store: &Store,
    occasion: &Occasion,
    which: &Which,
    frequency: Option<Frequency>,
    language: Option<Language>,
) -> Result<StoredFollow, DeskError> {
    let tx = store.begin().await?;
    let before = found(&tx, occasion, which).await?.ok_or(Refused::NotFound)?;
    let (frequency, language) = (frequency.unwrap_or(before.frequency), language.unwrap_or(before.language));
    if (frequency, language) == (before.frequency, before.language) {
        return Ok(before);
    }
    let zone = tx.site().await?.time_zone;
    let next_at = frequency.due(before.told_at, occasion.now, zone);
    tx.follow_change(before.id, language, frequency, next_at).await?;
    tx.commit().await?;
    Ok(StoredFollow { frequency, language, ..before })
}

/// Ends a follow, and the letters that wait. Does nothing where there is none any more.
pub async fn end(store: &Store, occasion: &Occasion, which: &Which) -> Result<(), DeskError> {
    let tx = store.begin().await?;
    if let Some(follow) = found(&tx, occasion, which).await? {
        tx.follow_end(follow.id).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The follow that is meant; `None`: there is none any more.
async fn found(tx: &Tx, occasion: &Occasion, which: &Which) -> Result<Option<StoredFollow>, DeskError> {
    let follow: Result<_, StoreError> = match which {
        Which::Token(token) => {
            let id = token::kept_by(&tx.site_secret().await?, token).ok_or(Refused::NotFound)?;
            tx.follow(id).await
        }
        Which::Own(article) => tx.follow_of(occasion.member()?.user, *article).await,
    };
    // What nobody has confirmed is nothing yet that could be changed.
    Ok(follow?.filter(|follow| follow.confirmed_at.is_some()))
}
