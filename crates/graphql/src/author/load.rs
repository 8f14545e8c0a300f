//! What the loader is asked about authors.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use masthead_domain::article::Card;
use masthead_domain::author::{Author, AuthorId};
use masthead_domain::page::{Page, PageRequest};
use masthead_domain::text::LanguageTag;
use masthead_persistence::StoreError;

use crate::connection::shared;
use crate::load::{Loads, grouped};

/// An author with the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct AuthorById(pub(crate) AuthorId);

impl Loader<AuthorById> for Loads {
    type Value = Arc<Author>;
    type Error = StoreError;

    async fn load(&self, keys: &[AuthorById]) -> Result<HashMap<AuthorById, Self::Value>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = self.reads.authors_by_id(&ids).await?;
        Ok(found.into_iter().map(|(id, author)| (AuthorById(id), Arc::new(author))).collect())
    }
}

/// A page of an author's articles.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct ArticlesBy {
    pub(super) author: AuthorId,
    pub(super) locale: Option<LanguageTag>,
    pub(super) page: PageRequest,
}

impl Loader<ArticlesBy> for Loads {
    type Value = Page<Arc<Card>>;
    type Error = StoreError;

    async fn load(&self, keys: &[ArticlesBy]) -> Result<HashMap<ArticlesBy, Self::Value>, StoreError> {
        let mut answers = HashMap::with_capacity(keys.len());
        for ((locale, page), authors) in grouped(keys, |key| ((key.locale.clone(), key.page), key.author)) {
            for (author, articles) in self.reads.author_articles(&authors, locale.as_ref(), &page).await? {
                answers.insert(ArticlesBy { author, locale: locale.clone(), page }, shared(articles));
            }
        }
        Ok(answers)
    }
}
