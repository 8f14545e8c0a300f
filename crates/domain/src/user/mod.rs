//! People with a login: what role each has. How they sign in is not known here.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::author::AuthorId;
use crate::section::SectionId;

/// The key of a user.
pub type UserId = crate::Id<User>;

/// The key of an invitation.
pub type InvitationId = crate::Id<Invitation>;

/// The key of somebody's asking for a new password.
pub type PasswordResetId = crate::Id<PasswordReset>;

/// That somebody asked for a new password in the place of a forgotten one. Marks keys only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordReset;

/// A person asked to join, who has no login yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The key.
    pub id: InvitationId,
    /// Where the letter goes; the address that will sign in.
    pub email: EmailAddress,
    /// The name shown to colleagues.
    pub name: String,
    /// What the person will be able to do.
    pub role: Role,
    /// In which sections; none means all.
    pub sections: Vec<SectionId>,
}

/// What a person may do, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Reads and comments.
    Reader,
    /// Writes drafts.
    Contributor,
    /// Writes and submits own articles.
    Author,
    /// Runs sections: publishes, corrects, moderates.
    Editor,
    /// Runs everything.
    Admin,
}

impl Role {
    /// Every role, from least to most.
    pub const ALL: [Self; 5] = [Self::Reader, Self::Contributor, Self::Author, Self::Editor, Self::Admin];

    /// The name used in settings, in the database and in GraphQL.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reader => "READER",
            Self::Contributor => "CONTRIBUTOR",
            Self::Author => "AUTHOR",
            Self::Editor => "EDITOR",
            Self::Admin => "ADMIN",
        }
    }

    /// Whether a person of this role has a byline of their own.
    pub const fn writes(self) -> bool {
        !matches!(self, Self::Reader)
    }
}

/// A text that names no role.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("no such role: {0} (one of READER, CONTRIBUTOR, AUTHOR, EDITOR, ADMIN)")]
pub struct UnknownRole(pub String);

impl FromStr for Role {
    type Err = UnknownRole;
    fn from_str(name: &str) -> Result<Self, UnknownRole> {
        let wanted = name.trim().to_ascii_uppercase();
        Self::ALL.into_iter().find(|role| role.as_str() == wanted).ok_or_else(|| UnknownRole(name.to_owned()))
    }
}

/// A person with a login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The key.
    pub id: UserId,
    /// The address that signs in; shown to nobody but the person and administrators.
    pub email: EmailAddress,
    /// The name shown to colleagues.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The person's byline.
    pub author: Option<AuthorId>,
    /// The sections in which the role holds, and below which; `None`: everywhere.
    pub sections: Option<Vec<SectionId>>,
    /// Since when the person has a login.
    pub created_at: DateTime<Utc>,
    /// Since when the login is closed.
    pub disabled_at: Option<DateTime<Utc>>,
}

/// An e-mail address, lower-cased in its host. Never shown to readers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress(String);

/// A text that is no e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not an e-mail address")]
pub struct InvalidEmail;

impl EmailAddress {
    /// Reads an address: one `@`, something on both sides, a host of letters, digits, dots and hyphens, no
    /// white space or control characters, at most 254 characters (RFC 5321). Whether it takes mail, only
    /// sending some would tell.
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        let text = text.trim();
        let (local, host) = text.rsplit_once('@').ok_or(InvalidEmail)?;
        let local_ok = !local.is_empty()
            && local.len() <= 64
            && !local.chars().any(|c| {
                c.is_whitespace() || c.is_control() || matches!(c, '@' | '<' | '>' | '"' | ',' | ';')
            });
        let host_ok = host.len() <= 253
            && host.split('.').all(|label| {
                !label.is_empty()
                    && label.len() <= 63
                    && !label.starts_with('-')
                    && !label.ends_with('-')
                    && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            });
        if local_ok && host_ok && text.len() <= 254 {
            Ok(Self(format!("{local}@{}", host.to_lowercase())))
        } else {
            Err(InvalidEmail)
        }
    }

    /// Trusts an address that was stored.
    pub fn from_stored(address: String) -> Self {
        Self(address)
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two spellings of one address have in common: it in lower case. Some servers tell cases apart before the `@`;
    /// people do not.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for good in ["a@b.org", "Nadia.Mansour+desk@Example.ORG", "x@localhost", "é@exämple.org"] {
            assert!(EmailAddress::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a",
            "@b.org",
            "a@",
            "a b@c.org",
            "a@b..org",
            "a@-b.org",
            "a@b@c.org",
            "<a@b.org>",
            "a@b.org\n\u{0}",
        ] {
            assert!(EmailAddress::parse(bad).is_err(), "{bad:?}");
        }
        assert_eq!(
            EmailAddress::parse("A@Example.ORG").map(|a| a.as_str().to_owned()),
            Ok("A@example.org".into())
        );
    }
}
