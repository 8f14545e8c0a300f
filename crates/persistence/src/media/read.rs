//! Reading pictures, by key or as columns of something else.

use std::collections::HashMap;

use masthead_domain::Id;
use masthead_domain::media::{Image, ImageId, ImageSource};
use serde::Deserialize;

use crate::columns::Columns;
use crate::reads::{Reads, keys};
use crate::store::StoreError;

impl Reads {
    /// These pictures. One statement. Everybody may see a picture whose key they have.
    pub async fn images_by_id(&self, ids: &[ImageId]) -> Result<HashMap<ImageId, Image>, StoreError> {
        let sql = "SELECT i.id, i.source, i.location, i.width, i.height, i.alt, i.credit, i.caption FROM images i \
                   WHERE i.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))";
        let rows = self.rows(sql, vec![keys(ids)]).await?;
        rows.iter()
            .filter_map(|row| image_or_none(&mut Columns::of(row)).transpose())
            .map(|image| image.map(|image| (image.id, image)))
            .collect()
    }
}

/// The eight columns `id, source, location, width, height, alt, credit, caption`, all null where there is none.
pub(crate) fn image_or_none(columns: &mut Columns<'_>) -> Result<Option<Image>, StoreError> {
    let Some(id) = columns.id_or_none()? else {
        columns.skip(7);
        return Ok(None);
    };
    let source: String = columns.next()?;
    let location: String = columns.next()?;
    let width: Option<i32> = columns.next()?;
    let height: Option<i32> = columns.next()?;
    Ok(Some(Image {
        id,
        source: image_source(&source, location),
        width: width.and_then(|w| u32::try_from(w).ok()),
        height: height.and_then(|h| u32::try_from(h).ok()),
        alt: columns.next()?,
        credit: columns.next()?,
        caption: columns.next()?,
    }))
}

/// The same columns as one JSON array.
#[derive(Debug, Deserialize)]
pub(crate) struct StoredImage(
    i64,
    String,
    String,
    Option<u32>,
    Option<u32>,
    String,
    Option<String>,
    Option<String>,
);

impl From<StoredImage> for Image {
    fn from(StoredImage(id, source, location, width, height, alt, credit, caption): StoredImage) -> Self {
        Self {
            id: Id::from_stored(id),
            source: image_source(&source, location),
            width,
            height,
            alt,
            credit,
            caption,
        }
    }
}

fn image_source(source: &str, location: String) -> ImageSource {
    // The column is checked to hold one of two words.
    if source == "STORED" { ImageSource::Stored(location) } else { ImageSource::Remote(location) }
}
