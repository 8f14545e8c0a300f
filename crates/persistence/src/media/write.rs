//! Adding pictures to the library, and changing what is said of them.

use chrono::{DateTime, Utc};
use masthead_domain::media::{Description, Image, ImageId, ImageSource, UploadName};
use masthead_domain::user::UserId;
use sea_orm::Value;

use super::{IMAGE, IMAGE_WIDTH, image_or_none};
use crate::columns::Columns;
use crate::store::StoreError;
use crate::tx::{Tx, free_number};

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

/// An uploaded picture, whose file is there already.
#[derive(Debug, Clone, Copy)]
pub struct Upload<'a> {
    /// What its bytes are called.
    pub name: &'a UploadName,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// What is said of it.
    pub description: &'a Description,
    /// Who uploaded it.
    pub by: UserId,
}

/// An entry of the library for an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entered {
    /// A new one.
    New(ImageId),
    /// The one that had the same bytes and the same description.
    Same(ImageId),
}

/// How many entries of one file are compared with an upload of it, and how often another upload of it may come between.
const COMPARED: u32 = 100;
const ATTEMPTS: usize = 10;

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

    /// Whether readers see this picture, at the head of a public article.
    pub async fn image_is_public(&self, id: ImageId) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM articles WHERE lead_image_id = $1 AND live LIMIT 1";
        Ok(self.row(sql, vec![id.get().into()]).await?.is_some())
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

    /// Adds an uploaded picture. Where the same bytes were uploaded before and the same was said of them, that entry is
    /// found; where something else was said, both stand side by side, and share the file.
    pub async fn image_upload(&self, upload: Upload<'_>, now: DateTime<Utc>) -> Result<Entered, StoreError> {
        for _ in 0..ATTEMPTS {
            let entries = self.upload_entries(upload.name).await?;
            if let Some(same) = entries.iter().find(|entry| is_described(entry, upload.description)) {
                return Ok(Entered::Same(same.id));
            }
            let number = self.free_entry(upload.name, &entries).await?;
            if let Some(new) = self.insert_upload(upload, &upload.name.entry(number), now).await? {
                return Ok(Entered::New(new));
            }
            // On PostgreSQL another upload of the same bytes was faster.
        }
        Err(StoreError::Unreadable { column: "images.location", why: "no name stays free".into() })
    }

    /// A picture of the library; `None`: no such picture.
    pub async fn image(&self, id: ImageId) -> Result<Option<Image>, StoreError> {
        Ok(self.image_and_owner(id).await?.map(|(image, _)| image))
    }

    /// The same, held until the change is made, with whoever uploaded it; `None` where that is nobody any more, or it was
    /// imported.
    pub async fn image_for_change(&self, id: ImageId) -> Result<Option<(Image, Option<UserId>)>, StoreError> {
        // Changing nothing holds the row on PostgreSQL; on SQLite nobody else writes.
        self.run("UPDATE images SET alt = alt WHERE id = $1", vec![id.get().into()]).await?;
        self.image_and_owner(id).await
    }

    /// Says something else of a picture.
    pub async fn image_describe(&self, id: ImageId, description: &Description) -> Result<(), StoreError> {
        let mut values = said(description);
        values.push(id.get().into());
        self.run(
            "UPDATE images SET alt = $1, credit = $2, caption = $3, focal_x = $4, focal_y = $5, own_work = $6 WHERE id = $7",
            values,
        )
        .await?;
        Ok(())
    }

    async fn image_and_owner(&self, id: ImageId) -> Result<Option<(Image, Option<UserId>)>, StoreError> {
        let sql = format!("SELECT {IMAGE}, i.uploaded_by FROM images i WHERE i.id = $1");
        let Some(row) = self.row(&sql, vec![id.get().into()]).await? else { return Ok(None) };
        let mut columns = Columns::of(&row);
        let Some(image) = image_or_none(&mut columns)? else { return Ok(None) };
        debug_assert_eq!(columns.at(), IMAGE_WIDTH);
        Ok(Some((image, columns.id_or_none()?)))
    }

    /// The first entries that have this file.
    async fn upload_entries(&self, name: &UploadName) -> Result<Vec<Image>, StoreError> {
        let names: Vec<String> = (1..=COMPARED).map(|number| name.entry(number)).collect();
        let names = serde_json::to_string(&names)
            .map_err(|error| StoreError::Unreadable { column: "images.location", why: error.to_string() })?;
        let sql = format!(
            "SELECT {IMAGE} FROM images i WHERE i.source = 'STORED' AND i.location IN (SELECT value FROM json_each($1)) ORDER BY i.id"
        );
        let rows = self.rows(&sql, vec![names.into()]).await?;
        rows.iter().filter_map(|row| image_or_none(&mut Columns::of(row)).transpose()).collect()
    }

    /// The least number that none of the entries has. Told by the same answer that was compared, or an upload with the
    /// same words, stored between two questions, would get a neighbour.
    async fn free_entry(&self, name: &UploadName, entries: &[Image]) -> Result<u32, StoreError> {
        let is_taken = |number: &u32| {
            let entry = name.entry(*number);
            entries.iter().any(|image| matches!(&image.source, ImageSource::Stored(name) if *name == entry))
        };
        if let Some(number) = (1..=COMPARED).find(|number| !is_taken(number)) {
            return Ok(number);
        }
        free_number(|number| async move {
            let sql = "SELECT 1 FROM images WHERE source = 'STORED' AND location = $1";
            Ok(self.row(sql, vec![name.entry(number).into()]).await?.is_some())
        })
        .await
    }

    async fn insert_upload(
        &self,
        upload: Upload<'_>,
        location: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<ImageId>, StoreError> {
        let mut values = said(upload.description);
        values.extend([
            location.into(),
            pixels(Some(upload.width)).into(),
            pixels(Some(upload.height)).into(),
            upload.by.get().into(),
            now.timestamp_micros().into(),
        ]);
        let row = self
            .row(
                "INSERT INTO images (source, alt, credit, caption, focal_x, focal_y, own_work, location, width, height, uploaded_by, created_at) \
                 VALUES ('STORED', $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (source, location) DO NOTHING RETURNING id",
                values,
            )
            .await?;
        row.map(|row| Columns::of(&row).id()).transpose()
    }
}

/// The values of `alt, credit, caption, focal_x, focal_y, own_work`.
fn said(description: &Description) -> Vec<Value> {
    vec![
        description.alt.as_str().into(),
        description.credit.clone().into(),
        description.caption.clone().into(),
        description.focal_point.map(|point| point.x()).into(),
        description.focal_point.map(|point| point.y()).into(),
        description.own_work.into(),
    ]
}

fn is_described(image: &Image, description: &Description) -> bool {
    let Description { alt, credit, caption, own_work, focal_point } = description;
    image.alt == *alt
        && image.credit == *credit
        && image.caption == *caption
        && image.own_work == *own_work
        && image.focal_point == *focal_point
}

fn pixels(size: Option<u32>) -> Option<i32> {
    size.and_then(|pixels| i32::try_from(pixels).ok()).filter(|&pixels| pixels > 0)
}
