//! Choosing what is related to an article.

use masthead_domain::article::{ArticleId, Kind};
use masthead_domain::audit::{Act, Subject};
use masthead_domain::event::Event;
use masthead_domain::related::MAX_PINS;
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, ArticleAct, may};
use masthead_persistence::Store;

use crate::Occasion;
use crate::refused::{DeskError, Fault, Refused};

const RELATED: &str = "relatedIds";

/// Puts these articles, in this order, in the place of what was chosen before; none of them takes it all away.
///
/// What the viewer does not see is not there to be chosen. What readers do not see yet may be: they see it among the
/// related ones from the day it is public.
pub async fn pin(
    store: &Store,
    occasion: &Occasion,
    article: ArticleId,
    related: &[ArticleId],
) -> Result<(), DeskError> {
    may(&occasion.viewer, Action::Use(Permission::PublishArticles))?;
    let member = occasion.member()?;
    if related.len() > MAX_PINS {
        let message = format!("At most {MAX_PINS} articles can be chosen, not {}.", related.len());
        return Err(Fault::new(RELATED, message).into());
    }
    if related.contains(&article) {
        return Err(Fault::new(RELATED, "An article is not related to itself.").into());
    }
    if related.iter().enumerate().any(|(at, id)| related.iter().take(at).any(|before| before == id)) {
        return Err(Fault::new(RELATED, "An article is named twice.").into());
    }
    let seen =
        store.reads_as(occasion.viewer.clone()).articles_by_id(&[&[article], related].concat()).await?;
    if !seen.contains_key(&article) {
        return Err(Refused::NotFound.into());
    }
    let tx = store.begin().await?;
    let facts = tx.article_facts(article, member).await?.ok_or(Refused::NotFound)?;
    may(&occasion.viewer, Action::Article(ArticleAct::Pin, &facts))?;
    for id in related {
        match seen.get(id) {
            None => return Err(Fault::new(RELATED, "One of these articles is not there.").into()),
            Some(card) if card.kind != Kind::Article => {
                return Err(Fault::new(RELATED, "A page cannot be related, only an article.").into());
            }
            Some(_) => {}
        }
    }
    if tx.related_pins(article).await? == related {
        return Ok(());
    }
    tx.related_pin(article, related).await?;
    let detail = related.len().to_string();
    tx.audit_append(member, Act::RelatedPinned, Subject::Article(article), Some(&detail), occasion.now)
        .await?;
    tx.append(Event::RelatedPinned { article }, occasion.now);
    tx.commit().await?;
    Ok(())
}
