//! Why a part of an export did not come in as it stood: the vocabulary of the report.
//! It must not know how an export is read, nor how a report is printed.

use masthead_interchange::wxr::ProblemKind;
use serde::{Serialize, Serializer};

/// What became of the part, from the least serious to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The file was broken there and was mended; nothing is missing.
    Repaired,
    /// It came in otherwise than it stood in the file.
    Changed,
    /// It was kept out by a rule, such as menus and network addresses are.
    LeftOut,
    /// It should have come in and could not.
    Lost,
}

/// The reasons. Reports count by these; the names printed are those of [`Reason::name`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// What the reader of the file mended (`false`) or could not read (`true`).
    File(ProblemKind, bool),
    /// Private on the old site.
    Private,
    /// Behind a password on the old site.
    Password,
    /// In the trash of the old site.
    Trashed,
    /// The file says nothing of its status, or a word that is none of WordPress's.
    UnknownStatus,
    /// The file has only a part of it.
    Incomplete,
    /// Came in before from a file that had only a part of it.
    Completed,
    /// To be published at a time that the file does not tell.
    NoSchedule,
    /// To be published at a time that has passed.
    SchedulePassed,
    /// Published, and no date is told.
    NoDate,
    /// Published, with a date still to come.
    FutureDate,
    /// Published without a title.
    NoTitle,
    /// The slug is missing or cannot be one.
    NoSlug,
    /// The slug was cut within a letter.
    CutSlug,
    /// The slug is another article's.
    TakenSlug,
    /// A slug or path of the past that leads to another article.
    TakenAddress,
    /// An old address that is too long to be kept, or is none.
    LongAddress,
    /// Another item of the file has the same number.
    RepeatedNumber,
    /// The same item once more.
    Double,
    /// Came in before, and has changed on the old site since.
    ChangedSince,
    /// Came in before, and was deleted here since.
    DeletedHere,
    /// A page that stood below another, or at a set place.
    PageOrder,
    /// At the head of the old site's lists.
    Sticky,
    /// Its language is no language tag.
    UnknownLanguage,
    /// Another article is the translation in its language.
    TakenTranslation,
    /// A category or tag whose language the file does not tell, on a site of several.
    UntoldLanguage,
    /// A translated category or tag that is not, or not wholly, one with what it translates.
    TermTranslation,
    /// Used, and declared nowhere in the file.
    Undeclared,
    /// One of ours has its slug: that one is used.
    Merged,
    /// The description of a tag.
    TagDescription,
    /// The category above it is not there, or stands below it.
    LostParent,
    /// The file is cut off before something it needs.
    CutOff,
    /// The name of an author would have shown a login that is an e-mail address.
    AddressAsName,
    /// The featured image is not in the file.
    NoLeadImage,
    /// A picture without an address.
    NoImageAddress,
    /// A file that is no picture.
    NoPicture,
    /// An attachment that was private or in the trash.
    HiddenFile,
    /// The long description of an attachment.
    AttachmentText,
    /// An address in the text that means nothing outside the old site.
    RelativeAddress,
    /// Something in the text was not understood, and stands there as it was written.
    LeftAsText,
    /// Markup that has no place in an article or comment.
    Markup,
    /// Markup of a comment that became plain text: all words are there.
    CommentMarkup,
    /// Something in the text that readers no longer have.
    TextLost,
    /// A comment whose parent is not there.
    OrphanComment,
    /// Comments that answer each other in a circle.
    CommentLoop,
    /// A comment with a status that is none of WordPress's.
    UnknownApproval,
    /// A comment without a date.
    UndatedComment,
    /// A comment without a word.
    EmptyComment,
    /// A commenter's e-mail address that is none.
    CommentAddress,
    /// A plugin's note, or a comment below what does not come in.
    OtherComment,
    /// The same comment once more.
    DoubleComment,
    /// An author of the side file whom the export does not have.
    UnknownAuthor,
    /// A line of the side file that is not used as it stands: ours says otherwise, or its language is none of the site's.
    AuthorsFile,
}

impl Reason {
    /// What becomes of a part for this reason.
    pub const fn effect(self) -> Effect {
        match self {
            Self::File(_, false) => Effect::Repaired,
            Self::File(_, true)
            | Self::CutOff
            | Self::NoLeadImage
            | Self::NoImageAddress
            | Self::TextLost
            | Self::TakenAddress
            | Self::LongAddress => Effect::Lost,
            Self::Double
            | Self::ChangedSince
            | Self::DeletedHere
            | Self::NoPicture
            | Self::HiddenFile
            | Self::AttachmentText
            | Self::TagDescription
            | Self::Markup
            | Self::CommentAddress
            | Self::OtherComment
            | Self::DoubleComment
            | Self::UnknownAuthor
            | Self::AuthorsFile => Effect::LeftOut,
            Self::Private
            | Self::Password
            | Self::Trashed
            | Self::UnknownStatus
            | Self::Incomplete
            | Self::Completed
            | Self::NoSchedule
            | Self::SchedulePassed
            | Self::NoDate
            | Self::FutureDate
            | Self::NoTitle
            | Self::NoSlug
            | Self::CutSlug
            | Self::TakenSlug
            | Self::RepeatedNumber
            | Self::PageOrder
            | Self::Sticky
            | Self::UnknownLanguage
            | Self::TakenTranslation
            | Self::UntoldLanguage
            | Self::TermTranslation
            | Self::Undeclared
            | Self::Merged
            | Self::LostParent
            | Self::AddressAsName
            | Self::RelativeAddress
            | Self::LeftAsText
            | Self::CommentMarkup
            | Self::OrphanComment
            | Self::CommentLoop
            | Self::UnknownApproval
            | Self::UndatedComment
            | Self::EmptyComment => Effect::Changed,
        }
    }

    /// Whether a part of the file is missing here because the file is broken, which the exit status tells.
    pub const fn is_damage(self) -> bool {
        match self {
            Self::File(kind, true) => matches!(
                kind,
                ProblemKind::NotAnExport
                    | ProblemKind::Truncated
                    | ProblemKind::TooLarge
                    | ProblemKind::MissingStartTag
                    | ProblemKind::MissingEndTag
                    | ProblemKind::MismatchedTag
                    | ProblemKind::StrayText
            ),
            _ => false,
        }
    }

    /// The stable name, in lower case with hyphens.
    pub const fn name(self) -> &'static str {
        match self {
            Self::File(kind, _) => kind.as_str(),
            Self::Private => "private",
            Self::Password => "password",
            Self::Trashed => "trashed",
            Self::UnknownStatus => "unknown-status",
            Self::Incomplete => "incomplete",
            Self::Completed => "completed",
            Self::NoSchedule => "no-schedule",
            Self::SchedulePassed => "schedule-passed",
            Self::NoDate => "no-date",
            Self::FutureDate => "future-date",
            Self::NoTitle => "no-title",
            Self::NoSlug => "no-slug",
            Self::CutSlug => "cut-slug",
            Self::TakenSlug => "taken-slug",
            Self::TakenAddress => "taken-address",
            Self::LongAddress => "long-address",
            Self::RepeatedNumber => "repeated-number",
            Self::Double => "double",
            Self::ChangedSince => "changed-since",
            Self::DeletedHere => "deleted-here",
            Self::PageOrder => "page-order",
            Self::Sticky => "sticky",
            Self::UnknownLanguage => "unknown-language",
            Self::TakenTranslation => "taken-translation",
            Self::UntoldLanguage => "untold-language",
            Self::TermTranslation => "term-translation",
            Self::Undeclared => "undeclared",
            Self::Merged => "merged",
            Self::TagDescription => "tag-description",
            Self::LostParent => "lost-parent",
            Self::CutOff => "cut-off",
            Self::AddressAsName => "address-as-name",
            Self::NoLeadImage => "no-lead-image",
            Self::NoImageAddress => "no-image-address",
            Self::NoPicture => "no-picture",
            Self::HiddenFile => "hidden-file",
            Self::AttachmentText => "attachment-text",
            Self::RelativeAddress => "relative-address",
            Self::LeftAsText => "left-as-text",
            Self::Markup => "markup",
            Self::CommentMarkup => "comment-markup",
            Self::TextLost => "text-lost",
            Self::OrphanComment => "orphan-comment",
            Self::CommentLoop => "comment-loop",
            Self::UnknownApproval => "unknown-approval",
            Self::UndatedComment => "undated-comment",
            Self::EmptyComment => "empty-comment",
            Self::CommentAddress => "comment-address",
            Self::OtherComment => "other-comment",
            Self::DoubleComment => "double-comment",
            Self::UnknownAuthor => "unknown-author",
            Self::AuthorsFile => "authors-file",
        }
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
