//! What the loader is asked about articles, where no plan has brought the answer.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use masthead_domain::article::desk::Head;
use masthead_domain::article::{ArticleId, Card, Correction, Details, Rights, Seo, Translation};
use masthead_domain::tag::Tag;
use masthead_persistence::StoreError;

use crate::load::Loads;

/// An article's card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ArticleById(pub(crate) ArticleId);

impl Loader<ArticleById> for Loads {
    type Value = Arc<Card>;
    type Error = StoreError;

    async fn load(&self, keys: &[ArticleById]) -> Result<HashMap<ArticleById, Self::Value>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = self.reads.articles_by_id(&ids).await?;
        Ok(found.into_iter().map(|(id, card)| (ArticleById(id), Arc::new(card))).collect())
    }
}

/// Body, rights and texts for search engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct DetailsOf(pub(super) ArticleId);

impl Loader<DetailsOf> for Loads {
    type Value = Arc<Details>;
    type Error = StoreError;

    async fn load(&self, keys: &[DetailsOf]) -> Result<HashMap<DetailsOf, Self::Value>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = self.reads.article_details(&ids).await?;
        Ok(found.into_iter().map(|(id, details)| (DetailsOf(id), Arc::new(details))).collect())
    }
}

/// The tags it carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TagsOf(pub(super) ArticleId);

impl Loader<TagsOf> for Loads {
    type Value = Arc<[Arc<Tag>]>;
    type Error = StoreError;

    async fn load(&self, keys: &[TagsOf]) -> Result<HashMap<TagsOf, Self::Value>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = self.reads.article_tags(&ids).await?;
        Ok(found
            .into_iter()
            .map(|(id, tags)| (TagsOf(id), tags.into_iter().map(Arc::new).collect()))
            .collect())
    }
}

/// The same story in other languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TranslationsOf(pub(super) ArticleId);

impl Loader<TranslationsOf> for Loads {
    type Value = Arc<[Translation]>;
    type Error = StoreError;

    async fn load(
        &self,
        keys: &[TranslationsOf],
    ) -> Result<HashMap<TranslationsOf, Self::Value>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = self.reads.article_translations(&ids).await?;
        Ok(found.into_iter().map(|(id, translations)| (TranslationsOf(id), translations.into())).collect())
    }
}

/// Its public notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct CorrectionsOf(pub(super) ArticleId);

impl Loader<CorrectionsOf> for Loads {
    type Value = Arc<[Correction]>;
    type Error = StoreError;

    async fn load(&self, keys: &[CorrectionsOf]) -> Result<HashMap<CorrectionsOf, Self::Value>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = self.reads.article_corrections(&ids).await?;
        Ok(found.into_iter().map(|(id, corrections)| (CorrectionsOf(id), corrections.into())).collect())
    }
}

/// The head, where the viewer works on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct HeadOf(pub(super) ArticleId);

impl Loader<HeadOf> for Loads {
    type Value = Arc<Head>;
    type Error = StoreError;

    async fn load(&self, keys: &[HeadOf]) -> Result<HashMap<HeadOf, Self::Value>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = self.reads.article_heads(&ids).await?;
        Ok(found.into_iter().map(|(id, head)| (HeadOf(id), Arc::new(head))).collect())
    }
}

/// The head's text, where the viewer works on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct HeadBodyOf(pub(super) ArticleId);

impl Loader<HeadBodyOf> for Loads {
    type Value = Arc<Details>;
    type Error = StoreError;

    async fn load(&self, keys: &[HeadBodyOf]) -> Result<HashMap<HeadBodyOf, Self::Value>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = self.reads.article_head_bodies(&ids).await?;
        let details = |body| Details { body, rights: Rights::default(), seo: Seo::default() };
        Ok(found.into_iter().map(|(id, body)| (HeadBodyOf(id), Arc::new(details(body)))).collect())
    }
}
