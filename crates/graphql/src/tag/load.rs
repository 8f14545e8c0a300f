//! What the loader is asked about tags.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use masthead_domain::article::Card;
use masthead_domain::page::{Page, PageRequest};
use masthead_domain::tag::{Tag, TagId};
use masthead_domain::text::LanguageTag;
use masthead_persistence::StoreError;

use crate::connection::shared;
use crate::load::{Loads, grouped};

/// A tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct TagById(pub(crate) TagId);

impl Loader<TagById> for Loads {
    type Value = Arc<Tag>;
    type Error = StoreError;

    async fn load(&self, keys: &[TagById]) -> Result<HashMap<TagById, Self::Value>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = self.reads.tags_by_id(&ids).await?;
        Ok(found.into_iter().map(|(id, tag)| (TagById(id), Arc::new(tag))).collect())
    }
}

/// A page of the articles that carry a tag.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct ArticlesTagged {
    pub(super) tag: TagId,
    pub(super) locale: Option<LanguageTag>,
    pub(super) page: PageRequest,
}

impl Loader<ArticlesTagged> for Loads {
    type Value = Page<Arc<Card>>;
    type Error = StoreError;

    async fn load(
        &self,
        keys: &[ArticlesTagged],
    ) -> Result<HashMap<ArticlesTagged, Self::Value>, StoreError> {
        let mut answers = HashMap::with_capacity(keys.len());
        for ((locale, page), tags) in grouped(keys, |key| ((key.locale.clone(), key.page), key.tag)) {
            for (tag, articles) in self.reads.tag_articles(&tags, locale.as_ref(), &page).await? {
                answers.insert(ArticlesTagged { tag, locale: locale.clone(), page }, shared(articles));
            }
        }
        Ok(answers)
    }
}
