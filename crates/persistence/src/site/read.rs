//! Reading the site's settings.

use std::sync::{Arc, Mutex, PoisonError};

use masthead_domain::site::{Permalink, Site, TimeZone};

use crate::columns::Columns;
use crate::reads::Reads;
use crate::row::{Answer, Row};
use crate::store::StoreError;

pub(super) const SITE: &str = "SELECT CAST(names AS TEXT), CAST(taglines AS TEXT), CAST(copyright_notices AS TEXT), \
     default_locale, CAST(locales AS TEXT), comment_policy, \
     CAST(comment_rules ->> 'close_after_days' AS INTEGER), permalink, CAST(former_permalinks AS TEXT), time_zone FROM site WHERE id = 1";

/// What signs. Asked for by itself only: never shown.
pub(super) const SECRET: &str = "SELECT secret FROM site WHERE id = 1";

impl Reads {
    pub(crate) async fn read_site(&self) -> Result<Arc<Site>, StoreError> {
        self.last_site().of(self.row(SITE, vec![]).await?)
    }

    /// 32 random bytes made with the database, to sign what guests are given. Never shown.
    pub async fn site_secret(&self) -> Result<Vec<u8>, StoreError> {
        secret(self.row(SECRET, vec![]).await?)
    }
}

/// The settings that were read last, and the row they were in. Every request asks for them and they hardly ever change, so
/// a row is only taken apart where it differs from that one.
#[derive(Debug, Default)]
pub(crate) struct LastSite(Mutex<Option<(Arc<Answer>, Arc<Site>)>>);

impl LastSite {
    fn of(&self, row: Option<Row>) -> Result<Arc<Site>, StoreError> {
        let Some(Row::Local { answer, .. }) = &row else { return site(row).map(Arc::new) };
        let answer = Arc::clone(answer);
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((before, site)) = &*last
            && *before == answer
        {
            return Ok(Arc::clone(site));
        }
        let read = Arc::new(site(row)?);
        *last = Some((answer, Arc::clone(&read)));
        Ok(read)
    }
}

/// The site's settings in the row that [`SITE`] answers.
pub(super) fn site(row: Option<Row>) -> Result<Site, StoreError> {
    let row = set_up(row)?;
    let mut columns = Columns::of(&row);
    Ok(Site {
        names: columns.names("site.names")?,
        taglines: columns.names("site.taglines")?,
        copyright_notices: columns.names("site.copyright_notices")?,
        default_locale: columns.locale()?,
        locales: columns.json("site.locales")?,
        comment_policy: columns.word("site.comment_policy")?,
        comments_close_after_days: columns.next::<Option<i64>>()?.and_then(|days| u32::try_from(days).ok()),
        permalink: Permalink::from_stored(columns.next()?),
        former_permalinks: former_permalinks(columns.json("site.former_permalinks")?),
        time_zone: time_zone(&columns.next::<String>()?)?,
    })
}

/// The secret in the row that [`SECRET`] answers.
pub(super) fn secret(row: Option<Row>) -> Result<Vec<u8>, StoreError> {
    set_up(row)?.try_get_by_index(0)
}

fn set_up(row: Option<Row>) -> Result<Row, StoreError> {
    row.ok_or_else(|| StoreError::Unreadable {
        column: "site",
        why: "the site has not been set up; run `masthead migrate`".into(),
    })
}

fn former_permalinks(patterns: Vec<String>) -> Vec<Permalink> {
    patterns.into_iter().map(Permalink::from_stored).collect()
}

fn time_zone(name: &str) -> Result<TimeZone, StoreError> {
    TimeZone::parse(name).map_err(|unknown| StoreError::Unreadable {
        column: "site.time_zone",
        why: format!("{name}: {unknown}"),
    })
}
