//! Changing a published article in public: at once, and with a dated note that readers see.

use masthead_domain::article::desk::missing;
use masthead_domain::article::lifecycle::Transition;
use masthead_domain::article::revision::Change;
use masthead_domain::article::{ArticleId, Correction, CorrectionKind, Status};
use masthead_domain::audit::{Act, Subject};
use masthead_domain::event::Event;
use masthead_domain::text::plain::needed_lines;
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::ArticleAct;
use masthead_persistence::Store;
use masthead_persistence::article::{Next, Visibility};

use super::input::ArticleInput;
use super::update::edit;
use super::{open, require};
use crate::Occasion;
use crate::refused::{DeskError, Fault, Refused};

/// Longest note in characters.
pub const MAX_NOTE: usize = 2_000;

/// Publishes the head of the version that the caller has seen, changed as `input` says, with a note. A retraction is
/// such a note too: the article stays reachable below it. Returns the new version.
pub async fn correct(
    store: &Store,
    occasion: &Occasion,
    id: ArticleId,
    version: i32,
    kind: CorrectionKind,
    note: &str,
    input: ArticleInput,
) -> Result<i32, DeskError> {
    let article = open(store, &occasion.viewer, Permission::PublishArticles, ArticleAct::Correct, id).await?;
    article.require_version(Some(version))?;
    if article.before.status != Status::Published {
        return Err(Refused::WrongStatus(article.before.status).into());
    }
    let note =
        needed_lines(note, MAX_NOTE).map_err(|unfit| Fault::new("note", format!("The note {unfit}.")))?;
    let edited = edit(&article, occasion, &input).await?;
    require(missing(&edited.content, Transition::Publish))?;
    let (tx, member, before) = (article.tx, article.member, article.before);
    let next = Next {
        change: Change::Corrected,
        status: Status::Published,
        content: (edited.content != before.head).then_some(&edited.content),
        scheduled_for: None,
        embargo_until: edited.embargo_until,
        visibility: Visibility::Published,
        editor: Some(member.user),
        reason: Some(edited.reason.as_deref().unwrap_or(&note)),
    };
    let version = tx.article_revise(&before, &next, occasion.now).await?;
    let correction = Correction { published_at: occasion.now, kind, note };
    tx.correction_add(id, &correction, Some(version), Some(member.user)).await?;
    tx.append(Event::ArticleCorrected { article: id }, occasion.now);
    let detail = match kind {
        CorrectionKind::Correction => "CORRECTION",
        CorrectionKind::Clarification => "CLARIFICATION",
        CorrectionKind::Update => "UPDATE",
        CorrectionKind::Retraction => "RETRACTION",
    };
    tx.audit_append(member, Act::ArticleCorrected, Subject::Article(id), Some(detail), occasion.now).await?;
    tx.commit().await?;
    Ok(version)
}
