//! Pictures.

mod object;

pub(crate) use object::Image;
