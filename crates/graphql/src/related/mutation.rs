//! Choosing what is related. What is refused comes back in the payload; only a fault of ours is an error.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use masthead_actions::refused::{DeskError, Fault, Refused};
use masthead_actions::related::pin::pin;
use masthead_domain::article::ArticleId;
use masthead_domain::related::MAX_PINS;
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};

use crate::article::{Article, ArticleById};
use crate::context::Visit;
use crate::edition::Edition;
use crate::error::Failure;
use crate::id::GlobalId;
use crate::refusal::{Errors, codes, key, outcome};

/// The mutation on related articles.
#[derive(Default)]
pub(crate) struct RelatedMutation;

/// Why nothing was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum SetPinnedRelatedErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not: not at all, or not for this article.
    Forbidden,
    /// There is no such article, or none that you may see.
    NotFound,
    /// The list cannot be taken as it is, or an id is none that this site gave out; `field` says which.
    Invalid,
}
codes!(SetPinnedRelatedErrorCode);

/// What became of an editor's choice.
#[derive(SimpleObject)]
pub(crate) struct SetPinnedRelatedPayload {
    /// The article, with what is related to it now. `null` where it was refused.
    article: Option<Article>,
    /// Why it was refused. Empty where it was done.
    errors: Errors<SetPinnedRelatedErrorCode>,
}

#[Object]
impl RelatedMutation {
    /// Chooses which articles are related to one before all others, instead of what was chosen before. Readers see those
    /// of them that are public. Needs PUBLISH_ARTICLES.
    async fn set_pinned_related(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the article to which they are related.")] article_id: ID,
        #[graphql(
            desc = "The ids of the related articles, the nearest first: at most 10, none twice, not the article itself, \
                    none that is a page or that you do not see. Empty: none is chosen any more."
        )]
        related_ids: Vec<ID>,
    ) -> Option<Result<SetPinnedRelatedPayload, Failure>> {
        Some(set(Visit::of(ctx), &article_id, &related_ids).await)
    }
}

async fn set(visit: &Visit, article: &ID, related: &[ID]) -> Result<SetPinnedRelatedPayload, Failure> {
    let done = async {
        may(visit.viewer(), Action::Use(Permission::PublishArticles))?;
        let article = key(article, "articleId", article_key)?;
        let related = related_keys(related)?;
        pin(&visit.settings().store, &visit.occasion(), article, &related).await?;
        Ok::<_, DeskError>(article)
    };
    let article = match outcome(done.await)? {
        Ok(article) => article,
        Err(errors) => return Ok(SetPinnedRelatedPayload { article: None, errors }),
    };
    let edition = Edition::after_writing(visit).await?;
    let card = edition.session.loader().load_one(ArticleById(article)).await?;
    Ok(SetPinnedRelatedPayload {
        article: card.map(|card| Article::of_card(card, edition)),
        errors: Vec::new(),
    })
}

fn article_key(id: GlobalId) -> Option<ArticleId> {
    match id {
        GlobalId::Article(article) => Some(article),
        _ => None,
    }
}

/// The keys of the list; a thing of another kind is as one that is not there.
fn related_keys(ids: &[ID]) -> Result<Vec<ArticleId>, Refused> {
    const FIELD: &str = "relatedIds";
    if ids.len() > MAX_PINS {
        let message = format!("At most {MAX_PINS} articles can be chosen, not {}.", ids.len());
        return Err(Fault::new(FIELD, message).into());
    }
    let one = |id| {
        key(id, FIELD, article_key).map_err(|refused| match refused {
            Refused::NotFound => Fault::new(FIELD, "One of these articles is not there.").into(),
            other => other,
        })
    };
    ids.iter().map(one).collect()
}
