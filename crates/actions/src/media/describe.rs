//! The fields of a picture's description, as clients spell them.

use masthead_domain::media::{Description, Field, Given, Wrong};

use crate::refused::{Fault, Refused};

/// The description, or what is wrong with each field.
pub(super) fn described(given: Given) -> Result<Description, Refused> {
    given.check().map_err(|wrong| {
        Refused::Invalid(wrong.into_iter().map(|Wrong { field, why }| Fault::new(path(field), why)).collect())
    })
}

const fn path(field: Field) -> &'static str {
    match field {
        Field::Alt => "input.alt",
        Field::Credit => "input.credit",
        Field::Caption => "input.caption",
        Field::FocalPoint => "input.focalPoint",
    }
}
