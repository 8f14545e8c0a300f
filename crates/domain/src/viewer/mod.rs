//! Who is looking. What each may do is decided in one place, [`policy`].

pub mod permission;
pub mod policy;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::author::AuthorId;
use crate::section::SectionId;
use crate::user::{Role, UserId};

pub use permission::Permission;

/// The person or program on whose behalf something is read or done. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Viewer {
    /// Anybody, without a login: a reader.
    Guest,
    /// A person who is signed in, or a program with a person's token.
    Member(Arc<Member>),
}

/// A person who is signed in, as of the beginning of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// The name shown to colleagues.
    pub name: String,
    /// What the person may do; for a token, the lesser of the token's role and its owner's.
    pub role: Role,
    /// The person's byline.
    pub author: Option<AuthorId>,
    /// Where the role holds.
    pub scope: Scope,
    /// How the person is known.
    pub credential: Credential,
}

/// In which sections a role holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// In all, and for articles in none.
    Everywhere,
    /// In these and all below them, which are listed too.
    Sections(BTreeSet<SectionId>),
}

/// The key of a session.
pub type SessionId = crate::Id<Session>;
/// The key of an API token.
pub type ApiTokenId = crate::Id<ApiToken>;

/// A session, of which nothing but its key is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Session {}
/// An API token, of which nothing but its key is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiToken {}

/// By what a person is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// A session: the person typed a password.
    Session(SessionId),
    /// A token that the person made for a program.
    ApiToken(ApiTokenId),
}

impl Viewer {
    /// The person, where one is signed in.
    pub fn member(&self) -> Option<&Member> {
        match self {
            Self::Guest => None,
            Self::Member(member) => Some(member),
        }
    }

    /// The person's key, where one is signed in.
    pub fn user(&self) -> Option<UserId> {
        self.member().map(|member| member.user)
    }
}

impl Scope {
    /// Whether the role holds for something in these sections.
    pub fn holds_in(&self, sections: &[SectionId]) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Sections(own) => sections.iter().any(|section| own.contains(section)),
        }
    }
}
