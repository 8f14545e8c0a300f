//! What the loader is asked about related articles.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use masthead_domain::article::ArticleId;
use masthead_domain::page::{Page, PageRequest};
use masthead_persistence::{Related, StoreError};

use crate::connection::shared;
use crate::load::{Loads, grouped};

/// A page of what is related to an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct RelatedTo {
    pub(crate) article: ArticleId,
    pub(crate) page: PageRequest,
}

impl Loader<RelatedTo> for Loads {
    type Value = Page<Arc<Related>>;
    type Error = StoreError;

    async fn load(&self, keys: &[RelatedTo]) -> Result<HashMap<RelatedTo, Self::Value>, StoreError> {
        let mut answers = HashMap::with_capacity(keys.len());
        for (page, articles) in grouped(keys, |key| (key.page, key.article)) {
            for (article, related) in self.reads.article_related(&articles, &page).await? {
                answers.insert(RelatedTo { article, page }, shared(related));
            }
        }
        Ok(answers)
    }
}
