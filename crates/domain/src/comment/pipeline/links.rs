//! The links of a text: how many, and whether they say where they lead. It must not know how links are shown.

use std::ops::Range;

use super::{Case, Finding, Phase, Verdict};
use crate::text::skeleton::{Kind, skeleton};

/// So many links above the limit are more than a moderator should have to look at: the writer is asked to leave some out.
const FAR_MORE: usize = 8;

/// An address in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its bytes in the text.
    pub span: Range<usize>,
    /// Its host in ASCII and small letters, as a browser asks for it. `None`: none that can be.
    pub host: Option<String>,
    /// It names a user before the host, which people take for the host.
    pub names_user: bool,
}

/// The addresses of a text, in order: with `http(s)://` in any case, `www.`, or a bare host under a well-known ending
/// with a path or not. Addresses of e-mail are none.
#[must_use]
pub fn links(text: &str) -> Vec<Link> {
    let mut found = Vec::new();
    let mut at = 0;
    for piece in text.split_inclusive(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '«' | '»'))
    {
        found.extend(link_in(piece, at));
        at += piece.len();
    }
    found
}

fn link_in(piece: &str, at: usize) -> Vec<Link> {
    let lower = piece.to_ascii_lowercase();
    let mut starts: Vec<usize> = ["https://", "http://"]
        .iter()
        .flat_map(|scheme| lower.match_indices(scheme))
        .map(|(n, _)| n)
        .collect();
    starts.sort_unstable();
    if starts.is_empty() {
        // A bracket, a bullet or an Arabic particle may stand before a bare host.
        let from = lower.find(|c: char| c.is_ascii_alphanumeric()).unwrap_or(lower.len());
        if !is_bare(&lower[from..]) {
            return Vec::new();
        }
        starts.push(from);
    }
    let ends = starts.iter().skip(1).copied().chain([piece.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(&start, end)| {
            let address = piece[start..end]
                .trim_end_matches(|c: char| c.is_whitespace() || "<>\"«».,;:!?)]}'،؛؟*_|".contains(c));
            let whole = if lower[start..].starts_with("http") {
                address.to_owned()
            } else {
                format!("http://{address}")
            };
            let url = url::Url::parse(&whole).ok();
            Link {
                span: at + start..at + start + address.len(),
                host: url
                    .as_ref()
                    .and_then(|url| url.host_str())
                    .map(|host| host.trim_end_matches('.').to_owned()),
                names_user: url.is_some_and(|url| !url.username().is_empty() || url.password().is_some()),
            }
        })
        .collect()
}

/// Endings that are taken for an address's where no `http://` says so. Few: "etc.and" is a slip, not a link.
const ENDINGS: [&str; 34] = [
    "com", "net", "org", "info", "biz", "ru", "cn", "xyz", "top", "site", "online", "shop", "store", "club",
    "io", "me", "tv", "cc", "co", "link", "click", "live", "vip", "bet", "casino", "win", "pro", "app", "ly",
    "gl", "gd", "fr", "su", "tk",
];

fn is_bare(piece: &str) -> bool {
    let host = piece.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let host = host.trim_end_matches(|c: char| !c.is_alphanumeric());
    if host.contains('@') {
        return false;
    }
    if let Some(rest) = host.strip_prefix("www.") {
        return rest.contains('.');
    }
    let mut labels = host.rsplit('.');
    let ending = labels.next().unwrap_or_default();
    let mut before = labels.peekable();
    before.peek().is_some()
        && ENDINGS.contains(&ending)
        && before.all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'))
}

/// Too many links, and links that hide where they lead.
pub(super) fn phase(case: &Case<'_>) -> Vec<Finding> {
    let links = links(case.text);
    let max = case.rules.max_links as usize;
    let finding = |verdict, detail: String| Finding::new(Phase::Links, verdict, detail);
    let mut findings = Vec::new();
    if links.len() > max {
        let far = links.len() > max + FAR_MORE;
        let verdict = if far { Verdict::Reword } else { Verdict::Hold };
        findings.push(finding(verdict, format!("At most {max} links, please: this has {}.", links.len())));
    }
    for link in links {
        if let Some(why) = hides(&link, case) {
            findings.push(finding(Verdict::Hold, why).at(link.span));
        }
    }
    findings
}

/// Why a link does not say where it leads.
fn hides(link: &Link, case: &Case<'_>) -> Option<String> {
    let host = link.host.as_deref()?;
    let shortens = |entry: &String| {
        let entry = entry.trim().to_ascii_lowercase();
        host.strip_suffix(entry.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    if link.names_user {
        return Some(format!("The link names a user before its host, {host}."));
    }
    if case.rules.shorteners.iter().any(shortens) {
        return Some(format!("{host} hides where the link leads."));
    }
    if matches!(url::Host::parse(host), Ok(url::Host::Ipv4(_) | url::Host::Ipv6(_))) {
        return Some(format!("The link leads to a number, {host}."));
    }
    let disguised = host.split('.').any(|label| label.starts_with("xn--") && is_disguised(label));
    disguised.then(|| format!("{host} is written in letters that look like others."))
}

/// Whether an internationalised label could be taken for one in Latin letters: all of it is drawn like those, accents
/// aside. Names in Arabic, Greek or Chinese are what they seem; `é` is a letter of our readers.
fn is_disguised(label: &str) -> bool {
    let (shown, fault) = idna_label(label);
    let latin = |c: char| c.is_ascii() || ('\u{c0}'..='\u{17f}').contains(&c);
    let plain = skeleton(&shown).iter().all(|unit| match unit.kind {
        Kind::Letter(c) => c.is_ascii_alphabetic(),
        _ => true,
    });
    fault || (plain && !shown.chars().all(latin))
}

/// A label in Unicode, and whether it is none.
fn idna_label(label: &str) -> (String, bool) {
    let (shown, result) = idna::domain_to_unicode(label);
    (shown, result.is_err())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comment::pipeline::{Rules, SpamModel, WordLists, outcome};

    #[test]
    fn what_counts_as_a_link() {
        for (text, expected) in [
            (
                "Voir https://example.org/a, et http://b.example.",
                &["https://example.org/a", "http://b.example"][..],
            ),
            ("(www.example.org) HTTPS://EXAMPLE.COM!", &["www.example.org", "HTTPS://EXAMPLE.COM"]),
            ("casino-royal.bet/x?y et example.com", &["casino-royal.bet/x?y", "example.com"]),
            ("زوروا example.com، الآن", &["example.com"]),
            ("https://a.examplehttps://b.example", &["https://a.example", "https://b.example"]),
            ("nadia@example.com etc.And 3.14 v1.2 Mr.Smith a.m. f.com.", &["f.com"]),
            ("http:// https", &["http://"]),
        ] {
            let found: Vec<_> = links(text).into_iter().map(|link| &text[link.span]).collect();
            let expected: Vec<_> = expected.iter().map(|link| link.trim_end_matches(['/', ':'])).collect();
            let found: Vec<_> = found.iter().map(|link| link.trim_end_matches(['/', ':'])).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn links_that_are_held() {
        use Verdict::{Hold, Publish, Reword};
        let (rules, words, spam) = (Rules::default(), WordLists::default(), SpamModel::default());
        let many = |n: usize| "https://example.org/ ".repeat(n);
        for (text, expected) in [
            (many(2), Publish),
            (many(3), Hold),
            (many(10), Hold),
            (many(11), Reword),
            ("https://bit.ly/abc".into(), Hold),
            ("BIT.LY/abc".into(), Hold),
            ("https://www.tinyurl.com/abc".into(), Hold),
            ("https://notbit.ly.example.org/abc".into(), Publish),
            ("https://rabbit.ly/".into(), Publish),
            ("http://192.0.2.7/login".into(), Hold),
            ("http://3221225991/".into(), Hold),
            ("https://bank.example@evil.example/".into(), Hold),
            ("https://аррӏе.com/".into(), Hold),
            ("https://xn--80ak6aa92e.com/".into(), Hold),
            ("https://موقع.example/".into(), Publish),
            ("https://école.example/".into(), Publish),
            ("https://россия.example/".into(), Publish),
        ] {
            let case = Case::of(&text, &rules, &words, &spam);
            assert_eq!(outcome(&phase(&case)), expected, "{text}: {:?}", phase(&case));
        }
        let none = Rules { max_links: 0, ..Rules::default() };
        assert_eq!(outcome(&phase(&Case::of("example.com", &none, &words, &spam))), Hold);
    }

    proptest::proptest! {
        #[test]
        fn places_are_on_character_borders(text in "\\PC{0,60}|[htps:/w.combitly@ é،]{0,60}") {
            for link in links(&text) {
                proptest::prop_assert!(text.get(link.span).is_some());
            }
        }
    }
}
