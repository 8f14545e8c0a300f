//! Steps of an article's life: submit, return, schedule, unschedule, publish, archive, reopen.

use chrono::{DateTime, SecondsFormat, Utc};
use masthead_domain::article::ArticleId;
use masthead_domain::article::desk::Manuscript;
use masthead_domain::article::lifecycle::Transition;
use masthead_domain::article::revision::Change;
use masthead_domain::audit::{Act, Subject};
use masthead_domain::event::Event;
use masthead_domain::user::UserId;
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::ArticleAct;
use masthead_persistence::article::{Next, Visibility};
use masthead_persistence::{Store, StoreError, Tx};

use super::{open, reason, require};
use crate::Occasion;
use crate::refused::{DeskError, Fault, Refused};

/// What a step is taken with.
#[derive(Debug, Clone, Default)]
pub struct Step {
    /// The version that the caller has seen; `None`: whatever it is.
    pub version: Option<i32>,
    /// When it goes live; needed to schedule, and in the future.
    pub at: Option<DateTime<Utc>>,
    /// Why, in the person's words, at most 500 characters.
    pub reason: Option<String>,
}

/// Takes an article a step further. Returns its new version.
pub async fn step(
    store: &Store,
    occasion: &Occasion,
    id: ArticleId,
    transition: Transition,
    step: Step,
) -> Result<i32, DeskError> {
    let article =
        open(store, &occasion.viewer, permission(transition), ArticleAct::Move(transition), id).await?;
    article.require_version(step.version)?;
    let field = if transition == Transition::Return { "note" } else { "reason" };
    let reason = reason(step.reason.as_deref(), field)?;
    let at = match transition {
        Transition::Schedule => Some(future(step.at, occasion.now)?),
        _ => None,
    };
    let (tx, member, before) = (article.tx, article.member, article.before);
    let version =
        take(&tx, &before, transition, at, Some(member.user), reason.as_deref(), occasion.now).await?;
    let at = at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
    let detail = reason.or(at);
    tx.audit_append(member, act(transition), Subject::Article(id), detail.as_deref(), occasion.now).await?;
    tx.commit().await?;
    Ok(version)
}

/// The permission without which a step is refused before anything is looked at.
pub const fn permission(transition: Transition) -> Permission {
    match transition {
        Transition::Submit => Permission::WriteArticles,
        Transition::Return => Permission::EditArticles,
        Transition::Schedule
        | Transition::Unschedule
        | Transition::Publish
        | Transition::Archive
        | Transition::Reopen => Permission::PublishArticles,
    }
}

/// Takes the step within a change: the lifecycle's rule, the revision, the event. `editor` is nobody where its time came.
pub(super) async fn take(
    tx: &Tx,
    before: &Manuscript,
    transition: Transition,
    at: Option<DateTime<Utc>>,
    editor: Option<UserId>,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<i32, DeskError> {
    let status = before.status.after(transition).ok_or(Refused::WrongStatus(before.status))?;
    require(before.missing_before(transition))?;
    let visibility = match transition {
        Transition::Publish => Visibility::Published,
        Transition::Archive if before.published_content.is_some() => Visibility::Hidden,
        _ => Visibility::Unchanged,
    };
    let next = Next {
        change: Change::from(transition),
        status,
        content: None,
        scheduled_for: at,
        embargo_until: before.embargo_until,
        visibility,
        editor,
        reason,
    };
    let version = tx.article_revise(before, &next, now).await?;
    if let Some(event) = event(transition, before.id) {
        tx.append(event, now);
    }
    Ok(version)
}

/// What happened, where the store does not tell it: of publishing it says which revision, and whether it is seen.
const fn event(transition: Transition, article: ArticleId) -> Option<Event> {
    Some(match transition {
        Transition::Submit => Event::ArticleSubmitted { article },
        Transition::Return => Event::ArticleReturned { article },
        Transition::Schedule => Event::ArticleScheduled { article },
        Transition::Unschedule => Event::ArticleUnscheduled { article },
        Transition::Publish => return None,
        Transition::Archive => Event::ArticleArchived { article },
        Transition::Reopen => Event::ArticleReopened { article },
    })
}

const fn act(transition: Transition) -> Act {
    match transition {
        Transition::Submit => Act::ArticleSubmitted,
        Transition::Return => Act::ArticleReturned,
        Transition::Schedule => Act::ArticleScheduled,
        Transition::Unschedule => Act::ArticleUnscheduled,
        Transition::Publish => Act::ArticlePublished,
        Transition::Archive => Act::ArticleArchived,
        Transition::Reopen => Act::ArticleReopened,
    }
}

/// Publishes an article whose time has come, on nobody's behalf. `false`: it lacks what readers need, since a picture or
/// something else that it had is gone, and is a draft again, so that it holds up no other.
pub(super) async fn publish_when_due(
    tx: &Tx,
    before: &Manuscript,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    match take(tx, before, Transition::Publish, None, None, None, now).await {
        Ok(_) => return Ok(true),
        Err(DeskError::Fault(fault)) => return Err(fault),
        Err(DeskError::Refused(_)) => {}
    }
    let why = Some("At its time it lacked a headline or a text, and was not published.");
    match take(tx, before, Transition::Unschedule, None, None, why, now).await {
        Ok(_) => Ok(false),
        Err(DeskError::Fault(fault)) => Err(fault),
        Err(DeskError::Refused(refused)) => Err(StoreError::Unreadable {
            column: "articles.status",
            why: format!("article {} was due, and is not scheduled: {refused}", before.id.get()),
        }),
    }
}

fn future(at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<DateTime<Utc>, Fault> {
    match at {
        Some(at) if at > now => Ok(at),
        Some(_) => {
            Err(Fault::new("at", "This moment has passed: publish the article, or choose a later one."))
        }
        None => Err(Fault::new("at", "An article is scheduled for a moment.")),
    }
}
