//! Reading pictures as columns of something else.

use masthead_domain::Id;
use masthead_domain::media::{FocalPoint, Image, ImageSource};
use serde::Deserialize;

use crate::columns::Columns;
use crate::store::StoreError;

/// The columns of a picture `i`; [`image_or_none`] reads them in this order.
pub(crate) const IMAGE: &str = "i.id, i.source, i.location, i.width, i.height, i.alt, i.credit, i.caption, i.focal_x, i.focal_y, i.own_work";

/// How many columns [`IMAGE`] has.
pub(crate) const IMAGE_WIDTH: usize = 11;

/// The columns of [`IMAGE`], all null where there is none.
pub(crate) fn image_or_none(columns: &mut Columns<'_>) -> Result<Option<Image>, StoreError> {
    let Some(id) = columns.id_or_none()? else {
        columns.skip(IMAGE_WIDTH - 1);
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
        focal_point: focal_point(columns.next()?, columns.next()?),
        own_work: columns.next()?,
    }))
}

/// The same columns as one JSON array, the last as 0 or 1 or as a boolean.
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
    Option<f64>,
    Option<f64>,
    Flag,
);

/// SQLite has no booleans in JSON that come of a column.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Flag {
    Boolean(bool),
    Number(u8),
}

impl From<StoredImage> for Image {
    fn from(
        StoredImage(id, source, location, width, height, alt, credit, caption, x, y, own_work): StoredImage,
    ) -> Self {
        Self {
            id: Id::from_stored(id),
            source: image_source(&source, location),
            width,
            height,
            alt,
            credit,
            caption,
            focal_point: focal_point(x, y),
            own_work: matches!(own_work, Flag::Boolean(true) | Flag::Number(1..)),
        }
    }
}

fn focal_point(x: Option<f64>, y: Option<f64>) -> Option<FocalPoint> {
    FocalPoint::parse(x?, y?)
}

fn image_source(source: &str, location: String) -> ImageSource {
    // The column is checked to hold one of two words.
    if source == "STORED" { ImageSource::Stored(location) } else { ImageSource::Remote(location) }
}
