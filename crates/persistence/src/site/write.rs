//! Changing the site's settings; the secret that signs receipts.

use masthead_domain::site::{Permalink, Site};
use masthead_domain::text::LanguageTag;

use super::read::{SECRET, SITE, secret, site};
use crate::store::StoreError;
use crate::tx::Tx;

impl Tx {
    /// The site's settings.
    pub async fn site(&self) -> Result<Site, StoreError> {
        site(self.row(SITE, vec![]).await?)
    }

    /// As [`Reads::site_secret`](crate::Reads::site_secret), for what is signed within a change.
    pub async fn site_secret(&self) -> Result<Vec<u8>, StoreError> {
        secret(self.row(SECRET, vec![]).await?)
    }

    /// Whether any article is in this language, public or not.
    pub async fn locale_has_articles(&self, locale: &LanguageTag) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM articles WHERE locale = $1 LIMIT 1";
        Ok(self.row(sql, vec![locale.as_str().into()]).await?.is_some())
    }

    /// Replaces the site's settings.
    pub async fn site_update(&self, site: &Site) -> Result<(), StoreError> {
        self.run(
            "UPDATE site SET names = $1, taglines = $2, copyright_notices = $3, default_locale = $4, locales = $5, \
             comment_policy = $6, permalink = $7, former_permalinks = $8, time_zone = $9 WHERE id = 1",
            vec![
                json(&site.names)?,
                json(&site.taglines)?,
                json(&site.copyright_notices)?,
                site.default_locale.as_str().into(),
                json(&site.locales)?,
                site.comment_policy.as_str().into(),
                site.permalink.as_str().into(),
                json(&site.former_permalinks.iter().map(Permalink::as_str).collect::<Vec<_>>())?,
                site.time_zone.name().into(),
            ],
        )
        .await?;
        Ok(())
    }
}

/// A value for a JSON column.
pub(crate) fn json<T: serde::Serialize>(value: &T) -> Result<sea_orm::Value, StoreError> {
    serde_json::to_value(value)
        .map(Into::into)
        .map_err(|error| StoreError::Unreadable { column: "json", why: error.to_string() })
}
