//! Reusable blocks: texts that several bodies share by number.
//! It must not know what a body is, but for the mark that stands for such a text.

use std::borrow::Cow;
use std::collections::HashMap;

/// The texts of an export, as far as they fit.
#[derive(Debug, Default)]
pub(super) struct ReusableBlocks {
    texts: HashMap<i64, String>,
    bytes: usize,
}

/// Kept in all, in bytes.
const MOST_BYTES: usize = 16 << 20;
/// How deep texts may refer to others: two may refer to each other.
const DEEPEST: usize = 4;
/// A body does not grow beyond this, in bytes, however often it refers to a text.
const LARGEST_BODY: usize = 8 << 20;

impl ReusableBlocks {
    /// Keeps a text. `false`: there is no room for it.
    pub(super) fn keep(&mut self, id: i64, text: String) -> bool {
        if self.bytes + text.len() > MOST_BYTES {
            return false;
        }
        self.bytes += text.len();
        self.texts.insert(id, text);
        true
    }

    /// The body with the texts in the place of their marks. Marks of texts that are not kept stay.
    pub(super) fn put_into<'a>(&self, body: &'a str) -> Cow<'a, str> {
        if self.texts.is_empty() || !body.contains(MARK) {
            return Cow::Borrowed(body);
        }
        let mut out = String::with_capacity(body.len());
        self.write(body, 0, &mut out);
        Cow::Owned(out)
    }

    fn write(&self, text: &str, depth: usize, out: &mut String) {
        let mut rest = text;
        while let Some(at) = rest.find(MARK) {
            let (before, mark) = rest.split_at(at);
            out.push_str(before);
            let end = mark.find("-->").map_or(mark.len(), |end| end + "-->".len());
            let (mark, after) = mark.split_at(end);
            match number(mark).and_then(|id| self.texts.get(&id)) {
                Some(text) if depth < DEEPEST && out.len() + text.len() <= LARGEST_BODY => {
                    self.write(text, depth + 1, out);
                }
                _ => out.push_str(mark),
            }
            rest = after;
        }
        out.push_str(rest);
    }
}

const MARK: &str = "<!-- wp:block {";

/// The number in `<!-- wp:block {"ref":12} /-->`.
fn number(mark: &str) -> Option<i64> {
    let json = mark.strip_prefix("<!-- wp:block ")?.strip_suffix("-->")?.trim_end().trim_end_matches('/');
    let value: serde_json::Value = serde_json::from_str(json).ok()?;
    value.get("ref")?.as_i64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_texts_and_circles_end() {
        let mut blocks = ReusableBlocks::default();
        assert!(blocks.keep(1, "<p>اشترك</p>".into()));
        assert!(blocks.keep(2, "<!-- wp:block {\"ref\":2} /-->x".into()));
        let body = |id: i64| format!("a<!-- wp:block {{\"ref\":{id}}} /-->b");
        assert_eq!(blocks.put_into(&body(1)), "a<p>اشترك</p>b");
        assert_eq!(blocks.put_into(&body(9)), body(9));
        assert!(blocks.put_into(&body(2)).ends_with("xxxxb"));
        assert_eq!(blocks.put_into("<!-- wp:block {"), "<!-- wp:block {");
        assert!(!blocks.keep(3, "x".repeat(MOST_BYTES)));
    }
}
