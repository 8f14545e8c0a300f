//! The sanitiser for markup that is kept as markup, and the addresses that may stand anywhere.
//!
//! An allow-list of elements and attributes, kept by ammonia. It must not know of blocks.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use url::Url;

use super::elements::{ALLOWED, DROPPED};
use crate::article::body::Rel;

/// Sanitises markup. What it gives holds only allowed elements and attributes, is well-formed, and comes out
/// of it unchanged a second time.
pub(in super::super) fn sanitise(html: &str) -> String {
    let mut clean = SANITISER.clean(html).to_string();
    // An element taken off from between two others may leave them where a parser would move them: what was
    // sanitised once is safe, and again until it stays as it is.
    for _ in 0..MAX_ROUNDS {
        let again = SANITISER.clean(&clean).to_string();
        if again == clean {
            break;
        }
        clean = again;
    }
    clean
}

/// Two rounds do for anything seen yet.
const MAX_ROUNDS: u8 = 8;

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    let sets = |names: &[&'static str]| names.iter().copied().collect::<HashSet<_>>();
    let attributes: HashMap<&str, HashSet<&str>> = [
        ("a", sets(&["href", "title"])),
        ("abbr", sets(&["title"])),
        ("code", sets(&["class"])),
        ("col", sets(&["span"])),
        ("colgroup", sets(&["span"])),
        ("del", sets(&["datetime"])),
        ("details", sets(&["open"])),
        ("figure", sets(&["class", "data-url"])),
        ("h2", sets(&["id"])),
        ("h3", sets(&["id"])),
        ("h4", sets(&["id"])),
        ("h5", sets(&["id"])),
        ("h6", sets(&["id"])),
        ("img", sets(&["src", "alt", "width", "height"])),
        ("ins", sets(&["datetime"])),
        ("li", sets(&["value"])),
        ("ol", sets(&["start", "reversed"])),
        ("small", sets(&["class"])),
        ("span", sets(&["id"])),
        ("td", sets(&["colspan", "rowspan", "headers"])),
        ("th", sets(&["colspan", "rowspan", "headers", "scope", "abbr"])),
        ("time", sets(&["datetime"])),
    ]
    .into();
    builder
        .tags(sets(&ALLOWED))
        .clean_content_tags(sets(&DROPPED))
        .tag_attributes(attributes)
        .generic_attributes(sets(&["dir", "lang"]))
        .url_schemes(sets(&LINK_SCHEMES))
        .url_relative(UrlRelative::PassThrough)
        // Which `rel` may stand there is decided below; every link that comes here has been given one.
        .link_rel(None)
        .add_tag_attributes("a", &["rel"])
        .attribute_filter(filter_attribute);
    builder
});

fn filter_attribute<'v>(element: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let kept = match (element, attribute) {
        ("a", "href") => link_address(value).as_deref() == Some(value),
        ("img", "src") => media_address(value).as_deref() == Some(value),
        ("figure", "data-url") => media_address(value).as_deref() == Some(value),
        ("a", "rel") => return Some(rel_value(&rel_words(value)).into()),
        ("figure", "class") => matches!(value, "embed" | "gallery"),
        ("small", "class") => value == "credit",
        ("code", "class") => value.strip_prefix("language-").is_some_and(is_code_language),
        (_, "id") => is_anchor(value),
        (_, "dir") => matches!(value, "ltr" | "rtl" | "auto"),
        _ => true,
    };
    kept.then_some(Cow::Borrowed(value))
}

/// The words of a `rel` attribute that are kept.
pub(super) fn rel_words(value: &str) -> Vec<Rel> {
    let mut words: Vec<Rel> = value
        .split_ascii_whitespace()
        .filter_map(|word| {
            [Rel::Nofollow, Rel::Sponsored, Rel::Ugc]
                .into_iter()
                .find(|rel| word.eq_ignore_ascii_case(rel.token()))
        })
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// The `rel` attribute of a link of ours.
pub(super) fn rel_value(words: &[Rel]) -> String {
    words.iter().fold("noopener".to_owned(), |value, word| value + " " + word.token())
}

const LINK_SCHEMES: [&str; 6] = ["http", "https", "mailto", "tel", "sms", "geo"];
/// The longest address kept, in bytes.
const MAX_ADDRESS: usize = 4096;

/// An address a link may lead to, without the white space and line ends that browsers ignore in it: http,
/// https, mailto, tel, sms, geo, or relative. `None` for every other, `javascript:` and `data:` above all.
pub(in super::super) fn link_address(address: &str) -> Option<String> {
    cleaned_address(address, &LINK_SCHEMES)
}

/// An address an image, sound or film may be at: http, https, or relative.
pub(in super::super) fn media_address(address: &str) -> Option<String> {
    cleaned_address(address, &["http", "https"])
}

fn cleaned_address(address: &str, schemes: &[&str]) -> Option<String> {
    let address: String = address
        .trim_matches(|c: char| c <= ' ')
        .chars()
        .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
        .collect();
    if address.is_empty() || address.len() > MAX_ADDRESS || address.contains(char::is_control) {
        return None;
    }
    let known = match Url::parse(&address) {
        Ok(url) => schemes.contains(&url.scheme()),
        Err(url::ParseError::RelativeUrlWithoutBase) => true,
        Err(_) => false,
    };
    known.then_some(address)
}

/// Whether a name can be linked to as `#name`: no white space, nothing that has a meaning in markup.
pub(in super::super) fn is_anchor(name: &str) -> bool {
    !name.is_empty()
        && name.chars().count() <= 200
        && !name.contains(|c: char| c.is_whitespace() || c.is_control() || "\"'<>&`".contains(c))
}

/// Whether a word names a programming language.
pub(in super::super) fn is_code_language(word: &str) -> bool {
    (1..=40).contains(&word.len())
        && word.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'+' | b'#' | b'-' | b'.' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_run_something_are_none() {
        for address in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " java\tscript:alert(1)",
            "java\nscript\r:alert(1)",
            "\u{1}javascript:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "data:image/svg+xml;base64,PHN2Zz4=",
            "vbscript:msgbox(1)",
            "blob:https://example.org/1",
            "file:///etc/passwd",
            "view-source:https://example.org",
            "java\u{0}script:alert(1)",
            "https://[oops",
            "",
            " ",
        ] {
            assert_eq!(link_address(address), None, "{address:?}");
            assert_eq!(media_address(address), None, "{address:?}");
        }
    }

    #[test]
    fn other_addresses_are_kept_as_they_are() {
        for address in [
            "https://example.org/a?b=c&d=%20#e",
            "HTTP://example.org",
            "//example.org/a.jpg",
            "/وزيرة-شؤون-الشباب",
            "https://مرسى.example/مقال",
            "../a b",
            "#note-1",
            "?page=2",
        ] {
            assert_eq!(link_address(address).as_deref(), Some(address));
            assert_eq!(media_address(address).as_deref(), Some(address));
        }
        assert_eq!(link_address(" https://exa\nmple.org\t").as_deref(), Some("https://example.org"));
        assert_eq!(link_address("mailto:desk@example.org").as_deref(), Some("mailto:desk@example.org"));
        assert_eq!(media_address("mailto:desk@example.org"), None);
    }
}
