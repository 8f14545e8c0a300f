//! What the mutations on pictures answer.

use async_graphql::{Enum, SimpleObject};
use masthead_actions::media::upload::UploadError;
use masthead_actions::refused::DeskError;
use masthead_domain::media::PictureRefused;

use super::Image;
use crate::error::Failure;
use crate::refusal::{Errors, MutationError, codes, errors};

/// Why a picture was not added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum UploadImageErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not.
    Forbidden,
    /// The library lost the picture at once: nothing that a client can bring about.
    NotFound,
    /// A field cannot be taken as it is; `field` says which.
    Invalid,
    /// The file is of another kind: a drawing (SVG), a document, a video, a program, or a picture that browsers do not
    /// show. Or it is animated.
    UnsupportedType,
    /// The file has too many bytes; the message says how many are taken.
    TooLarge,
    /// The picture has too many pixels; the message says how many are taken.
    TooManyPixels,
    /// The file begins as a picture and is damaged, cut off, or something else in disguise.
    NotAnImage,
    /// Too many pictures are being worked on. Nothing was done: try again in a moment.
    Busy,
}
codes!(UploadImageErrorCode);

/// What became of the picture.
#[derive(SimpleObject)]
pub(crate) struct UploadImagePayload {
    /// The picture in the library: the one that is there already where the same file was uploaded before and the same was
    /// said of it. `null` where it was refused.
    pub(super) image: Option<Image>,
    /// Why it was refused. Empty where it was done.
    pub(super) errors: Errors<UploadImageErrorCode>,
}

/// Why nothing else was said of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum UpdateImageErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person who is signed in may not; or may not change this one, which somebody else uploaded.
    Forbidden,
    /// There is no such picture in the library.
    NotFound,
    /// A field cannot be taken as it is; `field` says which.
    Invalid,
}
codes!(UpdateImageErrorCode);

/// What became of what is said of a picture.
#[derive(SimpleObject)]
pub(crate) struct UpdateImagePayload {
    /// The picture as it now is. `null` where it was refused.
    pub(super) image: Option<Image>,
    /// Why it was refused. Empty where it was done.
    pub(super) errors: Errors<UpdateImageErrorCode>,
}

/// The field that the file came in.
const FILE: &str = "input.file";

/// The errors that tell of a refused upload; a fault of ours becomes an error of the answer.
pub(super) fn upload_errors(refused: UploadError) -> Result<Errors<UploadImageErrorCode>, Failure> {
    let one = |code, field, message| Ok(vec![MutationError::new(code, field, message)]);
    match refused {
        UploadError::Desk(DeskError::Refused(refused)) => Ok(errors(refused)),
        UploadError::Desk(DeskError::Fault(fault)) => Err(fault.into()),
        UploadError::Busy(busy) => one(UploadImageErrorCode::Busy, None, busy.to_string()),
        UploadError::Picture(refused) => one(code(&refused), Some(FILE), refused.to_string()),
    }
}

fn code(refused: &PictureRefused) -> UploadImageErrorCode {
    match refused {
        PictureRefused::UnsupportedType(_) | PictureRefused::Animated => {
            UploadImageErrorCode::UnsupportedType
        }
        PictureRefused::TooLarge { .. } => UploadImageErrorCode::TooLarge,
        PictureRefused::TooManyPixels { .. } => UploadImageErrorCode::TooManyPixels,
        PictureRefused::NotAnImage => UploadImageErrorCode::NotAnImage,
    }
}
