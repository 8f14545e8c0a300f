//! What the loader is asked about comments, where no plan has brought the answer.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use masthead_domain::article::ArticleId;
use masthead_domain::comment::moderation::Moderation;
use masthead_domain::comment::pipeline::Rules;
use masthead_domain::comment::{Comment, CommentId, Order};
use masthead_domain::page::{Page, PageRequest};
use masthead_persistence::StoreError;

use crate::connection::shared;
use crate::load::{Loads, grouped};

/// A public comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CommentById(pub(crate) CommentId);

impl Loader<CommentById> for Loads {
    type Value = Arc<Comment>;
    type Error = StoreError;

    async fn load(&self, keys: &[CommentById]) -> Result<HashMap<CommentById, Self::Value>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = self.reads.comments_by_id(&ids).await?;
        Ok(found.into_iter().map(|(id, comment)| (CommentById(id), Arc::new(comment))).collect())
    }
}

/// A page of the threads below an article: the comments that answer no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CommentsOn {
    pub(crate) article: ArticleId,
    pub(crate) order: Order,
    pub(crate) page: PageRequest,
}

impl Loader<CommentsOn> for Loads {
    type Value = Page<Arc<Comment>>;
    type Error = StoreError;

    async fn load(&self, keys: &[CommentsOn]) -> Result<HashMap<CommentsOn, Self::Value>, StoreError> {
        let mut answers = HashMap::with_capacity(keys.len());
        for ((order, page), articles) in grouped(keys, |key| ((key.order, key.page), key.article)) {
            for (article, comments) in self.reads.article_comments(&articles, order, &page).await? {
                answers.insert(CommentsOn { article, order, page }, shared(comments));
            }
        }
        Ok(answers)
    }
}

/// A page of the direct answers to a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct RepliesTo {
    pub(super) parent: CommentId,
    pub(super) page: PageRequest,
}

impl Loader<RepliesTo> for Loads {
    type Value = Page<Arc<Comment>>;
    type Error = StoreError;

    async fn load(&self, keys: &[RepliesTo]) -> Result<HashMap<RepliesTo, Self::Value>, StoreError> {
        let mut answers = HashMap::with_capacity(keys.len());
        for (page, parents) in grouped(keys, |key| (key.page, key.parent)) {
            for (parent, replies) in self.reads.comment_replies(&parents, &page).await? {
                answers.insert(RepliesTo { parent, page }, shared(replies));
            }
        }
        Ok(answers)
    }
}

/// What only moderators see of a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ModerationOf(pub(super) CommentId);

impl Loader<ModerationOf> for Loads {
    type Value = Arc<Moderation>;
    type Error = StoreError;

    async fn load(&self, keys: &[ModerationOf]) -> Result<HashMap<ModerationOf, Self::Value>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = self.reads.comments_moderation(&ids).await?;
        Ok(found.into_iter().map(|(id, it)| (ModerationOf(id), Arc::new(it))).collect())
    }
}

/// What a form below an article is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct FormBelow(pub(super) ArticleId);

/// What signs a form's token, and the rules that hold where it stands.
#[derive(Debug, Clone)]
pub(super) struct FormFacts {
    pub(super) secret: Arc<[u8]>,
    pub(super) rules: Rules,
}

/// What a form anywhere on the site is made of: one key, which always has an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct FormAnywhere;

impl Loader<FormAnywhere> for Loads {
    type Value = Arc<FormFacts>;
    type Error = StoreError;

    async fn load(&self, _: &[FormAnywhere]) -> Result<HashMap<FormAnywhere, Self::Value>, StoreError> {
        let facts = FormFacts {
            secret: self.reads.site_secret().await?.into(),
            rules: self.reads.comment_rules().await?,
        };
        Ok(HashMap::from([(FormAnywhere, Arc::new(facts))]))
    }
}

impl Loader<FormBelow> for Loads {
    type Value = Arc<FormFacts>;
    type Error = StoreError;

    async fn load(&self, keys: &[FormBelow]) -> Result<HashMap<FormBelow, Self::Value>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let secret: Arc<[u8]> = self.reads.site_secret().await?.into();
        let found = self.reads.comment_rules_below(&ids).await?;
        let facts = |rules| Arc::new(FormFacts { secret: secret.clone(), rules });
        Ok(found.into_iter().map(|(id, rules)| (FormBelow(id), facts(rules))).collect())
    }
}
