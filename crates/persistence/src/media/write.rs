//! Adding pictures to the library.

use chrono::{DateTime, Utc};
use masthead_domain::media::{Image, ImageId, ImageSource};

use crate::columns::Columns;
use crate::store::StoreError;
use crate::tx::Tx;

/// A picture to be added.
#[derive(Debug, Clone)]
pub struct NewImage {
    /// Where its bytes are; the library has one entry for each place.
    pub source: ImageSource,
    /// Width in pixels, where it was measured.
    pub width: Option<u32>,
    /// Height in pixels, where it was measured.
    pub height: Option<u32>,
    /// What it shows.
    pub alt: String,
    /// Who made it.
    pub credit: Option<String>,
    /// The text below it.
    pub caption: Option<String>,
}

impl Tx {
    /// Adds a picture, or finds the one that is kept at the same place. What is known of that one stays; what was not
    /// known (size, texts) is filled in.
    pub async fn image_add(&self, image: &NewImage, now: DateTime<Utc>) -> Result<ImageId, StoreError> {
        let (source, location) = match &image.source {
            ImageSource::Stored(name) => ("STORED", name),
            ImageSource::Remote(url) => ("REMOTE", url),
        };
        self.insert(
            "INSERT INTO images (source, location, width, height, alt, credit, caption, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
             ON CONFLICT (source, location) DO UPDATE SET width = COALESCE(images.width, excluded.width), height = COALESCE(images.height, excluded.height), \
             alt = CASE WHEN images.alt = '' THEN excluded.alt ELSE images.alt END, \
             credit = COALESCE(images.credit, excluded.credit), caption = COALESCE(images.caption, excluded.caption) RETURNING id",
            vec![
                source.into(),
                location.as_str().into(),
                pixels(image.width).into(),
                pixels(image.height).into(),
                image.alt.as_str().into(),
                image.credit.clone().into(),
                image.caption.clone().into(),
                now.timestamp_micros().into(),
            ],
        )
        .await
    }

    /// The picture of the library that is stored under this name.
    pub async fn image_stored_as(&self, name: &str) -> Result<Option<Image>, StoreError> {
        let row = self
            .row("SELECT id FROM images WHERE source = 'STORED' AND location = $1", vec![name.into()])
            .await?;
        match row {
            Some(row) => self.image(ImageId::from_stored(row.try_get_by_index(0)?)).await,
            None => Ok(None),
        }
    }

    /// A picture of the library; `None`: no such picture.
    pub async fn image(&self, id: ImageId) -> Result<Option<Image>, StoreError> {
        let row = self
            .row(
                "SELECT id, source, location, width, height, alt, credit, caption FROM images WHERE id = $1",
                vec![id.get().into()],
            )
            .await?;
        match row {
            Some(row) => super::image_or_none(&mut Columns::of(&row)),
            None => Ok(None),
        }
    }
}

fn pixels(size: Option<u32>) -> Option<i32> {
    size.and_then(|pixels| i32::try_from(pixels).ok()).filter(|&pixels| pixels > 0)
}
