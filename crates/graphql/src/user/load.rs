//! What the loader is asked about people.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use masthead_domain::section::SectionId;
use masthead_domain::user::{User, UserId};
use masthead_persistence::StoreError;

use crate::edition::Edition;
use crate::error::Failure;
use crate::load::Loads;
use crate::section::Section;

/// A person, as far as the viewer may know them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct UserById(pub(crate) UserId);

impl Loader<UserById> for Loads {
    type Value = Arc<User>;
    type Error = StoreError;

    async fn load(&self, keys: &[UserById]) -> Result<HashMap<UserById, Self::Value>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = self.reads.users_by_id(&ids).await?;
        Ok(found.into_iter().map(|(id, user)| (UserById(id), Arc::new(user))).collect())
    }
}

/// These sections in the order of the site's tree.
pub(super) async fn sections(keys: &[SectionId], edition: &Arc<Edition>) -> Result<Vec<Section>, Failure> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let tree = edition.session.sections().await?;
    let wanted = tree.all().filter(|section| keys.contains(&section.line.id));
    Ok(wanted.map(|section| Section::whole(section.clone(), edition.clone())).collect())
}
