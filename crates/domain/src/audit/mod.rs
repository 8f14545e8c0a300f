//! What is written down of privileged acts: who did what to what, and why. Never secrets, addresses or texts of others.

use serde::{Deserialize, Serialize};

use crate::article::ArticleId;
use crate::author::AuthorId;
use crate::comment::CommentId;
use crate::media::ImageId;
use crate::section::SectionId;
use crate::tag::TagId;
use crate::user::UserId;

/// The key of an entry.
pub type EntryId = crate::Id<Entry>;

/// An act that is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Act {
    /// An article was begun.
    ArticleCreated,
    /// An article's head was changed.
    ArticleUpdated,
    /// An article was handed to the editors.
    ArticleSubmitted,
    /// An article was handed back; the detail is the note.
    ArticleReturned,
    /// An article was given a time to go live; the detail is the time.
    ArticleScheduled,
    /// That time was taken back.
    ArticleUnscheduled,
    /// An article's head was made public.
    ArticlePublished,
    /// An article was taken away from readers; the detail is the reason.
    ArticleArchived,
    /// An archived article is worked on again.
    ArticleReopened,
    /// An article was changed in public; the detail is the kind of change.
    ArticleCorrected,
    /// An old revision was made the head; the detail is its number.
    RevisionRestored,
    /// An article was deleted for good; the detail is the reason.
    ArticleDeleted,
    /// Other rules for comments hold below one article.
    ThreadRulesUpdated,
    /// What is related to an article was chosen; the detail is how many.
    RelatedPinned,
    /// A section was made.
    SectionCreated,
    /// A section was changed; the detail names the fields.
    SectionUpdated,
    /// A section was deleted; the detail is its slug.
    SectionDeleted,
    /// An author was made.
    AuthorCreated,
    /// An author was changed; the detail names the fields.
    AuthorUpdated,
    /// A tag was changed; the detail names the fields.
    TagUpdated,
    /// One tag became part of another; the detail is the slug that now leads there.
    TagsMerged,
    /// The site's settings were changed; the detail names them.
    SiteUpdated,
    /// A picture was uploaded.
    ImageUploaded,
    /// What is said of a picture was changed.
    ImageUpdated,
    /// A person was invited; the detail is the role.
    UserInvited,
    /// A person was given a login; the detail is the role.
    UserCreated,
    /// What a person may do was changed; the detail says to what.
    UserUpdated,
    /// A person's login was closed or opened again.
    UserDisabled,
    /// A person changed the own password.
    PasswordChanged,
    /// A person who had forgotten the own password set a new one by the link of a letter.
    PasswordReset,
    /// A token for a program was made; the detail is its name and role.
    ApiTokenCreated,
    /// A token for a program was revoked; the detail is its name.
    ApiTokenRevoked,
    /// A moderator published a comment.
    CommentApproved,
    /// A moderator refused a comment.
    CommentRejected,
    /// A moderator took a comment for spam.
    CommentMarkedSpam,
    /// A moderator wrote a note to a comment.
    CommentNoted,
    /// A decision on a comment was taken back.
    ModerationUndone,
    /// Whoever types a certain address may not comment; the detail is a mark of the address, until when, and whether it is
    /// told.
    CommenterBanned,
    /// A ban was ended; the detail is the mark of the address.
    CommenterUnbanned,
    /// All that was held about a commenter was erased; the detail is of how many comments.
    CommenterErased,
}

/// What an act was done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// An article.
    Article(ArticleId),
    /// A section.
    Section(SectionId),
    /// An author.
    Author(AuthorId),
    /// A tag.
    Tag(TagId),
    /// A picture.
    Image(ImageId),
    /// A person with a login.
    User(UserId),
    /// A comment.
    Comment(CommentId),
    /// The site.
    Site,
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its key.
    pub id: EntryId,
    /// When.
    pub at: chrono::DateTime<chrono::Utc>,
    /// Who did it; `None` where the person's login is gone.
    pub actor: Option<UserId>,
    /// The name of who did it, then.
    pub actor_name: String,
    /// The role of who did it, then.
    pub actor_role: crate::user::Role,
    /// What was done.
    pub act: Act,
    /// To what.
    pub subject: Subject,
    /// How or why, as the act says.
    pub detail: Option<String>,
}

impl Subject {
    /// The noun, as it is stored.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Article(_) => "ARTICLE",
            Self::Section(_) => "SECTION",
            Self::Author(_) => "AUTHOR",
            Self::Tag(_) => "TAG",
            Self::Image(_) => "IMAGE",
            Self::User(_) => "USER",
            Self::Comment(_) => "COMMENT",
            Self::Site => "SITE",
        }
    }

    /// The key; 0 for the site.
    pub const fn key(self) -> i64 {
        match self {
            Self::Article(id) => id.get(),
            Self::Section(id) => id.get(),
            Self::Author(id) => id.get(),
            Self::Tag(id) => id.get(),
            Self::Image(id) => id.get(),
            Self::User(id) => id.get(),
            Self::Comment(id) => id.get(),
            Self::Site => 0,
        }
    }

    /// Trusts a noun and a key that were stored; `None`: no such noun.
    pub fn from_stored(noun: &str, key: i64) -> Option<Self> {
        Some(match noun {
            "ARTICLE" => Self::Article(ArticleId::from_stored(key)),
            "SECTION" => Self::Section(SectionId::from_stored(key)),
            "AUTHOR" => Self::Author(AuthorId::from_stored(key)),
            "TAG" => Self::Tag(TagId::from_stored(key)),
            "IMAGE" => Self::Image(ImageId::from_stored(key)),
            "USER" => Self::User(UserId::from_stored(key)),
            "COMMENT" => Self::Comment(CommentId::from_stored(key)),
            "SITE" => Self::Site,
            _ => return None,
        })
    }
}
