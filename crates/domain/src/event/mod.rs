//! What can happen in a newsroom, as data. Written in the transaction of the change; everything that follows
//! a change (indexes, caches, mail) reads these.
//!
//! An event holds keys and enums only, never text or addresses, so that what is erased is gone here too.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::article::ArticleId;
use crate::author::AuthorId;
use crate::comment::CommentId;
use crate::comment::following::FollowId;
use crate::comment::moderation::NoteId;
use crate::media::ImageId;
use crate::section::SectionId;
use crate::tag::TagId;
use crate::user::{InvitationId, PasswordResetId, UserId};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Event {
    /// An article came to be, not public.
    ArticleCreated {
        /// Which.
        article: ArticleId,
    },
    /// An article's head changed; readers see nothing of it.
    ArticleChanged {
        /// Which.
        article: ArticleId,
    },
    /// An article waits for an editor.
    ArticleSubmitted {
        /// Which.
        article: ArticleId,
    },
    /// An article was handed back to its writer.
    ArticleReturned {
        /// Which.
        article: ArticleId,
    },
    /// An article has a time at which it goes live.
    ArticleScheduled {
        /// Which.
        article: ArticleId,
    },
    /// That time was taken back.
    ArticleUnscheduled {
        /// Which.
        article: ArticleId,
    },
    /// An article is published and hidden by an embargo: no reader sees it, also one who saw an earlier revision.
    ArticleEmbargoed {
        /// Which.
        article: ArticleId,
        /// Its published revision's number.
        revision: i32,
    },
    /// An embargo ended: readers see the article.
    EmbargoEnded {
        /// Which.
        article: ArticleId,
        /// Its published revision's number.
        revision: i32,
    },
    /// An article got a public note; what changed was published along with it.
    ArticleCorrected {
        /// Which.
        article: ArticleId,
    },
    /// Readers see an article no more.
    ArticleArchived {
        /// Which.
        article: ArticleId,
    },
    /// An archived article is worked on again.
    ArticleReopened {
        /// Which.
        article: ArticleId,
    },
    /// An article is gone for good.
    ArticleDeleted {
        /// Which it was.
        article: ArticleId,
        /// Whether readers saw it until then, in lists.
        #[serde(default)]
        was_live: bool,
    },
    /// Other rules for comments hold below one article.
    ThreadRulesChanged {
        /// Which.
        article: ArticleId,
    },
    /// What is related to an article was chosen.
    RelatedPinned {
        /// To which.
        article: ArticleId,
    },
    /// Readers see an article, or a new revision of it.
    ArticlePublished {
        /// Which.
        article: ArticleId,
        /// Its published revision's number.
        revision: i32,
        /// Whether readers did not see the article before.
        #[serde(default)]
        appeared: bool,
    },
    /// An article answers at a new slug; the old one stays a former slug.
    SlugChanged {
        /// Which.
        article: ArticleId,
    },
    /// Everyone sees a comment.
    CommentPublished {
        /// Which.
        comment: CommentId,
        /// Below which article.
        article: ArticleId,
    },
    /// A comment waits for a moderator.
    CommentHeld {
        /// Which.
        comment: CommentId,
        /// Below which article.
        article: ArticleId,
    },
    /// The text of a public comment changed.
    CommentEdited {
        /// Which.
        comment: CommentId,
        /// Below which article.
        article: ArticleId,
    },
    /// Readers see a comment no more: withdrawn, held again, refused or erased.
    CommentRemoved {
        /// Which.
        comment: CommentId,
        /// Below which article.
        article: ArticleId,
    },
    /// A comment that no reader saw was refused, or taken back by its writer.
    CommentRefused {
        /// Which.
        comment: CommentId,
        /// Below which article.
        article: ArticleId,
    },
    /// A reader reported a comment, or its reports were dealt with.
    CommentReported {
        /// Which.
        comment: CommentId,
        /// Below which article.
        article: ArticleId,
    },
    /// A moderator wrote a note to a comment, which names somebody.
    CommentNoted {
        /// Which note.
        note: NoteId,
        /// Of which comment.
        comment: CommentId,
    },
    /// Somebody asked for letters about a thread to an address that has to confirm it; the letter is to be sent.
    ThreadFollowAsked {
        /// Which follow.
        follow: FollowId,
    },
    /// A section was made or changed.
    SectionChanged {
        /// Which.
        section: SectionId,
    },
    /// A tag was made or changed.
    TagChanged {
        /// Which.
        tag: TagId,
    },
    /// An author was made or changed.
    AuthorChanged {
        /// Which.
        author: AuthorId,
    },
    /// A section is gone; its articles are in the section above.
    SectionDeleted {
        /// Which it was.
        section: SectionId,
    },
    /// A tag became part of another.
    TagsMerged {
        /// The one that is gone.
        from: TagId,
        /// The one that has its articles now.
        into: TagId,
    },
    /// A picture was uploaded, or what is said of it changed.
    ImageChanged {
        /// Which.
        image: ImageId,
    },
    /// A person was asked to join; the letter is to be sent.
    UserInvited {
        /// Which invitation.
        invitation: InvitationId,
    },
    /// Somebody forgot a password, or says so; where the address has a login, the letter is to be sent.
    PasswordResetRequested {
        /// Which asking.
        reset: PasswordResetId,
    },
    /// A person has a login, or may do something else than before.
    UserChanged {
        /// Who.
        user: UserId,
    },
    /// The site's settings changed.
    SiteChanged,
}

/// A place in the log: the number of the last event that was passed. [`Position::START`] is before the first.
///
/// Numbers grow with every event and are never given out twice, so that one also serves as the event's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(i64);

impl Position {
    /// Before every event.
    pub const START: Self = Self(0);

    /// Trusts that `seq` is the number of an event that the log has or had, or 0.
    pub const fn from_stored(seq: i64) -> Self {
        Self(seq)
    }

    /// The number, for storing and showing.
    pub const fn get(self) -> i64 {
        self.0
    }
}

/// An event as it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// Its number, which is its id too.
    pub seq: Position,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What happened; `None` where this version of the program cannot read it.
    pub event: Option<Event>,
    /// The kind as it is stored, which is there also for what cannot be read.
    pub kind: String,
}

impl Event {
    /// The kind, as it is stored.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::ArticleCreated { .. } => "ARTICLE_CREATED",
            Self::ArticleChanged { .. } => "ARTICLE_CHANGED",
            Self::ArticleSubmitted { .. } => "ARTICLE_SUBMITTED",
            Self::ArticleReturned { .. } => "ARTICLE_RETURNED",
            Self::ArticleScheduled { .. } => "ARTICLE_SCHEDULED",
            Self::ArticleUnscheduled { .. } => "ARTICLE_UNSCHEDULED",
            Self::ArticleEmbargoed { .. } => "ARTICLE_EMBARGOED",
            Self::EmbargoEnded { .. } => "EMBARGO_ENDED",
            Self::ArticleCorrected { .. } => "ARTICLE_CORRECTED",
            Self::ArticleArchived { .. } => "ARTICLE_ARCHIVED",
            Self::ArticleReopened { .. } => "ARTICLE_REOPENED",
            Self::ArticleDeleted { .. } => "ARTICLE_DELETED",
            Self::ThreadRulesChanged { .. } => "THREAD_RULES_CHANGED",
            Self::RelatedPinned { .. } => "RELATED_PINNED",
            Self::ArticlePublished { .. } => "ARTICLE_PUBLISHED",
            Self::SlugChanged { .. } => "SLUG_CHANGED",
            Self::CommentPublished { .. } => "COMMENT_PUBLISHED",
            Self::CommentHeld { .. } => "COMMENT_HELD",
            Self::CommentEdited { .. } => "COMMENT_EDITED",
            Self::CommentRemoved { .. } => "COMMENT_REMOVED",
            Self::CommentRefused { .. } => "COMMENT_REFUSED",
            Self::CommentReported { .. } => "COMMENT_REPORTED",
            Self::CommentNoted { .. } => "COMMENT_NOTED",
            Self::ThreadFollowAsked { .. } => "THREAD_FOLLOW_ASKED",
            Self::SectionChanged { .. } => "SECTION_CHANGED",
            Self::TagChanged { .. } => "TAG_CHANGED",
            Self::AuthorChanged { .. } => "AUTHOR_CHANGED",
            Self::SectionDeleted { .. } => "SECTION_DELETED",
            Self::TagsMerged { .. } => "TAGS_MERGED",
            Self::ImageChanged { .. } => "IMAGE_CHANGED",
            Self::UserInvited { .. } => "USER_INVITED",
            Self::PasswordResetRequested { .. } => "PASSWORD_RESET_REQUESTED",
            Self::UserChanged { .. } => "USER_CHANGED",
            Self::SiteChanged => "SITE_CHANGED",
        }
    }

    /// The key of what it happened to; 0 for the site.
    pub const fn subject(&self) -> i64 {
        match self {
            Self::ArticleCreated { article }
            | Self::ArticleChanged { article }
            | Self::ArticleSubmitted { article }
            | Self::ArticleReturned { article }
            | Self::ArticleScheduled { article }
            | Self::ArticleUnscheduled { article }
            | Self::ArticleEmbargoed { article, .. }
            | Self::EmbargoEnded { article, .. }
            | Self::ArticleCorrected { article }
            | Self::ArticleArchived { article }
            | Self::ArticleReopened { article }
            | Self::ArticleDeleted { article, .. }
            | Self::ThreadRulesChanged { article }
            | Self::RelatedPinned { article }
            | Self::ArticlePublished { article, .. }
            | Self::SlugChanged { article } => article.get(),
            Self::CommentPublished { comment, .. }
            | Self::CommentHeld { comment, .. }
            | Self::CommentEdited { comment, .. }
            | Self::CommentRemoved { comment, .. }
            | Self::CommentRefused { comment, .. }
            | Self::CommentReported { comment, .. }
            | Self::CommentNoted { comment, .. } => comment.get(),
            Self::ThreadFollowAsked { follow } => follow.get(),
            Self::SectionChanged { section } | Self::SectionDeleted { section } => section.get(),
            Self::TagChanged { tag } => tag.get(),
            Self::TagsMerged { into, .. } => into.get(),
            Self::ImageChanged { image } => image.get(),
            Self::UserInvited { invitation } => invitation.get(),
            Self::PasswordResetRequested { reset } => reset.get(),
            Self::UserChanged { user } => user.get(),
            Self::AuthorChanged { author } => author.get(),
            Self::SiteChanged => 0,
        }
    }
}
