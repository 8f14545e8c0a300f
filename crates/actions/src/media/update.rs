//! Saying something else of a picture in the library.
//!
//! Whoever may upload pictures changes the own ones; those of others, which are seen wherever they are used, are for
//! editors.

use masthead_domain::audit::{Act, Subject};
use masthead_domain::event::Event;
use masthead_domain::media::{Description, Given, Image, ImageId};
use masthead_domain::viewer::Permission;
use masthead_domain::viewer::policy::{Action, Denied, may};
use masthead_persistence::Store;

use super::describe::described;
use crate::Occasion;
use crate::refused::{DeskError, Refused};

/// What is to be changed; `None` leaves a field as it is, `Some(None)` empties it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Change {
    /// What it shows.
    pub alt: Option<String>,
    /// Who made it.
    pub credit: Option<Option<String>>,
    /// The text below it.
    pub caption: Option<Option<String>>,
    /// Whether it is the newsroom's own.
    pub own_work: Option<bool>,
    /// Horizontal and vertical place of what must stay in sight.
    pub focal_point: Option<Option<(f64, f64)>>,
}

/// Changes what is said of a picture, and answers it as it then is. A change that changes nothing leaves no trace.
pub async fn update(
    store: &Store,
    occasion: &Occasion,
    id: ImageId,
    change: Change,
) -> Result<Image, DeskError> {
    may(&occasion.viewer, Action::Use(Permission::UploadImages))?;
    let member = occasion.viewer.member().ok_or(Denied::Unauthenticated)?;
    let tx = store.begin().await?;
    let (image, owner) = tx.image_for_change(id).await?.ok_or(Refused::NotFound)?;
    if owner != Some(member.user) {
        may(&occasion.viewer, Action::Use(Permission::EditArticles))?;
    }
    let before = Description {
        alt: image.alt.clone(),
        credit: image.credit.clone(),
        caption: image.caption.clone(),
        own_work: image.own_work,
        focal_point: image.focal_point,
    };
    let after = described(change.applied_to(before.given()))?;
    if after == before {
        return Ok(image);
    }
    tx.image_describe(id, &after).await?;
    tx.audit_append(member, Act::ImageUpdated, Subject::Image(id), None, occasion.now).await?;
    tx.append(Event::ImageChanged { image: id }, occasion.now);
    tx.commit().await?;
    let Description { alt, credit, caption, own_work, focal_point } = after;
    Ok(Image { alt, credit, caption, own_work, focal_point, ..image })
}

impl Change {
    fn applied_to(self, given: Given) -> Given {
        Given {
            alt: self.alt.unwrap_or(given.alt),
            credit: self.credit.unwrap_or(given.credit),
            caption: self.caption.unwrap_or(given.caption),
            own_work: self.own_work.unwrap_or(given.own_work),
            focal_point: self.focal_point.unwrap_or(given.focal_point),
        }
    }
}
