//! Making and changing authors.

use masthead_domain::author::{AuthorId, Link};
use masthead_domain::media::ImageId;
use masthead_domain::text::{Localized, Slug, SlugKey};

use crate::columns::Columns;
use crate::site::json;
use crate::slugs::Named;
use crate::store::StoreError;
use crate::tx::Tx;

/// What an author's profile holds.
#[derive(Debug, Clone)]
pub struct AuthorProfile {
    /// The slug wished for; numbered where it is taken.
    pub slug: Slug,
    /// Names by language.
    pub names: Localized<String>,
    /// What the author does at the paper, by language.
    pub roles: Localized<String>,
    /// Biographies by language.
    pub biographies: Localized<String>,
    /// Labelled addresses.
    pub links: Vec<Link>,
    /// A portrait.
    pub avatar: Option<ImageId>,
}

impl Tx {
    /// The author to whom this slug leads, now or formerly theirs.
    pub async fn author_by_slug(&self, key: &SlugKey) -> Result<Option<AuthorId>, StoreError> {
        self.slug_leads_to(Named::Author, key).await
    }

    /// Makes an author.
    pub async fn author_create(&self, profile: &AuthorProfile) -> Result<AuthorId, StoreError> {
        let slug = self.free_slug(Named::Author, &profile.slug).await?;
        self.insert(
            "INSERT INTO authors (slug, slug_key, names, roles, biographies, links, avatar_id) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
            vec![
                slug.as_str().into(),
                slug.key().as_str().into(),
                json(&profile.names)?,
                json(&profile.roles)?,
                json(&profile.biographies)?,
                json(&profile.links)?,
                profile.avatar.map(|id| id.get()).into(),
            ],
        )
        .await
    }

    /// Whether there is such a picture.
    pub async fn image_exists(&self, id: ImageId) -> Result<bool, StoreError> {
        Ok(self.row("SELECT 1 FROM images WHERE id = $1", vec![id.get().into()]).await?.is_some())
    }

    /// An author's profile as it stands; `None`: no such author.
    pub async fn author_profile(&self, id: AuthorId) -> Result<Option<AuthorProfile>, StoreError> {
        let row = self
            .row(
                "SELECT slug, CAST(names AS TEXT), CAST(roles AS TEXT), CAST(biographies AS TEXT), CAST(links AS TEXT), avatar_id FROM authors WHERE id = $1",
                vec![id.get().into()],
            )
            .await?;
        let Some(row) = row else { return Ok(None) };
        let mut columns = Columns::of(&row);
        Ok(Some(AuthorProfile {
            slug: columns.slug()?,
            names: columns.names("authors.names")?,
            roles: columns.names("authors.roles")?,
            biographies: columns.names("authors.biographies")?,
            links: columns.json("authors.links")?,
            avatar: columns.id_or_none()?,
        }))
    }

    /// Replaces an author's profile but for the slug.
    pub async fn author_update(&self, id: AuthorId, profile: &AuthorProfile) -> Result<(), StoreError> {
        self.run(
            "UPDATE authors SET names = $2, roles = $3, biographies = $4, links = $5, avatar_id = $6 WHERE id = $1",
            vec![
                id.get().into(),
                json(&profile.names)?,
                json(&profile.roles)?,
                json(&profile.biographies)?,
                json(&profile.links)?,
                profile.avatar.map(|id| id.get()).into(),
            ],
        )
        .await?;
        Ok(())
    }
}
