//! Making an old revision the head again, as a new revision: nothing of the history is lost.

use masthead_domain::article::ArticleId;
use masthead_domain::article::revision::Change;
use masthead_domain::audit::{Act, Subject};
use masthead_domain::event::Event;
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, ArticleAct, ArticleFacts, may};
use masthead_persistence::Store;
use masthead_persistence::article::{Next, Visibility};

use super::open;
use super::update::require_still_publishable;
use crate::Occasion;
use crate::refused::{DeskError, Fault};

/// Makes what revision `number` held the head. Sections, tags, authors and pictures that are gone since are left out.
/// Returns the new version.
pub async fn restore(
    store: &Store,
    occasion: &Occasion,
    id: ArticleId,
    version: Option<i32>,
    number: i32,
) -> Result<i32, DeskError> {
    let article = open(store, &occasion.viewer, Permission::WriteArticles, ArticleAct::Edit, id).await?;
    article.require_version(version)?;
    let (tx, member, facts, before) = (article.tx, article.member, article.facts, article.before);
    let old = tx
        .article_revision(id, number)
        .await?
        .ok_or_else(|| Fault::new("revision", format!("This article has no revision {number}.")))?;
    let content = tx.content_still_there(old).await?;
    let after = ArticleFacts {
        sections: content.section.into_iter().chain(content.other_sections.iter().copied()).collect(),
        ..facts
    };
    may(&occasion.viewer, Action::Article(ArticleAct::Edit, &after))?;
    require_still_publishable(before.status, &content)?;
    let reason = number.to_string();
    let next = Next {
        change: Change::Restored,
        status: before.status,
        content: Some(&content),
        scheduled_for: before.scheduled_for,
        embargo_until: before.embargo_until,
        visibility: Visibility::Unchanged,
        editor: Some(member.user),
        reason: Some(&reason),
    };
    let version = tx.article_revise(&before, &next, occasion.now).await?;
    tx.append(Event::ArticleChanged { article: id }, occasion.now);
    tx.audit_append(member, Act::RevisionRestored, Subject::Article(id), Some(&reason), occasion.now).await?;
    tx.commit().await?;
    Ok(version)
}
