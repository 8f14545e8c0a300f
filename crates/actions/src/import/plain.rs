//! Titles and names of WordPress as plain text. It must not know whose they are.

use masthead_interchange::wordpress::plain_text;

/// A title or name of WordPress as one line of plain text.
pub(super) fn plain_line(html: &str) -> String {
    without_controls(&plain_text(html))
}

/// Control characters are no part of a text, and PostgreSQL refuses one of them.
pub(super) fn without_controls(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}
