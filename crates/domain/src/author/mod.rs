//! An author: a byline with a profile. Needs no login.

use serde::{Deserialize, Serialize};

use crate::media::Image;
use crate::text::plain::{Unfit, needed_line};
use crate::text::{Localized, Slug};

/// Longest name in characters.
pub const MAX_NAME: usize = 100;
/// Longest role in characters.
pub const MAX_ROLE: usize = 100;
/// Longest biography in characters.
pub const MAX_BIOGRAPHY: usize = 2_000;
/// The most links of one author.
pub const MAX_LINKS: usize = 10;
/// Longest label of a link in characters.
pub const MAX_LABEL: usize = 100;
/// Longest address of a link in characters.
pub const MAX_URL: usize = 500;

/// The key of an author.
pub type AuthorId = crate::Id<Author>;

/// What a byline shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorLine {
    /// The author's key.
    pub id: AuthorId,
    /// One slug in all languages.
    pub slug: Slug,
    /// The name as written in each language.
    pub names: Localized<String>,
}

/// An author's box: what the byline shows, and the profile.
#[derive(Debug, Clone, PartialEq)]
pub struct Author {
    /// Key, slug and names.
    pub line: AuthorLine,
    /// What the author does at the paper ("Head of culture"), by language.
    pub roles: Localized<String>,
    /// A short biography, plain text, by language.
    pub biographies: Localized<String>,
    /// A portrait.
    pub avatar: Option<Image>,
    /// Addresses the author wants to be found at.
    pub links: Vec<Link>,
    /// Public articles by the author, by language, all languages together under the sum.
    pub article_count: u64,
}

/// A labelled web address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What the link says.
    pub label: String,
    /// Where it leads; http or https.
    pub url: String,
}

/// Why something is no link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidLink {
    /// What it says is empty, or cannot be kept.
    #[error("A link's label {0}.")]
    Label(Unfit),
    /// Where it leads is no address on the web.
    #[error(
        "A link leads to an http or https address of at most {MAX_URL} characters, without a user name or password."
    )]
    Address,
}

impl Link {
    /// Reads a link: one line for a label, and an absolute http or https address, which comes out normalised.
    ///
    /// # Errors
    /// [`InvalidLink`].
    pub fn parse(label: &str, address: &str) -> Result<Self, InvalidLink> {
        let label = needed_line(label, MAX_LABEL).map_err(InvalidLink::Label)?;
        let url = url::Url::parse(address.trim()).map_err(|_| InvalidLink::Address)?;
        let sound = matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some_and(|host| !host.is_empty())
            && url.username().is_empty()
            && url.password().is_none()
            && url.as_str().chars().count() <= MAX_URL;
        if sound { Ok(Self { label, url: url.into() }) } else { Err(InvalidLink::Address) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_web() {
        let link = Link::parse(" Mastodon ", "HTTPS://Social.example/@nadia").expect("a link");
        assert_eq!((link.label.as_str(), link.url.as_str()), ("Mastodon", "https://social.example/@nadia"));
        for address in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//social.example",
            "social.example",
            "mailto:a@b.example",
            "https://user:secret@social.example/",
            "https://",
            "",
        ] {
            assert_eq!(Link::parse("x", address), Err(InvalidLink::Address), "{address}");
        }
        let long = format!("https://social.example/{}", "a".repeat(MAX_URL));
        assert_eq!(Link::parse("x", &long), Err(InvalidLink::Address));
        assert_eq!(Link::parse(" ", "https://social.example/"), Err(InvalidLink::Label(Unfit::Empty)));
        assert_eq!(Link::parse("a\0", "https://social.example/"), Err(InvalidLink::Label(Unfit::Control(0))));
    }
}
