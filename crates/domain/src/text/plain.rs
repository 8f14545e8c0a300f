//! Short texts that people type into fields: what of them is kept, and how long they may be. It must not know what the
//! fields are.

use thiserror::Error;

/// Why a text is not taken. Says what would be, never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Unfit {
    /// Nothing but white space, where something is needed.
    #[error("must not be empty")]
    Empty,
    /// Too many characters (Unicode scalar values).
    #[error("has at most {max} characters, and this one {len}")]
    TooLong {
        /// Most characters.
        max: usize,
        /// Characters of this one.
        len: usize,
    },
    /// More than one line, where it is to stand on one.
    #[error("stands on one line")]
    ManyLines,
    /// A control character, which no database and no page can show.
    #[error("holds a control character (U+{0:04X})")]
    Control(u32),
}

/// A text for one line, without the spaces around it; `None` where nothing is left.
pub fn line(text: &str, max: usize) -> Result<Option<String>, Unfit> {
    if text.trim().contains(['\n', '\r', '\u{2028}', '\u{2029}']) {
        return Err(Unfit::ManyLines);
    }
    lines(text, max)
}

/// A text of any number of lines, without the white space around it; `None` where nothing is left.
pub fn lines(text: &str, max: usize) -> Result<Option<String>, Unfit> {
    let text = text.trim();
    if let Some(control) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Unfit::Control(control.into()));
    }
    let len = text.chars().count();
    if len > max {
        return Err(Unfit::TooLong { max, len });
    }
    Ok((!text.is_empty()).then(|| text.replace("\r\n", "\n")))
}

/// As [`line`], where something is needed.
pub fn needed_line(text: &str, max: usize) -> Result<String, Unfit> {
    line(text, max)?.ok_or(Unfit::Empty)
}

/// As [`lines`], where something is needed.
pub fn needed_lines(text: &str, max: usize) -> Result<String, Unfit> {
    lines(text, max)?.ok_or(Unfit::Empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_a_text() {
        for (given, kept) in [
            ("  a b ", Ok(Some("a b"))),
            (" \n ", Ok(None)),
            ("a\nb", Err(Unfit::ManyLines)),
            ("a\u{0}b", Err(Unfit::Control(0))),
            ("عنوان", Ok(Some("عنوان"))),
            ("123456", Err(Unfit::TooLong { max: 5, len: 6 })),
        ] {
            assert_eq!(line(given, 5), kept.map(|kept| kept.map(str::to_owned)), "{given:?}");
        }
        assert_eq!(lines("a\r\nb", 5), Ok(Some("a\nb".to_owned())));
        assert_eq!(needed_line(" ", 5), Err(Unfit::Empty));
    }
}
