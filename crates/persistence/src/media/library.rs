//! Pictures by themselves. Readers see one only with what it belongs to; the library is for those who may add to it.

use std::collections::HashMap;

use masthead_domain::media::{Image, ImageId};
use masthead_domain::page::{Page, PageRequest, Place};
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, may};
use sea_orm::Value;

use super::{IMAGE, image_or_none};
use crate::columns::Columns;
use crate::reads::{Reads, keys, keyset};
use crate::store::StoreError;

/// Beyond it pictures are not counted.
const MOST_COUNTED: u64 = 10_000;

impl Reads {
    /// These pictures, whose keys come from something that the viewer may see. One statement.
    pub async fn images_by_id(&self, ids: &[ImageId]) -> Result<HashMap<ImageId, Image>, StoreError> {
        let sql = format!(
            "SELECT {IMAGE} FROM images i WHERE i.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))"
        );
        let rows = self.rows(&sql, vec![keys(ids)]).await?;
        rows.iter()
            .filter_map(|row| image_or_none(&mut Columns::of(row)).transpose())
            .map(|image| image.map(|image| (image.id, image)))
            .collect()
    }

    /// These pictures, asked for by nothing but their keys; none for whoever may not upload any. One statement.
    pub async fn library_images(&self, ids: &[ImageId]) -> Result<HashMap<ImageId, Image>, StoreError> {
        if self.works_with_images() { self.images_by_id(ids).await } else { Ok(HashMap::new()) }
    }

    /// A page of the library, the latest first; nothing for whoever may not upload pictures. One statement, and one
    /// more where they are to be counted, which is done up to 10,000.
    pub async fn image_library(
        &self,
        request: &PageRequest,
        counted: bool,
    ) -> Result<Page<Image>, StoreError> {
        if !self.works_with_images() {
            return Ok(Page::empty());
        }
        let mut values: Vec<Value> = Vec::new();
        let keyset = keyset(request, "i.created_at", "i.id", true, &mut values);
        let sql = format!(
            "SELECT i.created_at, {IMAGE} FROM images i WHERE TRUE{} ORDER BY {} LIMIT {}",
            keyset.condition, keyset.order, keyset.limit
        );
        let mut images = Vec::new();
        for row in self.rows(&sql, values).await? {
            let mut columns = Columns::of(&row);
            let sort = columns.next()?;
            if let Some(image) = image_or_none(&mut columns)? {
                images.push((Place { sort, id: image.id.get() }, image));
            }
        }
        let total = if counted { self.image_count().await? } else { None };
        Ok(Page::of(request, images, total))
    }

    async fn image_count(&self) -> Result<Option<u64>, StoreError> {
        let sql = "SELECT COUNT(*) FROM (SELECT 1 FROM images LIMIT $1) counted";
        let limit = i64::try_from(MOST_COUNTED + 1).unwrap_or(i64::MAX);
        let row = self.row(sql, vec![limit.into()]).await?;
        let count: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
        Ok(u64::try_from(count).ok().filter(|&count| count <= MOST_COUNTED))
    }

    fn works_with_images(&self) -> bool {
        may(self.viewer(), Action::Use(Permission::UploadImages)).is_ok()
    }
}
