//! Deleting an article for good, for what the law or safety demands.

use masthead_domain::article::{ArticleId, Kind};
use masthead_domain::audit::{Act, Subject};
use masthead_domain::event::Event;
use masthead_domain::text::plain::needed_lines;
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::ArticleAct;
use masthead_persistence::Store;

use super::open;
use crate::Occasion;
use crate::refused::{DeskError, Fault};

/// Deletes text, revisions and comments. The addresses that readers knew answer "gone"; who did it and why stays in the
/// audit log.
pub async fn remove(
    store: &Store,
    occasion: &Occasion,
    id: ArticleId,
    reason: &str,
) -> Result<(), DeskError> {
    let article = open(store, &occasion.viewer, Permission::DeleteArticles, ArticleAct::Delete, id).await?;
    let reason =
        needed_lines(reason, 500).map_err(|unfit| Fault::new("reason", format!("The reason {unfit}.")))?;
    let (tx, member, before) = (article.tx, article.member, article.before);
    tx.article_remove(&before, occasion.now).await?;
    let was_live = before.live && before.kind == Kind::Article;
    tx.append(Event::ArticleDeleted { article: id, was_live }, occasion.now);
    tx.audit_append(member, Act::ArticleDeleted, Subject::Article(id), Some(&reason), occasion.now).await?;
    tx.commit().await?;
    Ok(())
}
