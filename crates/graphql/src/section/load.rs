//! What the loader is asked about sections.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use masthead_domain::article::Card;
use masthead_domain::page::{Page, PageRequest};
use masthead_domain::section::SectionId;
use masthead_domain::text::LanguageTag;
use masthead_persistence::StoreError;

use super::Tree;
use crate::connection::shared;
use crate::load::{Loads, grouped};

/// All sections: one key, which always has an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct AllSections;

impl Loader<AllSections> for Loads {
    type Value = Arc<Tree>;
    type Error = StoreError;

    async fn load(&self, _: &[AllSections]) -> Result<HashMap<AllSections, Self::Value>, StoreError> {
        let tree = Tree::new(self.reads.sections().await?);
        Ok(HashMap::from([(AllSections, Arc::new(tree))]))
    }
}

/// A page of a section's articles, its descendants' among them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct ArticlesIn {
    pub(super) section: SectionId,
    pub(super) locale: Option<LanguageTag>,
    pub(super) page: PageRequest,
}

impl Loader<ArticlesIn> for Loads {
    type Value = Page<Arc<Card>>;
    type Error = StoreError;

    async fn load(&self, keys: &[ArticlesIn]) -> Result<HashMap<ArticlesIn, Self::Value>, StoreError> {
        let mut answers = HashMap::with_capacity(keys.len());
        for ((locale, page), sections) in grouped(keys, |key| ((key.locale.clone(), key.page), key.section)) {
            for (section, articles) in self.reads.section_articles(&sections, locale.as_ref(), &page).await? {
                answers.insert(ArticlesIn { section, locale: locale.clone(), page }, shared(articles));
            }
        }
        Ok(answers)
    }
}
