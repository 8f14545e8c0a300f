//! Roles and permissions as clients see them. What each means is the domain's policy.

use async_graphql::Enum;

/// What a person may do, from least to most; each may do what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(remote = "masthead_domain::user::Role")]
pub(crate) enum Role {
    /// Reads and comments.
    Reader,
    /// Writes drafts and submits them; may change nothing that was published.
    Contributor,
    /// Writes and submits own articles, published ones too, and uploads images.
    Author,
    /// Runs sections: publishes, corrects, moderates.
    Editor,
    /// Runs everything.
    Admin,
}

/// Something that a person may do somewhere: what a client asks for to know which of its buttons will work. Whether it
/// holds for one article or section depends on the sections too in which a person works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "masthead_domain::viewer::Permission")]
pub(crate) enum Permission {
    /// Begin articles; change and submit one's own.
    WriteArticles,
    /// Upload images.
    UploadImages,
    /// Make tokens for programs that act on one's own behalf. In person only, not by such a token.
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
    /// Invite people, and change what they may do. In person only, not by a program's token.
    ManageUsers,
    /// Read who did what.
    ReadAuditLog,
}
