//! The same text, or nearly the same, left twice. It must not know where the earlier texts are kept, or for how long.

use super::{Case, Finding};

pub(super) fn phase(_: &Case<'_>) -> Vec<Finding> {
    Vec::new()
}
