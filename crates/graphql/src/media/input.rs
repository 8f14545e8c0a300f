//! What is said of a picture, as clients give it.

use async_graphql::{InputObject, MaybeUndefined};
use masthead_actions::media::update::Change;
use masthead_domain::media::Given;

use super::upload::Upload;

/// A picture to be added to the library.
#[derive(InputObject)]
pub(crate) struct UploadImageInput {
    /// JPEG, PNG, WebP, or GIF that does not move; at most 64,000,000 pixels and 16,384 on a side, and as many bytes as
    /// the server is set to take (20 MiB where nothing is set). Turned upright; place, camera and all else that is
    /// written into the file is removed.
    pub(super) file: Upload,
    /// What the picture shows, for those who do not see it: plain text, 1 to 1,000 characters.
    alt: String,
    /// Who made it, to be printed beside it: plain text, at most 200 characters. Must be given unless `ownWork`.
    credit: Option<String>,
    /// The text below it: plain, at most 2,000 characters. Absent or `null`: none.
    caption: Option<String>,
    /// Whether it is the newsroom's own, so that nobody need be credited.
    #[graphql(default = false)]
    own_work: bool,
    /// What must stay in sight where the picture is cropped. Absent or `null`: nothing in particular.
    focal_point: Option<FocalPointInput>,
}

/// A point of a picture.
#[derive(InputObject)]
pub(crate) struct FocalPointInput {
    /// From the left edge, 0, to the right one, 1.
    x: f64,
    /// From the upper edge, 0, to the lower one, 1.
    y: f64,
}

/// What is to be said of a picture from now on. What is absent stays as it is.
#[derive(InputObject)]
pub(crate) struct UpdateImageInput {
    /// What the picture shows, for those who do not see it: plain text, 1 to 1,000 characters. Absent or `null`: as it is.
    alt: Option<String>,
    /// Who made it: plain text, at most 200 characters. Absent: as it is. `null`: nobody, which takes `ownWork`.
    credit: MaybeUndefined<String>,
    /// The text below it: plain, at most 2,000 characters. Absent: as it is. `null`: none.
    caption: MaybeUndefined<String>,
    /// Whether it is the newsroom's own, so that nobody need be credited. Absent or `null`: as it is.
    own_work: Option<bool>,
    /// What must stay in sight where the picture is cropped. Absent: as it is. `null`: nothing in particular.
    focal_point: MaybeUndefined<FocalPointInput>,
}

impl UploadImageInput {
    pub(super) fn given(self) -> Given {
        Given {
            alt: self.alt,
            credit: self.credit,
            caption: self.caption,
            own_work: self.own_work,
            focal_point: self.focal_point.map(|point| (point.x, point.y)),
        }
    }
}

impl UpdateImageInput {
    pub(super) fn change(self) -> Change {
        Change {
            alt: self.alt,
            credit: as_change(self.credit),
            caption: as_change(self.caption),
            own_work: self.own_work,
            focal_point: as_change(self.focal_point).map(|point| point.map(|point| (point.x, point.y))),
        }
    }
}

fn as_change<T>(given: MaybeUndefined<T>) -> Option<Option<T>> {
    match given {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}
