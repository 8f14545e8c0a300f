//! What is done to a commenter as a person: a ban, and erasing all that is held about one.

use chrono::{DateTime, Utc};
use masthead_domain::audit::{Act, Subject};
use masthead_domain::comment::Status;
use masthead_domain::comment::moderation::note;
use masthead_domain::comment::pipeline::Ban;
use masthead_domain::comment::pipeline::spam::tokens;
use masthead_domain::event::Event;
use masthead_domain::user::EmailAddress;
use masthead_domain::viewer::policy::{Action, Denied, may};
use masthead_domain::viewer::{Member, Permission, Scope, Viewer};
use masthead_persistence::{Store, StoreError};

use super::own::announce;
use super::writer::Writer;
use crate::Occasion;
use crate::keyed_hash::{Purpose, keyed_hash};
use crate::refused::{DeskError, Fault, Refused};

/// Bans whoever types this address, or signs in with it, until a time or for good; `shadow`: without being told, by holding what they write.
/// A ban that there is already is replaced.
pub async fn ban(
    store: &Store,
    occasion: &Occasion,
    email: &EmailAddress,
    until: Option<DateTime<Utc>>,
    shadow: bool,
    reason: Option<&str>,
) -> Result<(), DeskError> {
    let member = moderator(occasion)?;
    let reason = note(reason).map_err(|wrong| Fault::new("input.reason", format!("It {wrong}.")))?;
    if until.is_some_and(|until| until <= occasion.now) {
        return Err(Fault::new("input.until", "This time is over already.").into());
    }
    let tx = store.begin().await?;
    tx.ban_put(email, Ban { until, shadow }, reason.as_deref(), member.user, occasion.now).await?;
    let until =
        until.map_or("for good".to_owned(), |until| until.format("until %Y-%m-%d %H:%M UTC").to_string());
    let told = if shadow { ", not told" } else { "" };
    let detail = format!("{} {until}{told}", mark(&tx.site_secret().await?, email));
    tx.audit_append(member, Act::CommenterBanned, Subject::Site, Some(&detail), occasion.now).await?;
    tx.commit().await?;
    Ok(())
}

/// What stands for an address where the address must not: the same for the same one, and nobody can tell which it is
/// without the site's secret.
fn mark(secret: &[u8], email: &EmailAddress) -> String {
    let hash = keyed_hash(secret, Purpose::BannedAddress, &[email.key().as_bytes()]);
    hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// Ends a ban.
pub async fn unban(store: &Store, occasion: &Occasion, email: &EmailAddress) -> Result<(), DeskError> {
    let member = moderator(occasion)?;
    let tx = store.begin().await?;
    if !tx.ban_lift(email).await? {
        return Err(Refused::NotFound.into());
    }
    let mark = mark(&tx.site_secret().await?, email);
    tx.audit_append(member, Act::CommenterUnbanned, Subject::Site, Some(&mark), occasion.now).await?;
    tx.commit().await?;
    Ok(())
}

/// Erases all that is held about whoever typed this address, or signs in with it: texts, names, the address, reactions,
/// reports, receipts, and what it follows;
/// the places of their comments stay where others have answered. How many comments it was. The ban of an
/// address is kept, as the newsroom's own protection.
pub async fn erase(store: &Store, occasion: &Occasion, email: &EmailAddress) -> Result<usize, DeskError> {
    may(&occasion.viewer, Action::Use(Permission::ManageUsers))?;
    let member = moderator(occasion)?;
    let login = store.user_of_address(email).await?.map(|user| user.id);
    let tx = store.begin().await?;
    let secret = tx.site_secret().await?;
    tx.moderators_own().await?;
    let standings = tx.commenter_standings(email).await?;
    let ids: Vec<_> = standings.iter().map(|standing| standing.id).collect();
    for taught in tx.comments_decidable(&ids).await? {
        // The words that the site has learnt are the writer's, too.
        tx.spam_learn(taught.standing.id, &tokens(&taught.text), taught.lesson, None).await?;
    }
    let writer = login.map(|user| Writer::of_login(&secret, user));
    tx.writers_forget(&ids, writer.as_ref().map_or(&[], Writer::hash)).await?;
    for standing in &standings {
        tx.comment_move(standing, Status::Withdrawn).await?;
        announce(&tx, standing, Status::Withdrawn, occasion.now);
        if standing.status == Status::Withdrawn {
            // It was away already; caches and indexes are told all the same.
            let (comment, article) = (standing.id, standing.article);
            tx.append(Event::CommentRefused { comment, article }, occasion.now);
        }
    }
    tx.comments_erase(&ids, occasion.now).await?;
    tx.follows_erase(email).await?;
    let detail = ids.len().to_string();
    tx.audit_append(member, Act::CommenterErased, Subject::Site, Some(&detail), occasion.now).await?;
    tx.commit().await?;
    Ok(ids.len())
}

/// The hash under which the login of this address reacts and reports. `None`: nobody signs in with it.
pub async fn login_mark(store: &Store, email: &EmailAddress) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(user) = store.user_of_address(email).await? else { return Ok(None) };
    let secret = store.reads_as(Viewer::Guest).site_secret().await?;
    Ok(Some(Writer::of_login(&secret, user.id).into_hash()))
}

/// Who decides for the whole site.
fn moderator(occasion: &Occasion) -> Result<&Member, DeskError> {
    may(&occasion.viewer, Action::Use(Permission::ModerateComments))?;
    let member = occasion.member()?;
    if member.scope != Scope::Everywhere {
        return Err(Denied::Forbidden.into());
    }
    Ok(member)
}
