//! Who is looking. What each may do is decided in one place, [`policy`].

pub mod policy;

/// The person or program on whose behalf something is read or done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewer {
    /// Anybody, without a login: a reader.
    Guest,
}
