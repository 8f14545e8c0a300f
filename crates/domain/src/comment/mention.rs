//! Naming somebody of the newsroom in a text: `@` and the slug of their byline. It must not know who that is, nor whether
//! there is anybody of this name.

use unicode_normalization::char::is_combining_mark;

use crate::text::{Slug, SlugKey};

/// More names in one text are not looked at.
pub const MOST_NAMED: usize = 5;

/// The first names in a text, each once, at most [`MOST_NAMED`], by the keys that their slugs are found by.
///
/// A name begins behind an `@` that stands behind no letter or digit (that would be an e-mail address) and goes on as far
/// as letters, digits, hyphens and underscores do; what ends a sentence ends it.
#[must_use]
pub fn named(text: &str) -> Vec<SlugKey> {
    let mut names: Vec<SlugKey> = Vec::new();
    let mut before = None;
    for (at, c) in text.char_indices() {
        let begins = c == '@' && !before.is_some_and(is_of_a_name);
        before = Some(c);
        if !begins {
            continue;
        }
        let rest = &text[at + 1..];
        let end = rest.find(|c: char| !is_of_a_name(c)).unwrap_or(rest.len());
        let name = rest[..end].trim_end_matches(['-', '_']);
        // `@name@host` is an address elsewhere.
        let elsewhere = rest[end..].starts_with('@');
        if elsewhere || name.is_empty() || name.chars().count() > Slug::MAX_IMPORTED {
            continue;
        }
        let key = SlugKey::of(name);
        if !key.as_str().is_empty() && !names.contains(&key) {
            names.push(key);
            if names.len() == MOST_NAMED {
                break;
            }
        }
    }
    names
}

fn is_of_a_name(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || matches!(c, '-' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_where_they_stand_and_nowhere_else() {
        for (text, names) in [
            ("", &[][..]),
            ("nobody", &[]),
            ("@rana-khoury", &["rana-khoury"]),
            ("Thanks, @Rana-Khoury!", &["rana-khoury"]),
            ("(@rana-khoury, @wassim_2.)", &["rana-khoury", "wassim_2"]),
            ("شكرًا @رنا-خوري، أحسنتِ", &["رنا-خوري"]),
            ("@رَنا @رنا", &["رنا"]),
            ("@rana- @rana-- @rana", &["rana"]),
            ("write to rana@news.example", &[]),
            ("on @rana@mastodon.example", &[]),
            ("@ rana @@ @- @!", &[]),
            ("@@rana", &["rana"]),
            ("@a @b @c @d @e @f @g", &["a", "b", "c", "d", "e"]),
        ] {
            let found = named(text);
            assert_eq!(found.iter().map(SlugKey::as_str).collect::<Vec<_>>(), names, "{text}");
        }
        assert_eq!(named(&format!("@{}", "x".repeat(201))), []);
    }
}
