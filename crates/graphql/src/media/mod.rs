//! Pictures.

mod load;
mod object;

pub(crate) use load::ImageById;
pub(crate) use object::Image;
