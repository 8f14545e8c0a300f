//! What Markdown becomes: each construct, Arabic's ways with them, and text meant to harm or to keep the server busy.

mod arabic;
mod cases;
mod hostile;
mod render;
mod same;

use crate::article::body::Body;
use crate::article::body::parse::tests::{holds_together, show};

/// Reads Markdown and shows its blocks, one a line, then what was lost: `lost: element script ×2`.
///
/// Whatever the case, the body is what its own HTML is read back as.
fn read(markdown: &str) -> String {
    let (body, losses) = Body::from_markdown(markdown);
    holds_together(&body);
    let mut lines = vec![show(&body)];
    lines.retain(|line| !line.is_empty());
    lines.extend(losses.iter().map(|loss| format!("lost: {} ×{}", loss.what, loss.count)));
    lines.join("\n")
}

fn assert_cases(cases: &[(&str, &str)]) {
    for (markdown, expected) in cases {
        assert_eq!(read(markdown), *expected, "{markdown}");
    }
}
