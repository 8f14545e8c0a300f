//! What a person may do at all, by role: what a client asks for to know which buttons will work.
//!
//! Whether it holds for one article or section is for [`policy`](super::policy).

use super::{Credential, Member, Scope};
use crate::user::Role;

/// Something that a role allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Begin articles; change and submit one's own.
    WriteArticles,
    /// Upload pictures.
    UploadImages,
    /// Make tokens for programs that act on one's own behalf.
    CreateApiTokens,
    /// Change and return everyone's articles.
    EditArticles,
    /// Schedule, publish, archive, reopen and correct articles; choose what is related to them.
    PublishArticles,
    /// Decide on comments.
    ModerateComments,
    /// Make and change sections.
    ManageSections,
    /// Make and change authors other than oneself.
    ManageAuthors,
    /// Change and merge tags.
    ManageTags,
    /// Delete articles for good.
    DeleteArticles,
    /// Change the site's settings.
    ManageSite,
    /// Invite people, and change what they may do.
    ManageUsers,
    /// Read who did what.
    ReadAuditLog,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 13] = [
        Self::WriteArticles,
        Self::UploadImages,
        Self::CreateApiTokens,
        Self::EditArticles,
        Self::PublishArticles,
        Self::ModerateComments,
        Self::ManageSections,
        Self::ManageAuthors,
        Self::ManageTags,
        Self::DeleteArticles,
        Self::ManageSite,
        Self::ManageUsers,
        Self::ReadAuditLog,
    ];

    /// The least role that has it.
    pub const fn least_role(self) -> Role {
        match self {
            Self::WriteArticles => Role::Contributor,
            Self::UploadImages | Self::CreateApiTokens => Role::Author,
            Self::EditArticles
            | Self::PublishArticles
            | Self::ModerateComments
            | Self::ManageSections
            | Self::ManageAuthors
            | Self::ManageTags => Role::Editor,
            Self::DeleteArticles | Self::ManageSite | Self::ManageUsers | Self::ReadAuditLog => Role::Admin,
        }
    }

    /// Whether it concerns the whole site, so that a person whose role holds in some sections only does not have it.
    const fn is_of_the_whole_site(self) -> bool {
        matches!(
            self,
            Self::ManageAuthors
                | Self::ManageTags
                | Self::DeleteArticles
                | Self::ManageSite
                | Self::ManageUsers
                | Self::ReadAuditLog
        )
    }

    /// Whether it concerns logins, so that a program's token does not have it: a token that leaks must not be able to
    /// make itself lasting.
    const fn is_used_in_person(self) -> bool {
        matches!(self, Self::CreateApiTokens | Self::ManageUsers)
    }

    /// Whether `member` has it, somewhere.
    pub fn is_of(self, member: &Member) -> bool {
        member.role >= self.least_role()
            && (member.scope == Scope::Everywhere || !self.is_of_the_whole_site())
            && (matches!(member.credential, Credential::Session(_)) || !self.is_used_in_person())
    }
}
