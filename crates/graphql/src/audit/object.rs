//! A line of the audit log as clients see it.

use async_graphql::{Enum, ID, Object, SimpleObject};
use masthead_domain::audit::{Entry, Subject};

use crate::id::GlobalId;
use crate::scalar::DateTime;
use crate::user::Role;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "masthead_domain::audit::Act")]
pub(crate) enum AuditAction {
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
    /// Whoever types a certain address may not comment any more; the detail is a mark that stands for the address, until
    /// when, and whether the writer is not told.
    CommenterBanned,
    /// A ban was ended; the detail is the mark that stands for the address.
    CommenterUnbanned,
    /// All that was held about a commenter was erased; the detail is of how many comments.
    CommenterErased,
}

/// A line of the log.
pub(crate) struct AuditEntry(pub(super) Entry);

/// Who did it, as they were then.
#[derive(SimpleObject)]
pub(crate) struct AuditActor {
    /// The person's id, for `actor` of `auditLog`. `null` where their login is gone.
    id: Option<ID>,
    /// The name they had then.
    name: String,
    /// The role in which they did it: for a program, that of its token.
    role: Role,
}

/// One thing that somebody did. Written with the act itself, and changed by nobody.
#[Object]
impl AuditEntry {
    /// The global id, for caches. `node` does not answer it.
    async fn id(&self) -> ID {
        GlobalId::AuditEntry(self.0.id).into()
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// Who did it: name and role as they were then.
    async fn actor(&self) -> AuditActor {
        AuditActor {
            id: self.0.actor.map(|user| GlobalId::User(user).into()),
            name: self.0.actor_name.clone(),
            role: self.0.actor_role.into(),
        }
    }

    /// What was done.
    async fn action(&self) -> AuditAction {
        self.0.act.into()
    }

    /// The id of what it was done to, which may be gone by now. `null` for the site.
    async fn subject_id(&self) -> Option<ID> {
        let id = match self.0.subject {
            Subject::Article(id) => GlobalId::Article(id),
            Subject::Section(id) => GlobalId::Section(id),
            Subject::Author(id) => GlobalId::Author(id),
            Subject::Tag(id) => GlobalId::Tag(id),
            Subject::Image(id) => GlobalId::Image(id),
            Subject::User(id) => GlobalId::User(id),
            Subject::Comment(id) => GlobalId::Comment(id),
            Subject::Site => return None,
        };
        Some(id.into())
    }

    /// How or why, as `action` says; of a change, the fields that it touched. `null` where there is nothing to say.
    async fn detail(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }
}
