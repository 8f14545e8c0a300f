//! Global ids: what clients know our things by. Opaque to them, `Article:123` in base64url to us.
//!
//! It must not know whether the thing exists: an id of nothing is well-formed, and answers `null`.

use async_graphql::ID;
use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use masthead_domain::article::ArticleId;
use masthead_domain::audit::EntryId;
use masthead_domain::author::AuthorId;
use masthead_domain::comment::CommentId;
use masthead_domain::media::ImageId;
use masthead_domain::section::SectionId;
use masthead_domain::tag::TagId;
use masthead_domain::user::{InvitationId, UserId};
use masthead_domain::viewer::ApiTokenId;

use crate::error::Failure;

/// Without padding, and taken with it: clients that make ids for tests often pad.
pub(crate) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The key of anything that has an id of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GlobalId {
    /// An article or a page.
    Article(ArticleId),
    /// An author.
    Author(AuthorId),
    /// A comment.
    Comment(CommentId),
    /// A section.
    Section(SectionId),
    /// A tag.
    Tag(TagId),
    /// A picture.
    Image(ImageId),
    /// A person with a login.
    User(UserId),
    /// A person asked to join.
    Invitation(InvitationId),
    /// A token of a program.
    ApiToken(ApiTokenId),
    /// A line of the audit log.
    AuditEntry(EntryId),
    /// A picture in an article's text, as it stands there: by a digest of all that is said of it.
    Figure(i64),
}

impl GlobalId {
    /// Reads the id that a client gave for `argument`.
    ///
    /// # Errors
    /// [`Failure::Input`] naming the argument, when we never gave out such an id.
    pub fn parse(argument: &'static str, id: &ID) -> Result<Self, Failure> {
        Self::decode(id).ok_or_else(|| {
            Failure::input(argument, format!("`{argument}` is no id that this site gave out."))
        })
    }

    /// The key in an id, or `None` where we never gave out such an id.
    pub fn decode(id: &ID) -> Option<Self> {
        let text = String::from_utf8(BASE64.decode(id.as_str()).ok()?).ok()?;
        let (noun, digits) = text.split_once(':')?;
        let key: i64 = digits.parse().ok()?;
        if key < 1 || digits != key.to_string() {
            return None;
        }
        Some(match noun {
            "Article" => Self::Article(ArticleId::from_stored(key)),
            "Author" => Self::Author(AuthorId::from_stored(key)),
            "Comment" => Self::Comment(CommentId::from_stored(key)),
            "Section" => Self::Section(SectionId::from_stored(key)),
            "Tag" => Self::Tag(TagId::from_stored(key)),
            "Image" => Self::Image(ImageId::from_stored(key)),
            "User" => Self::User(UserId::from_stored(key)),
            "Invitation" => Self::Invitation(InvitationId::from_stored(key)),
            "ApiToken" => Self::ApiToken(ApiTokenId::from_stored(key)),
            "AuditEntry" => Self::AuditEntry(EntryId::from_stored(key)),
            "Figure" => Self::Figure(key),
            _ => return None,
        })
    }
}

impl From<GlobalId> for ID {
    fn from(id: GlobalId) -> Self {
        let (noun, key) = match id {
            GlobalId::Article(key) => ("Article", key.get()),
            GlobalId::Author(key) => ("Author", key.get()),
            GlobalId::Comment(key) => ("Comment", key.get()),
            GlobalId::Section(key) => ("Section", key.get()),
            GlobalId::Tag(key) => ("Tag", key.get()),
            GlobalId::Image(key) => ("Image", key.get()),
            GlobalId::User(key) => ("User", key.get()),
            GlobalId::Invitation(key) => ("Invitation", key.get()),
            GlobalId::ApiToken(key) => ("ApiToken", key.get()),
            GlobalId::AuditEntry(key) => ("AuditEntry", key.get()),
            GlobalId::Figure(key) => ("Figure", key),
        };
        Self(BASE64.encode(format!("{noun}:{key}")))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_id() -> impl Strategy<Value = GlobalId> {
        (0..11_u8, 1..=i64::MAX).prop_map(|(noun, key)| match noun {
            0 => GlobalId::Article(ArticleId::from_stored(key)),
            1 => GlobalId::Author(AuthorId::from_stored(key)),
            2 => GlobalId::Comment(CommentId::from_stored(key)),
            3 => GlobalId::Section(SectionId::from_stored(key)),
            4 => GlobalId::Tag(TagId::from_stored(key)),
            5 => GlobalId::Image(ImageId::from_stored(key)),
            6 => GlobalId::User(UserId::from_stored(key)),
            7 => GlobalId::Invitation(InvitationId::from_stored(key)),
            8 => GlobalId::ApiToken(ApiTokenId::from_stored(key)),
            9 => GlobalId::AuditEntry(EntryId::from_stored(key)),
            _ => GlobalId::Figure(key),
        })
    }

    #[test]
    fn an_id_is_the_noun_and_the_key_in_base64url() {
        assert_eq!(ID::from(GlobalId::Article(ArticleId::from_stored(123))).as_str(), "QXJ0aWNsZToxMjM");
        for given in ["QXJ0aWNsZToxMg==", "QXJ0aWNsZToxMg"] {
            assert_eq!(
                GlobalId::decode(&ID::from(given)),
                Some(GlobalId::Article(ArticleId::from_stored(12)))
            );
        }
    }

    #[test]
    fn what_we_never_gave_out_is_refused_by_the_arguments_name() {
        let encoded = |text: &str| BASE64.encode(text);
        let cases = [
            String::new(),
            "1".into(),
            "Article:1".into(),
            "مقال".into(),
            encoded("Article"),
            encoded("Article:"),
            encoded("Article:0"),
            encoded("Article:-1"),
            encoded("Article:01"),
            encoded("Article:+1"),
            encoded("Article:1 "),
            encoded("Article:٣"),
            encoded("Article:99999999999999999999"),
            encoded("article:1"),
            encoded("Session:1"),
            encoded("Article:1:2"),
        ];
        for given in cases {
            let refused = GlobalId::parse("articleId", &ID::from(&given)).expect_err(&given);
            assert!(matches!(refused, Failure::Input { argument: "articleId", .. }), "{given}");
            assert!(refused.to_string().contains("`articleId`"), "{given}");
        }
    }

    proptest! {
        #[test]
        fn every_id_comes_back_and_two_things_never_share_one(a in any_id(), b in any_id()) {
            prop_assert_eq!(GlobalId::decode(&ID::from(a)), Some(a));
            prop_assert_eq!(a == b, ID::from(a) == ID::from(b));
        }

        #[test]
        fn no_text_makes_it_stumble(text in "\\PC{0,60}") {
            if let Some(id) = GlobalId::decode(&ID::from(&text)) {
                prop_assert_eq!(GlobalId::decode(&ID::from(id)), Some(id));
            }
        }
    }
}
