//! Leaving a comment. What is done to it afterwards stands in [`super::own`], [`super::react`] and
//! [`super::moderate`]. What is refused comes back in the payload; only a fault of ours is an error.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use masthead_actions::comment::leave::{LeaveError, Wish, leave};
use masthead_domain::article::ArticleId;
use masthead_domain::comment::CommentId;
use masthead_domain::comment::leave::Refused;

use super::Comment;
use super::create::{ARTICLE_ID, CreateCommentError, CreateCommentInput, CreateCommentPayload, PARENT_ID};
use crate::context::Visit;
use crate::edition::Edition;
use crate::error::Failure;
use crate::id::GlobalId;

/// The mutations on comments.
#[derive(Default)]
pub(crate) struct CommentMutation;

#[Object]
impl CommentMutation {
    /// Leaves a comment below an article, or an answer to one. For guests too, where the site takes their comments.
    /// `null` only together with an error, after which the same `idempotencyKey` may be sent again.
    async fn create_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The comment and where it goes.")] input: CreateCommentInput,
    ) -> Option<Result<CreateCommentPayload, Failure>> {
        Some(create(Visit::of(ctx), input).await)
    }
}

async fn create(visit: &Visit, input: CreateCommentInput) -> Result<CreateCommentPayload, Failure> {
    let (article, parent) = match ids(&input.article_id, input.parent_id.as_ref()) {
        Ok(ids) => ids,
        Err(refused) => return Ok(refused.into()),
    };
    let settings = visit.settings();
    let form_token = input.form_token.clone();
    let follow = input.follow.map(Into::into);
    let submission = input.submission();
    let wish = Wish { article, parent, submission, form_token, address: visit.address(), follow };
    let left = leave(&settings.store, &settings.conversation, &visit.occasion(), wish).await;
    match left {
        Ok(left) => {
            let edition = Edition::after_writing(visit).await?;
            Ok(CreateCommentPayload {
                outcome: Some(left.outcome.into()),
                receipt: Some(left.receipt),
                comment: Some(Comment::new(Arc::new(left.comment), None, edition)),
                follow: left.follow.map(Into::into),
                errors: Vec::new(),
            })
        }
        Err(LeaveError::Refused(refused)) => Ok(CreateCommentError::from(refused).into()),
        Err(LeaveError::Fault(fault)) => Err(fault.into()),
    }
}

/// The keys of the article and of the comment that is answered. The id of a thing of another kind names none of these.
fn ids(article: &ID, parent: Option<&ID>) -> Result<(ArticleId, Option<CommentId>), CreateCommentError> {
    let article = match GlobalId::decode(article) {
        Some(GlobalId::Article(article)) => article,
        Some(_) => return Err(Refused::NotFound.into()),
        None => return Err(CreateCommentError::malformed_id(ARTICLE_ID)),
    };
    let parent = match parent.map(GlobalId::decode) {
        None => None,
        Some(Some(GlobalId::Comment(parent))) => Some(parent),
        Some(Some(_)) => return Err(Refused::ParentNotFound.into()),
        Some(None) => return Err(CreateCommentError::malformed_id(PARENT_ID)),
    };
    Ok((article, parent))
}
