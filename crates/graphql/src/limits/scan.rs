//! The scan of raw text before a parser sees it: one pass over the bytes, nothing allocated.
//!
//! The GraphQL parser (a pest grammar, and a tree built from what it finds) recurses for every open bracket, on a
//! stack of fixed size. pest guards its own recursion, but not the tree's: some 500 brackets in an argument, a
//! request of a kilobyte, abort the process in a debug build. So the scan must be *sound*: whatever text
//! the parser reads as structure is counted here, in any text, valid or not. Where the two might disagree on
//! what is a string or a comment, this side counts, or refuses. Two traits of that grammar matter:
//! - a block string that never ends is read again as an empty string and a plain one, so that brackets
//!   behind it count; such text is invalid GraphQL and refused here;
//! - values need nothing between them: `[truetrue00-1]` are five.
//!
//! It must not know what the tokens mean.

use super::{Limit, LimitExceeded, Limits};

/// Why a document's text is not handed to the parser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextRefused {
    /// It asks for too much.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// A block string is opened and never closed: a syntax error.
    #[error("Syntax error: the block string opened on line {line} is never closed.")]
    OpenBlockString {
        /// Line of its opening quotes, counted from 1.
        line: usize,
    },
}

/// Holds a document's text against `document_bytes`, `tokens` and `nesting`.
///
/// Time is linear in the text, which is looked at only when its length is allowed.
pub fn check_document(text: &str, limits: &Limits) -> Result<(), TextRefused> {
    LimitExceeded::check(Limit::Document, text.len() as u64, limits.document_bytes)?;
    let measure = measure_document(text.as_bytes())?;
    LimitExceeded::check(Limit::Nesting, measure.nesting, limits.nesting)?;
    LimitExceeded::check(Limit::Tokens, measure.tokens, limits.tokens)?;
    Ok(())
}

/// Holds the text of the JSON variables against `variable_nesting` and `variable_values`.
///
/// Sound for any text; whether it is JSON is for the JSON parser to say.
pub fn check_variables(json: &str, limits: &Limits) -> Result<(), LimitExceeded> {
    let measure = measure_json(json.as_bytes());
    LimitExceeded::check(Limit::VariableNesting, measure.nesting, limits.variable_nesting)?;
    LimitExceeded::check(Limit::Variables, measure.tokens, limits.variable_values)
}

/// What was counted in a text: tokens of a document, or values of JSON.
#[derive(Debug, Default, PartialEq, Eq)]
struct Measure {
    tokens: u64,
    /// Most brackets open at once.
    nesting: u64,
    open: u64,
}

impl Measure {
    fn opened(&mut self) {
        self.open += 1;
        self.nesting = self.nesting.max(self.open);
    }

    /// More closed than opened is a syntax error; the count must not wrap on it.
    fn closed(&mut self) {
        self.open = self.open.saturating_sub(1);
    }
}

fn measure_document(text: &[u8]) -> Result<Measure, TextRefused> {
    let mut measure = Measure::default();
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let rest = &text[at..];
        let length = match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                at += rest.iter().take_while(|&&b| b != b'\n' && b != b'\r').count();
                continue;
            }
            b'(' | b'[' | b'{' => {
                measure.opened();
                1
            }
            b')' | b']' | b'}' => {
                measure.closed();
                1
            }
            b'"' if rest.starts_with(b"\"\"\"") => match block_string(rest) {
                Some(length) => length,
                None => return Err(TextRefused::OpenBlockString { line: line_of(text, at) }),
            },
            b'"' => string(rest),
            b'.' if rest.starts_with(b"...") => 3,
            b'-' | b'0'..=b'9' => number(rest),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => word(rest),
            _ => 1,
        };
        measure.tokens += 1;
        at += length;
    }
    Ok(measure)
}

/// Length of a block string with its quotes, `None` where it never ends. `\"""` does not end it.
fn block_string(text: &[u8]) -> Option<usize> {
    let mut at = 3;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with(b"\"\"\"") {
            return Some(at + 3);
        }
        at += if rest.starts_with(b"\\\"\"\"") { 4 } else { 1 };
    }
    None
}

/// Length of a plain string with its quotes. Where it breaks off at the end of a line the parser stops; the
/// scan goes on behind it, so that nothing is taken for string that is not.
fn string(text: &[u8]) -> usize {
    let mut at = 1;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\n' | b'\r' => return at,
            b'\\' if text.get(at + 1).is_some_and(|&b| b != b'\n' && b != b'\r') => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

/// Length of a number. A leading zero stands alone: the parser reads `007` as three numbers.
fn number(text: &[u8]) -> usize {
    let digits = |from: usize| text[from.min(text.len())..].iter().take_while(|b| b.is_ascii_digit()).count();
    let sign = usize::from(text.first() == Some(&b'-'));
    let mut at = sign + if text.get(sign) == Some(&b'0') { 1 } else { digits(sign) };
    if text.get(at) == Some(&b'.') && digits(at + 1) > 0 {
        at += 1 + digits(at + 1);
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        let signed = at + 1 + usize::from(matches!(text.get(at + 1), Some(b'+' | b'-')));
        if digits(signed) > 0 {
            at = signed + digits(signed);
        }
    }
    at.max(1)
}

/// Length of a name or keyword. `true`, `false` and `null` end where they end, whatever follows: so the parser
/// reads them in a list. A longer name that begins so counts as two, which harms nobody.
fn word(text: &[u8]) -> usize {
    for literal in [&b"true"[..], b"false", b"null"] {
        if text.starts_with(literal) {
            return literal.len();
        }
    }
    text.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count()
}

fn line_of(text: &[u8], at: usize) -> usize {
    1 + text[..at].iter().filter(|&&b| b == b'\n').count()
}

/// Counts the text itself, and for every array and object its commas and one more: an empty one counts as if
/// it held a value, so the count never falls short.
fn measure_json(text: &[u8]) -> Measure {
    let mut measure = Measure { tokens: 1, ..Measure::default() };
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        at += match byte {
            b'[' | b'{' => {
                measure.opened();
                measure.tokens += 1;
                1
            }
            b']' | b'}' => {
                measure.closed();
                1
            }
            b',' => {
                measure.tokens += 1;
                1
            }
            b'"' => json_string(&text[at..]),
            _ => 1,
        };
    }
    measure
}

/// Length of a JSON string with its quotes, or the rest of the text. A raw newline does not end it: the JSON
/// parser fails there.
fn json_string(text: &[u8]) -> usize {
    let mut at = 1;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

#[cfg(test)]
#[path = "scan_tests.rs"]
mod tests;
