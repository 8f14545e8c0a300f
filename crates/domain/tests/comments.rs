//! Comments of people who mean no good, and of people who do: long tables of texts of our own, and what must become of each.
//! It knows the domain from outside only.
#![allow(clippy::expect_used, reason = "a test ends where its table is malformed")]

mod comments {
    mod hostile;
    mod words;

    /// The rows of a table without its comments, cells apart by tabulators, `\u{…}` and `\n` resolved.
    fn rows(table: &str) -> Vec<Vec<String>> {
        table
            .lines()
            .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
            .map(|line| line.split('\t').map(unescape).collect())
            .collect()
    }

    fn unescape(cell: &str) -> String {
        let mut pieces = cell.split("\\u{");
        let mut out = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let (code, rest) = piece.split_once('}').expect("an escape ends in }");
            // `\u{202E*40}` is forty of them.
            let (code, times) = code.split_once('*').unwrap_or((code, "1"));
            let c = u32::from_str_radix(code, 16).ok().and_then(char::from_u32).expect("a code point");
            out.extend(std::iter::repeat_n(c, times.parse().expect("a number")));
            out.push_str(rest);
        }
        out.replace("\\n", "\n").replace("\\t", "\t")
    }
}
