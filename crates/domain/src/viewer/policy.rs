//! The only policy: who may see and do what.

use super::Viewer;
use crate::article::Status;

/// Something that a viewer wants to see or do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// See an article of this status.
    SeeArticle(Status),
    /// See a comment of this status.
    SeeComment(crate::comment::Status),
}

/// The viewer may not. Says no more on purpose: what is hidden looks like what is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not allowed")]
pub struct Denied;

/// Whether `viewer` may.
pub fn may(viewer: &Viewer, action: Action) -> Result<(), Denied> {
    let allowed = match (viewer, action) {
        (Viewer::Guest, Action::SeeArticle(status)) => status.is_public(),
        (Viewer::Guest, Action::SeeComment(status)) => status.is_public(),
    };
    if allowed { Ok(()) } else { Err(Denied) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guests_see_what_is_published_and_nothing_else() {
        use crate::comment::Status as C;
        for status in [Status::Draft, Status::InReview, Status::Scheduled, Status::Archived] {
            assert_eq!(may(&Viewer::Guest, Action::SeeArticle(status)), Err(Denied));
        }
        assert_eq!(may(&Viewer::Guest, Action::SeeArticle(Status::Published)), Ok(()));
        for status in [C::Pending, C::Rejected, C::Spam, C::Withdrawn] {
            assert_eq!(may(&Viewer::Guest, Action::SeeComment(status)), Err(Denied));
        }
        assert_eq!(may(&Viewer::Guest, Action::SeeComment(C::Published)), Ok(()));
    }
}
